"""What people meet on the pages of complaints: forms that begin sensibly, the next step first, a stream in words."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Deadline
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Location
from dougong.testing.running import run_due
from dougong_complaints.choices import State
from dougong_complaints.records import Complaint
from dougong_complaints.resource import resource

from .conftest import BODY
from .test_over_http import LIST, register, step

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

AGENT, LEAD, MANAGER = "service_agent_n1", "service_lead_n1", "project_manager_n1"
SOLVED = {"cause": "equipment", "whys": "老化", "solution": "更换"}


def page(platform: Running, company: Company, by: str, path: str) -> str:
    answer = platform.browser(company, by).get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def words(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def buttons(text: str) -> list[str]:
    """The open buttons of a record's head, in order."""
    head = text.split('<div class="actions">', 1)[1].split('<div class="menu"', 1)[0].split("</header>", 1)[0]
    return [words(one).strip() for one in re.findall(r'<a class="btn[^>]*>(.*?)</a>', head, re.S)]


def select(text: str, name: str) -> list[str]:
    """The options of a select, without the empty one."""
    found = re.search(rf'<select id="[^"]*" name="{name}".*?</select>', text, re.S)
    return re.findall(r'<option value="[^"]+"[^>]*>(.*?)</option>', found[0], re.S) if found else []


def checked(text: str, name: str) -> list[str]:
    return re.findall(rf'type="radio" name="{name}" value="([^"]+)" checked', text)


def test_the_form_begins_with_the_usual_and_a_program_must_say_it(platform: Running, company: Company) -> None:
    text = page(platform, company, AGENT, f"{LIST}/new")
    begun = {name: checked(text, name) for name in ("channel", "complainant_type", "severity", "urgency")}
    assert begun == {
        "channel": ["phone"], "complainant_type": ["owner"], "severity": ["minor"], "urgency": ["normal"],
    }  # fmt: skip
    body = {k: v for k, v in BODY.items() if k not in ("severity", "channel")}
    refused = platform.program(company, AGENT).api("POST", LIST, {**body, "site": "n1"})
    assert refused.status_code == 422
    assert {e["path"] for e in refused.json()["errors"]} == {"severity", "channel"}


def test_places_are_chosen_from_the_sites_register(platform: Running, company: Company) -> None:
    assert 'name="location_id"' not in page(platform, company, AGENT, f"{LIST}/new")
    tower, floor = new_id(), new_id()
    with company.session() as session:
        session.add(Location(id=tower, site_id=company.sites["n1"], code="03", name="3 号楼"))
        session.flush()
        session.add(Location(id=floor, site_id=company.sites["n1"], parent_id=tower, code="03-18", name="18 层"))
    assert select(page(platform, company, AGENT, f"{LIST}/new"), "location_id") == ["3 号楼", "\u300018 层"]
    made = register(platform, company, location_id=str(floor))
    assert "3 号楼 / 18 层" in words(page(platform, company, AGENT, f"{LIST}/{made['id']}"))


def test_only_those_are_offered_who_can_own_it(platform: Running, company: Company) -> None:
    id = register(platform, company)["id"]
    assert step(platform, company, AGENT, id, "accept").status_code == 200
    offered = select(page(platform, company, LEAD, f"{LIST}/{id}/do/assign"), "owner_id")
    for name in ("engineering_lead_n1", "service_agent_n1", "project_manager_n1"):
        assert name in offered
    for name in ("engineering_lead_s1", "service_agent_s1", "nobody", "admin", "control_room_n1"):
        assert name not in offered


def test_a_complaint_is_transferred_to_another_project(platform: Running, company: Company) -> None:
    id = register(platform, company)["id"]
    offered = select(page(platform, company, LEAD, f"{LIST}/{id}/do/transfer"), "site_id")
    assert "s1" in offered
    assert not {"n1", "north", "south", "anhe"} & {*offered}


def test_the_likely_step_comes_first_and_senseless_ones_are_not_even_refused(
    platform: Running, company: Company
) -> None:
    id = register(platform, company)["id"]
    assert buttons(page(platform, company, LEAD, f"{LIST}/{id}"))[0] == "Accept"
    for by, name, body in (
        (AGENT, "accept", {}),
        (LEAD, "assign", {"owner_id": str(company.people["engineering_lead_n1"])}),
        (MANAGER, "resolve", SOLVED),
    ):
        assert step(platform, company, by, id, name, **body).status_code == 200
    text = page(platform, company, LEAD, f"{LIST}/{id}")
    assert buttons(text)[0] == "Record return visit"
    assert "Close: not now" in words(text)  # it waits for the visit
    for senseless in ("Acknowledge the report", "Answer in writing", "Waive the return visit"):
        assert senseless not in words(text)
    assert step(platform, company, AGENT, id, "visit", method="phone", result="satisfied").status_code == 200
    assert buttons(page(platform, company, LEAD, f"{LIST}/{id}"))[0] == "Close"


