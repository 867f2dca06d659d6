"""What is approved, raised and lowered while a budget is executed: each account and month by one conditional update, all of
an adjustment in one transaction. Nothing is ever lowered below what is spent and committed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, translator
from sqlalchemy.dialects.postgresql import insert

from .balances import TOLD, X, add_account, hold_open, yuan
from .records import Adjustment, Balance, Shift

_ = translator("dougong_budgeting")
Moves = Mapping[tuple[str, int], int]  # (account, month) → fen


def shift(x: X, by: Adjustment, year: int, why: str, moves: Moves, *, closed_too: bool = False) -> None:
    """Move what is approved, and keep what was moved.

    :param why: of ``Shift``. :param closed_too: what lies in closed months may be lowered: a year's rest that is carried over.
    :raises Conflict: a month is closed, or less would be approved than is spent and committed; nothing was moved then.
    """
    for _account, month in sorted(moves, key=lambda key: key[1]):
        hold_open(x, by.site_id, year, month, closed_too=closed_too)
    for account in sorted({account for account, _month in moves}):
        months = {month: amount for (one, month), amount in sorted(moves.items()) if one == account}
        _move(x, by.site_id, year, account, 0, sum(months.values()))  # the year first: it is what others wait for
        for month, amount in months.items():
            _move(x, by.site_id, year, account, month, amount)
    rows = [
        {"tenant_id": x.tenant, "adjustment_id": by.id, "why": why, "year": year, "account": account, "month": month,
         "site_id": by.site_id, "amount": amount}
        for (account, month), amount in moves.items()
    ]  # fmt: skip
    x.session.execute(insert(Shift), rows)


def _move(x: X, site: UUID, year: int, account: str, period: int, amount: int) -> None:
    here = (
        Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year, Balance.account == account,
        Balance.period == period,
    )  # fmt: skip
    used = Balance.spent + Balance.committed
    update = sa.update(Balance).where(*here).values(approved=Balance.approved + amount)
    if amount < 0:
        update = update.where(Balance.approved + amount >= sa.func.greatest(used, 0))
    if x.session.execute(
        update.returning(Balance.period).execution_options(synchronize_session=False)
    ).first():  # fmt: skip
        x.session.execute(
            sa.update(Balance).where(*here).values(alerted=TOLD).execution_options(synchronize_session=False)
        )
        return
    if amount >= 0:
        add_account(x, site, year, account)
        _move(x, site, year, account, period, amount)
        return
    free = x.session.scalar(sa.select(Balance.approved - sa.func.greatest(used, 0)).where(*here)) or 0
    when = f"{year}-{period:02d}" if period else str(year)
    words = _("Account {account}, {when}: only {free} yuan are left to be taken away; this takes {amount}.")
    raise Conflict(words.format(account=account, when=when, free=yuan(max(free, 0)), amount=yuan(-amount)))


def unspent(x: X, site: UUID, year: int, account: str) -> int:
    """What an account's year has left, in fen; 0 where it has nothing, or is not there."""
    free = sa.select(Balance.approved - Balance.spent - Balance.committed).where(
        Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year, Balance.account == account,
        Balance.period == 0,
    )  # fmt: skip
    return max(x.session.scalar(free) or 0, 0)


def from_the_end(x: X, site: UUID, year: int, account: str, amount: int, until: int = 12) -> dict[tuple[str, int], int]:
    """An amount taken out of an account's months that have something left, from the end back; as moves.

    :param until: this month and those before it come first. :raises Conflict: they have less.
    """
    rows = x.session.execute(
        sa.select(Balance.period, Balance.approved - sa.func.greatest(Balance.spent + Balance.committed, 0))
        .where(Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year, Balance.account == account)
        .order_by(Balance.period)
        .with_for_update()
    ).all()  # fmt: skip
    left, moves = amount, dict[tuple[str, int], int]()
    for month, free in sorted(rows, key=lambda row: (row[0] > until, -row[0])):
        part = min(left, max(free, 0))
        if part and month:
            moves[account, month] = -part
            left -= part
    if left:
        words = _("Account {account}, {when}: only {free} yuan are left to be taken away; this takes {amount}.")
        raise Conflict(words.format(account=account, when=year, free=yuan(amount - left), amount=yuan(amount)))
    return moves


__all__ = ["from_the_end", "shift", "unspent"]
