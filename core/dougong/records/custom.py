"""Fields that a company adds to a record: their definitions and their values.

Values stand in a side table, one row each, so that lists filter by an index: an index on ``jsonb`` is not used under
row-level security. A removed field keeps its values until they are purged.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..tenancy.stored import Identified, Stored
from ..words import translator

_ = translator("dougong")


class CustomField(
    Identified, kind="core.custom_field", label=_("Field of the company"), unique=[("record_kind", "name")]
):
    """One field that a company added.

    :ivar name: stable key, as ``x_lift_no``. :ivar type: text | prose | number | money | date | moment | bool | choice |
        person | site | file. :ivar options: of a choice: value → label, in order.
    :ivar removed_at: since when it is no longer shown; the values stay until purged.
    """

    record_kind: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    label: Mapped[str]
    help: Mapped[str | None] = mapped_column(default=None)
    section: Mapped[str | None] = mapped_column(default=None)
    unit: Mapped[str | None] = mapped_column(default=None)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    required: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(default=False)
    filtered: Mapped[bool] = mapped_column(default=False)
    personal: Mapped[bool] = mapped_column(default=False)
    mask: Mapped[str | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class CustomValue(
    Stored,
    kind="core.custom_value",
    label=_("Value of a company's field"),
    indexes=[
        ("field_id", "text", "record_id"),
        ("field_id", "number", "record_id"),
        ("field_id", "at", "record_id"),
        ("field_id", "link", "record_id"),
    ],
):
    """One value: in the column of its type, the others are empty."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    field_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": CustomField})
    text: Mapped[str | None] = mapped_column(default=None)
    number: Mapped[Any | None] = mapped_column(sa.Numeric, default=None)
    at: Mapped[dt.datetime | None] = mapped_column(default=None)
    link: Mapped[UUID | None] = mapped_column(default=None)


VERSIONED = (CustomField,)

__all__ = ["VERSIONED", "CustomField", "CustomValue"]
