"""Who is told of what: never the actor, never somebody who may not view it, nobody twice."""

from __future__ import annotations

from typing import Any

import pytest
from dougong_notify import reading


def test_the_new_owner_is_told_and_whoever_gave_it_is_not(world: Any) -> None:
    id = world.register("agent")
    world.give(id, "agent2")
    assert world.told("agent2") == ["complaints.assigned"]
    assert world.told("lead") == []


def test_a_record_moved_by_another_is_told_to_whoever_made_it(world: Any) -> None:
    id = world.register("agent")
    world.take("lead", id, "accept")
    assert world.told("agent") == ["notify.moved"]


def test_nobody_hears_of_their_own_doing(world: Any) -> None:
    id = world.register("agent")
    world.take("agent", id, "accept")
    assert world.told("agent") == []


def test_an_accused_person_and_those_below_hear_nothing(world: Any) -> None:
    accused = world.company.people["lead"]
    with world.acting("gm") as x:
        from dougong_notify.following import Follow

        id = None
        from dougong_complaints.records import Complaint

        from .conftest import BODY

        c = x.create(Complaint, world.company.sites["garden"], **{**BODY, **_typed(BODY)}, against_id=accused)
        id = c.id
        for name in ("lead", "agent", "manager"):
            x.session.add(Follow(record_id=id, person_id=world.company.people[name], record_kind=Complaint.kind))
    with world.acting("manager") as x:
        x.take(x.get(Complaint, id), "notify", text="在处理", channel="phone", published=False)
    world.work()
    assert world.told("lead") == []
    assert world.told("agent") == []


def _typed(body: Any) -> dict[str, Any]:
    from dougong_complaints import choices

    return {
        "channel": choices.Channel(body["channel"]),
        "complainant_type": choices.Kind(body["complainant_type"]),
        "severity": choices.Severity(body["severity"]),
        "urgency": choices.Urgency(body["urgency"]),
    }


def test_an_escalation_is_told_to_those_who_must_acknowledge(world: Any) -> None:
    id = world.register("agent")
    world.give(id, "agent2")
    world.take("agent2", id, "escalate", reason="材料不足")
    world.work()
    assert "complaints.escalated" in world.told("lead")
    assert "complaints.escalated" not in world.told("agent2")


def test_imported_records_tell_nobody(world: Any) -> None:
    from dataclasses import replace

    from dougong_complaints.records import Complaint

    from .conftest import BODY

    with world.acting("lead") as x:
        brought = replace(x, imported=True)
        brought.submit(Complaint, world.company.sites["garden"], BODY)
    assert all(world.told(name) == [] for name in world.company.people)


def test_a_mention_comes_before_other_reasons_and_is_told_once(world: Any) -> None:
    from dougong.records import journal
    from dougong_complaints.records import Complaint

    id = world.register("agent2")
    with world.acting("lead") as x:
        x.comment(x.get(Complaint, id), "请看一下", [world.company.people["agent"]])
        journal.settle(x)
    assert world.told("agent") == ["notify.mentioned"]
    assert world.told("agent2") == ["complaints.commented"]


def test_followers_hear_of_changes_while_they_may_view_the_record(world: Any, platform: Any) -> None:
    from dougong_complaints.records import Complaint

    id = world.register("agent")
    browser = platform.browser(world.company, "agent2")
    browser.get("/account")
    done = browser.post(f"/notify/follow/{Complaint.kind}/{id}")
    assert done.status_code == 303
    world.take("lead", id, "accept")
    assert world.told("agent2") == ["notify.followed"]
    browser.post(f"/notify/unfollow/{Complaint.kind}/{id}")
    world.give(id, "agent")
    assert world.told("agent2") == ["notify.followed"]


@pytest.mark.parametrize("name", ["elsewhere", "nobody"])
def test_what_one_may_not_view_one_cannot_follow(world: Any, platform: Any, name: str) -> None:
    id = world.register("agent")
    browser = platform.browser(world.company, name)
    browser.get("/account")
    assert browser.post(f"/notify/follow/complaints.complaint/{id}").status_code == 404


def test_rights_lost_after_telling_hide_the_message_everywhere(world: Any, platform: Any) -> None:
    id = world.register("agent")
    world.give(id, "agent2")
    browser = platform.browser(world.company, "agent2")
    assert browser.get("/notify/count").json() == {"count": 1}
    shown = browser.get("/notify/inbox")
    assert "TS-2026-000001" in shown.text
    assert "卫生间渗水" in shown.text
    grants = [g.id for g in world.company.snapshot.grants_of(world.company.people["agent2"])]
    for grant in grants:
        world.company.revoke(grant)
    assert browser.get("/notify/count").json() == {"count": 0}
    gone = browser.get("/notify/inbox?tab=all")
    assert "TS-2026-000001" not in gone.text
    assert "卫生间渗水" not in gone.text
    with world.acting("agent2") as x:
        assert reading.listing(x, unread=False) == ([], None)


def test_another_company_hears_nothing(make_world: Any, platform: Any) -> None:
    one, other = make_world("house"), make_world("jinxiu")
    id = one.register("agent")
    one.give(id, "agent2")
    assert other.told("agent2") == []
    assert platform.browser(other.company, "agent2").get("/notify/count").json() == {"count": 0}
    with one.acting("agent2") as x:
        told, _behind = reading.listing(x, unread=True)
        message = told[0].message.id
    stranger = platform.browser(other.company, "agent2")
    assert stranger.get(f"/notify/open/{message}").status_code == 404


def test_where_the_module_is_off_nothing_of_it_is_there(world: Any, platform: Any) -> None:
    world.company.switch("notify", False)
    id = world.register("agent")
    world.give(id, "agent2")
    assert world.told("agent2") == []
    browser = platform.browser(world.company, "agent2")
    assert browser.get("/notify/inbox").status_code == 404
    home = browser.get("/")
    assert "/notify/" not in home.text


def test_a_module_that_tells_an_unknown_event_is_told_so(world: Any) -> None:
    from dougong_complaints.records import Complaint

    id = world.register("agent")
    with pytest.raises(LookupError), world.acting("lead") as x:
        x.tell("complaints.nonsense", x.get(Complaint, id), [world.company.people["agent"]])
