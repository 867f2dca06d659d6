"""Reading what somebody wrote down in a meeting: a line is a task, who does it and until when. Guesses nothing: what it does not
know for sure it leaves open, for somebody to choose."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

MOST, LONGEST = 50, 200
_BULLET = re.compile(r"^\s*(?:[（(]?\d{1,2}[.、)）]|[一二三四五六七八九十]{1,3}、|[-*•·])\s*")
_CELLS, _WORDS = re.compile(r"[\t|｜]"), re.compile(r"[^\s，,；;。]+")
_LABEL = re.compile(r"^(?:责任人|负责人|期限|截止|时间|由|who|until|by)[:：]?\s*", re.I)
_AFTER = re.compile(r"(?:之?前)?(?:完成|办结|落实)?(?:负责)?$")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/月](\d{1,2})[日号]?")
_WEEKDAY = re.compile(r"(本|这|下)?(?:周|星期)([一二三四五六日天])")
_NEAR = {"今天": 0, "明天": 1, "后天": 2}
NEVER = dt.date(1900, 1, 1)  # today, where only days with a year count
_GONE = 60  # days: a day without a year that is longer past is meant of next year


@dataclass
class Row:
    """One line. None: it does not say so in words that are known."""

    title: str
    owner: UUID | None = None
    deadline: dt.date | None = None


def read(text: str, people: Mapping[str, UUID], today: dt.date) -> list[Row]:
    """The lines that hold something, at most ``MOST`` and one more. :param people: names and posts of those who may be meant."""
    found: list[Row] = []
    for line in text.splitlines():
        plain = _BULLET.sub("", line).strip()
        if plain and len(found) <= MOST:
            found.append(_row(plain, people, today))
    return found


def _row(line: str, people: Mapping[str, UUID], today: dt.date) -> Row:
    """Columns of a sheet in any order; or prose whose last words say who and when."""
    cells = [one.strip() for one in _CELLS.split(line) if one.strip()]
    row = Row("")
    if len(cells) > 1:
        rest = [one for one in cells if not _taken(row, one, people, today)]
        row.title = " ".join(rest)[:LONGEST]
        return row
    end = len(line)
    for token in reversed(list(_WORDS.finditer(line))):
        if not _taken(row, token[0], people, today):
            break
        end = token.start()
    row.title = line[:end].strip(" ，,；;。")[:LONGEST]
    return row


def _taken(row: Row, words: str, people: Mapping[str, UUID], today: dt.date) -> bool:
    """Whether these words say who or when, and the row did not know it yet."""
    plain = _LABEL.sub("", words)
    for one in (plain, _AFTER.sub("", plain)):
        if row.owner is None and one in people:
            row.owner = people[one]
            return True
        if row.deadline is None and (found := day(one, today)) is not None:
            row.deadline = found
            return True
    return False


def day(words: str, today: dt.date) -> dt.date | None:
    """A day as people write it: 2026-12-01, 12月1日, 12-1, 周五, 下周一, 明天; None: it is none."""
    if words in _NEAR:
        return today + dt.timedelta(days=_NEAR[words])
    if found := _WEEKDAY.fullmatch(words):
        at = "一二三四五六日".find(found[2].replace("天", "日"))
        monday = today - dt.timedelta(days=today.weekday())
        if found[1] == "下":
            return monday + dt.timedelta(days=7 + at)
        this = monday + dt.timedelta(days=at)
        return this if this >= today or found[1] else this + dt.timedelta(days=7)
    if found := _FULL.fullmatch(words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(words):
        this_year = _date(today.year, int(found[1]), int(found[2]))
        if this_year is not None and (today - this_year).days > _GONE:
            return _date(today.year + 1, int(found[1]), int(found[2]))
        return this_year
    return None


def _date(year: int, month: int, on: int) -> dt.date | None:
    try:
        return dt.date(year, month, on) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
