"""Commitments: promised by hand, by a work order's accepted quote or by a contract; released, or turned into actuals."""

from __future__ import annotations

import datetime as dt

from dougong import Day, Form, Line, Prose, Workflow, asked, refuse, translator

from .balances import X, take
from .choices import CommitmentSource, CommitmentState
from .posting import draw
from .records import Amount, Commitment
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
flow = Workflow(Commitment, Commitment.status, SpendingSettings)


class Paid(Form):
    amount: Amount = asked(_("Amount"))
    document: Line = asked(_("Source document number"))
    on: Day | None = asked(_("On"), default=None, help=_("Empty: today."))
    last: bool = asked(_("Nothing more is to come"), default=True)


class Released(Form):
    reason: Prose = asked(_("Reason"))


@flow.creating
def promised(c: Commitment, x: X) -> None:
    c.year, c.month, c.left = c.due_on.year, c.due_on.month, c.amount
    if c.source is CommitmentSource.CONTRACT and not (c.supplier and c.contract):
        raise refuse("contract", _("is needed, with its supplier"))
    take(x, c, c.account, c.year, c.month, committed=c.amount, reason=c.reason)
    if c.until_on is not None:
        _months(c, x)


def _months(c: Commitment, x: X) -> None:
    """The commitments of a contract's later months, in the year of the first."""
    until = c.until_on
    assert until is not None
    if c.source is not CommitmentSource.CONTRACT:
        raise refuse("until_on", _("is for contracts only"))
    if until < c.due_on or until.year != c.year:
        raise refuse("until_on", _("must lie in the same year, not before the first month"))
    for month in range(c.month + 1, until.month + 1):
        x.create(
            Commitment, c.site_id, source=c.source, account=c.account, due_on=dt.date(c.year, month, 1), amount=c.amount,
            title=c.title, supplier=c.supplier, contract=c.contract, reason=c.reason,
        )  # fmt: skip


@flow.on(
    _("Turn into spending"), CommitmentState.OPEN, (CommitmentState.OPEN, CommitmentState.SETTLED), form=Paid, icon="check"
)  # fmt: skip
def settle(c: Commitment, f: Paid, x: X) -> CommitmentState:
    draw(c, f.amount, f.on or x.today(c.site_id), f.document, x)
    if c.left and f.last:
        _free(c, x)
    return CommitmentState.OPEN if c.left else CommitmentState.SETTLED


@flow.on(_("Release"), CommitmentState.OPEN, CommitmentState.RELEASED, form=Released, icon="close")
def release(c: Commitment, f: Released, x: X) -> None:
    _free(c, x)


def _free(c: Commitment, x: X) -> None:
    take(x, c, c.account, c.year, c.month, committed=-c.left)
    c.left = 0
