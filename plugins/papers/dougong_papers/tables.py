"""A list as a printed table: the rows, columns and masks of the list as it is looked at, on landscape sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    Location,
    Resource,
    Shape,
    Speaker,
    field_set,
    list_columns,
    seen,
    translator,
    walk,
)

from . import head
from .press import press

_ = translator("dougong_papers")

MOST = 2000  # rows; longer lists are an export's work
_CELL = 500  # characters of one cell; the rest stands on the record's own form
_WEIGHTS = {"prose": 4, "text": 2, "person": 1.6, "location": 2, "record": 1.6, "bool": 0.8, "state": 1}
_NUMBER, _TITLE = 1.6, 4  # in the same measure
_RIGHT = frozenset({"number", "money"})
_LEFT_OUT = frozenset({"file", "json", "uuid"})

Pairs = Sequence[tuple[str, str]]


def gather(
    x: Context[Any], resource: Resource[Any], pairs: Pairs, *, language: str, ids: Sequence[UUID] | None = None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the form ``list`` prints.

    :raises BadRequest, Invalid: the list does not know these parameters. :raises Conflict: it is too long.
    """
    shown = field_set(resource, x.snapshot).shown
    names = [n for n in list_columns(x, resource, pairs) if n in shown and shown[n].kind not in _LEFT_OUT]
    shapes = [shown[name] for name in names]
    speaker, rows = _Words(x, resource), []
    for some in walk(x, resource, names, pairs, ids=ids):
        speaker.look_up(shapes, some)
        rows += [[speaker.said(shape, row) for shape in shapes] for row in some]
        if len(rows) > MOST:
            raise Conflict(_("That are more than {n} rows. Narrow the list down, or export it.").format(n=MOST))
    pictures: dict[str, bytes] = {}
    data = head.common(x, str(resource.label), pictures, language)
    columns = [
        {"label": str(s.label), "width": _width(resource, s), "number": s.kind in _RIGHT} for s in shapes
    ]
    site = next((value for name, value in pairs if name == "site"), None)
    node = x.snapshot.sites.by_slug.get(site) if site else None
    total = str(_("{n} rows").format(n=len(rows)))
    return {**data, "columns": columns, "rows": rows, "left": node.name if node else "", "right": total}, pictures


def pdf(data: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """:raises Unset, TooMany, Conflict: see ``press``."""
    return press("list", data, pictures)


def _width(resource: Resource[Any], shape: Shape) -> float:
    if shape.name == "number":
        return _NUMBER
    return _TITLE if shape.name == resource.title else _WEIGHTS.get(shape.kind, 1.5)


class _Words:
    """Cells in words, exact times in the zone of each row's site."""

    def __init__(self, x: Context[Any], resource: Resource[Any]) -> None:
        self.x, self.resource = x, resource
        self.speaker = Speaker(x.snapshot, resource.module, x.now)
        self.names: dict[UUID, str] = {}

    def look_up(self, shapes: Sequence[Shape], rows: Sequence[dict[str, Any]]) -> None:
        """Places by name; other records by number, those that this person may see."""
        for shape in shapes:
            if shape.kind not in ("location", "record"):
                continue
            ids = {row[shape.name] for row in rows} - {None} - set(self.names)
            if not ids:
                continue
            if shape.kind == "location":
                found = self.x.session.execute(sa.select(Location.id, Location.name).where(Location.id.in_(ids)))
                self.names.update((row.id, row.name) for row in found)
            elif (other := self.x.registry.resources.get(shape.target or "")) is not None:
                query = self.x.readable(other.record).where(other.record.id.in_(ids))
                self.names.update({one.id: one.number for one in self.x.session.scalars(query)})

    def said(self, shape: Shape, row: dict[str, Any]) -> str:
        value = seen(self.x, shape, row[shape.name], row, self.resource, False)
        if value is None or value == "":
            return "–"
        if shape.kind in ("location", "record"):
            return self.names.get(value, "–")
        if isinstance(value, list | tuple):
            return "、".join(str(getattr(one, "label", one)) for one in value)[:_CELL]
        if value != row[shape.name]:  # masked
            return str(value)
        return " ".join(self.speaker.text(shape, value, self.speaker.zone(row["site_id"])).split())[:_CELL]


__all__ = ["MOST", "gather", "pdf"]
