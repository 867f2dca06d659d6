"""A whole sheet as people have it: accounts down, months across. Reads it cell by cell into wishes; writes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dougong import FieldError, Invalid, refuse, translator

from .ledger import Wish, leaves
from .reading import Unreadable, fen, rows
from .records import Account

_ = translator("dougong_budgeting")
MOST_ROWS, MOST_COLUMNS = 600, 80
_SUMS = {"合计", "总计", "全年", "全年合计", "年度合计", "小计", "年合计", "total", "year", "whole year", "sum"}
_PASSED = _SUMS | {"结余", "结余合计", "收支结余", "balance", "科目", "account", "code", "编码", "项目", "序号"}
_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMED = {f"{name}{tail}": n for n, name in enumerate(_HAN, 1) for tail in ("月", "月份")}
_NAMED |= {form: n for n, name in enumerate(_ENGLISH, 1) for form in (name, name[:3], f"{name[:3]}.")}
_MONTH = re.compile(r"(?:\d{4}\s*[年./-]\s*)?m?(\d{1,2})\s*(?:月|月份|[-/.]0?1(?: 00:00:00)?)?")


@dataclass(frozen=True)
class Heads:
    """Where a sheet has what: the columns of the months by month, of the sum if there is one; accounts stand before them."""

    months: dict[int, int]
    total: int | None

    @property
    def before(self) -> int:
        return min(self.months.values())


# What has no line of headings: the account, twelve months, and the year if it is there.
PLAIN = Heads({month: month for month in range(1, 13)}, 13)


def wishes(text: str, found: Sequence[Account]) -> list[Wish]:
    """The cells of what was copied from a spreadsheet."""
    return of_rows(rows(text), found)


def of_rows(lines: Sequence[list[str]], found: Sequence[Account], slack: int = 0, field: str = "text") -> list[Wish]:
    """The cells of a sheet: in each line an account by its code or name, twelve months and, if it is there, the year, which has
    to be the sum of its months.

    Lines of accounts that are sums of others are passed over: they follow. So are headings, totals and lines without figures.

    :param slack: fen by which a sum may differ. :param field: what refusals are about.
    :raises Invalid: every cell that cannot be read, an account that is not known, a sum that is not one, by line and month.
    """
    if len(lines) > MOST_ROWS:
        raise refuse(field, _("More than {n} lines.").format(n=MOST_ROWS))
    lines = [line[:MOST_COLUMNS] for line in lines]
    start, heads = _heads(lines)
    own, (known, several) = {one.id for one in leaves(found)}, _known(found)
    out: list[Wish] = []
    errors: list[FieldError] = []
    for number, line in enumerate(lines[start:], start + 1):
        names = [_plain(cell) for cell in line[: heads.before]]
        if not _figures(line, heads) or not any(names) or any(name in _PASSED for name in names):
            continue
        account = next((known[name] for name in names if name in known), None)
        if account is None:
            shown = next((cell.strip() for cell in line if cell.strip()), "")[:40]
            why = _("Several accounts are called “{name}”: say which by its code.") if several & {*names} else (
                _("There is no account “{name}”."))  # fmt: skip
            errors.append(_error(field, number, why.format(name=shown)))
        elif account.id in own:
            out += _line(field, number, line, heads, account, slack, errors)
    if not out and not errors:
        errors.append(FieldError(field, _("There is nothing to take over in it.")))
    if errors:
        raise Invalid(errors=tuple(errors[:100]))
    return out


def _heads(lines: Sequence[list[str]]) -> tuple[int, Heads]:
    """The line after the headings, and what they say: twelve months in one line, wherever they stand."""
    for number, line in enumerate(lines[:30]):
        months: dict[int, int] = {}
        total = None
        for column, cell in enumerate(line):
            name = _plain(cell)
            month = _month(name)
            if month and column:
                months.setdefault(month, column)
            elif name in _SUMS:
                total = column
        if len(months) == 12 and list(months.values()) == sorted(months.values()):
            return number + 1, Heads(months, total)
    return 0, PLAIN


def _month(name: str) -> int | None:
    found = _MONTH.fullmatch(name)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else _NAMED.get(name)


def _plain(cell: str) -> str:
    """As names are compared: widths, spaces and case aside; a whole number that a workbook shows with decimals is a code."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", cell[:200]).strip().lower()).removesuffix(".00")


def _known(found: Sequence[Account]) -> tuple[dict[str, Account], set[str]]:
    """Accounts by code, by what they are called below which, and by name; and the names that several have."""
    called = [(_plain(one.name), one) for one in found]
    several = {name for name, times in Counter(name for name, _one in called).items() if times > 1}
    by_id = {one.id: one for one in found}
    paths = {_plain(f"{by_id[one.parent_id].name} / {one.name}"): one for one in found if one.parent_id in by_id}
    names = {name: one for name, one in called if name not in several}
    return names | paths | {_plain(one.code): one for one in found}, several


def _figures(line: list[str], heads: Heads) -> bool:
    return any(line[column].strip() for column in heads.months.values() if column < len(line))


def _line(
    field: str, number: int, line: list[str], heads: Heads, account: Account, slack: int, errors: list[FieldError]
) -> list[Wish]:
    if heads is PLAIN and any(cell.strip() for cell in line[14:]):
        errors.append(
            _error(field, number, _("“{name}” has more than twelve months and a sum.").format(name=account.name))
        )
        return []
    before, values = len(errors), dict[int, int]()
    for month, column in [*heads.months.items(), (0, heads.total)]:
        cell = line[column] if column is not None and column < len(line) else ""
        try:
            values[month] = fen(cell)
        except Unreadable as wrong:
            where = _("Line {line}, month {month}: {why}") if month else _("Line {line}, sum: {why}")
            errors.append(FieldError(field, where.format(line=number, month=month, why=wrong.why)))
    given = heads.total is not None and heads.total < len(line) and line[heads.total].strip()
    total = values.pop(0, 0)
    if len(errors) == before and given and abs(total - sum(values.values())) > slack:
        errors.append(
            _error(field, number, _("The months of “{name}” do not add up to its sum.").format(name=account.name))
        )
    return [Wish(account.id, month, amount, None, f"line {number}") for month, amount in values.items()]


def _error(field: str, number: int, why: object) -> FieldError:
    return FieldError(field, _("Line {line}: {why}").format(line=number, why=why))


__all__ = ["MOST_ROWS", "Heads", "of_rows", "wishes"]
