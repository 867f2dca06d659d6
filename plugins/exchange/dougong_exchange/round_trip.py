"""The round trip that every plugin's records have to survive: out of one company, into another, equal.

Used by the conformance suite (``dougong.testing``) through the module's name, where this plugin is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from dougong import Context, Resource

from . import exporting
from .choices import Format
from .commands import import_file
from .sources.headings import table
from .targets import Targets

Unit = Callable[[], AbstractContextManager[Context[Any]]]
_ELSEWHERE = frozenset({"record", "location"})  # they name what the other company does not have


def differences(resource: Resource[Any], one: Unit, other: Unit, folder: Path) -> list[str]:
    """What is not equal after all records of a kind went from one company into another without any.

    :param one: begins a unit of work of the company, as the system; likewise ``other``.
    """
    wrong = []
    for format in Format:
        path = folder / f"{resource.kind}.{format.value}"
        _write(resource, one, path, format)
        if format is Format.CSV:
            wrong += _brought(resource, other, path)
    again = folder / f"{resource.kind}.again.csv"
    _write(resource, other, again, Format.CSV)
    with one() as x:
        names = set(Targets(x, resource).by_name)
        shapes = {str(s.meta.label): s for s in Targets(x, resource).fields.shown.values()}
    kept = [label for label, s in shapes.items() if s.name in names and s.kind not in _ELSEWHERE]
    before, book, after = (
        _rows(p, kept) for p in (folder / f"{resource.kind}.csv", folder / f"{resource.kind}.xlsx", again)
    )
    if before != after:
        wrong.append(f"{resource.kind}: {_first(before, after)}")
    if len(before) != len(book):
        wrong.append(f"{resource.kind}: the workbook has {len(book)} rows, the text {len(before)}")
    return wrong


def _write(resource: Resource[Any], unit: Unit, path: Path, format: Format) -> None:
    with unit() as x:
        x = x.with_settings(x.snapshot.settings(resource.module)) if resource.settings else x
        everything = [("tab", "all")]
        names = exporting.columns(x, resource, everything, True)
        exporting.export(x, resource, path, format, names, everything, opened=True)


def _brought(resource: Resource[Any], other: Unit, path: Path) -> list[str]:
    out = import_file(other, resource.kind, path)
    return [f"{resource.kind}: {f['column']}: {f['reason']}" for f in out["faults"]] + (
        [f"{resource.kind}: {out['trouble']}"] if out["trouble"] else []
    )


def _rows(path: Path, kept: list[str]) -> list[tuple[str, ...]]:
    found = table(path)
    wanted = [at for at, heading in enumerate(found.headings) if heading in kept]
    return sorted(tuple(cells[at] for at in wanted) for _number, cells in found.rows)


def _first(before: list[tuple[str, ...]], after: list[tuple[str, ...]]) -> str:
    if len(before) != len(after):
        return f"{len(before)} rows went out, {len(after)} are there"
    return next(f"{a} became {b}" for a, b in zip(before, after, strict=True) if a != b)
