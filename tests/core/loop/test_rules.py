"""Rules of a company: what is opened at once, and how often; what rests."""

from __future__ import annotations

from .conftest import FIND, FLAW, MEND, RULE, World, text

LOOP = {"trigger": "mends.mend", "opens": "mends.flaw", "mode": "open"}


def test_a_rule_opens_in_the_same_transaction_and_says_so_at_both_ends(world: World) -> None:
    world.rules(RULE)
    found = world.find()
    (made,) = world.all(MEND)
    assert made["title"] == "Crack"
    whole = world.program().api("GET", f"{MEND}/{made['id']}").json()
    assert (whole["haste"], whole["by"], whole["created_by"]) == ("now", f"Find {found['number']}", None)
    at_source = [row for row in world.history(found["id"]) if row.action == "follow_up"]
    assert [(row.actor_id, row.inputs["opens"], row.inputs["number"]) for row in at_source] == [
        (None, "mends.mend", made["number"])
    ]
    at_made = next(row for row in world.history(made["id"]) if row.action == "origin")
    assert (at_made.inputs["trigger"], at_made.inputs["number"]) == ("finds.find", found["number"])
    page = text(world.browser().get(f"{MEND}/{made['id']}").text)
    assert "按规则：A find → Mend" in page


def test_a_rule_narrows_by_value(world: World) -> None:
    world.rules(RULE)
    world.find(grade="light")
    world.find(grade=None)
    assert world.all(MEND) == []
    world.rules({**RULE, "value": ""})
    world.find(grade="light")
    world.find(grade=None)  # without a value it is hit by no rule
    assert len(world.all(MEND)) == 1


def test_once_for_each_source_whatever_is_repeated(world: World) -> None:
    world.rules(RULE, {**RULE, "value": "light"}, {**RULE, "value": ""})
    found = world.find()
    program = world.program()
    for step in ("look", "again", "look"):
        assert program.api("POST", f"{FIND}/{found['id']}/transitions/{step}", {}).status_code == 200
    assert len(world.all(MEND)) == 1
    world.find()
    assert len(world.all(MEND)) == 2


def test_an_edit_that_is_no_action_of_the_trigger_opens_nothing_until_one_is(world: World) -> None:
    world.rules(RULE)
    found = world.find(grade="light")
    program = world.program()
    program.api("PATCH", f"{FIND}/{found['id']}", {"grade": "grave"}, version=1)
    assert world.all(MEND) == []
    program.api("POST", f"{FIND}/{found['id']}/transitions/look", {})
    assert len(world.all(MEND)) == 1


def test_whoever_may_not_see_what_is_opened_opens_it_by_the_rule(world: World) -> None:
    world.rules(RULE)
    found = world.find("service_agent_n1")
    assert len(world.all(MEND)) == 1
    assert world.chain(FIND, found["id"], "service_agent_n1") == [found["number"]]
    assert world.program("service_agent_n1").api("GET", MEND).status_code in (403, 404)


def test_a_form_that_asks_for_more_is_offered_and_the_source_stands(world: World) -> None:
    world.rules({**RULE, "opens": "mends.flaw"})
    found = world.find()
    assert world.all(FLAW) == []
    failed = next(row for row in world.history(found["id"]) if row.action == "follow_up_failed")
    assert failed.inputs["fields"] == "law"
    page = world.browser().get(f"{FIND}/{found['id']}").text
    assert f"/mends/flaw/new?from=finds.find%3A{found['id']}" in page
    assert "无法填齐" in text(page)


def test_modules_that_are_off_rest_and_come_back(world: World) -> None:
    world.rules(RULE)
    first = world.find()
    world.company.switch("mends", False)
    found = world.find()
    browser = world.browser()
    assert browser.get(f"{FIND}/{found['id']}").status_code == 200
    assert world.chain(FIND, first["id"]) == [first["number"]]
    world.company.switch("mends", True)
    assert len(world.all(MEND)) == 1
    assert len(world.chain(FIND, first["id"])) == 2
    world.program().api("POST", f"{FIND}/{found['id']}/transitions/look", {})
    assert len(world.all(MEND)) == 2


def test_no_personal_value_crosses(world: World) -> None:
    world.rules(RULE)
    world.find(witness="Ms Wang")
    (made,) = world.all(MEND)
    whole = world.program().api("GET", f"{MEND}/{made['id']}").text
    history = world.program().api("GET", f"{MEND}/{made['id']}/history").text
    assert "Wang" not in whole + history


def test_rules_in_a_circle_end(world: World) -> None:
    world.rules(RULE, LOOP, {"trigger": "mends.mend", "opens": "mends.mend", "mode": "open"})
    world.find()
    assert len(world.all(MEND)) == 1


def test_rules_are_of_one_company(world: World, other: World) -> None:
    world.rules(RULE)
    other.find()
    assert other.all(MEND) == []
    found = world.find()
    answer = other.program().api("POST", MEND, {"site": "n1", "title": "x", "from": f"finds.find:{found['id']}"})
    assert answer.status_code == 422
    assert other.program().api("GET", f"{FIND}/{found['id']}/chain").status_code == 404
