"""What somebody might try with tasks and reports: signing their own by way of a leaver, others' sites, odd forms, formulas."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong import hand_over
from dougong.access import manage
from dougong.access.desk import Desk
from dougong.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from dougong.records import actions, history
from dougong_tasks.assigned.choices import State
from dougong_tasks.assigned.records import Task
from dougong_tasks.assigned.resource import resource
from dougong_tasks.upward.records import ClientReport, SiteReport

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

MANAGER, LEAD, TECHNICIAN, CLIENT = "project_manager_n1", "service_lead_n1", "technician_n1", "client_n1"
BODY = {"title": "整理消防通道", "criteria": "通道畅通", "source": "meeting", "deadline": "2099-12-31"}


def assign(company: Company, by: str, to: str, **over: Any) -> UUID:
    with company.acting(by, "tasks") as x:
        return x.submit(Task, company.sites["n1"], {**BODY, "owner_id": str(company.people[to]), **over}).id


def take(company: Company, by: str | None, id: UUID, step: str, **body: Any) -> None:
    with company.acting(by, "tasks") as x:
        x.take(x.get(Task, id), step, **body)


def see(company: Company, id: UUID) -> Task:
    with company.acting(None, "tasks") as x:
        found = x.session.get_one(Task, (x.tenant, id))
        x.session.expunge(found)
        return found


@pytest.mark.parametrize(("leaver", "heir"), [(MANAGER, LEAD), (LEAD, MANAGER)])
def test_what_a_leaver_assigned_or_does_is_not_handed_to_the_other_side(
    company: Company, leaver: str, heir: str
) -> None:
    """Else somebody would answer for what they assigned themselves, and nobody could sign it."""
    id = assign(company, MANAGER, LEAD)
    with company.acting(None, "tasks") as x:
        done = hand_over(x, company.people[leaver], company.people[heir], ["tasks.task"], reason="离职")
        assert dict(done.counts) == {}
        assert [one[1] for one in done.refused] == [id]
    task = see(company, id)
    assert (task.owner_id, task.assigner_id) == (company.people[LEAD], company.people[MANAGER])


def test_who_does_a_task_neither_extends_signs_moves_nor_rewrites_it(company: Company) -> None:
    """A lead holds every step for tasks of their own; only the assigner may take these."""
    id = assign(company, MANAGER, LEAD)
    take(company, LEAD, id, "accept")
    for step, body in (
        ("extend", {"until": "2100-01-31"}),
        ("reassign", {"owner_id": str(company.people[TECHNICIAN]), "reason": "忙"}),
        ("cancel", {"reason": "不做了"}),
    ):
        with pytest.raises((Conflict, Forbidden)):
            take(company, LEAD, id, step, **body)
    with pytest.raises(Problem), company.acting(LEAD, "tasks") as x:
        actions.update(resource, id, {"criteria": "差不多就行"}, x, version=x.get(Task, id).row_version)
    take(company, LEAD, id, "report", result="好了")
    with pytest.raises((Conflict, Forbidden)):
        take(company, LEAD, id, "sign")
    assert see(company, id).status is State.REPORTED
    assert see(company, id).criteria == BODY["criteria"]


def test_an_absent_assigners_deputy_does_not_sign_what_is_their_own(company: Company) -> None:
    id = assign(company, MANAGER, LEAD)
    with company.acting(None) as x:
        desk = Desk(x.session, x.snapshot.gate(None, x.now), x.registry, history.write)
        end = x.now + dt.timedelta(days=3)
        manage.appoint_deputy(desk, company.people[MANAGER], company.people[LEAD], starts_at=x.now, ends_at=end)
    take(company, LEAD, id, "accept")
    take(company, LEAD, id, "report", result="好了")
    with pytest.raises((Conflict, Forbidden)):
        take(company, LEAD, id, "sign")


def test_tasks_go_to_own_sites_and_people_alone(company: Company, other_company: Company, platform: Running) -> None:
    stranger, far = next(iter(other_company.people.values())), company.people["technician_s1"]
    for who in (stranger, far):
        with pytest.raises(Invalid), company.acting(MANAGER, "tasks") as x:
            x.submit(Task, company.sites["n1"], {**BODY, "owner_id": str(who)})
    program = platform.program(company, MANAGER)
    rows = [{"title": "一", "owner_id": str(company.people[TECHNICIAN]), "deadline": "2099-12-31"}]
    body = {"site": str(company.sites["s1"]), "criteria": "好", "tasks": rows}
    assert program.api("POST", "/tasks/minutes", body).status_code == 422
    own = {**body, "site": str(company.sites["n1"])}
    for wrong in (
        {"tasks": [{**rows[0], "owner_id": str(stranger)}]},
        {"tasks": [{**rows[0], "status": "signed"}]},
        {"tasks": [{**rows[0], "assigner_id": str(company.people["general_manager"])}]},
        {"tasks": [{**rows[0], "title": "a\x00b"}]},
        {"tasks": rows * 51},
        {"tasks": []},
        {"source": "nowhere"},
    ):
        assert program.api("POST", "/tasks/minutes", {**own, **wrong}).status_code == 422, wrong
    assert program.api("GET", "/tasks/task?tab=all").json()["results"] == []
    assert platform.program(company, CLIENT).api("POST", "/tasks/minutes", own).status_code in (403, 404, 422)


def test_an_odd_row_is_no_crash(company: Company, platform: Running) -> None:
    browser = platform.browser(company, MANAGER)
    browser.get("/tasks/minutes")
    sent = {
        "site": str(company.sites["n1"]),
        "tasks.0.title": "一",
        "tasks.0.owner_id": "x",
        "tasks.0.deadline": "9999-99-99",
    }
    for remove in ["²", "9999999999", "-1", "1e3", "٣", "9" * 5_000]:
        for address in ("/tasks/minutes/look", "/tasks/minutes"):
            assert browser.post(address, {**sent, "remove": remove}).status_code < 500
    assert browser.post("/tasks/minutes", sent).status_code == 422
    assert browser.ask("POST", "/tasks/minutes", data=sent).status_code == 403, "without the form's token"


def test_minutes_that_are_sent_twice_are_assigned_once(company: Company, platform: Running) -> None:
    browser = platform.browser(company, MANAGER)
    browser.get("/tasks/minutes")
    row = {"title": "一", "owner_id": str(company.people[TECHNICIAN]), "deadline": "2099-12-31"}
    sent = {"site": str(company.sites["n1"]), "criteria": "好", "source": "meeting", "text": "一"}
    shown = browser.post("/tasks/minutes/look", sent)
    token = re.search(r'name="once" value="([0-9a-f]+)"', shown.text)
    assert token is not None
    rows = {f"tasks.0.{name}": value for name, value in row.items()}
    del sent["text"]
    for _time in range(2):
        assert browser.post("/tasks/minutes", {**sent, **rows, "once": token[1]}).status_code == 303
    program = platform.program(company, MANAGER)
    assert len(program.api("GET", "/tasks/task?tab=all").json()["results"]) == 1
    assert browser.post("/tasks/minutes", {**sent, **rows, "tasks.0.title": "二", "once": token[1]}).status_code == 303
    assert len(program.api("GET", "/tasks/task?tab=all").json()["results"]) == 2


def report(company: Company, site: str = "n1", **words: str) -> UUID:
    with company.acting(MANAGER, "tasks") as x:
        r = x.submit(SiteReport, company.sites[site], {"period": "week", "starts": "2026-09-07"})
        x.take(r, "remark", **words)
        x.take(r, "submit")
        return r.id


def test_the_client_reads_the_copy_and_nothing_else(company: Company, platform: Running) -> None:
    id = report(company, summary="内部：成本超支", client_text="一切正常")
    client, program = platform.browser(company, CLIENT), platform.program(company, CLIENT)
    for address in (f"/tasks/report/{id}", f"/tasks/sheet/{id}", f"/tasks/sheet/{id}/workbook", f"/tasks/writing/{id}"):
        assert client.get(address).status_code in (403, 404), address
    assert program.api("GET", f"/tasks/report/{id}").status_code in (403, 404)
    with company.acting(MANAGER, "tasks") as x:
        x.take(x.get(SiteReport, id), "release")
    with company.acting(None, "tasks") as x:
        copy = x.session.scalars(x.readable(ClientReport)).one().id
    seen = [f"/tasks/copy/{copy}", f"/tasks/client_report/{copy}", "/tasks/client_report", "/"]
    told = [client.get(address) for address in seen] + [
        program.api("GET", f"/tasks/client_report/{copy}{rest}")
        for rest in ("", "?include=timeline", "/history", "/links", "/comments", "/files")
    ]
    assert told[0].status_code == 200
    assert "一切正常" in told[0].text
    for answer in told:
        assert "成本超支" not in answer.text, answer.request.url
        assert str(id) not in answer.text, answer.request.url
    other = platform.browser(company, "client_s1")
    assert other.get(f"/tasks/copy/{copy}").status_code == 404
    assert other.get(f"/tasks/copy/{copy}/workbook").status_code == 404


def test_words_of_the_author_are_no_markup_and_no_formula(company: Company, platform: Running) -> None:
    evil = '=HYPERLINK("http://evil","x")<script>alert(1)</script>{{7*7}}'
    id = report(company, summary=evil, problems="@SUM(1)", plan="+cmd|' /C calc'!A0")
    browser = platform.browser(company, MANAGER)
    shown = browser.get(f"/tasks/sheet/{id}")
    assert "<script>alert" not in shown.text
    book = browser.get(f"/tasks/sheet/{id}/workbook")
    assert book.status_code == 200
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert "<f>" not in text
    assert "<hyperlinks>" not in text
    with pytest.raises(NotFound), company.acting("project_manager_s1", "tasks") as x:
        x.get(SiteReport, id)
