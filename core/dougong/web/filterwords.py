"""What people write into a filter, as the bounds that ``records.filters`` judges: periods by name, one day, one number, yuan, me.

The same for pages, the API and saved views. Days are those of the site that is looked at, else the company's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..errors import FieldError, Invalid
from ..records import periods
from ..records.filters import CLOCK, CLOCK_UNTIL, EMPTY
from ..records.numbers import decimal_of
from ..words import translator

if TYPE_CHECKING:
    from uuid import UUID

    from .shapes import Shape

_ = translator("dougong")

ME = "me"
TIMES, NUMBERS = frozenset({"date", "datetime"}), frozenset({"number", "money"})
RANGES = TIMES | NUMBERS
_NOT_POSSIBLE = _("is not a possible value")
_ENDS = ("from", "to")


class Words:
    """The filters of one request in plain bounds.

    :param person: whom ``me`` means. :param zone: whose days count.
    """

    def __init__(self, fields: Mapping[str, Shape], person: UUID | None, zone: ZoneInfo, now: dt.datetime) -> None:
        self.fields, self.person, self.zone = fields, person, zone
        self.today = now.astimezone(zone).date()

    def plain(self, sent: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
        """:raises Invalid: what is no day, number or period of its field; all of them by name."""
        out: dict[str, tuple[str, ...]] = {}
        wrong: list[FieldError] = []
        for key, values in sent.items():
            if key == CLOCK:
                out[CLOCK] = tuple(values)
                out[CLOCK_UNTIL] = (_moment(self.today.isoformat(), "to", self.zone),)
                continue
            name, _dot, end = key.partition(".")
            shape = self.fields.get(name)
            kind = shape.kind if shape else ""
            if not any(values):
                continue
            try:
                if kind == "person":
                    out[key] = tuple(self._me(value) for value in values)
                elif kind not in RANGES or (not end and values[-1] == EMPTY):
                    out[key] = tuple(values)
                elif end in _ENDS:
                    out[key] = (self._bound(kind, values[-1], end),)
                else:
                    for bound, value in zip(_ENDS, self._both(kind, values[-1]), strict=True):
                        if not any(sent.get(f"{name}.{bound}", ())):  # what is said more closely counts
                            out[f"{name}.{bound}"] = (value,)
            except (ValueError, OverflowError):
                wrong.append(FieldError(key, _NOT_POSSIBLE))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        return out

    def _me(self, value: str) -> str:
        return str(self.person) if value == ME and self.person else value

    def _both(self, kind: str, text: str) -> tuple[str, str]:
        """A filter without an end: a period, else one day or number."""
        if kind in TIMES and periods.named(text):
            first, last = (day.isoformat() for day in periods.period_days(text, self.today))
            return self._bound(kind, first, "from"), self._bound(kind, last, "to")
        if kind == "datetime" and len(text) != 10:
            raise ValueError(text)  # a single moment is nothing to look for
        return self._bound(kind, text, "from"), self._bound(kind, text, "to")

    def _bound(self, kind: str, text: str, end: str) -> str:
        if not text:
            return text
        match kind:
            case "money":
                return _fen(text)
            case "number":
                return text
        if periods.named(text):
            text = periods.period_days(text, self.today)[_ENDS.index(end)].isoformat()
        return _moment(text, end, self.zone) if kind == "datetime" else dt.date.fromisoformat(text).isoformat()


def _fen(text: str) -> str:
    """Yuan as people write them (``1,234.5``, ``¥80``) in fen."""
    fen = decimal_of(text.strip().lstrip("¥￥").replace(",", "").replace("，", "")) * 100
    if fen != fen.to_integral_value() or abs(fen) > 10**15:
        raise ValueError(text)
    return str(int(fen))


def _moment(text: str, end: str, zone: ZoneInfo) -> str:
    """A bound of moments. A bare date means the site's day: from its first moment, or up to the first of the next."""
    moment = dt.datetime.fromisoformat(text)
    if not 1900 <= moment.year <= 2200:
        raise ValueError(text)
    if len(text) == 10 and end == "to":
        moment += dt.timedelta(days=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


__all__ = ["ME", "NUMBERS", "RANGES", "TIMES", "Words"]
