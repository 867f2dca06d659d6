"""What a report upwards says of liaison: figures of the period that open exactly the rows they counted; what stays inside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from dougong.testing.clients import legible
from dougong_liaison.reports import section
from dougong_tasks.upward.filling import _keep, for_client

from .test_calendar import BOSS, Owed

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
START, END = dt.datetime(2026, 3, 1, tzinfo=SHANGHAI), dt.datetime(2026, 4, 1, tzinfo=SHANGHAI)


@pytest.fixture
def owed(company: Company, clock: Clock) -> Owed:
    found = Owed(company)
    for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
        found.filing("n1", day)
    found.filing("s1", "2026-03-31")
    found.order("n1", "2026-03-20")
    found.permit("n1", "2026-03-31")
    return found


def said(company: Company, who: str, site: str) -> Any:
    with company.acting(who, "liaison") as x:
        tree = x.snapshot.sites
        place = company.sites[site]
        return section.fill(x, [place, *(tree.subtree(place) - {place})], START, END)


def test_figures_open_the_rows_they_counted(owed: Owed, platform: Running, company: Company) -> None:
    content = said(company, BOSS, "n1")
    counted = {f.label: f for f in content.figures}
    program, rows = platform.program(company, BOSS), {}
    for figure in content.figures:
        if figure.unit not in ("%", "元") and isinstance(figure.value, int):
            answer = program.api("GET", f"{figure.href}&limit=100")
            assert answer.status_code == 200, answer.text
            rows[figure.label] = len(answer.json()["results"])
            assert rows[figure.label] == figure.value, figure
    assert sorted(rows.values()) == [0, 0, 0, 0, 1, 1, 1, 2][: len(rows)] or sum(rows.values()) >= 4
    assert len(counted) == len(content.figures) == 9


def test_it_is_of_the_site_and_below(owed: Owed, company: Company) -> None:
    first = {site: said(company, BOSS, site).figures[0].value for site in ("n1", "s1", "north", company.slug)}
    assert first == {"n1": 2, "s1": 1, "north": 2, company.slug: 3}
    assert said(company, BOSS, "n2") is None  # nothing to say


def test_penalties_and_orders_stay_out_of_the_clients_copy(owed: Owed, company: Company) -> None:
    with company.acting(None, "liaison") as x:
        from dougong_liaison.records import Order

        (order,) = x.session.scalars(x.readable(Order)).all()
        x.take(order, "fine", document="罚1号", amount=1234567, reason="逾期")
    content = said(company, BOSS, "n1")
    assert Decimal("12345.67") in [f.value for f in content.figures]
    kept = _keep("liaison.liaison", "政府事务", content)
    (copy,) = for_client([kept])
    assert len(copy["figures"]) == 3
    assert "12345" not in legible(str(copy))
    assert all(not f["href"] for f in copy["figures"])
    inside = [f.label for f in content.figures if not f.client]
    assert not {f["label"] for f in copy["figures"]} & set(inside)
    for label in inside:
        assert label not in copy["sentence"]


def test_nobody_reports_what_they_may_not_read(owed: Owed, company: Company) -> None:
    assert said(company, "technician_n1", "n1") is None
    assert (
        said(company, "project_manager_s1", "n1") is None
        or said(company, "project_manager_s1", "n1").figures[0].value == 0
    )


def test_while_the_module_is_off_a_report_has_no_such_section(owed: Owed, platform: Running, company: Company) -> None:
    with company.acting(BOSS, "tasks") as x:
        from dougong import Section

        assert "liaison" in {module for module, one in x.contributed(Section) if one is section}
    company.switch("liaison", False)
    with company.acting(BOSS, "tasks") as x:
        assert "liaison" not in {module for module, one in x.contributed(Section)}
