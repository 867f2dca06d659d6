"""The two routes upwards, their receipts, and the announcement."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import Conflict
from dougong_complaints.choices import Route, State
from dougong_complaints.records import Announcement, Escalation

MAJOR, URGENT = {"severity": "major"}, {"urgency": "urgent"}


@pytest.mark.parametrize("over", [MAJOR, URGENT, MAJOR | URGENT, {"category": "lift_entrapment"}])
def test_major_or_urgent_goes_to_the_company_leaders_at_once(world: Any, over: dict[str, str]) -> None:
    [report] = world.children(world.register(**over), Escalation)
    assert report.route is Route.LEADERS
    assert world.name(report.to_id) == "director"
    assert world.name(report.from_id) == "agent"
    assert report.to_level == world.snapshot.roles["property_director"].label
    assert "卫生间顶棚渗水" in report.facts
    assert report.acknowledge_by == world.clock.now + dt.timedelta(minutes=30)
    assert report.acknowledged_at is None


def test_the_facts_do_not_say_who_complained(world: Any) -> None:
    [report] = world.children(world.register(**MAJOR), Escalation)
    for secret in ("王女士", "13800005678", "3-2-1801"):
        assert secret not in report.facts


def test_ordinary_ones_do_not(world: Any) -> None:
    assert world.children(world.register(severity="important"), Escalation) == []


def test_raised_later_and_only_once(world: Any) -> None:
    id = world.register()
    world.edit("lead", id, severity="major")
    world.edit("lead", id, urgency="urgent")
    world.edit("lead", id, severity="minor", urgency="normal")
    world.edit("lead", id, severity="major")
    assert [e.route for e in world.children(id, Escalation)] == [Route.LEADERS]


def test_the_company_names_its_leaders(world: Any) -> None:
    world.settings(leader_roles=["general_manager"])
    [report] = world.children(world.register(**MAJOR), Escalation)
    assert world.name(report.to_id) == "gm"


def test_without_leaders_the_highest_in_line_is_told(world: Any) -> None:
    world.without("director", "gm")
    [report] = world.children(world.register(**MAJOR), Escalation)
    assert world.name(report.to_id) == "region"


@pytest.mark.parametrize(
    ("who", "to"), [("agent", "lead"), ("engineer", "manager"), ("lead", "manager"), ("manager", "region")]
)
def test_beyond_authority_goes_to_the_next_in_line(world: Any, who: str, to: str) -> None:
    id = world.bring(State.WORKING)
    world.do(who, id, "escalate", reason="须停水，超出权限")
    [report] = world.children(id, Escalation)
    assert (report.route, world.name(report.from_id), world.name(report.to_id)) == (Route.AUTHORITY, who, to)
    assert report.reason == "须停水，超出权限"


def test_an_escalation_is_a_record_and_not_a_state(world: Any) -> None:
    id = world.bring(State.WORKING)
    before = world.see(id)
    world.clock.move(minutes=1)
    world.do("engineer", id, "escalate", reason="须停水")
    after = world.see(id)
    for name in ("status", "owner_id", "resolve_by", "progress_by"):
        assert getattr(after, name) == getattr(before, name)
    assert after.row_version > before.row_version


def test_both_routes_may_run_at_once(world: Any) -> None:
    id = world.bring(State.WORKING, **MAJOR)
    world.do("engineer", id, "escalate", reason="须停水")
    assert {e.route for e in world.children(id, Escalation)} == {Route.LEADERS, Route.AUTHORITY}


def test_nobody_above_is_said_in_words(world: Any) -> None:
    id = world.register()
    with pytest.raises(Conflict):
        world.do("gm", id, "escalate", reason="无上级")
    assert world.children(id, Escalation) == []


def test_only_the_recipient_acknowledges_and_once(world: Any) -> None:
    id = world.register(**MAJOR)
    for other in ("lead", "manager", "region", "gm"):
        assert world.offered(other, id)["acknowledge"] is False
        with pytest.raises(Conflict):
            world.do(other, id, "acknowledge")
    world.clock.move(minutes=12)
    world.do("director", id, "acknowledge")
    [report] = world.children(id, Escalation)
    assert (world.name(report.acknowledged_by), report.acknowledged_at) == ("director", world.clock.now)
    assert world.offered("director", id)["acknowledge"] is False


def _queued(world: Any) -> int:
    with world.engine.connect() as connection:
        query = sa.text(
            "SELECT count(*) FROM platform.procrastinate_jobs WHERE task_name LIKE :n AND args->>'tenant' = :t"
        )
        return int(connection.scalar(query, {"n": "%announce%", "t": str(world.tenant)}) or 0)


def test_the_announcement_is_queued_with_the_registration(world: Any) -> None:
    world.register()
    assert _queued(world) == 0
    world.register(**MAJOR)
    assert _queued(world) == 1


def test_the_announcement_says_who_is_to_be_told_and_has_one_effect(world: Any) -> None:
    id = world.register(**MAJOR)
    for attempt in (1, 2):
        world.run_announcement(id, attempt)
    [made] = world.children(id, Announcement)
    assert made.people.split("、") == ["director", "gm"]
    world.do("agent", id, "escalate", reason="须停水")
    world.run_announcement(id)
    assert len(world.children(id, Announcement)) == 2
