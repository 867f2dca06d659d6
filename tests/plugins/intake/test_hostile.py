"""What strangers try at the open pages: to get at somebody else's case, and to keep the server busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.web import requests as asking

from .conftest import NAMED, Phone, complaints, picture

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company


def test_the_same_words_of_somebody_else_are_another_case(
    phone: Phone, platform: Running, company: Company, clock: Clock, wall: str
) -> None:
    """Whoever repeats what a neighbour reported must not get a code for the neighbour's case."""
    first = phone.fill(wall, anonymous="1", statement="电梯坏了", after=5)
    code = first.headers["location"].partition("?")[0]
    phone.client.get(code)
    assert phone.post(f"{code}/say", text="我住 3 号楼 1801，请保密").status_code == 303
    other = Phone(platform.browser(company), clock)
    second = other.fill(wall, anonymous="1", statement="电梯坏了", after=5)
    assert second.status_code == 303
    assert "请保密" not in other.client.get(second.headers["location"]).text
    assert len(complaints(company)) == 2


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []
    real = asking.prepare

    def prepare(upload: Any, **more: Any) -> Any:
        seen.append(upload)
        return real(upload, **more)

    monkeypatch.setattr(asking, "prepare", prepare)
    return seen


def test_pictures_beyond_the_share_are_not_looked_at(
    phone: Phone, company: Company, wall: str, looked_at: list[Any]
) -> None:
    company.settings("intake", per_address=1)
    assert phone.fill(wall, photos=[picture()], **NAMED).status_code == 303
    assert len(looked_at) == 1
    assert phone.send(wall, photos=[picture("blue")], **NAMED).status_code == 429
    assert len(looked_at) == 1


def test_pictures_for_an_unknown_code_are_not_looked_at(phone: Phone, wall: str, looked_at: list[Any]) -> None:
    phone.open(wall)
    answer = phone.post("/intake/p/2222222222222222/say", photos=[picture()], text="x")
    assert answer.status_code == 404
    assert looked_at == []


def test_an_addition_that_is_refused_leaves_nothing_and_is_counted(
    phone: Phone, platform: Running, company: Company, wall: str
) -> None:
    """The first pictures of a refused addition were in the store already."""
    company.settings("intake", additions=2)
    code = phone.fill(wall, anonymous="1", after=5).headers["location"].partition("?")[0]
    phone.client.get(code)
    store = platform.application.files
    assert store is not None
    before = sorted(store.keys(company.tenant))
    for n in range(3):
        answer = phone.post(f"{code}/say", photos=[picture(), b"<html>no picture</html>"], text=f"x {n}")
        assert answer.status_code == (422 if n < 2 else 429), answer.text
    assert sorted(store.keys(company.tenant)) == before
