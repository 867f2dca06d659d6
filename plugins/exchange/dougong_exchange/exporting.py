"""What a person may see of a list, as a file: the same rows, the same masks, the same words.

Masked values stay masked unless the person may open them and says so; then each record's history tells of it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dougong import (
    Context,
    Location,
    Resource,
    Shape,
    field_set,
    list_columns,
    log_many,
    seen,
    translator,
    vocabulary,
    walk,
)

from .choices import Format
from .writing import sheet

_ = translator("dougong_exchange")

Pairs = Sequence[tuple[str, str]]
_YES, _NO = _("Yes"), _("No")
_LEFT_OUT = frozenset({"file"})


def columns(x: Context[Any], resource: Resource[Any], pairs: Pairs, everything: bool) -> list[str]:
    """The fields of an export: those of the list as it is looked at, or all that people see of such a record."""
    shown = field_set(resource, x.snapshot).shown
    names = list(shown) if everything else list_columns(x, resource, pairs)
    readable = [n for n in names if n in shown and shown[n].kind not in _LEFT_OUT]
    return [n for n in readable if not (r := shown[n].meta.reads) or shown[n].meta.mask or x.gate.scope(r)]


def guarded(x: Context[Any], resource: Resource[Any]) -> list[Shape]:
    """Masked fields that this person may open somewhere."""
    shown = field_set(resource, x.snapshot).shown.values()
    return [s for s in shown if s.meta.mask and (s.meta.reads is None or x.gate.scope(s.meta.reads))]


def export(
    x: Context[Any],
    resource: Resource[Any],
    path: Path,
    format: Format,
    names: Sequence[str],
    pairs: Pairs = (),
    *,
    ids: Sequence[UUID] | None = None,
    opened: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> int:
    """Write the file. :returns: how many rows it has.

    :param names: fields, in order. :param pairs: the list's parameters. :param ids: only these records.
    :param opened: masked values are opened where this person may; that is logged with each record.
    :param tell: told how many rows are written, of how many where that is known (else 0).
    """
    shown = field_set(resource, x.snapshot).shown
    shapes = [shown[name] for name in names]
    speaker = Speaker(x, resource)
    made, count = sheet(path, format, headings(shapes)), 0
    hidden = [shape for shape in shapes if shape.meta.mask] if opened else []
    try:
        for rows in walk(x, resource, names, pairs, ids=ids):
            speaker.look_up(shapes, rows)
            for row in rows:
                zone = speaker.zone(row["site_id"])
                made.row([speaker.said(s, seen(x, s, row[s.name], row, resource, opened), row, zone) for s in shapes])
            count += len(rows)
            if tell is not None:
                tell(count, len(ids or ()))
            for shape in hidden:
                if theirs := [row["id"] for row in rows if may_open(x, shape, row, resource)]:
                    log_many(resource, theirs, x, "reveal", field=shape.name)
    finally:
        made.close()
    return count


def may_open(x: Context[Any], shape: Shape, row: dict[str, Any], resource: Resource[Any]) -> bool:
    """Whether a masked value of this row came out open."""
    value = row[shape.name]
    return value is not None and seen(x, shape, value, row, resource, True) is value


def headings(shapes: Iterable[Shape]) -> list[str]:
    """Labels; one that two fields have is told apart by the field's name."""
    found: list[str] = []
    for shape in shapes:
        label = str(shape.meta.label)
        found.append(label if label not in found else f"{label} [{shape.name}]")
    return found


class Speaker:
    """Values in words, so that people read them and an import finds them again."""

    def __init__(self, x: Context[Any], resource: Resource[Any]) -> None:
        self.x, self.resource = x, resource
        people = x.snapshot.people.values()
        names = [p.name for p in people]
        self.people = {p.id: p.name if names.count(p.name) == 1 else p.username for p in people}
        self.sites = {node.id: node.name for node in x.snapshot.sites.ordered()}
        self.words: dict[str, dict[str, str]] = {}
        self.numbers: dict[UUID, str] = {}

    def zone(self, site: UUID | None) -> ZoneInfo:
        return self.x.snapshot.sites.zone(site)

    def look_up(self, shapes: Sequence[Shape], rows: Sequence[dict[str, Any]]) -> None:
        """The names of what these rows point to: places, and records by number as far as this person may see them."""
        for shape in shapes:
            ids = (
                {row[shape.name] for row in rows} - {None} - set(self.numbers)
                if shape.kind in ("location", "record")
                else ()
            )
            if not ids:
                continue
            if shape.kind == "location":
                found: Any = self.x.session.execute(sa.select(Location.id, Location.name).where(Location.id.in_(ids)))
                self.numbers.update((row.id, row.name) for row in found)
                continue
            other = self.x.registry.resources.get(shape.target or "")
            if other is not None:
                query = self.x.readable(other.record).where(other.record.id.in_(ids))
                self.numbers.update({one.id: one.number for one in self.x.session.scalars(query)})

    def said(self, shape: Shape, value: Any, row: dict[str, Any], zone: ZoneInfo) -> Any:
        """A value for a cell: text, number, or a moment on the site's wall clock."""
        if value is None or value == "":
            return None
        match shape.kind:
            case "choice" | "state":
                return str(getattr(value, "label", shape.words.get(str(value), value)))
            case "vocabulary":
                return self._word(shape, str(value))
            case "person":
                return self.people.get(value)
            case "site":
                return self.sites.get(value)
            case "location" | "record":
                return self.numbers.get(value)
            case "datetime":
                return (
                    value.astimezone(zone).replace(tzinfo=None, microsecond=0)
                    if isinstance(value, dt.datetime)
                    else value
                )
            case "money":
                return Decimal(value) / 100 if isinstance(value, int) else value
            case "bool":
                return str(_YES if value else _NO)
            case "choices":
                return "、".join(str(getattr(v, "label", v)) for v in value)
            case "lines":
                return "\n".join(map(str, value))
            case "json":
                return json.dumps(value, ensure_ascii=False, default=str)
            case "number" | "date":
                return value
        return str(value)

    def _word(self, shape: Shape, value: str) -> str:
        name = shape.meta.vocabulary or ""
        if name not in self.words:
            self.words[name] = vocabulary(self.x.snapshot, self.resource.module, name)
        return self.words[name].get(value, value)


def count(x: Context[Any], resource: Resource[Any], pairs: Pairs, ids: Sequence[UUID] | None, most: int) -> int:
    """How many rows there would be, counted up to ``most`` and a thousand."""
    found: Iterator[list[dict[str, Any]]] = walk(x, resource, ("number",), pairs, ids=ids)
    total = 0
    for rows in found:
        total += len(rows)
        if total > most:
            break
    return total