def test_a_visit_asks_for_the_merged_ones_only_where_there_are_any(platform: Running, company: Company) -> None:
    master, other = register(platform, company), register(platform, company)
    answer = step(platform, company, LEAD, other["id"], "merge", master=master["number"], reason="同一处漏水")
    assert answer.status_code == 200, answer.text
    merged = page(platform, company, LEAD, f"{LIST}/{other['id']}")
    link = re.search(rf'<a href="{LIST}/{master["id"]}">(.*?)</a>', merged)
    assert link
    assert link[1].startswith(f"{master['number']} {BODY['statement'][:10]}")
    assert other["number"] in words(page(platform, company, LEAD, f"{LIST}/{master['id']}"))


def test_the_stream_speaks(platform: Running, company: Company) -> None:
    made = register(platform, company)
    id = made["id"]
    browser = platform.program(company, LEAD)
    edited = browser.api("PATCH", f"{LIST}/{id}", {"severity": "important"}, version=made["row_version"])
    assert edited.status_code == 200, edited.text
    assert "Severity Ordinary → Important" in words(page(platform, company, LEAD, f"{LIST}/{id}"))
    done: list[tuple[str, str, dict[str, Any]]] = [
        (AGENT, "accept", {}),
        (LEAD, "assign", {"owner_id": str(company.people["engineering_lead_n1"])}),
        (MANAGER, "resolve", SOLVED),
        (AGENT, "visit", {"method": "phone", "result": "unsatisfied", "comment": "还在渗"}),
    ]
    for by, name, body in done:
        assert step(platform, company, by, id, name, **body).status_code == 200
    text = words(page(platform, company, LEAD, f"{LIST}/{id}"))
    assert "Return visit: Unsatisfied service_agent_n1 · Phone · Awaiting return visit → In progress" in text
    assert "Taken up again 0 → 1" not in text  # what the rules count is not told


def test_reports_wait_on_the_start_page_of_who_receives_them(platform: Running, company: Company) -> None:
    number = register(platform, company, severity="major")["number"]
    director = page(platform, company, "property_director", "/")
    assert "Waiting for my receipt 1" in words(director)
    assert number in words(director)
    address = re.search(rf'href="({LIST}/[^"]+/do/acknowledge)"', director)
    assert address
    browser = platform.browser(company, "property_director")
    form = browser.get(address[1])
    version = re.search(r'name="row_version" value="(\d+)"', form.text)
    assert version
    assert browser.post(address[1], {"row_version": version[1]}).status_code == 303
    assert "Waiting for my receipt 0" in words(page(platform, company, "property_director", "/"))
    assert "Waiting for my receipt" not in words(page(platform, company, AGENT, "/"))


def test_an_overdue_one_is_told_once_and_acknowledged_once(platform: Running, company: Company, clock: Clock) -> None:
    """The stream has the report, not the clock's own note of it beside; the start page one line for all reports of a
    complaint; what only counted says nothing."""
    made = register(platform, company)
    with company.session() as session:
        clock.at(max(session.scalars(sa.select(Complaint.resolve_by).where(Complaint.number == made["number"]))))
    run_due(company)
    stream = words(page(platform, company, LEAD, f"{LIST}/{made['id']}")).split("Timeline", 1)[1]
    assert "Overdue: Next progress" in stream
    assert "Overdue: Resolution" in stream
    assert "Escalated:" not in stream
    assert stream.count("Overdue: by the clock") > 1
    assert "Changed System" not in stream
    home = words(page(platform, company, MANAGER, "/"))
    assert "Waiting for my receipt 1" in home


def test_an_empty_part_of_the_list_leads_on(platform: Running, company: Company) -> None:
    register(platform, company)
    text = words(page(platform, company, MANAGER, f"{LIST}?tab=visit"))
    assert "Show: Open" in text


def test_the_start_page_shows_what_is_due_to_those_who_can_do_it(
    platform: Running, company: Company, clock: Clock
) -> None:
    id = register(platform, company, category="lift_entrapment", urgency="urgent")["id"]  # due: five minutes, two hours
    for by in (AGENT, LEAD):
        text = words(page(platform, company, by, "/"))
        assert "To do today 1" in text
        assert "First contact" in text
    assert "To do today 0" in words(page(platform, company, "quality", "/"))  # reads, and does nothing
    clock.move(minutes=10)
    text = words(page(platform, company, AGENT, "/"))
    assert "Overdue 1" in text  # the first contact
    assert "To do today 1" in text  # the progress notice
    assert "Overdue" not in words(page(platform, company, "quality", "/"))  # others meet it; the list of complaints has it
    assert f"{LIST}/{id}" in page(platform, company, AGENT, "/")


def test_a_likely_step_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="acept"):
        replace(resource, likely={State.NEW: ("acept",)})
    with pytest.raises(TypeError, match="vist"):
        replace(resource, deadlines=(Deadline("visit", resource.label, due="visit_by", step="vist"),))
