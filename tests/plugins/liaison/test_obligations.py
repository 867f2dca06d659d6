"""Obligations: rules, filings made once, evidence, the template taken over twice, declarations, permits, the year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid
from dougong_liaison import agencies, calendar, obligations, takeover
from dougong_liaison.choices import Checked, FilingState
from dougong_liaison.permits import month_earlier
from dougong_liaison.records import Declaration, Filing, Interaction, Obligation, Permit
from dougong_liaison.templates_of_law import KINDS, TEMPLATE, of_kind

if TYPE_CHECKING:
    from dougong.testing.clock import Clock

    from .conftest import World

START = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def owe(world: World, **over: Any) -> UUID:
    body = {
        "title": "企业年报", "agency_kind": "market", "basis": "条例", "checked": "pending", "repeat": "yearly", "month": 6,
        "day": 30, "evidence": "公示截图", "files": 1, "owner_id": str(world.people["manager"]), **over,
    }  # fmt: skip
    with world.as_("manager") as x:
        return x.submit(Obligation, world.sites["garden"], body).id


def days(world: World, id: UUID) -> list[str]:
    with world.as_(None) as x:
        query = sa.select(Filing.due_on).where(Filing.obligation_id == id).order_by(Filing.due_on)
        return [str(one) for one in x.session.scalars(query)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"repeat": "yearly", "month": 6, "day": 30}, ["2026-06-30"]),
        ({"repeat": "yearly", "month": 5, "day": 31}, ["2026-05-31"]),
        ({"repeat": "half_yearly", "month": 4, "day": 31}, ["2026-04-30", "2026-10-31"]),
        ({"repeat": "quarterly", "month": 1, "day": 15}, ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"]),
    ],
)
def test_each_due_day_is_made_once(world: World, clock: Clock, rule: dict[str, Any], expected: list[str]) -> None:
    clock.at(START)
    id = owe(world, **rule)
    for _run in range(2):
        with world.as_(None) as x:
            obligations.make(x, dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
    assert days(world, id) == expected


def test_a_day_that_there_is_not_is_refused(world: World, clock: Clock) -> None:
    clock.at(START)
    for wrong in ({"month": 2, "day": 30}, {"month": 13}, {"day": 0}, {"agency_kind": "nobody"}):
        with pytest.raises(Invalid):
            owe(world, **wrong)


def test_nothing_is_submitted_without_its_evidence(world: World, clock: Clock) -> None:
    clock.at(START)
    id = owe(world)
    with world.as_(None) as x:
        obligations.due(x)
    with world.as_("manager") as x:
        one = x.session.scalars(x.readable(Filing).where(Filing.obligation_id == id)).one()
        x.take(one, "prepare")
        with pytest.raises(Conflict):
            x.take(one, "submit")
        assert one.status is FilingState.PREPARING


def test_the_template_taken_over_twice_makes_nothing_twice(world: World, clock: Clock) -> None:
    clock.at(START)
    codes = [one.code for one in of_kind("home")][:4]
    garden = world.sites["garden"]
    with world.as_("manager") as x:
        assert takeover.take_over(x, garden, codes, world.people["manager"]) == 4
    with world.as_("manager") as x:
        assert takeover.take_over(x, garden, codes, world.people["manager"]) == 0
    with world.as_("manager2") as x, pytest.raises(Forbidden):
        takeover.take_over(x, garden, ["labour"], world.people["manager2"])


def test_the_template_is_sound() -> None:
    assert len({one.code for one in TEMPLATE}) == len(TEMPLATE)
    assert all(of_kind(kind) for kind in KINDS)
    assert all((one.mark == "V") == (one.checked is Checked.READ) for one in TEMPLATE)


def test_the_declaration_is_asked_once_a_year_and_signed_by_oneself(world: World, clock: Clock) -> None:
    clock.at(START)
    owe(world)
    with world.as_(None) as x:
        assert agencies.ask_to_sign(x) == 1
        assert agencies.ask_to_sign(x) == 0
        id = x.session.scalars(sa.select(Declaration.id)).one()
    with world.as_("boss") as x, pytest.raises((Conflict, Forbidden)):
        x.take(x.get(Declaration, id), "sign", honest=True)
    with world.as_("manager") as x:
        with pytest.raises(Invalid):
            x.take(x.get(Declaration, id), "sign", honest=False)
        x.take(x.get(Declaration, id), "sign", honest=True)


def test_there_is_no_field_for_gifts(world: World) -> None:
    with world.as_("manager") as x, pytest.raises(Invalid):
        x.submit(Interaction, world.sites["garden"], {"gift": "茶叶"})


def test_a_renewal_keeps_the_old_number(world: World, clock: Clock) -> None:
    clock.at(START)
    owner = str(world.people["manager"])
    body = {"title": "3 号梯", "nature": "lift", "paper": "TJ-1", "expires_on": "2026-03-31", "owner_id": owner}
    with world.as_("manager") as x:
        p = x.submit(Permit, world.sites["garden"], body)
        assert p.apply_by is not None
        assert p.apply_by.date() == dt.date(2026, 2, 28)
        with pytest.raises(Invalid):
            x.take(p, "renew", paper="TJ-2", until="2026-03-01")
        x.take(p, "renew", paper="TJ-2", until="2027-03-31")
        assert (p.paper, p.former, p.expires_on) == ("TJ-2", "TJ-1", dt.date(2027, 3, 31))
    assert month_earlier(dt.date(2026, 3, 31), 1) == dt.date(2026, 2, 28)


def test_the_year_counts_what_the_reader_sees(world: World, clock: Clock) -> None:
    clock.at(START)
    owe(world)
    with world.as_(None) as x:
        obligations.due(x)
    with world.as_("manager") as x:
        found = calendar.counts(x, calendar.Asking(2026))
        assert found[world.sites["garden"], 6, "filing"] == calendar.Count(1, 0, 0)
    with world.as_("manager2") as x:
        assert calendar.counts(x, calendar.Asking(2026)) == {}
