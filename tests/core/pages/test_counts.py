"""Counts of tabs and states: exact for people who see few records, bounded for those who see very many."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest
from dougong.records import reads
from dougong.web import counting

from .conftest import World

LIST = "/sample/thing"


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three records are very many."""
    monkeypatch.setattr(reads, "PASSED", 3)
    monkeypatch.setattr(reads, "COUNTED", 3)
    reads._compile_counts.cache_clear()
    yield
    reads._compile_counts.cache_clear()
    counting.CROWDED.clear()


def tabs(page: httpx.Response) -> list[str]:
    assert page.status_code == 200
    return [html.unescape(text) for text in re.findall(r"<a href=\"[^\"]*tab=[^>]*>[^<]* <b>([^<]*)</b>", page.text)]


def test_a_crowd_is_counted_up_to_an_end(world: World, crowd: None) -> None:
    browser = world.browser("manager")
    for n in range(5):
        world.thing(title=f"One of many {n}")
    first, again = browser.get(f"{LIST}?tab=all"), browser.get(f"{LIST}?tab=all")
    assert "2+" in tabs(first)
    assert tabs(first) == tabs(again), "whoever is known to see many is told the same"
    board = browser.get(f"{LIST}/board")
    assert board.status_code == 200
    assert browser.get(f"{LIST}/calendar").status_code in (200, 404)
    assert browser.get("/").status_code == 200


def test_few_are_counted_exactly_and_by_state(world: World) -> None:
    for _n in range(2):
        world.thing(title="One of few")
    page = world.browser("manager").get(f"{LIST}?tab=all")
    assert all(count.isdigit() for count in tabs(page))
