"""Which requirement is shown by which test: ``docs/coverage/<module>.toml``, checked and written out as one page.

A file lists what the domain page demands of a module; each entry names the tests that show it, or the issue that
brings it (``later``). Checked are: no entry without either, every named test exists, and everything that the
module's declaration holds (states, transitions, guards, deadlines, children) has its entry.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..choices import Choice
from ..plugins.registry import Registry
from ..records.resource import Resource

KINDS = ("state", "transition", "guard", "timer", "child", "field", "right", "edge", "report")
HEAD = """# What the domain page demands, and the tests that show it

Made from `docs/coverage/*.toml` by `python -m dougong.testing.coverage`; CI fails when an entry has no test, a named
test does not exist, or something that a module declares has no entry.
"""


@dataclass(frozen=True)
class Entry:
    """One demand. ``name`` is its name in the declaration, where it has one."""

    kind: str
    says: str
    name: str = ""
    tests: tuple[str, ...] = ()
    later: str = ""


@dataclass(frozen=True)
class Sheet:
    """The demands on one module."""

    module: str
    title: str
    entries: tuple[Entry, ...]


def read(path: Path) -> Sheet:
    """:raises TypeError: a key that is not known; KeyError: one that is missing."""
    found = tomllib.loads(path.read_text("utf-8"))
    entries = (Entry(**{**one, "tests": tuple(one.get("tests", ()))}) for one in found["entry"])
    return Sheet(found["module"], found["title"], tuple(entries))


def sheets(root: Path) -> list[Sheet]:
    """The sheets of a repository, by name of file."""
    return [read(path) for path in sorted((root / "docs" / "coverage").glob("*.toml"))]


def holes(sheet: Sheet, root: Path, registry: Registry) -> list[str]:
    """What is missing, in words; empty when the sheet is complete and true."""
    said = {(one.kind, one.name) for one in sheet.entries if one.name}
    declared = {
        thing
        for resource in registry.resources.values()
        if resource.module == sheet.module
        for thing in declarations(resource)
    }
    missing = [
        f"{sheet.module}: {kind} {name!r} is declared and has no entry" for kind, name in sorted(declared - said)
    ]
    gone = [
        f"{sheet.module}: {kind} {name!r} has an entry and is not declared" for kind, name in sorted(said - declared)
    ]
    return [
        *missing,
        *gone,
        *(f"{sheet.module}: {one.says}: {wrong}" for one in sheet.entries for wrong in _wrong(one, root)),
    ]


def declarations(resource: Resource[Any]) -> Iterator[tuple[str, str]]:
    """What a record's declaration holds that must be shown."""
    for deadline in resource.deadlines:
        yield "timer", deadline.name
    for child in resource.timeline:
        yield "child", child.kind.partition(".")[2]
    if resource.flow is None:
        return
    for step in resource.flow.transitions.values():
        yield "transition", step.name
        yield from (("guard", each.name) for each in step.guards)
    if not resource.state:  # steps that move nothing
        return
    state = getattr(resource.record, str(resource.state)).type
    choice: type[Choice] = state.choice
    yield from (("state", member.value) for member in choice)


def _wrong(entry: Entry, root: Path) -> Iterator[str]:
    if entry.kind not in KINDS:
        yield f"{entry.kind!r} is no kind of demand; one of {', '.join(KINDS)}"
    if bool(entry.tests) == bool(entry.later):
        yield "needs either tests or the issue that brings it"
    for test in entry.tests:
        path, _colons, name = test.partition("::")
        if not _colons or name.partition("[")[0] not in _tests(root / path):
            yield f"there is no test {test}"


@cache
def _tests(path: Path) -> frozenset[str]:
    """Names of the tests of a file, those of classes as ``Class::test``."""
    if not path.is_file():
        return frozenset()
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {
            before + one.name
            for one in members
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test")
        }
    return frozenset(found)


def page(found: list[Sheet]) -> str:
    """The page that people read."""
    parts = [HEAD]
    for sheet in found:
        shown = sum(1 for one in sheet.entries if one.tests)
        parts.append(f"## {sheet.title}\n\n{shown} of {len(sheet.entries)} shown by tests, the others come later.\n")
        for kind in KINDS:
            rows = [one for one in sheet.entries if one.kind == kind]
            if rows:
                parts.append(f"### {kind.title()}\n\n| Demand | Shown by |\n|---|---|")
                parts.append("\n".join(f"| {_demand(one)} | {_shown(one)} |" for one in rows) + "\n")
    return "\n".join(parts)


def _demand(entry: Entry) -> str:
    return f"{entry.says} (`{entry.name}`)" if entry.name else entry.says


def _shown(entry: Entry) -> str:
    if entry.later:
        return f"later: {entry.later}"
    return "<br>".join(f"`{test.rpartition('/')[2]}`" for test in entry.tests)


def main(root: Path) -> None:
    """Write ``docs/coverage.md``."""
    (root / "docs" / "coverage.md").write_text(page(sheets(root)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
