"""Comments on records, with the people whom they mention."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ..instant import now
from ..tenancy.stored import Identified
from ..words import translator

_ = translator("dougong")


class Comment(Identified, kind="core.comment", label=_("Comment"), indexes=[("record_kind", "record_id", "at")]):
    """What somebody said about a record. The words stand here alone, so that they can be erased; history says that."""

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    text: Mapped[str]
    mentions: Mapped[list[UUID]] = mapped_column(ARRAY(sa.Uuid), default=list)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


__all__ = ["Comment"]
