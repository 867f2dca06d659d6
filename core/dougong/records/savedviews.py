"""Saved views: a list as somebody wants to see it again, for themselves, for a role or for the whole company.

Owns the two tables and who may use which view. What a view's query may hold is judged by ``filters`` when it is used.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..access.tables import Person
from ..instant import now
from ..tenancy.stored import Identified, Stored, reference
from ..words import translator

_ = translator("dougong")


class SavedView(Identified, kind="core.saved_view", label=_("Saved view"), indexes=[("record_kind",)]):
    """A query of a list with its columns.

    :ivar query: pairs of the list's own parameters, in order. :ivar columns: names; None: as declared.
    :ivar owner_id: whose it is alone; None: shared with ``role`` (a post's slug), or with everybody where that is None.
    :ivar opens: of a shared view for everybody: the list opens with it.
    """

    record_kind: Mapped[str]
    name: Mapped[str]
    query: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    columns: Mapped[list[Any] | None] = mapped_column(JSONB, default=None)
    owner_id: Mapped[UUID | None] = reference(Person, default=None)
    role: Mapped[str | None] = mapped_column(default=None)
    opens: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class ListChoice(Stored, kind="core.list_choice", label=_("A person's columns")):
    """The columns that a person chose for a list."""

    person_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Person})
    record_kind: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[list[Any] | None] = mapped_column(JSONB, default=None)


__all__ = ["ListChoice", "SavedView"]
