"""The amounts of a budget: read, written all or nothing with the versions that were seen, summed up the tree.

Whoever writes locks the budget's row first, so that a save and a submission never pass each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, FieldError, Invalid, insert_rows, translator

from .choices import BINDING, AccountState, BudgetState, Direction
from .reading import MOST
from .records import Account, Budget, Cell

_ = translator("dougong_budgeting")
X = Context[Any]
MONTHS = range(1, 13)
Key = tuple[UUID, int]  # account, month


@dataclass(frozen=True, slots=True)
class Wish:
    """A cell as somebody wants it. ``version``: the one they saw, 0 where there was none; None: whatever it is."""

    account: UUID
    month: int
    amount: int
    version: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell as it is kept."""

    amount: int
    first: int
    version: int
    by: UUID | None
    at: Any


@dataclass(slots=True)
class Months:
    """An account's year: amounts, what they were when the version began, and the cells' versions; twelve each."""

    amounts: list[int]
    firsts: list[int]
    versions: list[int]


def active(x: X, site_id: UUID, year: int) -> Budget | None:
    """The budget that binds a site in a year: in execution, or with its final account made."""
    return x.session.scalar(
        sa.select(Budget)
        .where(Budget.tenant_id == x.tenant, Budget.site_id == site_id, Budget.year == year, Budget.status.in_(BINDING))
        .order_by(Budget.active_at.desc())
        .limit(1)
    )


def amounts(x: X, budget_id: UUID) -> dict[Key, int]:
    """Fen by account and month; what is not there is nothing."""
    return {key: one.amount for key, one in cells(x, budget_id).items()}


def cells(x: X, budget_id: UUID) -> dict[Key, Entry]:
    """Every cell that was ever written."""
    table = Cell.__table__.c
    found = x.session.execute(
        sa.select(
            table.account_id,
            table.month,
            table.amount,
            table.first,
            table.row_version,
            table.changed_by,
            table.changed_at,
        ).where(table.tenant_id == x.tenant, table.budget_id == budget_id)
    )
    return {(row[0], row[1]): Entry(*row[2:]) for row in found}


def writers(x: X, budget_id: UUID) -> set[UUID]:
    """Who wrote amounts as they stand."""
    table = Cell.__table__.c
    query = sa.select(table.changed_by).where(table.tenant_id == x.tenant, table.budget_id == budget_id).distinct()
    return {one for one in x.session.scalars(query) if one is not None}


def by_account(x: X, budget_id: UUID) -> dict[UUID, Months]:
    """The cells an account a row, as a page shows them: a tenth of the rows that ``cells`` reads."""
    table = Cell.__table__.c
    columns = (table.month, table.amount, table.first, table.row_version)
    found = x.session.execute(
        sa.select(table.account_id, *(sa.func.array_agg(column) for column in columns))
        .where(table.tenant_id == x.tenant, table.budget_id == budget_id)
        .group_by(table.account_id)
    )
    out = {}
    for account, months, *lists in found:
        out[account] = kept = Months([0] * 12, [0] * 12, [0] * 12)
        for target, values in zip((kept.amounts, kept.firsts, kept.versions), lists, strict=True):
            for month, value in zip(months, values, strict=True):
                target[month - 1] = value
    return out


def accounts(x: X) -> list[Account]:
    """The company's accounts in order: each after the one that it stands below."""
    found = list(
        x.session.scalars(
            sa.select(Account).where(Account.tenant_id == x.tenant).order_by(Account.place, Account.code).limit(2000)
        )
    )
    below: dict[UUID | None, list[Account]] = {}
    known = {one.id for one in found}
    for one in found:
        below.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    out: list[Account] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        one = waiting.pop()
        out.append(one)
        waiting.extend(reversed(below.get(one.id, [])))
    return out


def leaves(found: Iterable[Account]) -> list[Account]:
    """Those that have amounts of their own: nothing stands below them."""
    every = list(found)
    above = {one.parent_id for one in every}
    return [one for one in every if one.id not in above]


def sums(found: Sequence[Account], values: Mapping[Key, int]) -> dict[UUID, list[int]]:
    """Twelve months of every account; one with accounts below it is exactly their sum."""
    return added(found, {one.id: [values.get((one.id, month), 0) for month in MONTHS] for one in leaves(found)})


def added(found: Sequence[Account], own: Mapping[UUID, Sequence[int]]) -> dict[UUID, list[int]]:
    """As ``sums``, of months by account."""
    tree = [(one.id, one.parent_id) for one in found]
    above = {parent for _id, parent in tree}
    out = {id: [0] * 12 for id, _parent in tree}
    for id, parent in reversed(tree):  # what stands below comes later in the order
        if id not in above and id in own:
            out[id] = list(own[id])
        if parent in out:
            out[parent] = [a + b for a, b in zip(out[parent], out[id], strict=True)]
    return out


def totals(found: Sequence[Account], values: Mapping[Key, int]) -> tuple[list[int], list[int]]:
    """Income and expense by month, each over the accounts that have amounts of their own."""
    income, expense = [0] * 12, [0] * 12
    for one in leaves(found):
        target = income if one.direction is Direction.INCOME else expense
        for month in MONTHS:
            target[month - 1] += values.get((one.id, month), 0)
    return income, expense


