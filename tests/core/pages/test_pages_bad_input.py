"""Bad input to pages: the same form again with what was typed, errors at their inputs, and nothing half written."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from .conftest import Asker, World, hidden, words
from .sample import Thing

PATH = "/sample/thing"
GOOD = {"site": "n1", "title": "Typed title", "category": "leak"}


def count(world: World) -> int:
    with world.anhe.session() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Thing)) or 0


def value_of(answer: httpx.Response, name: str) -> str:
    """What an input of the page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.text)
    found = found or re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)<', answer.text)
    assert found, name
    return html.unescape(found[1]).removeprefix("\n")  # as HTML has it: the first newline of a textarea is no text


def carried(answer: httpx.Response) -> dict[str, str]:
    """What an edit form carries unseen."""
    return {name: hidden(answer, name) for name in ("row_version", "was")}


def new(browser: Asker, **values: Any) -> httpx.Response:
    page = browser.get(f"{PATH}/new")
    return browser.submit(f"{PATH}/new", {**GOOD, "once": hidden(page, "once"), **values})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""), ("title", "x" * 300), ("category", "fire"), ("category", ""), ("colour", "pink"), ("phone", "call me"),
        ("email", "nobody"), ("price", "much"), ("price", "1.234"), ("price", "9" * 40),
        ("pieces", "many"), ("pieces", "9" * 4000),
        ("day", "2026-99-99"), ("day", "soon"), ("begins", "later"), ("begins", "0001-01-01T00:00"), ("owner_id", "x"),
        ("owner_id", "0190aaaa-0000-7000-8000-000000000000"), ("twin_id", "SA-1999-000001"), ("site", ""), ("site", "nowhere"),
    ],
)  # fmt: skip
def test_what_was_typed_is_kept(world: World, name: str, value: str) -> None:
    browser, before = world.browser("director"), count(world)
    answer = new(browser, text="Long text that took a while", **{name: value})
    assert answer.status_code == 422, answer.status_code
    assert value_of(answer, "text") == "Long text that took a while"
    if name not in ("title", "colour", "category", "owner_id", "site", "day", "begins"):
        assert value_of(answer, name) == value
    assert f'href="#f-{name}' in answer.text or "aria-invalid" in answer.text
    assert count(world) == before
    assert hidden(answer, "once")


def test_nul_and_broken_forms(world: World) -> None:
    browser, before = world.browser("manager"), count(world)
    assert new(browser, title="a\0b").status_code == 422
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.ask("POST", f"{PATH}/new", content=b"%ff=\xff", headers=form).status_code in (400, 403)
    as_json = {"content-type": "application/json"}
    assert browser.ask("POST", f"{PATH}/new", content=b"{}", headers=as_json).status_code in (400, 403, 415)
    assert count(world) == before


def test_no_token_no_deed(world: World) -> None:
    browser, before = world.browser("manager"), count(world)
    made = world.thing()
    for path in (
        f"{PATH}/new",
        f"{PATH}/{made['id']}/edit",
        f"{PATH}/{made['id']}/do/note",
        f"{PATH}/{made['id']}/reveal/phone",
    ):
        for token in ("", "00" * 32):
            answer = browser.ask("POST", path, data={**GOOD, "csrf": token})
            assert answer.status_code == 403, path
    assert count(world) == before + 1


