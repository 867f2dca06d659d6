"""How long a record is kept, and what stops its disposal: the declaration of a term, and legal holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..choices import Choice
from ..instant import now
from ..tenancy.stored import Identified
from ..words import Lazy, translator
from . import history
from .record import Record

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")


@dataclass(frozen=True)
class Retention:
    """The term of a kind of record.

    :param since: field with the moment or day from which the term runs; a record without it is kept.
    :param years: of the term. :param basis: the law, standard or rule that sets it.
    :param states: only records in these states are ever disposed of; empty: whatever the state.
    :param ends: what happens then: ``erase`` takes the personal values and leaves the case, ``delete`` takes it whole.
    :param duty: the law demands that it is kept so long; before that it is not erased for a person who asks for it
        either (个人信息保护法 Art. 47), and a company sets no shorter term.
    """

    since: str
    years: int
    basis: Lazy
    states: frozenset[Choice] = frozenset()
    ends: Literal["erase", "delete"] = "erase"
    duty: bool = False


class LegalHold(Identified, kind="core.legal_hold", label=_("Legal hold"), indexes=[("record_kind", "record_id")]):
    """While it stands nothing of the record is erased or deleted: a dispute, an inspection, a court's order."""

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    reason: Mapped[str]
    set_by: Mapped[UUID | None] = mapped_column(default=None)
    set_at: Mapped[dt.datetime] = mapped_column(default=now)
    released_by: Mapped[UUID | None] = mapped_column(default=None)
    released_at: Mapped[dt.datetime | None] = mapped_column(default=None)


def hold_of(x: Context[Any], record: Record) -> LegalHold | None:
    """The hold that stands on a record now."""
    mine = LegalHold.tenant_id == x.tenant, LegalHold.record_kind == record.kind, LegalHold.record_id == record.id
    query = sa.select(LegalHold).where(*mine, LegalHold.released_at.is_(None)).order_by(LegalHold.id).limit(1)
    return x.session.scalar(query)


def hold(x: Context[Any], record: Record, reason: str) -> LegalHold:
    """Put a record under a hold; one that stands already stays. The caller answers for the right to do so."""
    found = hold_of(x, record)
    if found is None:
        found = LegalHold(record_kind=record.kind, record_id=record.id, reason=reason, set_by=x.actor, set_at=x.now)
        x.session.add(found)
        x.session.flush()
        _note(x, record, "hold_set", reason)
    return found


def release(x: Context[Any], record: Record, reason: str) -> None:
    """End the hold on a record, where one stands. The caller answers for the right to do so."""
    found = hold_of(x, record)
    if found is not None:
        found.released_by, found.released_at = x.actor, x.now
        x.session.flush()
        _note(x, record, "hold_released", reason)


def _note(x: Context[Any], record: Record, action: str, reason: str) -> None:
    said = {"reason": reason}
    history.write(x.session, record.kind, record.id, action, actor=x.actor, at=x.now, changes={}, inputs=said)


__all__ = ["LegalHold", "Retention", "hold", "hold_of", "release"]
