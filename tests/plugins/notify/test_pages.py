"""The pages: inbox with tabs and cursor, choices, addresses proved by a code, defaults, templates; and the API."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dougong.testing.clients import legible
from dougong_notify.records import Habit, Preference, RoleWish, Template


def _told(world: Any, n: int) -> None:
    for _n in range(n):
        world.give(world.register("agent"), "agent2")


def test_the_inbox_pages_by_cursor_and_marks_read(world: Any, platform: Any, clock: Any) -> None:
    for _n in range(35):
        _told(world, 1)
        clock.move(minutes=1)
    browser = platform.browser(world.company, "agent2")
    first = browser.get("/notify/inbox").text
    assert first.count("/notify/open/") == 30
    more = re.search(r'href="(/notify/inbox\?tab=unread&amp;after=[^"]+)"', first)
    assert more is not None
    second = browser.get(more[1].replace("&amp;", "&")).text
    assert second.count("/notify/open/") == 5
    one = re.search(r"/notify/inbox/([0-9a-f-]{36})/read", first)
    assert one is not None
    assert browser.post(f"/notify/inbox/{one[1]}/read").status_code == 303
    assert browser.get("/notify/count").json() == {"count": 34}
    link = re.search(r"/notify/open/[0-9a-f-]{36}", second)
    assert link is not None
    opened = browser.get(link[0])
    assert opened.headers["location"].startswith("/complaints/complaint/")
    assert browser.get("/notify/count").json() == {"count": 33}
    assert browser.post("/notify/inbox/read").status_code == 303
    assert browser.get("/notify/count").json() == {"count": 0}
    assert browser.get("/notify/inbox?tab=all").text.count("/notify/open/") == 30


@pytest.mark.parametrize(
    "address",
    ["/notify/inbox?after=x", "/notify/inbox?after=99999999999999999-00000000-0000-0000-0000-000000000000",
     "/notify/inbox?tab=x", "/notify/inbox?y=1", "/api/v1/notify/inbox?limit=0", "/api/v1/notify/inbox?limit=x",
     "/notify/deliveries?part=x", "/notify/deliveries?after=x"],
)  # fmt: skip
def test_bad_addresses_are_refused_in_words(world: Any, platform: Any, address: str) -> None:
    assert platform.browser(world.company, "admin").get(address).status_code == 400


def test_another_persons_message_does_not_exist(world: Any, platform: Any) -> None:
    _told(world, 1)
    with world.acting("agent2") as x:
        from dougong_notify import reading

        id = reading.listing(x, unread=True)[0][0].message.id
    lead = platform.browser(world.company, "lead")
    lead.get("/notify/inbox")
    assert lead.get(f"/notify/open/{id}").status_code == 404
    assert lead.post(f"/notify/inbox/{id}/read").status_code == 404


def test_the_api_lists_counts_and_marks(world: Any, platform: Any) -> None:
    _told(world, 3)
    program = platform.program(world.company, "agent2")
    first = program.api("GET", "/notify/inbox?limit=2").json()
    assert [one["event"] for one in first["items"]] == ["complaints.assigned"] * 2
    rest = program.api("GET", f"/notify/inbox?limit=2&after={first['next']}").json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    id = first["items"][0]["id"]
    assert program.api("POST", f"/notify/inbox/{id}/read").status_code == 204
    assert program.api("GET", "/notify/count").json() == {"count": 2}
    assert program.api("POST", f"/notify/inbox/{id}/unread").status_code == 204
    assert program.api("GET", "/notify/count").json() == {"count": 3}
    assert program.api("POST", "/notify/inbox/read").json() == {"read": 3}


def test_the_bell_is_on_every_page_and_needs_no_script(world: Any, platform: Any) -> None:
    home = platform.browser(world.company, "agent2").get("/").text
    assert 'href="/notify/inbox"' in home
    assert 'data-count="/notify/count"' in home


# ---- choices ----------------------------------------------------------------------------------------


def test_only_what_differs_from_the_default_is_kept(world: Any, platform: Any, mailbox: Any) -> None:
    browser = platform.browser(world.company, "agent2")
    page = browser.get("/notify/preferences").text
    boxes = dict(re.findall(r'<input type="checkbox" name="([^"]+:[a-z]+)" value="1"( checked)?', page))
    assert boxes["complaints.assigned:email"]
    assert not boxes["notify.moved:email"]
    held = {name: "1" for name, on in boxes.items() if on}
    assert browser.post("/notify/preferences", held).status_code == 303
    with world.company.session() as session:
        assert session.query(Preference).count() == 0
    del held["complaints.assigned:email"]
    browser.post("/notify/preferences", {**held, "nonsense.event:email": "1", "notify.moved:pigeon": "1"})
    with world.company.session() as session:
        one = session.query(Preference).one()
        assert (one.event, one.channel, one.wanted) == ("complaints.assigned", "email", False)
    browser.post("/notify/preferences", {"reset": "1"})
    with world.company.session() as session:
        assert session.query(Preference).count() == 0


def test_events_of_records_that_one_may_never_read_are_not_offered(world: Any, platform: Any) -> None:
    assert "complaints.assigned" not in platform.browser(world.company, "nobody").get("/notify/preferences").text


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"quiet_is": "own", "quiet": "25-7"}, "quiet"),
        ({"quiet_is": "own", "quiet": ""}, "quiet"),
        ({"quiet_is": "maybe"}, "quiet_is"),
        ({"digest_is": "own", "digest": "noon"}, "digest"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
    ],
)
def test_bad_hours_are_refused_at_their_input(world: Any, platform: Any, sent: dict[str, str], at: str) -> None:
    browser = platform.browser(world.company, "agent2")
    browser.get("/notify/preferences")
    given = {"quiet_is": "company", "digest_is": "company", **sent}
    refused = browser.post("/notify/preferences/hours", given)
    assert refused.status_code == 422
    assert f'-{at}-e"' in refused.text
    with world.company.session() as session:
        assert session.query(Habit).count() == 0


def test_hours_are_saved(world: Any, platform: Any) -> None:
    browser = platform.browser(world.company, "agent2")
    browser.get("/notify/preferences")
    given = {"quiet_is": "own", "quiet": "21:00-06:30", "digest_is": "none", "zone": "Europe/Berlin"}
    assert browser.post("/notify/preferences/hours", given).status_code == 303
    with world.company.session() as session:
        one = session.query(Habit).one()
        assert (one.quiet, one.digest_at, one.zone) == ("21:00-06:30", "", "Europe/Berlin")


def test_an_address_counts_once_its_code_was_typed_in(world: Any, platform: Any, mailbox: Any, clock: Any) -> None:
    browser = platform.browser(world.company, "agent2")
    browser.get("/notify/preferences")
    assert browser.post("/notify/preferences/address", {"email": "own@example.com"}).status_code == 303
    code = re.search(r"\d{6}", mailbox.text())
    assert code is not None
    assert mailbox.addresses == ["own@example.com"]
    assert browser.post("/notify/preferences/address", {"email": "own@example.com"}).status_code == 429
    wrong = f"{(int(code[0]) + 1) % 1_000_000:06d}"
    assert browser.post("/notify/preferences/code", {"code": wrong}).status_code == 422
    assert browser.post("/notify/preferences/code", {"code": code[0]}).status_code == 303
    world.give(world.register("agent"), "agent2")
    world.work()
    assert mailbox.addresses[-1] == "own@example.com"


def test_a_code_cannot_be_guessed_nor_used_late(world: Any, platform: Any, mailbox: Any, clock: Any) -> None:
    browser = platform.browser(world.company, "agent2")
    browser.get("/notify/preferences")
    browser.post("/notify/preferences/address", {"email": "own@example.com"})
    code = re.search(r"\d{6}", mailbox.text())
    assert code is not None
    for n in range(5):
        browser.post("/notify/preferences/code", {"code": f"{(int(code[0]) + 1 + n) % 1_000_000:06d}"})
    assert browser.post("/notify/preferences/code", {"code": code[0]}).status_code == 422
    clock.move(minutes=2)
    browser.post("/notify/preferences/address", {"email": "own@example.com"})
    code = re.search(r"\d{6}", mailbox.text())
    assert code is not None
    clock.move(minutes=31)
    assert browser.post("/notify/preferences/code", {"code": code[0]}).status_code == 422


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@b.c\r\nBcc: d@e.f", "a@b.c, d@e.f " * 30])
def test_what_is_no_address_gets_no_code(world: Any, platform: Any, mailbox: Any, email: str) -> None:
    browser = platform.browser(world.company, "agent2")
    browser.get("/notify/preferences")
    assert browser.post("/notify/preferences/address", {"email": email}).status_code == 422
    assert mailbox.letters == []


# ---- what administrators set --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["robots", "robots/new", "templates", "templates/complaints.assigned", "defaults", "deliveries"]
)
def test_these_pages_are_not_there_for_others(world: Any, platform: Any, path: str) -> None:
    assert platform.browser(world.company, "agent").get(f"/notify/{path}").status_code == 404
    assert platform.browser(world.company, "admin").get(f"/notify/{path}").status_code == 200


def test_defaults_of_a_role(world: Any, platform: Any) -> None:
    browser = platform.browser(world.company, "admin")
    browser.get("/notify/defaults/service_agent")
    assert browser.post("/notify/defaults/service_agent", {"complaints.assigned:inbox": "1"}).status_code == 303
    with world.company.session() as session:
        held = {(w.event, w.channel): w.wanted for w in session.query(RoleWish)}
    assert held["notify.moved", "inbox"] is False
    assert ("complaints.assigned", "inbox") not in held
    browser.post("/notify/defaults/service_agent", {"reset": "1"})
    with world.company.session() as session:
        assert session.query(RoleWish).count() == 0
    assert browser.get("/notify/defaults/no_such_role").status_code == 404


_WORDS = {"zh.title": "您有新投诉 {number}", "zh.text": "{title}", "en.title": "Yours: {number}", "en.text": "{title}"}


def test_own_words_are_used_previewed_and_given_up(world: Any, platform: Any) -> None:
    _told(world, 1)
    admin, reader = platform.browser(world.company, "admin"), platform.browser(world.company, "agent2")
    admin.get("/notify/templates/complaints.assigned")
    preview = admin.post("/notify/templates/complaints.assigned", {**_WORDS, "preview": "1"})
    assert "您有新投诉 TS-2026-000123" in preview.text
    assert "Yours: TS-2026-000123" in preview.text
    assert "您有新投诉" not in reader.get("/notify/inbox").text
    assert admin.post("/notify/templates/complaints.assigned", _WORDS).status_code == 303
    assert "您有新投诉 TS-2026-000001" in reader.get("/notify/inbox").text
    admin.post("/notify/templates/complaints.assigned", {**_WORDS, "reset": "1"})
    assert "您有新投诉" not in reader.get("/notify/inbox").text


def test_templates_evaluate_nothing(world: Any, platform: Any) -> None:
    _told(world, 1)
    admin, reader = platform.browser(world.company, "admin"), platform.browser(world.company, "agent2")
    admin.get("/notify/templates/complaints.assigned")
    odd = {**_WORDS, "zh.title": "{{7*7}} ${7*7} <b>x</b> %(x)s {0}", "zh.text": "{% raw %}{{ config }}"}
    refused = admin.post("/notify/templates/complaints.assigned", odd)
    assert refused.status_code == 303
    odd["zh.text"] = "{% raw %} {number.__class__}"
    assert admin.post("/notify/templates/complaints.assigned", odd).status_code == 303
    page = reader.get("/notify/inbox").text
    assert "{{7*7}} ${7*7} &lt;b&gt;x&lt;/b&gt; %(x)s {0}" in page
    assert "{number.__class__}" in page
    assert "49" not in legible(page).split("{{7*7}}")[1][:200]


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"zh.title": ""}, "zh.title"),
        ({"en.title": "two\nlines"}, "en.title"),
        ({"zh.title": "x" * 201}, "zh.title"),
        ({"en.text": "x" * 1001}, "en.text"),
        ({"zh.text": "{phone}"}, "zh.text"),
    ],
)
def test_bad_templates_are_refused_at_their_input(world: Any, platform: Any, change: dict[str, str], at: str) -> None:
    admin = platform.browser(world.company, "admin")
    admin.get("/notify/templates/complaints.assigned")
    refused = admin.post("/notify/templates/complaints.assigned", {**_WORDS, **change})
    assert refused.status_code == 422
    assert f'id="f-{at}-e"' in refused.text
    with world.company.session() as session:
        assert session.query(Template).count() == 0


def test_a_value_that_looks_like_a_placeholder_stays_text(world: Any, platform: Any) -> None:
    id = world.register("agent", statement="{person} {company} {number}")
    world.give(id, "agent2")
    page = platform.browser(world.company, "agent2").get("/notify/inbox").text
    assert "{person} {company} {number}" in page


# ---- links to passwords --------------------------------------------------------------------------------


def test_a_link_to_a_new_password_can_go_out_by_mail(world: Any, platform: Any, mailbox: Any) -> None:
    world.address("agent", "li@example.com")
    admin = platform.browser(world.company, "admin")
    person = world.company.people["agent"]
    asked = admin.get(f"/admin/people/{person}/invite").text
    assert "l***@example.com" in asked
    assert "li@example.com" not in asked
    made = admin.post(f"/admin/people/{person}/invite", {"send": "1"}).text
    link = re.search(r"http://\S+/invite/[\w-]+", made)
    assert link is not None
    assert link[0] in mailbox.text()
    admin.get(f"/admin/people/{person}/invite")
    admin.post(f"/admin/people/{person}/invite")
    assert len(mailbox.letters) == 1


def test_a_link_that_cannot_be_mailed_is_shown_all_the_same(world: Any, platform: Any, mailbox: Any) -> None:
    mailbox.answer = "550 no"
    admin = platform.browser(world.company, "admin")
    admin.get("/admin/people/new")
    sent = {"username": "neu", "name": "新人", "email": "neu@example.com", "send": "1"}
    made = admin.post("/admin/people/new", sent).text
    assert "/invite/" in made
    assert "550" in made
