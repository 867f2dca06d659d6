"""Signing in and out, the links that set a password, and one's own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.access import invitations, signin, tokens
from dougong.access.secret import fingerprint
from dougong.access.tables import Attempt, Person, Session, Token
from dougong.instant import now
from dougong.tenancy.stored import new_id
from dougong.web.account import browser_name
from dougong.web.signin import local

PASSWORD = "a quiet stairwell"

WEAK = "12345"


@pytest.fixture(autouse=True)
def unthrottled(world: Any) -> None:
    world.do(lambda session: session.execute(sa.delete(Attempt)))


def token(world: Any, username: str, *scope: str, ends: dt.timedelta = dt.timedelta(days=1)) -> str:
    def make(session: Any) -> str:
        return tokens.token_create(
            session,
            world.people[username],
            name="test",
            scope=scope or ("*",),
            ends=now() + ends,
            now=now(),
            permissions=world.app.registry.permissions,
        )

    made: str = world.do(make)
    return made


def test_strangers_are_asked_to_sign_in_whatever_the_address(world: Any) -> None:
    browser = world.browser()
    for path in ("/account", "/no/such/page", "/complaints/complaint"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/signin")
    for path in ("/api/v1/probe", "/api/v1/nothing"):
        assert browser.get(path).status_code == 401


def test_sign_in_and_come_back(world: Any) -> None:
    browser = world.browser()
    asked = browser.get("/account?site=garden")
    form = browser.get(asked.headers["location"])
    assert 'name="next"' in form.text
    answer = browser.post("/signin", {"username": "Agent ", "password": PASSWORD, "next": "/account?site=garden"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?site=garden")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie
    assert browser.get("/account").status_code == 200
    assert browser.get("/signin").headers["location"] == "/"


def test_wrong_password_and_unknown_name_answer_alike(world: Any) -> None:
    browser = world.browser()
    browser.get("/signin")
    wrong = browser.post("/signin", {"username": "agent", "password": "wrong password"})
    unknown = browser.post("/signin", {"username": "nobody", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert "用户名或密码" in answer.text or "User name or password is wrong" in answer.text
        assert "wrong password" not in answer.text
    assert 'value="agent"' in wrong.text


def test_empty_fields_are_named(world: Any) -> None:
    browser = world.browser()
    browser.get("/signin")
    answer = browser.post("/signin", {"username": "", "password": ""})
    assert answer.status_code == 422


def test_too_many_failures_are_stopped(world: Any) -> None:
    browser = world.browser()
    browser.get("/signin")
    codes = [browser.post("/signin", {"username": "gone", "password": f"wrong {n}"}).status_code for n in range(6)]
    assert codes == [401] * 5 + [429]


def test_demo_passwords_open_nothing_in_a_real_installation(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.app, "allow_demo", False)
    assert world.browser().sign_in("agent").status_code == 401


def test_signing_in_rotates_the_session(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("agent")
    first = browser.cookies["dougong_session"]
    page = browser.get("/account")
    assert page.status_code == 200
    browser.post("/signin", {"username": "agent", "password": PASSWORD})
    assert browser.cookies["dougong_session"] != first
    assert world.browser().get("/account", headers={"cookie": f"dougong_session={first}"}).status_code == 303


def test_sign_out(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("agent")
    cookie = browser.cookies["dougong_session"]
    browser.get("/account")
    assert browser.post("/signout").headers["location"] == "/signin"
    assert world.browser().get("/account", headers={"cookie": f"dougong_session={cookie}"}).status_code == 303


def test_a_session_ended_elsewhere_ends_here_on_the_next_request(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("agent")
    assert browser.get("/api/v1/probe").json()["person"] == "agent"
    world.do(lambda session: session.execute(sa.delete(Session).where(Session.person_id == world.people["agent"])))
    assert browser.get("/api/v1/probe").status_code == 401
    browser.sign_in("agent")
    assert browser.get("/").status_code == 200
    world.do(lambda session: session.execute(sa.delete(Session).where(Session.person_id == world.people["agent"])))
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


def test_sign_out_everywhere(world: Any) -> None:
    one, two = world.browser(), world.browser()
    one.sign_in("agent")
    two.sign_in("agent")
    one.get("/account")
    assert one.post("/signout-everywhere").status_code == 303
    assert two.get("/account").status_code == 303


def test_an_idle_session_ends(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("agent")

    def age(session: Any) -> None:
        session.execute(sa.update(Session).values(seen_at=now() - signin.IDLE))

    world.do(age)
    world.app.sessions.drop(world.tenant, fingerprint(browser.cookies["dougong_session"]))
    assert browser.get("/account").status_code == 303


def test_a_disabled_person_is_out_on_the_next_request(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("gone")
    bearer = {"authorization": f"Bearer {token(world, 'gone')}"}
    assert browser.get("/api/v1/probe").status_code == 200
    assert world.browser().get("/api/v1/probe", headers=bearer).status_code == 200

    def status(value: str) -> None:
        world.do(
            lambda session: session.execute(
                sa.update(Person).where(Person.id == world.people["gone"]).values(status=value)
            )
        )

    status("disabled")
    try:
        assert browser.get("/api/v1/probe").status_code == 401
        assert world.browser().get("/api/v1/probe", headers=bearer).status_code == 401
    finally:
        status("active")


def test_bearer_tokens(world: Any) -> None:
    browser = world.browser()
    for value in ("Bearer ", "Bearer dgt_nothing", "Basic YTpi", "nonsense", "Bearer \xe4".encode("latin-1")):
        assert browser.get("/api/v1/probe", headers={"authorization": value}).status_code == 401
    bearer = {"authorization": f"Bearer {token(world, 'agent')}"}
    assert browser.get("/api/v1/probe", headers=bearer).json()["person"] == "agent"
    assert browser.ask("POST", "/api/v1/probe", json={"a": 1}, headers=bearer).json() == {"a": 1}
    world.do(lambda session: session.execute(sa.update(Token).values(revoked_at=now())))
    assert browser.get("/api/v1/probe", headers=bearer).status_code == 401


def test_a_token_does_not_change_the_account(world: Any) -> None:
    bearer = {"authorization": f"Bearer {token(world, 'agent', 'core.people.read')}"}
    browser = world.browser()
    for path in ("/account/tokens", "/account/password", "/signout-everywhere", "/account/sessions/x/end"):
        assert browser.ask("POST", path, data={}, headers=bearer).status_code == 404
    assert browser.get("/account", headers=bearer).status_code == 404


@pytest.mark.parametrize("name", ["invite", "reset"])
def test_the_link_sets_a_password_once(world: Any, name: str) -> None:
    person = new_id()

    def invite(session: Any) -> str:
        session.add(Person(id=person, username=f"new-{name}", name="新同事", status="invited"))
        session.flush()
        return invitations.invite(session, person, now=now(), purpose=name)

    path = f"/{name}/{world.do(invite)}"
    browser = world.browser()
    form = browser.get(path)
    assert form.status_code == 200
    assert form.headers["referrer-policy"] == "same-origin"
    assert browser.post(path, {"password": "long enough words", "again": "other"}).status_code == 422
    assert browser.post(path, {"password": WEAK, "again": WEAK}).status_code == 422
    answer = browser.post(path, {"password": "long enough words", "again": "long enough words"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    shown = browser.get("/")
    assert shown.status_code == 200
    assert 'class="messages"' in shown.text
    assert 'class="messages"' not in browser.get("/").text
    assert world.browser().get(path).status_code == 404
    assert world.browser().get(f"/{name}/nothing").status_code == 404


def test_forgot_answers_alike_for_every_name(world: Any) -> None:
    browser = world.browser()
    answers = []
    for username in ("agent", "nobody"):
        browser.get("/forgot")
        answers.append(browser.post("/forgot", {"username": username}))
    assert [a.status_code for a in answers] == [200, 200]
    assert "agent" not in answers[0].text
    assert "administrator" in answers[0].text or "管理员" in answers[0].text


def test_change_password_keeps_this_session_and_ends_the_others(world: Any) -> None:
    one, two = world.browser(), world.browser()
    one.sign_in("gone")
    two.sign_in("gone")
    one.get("/account")
    changed = {"old": PASSWORD, "new": "another stairwell", "again": "another stairwell"}
    assert one.post("/account/password", {**changed, "old": "wrong"}).status_code == 422
    assert one.post("/account/password", {**changed, "again": "x"}).status_code == 422
    assert one.post("/account/password", changed).headers["location"] == "/account"
    assert one.get("/account").status_code == 200
    assert two.get("/account").status_code == 303
    one.post("/account/password", {"old": "another stairwell", "new": PASSWORD, "again": PASSWORD})


def test_own_tokens_are_made_and_revoked(world: Any) -> None:
    browser = world.browser()
    browser.sign_in("agent")
    browser.get("/account")
    wrong = browser.post("/account/tokens", {"name": "", "scope": "no.such", "days": "7"})
    assert wrong.status_code == 422
    assert "no.such" in wrong.text
    made = browser.post("/account/tokens", {"name": "导出", "scope": "*", "days": "30"})
    assert made.status_code == 200
    secret = made.text.split("dgt_")[1].split("<")[0].strip()
    bearer = {"authorization": f"Bearer dgt_{secret}"}
    assert world.browser().get("/api/v1/probe", headers=bearer).status_code == 200
    id = fingerprint(f"dgt_{secret}")
    other = world.browser()
    other.sign_in("admin")
    other.get("/account")
    assert other.post(f"/account/tokens/{id}/revoke").status_code == 404
    assert browser.post(f"/account/tokens/{id}/revoke").status_code == 303
    assert world.browser().get("/api/v1/probe", headers=bearer).status_code == 401


def test_only_own_sessions_can_be_ended(world: Any) -> None:
    one, two = world.browser(), world.browser()
    one.sign_in("agent")
    two.sign_in("admin")
    theirs = fingerprint(two.cookies["dougong_session"])
    one.get("/account")
    assert one.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert two.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile MicroMessenger/8.0", "WeChat, Android"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_browser_name(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_language_by_person_cookie_browser_and_company(world: Any) -> None:
    stranger = world.browser()
    assert 'lang="zh-Hans"' in stranger.get("/signin").text
    assert 'lang="en"' in stranger.get("/signin", headers={"accept-language": "fr, en-GB;q=0.8, zh;q=0.5"}).text
    stranger.get("/signin")
    assert stranger.post("/preferences", {"locale": "en", "next": "/signin"}).status_code == 303
    assert '<html lang="en"' in stranger.get("/signin", headers={"accept-language": "zh"}).text
    browser = world.browser()
    browser.sign_in("agent")
    browser.get("/account")
    assert browser.post("/preferences", {"locale": "xx"}).status_code == 400
    assert browser.post("/preferences", {"locale": "en", "next": "/account"}).headers["location"] == "/account"
    again = world.browser()
    again.sign_in("agent")
    assert '<html lang="en"' in again.get("/account").text
    browser.post("/preferences", {"locale": "zh"})


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a?b=c", "/a?b=c"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/signin?next=/signin", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_local(target: str | None, path: str) -> None:
    assert local(target) == path
