"""Nonconformities like this one: the same item, clause, cause or category, and similar words, within what the reader may see.

Bounded: the latest few hundred of the last months are compared, in pairs of letters, which serves Chinese and English alike.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass

from dougong import Lazy, translator

from .choices import State
from .records import Nonconformity
from .relations import X

_ = translator("dougong_quality")

COMPARED, SHOWN = 300, 6  # rows looked at, rows shown
LONGEST = 2_000  # characters of a statement that are compared
ALIKE, AMONG = 0.35, 0.18  # share of pairs in common: alike by words alone; enough where something else is the same
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Similar:
    """:ivar why: what is the same, in words. :ivar score: between 0 and 2, to sort by."""

    record: Nonconformity
    why: tuple[Lazy, ...]
    score: float


def similar(c: Nonconformity, x: X, *, after: dt.datetime | None = None) -> list[Similar]:
    """Earlier (or, with ``after``, later) ones like it, the likest first; never more than are shown."""
    months = x.settings.corrective_similar_months
    found = x.readable(Nonconformity).where(
        Nonconformity.id != c.id,
        Nonconformity.status != State.CANCELLED,
        Nonconformity.created_at > after if after else Nonconformity.created_at <= c.created_at,
        Nonconformity.created_at >= c.created_at - dt.timedelta(days=round(30.44 * months)),
    )
    rows = x.session.scalars(found.order_by(Nonconformity.created_at.desc()).limit(COMPARED))
    mine = pairs(c)
    made = [one for row in rows if (one := _compared(c, mine, row)) is not None]
    return sorted(made, key=lambda one: (-one.score, -one.record.created_at.timestamp()))[:SHOWN]


def since(c: Nonconformity, x: X) -> int:
    """How many like it at the same site were opened since its measures were verified."""
    if c.verified_at is None:
        return 0
    return sum(one.record.site_id == c.site_id for one in similar(c, x, after=c.verified_at))


def pairs(c: Nonconformity) -> frozenset[str]:
    """The pairs of neighbouring letters of what it says."""
    text = _PLAIN.sub("", f"{c.item or ''}{c.statement}{c.root or ''}"[:LONGEST].lower())
    return frozenset(a + b for a, b in itertools.pairwise(text))


def _compared(c: Nonconformity, mine: frozenset[str], other: Nonconformity) -> Similar | None:
    theirs = pairs(other)
    words = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    item = bool(c.item) and _norm(c.item) == _norm(other.item)
    clause = c.clause is not None and c.clause == other.clause
    cause = c.cause is not None and c.cause == other.cause
    category = c.category == other.category
    alike = item or words >= ALIKE or (words >= AMONG and category) or (category and clause and cause)
    if not alike:
        return None
    why = [_("same item")] if item else []
    why += [_("same clause")] if clause else []
    why += [_("same cause")] if cause else []
    why += [_("same category")] if category else []
    why += [_("similar words")] if words >= AMONG else []
    return Similar(other, tuple(why), words + 0.5 * item + 0.2 * clause + 0.2 * cause + 0.1 * category)


def _norm(text: str | None) -> str:
    return _PLAIN.sub("", (text or "").lower())
