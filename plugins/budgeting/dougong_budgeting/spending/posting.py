"""Actuals: posted by their document, of a commitment or not, and reversed instead of corrected."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Day, Form, Line, Prose, Workflow, asked, guard, refuse, translator

from .balances import X, add_account, hold_open, take
from .choices import ActualState, CommitmentState
from .naming import account_of
from .records import Actual, Commitment
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
flow = Workflow(Actual, Actual.status, SpendingSettings)


class Reversal(Form):
    document: Line = asked(_("Source document number"), help=_("Of the reversal itself."))
    reason: Prose = asked(_("Reason"))
    on: Day | None = asked(
        _("On"), default=None, help=_("Empty: the day of the original, or today where that month is closed.")
    )


@flow.creating
def posted(a: Actual, x: X) -> None:
    a.account = account_of(a.account, x)
    if x.session.scalar(sa.select(Actual.id).where(*_same(a, x)).limit(1)) is not None:
        raise refuse("document", _("has been posted for this account already"))
    if a.posted_on > x.today(a.site_id):
        raise refuse("posted_on", _("lies in the future"))
    if a.emergency and not a.reason:
        raise refuse("reason", _("is needed for an emergency"))
    if a.emergency and x.imported:
        raise refuse("emergency", _("is posted by hand, so that somebody ratifies it"))
    a.year, a.month = a.posted_on.year, a.posted_on.month
    paid = commitment(a.commitment_id, x) if a.commitment_id is not None else None
    freed = _draw(a, paid, x) if paid is not None else 0
    take(x, a, a.account, a.year, a.month, spent=a.amount, committed=-freed, over=a.emergency, reason=a.reason)
    if paid is not None:
        if not (a.more and paid.left):
            free(paid, x)
            paid.status = CommitmentState.SETTLED
        x.link(paid, a, origin=True)


def _same(a: Actual, x: X) -> tuple[sa.ColumnElement[bool], ...]:
    """The same document for the same account. Voucher numbers of bookkeeping programs, which come in files, begin anew each
    month, and have lines; what was posted by hand is the document as a whole."""
    same = (
        Actual.tenant_id == x.tenant,
        Actual.site_id == a.site_id,
        Actual.account == a.account,
        Actual.document == a.document,
    )
    if not x.imported:
        return same
    of_month = Actual.year == a.posted_on.year, Actual.month == a.posted_on.month
    return *same, *of_month, *((Actual.line.in_((0, a.line)),) if a.line else ())


def commitment(id: UUID, x: X) -> Commitment:
    """A commitment, its row held until this work is done: two who pay or release it come one after the other.

    :raises Conflict: it is open no more.
    """
    query = sa.select(Commitment).where(Commitment.tenant_id == x.tenant, Commitment.id == id)
    found = x.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    if found.status is not CommitmentState.OPEN:
        raise Conflict(_("{number} is not committed any more.").format(number=found.number))
    return found


def _draw(a: Actual, c: Commitment, x: X) -> int:
    """Take out of a commitment what is paid of it.

    :returns: what is to be freed with the spending itself: in another month the promise is taken out of its own first.
    """
    if (c.site_id, c.account) != (a.site_id, a.account):
        raise refuse("commitment_id", _("is of another site or account"))
    a.drawn = min(a.amount, c.left)
    c.left -= a.drawn
    if (a.year, a.month) == (c.year, c.month):
        return a.drawn
    take(x, c, c.account, c.year, c.month, committed=-a.drawn)
    return 0


def free(c: Commitment, x: X) -> None:
    """What is left of a commitment is free again."""
    if c.left:
        take(x, c, c.account, c.year, c.month, committed=-c.left)
        c.left = 0


@flow.changing
def fixed(a: Actual, x: X) -> None:
    """Whoever moves the amount by other ways than a reversal is refused; its columns stay as they were posted."""
    history = sa.inspect(a).attrs
    if sa.inspect(a).persistent and any(history[name].history.deleted for name in ("amount", "account", "posted_on")):
        raise Conflict(_("What is posted is not changed; reverse it."))


@guard(_("A reversal is not reversed: post the document anew."))
def original(a: Actual, x: X) -> bool:
    return a.reversal_of_id is None


@flow.on(
    _("Reverse"), (ActualState.POSTED, ActualState.RATIFYING, ActualState.REFUSED), ActualState.REVERSED, form=Reversal,
    guards=[original], icon="close", danger=True,
    help=_("Posts the same amount the other way; into the open month where the original's is closed."),
)  # fmt: skip
def reverse(a: Actual, f: Reversal, x: X) -> None:
    day = f.on or _open_day(a, x)
    if day.year != a.year:  # this year's budget may not have its account any more
        hold_open(x, a.site_id, day.year, day.month)
        add_account(x, a.site_id, day.year, a.account)
    made = x.create(
        Actual, a.site_id, account=a.account, posted_on=day, amount=-a.amount, document=f.document, text=a.text,
        supplier=a.supplier, emergency=False, reason=f.reason, reversal_of_id=a.id,
    )  # fmt: skip
    x.link(a, made, origin=True)


def _open_day(a: Actual, x: X) -> dt.date:
    try:
        hold_open(x, a.site_id, a.year, a.month)
    except Conflict:
        return x.today(a.site_id)
    return a.posted_on


def pay(c: Commitment, amount: int, day: dt.date, document: str, x: X, *, more: bool = False) -> Actual:
    """Post what was paid of a commitment, which settles it unless more is to come."""
    made: Actual = x.create(
        Actual, c.site_id, account=c.account, posted_on=day, amount=amount, document=document, text=c.title,
        supplier=c.supplier, reason=c.reason, commitment_id=c.id, more=more, emergency=False,
    )  # fmt: skip
    return made


__all__ = ["commitment", "flow", "free", "pay", "reverse"]
