"""What is kept of approvals: each round of a record, and the seats of its levels with who signed them, when and for whom.

Owns the rows and their reading within one unit of work. Who may sign is judged by ``approvers``; what follows from a
signature is ``approvals``'.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..tenancy.stored import Identified, reference
from ..words import locale, translator

if TYPE_CHECKING:
    from .context import Context
    from .record import Record

_ = translator("dougong")

ASKED, GRANTED, RETURNED, WITHDRAWN, STOPPED = "asked", "granted", "returned", "withdrawn", "stopped"


class ApprovalRow(
    Identified,
    kind="core.approval",
    label=_("Approval"),
    unique=[("record_kind", "record_id", "name", "round")],
    indexes=[("asked_by", "asked_at")],
):
    """One round: from the submission to the last signature, the return or the withdrawal.

    :ivar site_id: of the record. :ivar name: of the approval, as the record declares it. :ivar round: 1 for the first.
    :ivar state: ``asked``, ``granted``, ``returned``, ``withdrawn`` or ``stopped`` (the record went another way).
    :ivar came_from: the record's state before. :ivar levels: as they were at submitting: name, label by language, need, state,
        hours. :ivar level: index of the one that is waited for, since ``level_at``.
    :ivar authors: none of them approves. :ivar words: the reason of a return.
    """

    site_id: Mapped[UUID] = mapped_column()
    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    name: Mapped[str]
    round: Mapped[int]
    state: Mapped[str] = mapped_column(default=ASKED)
    came_from: Mapped[str | None] = mapped_column(default=None)
    levels: Mapped[list[Any]] = mapped_column(JSONB)
    level: Mapped[int] = mapped_column(default=0)
    level_at: Mapped[dt.datetime]
    authors: Mapped[list[UUID]] = mapped_column(ARRAY(sa.Uuid), default=list)
    asked_by: Mapped[UUID | None] = mapped_column(default=None)
    asked_at: Mapped[dt.datetime]
    ended_by: Mapped[UUID | None] = mapped_column(default=None)
    ended_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    words: Mapped[str | None] = mapped_column(default=None)


# What is waited for is little among all that ever was: lists of it read this index alone, the longest waiting first.
sa.Index(
    "ix_approval_asked", ApprovalRow.tenant_id, ApprovalRow.level_at, ApprovalRow.id,
    postgresql_where=ApprovalRow.state == sa.literal_column("'asked'"),
)  # fmt: skip


class ApprovalSeat(
    Identified, kind="core.approval_seat", label=_("Seat of an approval"), indexes=[("signed_by", "signed_at")]
):
    """A signature that a level asks for: of a post, or of a person.

    :ivar rank: the post's level in the line when it was asked, so that a removed post still climbs from where it stood.
    :ivar signed_for: whose place the signer took as a deputy; None: nobody's.
    :ivar climbed: the post that signed because the seat's own was vacant; empty: none.
    :ivar outcome: ``agreed`` or ``returned``; None: not signed.
    """

    approval_id: Mapped[UUID] = reference(ApprovalRow)
    level: Mapped[int]
    role: Mapped[str | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    rank: Mapped[int] = mapped_column(default=0)
    signed_by: Mapped[UUID | None] = mapped_column(default=None)
    signed_for: Mapped[UUID | None] = mapped_column(default=None)
    climbed: Mapped[str | None] = mapped_column(default=None)
    signed_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    words: Mapped[str | None] = mapped_column(default=None)


@dataclass(slots=True)
class Approval:
    """A round with its seats, in the order of the levels. Read it; transitions change it."""

    row: ApprovalRow
    seats: list[ApprovalSeat]

    @property
    def running(self) -> bool:
        """Whether somebody is waited for."""
        return self.row.state == ASKED

    @property
    def state(self) -> str:
        """``asked``, ``granted``, ``returned``, ``withdrawn`` or ``stopped``."""
        return self.row.state

    @property
    def round(self) -> int:
        """1 for the first submission."""
        return self.row.round

    @property
    def asked_by(self) -> UUID | None:
        """Who submitted it; None: the system."""
        return self.row.asked_by

    @property
    def asked_at(self) -> dt.datetime:
        """When it was submitted."""
        return self.row.asked_at

    @property
    def signers(self) -> list[UUID]:
        """Those who agreed, in the order of the levels."""
        return [s.signed_by for s in self.seats if s.signed_by is not None and s.outcome == "agreed"]

    def at(self, level: int) -> list[ApprovalSeat]:
        """The seats of a level."""
        return [seat for seat in self.seats if seat.level == level]

    def label(self, level: int | None = None) -> str:
        """What a level is called, in the language of the moment; without one, the level that is waited for."""
        labels = self.row.levels[self.row.level if level is None else level]["label"]
        return str(labels.get(locale.get()) or labels["zh"])


def with_seats(x: Context[Any], rows: Sequence[ApprovalRow]) -> list[Approval]:
    """Rounds with their seats, in the order given."""
    seats: dict[UUID, list[ApprovalSeat]] = defaultdict(list)
    if rows:
        found = sa.select(ApprovalSeat).where(
            ApprovalSeat.tenant_id == x.tenant, ApprovalSeat.approval_id.in_([row.id for row in rows])
        )
        for seat in x.session.scalars(found.order_by(ApprovalSeat.level, ApprovalSeat.id)):
            seats[seat.approval_id].append(seat)
    return [Approval(row, seats[row.id]) for row in rows]


def running(x: Context[Any], record: Record) -> list[Approval]:
    """The rounds of a record that are waited for; kept for this unit of work, with what it has begun itself."""
    if sa.inspect(record).key is None and getattr(
        x, "fresh", True
    ):  # not written yet; what is read from rows has to ask
        return []
    known: dict[tuple[str, UUID], list[Approval]] = x.session.info.setdefault("approvals", {})
    key = (record.kind, record.id)
    if key not in known:
        asked = _of(x, record).where(ApprovalRow.state == ASKED).order_by(ApprovalRow.asked_at)
        with x.session.no_autoflush:
            known[key] = with_seats(x, x.session.scalars(asked).all())
    known[key] = [one for one in known[key] if one.running]
    return known[key]


def rounds(x: Context[Any], record: Record, *, most: int = 50) -> list[Approval]:
    """Every round of a record, the newest first."""
    newest = _of(x, record).order_by(ApprovalRow.asked_at.desc(), ApprovalRow.id.desc()).limit(most)
    return with_seats(x, x.session.scalars(newest).all())


def last_round(x: Context[Any], record: Record, name: str) -> int:
    """The number of the last round; 0 before the first."""
    found = sa.select(sa.func.max(ApprovalRow.round)).where(
        ApprovalRow.tenant_id == x.tenant,
        ApprovalRow.record_kind == record.kind,
        ApprovalRow.record_id == record.id,
        ApprovalRow.name == name,
    )
    with x.session.no_autoflush:
        return x.session.scalar(found) or 0


def enter(x: Context[Any], record: Record, row: ApprovalRow, seats: Iterable[ApprovalSeat]) -> Approval:
    """A round that begins now."""
    made = Approval(row, list(seats))
    running(x, record).append(made)
    x.session.add_all([row, *made.seats])
    return made


def _of(x: Context[Any], record: Record) -> sa.Select[ApprovalRow]:
    return sa.select(ApprovalRow).where(
        ApprovalRow.tenant_id == x.tenant,
        ApprovalRow.record_kind == record.kind,
        ApprovalRow.record_id == record.id,
    )


__all__ = [
    "ASKED", "GRANTED", "RETURNED", "STOPPED", "WITHDRAWN", "Approval", "ApprovalRow", "ApprovalSeat", "enter",
    "last_round", "rounds", "running", "with_seats",
]  # fmt: skip
