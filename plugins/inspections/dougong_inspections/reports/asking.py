"""What a page of results is asked: which days, which site, which trade. Refuses what it does not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from dougong import PERIODS, Asked, FieldError, Invalid, period_days, translator

from ..choices import Trade

_ = translator("dougong_inspections")

OWN = ("period", "from", "to", "trade")
OFFERED = (
    "this-week", "last-week", "this-month", "last-month", "last-30-days", "this-quarter", "last-quarter", "this-year",
    "last-year",
)  # fmt: skip
LONGEST = 3_660  # days, ten years
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)
BY_HAND = "own"


@dataclass(frozen=True)
class Wanted:
    """:ivar period: one of ``OFFERED``, or ``own``. :ivar start, last: its days, both inclusive, at the sites.
    :ivar site: address name of the chosen site; empty: all that this person may see.
    """

    period: str
    start: dt.date
    last: dt.date
    trade: Trade | None
    site: str
    place: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """These days and this trade as they stand in an address, with the site."""
        days = (
            [("period", BY_HAND), ("from", self.start.isoformat()), ("to", self.last.isoformat())]
            if self.period == BY_HAND
            else [("period", self.period)]
        )
        trade = [("trade", self.trade.value)] if self.trade else []
        return [*days, *trade, *([("site", self.site)] if self.site else [])]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def label(self) -> str:
        days = (
            self.start.isoformat() if self.start == self.last else f"{self.start.isoformat()} – {self.last.isoformat()}"
        )
        return days if self.period == BY_HAND else f"{PERIODS[self.period]} · {days}"

    def days(self, column: Any) -> sa.ColumnElement[bool]:
        """Rows of these days, by their business date."""
        return sa.and_(column >= self.start, column <= self.last)


def wanted(asked: Asked, *, default: str = "this-month", more: Iterable[str] = ()) -> Wanted:
    """What this request asks for.

    :param more: further parameters of the address. :raises BadRequest, Invalid: a parameter or value that is none.
    """
    sent = asked.params((*OWN, *more))
    today = asked.now.astimezone(asked.snapshot.sites.zone()).date()
    name, first, last = (sent.get(one, "") for one in ("period", "from", "to"))
    if first or last:
        if name not in ("", BY_HAND):
            raise _no("period", _("is given twice: by its name and by its days"))
        name, start, end = BY_HAND, _day("from", first), _day("to", last)
    else:
        name = name or default
        if name not in OFFERED:
            raise _no("period", _("must be one of: {known}").format(known=", ".join((*OFFERED, BY_HAND))))
        start, end = period_days(name, today)
        end = min(end, today)
    if end < start:
        raise _no("to", _("lies before the first day"))
    if (end - start).days >= LONGEST:
        raise _no("to", _("is more than ten years after the first day"))
    node = asked.snapshot.sites.node(asked.site) if asked.site else None
    place = node.name if node else str(_("All my sites"))
    return Wanted(name, start, end, _trade(sent.get("trade", "")), node.slug if node else "", place)


def _trade(text: str) -> Trade | None:
    known = {one.value: one for one in Trade}
    if text and text not in known:
        raise _no("trade", _("is not one of the possible choices"))
    return known[text] if text else None


def _day(path: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if len(text) == 10 else FIRST - dt.timedelta(days=1)
    except ValueError:
        raise _no(path, _("is not a day, written as in 2026-11-22")) from None
    if not FIRST <= day <= LAST:
        raise _no(path, _("is not a day, written as in 2026-11-22"))
    return day


def _no(path: str, why: object) -> Invalid:
    return Invalid(errors=(FieldError(path, why),))  # type: ignore[arg-type]
