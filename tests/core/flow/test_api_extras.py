"""The API beyond single records: references expanded, requests counted, repeated creates done once."""

from __future__ import annotations

import pytest
from dougong.web.metering import Meter

from .conftest import BODY, LIST, House

AGENT, LEAD = "service_agent_n1", "service_lead_n1"


# ---- expand ----


def test_people_sites_and_links_are_told_beside_the_rows(house: House) -> None:
    one, two = house.register(), house.register()
    lead = house.program(LEAD)
    lead.api("POST", f"{LIST}/{one['id']}/links", {"kind": "complaints.complaint", "id": two["id"]})
    house.step(LEAD, one["id"], "accept")
    owner = str(house.anhe.people["engineering_lead_n1"])
    house.step(LEAD, one["id"], "assign", owner_id=owner)
    found = lead.api("GET", f"{LIST}/{one['id']}?expand=owner_id,site_id,links,created_by").json()
    told = found["expanded"]
    assert told["owner_id"] == {owner: {"id": owner, "name": "engineering_lead_n1"}}
    assert [site["slug"] for site in told["site_id"].values()] == ["n1"]
    [linked] = told["links"][one["id"]]
    assert (linked["id"], linked["number"], linked["state"]) == (two["id"], two["number"], "registered")
    listed = lead.api("GET", f"{LIST}?tab=all&limit=100&expand=links&expand=site_id").json()
    assert [each["id"] for each in listed["expanded"]["links"][two["id"]]] == [one["id"]]
    assert "expanded" not in lead.api("GET", LIST).json()


def test_a_linked_record_that_one_may_not_see_is_not_told(house: House) -> None:
    seen, hidden = house.register(), house.register(against_id=str(house.anhe.people["project_manager_n1"]))
    region = house.program("regional_director_north")
    body = {"kind": "complaints.complaint", "id": hidden["id"]}
    with house.anhe.acting(None, "complaints") as x:
        from uuid import UUID

        from dougong_complaints.records import Complaint

        x.link(x.get(Complaint, UUID(seen["id"])), x.get(Complaint, UUID(hidden["id"])))
    assert body["id"] in region.api("GET", f"{LIST}/{seen['id']}?expand=links").text
    answer = house.program("project_manager_n1").api("GET", f"{LIST}/{seen['id']}?expand=links")
    assert answer.json()["expanded"]["links"] == {seen["id"]: []}
    assert hidden["id"] not in answer.text


def test_a_reference_to_a_record_is_expanded(house: House) -> None:
    master, merged = house.register(), house.register()
    done = house.step(LEAD, merged["id"], "merge", reason="同一件事", master=master["number"])
    assert done.status_code == 200, done.text
    found = house.program(LEAD).api("GET", f"{LIST}/{merged['id']}?expand=master_id").json()
    assert found["expanded"]["master_id"][master["id"]]["number"] == master["number"]


@pytest.mark.parametrize("names", ["phone", "statement", "nothing", "owner_id,nothing", "tenant_id", "'"])
def test_what_cannot_be_expanded_is_named(house: House, names: str) -> None:
    made = house.register()
    for path in (LIST, f"{LIST}/{made['id']}"):
        answer = house.program(LEAD).api("GET", f"{path}?expand={names}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == "expand"


# ---- repeated ----


def test_comments_links_and_bulk_are_done_once(house: House) -> None:
    one, two = house.register(), house.register()
    lead = house.program(LEAD)
    said = [lead.api("POST", f"{LIST}/{one['id']}/comments", {"text": "一次"}, key="say") for _n in range(2)]
    assert [answer.status_code for answer in said] == [201, 201]
    assert said[0].json() == said[1].json()
    assert len(lead.api("GET", f"{LIST}/{one['id']}/comments").json()["results"]) == 1
    body = {"action": "accept", "ids": [one["id"], two["id"]]}
    done = [lead.api("POST", f"{LIST}/bulk", body, key="many") for _n in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json() == done[1].json()
    other = lead.api("POST", f"{LIST}/bulk", {**body, "ids": [one["id"]]}, key="many")
    assert other.status_code == 422
    assert other.json()["errors"][0]["path"] == "Idempotency-Key"
    elsewhere = lead.api("POST", LIST, dict(BODY), key="many")
    assert elsewhere.status_code == 422


def test_a_failed_request_leaves_its_key_free(house: House) -> None:
    one = house.register()
    lead = house.program(LEAD)
    path = f"{LIST}/{one['id']}/comments"
    assert lead.api("POST", path, {"text": ""}, key="again").status_code == 422
    assert lead.api("POST", path, {"text": "好了"}, key="again").status_code == 201


# ---- counted ----


def test_a_token_has_a_rate_and_is_told_what_is_left(house: House) -> None:
    house.jinxiu.settings("core", token_rate=3)
    program, other = (house.program("admin", house.jinxiu) for _n in range(2))
    assert other.api("GET", "/core/modules").status_code == 200
    answers = [program.api("GET", "/core/modules") for _n in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["ratelimit"].split(";")[1] for a in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers["ratelimit-policy"] == '"token";q=3;w=60'
    late = answers[3]
    assert late.headers["content-type"] == "application/problem+json"
    assert 0 < int(late.headers["retry-after"]) <= 20
    assert late.json()["status"] == 429
    assert other.api("GET", "/core/modules").status_code == 200  # another token
    assert house.program(LEAD).api("GET", LIST).status_code == 200  # another company
    house.jinxiu.settings("core", token_rate=0)
    free = program.api("GET", "/core/modules")
    assert free.status_code == 200
    assert "ratelimit" not in free.headers


def test_a_session_is_counted_only_where_it_is_costly(house: House) -> None:
    house.jinxiu.settings("core", session_rate=1)
    browser = house.platform.browser(house.jinxiu, LEAD)
    assert browser.get(LIST).status_code == 200
    assert [browser.get("/search?q=水").status_code for _n in range(2)] == [200, 429]
    assert [browser.get(LIST).status_code for _n in range(3)] == [200, 200, 200]
    house.jinxiu.settings("core", session_rate=120)


def test_a_burst_may_spend_the_minute_and_is_refilled_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr("dougong.web.metering.time.monotonic", lambda: moment)
    meter = Meter(kept=2)
    assert [meter.take("a", "token", 60).left for _n in range(60)] == [*range(59, -1, -1)]
    refused = meter.take("a", "token", 60)
    assert (refused.left, refused.wait, refused.reset) == (0, pytest.approx(1.0), 60)
    moment += 1.01
    assert meter.take("a", "token", 60).wait == 0
    assert meter.take("a", "token", 60).wait > 0
    moment += 61
    assert meter.take("a", "token", 60).left == 59
    for holder in ("b", "c"):
        meter.take(holder, "token", 60)
    assert meter.take("a", "token", 60).left == 59  # forgotten: it begins anew
