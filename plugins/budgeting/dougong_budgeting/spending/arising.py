"""Commitments that other modules' records give rise to, by the company's rules: an agreed price, material that is used.

The rule says the account. What the record costs in the end is spent, the rest is free again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import FollowUp, Source, Telling, translator

from .balances import X, take
from .choices import CommitmentSource, CommitmentState
from .posting import commitment, free, pay
from .records import Commitment

_ = translator("dougong_budgeting")
LONGEST = 200  # characters of a line


def fill(told: Telling, source: Source, x: X) -> Mapping[str, Any]:
    """Of the account that the rule names, due today. An amount that is not known yet has to be said by hand."""
    title = " ".join(f"{source.number} {told.title}".split())
    return {
        "source": CommitmentSource.ORDER.value,
        "account": source.detail,
        "due_on": x.today(source.site_id).isoformat(),
        "amount": told.amount,
        "title": title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…",
        "reason": f"{source.label} {source.number}",
    }


def _promise_anew(c: Commitment, amount: int, x: X) -> None:
    """In the month of today: that of the first promise may be closed."""
    left, today = max(c.left + amount - c.amount, 0), x.today(c.site_id)
    if (today.year, today.month) != (c.year, c.month):
        free(c, x)
        c.due_on, c.year, c.month = today, today.year, today.month
    take(x, c, c.account, c.year, c.month, committed=left - c.left, reason=c.reason)
    c.left, c.amount = left, amount


def told_again(c: Commitment, told: Telling, x: X, ended: bool) -> None:
    """What gave rise to it says another amount: more is promised, or less; at its end what it cost is spent and the rest free.

    :raises Conflict: a hard stop; what gave rise to it cannot go on then.
    """
    if c.status is not CommitmentState.OPEN:
        return
    c = commitment(c.id, x)
    cost = told.amount or 0
    if not ended:
        if cost and cost != c.amount:
            _promise_anew(c, cost, x)
    elif cost:
        pay(c, cost, x.today(c.site_id), c.number, x)
    else:
        free(c, x)
        c.status = CommitmentState.RELEASED


FOLLOW_UP = FollowUp(
    Commitment.kind, Commitment.label, Commitment.kind, fill, told_again, asks=_("code of the account that pays")
)

__all__ = ["FOLLOW_UP"]
