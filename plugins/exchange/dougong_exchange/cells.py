"""One cell of a table as a value: dates, phones and numbers as spreadsheets spoil them. Pure functions of text.

A cell that cannot be read is refused with a reason (``Bad``), never guessed: half a phone number is worse than none.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal
from zoneinfo import ZoneInfo

from dougong import Lazy, harmless, translator

_ = translator("dougong_exchange")

Order = Literal["", "mdy", "dmy"]

_BROKEN = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:\s*[T,]?\s*(.+))?")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?(?:\s*(.+))?")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:\s*,?\s+(.+))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(
    r"(?P<before>上午|下午|中午|晚上|凌晨|早上)?\s*(?P<h>\d{1,2})\s*[:时點点]\s*(?:(?P<m>\d{1,2})\s*分?)?"
    r"(?:\s*:\s*(?P<s>\d{1,2})(?:\.\d+)?)?\s*(?P<after>[AaPp]\.?[Mm]\.?)?",
)
_SERIAL = re.compile(r"\d{4,6}(\.\d+)?")
_SHORTENED = re.compile(r"[+-]?\d(?:\.(\d+))?[Ee]\+?(\d{1,2})")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_EPOCH = dt.datetime(1899, 12, 30)
YES = frozenset({"是", "有", "真", "对", "√", "✓", "y", "yes", "true", "t", "1", "1.0"})
NO = frozenset({"否", "无", "假", "错", "×", "✗", "x", "n", "no", "false", "f", "0", "0.0"})


class Bad(Exception):
    """A cell that cannot be read. :ivar why: in words."""

    def __init__(self, why: Lazy) -> None:
        super().__init__(str(why))
        self.why = why


def tidy(text: str) -> str:
    """A cell without what surrounds it invisibly. :raises Bad: the formula in it had failed."""
    found = text.replace("\x00", "").replace("\u200b", "").replace("\ufeff", "").replace("\xa0", " ").strip()
    if found in _BROKEN:
        raise Bad(_("the spreadsheet's formula had failed here"))
    bare = found.removeprefix("'")
    return bare if harmless(bare) == found else found  # what an export put before it is taken away again


def plain(text: str) -> str:
    """Digits, letters and marks in their usual width."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def yes(text: str) -> bool:
    """:raises Bad: neither yes nor no."""
    said = plain(text).casefold()
    if said in YES or said in NO:
        return said in YES
    raise Bad(_("is neither yes nor no"))


def number(text: str) -> Decimal:
    """A number with thousands separators, in full-width digits, with a sign or percent-free unit marks. :raises Bad:"""
    said = plain(text).replace(" ", "").lstrip("¥￥$").removesuffix("元")
    if said.startswith("(") and said.endswith(")"):  # accountants' minus
        said = "-" + said[1:-1]
    if "," in said:
        if not _GROUPED.fullmatch(said):
            raise Bad(_("is not a number"))
        said = said.replace(",", "")
    try:
        found = Decimal(said)
    except InvalidOperation:
        raise Bad(_("is not a number")) from None
    if not found.is_finite() or abs(found) > 10**15:
        raise Bad(_("is not a number"))
    return found


def whole(text: str) -> int:
    """:raises Bad: not a whole number."""
    found = number(text)
    if found != found.to_integral_value():
        raise Bad(_("must be a whole number"))
    return int(found)


def fen(text: str) -> int:
    """An amount in yuan as fen. :raises Bad: more than two decimals."""
    found = number(text) * 100
    if found != found.to_integral_value():
        raise Bad(_("must be an amount in yuan, with at most two decimals"))
    return int(found)


def phone(text: str) -> str:
    """A phone number without what spreadsheets add. :raises Bad: digits are lost."""
    said = plain(text)
    if shortened := _SHORTENED.fullmatch(said):
        digits, power = shortened[1] or "", int(shortened[2])
        if len(digits) < power:
            raise Bad(_("was shortened by the spreadsheet and its last digits are lost; format the column as text"))
        return str(int(Decimal(said)))
    said = re.sub(r"(?<=\d{5})\.0+$", "", said)
    return re.sub(r"[\s.()/]+", "", said).replace("–", "-")


