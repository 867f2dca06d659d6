"""What people are offered to open: buttons, the form that begins with what is told, the link."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .conftest import FIND, MEND, RULE, World, text

OFFER = {**RULE, "mode": "offer"}


def _new(found: dict[str, Any]) -> str:
    return f"{MEND}/new?from=finds.find:{found['id']}"


def test_an_offer_opens_the_form_filled_in_and_links_on_saving(world: World) -> None:
    world.rules(OFFER)
    found = world.find()
    assert world.all(MEND) == []
    browser = world.browser()
    page = browser.get(f"{FIND}/{found['id']}").text
    assert "开Mend" in text(page)
    form = browser.get(_new(found))
    assert form.status_code == 200
    assert 'value="Crack"' in form.text
    assert found["number"] in text(form.text)
    sent = {"from": f"finds.find:{found['id']}", "site": "n1", "once": "abcdef", "haste": "now"}
    again = browser.post(f"{MEND}/new", {**sent, "title": ""})
    assert again.status_code == 422
    assert f'value="finds.find:{found["id"]}"' in again.text
    done = browser.post(f"{MEND}/new", {**sent, "title": "Crack in the wall"})
    assert done.status_code == 303, text(done.text)
    (made,) = world.all(MEND)
    assert world.chain(FIND, found["id"]) == [found["number"], made["number"]]
    told = world.program().api("GET", f"{MEND}/{made['id']}/chain").json()["results"]
    assert told[1]["origins"] == [{"kind": "finds.find", "id": found["id"]}]
    assert "由此引出" in text(browser.get(f"{MEND}/{made['id']}").text)


def test_the_api_names_the_origin(world: World) -> None:
    found = world.find()
    made = world.make(MEND, title="By hand", **{"from": f"finds.find:{found['id']}"})
    assert world.chain(MEND, made["id"]) == [found["number"], made["number"]]


def test_a_repeated_request_opens_one(world: World) -> None:
    found = world.find()
    body = {"site": "n1", "title": "x", "from": f"finds.find:{found['id']}"}
    program = world.program()
    first, second = (program.api("POST", MEND, body, key="k1") for _n in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert program.api("POST", MEND, {**body, "from": f"finds.find:{uuid4()}"}, key="k1").status_code == 422


def test_without_the_right_to_create_there_is_no_offer(world: World) -> None:
    world.rules(OFFER)
    found = world.find()
    page = world.browser("quality").get(f"{FIND}/{found['id']}").text
    assert "开Mend" not in text(page)
    assert "from=" not in page
    assert world.browser("quality").get(_new(found)).status_code == 403


@pytest.mark.parametrize(
    "named",
    ["", "x", "finds.find", "finds.find:", "finds.find:1", "finds.find:" + "0" * 400, "nothing.here:{id}", "mends.flaw:{id}",
     "core.link:{id}", "finds.find:00000000-0000-0000-0000-000000000000", ":{id}", "finds.find:{id}\x00"],
)  # fmt: skip
def test_what_is_not_there_for_somebody_is_absent(world: World, named: str) -> None:
    found = world.find()
    origin = named.replace("{id}", found["id"])
    answer = world.program().api("POST", MEND, {"site": "n1", "title": "x", "from": origin})
    assert answer.status_code == 422, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == ["from"]
    if origin:
        assert world.browser().get(f"{MEND}/new", params={"from": origin}).status_code in (400, 404)
    assert world.all(MEND) == []


def test_other_types_are_refused(world: World) -> None:
    for value in (1, [], {"kind": "finds.find"}, True):
        assert world.program().api("POST", MEND, {"site": "n1", "title": "x", "from": value}).status_code == 422


def test_a_record_that_one_may_not_see_is_no_origin(world: World) -> None:
    world.rules(OFFER)
    found = world.find("service_agent_n1", against_id=str(world.company.people["project_manager_n1"]))
    assert world.program().api("GET", f"{FIND}/{found['id']}").status_code == 404
    assert world.browser().get(_new(found)).status_code == 404
    answer = world.program().api("POST", MEND, {"site": "n1", "title": "x", "from": f"finds.find:{found['id']}"})
    assert answer.status_code == 422


def test_what_a_rule_opened_is_not_offered(world: World) -> None:
    world.rules(RULE)
    found = world.find()
    assert "开Mend" not in text(world.browser().get(f"{FIND}/{found['id']}").text)
    world.company.switch("mends", False)
    assert "开Mend" not in text(world.browser().get(f"{FIND}/{found['id']}").text)
