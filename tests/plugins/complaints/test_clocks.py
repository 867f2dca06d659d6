"""Due times: working hours or round the clock, working days, rolling progress, breaches that stay.

Time begins at 9:00 on Monday, 2 March 2026, in Shanghai; the company works 8:30-12:00 and 13:30-18:00.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dougong import Invalid
from dougong_complaints.choices import State, Urgency
from dougong_complaints.settings import Settings

from .conftest import SOLVED

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = {  # category: (first contact in minutes, resolution in hours or days)
    "lift_entrapment": (5, 2, None),
    "water_power_outage": (15, 8, None),
    "fire_hazard": (15, 24, None),
    "public_order": (15, 24, None),
    "water_leak": (30, 24, None),
    "facility_fault": (30, 48, None),
    "cleanliness": (30, 24, None),
    "noise": (30, 48, None),
    "parking": (30, 48, None),
    "charges": (120, None, 5),
    "service_attitude": (60, None, 3),
    "greening": (120, None, 7),
    "renovation": (120, None, 7),
    "other": (120, None, 7),
}


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of March 2026 in Shanghai."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize("category", HOURS)
def test_default_hours_of_every_category(category: str) -> None:
    found = Settings().categories[category]
    assert (found.first_contact, found.hours, found.days) == HOURS[category]
    assert found.urgent == (category == "lift_entrapment")


def test_all_categories_have_hours_here() -> None:
    assert set(Settings().categories) == set(HOURS)


def test_other_default_lengths() -> None:
    s = Settings()
    assert (s.progress_hours, s.progress_urgent_hours, s.visit_hours) == (24, 2, 48)
    assert (s.hold_limit, s.reopen_days, s.failed_contacts, s.failed_contact_days) == (2, 15, 3, 2)
    assert s.leader_minutes == 30


def test_ordinary_ones_run_on_working_hours(world: Any) -> None:
    c = world.see(world.register())  # first contact 30 min, resolution 24 h, progress 24 h
    assert c.contact_by == at(2, 9, 30)
    assert c.resolve_by == at(5, 9)  # 7.5 h on Monday, 8 on Tuesday and Wednesday, half an hour on Thursday
    assert c.progress_by == at(5, 9)
    assert c.visit_by is None


def test_at_night_the_first_contact_waits_for_the_morning(world: Any) -> None:
    world.clock.at(at(2, 23))
    assert world.see(world.register()).contact_by == at(3, 9)


def test_urgent_ones_run_round_the_clock(world: Any) -> None:
    world.clock.at(at(7, 23))  # Saturday night
    c = world.see(world.register(urgency="urgent"))
    assert c.contact_by == at(7, 23, 30)
    assert c.resolve_by == at(8, 23)
    assert c.progress_by == at(8, 1)


def test_a_category_can_be_always_urgent(world: Any) -> None:
    c = world.see(world.register(category="lift_entrapment"))
    assert c.urgency is Urgency.URGENT
    assert (c.contact_by, c.resolve_by) == (at(2, 9, 5), at(2, 11))


def test_a_day_is_a_working_day(world: Any) -> None:
    world.clock.at(at(6, 15))  # Friday
    c = world.see(world.register(category="service_attitude"))  # 3 d
    assert c.resolve_by == at(11, 15)


def test_the_company_sets_the_hours(world: Any) -> None:
    world.settings(
        categories={"water_leak": {"first_contact": 10, "hours": 4}},
        progress_hours=1,
        visit_hours=2,
    )
    id = world.bring(State.WORKING)
    c = world.see(id)
    assert (c.contact_by, c.resolve_by, c.progress_by) == (at(2, 9, 10), at(2, 14, 30), at(2, 10))
    world.do("lead", id, "resolve", **SOLVED)
    assert world.see(id).visit_by == at(2, 11)


def test_a_change_of_settings_does_not_move_running_complaints(world: Any) -> None:
    id = world.register()
    world.settings(categories={"water_leak": {"first_contact": 10, "hours": 1}})
    world.edit("lead", id, location="3 号楼")
    assert world.see(id).resolve_by == at(5, 9)


def test_a_category_struck_from_the_settings_still_ends(world: Any) -> None:
    id = world.register()
    world.settings(categories={"other": {"days": 7}})
    world.edit("lead", id, urgency="urgent")
    assert world.see(id).resolve_by == at(9, 9)


def test_contacted_late_stays_recorded(world: Any) -> None:
    late, good = world.register(), world.register()
    world.clock.move(minutes=30)
    world.do("agent", good, "contact", soothing="已联系", by="phone")
    world.clock.move(minutes=1)
    world.do("agent", late, "contact", soothing="已联系", by="phone")
    assert world.see(late).contact_late
    assert not world.see(good).contact_late


def test_resolved_late_stays_recorded(world: Any) -> None:
    late, good = world.bring(State.WORKING), world.bring(State.WORKING)
    world.clock.at(at(5, 9))
    world.do("lead", good, "resolve", **SOLVED)
    world.clock.at(at(5, 9, 1))
    world.do("lead", late, "resolve", **SOLVED)
    assert world.see(late).resolve_late
    assert not world.see(good).resolve_late
    world.do("agent", late, "visit", method="phone", result="satisfied")
    world.do("lead", late, "close")
    assert world.see(late).resolve_late


def test_progress_rolls_on_with_each_notice(world: Any) -> None:
    id = world.register(urgency="urgent")
    world.clock.move(hours=1)
    world.do("agent", id, "notify", text="维修员已到场", channel="phone")
    c = world.see(id)
    assert c.progress_by == at(2, 12)
    assert not c.progress_late
    assert c.contacted_at == at(2, 10)


def test_a_late_notice_is_recorded(world: Any) -> None:
    id = world.register(urgency="urgent")
    world.clock.move(hours=2, minutes=1)
    world.do("agent", id, "notify", text="抱歉久等", channel="phone")
    c = world.see(id)
    assert c.progress_late
    assert c.progress_by == at(2, 13, 1)


def test_progress_goes_on_through_escalation_and_hold(world: Any) -> None:
    id = world.bring(State.WORKING)
    before = world.see(id)
    world.do("engineer", id, "escalate", reason="需停水，超出权限")
    after = world.see(id)
    assert (after.progress_by, after.owner_id, after.status) == (
        before.progress_by, before.owner_id, State.WORKING,
    )  # fmt: skip
    world.do("lead", id, "hold", reason="等配件", until="2026-03-06")
    assert world.see(id).progress_by == before.progress_by
    world.clock.at(at(5, 9, 1))
    world.do("agent", id, "notify", text="配件在途", channel="phone")
    assert world.see(id).progress_late


def test_progress_ends_with_the_solution(world: Any) -> None:
    assert world.see(world.bring(State.VISIT)).progress_by is None


def test_hold_stops_the_resolution_only(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.clock.at(at(3, 9))
    world.do("lead", id, "hold", reason="等配件", until="2026-03-20")
    world.clock.at(at(10, 9))  # long past the resolution's time, which stood still
    world.do("lead", id, "resume")
    c = world.see(id)
    assert not c.resolve_late
    assert c.resolve_by == at(12, 9)  # five working days later than before
    assert c.held_at is None


def test_what_happens_on_hold_finds_no_breach_of_the_resolution(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.do("lead", id, "hold", reason="等配件", until="2026-03-20")
    world.clock.at(at(10, 9))  # the time from before the hold has passed
    world.do("agent", id, "notify", text="配件在途", channel="phone")
    assert not world.see(id).resolve_late


def test_a_breach_before_the_hold_is_recorded(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.clock.at(at(5, 10))
    world.do("lead", id, "hold", reason="等配件", until="2026-03-20")
    assert world.see(id).resolve_late


def test_an_urgent_hold_counts_round_the_clock(world: Any) -> None:
    id = world.bring(State.WORKING, urgency="urgent")
    world.do("lead", id, "hold", reason="等配件", until="2026-03-20")
    world.clock.move(hours=20)
    world.do("lead", id, "resume")
    assert world.see(id).resolve_by == at(4, 5)


def test_visit_is_due_within_48_hours(world: Any) -> None:
    id = world.bring(State.VISIT, urgency="urgent")
    assert world.see(id).visit_by == at(4, 9)
    world.clock.move(hours=48, minutes=1)
    world.do("agent", id, "visit", method="phone", result="satisfied")
    assert world.see(id).visit_late


def test_urgency_raised_recomputes_without_erasing_breaches(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.clock.at(at(5, 10))  # an hour late by working hours
    world.edit("lead", id, urgency="normal", severity="important")
    assert world.see(id).resolve_late
    world.edit("lead", id, category="charges")  # 5 d: now there is time again
    c = world.see(id)
    assert c.resolve_by == at(9, 9)
    assert c.resolve_late


def test_urgency_raised_mid_case(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.clock.move(hours=1)
    world.edit("lead", id, urgency="urgent")
    c = world.see(id)
    assert c.resolve_by == at(3, 9)
    assert c.progress_by == at(2, 11)
    assert c.contact_by == at(2, 9, 30)


def test_severity_raised_mid_case(world: Any) -> None:
    world.settings(major_share=0.5)
    id = world.bring(State.WORKING)
    world.edit("lead", id, severity="major")
    c = world.see(id)
    assert c.resolve_by == at(3, 14, 30)  # twelve working hours
    assert c.progress_by == at(2, 11)


def test_a_done_clock_is_not_recomputed(world: Any) -> None:
    id = world.register(soothing="已安抚")
    world.edit("lead", id, category="charges")
    assert world.see(id).contact_by is None or not world.see(id).contact_late
    id = world.bring(State.VISIT)
    before = world.see(id).resolve_by
    world.edit("lead", id, category="charges")
    assert world.see(id).resolve_by == before


def test_a_government_deadline_overrides(world: Any) -> None:
    id = world.register(channel="government", government_deadline="2026-03-03T17:00+08:00")
    assert world.see(id).resolve_by == at(3, 17)
    world.edit("lead", id, urgency="urgent", severity="major")
    assert world.see(id).resolve_by == at(3, 17)
    world.edit("lead", id, government_deadline="2026-03-09T17:00+08:00")
    assert world.see(id).resolve_by == at(9, 17)
    world.edit("lead", id, government_deadline=None)
    assert world.see(id).resolve_by == at(3, 9)


def test_a_hold_does_not_move_a_government_deadline(world: Any) -> None:
    id = world.bring(State.WORKING, channel="government", government_deadline="2026-03-06T17:00+08:00")
    world.do("lead", id, "hold", reason="等配件", until="2026-03-05")
    world.clock.move(days=2)
    world.do("lead", id, "resume")
    assert world.see(id).resolve_by == at(6, 17)


@pytest.mark.parametrize(
    ("channel", "deadline"), [("phone", "2026-03-09T17:00+08:00"), ("government", "2026-03-02T08:00+08:00")]
)
def test_a_government_deadline_must_make_sense(world: Any, channel: str, deadline: str) -> None:
    with pytest.raises(Invalid) as error:
        world.register(channel=channel, government_deadline=deadline)
    assert error.value.errors[0].path == "government_deadline"


def test_a_company_names_its_own_categories() -> None:
    found = Settings(categories={"water_leak": {"hours": 4}, "pets": {"name": "宠物", "days": 2}, "x1": {"days": 1}})
    labels = {key: str(one.label) for key, one in found.categories.items()}
    assert labels == {"water_leak": "漏水", "pets": "宠物", "x1": "x1"}


def test_a_category_has_hours_or_days() -> None:
    for wrong in ({}, {"hours": 1, "days": 1}):
        with pytest.raises(ValueError, match="小时或工作日"):
            Settings(categories={"x": wrong})


def test_taken_up_again_runs_anew_and_keeps_what_was_late(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.clock.at(at(5, 10))
    world.do("lead", id, "resolve", **SOLVED)
    world.do("agent", id, "visit", method="phone", result="unsatisfied", comment="仍在漏")
    c = world.see(id)
    assert c.resolve_late
    assert c.resolved_at is None
    assert c.resolve_by == at(10, 10)
    assert c.progress_by == at(10, 10)
