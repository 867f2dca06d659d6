"""Files of records: what is known of each, and which record's gate opens it. The bytes lie in the store (``tenancy.files``)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from ..instant import now
from ..tenancy.stored import Identified
from ..words import translator

_ = translator("dougong")


class File(Identified, kind="core.file", label=_("File"), indexes=[("record_kind", "record_id")]):
    """A file of a record. Whoever may read the record may read it, unless ``field`` names a field that they may not.

    :ivar media_type: found by content, never as the browser said. :ivar size: in bytes. :ivar digest: SHA-256.
    :ivar key: where it lies in the store. :ivar thumb: likewise its small picture.
    :ivar field: the record's own field that holds it; None: an attachment.
    """

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    field: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    key: Mapped[str]
    thumb: Mapped[str | None] = mapped_column(default=None)
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


__all__ = ["File"]
