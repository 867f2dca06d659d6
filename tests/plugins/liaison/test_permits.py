"""Permits: of one site or several, applied for in time, renewed with the old number kept, reminded before they run out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid
from dougong.errors import Forbidden, NotFound
from dougong.records import actions
from dougong.records.bulk_write import ImportRow, create_many
from dougong_liaison.choices import PermitState
from dougong_liaison.permits import month_earlier
from dougong_liaison.records import Permit, Renewal

if TYPE_CHECKING:
    from .conftest import World


def permit(world: World, by: str = "manager", **over: Any) -> Permit:
    body = {"title": "3 号梯", "nature": "lift", "paper": "TJ-1", "expires_on": "2026-06-30", **over}
    made: Permit = world.make(Permit, by, **{"owner_id": world.who("manager"), **body})
    return made


def of_two(world: World, by: str) -> Permit:
    """One permit that covers both sites."""
    body = {
        "title": "公司资质", "nature": "business", "paper": "ZZ-1", "expires_on": "2026-06-30", "owner_id": world.who("boss"),
    }  # fmt: skip
    with world.as_(by) as x:
        kind = x.registry.resources[Permit.kind]
        made = actions.create(kind, body, x, site=world.sites["garden"], sites=(world.sites["park"],))
        x.session.flush()
        x.session.expunge(made)
        found: Permit = made
        return found


def test_a_renewal_keeps_the_old_number(world: World) -> None:
    p = permit(world)
    with pytest.raises(Invalid):
        world.do("manager", p, "renew", paper="TJ-2", until="2026-06-30")
    found = world.do("manager", p, "renew", paper="TJ-2", until="2027-06-30")
    assert (found.status, found.paper, found.former) == (PermitState.VALID, "TJ-2", "TJ-1")
    assert (found.issued_on, found.expires_on) == (dt.date(2026, 3, 2), dt.date(2027, 6, 30))
    world.do("manager", p, "renew", paper="TJ-3", until="2028-06-30", issued_on="2026-03-01")
    found = world.do("manager", p, "renew", paper="TJ-3", until="2029-06-30")  # the same number again
    assert found.former == "TJ-1\nTJ-2"
    with world.as_(None) as x:
        kept = x.children(x.session.get_one(Permit, (world.tenant, p.id)), Renewal)
        assert [(one.old_paper, str(one.old_until)) for one in kept] == [
            ("TJ-1", "2026-06-30"),
            ("TJ-2", "2027-06-30"),
            ("TJ-3", "2028-06-30"),
        ]


def test_its_days_change_by_renewal_alone(world: World) -> None:
    p = permit(world)
    for field, value in (("expires_on", "2030-01-01"), ("paper", "TJ-9"), ("issued_on", "2026-01-01")):
        with pytest.raises(Invalid):
            world.edit("boss", p, **{field: value})
    with pytest.raises(Invalid):
        permit(world, issued_on="2026-07-01")


def test_those_of_a_sheet_remind_too_unless_they_are_over(world: World) -> None:
    owner = {"owner_id": world.who("manager")}
    rows = [
        {"title": "3 号梯", "nature": "business", "paper": "TJ-1", "expires_on": "2026-06-30", **owner},
        {"title": "旧证", "nature": "business", "paper": "TJ-0", "expires_on": "2025-06-30", **owner},
    ]
    with world.as_("boss") as x:
        kind = x.registry.resources[Permit.kind]
        made = create_many(kind, [ImportRow(world.sites["garden"], row, {}) for row in rows], x)
        new, old = [one for one in made if isinstance(one, Permit)]
    world.later("05-02")
    assert world.steps(new, "expiry") == [("remind_60", "2026-05-01", ["manager"])]
    assert world.steps(old, "expiry") == []
    world.do("manager", old, "renew", paper="TJ-9", until="2026-06-30")
    world.later("06-01")
    assert world.steps(old, "expiry") == [("remind_30", "2026-05-31", ["manager"])]


def test_reminded_sixty_thirty_and_seven_days_before_it_runs_out(world: World) -> None:
    p = permit(world, nature="business", owner_id=world.who("manager"))
    world.later("05-02", "06-01", "06-24", "07-01", "07-03")
    assert world.steps(p, "expiry") == [
        ("remind_60", "2026-05-01", ["manager"]),
        ("remind_30", "2026-05-31", ["manager"]),
        ("remind_7", "2026-06-23", ["manager"]),
        ("overdue", "2026-06-30", ["manager"]),
        ("up", "2026-07-01", ["region"]),
    ]
    found = world.see(p)
    assert found.expired
    assert world.steps(p, "application") == []  # a licence needs no application beforehand
    renewed = world.do("manager", p, "renew", paper="TJ-2", until="2027-06-30")
    assert renewed.expires_by.astimezone(world.snapshot.sites.zone()).date() == dt.date(2027, 6, 30)


def test_a_lifts_inspection_is_applied_for_a_month_before(world: World) -> None:
    p = permit(world)
    assert p.apply_by is not None
    assert p.apply_by.astimezone(world.snapshot.sites.zone()).isoformat() == "2026-05-30T23:59:59+08:00"
    world.later("05-17", "05-30", "05-31", "06-02")
    assert [(step, day) for step, day, _told in world.steps(p, "application")] == [
        ("remind_14", "2026-05-16"),
        ("remind_1", "2026-05-29"),
        ("overdue", "2026-05-30"),
        ("up", "2026-05-31"),
    ]
    assert world.see(p).applied_late


def test_applied_for_in_time_is_not_late(world: World) -> None:
    p = permit(world)
    with pytest.raises(Invalid):
        world.do("manager", p, "apply", on="2026-03-03")  # tomorrow
    found = world.do("manager", p, "apply")
    assert (found.status, found.applied_at) == (PermitState.RENEWING, world.clock.now)
    world.later("06-02")
    assert not world.see(p).applied_late
    renewed = world.do("manager", p, "renew", paper="TJ-2", until="2027-06-30")
    assert (renewed.status, renewed.applied_at) == (PermitState.VALID, None)


def test_entered_afterwards_it_counts_for_its_day(world: World) -> None:
    p = permit(world, expires_on="2026-04-10")  # to be applied for until 10 March
    world.clock.at(dt.datetime(2026, 3, 12, 1, tzinfo=dt.UTC))
    found = world.do("manager", p, "apply", on="2026-03-09")
    assert found.applied_at.astimezone(world.snapshot.sites.zone()).date() == dt.date(2026, 3, 9)
    assert not found.applied_late


@pytest.mark.parametrize(
    ("day", "earlier"), [("2026-03-31", "2026-02-28"), ("2026-01-15", "2025-12-15"), ("2028-03-30", "2028-02-29")]
)
def test_a_month_earlier_is_a_day_that_there_is(day: str, earlier: str) -> None:
    assert month_earlier(dt.date.fromisoformat(day), 1) == dt.date.fromisoformat(earlier)


@pytest.mark.parametrize("state", [PermitState.VALID, PermitState.RENEWING])
def test_it_ends_with_a_reason(world: World, state: PermitState) -> None:
    p = permit(world)
    if state is PermitState.RENEWING:
        world.do("manager", p, "apply")
    with pytest.raises(Invalid):
        world.do("manager", p, "end")
    found = world.do("manager", p, "end", reason="电梯报废")
    assert (found.status, found.ended_why) == (PermitState.ENDED, "电梯报废")
    for step, body in (("apply", {}), ("renew", {"paper": "TJ-2", "until": "2030-01-01"}), ("end", {"reason": "x"})):
        with pytest.raises(Conflict):
            world.do("manager", p, step, **body)
    world.later("07-03")
    assert world.steps(p, "expiry") == []


def test_one_that_covers_two_sites_is_seen_at_both_and_changed_by_whoever_may_at_both(world: World) -> None:
    with pytest.raises((Forbidden, NotFound)):
        of_two(world, "manager")
    p = of_two(world, "boss")
    for who in ("manager", "manager2"):
        with world.as_(who) as x:
            assert x.get(Permit, p.id).title == "公司资质"
        with pytest.raises(Forbidden):
            world.do(who, p, "renew", paper="ZZ-2", until="2031-06-30")
    assert world.do("boss", p, "renew", paper="ZZ-2", until="2031-06-30").paper == "ZZ-2"
