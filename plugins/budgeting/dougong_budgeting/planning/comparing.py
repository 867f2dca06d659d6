"""Two budgets, or a budget and what became of the year before, side by side: accounts, and the months of one that is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from dougong import Lazy, translator

from .choices import Direction
from .reading import yuan
from .records import Account

_ = translator("dougong_budgeting")
Sums = Mapping[UUID, Sequence[int]]  # account → twelve months, fen


class Beside(NamedTuple):
    """Theirs, mine, the difference and its share as they are shown."""

    theirs: str
    mine: str
    change: str
    share: str


@dataclass(slots=True)
class Line:
    """A row: an account, a sum, or a month of the one that is opened. ``href`` opens its months, or closes them."""

    name: str
    cells: Beside
    anchor: str = ""
    depth: int = 0
    strong: bool = False
    href: str = ""
    opened: bool = False
    month: bool = False


def totals(found: Sequence[Account], every: Sums) -> tuple[list[int], list[int]]:
    """Income and expense by month: what stands at the top of the tree has the sums of all below it."""
    out = [0] * 12, [0] * 12
    for one in found:
        if one.parent_id not in every:
            target = out[one.direction is not Direction.INCOME]
            for n, amount in enumerate(every[one.id]):
                target[n] += amount
    return out


def lines(found: Sequence[Account], theirs: Sums, mine: Sums, until: int, here: str, of: str) -> list[Line]:
    """The accounts in the tree's order, then income, expense and the balance.

    :param until: the last month that both have: what became of ten months is not held against twelve.
    :param here: the page's address. :param of: whose months are opened.
    """
    depth: dict[UUID, int] = {}
    out: list[Line] = []

    def put(key: str, name: str, past: Sequence[int], now: Sequence[int], level: int, strong: bool) -> None:
        opened = key == of
        href = f"{here}#{key}" if opened else f"{here}&of={key}#{key}"
        out.append(Line(name, beside(sum(past[:until]), sum(now[:until])), key, level, strong, href, opened))
        if opened:
            months = [
                Line(str(_("Month {n}").format(n=n + 1)), beside(past[n], now[n]), depth=level + 1, month=True)
                for n in range(until)
            ]
            out.extend(months)

    for one in found:
        depth[one.id] = depth.get(one.parent_id, -1) + 1 if one.parent_id else 0
        put(str(one.id), one.name, theirs[one.id], mine[one.id], depth[one.id], one.parent_id is None)
    past, now = totals(found, theirs), totals(found, mine)
    sums: tuple[tuple[str, Lazy], ...] = (("income", _("Income")), ("expense", _("Expense")))
    for n, (key, label) in enumerate(sums):
        put(key, str(label), past[n], now[n], 0, True)
    rest = [[i - e for i, e in zip(*pair, strict=True)] for pair in (past, now)]
    put("balance", str(_("Balance")), rest[0], rest[1], 0, True)
    return out


def beside(theirs: int, mine: int) -> Beside:
    """Two amounts in fen and what the second is more or less than the first."""
    share = f"{(mine - theirs) / abs(theirs):+.1%}" if theirs else "–"
    return Beside(yuan(theirs), yuan(mine), signed(mine - theirs), share)


def signed(amount: int) -> str:
    """A difference: + where there is more."""
    return ("+" if amount > 0 else "") + yuan(amount)


__all__ = ["Beside", "Line", "beside", "lines", "signed", "totals"]
