"""Values at the edge of what types can hold, and encodings of a sender's choice: refused in words, never a fault."""

from __future__ import annotations

import base64
import json

import pytest

from .conftest import THINGS, World

ID = "0190f0e0-0000-7000-8000-000000000000"
MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-W60", "\0")
NUMBERS = ("9" * 30, "-" + "9" * 30, str(2**63), "1e9", "")


def cursor(value: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, ID]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "value"),
    [*(("created_at", m) for m in MOMENTS), *(("-due_at", m) for m in MOMENTS), *(("price", n) for n in NUMBERS)],
)
def test_a_made_up_cursor_is_refused(world: World, sort: str, value: str) -> None:
    answer = world.api("manager").get(THINGS, params={"sort": sort, "after": cursor(value)})
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "undefined", "idna", "punycode", "rot13", "\0"]
)
def test_a_form_in_an_encoding_of_the_senders_choice(world: World, charset: str) -> None:
    browser = world.browser("manager")
    browser.get("/sample/thing/new")
    fields = {"csrf": browser.csrf, "title": "\\ud800 +2AA-", "site": "n1", "category": "leak"}
    parts = "".join(f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    kind = f"multipart/form-data; boundary=B; charset={charset}".encode()
    answer = browser.ask("POST", "/sample/thing/new", content=f"{parts}--B--\r\n", headers={b"content-type": kind})
    assert answer.status_code in (303, 400, 403, 422)
