"""Forms that are made to fill the memory: parts without end in their heads, people mentioned without end."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from dougong import BadRequest
from dougong.records.comments import mentioned
from dougong.web.inputs import TooLarge
from dougong.web.uploads import MB, Room

from ..cost import begin, cost
from .test_uploads import taken

if TYPE_CHECKING:
    from dougong.testing.companies import Company

ROOM = Room(200 * MB, 20 * MB)


@pytest.mark.parametrize("head", [b"content-disposition: form-data; name=\"", b"x-", b"content-disposition: "])
def test_the_head_of_a_part_has_an_end(head: bytes) -> None:
    piece = b"a" * MB
    tracemalloc.start()
    try:
        with pytest.raises((BadRequest, TooLarge)):
            taken([b"--edge\r\n" + head, *[piece] * 60, b"\r\n\r\nx\r\n--edge--\r\n"], ROOM)
        assert tracemalloc.get_traced_memory()[1] < 20 * MB
    finally:
        tracemalloc.stop()


def test_so_many_parts_have_an_end() -> None:
    part = b'--edge\r\ncontent-disposition: form-data; name="a"; filename=""\r\n\r\n\r\n'
    begun = begin()
    with pytest.raises((BadRequest, TooLarge)):
        taken([part * 20_000] * 10 + [b"--edge--\r\n"], ROOM)
    assert cost(begun) < 3


def test_a_text_of_nothing_but_at_signs_costs_little(company: Company) -> None:
    from dataclasses import replace

    snapshot = company.snapshot
    one = next(iter(snapshot.people.values()))
    many = {n: replace(one, name=f"n{n}", username=f"u{n}") for n in range(3000)}

    class Crowd:
        people = many

    begun = begin()
    assert mentioned(Crowd, "@" * 4000) == []  # type: ignore[arg-type]
    assert cost(begun) < 0.5