def test_a_form_sent_twice_creates_once(world: World) -> None:
    browser = world.browser("manager")
    page, before = browser.get(f"{PATH}/new"), count(world)
    data = {**GOOD, "once": hidden(page, "once")}
    answers = [browser.submit(f"{PATH}/new", data) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert count(world) == before + 1


def test_two_edits_of_different_fields_meet(world: World) -> None:
    made = world.thing(title="First", text="Text")
    path, browser = f"{PATH}/{made['id']}", world.browser("manager")
    form = browser.get(f"{path}/edit")
    mine = {**carried(form), "title": "Mine", "text": "Text", "category": "leak"}
    api = world.api("agent")
    assert (
        api.patch(f"/api/v1{path}", {"text": "Theirs", "title": "Theirs too"}, made["row_version"]).status_code == 200
    )
    answer = browser.submit(f"{path}/edit", mine)
    assert answer.status_code == 412
    assert value_of(answer, "title") == "Mine"  # kept, though both changed it …
    assert "Theirs too" in words(answer)  # … and what stands there now is shown
    assert value_of(answer, "text") == "Theirs"  # what was not touched follows the record
    assert "agent" in words(answer)
    again = {**mine, **carried(answer), "text": "Theirs"}
    assert browser.submit(f"{path}/edit", again).status_code == 303
    now = world.api("manager").get(f"/api/v1{path}").json()
    assert (now["title"], now["text"]) == ("Mine", "Theirs")


def test_an_edit_with_errors_keeps_its_version(world: World) -> None:
    made = world.thing(title="First")
    path, browser = f"{PATH}/{made['id']}", world.browser("manager")
    form = browser.get(f"{path}/edit")
    mine = {**carried(form), "title": "", "category": "leak"}
    answer = browser.submit(f"{path}/edit", mine)
    assert answer.status_code == 422
    assert hidden(answer, "row_version") == mine["row_version"]
    for broken in ({"row_version": "x"}, {"was": "{"}, {"was": ""}, {"row_version": ""}, {"row_version": "9" * 30}):
        assert browser.submit(f"{path}/edit", {**mine, "title": "T", **broken}).status_code == 412, broken


def test_masked_values_are_never_in_a_form(world: World) -> None:
    made = world.thing(phone="13800135678")
    path, browser = f"{PATH}/{made['id']}", world.browser("manager")
    form = browser.get(f"{path}/edit")
    assert "13800135678" not in form.text
    assert "138 **** 5678" in words(form)
    same = {**carried(form), "title": "New", "category": "leak", "phone": ""}
    assert browser.submit(f"{path}/edit", same).status_code == 303
    assert world.api("manager").post(f"/api/v1{path}/reveal/phone").json()["phone"] == "13800135678"


def test_a_step_that_somebody_else_took_first_is_told_as_over(world: World) -> None:
    made = world.thing()
    path, owner = f"{PATH}/{made['id']}", str(world.anhe.people["agent"])
    sent = {"row_version": str(made["row_version"]), "owner_id": owner}
    browser = world.browser("manager")
    browser.get(path)
    assert browser.submit(f"{path}/do/start", sent).status_code == 303
    late = browser.submit(f"{path}/do/start", sent)
    assert late.status_code == 409
    assert "不能进行此操作" in words(late)  # not: look again, then send it once more


def test_transitions_refused_keep_what_was_typed(world: World) -> None:
    made = world.thing()
    path, browser, owner = f"{PATH}/{made['id']}", world.browser("manager"), str(world.anhe.people["agent"])
    version = str(made["row_version"])
    assert browser.submit(f"{path}/do/nothing", {"row_version": version}).status_code == 404
    assert browser.get(f"{path}/do/finish").status_code == 409
    assert browser.submit(f"{path}/do/finish", {"row_version": version}).status_code == 409
    assert browser.submit(f"{path}/do/start", {"row_version": version}).status_code == 422
    assert browser.submit(f"{path}/do/start", {"row_version": version, "owner_id": owner}).status_code == 303
    late = browser.submit(
        f"{path}/do/hold", {"row_version": version, "reason": "Waiting for parts", "until": "2099-01-01"}
    )
    assert late.status_code == 412
    assert value_of(late, "reason") == "Waiting for parts"
    wrong = browser.submit(
        f"{path}/do/hold",
        {"row_version": hidden(late, "row_version"), "reason": "Waiting for parts", "until": "2000-01-01"},
    )
    assert wrong.status_code == 422
    assert value_of(wrong, "reason") == "Waiting for parts"
    never = browser.submit(
        f"{path}/do/hold", {"row_version": hidden(late, "row_version"), "reason": "never", "until": "2099-01-01"}
    )
    assert never.status_code == 409
    assert world.api("manager").get(f"/api/v1{path}").json()["status"] == "doing"


def test_a_step_at_once(world: World) -> None:
    browser, before = world.browser("manager"), count(world)
    wrong = new(browser, **{"then": "at_once", "then.at_once.text": ""})
    assert wrong.status_code == 422
    assert count(world) == before
    assert new(browser, then="finish").status_code == 422
    done = new(browser, **{"then": "at_once", "then.at_once.text": "wiped"})
    assert done.status_code == 303
    shown = world.api("manager").get(f"/api/v1{done.headers['location']}").json()
    assert (shown["status"], shown["text"]) == ("done", "wiped")


def test_the_site_column_and_choice_follow_the_sites(world: World) -> None:
    world.thing(title="Somewhere")
    one, several = world.browser("agent"), world.browser("director")
    assert 'name="site" value="n1"' in one.get(f"{PATH}/new").text  # the only one: no choice to make
    assert "<select" in several.get(f"{PATH}/new").text
    heads = [re.findall(r"<th[^>]*>(.*?)</th>", b.get(PATH).text, re.S) for b in (one, several)]
    assert len(heads[1]) == len(heads[0]) + 1


def test_pages_of_a_list(world: World) -> None:
    for number in range(35):
        world.thing(title=f"Page {number:02}")
    browser = world.browser("manager")
    seen: list[str] = []
    address: str | None = f"{PATH}?sort=-number"
    for _page in range(20):
        answer = browser.get(str(address))
        assert answer.status_code == 200
        seen += re.findall(r'href="/sample/thing/([0-9a-f-]{36})"', answer.text)
        following = re.search(r'href="([^"]*after=[^"]*)"', answer.text)
        if not following:
            break
        address = html.unescape(following[1])
    unique = list(dict.fromkeys(seen))
    rows = world.api("manager").get("/api/v1/sample/thing", params={"sort": "-number", "limit": 100}).json()["results"]
    assert unique[:35] == [row["id"] for row in rows][:35]
    assert len(unique) >= 35