def locked(x: X, budget_id: UUID) -> Budget:
    """The budget, its row locked until the transaction ends.

    :raises Forbidden, NotFound: not to be edited by this person. :raises Conflict: what is not a draft is not changed.
    """
    budget = x.get(Budget, budget_id)
    x.demand("budgeting.budget.edit", budget)
    x.session.execute(
        sa.select(Budget.id).where(Budget.tenant_id == x.tenant, Budget.id == budget_id).with_for_update()
    )
    x.session.refresh(budget)
    if budget.status is not BudgetState.DRAFT:
        raise Conflict(_("Only a draft is changed. This budget is: {state}.").format(state=budget.status.label))
    return budget


def save(x: X, budget: Budget, wishes: Sequence[Wish]) -> dict[Key, Entry]:
    """Write cells of a locked budget, all or none.

    :returns: the cells that were asked for, as they are now.
    :raises Invalid: an unknown account or month, a negative month where the account takes none; each named by its path.
    :raises Conflict: somebody else changed a cell since; ``extra["cells"]`` says which and to what.
    """
    found = accounts(x)
    _check(found, wishes)
    now = cells(x, budget.id)
    _compare(now, wishes)
    changed = []
    for wish in wishes:
        old = now.get((wish.account, wish.month))
        if (old.amount if old else 0) == wish.amount:
            continue
        entry = Entry(wish.amount, old.first if old else 0, (old.version if old else 0) + 1, x.actor, x.now)
        now[wish.account, wish.month] = entry
        changed.append((wish, entry))
    store(x, budget, [(wish.account, wish.month, entry) for wish, entry in changed])
    retotal(x, budget, found, {key: one.amount for key, one in now.items()})
    empty = Entry(0, 0, 0, None, None)
    return {(one.account, one.month): now.get((one.account, one.month), empty) for one in wishes}


def store(x: X, budget: Budget, entries: Iterable[tuple[UUID, int, Entry]]) -> None:
    """Write cells as they are given, with one statement."""
    rows = [
        {
            "budget_id": str(budget.id), "account_id": str(account), "month": month, "amount": one.amount, "first": one.first,
            "row_version": one.version, "changed_by": str(one.by) if one.by else None,
            "changed_at": one.at.isoformat() if one.at else None,
        }
        for account, month, one in entries
    ]  # fmt: skip
    insert_rows(x.session, Cell.__table__, rows, key=("budget_id", "account_id", "month"))


def retotal(x: X, budget: Budget, found: Sequence[Account], values: Mapping[Key, int]) -> None:
    """Keep the year's sums with the budget, for lists; they are no edit of the record."""
    income, expense = totals(found, values)
    x.session.execute(
        sa.update(Budget.__table__)  # type: ignore[arg-type]
        .where(Budget.__table__.c.tenant_id == x.tenant, Budget.__table__.c.id == budget.id)
        .values(income=sum(income), expense=sum(expense))
    )
    x.session.refresh(budget)


def _check(found: Sequence[Account], wishes: Sequence[Wish]) -> None:
    own = {one.id: one for one in leaves(found)}
    every = {one.id: one for one in found}
    errors = []
    seen = set[Key]()
    for wish in wishes:
        account = own.get(wish.account)
        if account is None:
            above = wish.account in every
            errors.append(
                FieldError(
                    f"{wish.path}.account",
                    _("“{name}” is a sum of the accounts below it.").format(name=every[wish.account].name)
                    if above
                    else _("There is no such account."),
                )
            )
        elif wish.month not in MONTHS:
            errors.append(FieldError(f"{wish.path}.month", _("A month is a number from 1 to 12.")))
        elif (wish.account, wish.month) in seen:
            errors.append(FieldError(wish.path, _("This cell is given twice.")))
        elif abs(wish.amount) > MOST:
            errors.append(FieldError(f"{wish.path}.amount", _("This is more than a cell holds.")))
        elif wish.amount < 0 and not account.negative:
            where = _("{account}, month {n}: this account takes no negative months.")
            errors.append(FieldError(f"{wish.path}.amount", where.format(account=account.name, n=wish.month)))
        elif wish.amount and account.status is AccountState.CLOSED:
            errors.append(
                FieldError(f"{wish.path}.account", _("“{name}” is no longer used.").format(name=account.name))
            )
        seen.add((wish.account, wish.month))
    if errors:
        raise Invalid(errors=tuple(errors[:200]))


def _compare(now: Mapping[Key, Entry], wishes: Sequence[Wish]) -> None:
    other = []
    for wish in wishes:
        old = now.get((wish.account, wish.month))
        version = old.version if old else 0
        amount = old.amount if old else 0
        if wish.version is not None and wish.version != version and wish.amount != amount:
            other.append({"account": str(wish.account), "month": wish.month, "amount": amount, "version": version})
    if other:
        words = _("Somebody else has changed {n} of these cells in the meantime. Nothing was written.")
        raise Conflict(words.format(n=len(other)), extra={"cells": other})


__all__ = [
    "MONTHS",
    "Entry",
    "Months",
    "Wish",
    "accounts",
    "active",
    "added",
    "amounts",
    "by_account",
    "cells",
    "leaves",
    "locked",
    "retotal",
    "save",
    "store",
    "sums",
    "totals",
    "writers",
]
