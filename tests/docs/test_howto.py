"""The how-tos: commands are typed against a demo of two companies, Python is run on top of the tutorial's module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .reading import DOCS, TUTORIAL, Reader, blocks

if TYPE_CHECKING:
    from dougong.testing.server import Database

HOW_TO = DOCS / "how-to"
CHECK = "import page; from dougong.plugins.checks import check_hooks as c; f = c('page', page); assert not f, f.problem"


def names(folder: str) -> list[str]:
    return sorted(path.name for path in (HOW_TO / folder).glob("*.md"))


@pytest.mark.parametrize("file", names("developer"))
def test_python_runs_on_top_of_the_tutorial(file: str, tmp_path: Path) -> None:
    code = [block.text for block in blocks(HOW_TO / "developer" / file) if block.kind == "python" and not block.title]
    if not code:
        pytest.skip("no Python on this page")
    reader = Reader(tmp_path, "")
    for block in blocks(TUTORIAL):
        if block.title:
            reader.write(block.title, block.text)
    reader.write("page.py", "\n".join(code))
    reader.run(f'python -W error::SyntaxWarning -c "{CHECK}"')


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, shared_database: Database) -> Reader:
    made = Reader(tmp_path_factory.mktemp("demo"), shared_database.addresses.superuser or shared_database.owner)
    made.run("dougong demo --prepare")
    return made


@pytest.mark.parametrize("user", ["company", "administrator", "operator"])
def test_commands_do_what_the_pages_say(user: str, demo: Reader, shared_database: Database) -> None:
    if user == "operator" and shared_database.addresses.superuser is None:
        pytest.skip("a backup needs a superuser")
    try:
        if user == "operator":
            demo.work()
        for name in names(user):
            demo.follow(HOW_TO / user / name)
    finally:
        demo.stop()
