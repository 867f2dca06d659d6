"""Terms, the nightly disposal and its log, holds by page, and who opened what."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.records.tables import ClockStep
from dougong.testing.running import run_due
from dougong_complaints.records import Complaint
from dougong_privacy import disposal
from dougong_privacy.records import Disposal, Lookup

from .conftest import COMPLAINTS, NAME, PHONE, REQUESTS, World

YEARS = "/privacy/terms"


def on(world: World, **more: Any) -> None:
    world.company.settings("privacy", dispose=True, **more)


def notes(world: World) -> list[tuple[str, str]]:
    with world.system() as x:
        found = x.session.scalars(sa.select(Disposal).order_by(Disposal.number))
        return [(one.of, one.fate.value) for one in found]


def closed(world: World) -> tuple[dict[str, Any], dt.datetime]:
    made = world.complain()
    world.close(made)
    with world.system() as x:
        at = x.session.get_one(Complaint, (x.tenant, UUID(made["id"]))).closed_at
    assert at is not None
    return made, at


def test_a_record_goes_on_the_day_on_which_its_term_is_over_and_once(world: World) -> None:
    made, at = closed(world)
    running = world.complain()
    on(world)
    world.clock.at(at.replace(year=at.year + 3) - dt.timedelta(seconds=1))
    world.run("privacy.dispose")
    assert notes(world) == []
    world.clock.move(seconds=1)
    for _n in range(3):
        world.run("privacy.dispose")
    assert notes(world) == [(made["number"], "erased")]
    world.enter()
    shown = world.lead.api("GET", f"{COMPLAINTS}/{made['id']}").json()
    assert shown["complainant"] is None
    assert world.lead.api("GET", f"{COMPLAINTS}/{running['id']}").json()["complainant"]


def test_nothing_is_disposed_of_before_the_company_switched_it_on_and_never_under_a_hold(world: World) -> None:
    made, _at = closed(world)
    path = f"/privacy/hold/complaints.complaint/{made['id']}"
    world.clock.move(days=4000)
    world.run("privacy.dispose")
    assert notes(world) == []
    on(world)
    world.enter()
    world.done(world.officer.api("POST", path, {"reason": "诉讼"}), 200)
    world.run("privacy.dispose")
    assert notes(world) == []
    world.done(world.officer.api("POST", f"{path}/release", {"reason": "结案"}), 200)
    world.run("privacy.dispose")
    assert notes(world) == [(made["number"], "erased")]


def test_the_companys_own_term_holds(world: World) -> None:
    made, at = closed(world)
    on(world, terms={"complaints.complaint": {"years": 0, "months": 6, "ends": "delete"}})
    world.clock.at(at + dt.timedelta(days=180))
    world.run("privacy.dispose")
    world.enter()
    told = world.done(world.officer.api("GET", YEARS), 200)
    assert [one["number"] for one in told["coming"]] == [made["number"]]
    assert notes(world) == []
    world.clock.move(days=10)
    world.run("privacy.dispose")
    assert notes(world) == [(made["number"], "deleted")]
    assert world.lead.api("GET", f"{COMPLAINTS}/{made['id']}").status_code == 404
    on(world, terms={"complaints.complaint": {"ends": "keep"}})
    other, _at = closed(world)
    world.clock.move(days=4000)
    world.run("privacy.dispose")
    assert (other["number"], "erased") not in notes(world)


def test_much_goes_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disposal, "BATCH", 2)
    several = [closed(world)[0]["number"] for _n in range(3)]
    on(world)
    world.clock.move(days=4000)
    world.run("privacy.dispose")
    assert len(notes(world)) == 2
    world.run("privacy.dispose")
    assert sorted(of for of, _fate in notes(world)) == sorted(several)


def test_it_runs_every_night_by_itself_and_what_older_versions_left_waiting_does_nothing(world: World) -> None:
    made, at = closed(world)
    on(world)
    with world.system() as x:
        x.enqueue("privacy.dispose", key="privacy.nightly")
    world.clock.at(at.replace(year=at.year + 3) + dt.timedelta(hours=1))
    run_due(world.company, failing=True)
    assert notes(world) == []
    world.clock.move(days=1)
    run_due(world.company, failing=True)
    assert notes(world) == [(made["number"], "erased")]


@pytest.mark.parametrize(
    "terms", [{"complaints.complaint": {"years": -1}}, {"complaints.complaint": {"ends": "burn"}}, {"x": {"days": 3}}]
)
def test_impossible_terms_are_refused(world: World, terms: Any) -> None:
    from dougong_privacy.settings import Settings
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        Settings(terms=terms)


def test_an_answer_that_is_owed_reminds_is_noted_and_goes_up(world: World) -> None:
    """Whoever may answer is reminded; the officers hear of it at once when it is late, the general managers later."""
    made = world.request()
    world.do(world.officer, REQUESTS, made["id"], "verify", proof="in_person")
    world.clock.at(dt.datetime.fromisoformat(made["due_by"]) + dt.timedelta(days=14))
    run_due(world.company)
    with world.system() as x:
        rows = x.session.scalars(sa.select(ClockStep).where(ClockStep.record_id == UUID(made["id"])))
        steps = {row.step: {name for name, id in world.company.people.items() if id in row.people} for row in rows}
    assert steps == {
        "overdue": {"officer"}, "escalate_1": {"officer", "privacy_officer_n1"}, "escalate_2_0.5": {"general_manager"},
    }  # fmt: skip  (a reminder that the breach has overtaken is left out)
    world.enter()
    late = world.officer.api("GET", f"{REQUESTS}/{made['id']}").json()
    assert late["answer_late"] is True
    answered = world.do(world.officer, REQUESTS, made["id"], "reply", answer="已提供")
    assert answered["answered_at"] is not None
    again = world.do(world.officer, REQUESTS, made["id"], "resume")
    assert again["due_by"] == late["due_by"], "dealt with again is not asked again"


def test_open_requests_keep_the_day_that_was_promised(world: World) -> None:
    from dougong_privacy.records import Request

    migration = importlib.import_module("dougong_privacy.migrations.versions.0002_the_answer_s_clock")
    id = UUID(world.request()["id"])
    with world.system() as x:
        r = x.session.get_one(Request, (x.tenant, id))
        row = {name: getattr(r, name) for name in (
            "tenant_id", "id", "site_id", "received_at", "created_at", "due_by", "answered_at", "extended",
        )}  # fmt: skip
        promised = world.clock.now + dt.timedelta(days=30)
        made = migration._one({**row, "due_by": promised}, world.clock.now)
        r.due_by, r.timing = promised, made["timing"]
    with world.system() as x:
        r = x.session.get_one(Request, (x.tenant, id))
        x.reckon(r)
        assert r.due_by == promised
        assert made["at"] == promised - dt.timedelta(days=6)


def test_the_answer_is_due_after_fifteen_working_days_and_extended_once(world: World) -> None:
    made = world.request()  # Monday, 2 March 2026, 9:00
    due = dt.datetime.fromisoformat(made["due_by"])
    assert due == world.clock.now.replace(microsecond=due.microsecond) + dt.timedelta(days=21)
    longer = world.do(world.officer, REQUESTS, made["id"], "extend", reason="资料较多")
    assert dt.datetime.fromisoformat(longer["due_by"]) == due + dt.timedelta(days=30)
    again = world.officer.api("POST", f"{REQUESTS}/{made['id']}/transitions/extend", {"reason": "again"})
    assert again.status_code == 409
    later = (world.clock.now + dt.timedelta(days=1)).isoformat()
    body = {"site": "n1", "wish": "copy", "asker": "甲", "contact": PHONE, "received_at": later}
    refused = world.lead.api("POST", REQUESTS, body)
    assert refused.json()["errors"][0]["path"] == "received_at"


def test_a_refusal_takes_a_reason_and_a_way_of_complaint(world: World) -> None:
    made = world.working()
    path = f"{REQUESTS}/{made['id']}/transitions/decline"
    assert world.officer.api("POST", path, {"refusal": "无法核实"}).json()["errors"][0]["path"] == "appeal"
    assert world.officer.api("POST", path, {"refusal": "无法核实", "appeal": "12345"}).status_code == 200


def test_who_opened_what_is_listed_for_the_officer_and_can_be_narrowed(world: World) -> None:
    one, two = world.complain(), world.complain()
    world.done(world.lead.api("POST", f"{COMPLAINTS}/{one['id']}/reveal/phone"), 200)
    world.clock.move(days=1)
    world.done(world.manager.api("POST", f"{COMPLAINTS}/{two['id']}/reveal/complainant"), 200)
    listed = world.done(world.officer.api("GET", "/privacy/accesses"), 200)["results"]
    assert [(row["number"], row["field"]) for row in listed] == [
        (two["number"], "complainant"),
        (one["number"], "phone"),
    ]
    for query, number in (
        (f"record={one['id']}", one["number"]),
        (f"person={world.company.people['manager']}", two["number"]),
        (f"at.to={world.clock.now - dt.timedelta(days=1):%Y-%m-%d}", one["number"]),
    ):
        some = world.done(world.officer.api("GET", f"/privacy/accesses?{query}"), 200)["results"]
        assert [row["number"] for row in some] == [number], query
    for bad in (
        "person=me",
        "kind=none.such",
        "at.from=31.12.2026",
        "at.to=99999-01-01",
        "after=x",
        "record='",
        "more=1",
    ):
        assert world.officer.api("GET", f"/privacy/accesses?{bad}").status_code == 400, bad


def test_a_search_without_a_request_is_noted_without_the_person(world: World) -> None:
    one = world.complain()
    found = world.done(
        world.officer.api("POST", "/privacy/search", {"terms": f"{NAME}\n{PHONE}", "why": "监管来函"}), 200
    )
    assert [hit["number"] for hit in found["records"]] == [one["number"]]
    with world.system() as x:
        [noted] = x.session.scalars(sa.select(Lookup))
        assert (noted.why, noted.found, noted.person_id) == ("监管来函", 1, world.company.people["officer"])
    for body in (
        {},
        {"terms": "甲", "why": "x"},
        {"terms": "  \n ", "why": "x"},
        {"terms": "x" * 200, "why": "x"},
        [1],
    ):
        assert world.officer.api("POST", "/privacy/search", body).status_code in (400, 422), body


def test_only_who_may_finds_and_nobody_where_the_module_is_off(world: World) -> None:
    world.complain()
    made = world.working()
    admin = world.platform.program(world.company, "admin")
    addresses = (
        ("GET", f"/privacy/case/{made['id']}/found"), ("POST", f"/privacy/case/{made['id']}/erase"),
        ("POST", "/privacy/search"), ("GET", "/privacy/accesses"),
    )  # fmt: skip
    body = {"terms": NAME, "why": "x", "sure": True}
    for client in (world.lead, admin):
        for method, path in addresses:
            answer = client.api(method, path, body if method == "POST" else None)
            assert answer.status_code == 404, (method, path, answer.text)
    assert admin.api("GET", "/privacy/terms").status_code == 200
    hidden = world.lead.api("GET", f"{REQUESTS}/{made['id']}").json()
    assert NAME not in str(hidden)
    assert PHONE not in str(hidden)
    assert hidden.get("terms") is None
    world.company.switch("privacy", False)
    for method, path in addresses:
        assert world.officer.api(method, path, body if method == "POST" else None).status_code == 404
    world.done(world.lead.api("POST", f"{COMPLAINTS}", {"site": "n1"}), 422)


def test_what_is_handed_over_lies_behind_the_handlers_permission(world: World) -> None:
    import io
    import json
    import zipfile

    one = world.complain(complainant="=HYPERLINK(1)<b>")
    made = world.working(asker="=HYPERLINK(1)<b>")
    assert world.done(world.officer.api("POST", f"/privacy/case/{made['id']}/export", {}), 200) == {"done": True}
    with world.system() as x:
        from dougong_privacy.records import Request

        [file] = x.files(x.session.get_one(Request, (x.tenant, UUID(made["id"]))), field="package")
        address = f"{REQUESTS}/{made['id']}/files/{file.id}"
    browser = world.platform.browser(world.company, "officer")
    packed = zipfile.ZipFile(io.BytesIO(browser.get(address).content))
    told = json.loads(packed.read("data.json"))
    assert told["records"][0]["number"] == one["number"]
    assert told["records"][0]["fields"]["phone"] == PHONE
    page = packed.read("data.html").decode()
    assert "=HYPERLINK(1)&lt;b&gt;" in page
    assert "<script" not in page
    assert world.platform.browser(world.company, "lead").get(address).status_code == 404
    assert world.lead.api("GET", f"{REQUESTS}/{made['id']}/files").json()["results"] == []


def test_the_pages_from_finding_to_erasing(world: World) -> None:
    one = world.complain()
    world.close(one)
    made = world.working()
    browser = world.platform.browser(world.company, "officer")
    here = f"/privacy/case/{made['id']}"
    listed = browser.get(here)
    assert one["number"] in listed.text
    assert listed.headers["cache-control"] == "no-store"
    asking = browser.post(f"{here}/erase", {"all": "1"})
    assert asking.status_code == 200, asking.text
    key = f"complaints.complaint/{one['id']}"
    assert key in asking.text
    assert browser.post(f"{here}/erased", {"id": key}).status_code == 422
    done = browser.post(f"{here}/erased", {"id": key, "sure": "1"})
    assert done.status_code == 303
    assert one["number"] in browser.get(f"{here}/account").text
    assert browser.post(f"{here}/erase", {}).status_code == 400
    for address in (
        "/privacy/search",
        "/privacy/terms",
        "/privacy/accesses",
        "/privacy/lookups",
        f"{here}/mentions",
        REQUESTS,
        "/privacy/disposal",
    ):
        assert browser.get(address).status_code == 200, address
    found = browser.post("/privacy/search", {"terms": NAME, "why": "试"})
    assert found.status_code == 200
    hold = f"/privacy/hold/complaints.complaint/{one['id']}"
    assert browser.get(hold).status_code == 200
    assert browser.post(hold, {"reason": "诉讼"}).status_code == 303
    assert "诉讼" in world.platform.browser(world.company, "lead").get(f"{COMPLAINTS}/{one['id']}").text
