"""The tutorial, followed as it is written: its files become a plugin, its commands are typed, its promises looked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .reading import DOCS, TUTORIAL, Reader, blocks

if TYPE_CHECKING:
    from dougong.testing.server import Database


@pytest.fixture
def reader(tmp_path: Path, database: Database) -> Iterator[Reader]:
    made = Reader(tmp_path, database.owner)
    made.run("dougong demo --prepare")  # "in which make demo has run once"
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.skipif(not shutil.which("curl"), reason="the tutorial uses curl")
def test_the_tutorial_and_the_how_tos_that_go_on_with_it(reader: Reader) -> None:
    for block in blocks(TUTORIAL):
        assert block.title or block.kind in ("sh", "text"), f"a block of {block.kind} without a file name"
    developer = DOCS / "how-to" / "developer"
    for name in ("test.md", "testing-time.md", "schedules.md"):
        for block in blocks(developer / name):
            if block.title:
                reader.write(block.title, block.text)  # runs with the tutorial's own tests
    reader.follow(TUTORIAL)
    reader.follow(developer / "translate.md")
