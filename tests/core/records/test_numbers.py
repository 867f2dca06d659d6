"""Numbers are unique and increasing per company and year, whatever happens at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from dougong.records.numbering import next_number
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..declaration.conftest import World

MOMENT = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 12, 31), timezones=st.just(dt.UTC))


def test_parallel_registrations_never_share_a_number(world: World) -> None:
    def take(_n: int) -> str:
        with world.work("manager", "rounds") as x:
            return next_number(x.session, "PAR", x.now, "Asia/Shanghai")

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(40)))
    assert len(set(taken)) == 40
    assert sorted(int(n[-6:]) for n in taken) == list(range(1, 41))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(MOMENT, min_size=1, max_size=12), series=st.sampled_from(["AA", "BB"]))
def test_each_year_of_the_company_counts_by_itself(world: World, moments: list[dt.datetime], series: str) -> None:
    with world.work("manager", "rounds") as x:
        numbers = [next_number(x.session, series, m, "Asia/Shanghai") for m in moments]
        x.session.rollback()
    assert len(set(numbers)) == len(numbers)
    for moment, number in zip(moments, numbers, strict=True):
        assert number.split("-")[1] == str((moment + dt.timedelta(hours=8)).year)
    for year in {n.split("-")[1] for n in numbers}:
        counted = [int(n.split("-")[2]) for n in numbers if n.split("-")[1] == year]
        assert counted == sorted(counted)


def test_a_rollback_gives_the_number_back(world: World) -> None:
    def take(keep: bool) -> str:
        with world.work("manager", "rounds") as x:
            number = next_number(x.session, "ROLL", x.now, "Asia/Shanghai")
            if not keep:
                x.session.rollback()
            return number

    first, lost, second = take(True), take(False), take(True)
    assert lost == second != first
