"""All pages: links lead somewhere, every command that is named exists with these options, no page stands alone."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from dougong.cli.root import root

from .reading import TOP, blocks, pages

LINK = re.compile(r"(?:\]\(|<img src=\")([^)\s\"]+)")
TYPED = re.compile(r"(?:^|[\s/(|])dougong ([^|)#\n]*)", re.M)
NAMED = re.compile(r"`dougong ([^`]+)`")
PAGES = pages()


def identify(page: Path) -> str:
    return str(page.relative_to(TOP))


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("file", PAGES, ids=identify)
def test_links_lead_somewhere(file: Path) -> None:
    wrong = []
    for target in LINK.findall(file.read_text("utf-8")):
        path, _sharp, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (file.parent / path).resolve() if path else file
        if not found.exists() or TOP not in (found, *found.parents) or (anchor and anchor not in anchors(found)):
            wrong.append(target)
    assert wrong == []


@pytest.mark.parametrize("file", PAGES, ids=identify)
def test_every_command_exists_with_these_options(file: Path) -> None:
    for block in blocks(file):
        if block.kind in ("sh", "bash") and not block.title:
            for line in block.text.replace("\\\n", " ").splitlines():
                if not line.startswith(("createdb", "psql dougong")) and "pip install" not in line:
                    for typed in TYPED.findall(line):
                        command, rest = _found(shlex.split(typed))
                        command.make_context(command.name, rest).close()
    for named in NAMED.findall(file.read_text("utf-8")):
        _found(named.replace("|", " ").split())


def _found(arguments: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = root
    while isinstance(command, click.Group) and arguments:
        first, *arguments = arguments
        found = command.get_command(click.Context(command), first)
        assert found is not None, f"there is no command {first!r} in {command.name!r}"
        command = found
    return command, arguments


def test_every_page_can_be_reached_from_the_map() -> None:
    seen: set[Path] = set()
    waiting = [TOP / "README.md"]
    while waiting:
        page = waiting.pop()
        if page.is_dir():  # a link to a folder shows all that is in it
            waiting += page.glob("*.md")
        elif page not in seen and page.suffix == ".md" and page.exists():
            seen.add(page)
            targets = (target.partition("#")[0] for target in LINK.findall(page.read_text("utf-8")))
            waiting += [(page.parent / target).resolve() for target in targets if target]
    assert [identify(page) for page in PAGES if page not in seen] == []
