"""What the core keeps beside every record: history, personal values, links, numbers, sites, replies to repeated requests."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..instant import now
from ..tenancy.stored import Identified, Stored, reference
from ..tenancy.tables import Site
from ..words import translator

_ = translator("dougong")


class History(Identified, kind="core.history", label=_("History"), indexes=[("record_kind", "record_id", "id")]):
    """Append-only. Personal values stand as salted digests here and as values in ``HistoryValue``.

    ``seal`` chains the entries of one record: SHA-256 over the previous seal and this entry.
    """

    privileges = "SELECT, INSERT"
    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    action: Mapped[str]
    actor_id: Mapped[UUID | None]  # None: the system
    at: Mapped[dt.datetime] = mapped_column(default=now)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    seal: Mapped[str]


# Who opened what is asked for across all records, and is little among the rest.
_ENTRIES: sa.Table = History.__table__  # type: ignore[assignment]
sa.Index(
    "ix_history_reveal",
    _ENTRIES.c.tenant_id,
    _ENTRIES.c.id,
    postgresql_where=_ENTRIES.c.action == sa.literal_column("'reveal'"),
)


class HistoryValue(Stored, kind="core.history_value", label=_("Personal value in history")):
    """Erasing value and salt erases the person; the digest in the history no longer says anything, the seal still holds."""

    privileges = "SELECT, INSERT, UPDATE"
    history_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": History})
    path: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any | None] = mapped_column(JSONB, default=None)
    salt: Mapped[str | None] = mapped_column(default=None)


class Link(
    Identified,
    kind="core.link",
    label=_("Link"),
    unique=[("from_kind", "from_id", "to_kind", "to_id")],
    indexes=[("to_kind", "to_id")],
):
    """A link between records of any modules, seen from both ends by those who may view both.

    :ivar origin_id: the end that gave rise to the other; None: neither did.
    :ivar rule: key of the company's rule by which it did so, once.
    """

    from_kind: Mapped[str]
    from_id: Mapped[UUID]
    to_kind: Mapped[str]
    to_id: Mapped[UUID]
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    origin_id: Mapped[UUID | None] = mapped_column(default=None)
    rule: Mapped[str | None] = mapped_column(default=None)


# A rule opens one record for each that gives rise to it, whatever happens at the same time.
_LINKS: sa.Table = Link.__table__  # type: ignore[assignment]
sa.Index(
    "uq_link_rule",
    _LINKS.c.tenant_id,
    _LINKS.c.origin_id,
    _LINKS.c.rule,
    unique=True,
    postgresql_where=_LINKS.c.rule.is_not(None),
)


class Number(Stored, kind="core.number", label=_("Number")):
    """The last number given in a series and year, unique and increasing per company."""

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class RecordSite(Stored, kind="core.record_site", label=_("Site of a record"), indexes=[("site_id", "record_kind")]):
    """Sites of records with scope ``sites``: any of them opens it for reading, all are needed for writing."""

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Site})


class Reply(Stored, kind="core.reply", label=_("Reply to a repeated request")):
    """What an ``Idempotency-Key`` of a person was answered with, kept for a day: a record, or else the answer itself."""

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    answer: Mapped[Any | None] = mapped_column(JSONB, default=None)


class ClockStep(
    Identified,
    kind="core.clock_step",
    label=_("Step of a clock"),
    unique=[("record_kind", "record_id", "clock", "run", "step")],
    indexes=[("at",)],
):
    """A step of a record's clock that was taken. The mark commits with its effect, so a step tried twice has one effect.

    :ivar run: how often this clock of this record was started. :ivar due_at: when the step was due; :ivar at: when it was taken.
    :ivar people: who was told.
    """

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    clock: Mapped[str]
    run: Mapped[int]
    step: Mapped[str]
    due_at: Mapped[dt.datetime]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    people: Mapped[list[UUID]] = mapped_column(ARRAY(sa.Uuid), default=list)


__all__ = ["ClockStep", "History", "HistoryValue", "Link", "Number", "RecordSite", "Reply", "reference"]
