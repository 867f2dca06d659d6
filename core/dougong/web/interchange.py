"""What modules need that bring records in and give them out: the fields of a record, and all rows of a list in a stream.

Which rows, columns and values a person may see is decided by the same plans, queries and rights as a list's page.
Reads and writes no files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from ..records import reads
from ..records.context import Context
from ..records.masks import masked
from ..records.resource import Resource
from ..records.vocabulary import entries
from . import listquery, rights
from .plans import plan_of
from .shapes import Shape
from .work import NO_SETTINGS

if TYPE_CHECKING:
    from ..access.snapshot import Snapshot
    from .requests import Asked

Pairs = Sequence[tuple[str, str]]
_AT_ONCE = 1000  # rows that are in memory at a time
# The wide ones too: spreadsheets in Chinese and Japanese read them alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text for a CSV file that no spreadsheet takes for a formula: an apostrophe goes before what would be one.

    A workbook needs it not: there a cell says itself that it is text.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass(frozen=True)
class FieldSet:
    """The fields of a record in one company, by name.

    :ivar shown: all that people see. :ivar asked: those that creating asks for. :ivar edited: those that an edit may change.
    """

    shown: Mapping[str, Shape]
    asked: Mapping[str, Shape]
    edited: Mapping[str, Shape]


def field_set(resource: Resource[Any], snapshot: Snapshot) -> FieldSet:
    """The fields of a resource, with those that the company added."""
    plan = plan_of(resource, snapshot.custom(resource.kind))
    return FieldSet(plan.fields, plan.create_fields, plan.edit_fields)


def vocabulary(snapshot: Snapshot, module: str, name: str) -> dict[str, str]:
    """Values and labels of a module's vocabulary, in the company's order and the present language."""
    return entries(snapshot.settings(module), name)


def seen(x: Context[Any], shape: Shape, value: Any, row: Mapping[str, Any], resource: Resource[Any], opened: bool) -> Any:
    """One value as this person may see it: itself, masked, or None where it is not theirs to see.

    :param row: what the value stands in, as ``walk`` gives it. :param opened: masked values are opened where they may be.
    """
    if value is None or not (shape.meta.mask or shape.meta.reads):
        return value
    held = frozenset(name for name in resource.relations if row[f"is_{name}"])
    if opened and rights.revealable(shape, x.gate, row["site_id"], held):
        return value
    how = rights.seen(shape, x.gate, row["site_id"], held)
    if how == rights.OPEN:
        return value
    return masked(str(value), shape.meta.mask or "all") if how == rights.MASKED else None


def list_columns(x: Context[Any], resource: Resource[Any], pairs: Pairs) -> list[str]:
    """The columns that a list with these parameters has."""
    query = _query(x, resource, pairs)
    plan = plan_of(resource, x.snapshot.custom(resource.kind))
    return list(query.columns or [shape.name for shape in plan.listed])


def walk(
    x: Context[Any], resource: Resource[Any], names: Sequence[str], pairs: Pairs = (), *, ids: Sequence[UUID] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """All rows of a list that this person may see, a thousand at a time, from one moment of the database.

    :param names: the fields wanted; ``id``, ``site_id`` and ``is_<relation>`` of each relation come too.
    :param pairs: the list's parameters, as its address has them. :param ids: only these records.
    :raises BadRequest, Invalid: parameters that the list does not have.
    """
    query = _query(x, resource, pairs)
    settings = x.snapshot.settings(resource.module) if resource.settings else NO_SETTINGS
    statement, given = reads.all_rows(resource, x.gate, query, tuple(names), settings)
    if ids is not None:
        statement = statement.where(resource.record.id.in_(ids))
    with x.session.execute(statement, given, execution_options={"yield_per": _AT_ONCE}) as found:
        for some in found.mappings().partitions():
            yield [dict(row) for row in some]


def _query(x: Context[Any], resource: Resource[Any], pairs: Pairs) -> reads.ListQuery:
    plan = plan_of(resource, x.snapshot.custom(resource.kind))
    slug = next((value for name, value in pairs if name == "site"), None)
    node = x.snapshot.sites.by_slug.get(slug) if slug else None
    kept = [(n, v) for n, v in pairs if n not in ("site", "after", "limit")]
    place = node.id if node else None
    asking = SimpleNamespace(snapshot=x.snapshot, gate=x.gate, person=x.person, site=place, now=x.now, app=x)
    return listquery.parse(cast("Asked", asking), plan, pairs=kept)


__all__ = ["FieldSet", "field_set", "harmless", "list_columns", "seen", "vocabulary", "walk"]
