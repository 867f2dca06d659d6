"""Assigned work: who may do what, what happens when the time is up, who signs in whose place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid, NotFound, Telling, new_id
from dougong import Source as Origin
from dougong.access.tables import Deputy, Person
from dougong_complaints.records import Complaint
from dougong_tasks.assigned.choices import Source, State
from dougong_tasks.assigned.records import Task
from dougong_tasks.assigned.resource import fill

from .conftest import DIRECTOR, LEAD, MANAGER, TECH

if TYPE_CHECKING:
    from .conftest import Office

REFUSED = (Conflict, Forbidden)


def reported(office: Office, by: str = MANAGER, to: str = LEAD) -> UUID:
    id = office.assign(by, to)
    office.take(to, id, "accept")
    office.take(to, id, "report", result="已清理")
    return id


@pytest.mark.parametrize("missing", ["title", "criteria", "owner_id", "deadline"])
def test_what_a_task_needs_is_asked_for(office: Office, missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.assign(**{missing: None})
    assert missing in {one.path for one in refused.value.errors}


def test_only_the_assigner_signs_or_extends_by_page_api_and_in_bulk(office: Office) -> None:
    id, open_ = reported(office), office.assign()
    for who in (LEAD, DIRECTOR):  # who did it, and somebody above who may sign what they assigned themselves
        with pytest.raises(REFUSED):
            office.take(who, id, "sign")
        with pytest.raises(REFUSED):
            office.take(who, open_, "extend", until=office.day(30))
    director = office.program(DIRECTOR)
    answer = director.api("POST", f"/tasks/task/{id}/transitions/sign", {}, version=office.task(id).row_version)
    assert answer.status_code == 409, answer.text
    told = director.api("POST", "/tasks/task/bulk", {"action": "sign", "ids": [str(id)], "body": {}}).json()
    assert [one["status"] for one in told["results"]] == [409]
    screen = office.screen(DIRECTOR)
    assert f"/tasks/task/{id}/do/sign" not in screen.get(f"/tasks/task/{id}").text
    assert screen.post(f"/tasks/task/{id}/do/sign", {"row_version": office.task(id).row_version}).status_code == 409
    assert office.task(id).status is State.REPORTED
    office.take(MANAGER, id, "sign")
    with pytest.raises(REFUSED):
        office.take(MANAGER, open_, "accept")  # nor does the assigner accept in place of who is responsible


def test_what_is_to_be_done_is_the_assigners_to_change(office: Office) -> None:
    id = office.assign(DIRECTOR, MANAGER)
    version = office.task(id).row_version
    manager, director = office.program(MANAGER), office.program(DIRECTOR)
    answer = manager.api("PATCH", f"/tasks/task/{id}", {"criteria": "差不多就行"}, version=version)
    assert answer.status_code == 403, answer.text
    answer = director.api("PATCH", f"/tasks/task/{id}", {"criteria": "附三张照片"}, version=version)
    assert answer.status_code == 200, answer.text
    office.take(DIRECTOR, id, "cancel", reason="不再需要")
    answer = director.api("PATCH", f"/tasks/task/{id}", {"title": "别的"}, version=office.task(id).row_version)
    assert answer.status_code == 409


def test_a_task_overdue_reminds_and_climbs_by_the_clock(office: Office) -> None:
    id = office.assign(due=1)
    office.take(LEAD, id, "accept")
    office.clock.through(days=4, of=office.company)
    found = office.task(id)
    assert found.finish_late
    told = office.told(id)
    assert (LEAD, "reminder") in told or (LEAD, "due_soon") in told, told
    assert {who for who, what in told if "escalat" in what} >= {MANAGER}, told
    office.take(LEAD, id, "report", result="晚了两天")
    assert office.task(id).finish_late


def test_who_does_not_accept_or_sign_in_time_is_late(office: Office) -> None:
    id = office.assign(due=20)
    office.clock.through(days=2, of=office.company)
    assert office.task(id).accept_late
    office.take(LEAD, id, "accept")
    office.take(LEAD, id, "report", result="已清理")
    assert not office.task(id).finish_late
    office.clock.through(days=4, of=office.company)
    assert office.task(id).sign_late
    assert MANAGER in {who for who, _what in office.told(id)}


def test_a_deputy_signs_while_the_assigner_is_away_and_the_next_above_once_they_have_left(office: Office) -> None:
    company = office.company
    office.company.add_person("deputy", ("project_manager", "n1"))
    id, later = reported(office), reported(office)
    with pytest.raises(REFUSED):
        office.take("deputy", id, "sign")
    now = office.clock.now
    with company.session() as session:
        away = {"starts_at": now - dt.timedelta(days=1), "ends_at": now + dt.timedelta(days=3)}
        session.add(Deputy(person_id=company.people[MANAGER], deputy_id=company.people["deputy"], **away))
    office.take("deputy", id, "sign")
    with company.session() as session:
        session.execute(sa.delete(Deputy).where(Deputy.tenant_id == company.tenant))
        session.execute(sa.update(Person).where(Person.id == company.people[MANAGER]).values(status="disabled"))
    with pytest.raises(REFUSED):
        office.take("deputy", later, "sign")
    office.take(DIRECTOR, later, "sign")
    assert office.task(later).status is State.SIGNED


def test_more_time_refused_leaves_the_deadline(office: Office) -> None:
    id = office.assign(due=2)
    before = office.task(id).deadline
    with pytest.raises(REFUSED):  # nobody asked
        office.take(MANAGER, id, "refuse_extension", reason="按期完成")
    office.take(LEAD, id, "ask_extension", until=office.day(9), reason="等材料")
    assert (MANAGER, "asked") in office.told(id) or office.task(id).asked_until is not None
    office.take(MANAGER, id, "refuse_extension", reason="按期完成")
    assert (office.task(id).deadline, office.task(id).asked_until) == (before, None)


def test_a_task_given_to_somebody_else_is_accepted_anew(office: Office) -> None:
    id = office.assign()
    office.take(LEAD, id, "accept")
    with pytest.raises(Invalid):
        office.take(MANAGER, id, "reassign", owner_id=str(office.people[LEAD]), reason="不变")
    with pytest.raises(Invalid):  # nobody assigns to themselves
        office.take(MANAGER, id, "reassign", owner_id=str(office.people[MANAGER]), reason="自己来")
    office.take(MANAGER, id, "reassign", owner_id=str(office.people[TECH]), reason="休假")
    assert (office.task(id).status, office.task(id).accepted_at) == (State.ASSIGNED, None)
    with pytest.raises((*REFUSED, NotFound)):
        office.take(LEAD, id, "accept")
    office.take(TECH, id, "accept")


def test_assistants_see_the_task_and_note_progress_and_no_more(office: Office) -> None:
    id = office.assign()
    office.take(LEAD, id, "accept")
    with pytest.raises((*REFUSED, NotFound)):
        office.take(TECH, id, "note", text="帮忙", percent=10)
    office.take(LEAD, id, "assist", person_id=str(office.people[TECH]))
    office.take(TECH, id, "note", text="搬走两车杂物", percent=40)
    assert (office.task(id).status, office.task(id).percent) == (State.DOING, 40)
    with pytest.raises(REFUSED):
        office.take(TECH, id, "report", result="已清理")


def test_only_the_assigner_cancels_and_what_is_over_stays_over(office: Office) -> None:
    id = office.assign()
    with pytest.raises(REFUSED):
        office.take(LEAD, id, "cancel", reason="不想做")
    office.take(MANAGER, id, "cancel", reason="业主撤回")
    assert office.task(id).status is State.CANCELLED
    with pytest.raises(Conflict):
        office.take(LEAD, id, "accept")


def test_a_rule_opens_a_task_that_the_next_above_assigns(office: Office) -> None:
    rule = {"trigger": "complaints.cause", "value": "staff", "opens": "tasks.task", "mode": "open"}
    office.company.settings("core", follow_ups=[rule])
    id = office.complain()
    with office.company.acting("service_lead_n1", "complaints") as x:
        c = x.take(x.get(Complaint, id), "on_the_spot", cause="staff", solution="已劝停并道歉")
    with office.company.acting(None, "tasks") as x:
        t = x.session.scalars(x.readable(Task)).one()
        assert (t.reference, t.status) == (c.number, State.ASSIGNED)
        assert t.owner_id in (office.people["service_lead_n1"], office.people[MANAGER])
        assert t.assigner_id in (office.people[MANAGER], office.people[DIRECTOR])
        assert t.assigner_id != t.owner_id


def test_what_an_authority_gives_rise_to_is_marked_so(office: Office) -> None:
    with office.company.acting(None, "tasks") as x:
        origin = Origin("liaison.order", new_id(), office.sites["n1"], "ZG-1", Complaint.label)
        t = x.submit(Task, office.sites["n1"], fill(Telling(title="消防通道堆物", text="3号楼"), origin, x))
        assert (t.source, t.reference, t.owner_id) == (Source.AUTHORITY, "ZG-1", office.people[MANAGER])
        assert t.assigner_id == office.people[DIRECTOR]
