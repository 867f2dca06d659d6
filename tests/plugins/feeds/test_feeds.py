"""Calendar feeds: what stands in them, whose rights count, and that a link can be taken back."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.access.tables import Grant, Person
from dougong_feeds.records import Feed

from .conftest import COMPLAINTS, World

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_due_dates_stand_in_the_calendar_in_the_sites_zone(world: World) -> None:
    made = world.complain()
    events = world.events(world.feed()["link"])
    found = {str(e["uid"]).partition("@")[0].rpartition("-")[2]: e for e in events}
    assert {"resolution", "contact", "progress"} <= set(found)
    one = found["resolution"]
    due = dt.datetime.fromisoformat(made["resolve_by"])
    assert one["dtstart"].dt == due.replace(microsecond=0)
    assert one["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert made["number"] in str(one["summary"])
    assert str(one["location"]) == "n1"
    assert str(one["url"]) == f"{COMPLAINTS}/{made['id']}"


def test_nothing_personal_stands_in_it(world: World) -> None:
    world.complain()
    text = world.read(world.feed("general_manager")["link"]).text
    for secret in ("王女士", "13800005678", "3-2-1801"):
        assert secret not in text


def test_entries_keep_their_uid_and_an_unchanged_calendar_is_not_sent_again(world: World) -> None:
    made, link = world.complain(), world.feed()["link"]
    first = world.read(link)
    assert first.headers["content-type"].startswith("text/calendar")
    world.clock.move(minutes=7)
    again = world.read(link, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    uids = {str(e["uid"]) for e in world.events(link)}
    step = f"{COMPLAINTS}/{made['id']}/transitions/notify"
    body = {"text": "已安排", "channel": "phone"}
    assert world.platform.program(world.company, "service_lead_n1").api("POST", step, body).status_code == 200
    moved = world.read(link, **{"if-none-match": first.headers["etag"]})
    assert moved.status_code == 200
    assert {str(e["uid"]) for e in world.events(link)} <= uids


def test_what_is_done_is_no_longer_in_it(world: World) -> None:
    made, link = world.complain(), world.feed()["link"]
    lead = world.platform.program(world.company, "service_lead_n1")
    body = {"reason": "查无此事", "reply": "经查无此情况", "by": "phone"}
    assert lead.api("POST", f"{COMPLAINTS}/{made['id']}/transitions/unfounded", body).status_code == 200
    assert world.events(link) == []


def test_the_filter_holds(world: World) -> None:
    world.complain()
    assert world.events(world.feed(query={"severity": ["major"]})["link"]) == []
    assert world.events(world.feed(query={"severity": ["major", "minor"], "site": "n1"})["link"])


def test_the_owners_rights_count_at_every_request(world: World) -> None:
    world.company.add_person("robot")
    grant = world.company.grant("robot", "service_lead", "n1")
    link = world.feed("robot")["link"]
    world.complain()
    assert world.events(link)
    world.company.revoke(grant)
    assert world.read(link).status_code == 404
    world.company.grant("robot", "service_lead", "s1")
    assert world.events(link) == []


def test_the_accused_does_not_see_it_there_either(world: World) -> None:
    link = world.feed("project_manager_n1")["link"]
    world.complain(against_id=str(world.company.people["project_manager_n1"]))
    assert world.events(link) == []


def test_somebody_who_left_has_no_calendar(world: World) -> None:
    link = world.feed()["link"]
    with world.company.session() as session:
        session.execute(sa.update(Person).where(Person.username == "service_lead_n1").values(status="disabled"))
    assert world.read(link).status_code == 404


def test_a_link_is_renewed_and_taken_back(world: World) -> None:
    feed = world.feed()
    program = world.platform.program(world.company, "service_lead_n1")
    renewed = program.api("POST", f"/feeds/feed/{feed['id']}/renew")
    assert renewed.status_code == 201
    assert world.read(feed["link"]).status_code == 404
    assert world.read(renewed.json()["link"]).status_code == 200
    assert program.api("DELETE", f"/feeds/feed/{feed['id']}").status_code == 204
    assert world.read(renewed.json()["link"]).status_code == 404


def test_the_secret_is_kept_nowhere(world: World) -> None:
    feed = world.feed()
    secret = feed["link"].removeprefix("/feeds/").removesuffix(".ics")
    program = world.platform.program(world.company, "service_lead_n1")
    assert secret not in program.api("GET", "/feeds/feed").text
    with world.company.session() as session:
        [row] = session.scalars(sa.select(Feed))
        assert secret not in (row.digest, row.name, str(row.query))


def test_a_repeated_request_makes_one_feed(world: World) -> None:
    program = world.platform.program(world.company, "service_lead_n1")
    body = {"name": "一个", "kind": "complaints.complaint"}
    first, second = (program.api("POST", "/feeds/feed", body, key="k-1") for _n in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert second.json()["link"] is None
    other = program.api("POST", "/feeds/feed", {**body, "name": "另一个"}, key="k-1")
    assert other.status_code == 422
    assert len(program.api("GET", "/feeds/feed").json()["results"]) == 1


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"kind": "complaints.nothing"}, 422),
        ({"kind": "webhooks.subscription"}, 422),
        ({"name": ""}, 422),
        ({"query": {"no_such": "1"}}, 400),
        ({"query": {"site": "elsewhere"}}, 422),
        ({"query": {"severity": "x" * 600}}, 422),
        ({"query": [1]}, 422),
        ({"more": 1}, 422),
    ],
)
def test_what_is_refused(world: World, over: dict[str, Any], status: int) -> None:
    body = {"name": "我的", "kind": "complaints.complaint", **over}
    answer = world.platform.program(world.company, "service_lead_n1").api("POST", "/feeds/feed", body)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "link", ["/feeds/x.ics", "/feeds/x", "/feeds/.ics", "/feeds/" + "a" * 5000 + ".ics", "/feeds/%ff.ics"]
)
def test_a_guess_finds_nothing(world: World, link: str) -> None:
    assert world.read(link).status_code == 404


def test_others_cannot_touch_it(world: World, other_company: Company) -> None:
    feed = world.feed()
    assert world.read(feed["link"], other_company).status_code == 404
    for program in (
        world.platform.program(world.company, "service_agent_n1"),
        world.platform.program(other_company, "service_lead_n1"),
    ):
        assert program.api("GET", "/feeds/feed").json()["results"] == []
        assert program.api("POST", f"/feeds/feed/{feed['id']}/renew").status_code == 404
        assert program.api("DELETE", f"/feeds/feed/{feed['id']}").status_code == 404
    assert world.platform.program(world.company, "nobody").api("GET", "/feeds/feed").status_code == 404


def test_a_calendar_that_asks_too_often_waits(world: World) -> None:
    world.company.settings("feeds", rate=2)
    link = world.feed()["link"]
    assert [world.read(link).status_code for _n in range(3)] == [200, 200, 429]
    late = world.read(link)
    assert int(late.headers["retry-after"]) > 0


def test_without_the_module_there_is_no_feed(world: World) -> None:
    link = world.feed()["link"]
    world.company.switch("feeds", False)
    assert world.read(link).status_code in (303, 401, 404)
    world.company.switch("feeds", True)
    world.company.switch("complaints", False)
    assert world.read(link).status_code == 404


def test_pages(world: World) -> None:
    """By hand: choose, name, copy the link, take it back."""
    world.complain()
    browser = world.platform.browser(world.company, "service_lead_n1")
    assert browser.get("/feeds").status_code == 200
    assert browser.get("/feeds/new").status_code == 200
    sent = {"kind": "complaints.complaint", "name": "未结投诉", "part": "tab:open", "site": "n1"}
    shown = browser.post("/feeds/new", sent)
    assert shown.status_code == 200, shown.text
    link = re.search(r"/feeds/[\w-]+\.ics", shown.text)
    assert link
    assert world.events(link[0])
    listed = browser.get("/feeds")
    assert "未结投诉" in listed.text
    assert link[0] not in listed.text
    id = re.search(r"/feeds/([0-9a-f-]{36})/remove", listed.text)
    assert id
    assert browser.post(f"/feeds/{id[1]}/remove").status_code == 303
    assert world.read(link[0]).status_code == 404
    wrong = browser.post("/feeds/new", {"kind": "complaints.complaint", "name": " ", "part": "view:7"})
    assert wrong.status_code == 422
    assert "/feeds/new?kind=complaints.complaint" in browser.get(COMPLAINTS).text


def test_a_saved_view_as_a_feed(world: World) -> None:
    from dougong.records import savedviews

    with world.company.acting("service_lead_n1") as x:
        view = savedviews.save(x, "complaints.complaint", "大事", (("severity", "major"),), None)
    world.complain()
    browser = world.platform.browser(world.company, "service_lead_n1")
    browser.get("/feeds/new?kind=complaints.complaint")
    shown = browser.post("/feeds/new", {"kind": "complaints.complaint", "name": "大事", "part": f"view:{view}"})
    link = re.search(r"/feeds/[\w-]+\.ics", shown.text)
    assert link
    assert world.events(link[0]) == []
    world.complain(severity="major")
    assert world.events(link[0])


def test_grants_of_feeds_can_be_taken_away(world: World) -> None:
    link = world.feed()["link"]
    with world.company.session() as session:
        session.execute(sa.delete(Grant).where(Grant.person_id == world.company.people["service_lead_n1"]))
    assert world.read(link).status_code == 404
