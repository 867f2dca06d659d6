"""Forms with files as they arrive: in whatever pieces, within their limits, and nothing left behind."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from dougong import BadRequest
from dougong.records import history
from dougong.web.inputs import TooLarge
from dougong.web.uploads import MB, Incoming, Room
from hypothesis import given, settings
from hypothesis import strategies as st

from . import samples
from .conftest import COMPLAINT

if TYPE_CHECKING:
    from dougong.testing.clients import Client
    from dougong.testing.companies import Company

HEADERS = {b"content-type": b"multipart/form-data; boundary=edge"}


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    head = f'content-disposition: form-data; name="{name}"' + (
        f'; filename="{filename}"' if filename is not None else ""
    )
    return b"--edge\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def taken(pieces: list[bytes], room: Room, *, headers: dict[bytes, bytes] = HEADERS) -> Incoming:
    waiting = list(pieces)

    async def receive() -> Any:
        if not waiting:
            return {"type": "http.disconnect"}
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    made = Incoming(room)
    asyncio.run(made.read(receive, headers))
    return made


@given(cuts=st.lists(st.integers(0, 2000), max_size=12), content=st.binary(max_size=1500))
@settings(max_examples=80, deadline=None)
def test_the_pieces_make_no_difference(cuts: list[int], content: bytes) -> None:
    body = part("csrf", b"abc") + part("file", content, "a.bin") + part("note", "水".encode()) + b"--edge--\r\n"
    places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    made = taken([body[a:b] for a, b in pairwise(places)], Room(MB, MB))
    try:
        assert made.fields == [("csrf", "abc"), ("note", "水")]
        assert [(one.name[:5], one.path.read_bytes(), one.field) for one in made.uploads] == [
            ("a.bin", content, "file")
        ]
    finally:
        made.close()
    assert not made.uploads[0].path.exists()


@pytest.mark.parametrize("room", [Room(500, 5000), Room(5000, 500), Room(5000, 5000, 1)])
def test_what_is_too_much_is_refused_and_leaves_nothing(
    room: Room, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    body = part("file", bytes(600), "a") + part("file", bytes(600), "b") + b"--edge--"
    with pytest.raises(TooLarge):
        taken([body], room)
    assert list(tmp_path.iterdir()) == []


def test_a_form_that_ends_early_is_refused(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for pieces in ([part("file", b"x", "a")], [part("file", b"x", "a")[:-2]], [b""], []):
        with pytest.raises(BadRequest):
            taken(pieces, Room(MB, MB))
    with pytest.raises(BadRequest):
        taken([b"x"], Room(MB, MB), headers={b"content-type": b"multipart/form-data"})
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_all_arrive_and_the_history_holds(agent: Client, complaint: str, company: Company) -> None:
    async def all_at_once() -> list[int]:
        def send(number: int) -> Any:
            files = [("file", (f"{number}.pdf", samples.PDF + bytes([number]), "application/pdf"))]
            return agent._http.post(f"/api/v1{COMPLAINT}/{complaint}/files", files=files)

        def say(number: int) -> Any:
            return agent._http.post(f"/api/v1{COMPLAINT}/{complaint}/comments", json={"text": str(number)})

        found = await asyncio.gather(*(send(n) for n in range(6)), *(say(n) for n in range(6)))
        return [answer.status_code for answer in found]

    assert agent._running.runner.run(all_at_once()) == [201] * 12
    assert len(agent.api("GET", f"{COMPLAINT}/{complaint}/files").json()["results"]) == 6
    with company.session() as session:
        assert history.verify(session, "complaints.complaint", complaint)
