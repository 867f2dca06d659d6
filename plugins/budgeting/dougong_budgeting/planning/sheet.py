"""A whole sheet as it was copied: accounts down, months across. Reads it cell by cell into wishes; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from dougong import FieldError, Invalid, refuse, translator

from .ledger import MONTHS, Wish, leaves
from .reading import Unreadable, fen, rows
from .records import Account

_ = translator("dougong_budgeting")
MOST_ROWS = 500
_HEADS = ("科目", "account", "code", "编码", "项目")


def wishes(text: str, found: Sequence[Account]) -> list[Wish]:
    """The cells of a sheet: in each line a code or name, twelve months and, if it is there, the year, which has to be their sum.

    Lines of accounts that are sums of others are passed over: they follow. A first line of headings is, too.

    :raises Invalid: every cell that cannot be read, an account that is not known, a sum that is not one, by line and month.
    """
    lines = rows(text)
    if len(lines) > MOST_ROWS:
        raise refuse("text", _("More than {n} lines.").format(n=MOST_ROWS))
    own = {one.id for one in leaves(found)}
    known = {one.name: one for one in found} | {one.code: one for one in found}
    out: list[Wish] = []
    errors: list[FieldError] = []
    for number, line in enumerate(lines, 1):
        name = line[0].strip()
        if not any(cell.strip() for cell in line) or (number == 1 and (not name or name.lower() in _HEADS)):
            continue
        account = known.get(name)
        if account is None:
            errors.append(_error(number, _("There is no account “{name}”.").format(name=name[:40])))
        elif account.id in own:
            out += _line(number, line, account, errors)
    if not out and not errors:
        errors.append(FieldError("text", _("There is nothing to take over in it.")))
    if errors:
        raise Invalid(errors=tuple(errors[:100]))
    return out


def _line(number: int, line: list[str], account: Account, errors: list[FieldError]) -> list[Wish]:
    values: list[int | None] = []
    if len(line) > 14 and any(cell.strip() for cell in line[14:]):
        errors.append(_error(number, _("“{name}” has more than twelve months and a sum.").format(name=account.name)))
        return []
    for month, cell in enumerate([*line[1:14], *[""] * (14 - len(line))][:13], 1):
        try:
            values.append(fen(cell))
        except Unreadable as wrong:
            values.append(None)
            where = _("Line {line}, month {month}: {why}") if month in MONTHS else _("Line {line}, sum: {why}")
            errors.append(FieldError("text", where.format(line=number, month=month, why=wrong.why)))
    months = [one for one in values[:12] if one is not None]
    if len(line) == 14 and line[13].strip() and None not in values and values[12] != sum(months):
        errors.append(_error(number, _("The months of “{name}” do not add up to its sum.").format(name=account.name)))
    return [Wish(account.id, m, v, None, f"line {number}") for m, v in enumerate(values[:12], 1) if v is not None]


def _error(number: int, why: object) -> FieldError:
    return FieldError("text", _("Line {line}: {why}").format(line=number, why=why))


__all__ = ["MOST_ROWS", "wishes"]