def day(text: str, zone: ZoneInfo, today: dt.date, *, order: Order = "", formats: Sequence[str] = ()) -> dt.date:
    """A date. :raises Bad: none, or day and month cannot be told apart."""
    return naive(text, today, order=order, formats=formats, zone=zone).date()


def moment(text: str, zone: ZoneInfo, today: dt.date, *, order: Order = "", formats: Sequence[str] = ()) -> dt.datetime:
    """A moment, read on the wall clock of the zone unless it says its own. :raises Bad: as ``day``."""
    return naive(text, today, order=order, formats=formats, zone=zone).replace(tzinfo=zone)


def naive(text: str, today: dt.date, *, order: Order, formats: Sequence[str], zone: ZoneInfo) -> dt.datetime:
    """Date and time on the wall clock. Without a year: this year's. :raises Bad:"""
    said = plain(text)
    try:
        found = _read(said, today, order, formats, zone)
    except (ValueError, OverflowError):
        raise Bad(_("is not a date that there is")) from None
    if found is None:
        raise Bad(_("is not a date"))
    if not 1900 <= found.year <= 2200:
        raise Bad(_("must lie between 1900 and 2200"))
    return found


def _read(said: str, today: dt.date, order: Order, formats: Sequence[str], zone: ZoneInfo) -> dt.datetime | None:
    for one in formats:
        try:
            return _on_wall(dt.datetime.strptime(said, one), zone)
        except ValueError:
            continue
    if len(said) > 60:
        return None
    if re.match(r"\d{4}-\d{2}-\d{2}", said):
        try:
            return _on_wall(dt.datetime.fromisoformat(said), zone)
        except ValueError:  # not quite ISO: read below
            pass
    if found := _DATE.fullmatch(said):
        return _put(int(found[1]), int(found[2]), int(found[3]), found[4])
    if found := _MONTH_DAY.fullmatch(said):
        return _put(today.year, int(found[1]), int(found[2]), found[3])
    if found := _SLASHED.fullmatch(said):
        return _slashed(int(found[1]), int(found[2]), found[3], found[4], order)
    if found := _COMPACT.fullmatch(said):
        return _put(int(found[1]), int(found[2]), int(found[3]), None)
    if _SERIAL.fullmatch(said):
        return _serial(float(said))
    return None


def _on_wall(found: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return found.astimezone(zone).replace(tzinfo=None) if found.tzinfo else found


def _put(year: int, month: int, day: int, time: str | None) -> dt.datetime | None:
    date = dt.datetime(year, month, day)
    if time is None or not time.strip():
        return date
    found = _TIME.fullmatch(time.strip())
    if found is None:
        return None
    hour, said = int(found["h"]), f"{found['before'] or ''}{(found['after'] or '').lower().replace('.', '')}"
    if said in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif said in ("上午", "凌晨", "早上", "am") and hour == 12:
        hour = 0
    return date.replace(hour=hour, minute=int(found["m"] or 0), second=int(found["s"] or 0))


def _slashed(first: int, second: int, year: str, time: str | None, order: Order) -> dt.datetime | None:
    if first > 12 and order != "mdy":
        order = "dmy"
    elif (second > 12 and order != "dmy") or (not order and first == second):
        order = "mdy"
    if not order:
        raise Bad(_("could mean two dates; say in the mapping whether the month or the day comes first"))
    whole = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    return _put(whole, first, second, time) if order == "mdy" else _put(whole, second, first, time)


def _serial(days: float) -> dt.datetime | None:
    """A spreadsheet's number of days, of the years in which anybody works."""
    if not 20_000 <= days < 80_000:
        return None
    return _EPOCH + dt.timedelta(seconds=round(days * 86_400))


__all__ = [
    "NO",
    "YES",
    "Bad",
    "Order",
    "day",
    "fen",
    "moment",
    "number",
    "phone",
    "plain",
    "tidy",
    "whole",
    "yes",
]
