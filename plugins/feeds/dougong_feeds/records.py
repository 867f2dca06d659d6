"""A feed: whose it is, of which list, filtered how. Its secret is kept as a digest only."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import Identified, now, translator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

_ = translator("dougong_feeds")


class Feed(Identified, kind="feeds.feed", label=_("Calendar feed"), unique=[("digest",)], indexes=[("person_id",)]):
    """``query`` holds pairs of the list's parameters as its address has them."""

    person_id: Mapped[UUID]
    name: Mapped[str]
    record_kind: Mapped[str]
    query: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    digest: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    used_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    token_scope: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)  # of what made its link
