"""Forged and malformed requests, headers, cookies, errors that tell nothing."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.testing.clients import legible
from dougong.web.security import form_token, loggable, sealed, token_holds, unsealed

SECRET = bytes(32)


@pytest.fixture(scope="module")
def agent(world: Any) -> Any:
    browser = world.browser()
    browser.sign_in("agent")
    browser.get("/account")
    return browser


def test_the_log_keeps_no_secret_of_a_link() -> None:
    assert loggable("/invite/abc-def") == "/invite/…"
    assert loggable("/reset/abc/x") == "/reset/…"
    assert loggable("/complaints/complaint") == "/complaints/complaint"


def test_tokens_and_seals() -> None:
    token = form_token(SECRET, "session")
    assert token != form_token(SECRET, "session")
    assert token_holds(SECRET, "session", token)
    assert not token_holds(SECRET, "other", token)
    assert not token_holds(b"another" * 5, "session", token)
    for broken in ("", "zz", token[:-2], token + "00", "é"):
        assert not token_holds(SECRET, "session", broken)
    value = sealed(SECRET, "guest", "a.b")
    assert unsealed(SECRET, "guest", value) == "a.b"
    assert unsealed(SECRET, "flash", value) is None
    assert unsealed(SECRET, "guest", value + "é") is None
    assert unsealed(SECRET, "guest", "") is None


@pytest.mark.parametrize("token", [None, "", "00" * 32, "nonsense"])
def test_a_form_without_its_token_is_refused(agent: Any, token: str | None) -> None:
    data = {"a": "1"} if token is None else {"a": "1", "csrf": token}
    assert agent.ask("POST", "/probe", data=data).status_code == 403


def test_a_form_with_its_token_passes_without_it(agent: Any) -> None:
    assert agent.post("/probe", {"a": "1"}).json() == {"a": "1"}


def test_another_sessions_token_is_refused(world: Any, agent: Any) -> None:
    other = world.browser()
    other.sign_in("admin")
    other.get("/account")
    assert agent.ask("POST", "/probe", data={"csrf": other.csrf}).status_code == 403


def test_sign_in_is_protected_too(world: Any) -> None:
    victim, attacker = world.browser(), world.browser()
    attacker.get("/signin")
    victim.get("/signin")
    data = {"username": "agent", "password": "a quiet stairwell", "csrf": attacker.csrf}
    assert victim.ask("POST", "/signin", data=data).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://jinxiu.localhost"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://anhe.localhost", "sec-fetch-site": "cross-site"},
    ],
)
def test_other_origins_are_refused_even_with_a_token(agent: Any, headers: dict[str, str]) -> None:
    assert agent.post("/probe", {"a": "1"}, headers=headers).status_code == 403
    answer = agent.ask("POST", "/api/v1/probe", json={}, headers={**headers, "x-csrf-token": agent.csrf})
    assert answer.status_code == 403


def test_json_with_a_cookie_needs_a_token_or_the_same_origin(agent: Any) -> None:
    assert agent.ask("POST", "/api/v1/probe", json={"a": 1}).status_code == 403
    for headers in (
        {"x-csrf-token": agent.csrf},
        {"origin": "http://anhe.localhost"},
        {"sec-fetch-site": "same-origin"},
    ):
        assert agent.ask("POST", "/api/v1/probe", json={"a": 1}, headers=headers).json() == {"a": 1}
    assert agent.ask("POST", "/api/v1/probe", json={}, headers={"x-csrf-token": "no"}).status_code == 403


def test_security_headers(world: Any, agent: Any) -> None:
    for answer in (agent.get("/account"), agent.get("/nothing"), world.browser("x.example").get("/")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"].startswith("req-")
        assert "strict-transport-security" not in answer.headers


def test_under_https_cookies_belong_to_the_host(world: Any) -> None:
    browser = world.browser(scheme="https")
    answer = browser.sign_in("agent")
    assert answer.headers["set-cookie"].startswith("__Host-dougong_session=")
    assert "Secure" in answer.headers["set-cookie"]
    shown = browser.get("/account")
    assert shown.status_code == 200
    assert "strict-transport-security" in shown.headers


def test_unknown_and_other_methods(agent: Any) -> None:
    assert agent.get("/no/such").status_code == 404
    wrong = agent.get("/signout")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    told = agent.get("/api/v1/no")
    assert told.json() == {"type": "about:blank", "title": told.json()["title"], "status": 404}
    assert told.headers["content-type"] == "application/problem+json"
    head = agent.ask("HEAD", "/account")
    assert (head.status_code, head.content) == (200, b"")


def test_faults_tell_nothing_but_a_number(agent: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("/broken", "/api/v1/broken"):
        answer = agent.get(path)
        assert answer.status_code == 500
        assert "4711" not in legible(answer.text)
        assert answer.headers["x-request-id"] in answer.text
    assert "4711" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 400),
        (b"", 400),
        (b'{"a": 1,}', 400),
        (b'{"a": NaN}', 400),
        (b"\xff\xfe", 400),
        (b'"\xff"', 400),
        (b'"\\ud800"', 400),
        (b"[" * 100_000, 400),
        (b"[" + b"0," * 700_000 + b"0]", 413),
    ],
)
def test_broken_json(agent: Any, body: bytes, code: int) -> None:
    headers = {"content-type": "application/json", "x-csrf-token": agent.csrf}
    answer = agent.ask("POST", "/api/v1/probe", content=body, headers=headers)
    assert answer.status_code == code
    assert answer.json()["detail"]


def test_wrong_content_type(agent: Any) -> None:
    headers = {"content-type": "text/plain", "x-csrf-token": agent.csrf}
    assert agent.ask("POST", "/api/v1/probe", content=b"{}", headers=headers).status_code == 415
    assert agent.ask("POST", "/probe", content=b"{}", headers=headers).status_code == 415


def test_broken_forms(agent: Any) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    token = f"csrf={agent.csrf}".encode()
    assert agent.ask("POST", "/probe", content=token + b"&a=%00", headers=kind).status_code == 422
    assert agent.ask("POST", "/probe", content=token + b"&a=%ff", headers=kind).status_code == 400
    assert agent.ask("POST", "/probe", content=token + b"&a=1" * 3000, headers=kind).status_code == 400
    assert agent.ask("POST", "/probe", content=token + b"&a=" + b"x" * 2_000_000, headers=kind).status_code == 413
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert agent.ask("POST", "/probe", content=b"--x\r\nnonsense", headers=broken).status_code in (400, 403)
    assert agent.ask("POST", "/probe", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400


def test_multipart_forms(agent: Any) -> None:
    fields = {"csrf": (None, agent.csrf), "a": (None, "漏水")}
    assert agent.ask("POST", "/probe", files=fields).json() == {"a": "漏水"}
    fields["file"] = ("a.txt", "text")  # type: ignore[assignment]
    assert agent.ask("POST", "/probe", files=fields).status_code == 400


def test_query_parameters(agent: Any) -> None:
    assert agent.get("/api/v1/probe?q=1").json()["q"] == "1"
    unknown = agent.get("/api/v1/probe?x=1")
    assert unknown.status_code == 400
    assert [error["path"] for error in unknown.json()["errors"]] == ["x"]
    for query in ("q=%00", "q=%ff", "&".join(f"q{n}=1" for n in range(300))):
        assert agent.get(f"/api/v1/probe?{query}").status_code == 400


def test_site_by_slug(world: Any, agent: Any) -> None:
    assert agent.get("/?site=garden").status_code == 200
    for slug in ("park", "east", "nothing", "%00"):
        assert agent.get(f"/?site={slug}").status_code in (400, 404)
    admin = world.browser()
    admin.sign_in("admin")
    assert admin.get("/?site=park").status_code == 200


def test_static_files(world: Any) -> None:
    browser = world.browser()
    page = browser.get("/signin").text
    address = next(part for part in page.split('"') if part.startswith("/static/plain/base.css"))
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert browser.get(address, headers={"accept-encoding": "identity"}).content == answer.content
    assert browser.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert "immutable" not in browser.get("/static/plain/base.css").headers["cache-control"]
    assert "immutable" not in browser.get("/static/plain/base.css?v=old").headers["cache-control"]
    for path in ("plain/../plugin.py", "plain/%2e%2e/plugin.py", "../themes/x", "plain/", "plain/nothing.css", "/etc/passwd"):
        assert browser.get(f"/static/{path}").status_code in (303, 404)
    assert browser.ask("POST", "/static/plain/base.css").status_code == 405


def test_brand_colour(world: Any) -> None:
    browser = world.browser()
    assert browser.get("/brand.css?c=1C6078").text == ":root{--brand:#1c6078}\n"
    for wrong in ("", "c=red", "c=1c607", "c=1c6078}", "c=1c6078;x:url(//e)"):
        assert browser.get(f"/brand.css?{wrong}").status_code == 404
