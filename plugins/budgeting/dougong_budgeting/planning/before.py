"""The year before a budget's: as it was planned, and as it went. Reads only; what is kept of spending lies in that part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from . import ledger
from .choices import AccountState
from .records import Account, Budget

X = Context[Any]


def planned(x: X, b: Budget) -> dict[ledger.Key, int] | None:
    """Last year's budget that binds, in the accounts that still take amounts; None where there is none."""
    found = ledger.active(x, b.site_id, b.year - 1)
    if found is None:
        return None
    own = {one.id for one in _usable(x)}
    return {key: amount for key, amount in ledger.amounts(x, found.id).items() if key[0] in own}


def went(x: X, b: Budget) -> dict[ledger.Key, int] | None:
    """Last year as it went: months that are over as spent and received, the others as planned.

    What is reversed in a later month may leave that month below nothing; an account that takes no negative months has
    nothing there.
    """
    spent = actual(x, b, ledger.accounts(x))
    if spent is None:
        return None
    done = over(x, b)
    values = {key: amount for key, amount in (planned(x, b) or {}).items() if key[1] > done}
    for one in _usable(x):
        for month, amount in enumerate(spent.get(one.id, ())[:done], 1):
            if amount:
                values[one.id, month] = amount if one.negative else max(0, amount)
    return values


def actual(x: X, b: Budget, found: Sequence[Account]) -> dict[UUID, list[int]] | None:
    """What was spent and received in the year before, twelve months by account; None where no such year was opened."""
    from ..spending.records import Balance

    kept = x.session.execute(
        sa.select(Balance.account, Balance.period, Balance.spent).where(
            Balance.tenant_id == x.tenant, Balance.site_id == b.site_id, Balance.year == b.year - 1, Balance.period > 0
        )
    ).all()
    if not kept:
        return None
    codes = {one.code: one.id for one in found}
    out: dict[UUID, list[int]] = {}
    for code, month, spent in kept:
        if code in codes:
            out.setdefault(codes[code], [0] * 12)[month - 1] = spent
    return out


def over(x: X, b: Budget) -> int:
    """How many months of the year before are over."""
    today = x.today(b.site_id)
    return 12 if today.year >= b.year else today.month - 1 if today.year == b.year - 1 else 0


def _usable(x: X) -> list[Account]:
    return [one for one in ledger.leaves(ledger.accounts(x)) if one.status is AccountState.OPEN]


__all__ = ["actual", "over", "planned", "went"]
