"""Fields that a company adds to a record: their definitions, as part of the company's configuration.

A definition belongs to the snapshot like a role or a setting, so that a new field is there on the next request of every
process. Values and what is made of them are ``records.custom``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..words import translator
from .stored import Identified

_ = translator("dougong")

PREFIX = "x_"  # of every name, so that none is ever a field of the record itself
TYPES = ("text", "prose", "number", "money", "date", "moment", "bool", "choice", "person", "site", "file")


class CustomField(
    Identified, kind="core.custom_field", label=_("Field of the company"), unique=[("record_kind", "name")]
):
    """One field that a company added.

    :ivar name: stable key, as ``x_lift_no``. :ivar type: one of ``TYPES``. :ivar options: of a choice: ``[value, label]``
        in order.
    :ivar removed_at: since when it is no longer shown; the values stay until purged.
    """

    record_kind: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    title: Mapped[str]  # ``label`` is the table's own
    help: Mapped[str | None] = mapped_column(default=None)
    section: Mapped[str | None] = mapped_column(default=None)
    unit: Mapped[str | None] = mapped_column(default=None)
    options: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(default=False)
    filtered: Mapped[bool] = mapped_column(default=False)
    personal: Mapped[bool] = mapped_column(default=False)
    mask: Mapped[str | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class Added:
    """A definition as it is used: immutable, comparable, a key of what is compiled from it. Fields as the table's."""

    id: UUID
    name: str
    type: str
    title: str
    help: str | None = None
    section: str | None = None
    unit: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    listed: bool = False
    filtered: bool = False
    personal: bool = False
    mask: str | None = None


AddedFields = Mapping[str, tuple[Added, ...]]  # by kind, in the company's order; kinds without any are absent
COLUMNS = (
    "id", "name", "type", "title", "help", "section", "unit", "options", "required", "listed", "filtered", "personal", "mask",
)  # fmt: skip


def added_fields(rows: Iterable[list[Any]]) -> dict[str, tuple[Added, ...]]:
    """The definitions of a company by kind. :param rows: kind, position and then the values of ``COLUMNS``."""
    found: dict[str, list[Added]] = {}
    for kind, _position, *values in sorted(rows, key=lambda row: (row[0], row[1], row[3])):
        given = dict(zip(COLUMNS, values, strict=True))
        given["id"] = UUID(given["id"])
        given["options"] = tuple((str(value), str(label)) for value, label in given["options"])
        found.setdefault(kind, []).append(Added(**given))
    return {kind: tuple(fields) for kind, fields in found.items()}


VERSIONED = (CustomField,)

__all__ = ["COLUMNS", "PREFIX", "TYPES", "VERSIONED", "Added", "AddedFields", "CustomField", "added_fields"]
