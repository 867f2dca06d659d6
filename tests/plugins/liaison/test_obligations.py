"""Obligations: rules, filings made once and anew; a filing's life from to do to archived, reminded and escalated."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid
from dougong.errors import NotFound, Problem
from dougong_liaison import obligations
from dougong_liaison.choices import FilingState, ObligationState
from dougong_liaison.records import Filing, Obligation

if TYPE_CHECKING:
    from dougong.testing.clock import Clock

    from .conftest import World

JANUARY = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


def days(world: World, o: Obligation, *states: FilingState) -> list[str]:
    rules: list[Any] = [Filing.obligation_id == o.id]
    rules += [Filing.status.in_(states)] if states else []
    return sorted(str(one.due_on) for one in world.all(Filing, *rules))


def made(world: World, **over: Any) -> Filing:
    """The one filing of a yearly obligation."""
    o = world.owe(**over)
    with world.as_(None) as x:
        obligations.make(x, dt.datetime(2026, 12, 31, tzinfo=dt.UTC), o.id)
    (found,) = world.all(Filing, Filing.obligation_id == o.id)
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"repeat": "yearly", "month": 6, "day": 30}, ["2026-06-30"]),
        ({"repeat": "yearly", "month": 5, "day": 31}, ["2026-05-31"]),
        ({"repeat": "yearly", "month": 2, "day": 31}, ["2026-02-28"]),
        ({"repeat": "half_yearly", "month": 4, "day": 31}, ["2026-04-30", "2026-10-31"]),
        ({"repeat": "quarterly", "month": 1, "day": 15}, ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"]),
        ({"repeat": "quarterly", "month": 12, "day": 1}, ["2026-03-01", "2026-06-01", "2026-09-01", "2026-12-01"]),
    ],
)
def test_each_due_day_is_made_once(world: World, clock: Clock, rule: dict[str, Any], expected: list[str]) -> None:
    clock.at(JANUARY)
    o = world.owe(**rule)
    for _run in range(2):
        with world.as_(None) as x:
            obligations.make(x, dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
    assert days(world, o) == expected


def test_a_month_has_twelve_and_the_last_day_of_each(world: World, clock: Clock) -> None:
    clock.at(JANUARY)
    o = world.owe(repeat="monthly", day=31)
    with world.as_(None) as x:
        obligations.make(x, dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC))
    assert [one[5:] for one in days(world, o)] == [
        "01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31",
    ]  # fmt: skip


@pytest.mark.parametrize(("how", "day"), [("as_is", "2026-03-28"), ("next", "2026-03-30"), ("previous", "2026-03-27")])
def test_a_day_off_moves_it_as_the_obligation_says(world: World, how: str, day: str) -> None:
    assert str(made(world, month=3, day=28, on_closed=how).due_on) == day  # a Saturday


def test_the_schedule_of_the_night_makes_them_a_year_ahead(world: World) -> None:
    o = world.owe(repeat="quarterly", month=1, day=15)
    world.clock.run()
    world.later("03-03")
    assert days(world, o) == ["2026-04-15", "2026-07-15", "2026-10-15", "2027-01-15"]
    world.later("07-01")
    assert days(world, o) == ["2026-04-15", "2026-07-15", "2026-10-15", "2027-01-15", "2027-04-15"]


def test_a_day_that_there_is_not_is_refused(world: World) -> None:
    for wrong in (
        {"month": 2, "day": 30}, {"month": 4, "day": 0}, {"month": 13}, {"day": 0}, {"day": 32}, {"agency_kind": "nobody"},
        {"repeat": "weekly"}, {"files": 21}, {"files": -1}, {"month": "June"}, {"basis": ""},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            world.owe(**wrong)


def test_a_changed_rule_makes_what_lies_ahead_anew_and_keeps_what_was_begun(world: World) -> None:
    o = world.owe(repeat="half_yearly", month=4, day=10)
    with world.as_(None) as x:
        obligations.due(x)
    first = next(one for one in world.all(Filing, Filing.obligation_id == o.id) if str(one.due_on) == "2026-04-10")
    world.do("manager", first, "prepare")
    world.edit("manager", o, day=20, title="企业年报（新）")
    world.clock.run()
    assert days(world, o, FilingState.PREPARING) == ["2026-04-10"]
    assert days(world, o, FilingState.DROPPED) == ["2026-10-10"]
    assert days(world, o, FilingState.TODO) == ["2026-04-20", "2026-10-20"]
    assert {one.title for one in world.all(Filing, Filing.status == FilingState.TODO)} == {"企业年报（新）"}


def test_another_owner_takes_over_what_lies_ahead(world: World) -> None:
    o = world.owe(repeat="half_yearly", month=4, day=10)
    with world.as_(None) as x:
        obligations.due(x)
    before = {one.id for one in world.all(Filing)}
    world.edit("manager", o, owner_id=world.who("engineer"))
    world.clock.run()
    assert {one.id: one.owner_id for one in world.all(Filing)} == dict.fromkeys(before, world.people["engineer"])
    assert days(world, o, FilingState.DROPPED) == []


def test_ended_it_needs_no_filing_any_more(world: World) -> None:
    one = made(world)
    o = world.all(Obligation)[0]
    with pytest.raises(Invalid):
        world.do("manager", o, "end")
    ended = world.do("manager", o, "end", reason="不再由项目承担")
    assert (ended.status, ended.ended_why) == (ObligationState.ENDED, "不再由项目承担")
    assert world.see(one).status is FilingState.DROPPED
    with world.as_(None) as x:
        assert obligations.due(x) == 0


def test_nothing_is_submitted_without_its_evidence(world: World) -> None:
    one = made(world, files=2)
    assert one.status is FilingState.TODO
    world.do("manager", one, "prepare")
    for name in ("a.pdf", "b.pdf"):
        with pytest.raises(Conflict):
            world.do("manager", one, "submit")
        world.attach(one, name)
    assert world.do("manager", one, "submit").status is FilingState.SUBMITTED


def test_a_filing_from_to_do_to_archived(world: World) -> None:
    one = made(world, files=0)
    world.do("manager", one, "prepare")
    sent = world.do("manager", one, "submit", receipt="SL-1")
    assert (sent.status, sent.receipt, sent.submitted_at) == (FilingState.SUBMITTED, "SL-1", world.clock.now)
    back = world.do("manager", one, "send_back", reason="缺盖章")
    assert (back.status, back.returned, back.returned_why, back.submitted_at) == (
        FilingState.RETURNED,
        1,
        "缺盖章",
        None,
    )
    world.do("manager", one, "submit")
    taken = world.do("manager", one, "accept", receipt="SL-2")
    assert (taken.status, taken.receipt) == (FilingState.ACCEPTED, "SL-2")
    assert world.do("manager", one, "archive").status is FilingState.ARCHIVED
    for step in ("prepare", "submit", "accept", "send_back", "archive", "drop"):
        with pytest.raises(Conflict):
            world.do("manager", one, step, **({"reason": "x"} if step in ("send_back", "drop") else {}))


def test_one_that_is_not_needed_is_dropped_with_its_reason(world: World) -> None:
    one = made(world)
    with pytest.raises(Invalid):
        world.do("manager", one, "drop")
    assert world.do("manager", one, "drop", reason="今年免报").status is FilingState.DROPPED


def test_reminded_thirty_seven_and_one_day_before_then_up(world: World) -> None:
    one = made(world, owner_id=world.who("engineer"))
    world.later("06-01", "06-24", "06-30", "07-01", "07-03")
    assert world.steps(one, "filing") == [
        ("remind_30", "2026-05-31", ["engineer"]),
        ("remind_7", "2026-06-23", ["engineer"]),
        ("remind_1", "2026-06-29", ["engineer"]),
        ("overdue", "2026-06-30", ["engineer"]),
        ("up", "2026-07-01", ["manager"]),
    ]
    assert world.see(one).late


def test_the_company_says_how_early_it_is_reminded(world: World) -> None:
    world.settings(filing_days=[10])
    one = made(world)
    world.later("06-30")
    assert [(step, day) for step, day, _told in world.steps(one, "filing")] == [("remind_10", "2026-06-20")]


def test_handed_in_on_the_last_evening_is_in_time_and_returned_it_is_owed_again(world: World) -> None:
    one = made(world, files=0)
    world.clock.at(dt.datetime(2026, 6, 30, 15, 59, tzinfo=dt.UTC))  # 23:59 in Shanghai
    world.do("manager", one, "prepare")
    world.do("manager", one, "submit")
    world.clock.move(days=1)
    world.clock.run()
    assert not world.see(one).late
    world.do("manager", one, "send_back", reason="缺盖章")
    world.clock.run()
    assert world.see(one).late


def test_who_may_do_what(world: World) -> None:
    one = made(world, owner_id=world.who("engineer"))
    for stranger in ("security", "manager2"):
        with pytest.raises(NotFound):
            world.do(stranger, one, "prepare")
    with pytest.raises(Forbidden):
        world.do("quality", one, "prepare")
    with pytest.raises(Problem):
        world.do("engineer", one, "drop", reason="不想做")
    assert world.do("engineer", one, "prepare").status is FilingState.PREPARING
    with pytest.raises((Forbidden, NotFound)):
        world.owe("security")
    with world.as_("quality") as x:
        assert x.session.scalars(x.readable(Filing)).all()
    with world.as_("manager2") as x:
        assert x.session.scalar(sa.select(sa.func.count()).select_from(x.readable(Filing).subquery())) == 0
