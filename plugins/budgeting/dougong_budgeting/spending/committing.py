"""Commitments: promised by hand, by another module's record or by a contract for each month of its term; released, or turned
into actuals."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import Day, Form, Line, Prose, Workflow, asked, guard, refuse, translator

from .balances import X, add_account, take
from .choices import CommitmentSource, CommitmentState
from .naming import account_of
from .posting import commitment, free, pay
from .records import Amount, Commitment, Ledger
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
LONGEST = 10  # years of a contract's term
flow = Workflow(Commitment, Commitment.status, SpendingSettings)


class Paid(Form):
    amount: Amount = asked(_("Amount"))
    document: Line = asked(_("Source document number"))
    on: Day | None = asked(_("On"), default=None, help=_("Empty: today."))
    last: bool = asked(_("Nothing more is to come"), default=True)


class Released(Form):
    reason: Prose = asked(_("Reason"))


class Ended(Form):
    on: Day = asked(_("Last day"))
    reason: Prose = asked(_("Reason"))


@flow.creating
def promised(c: Commitment, x: X) -> None:
    c.account = account_of(c.account, x)
    c.year, c.month, c.left = c.due_on.year, c.due_on.month, c.amount
    if c.source is CommitmentSource.CONTRACT and not (c.supplier and c.contract):
        raise refuse("contract", _("is needed, with its supplier"))
    if c.until_on is not None:
        _check_term(c, c.until_on)
    take(
        x,
        c,
        c.account,
        c.year,
        c.month,
        committed=c.amount,
        over=c.root_id is not None and x.gate.system,
        reason=c.reason,
    )
    if c.until_on is not None:
        for day in _later(c, c.year, x, after=c.month):
            _one_month(c, day, x)


def _check_term(c: Commitment, until: dt.date) -> None:
    if c.source is not CommitmentSource.CONTRACT:
        raise refuse("until_on", _("is for contracts only"))
    if until < c.due_on:
        raise refuse("until_on", _("must not lie before the first month"))
    if until.year > c.due_on.year + LONGEST:
        raise refuse("until_on", _("is more than {n} years away").format(n=LONGEST))


def _later(c: Commitment, year: int, x: X, *, after: int) -> list[dt.date]:
    """Months of a contract's term in its first year and in later ones that have an approved budget by now."""
    assert c.until_on is not None
    bound = sa.select(Ledger.year).where(
        Ledger.tenant_id == x.tenant, Ledger.site_id == c.site_id, Ledger.year > year, Ledger.temporary.is_(False)
    )
    years = [year, *sorted(x.session.scalars(bound))]
    return [
        day for one in years for month in range(after + 1 if one == year else 1, 13)
        if (day := dt.date(one, month, 1)) <= c.until_on
    ]  # fmt: skip


def _one_month(c: Commitment, day: dt.date, x: X) -> None:
    x.create(
        Commitment, c.site_id, source=c.source, account=c.account, due_on=day, amount=c.amount, title=c.title,
        supplier=c.supplier, contract=c.contract, reason=c.reason, root_id=c.root_id or c.id,
    )  # fmt: skip


def commit_contracts(x: X, site: UUID, year: int) -> None:
    """A budget begins to bind: the months of its year of contracts that were signed before. They bind whatever it approves; an
    account that they exceed takes nothing more until it is adjusted."""
    begun = sa.select(Commitment).where(
        Commitment.tenant_id == x.tenant, Commitment.site_id == site, Commitment.year < year,
        Commitment.until_on >= dt.date(year, 1, 1),
    )  # fmt: skip
    first = x.today(site).replace(day=1)  # what is over was paid under the temporary limit
    system = x.as_person(None).with_settings(x.settings_of("budgeting"))
    for c in x.session.scalars(begun.order_by(Commitment.number).limit(2000)).all():
        there = sa.select(Commitment.due_on).where(
            Commitment.tenant_id == x.tenant, Commitment.root_id == c.id, Commitment.year == year
        )
        known = set(x.session.scalars(there))
        for month in range(1, 13):
            day = dt.date(year, month, 1)
            if c.until_on is not None and first <= day <= c.until_on and day not in known:
                add_account(x, site, year, c.account)
                _one_month(c, day, system)


@flow.on(
    _("Turn into spending"), CommitmentState.OPEN, (CommitmentState.OPEN, CommitmentState.SETTLED), form=Paid, icon="check"
)  # fmt: skip
def settle(c: Commitment, f: Paid, x: X) -> CommitmentState:
    pay(c, f.amount, f.on or x.today(c.site_id), f.document, x, more=not f.last)
    return c.status


@flow.on(_("Release"), CommitmentState.OPEN, CommitmentState.RELEASED, form=Released, icon="close")
def release(c: Commitment, f: Released, x: X) -> None:
    free(commitment(c.id, x), x)


@guard(_("It is not part of a contract."), quiet=True)
def of_contract(c: Commitment, x: X) -> bool:
    return c.source is CommitmentSource.CONTRACT


@flow.on(
    _("End the contract"), (), (), form=Ended, guards=[of_contract], icon="close", danger=True,
    help=_("Its months after that day are released, and later years are not committed."),
)  # fmt: skip
def end_contract(c: Commitment, f: Ended, x: X) -> None:
    root = c.root_id or c.id
    series = sa.or_(Commitment.id == root, Commitment.root_id == root)
    months = (
        sa.select(Commitment).where(Commitment.tenant_id == x.tenant, series).order_by(Commitment.due_on, Commitment.id)
    )
    months = months.with_for_update().execution_options(populate_existing=True)
    for one in x.session.scalars(months).all():
        if one.id == root and one.until_on is not None:
            one.until_on = max(f.on, one.due_on)
        if one.status is CommitmentState.OPEN and one.due_on > f.on:
            free(one, x)
            one.status = CommitmentState.RELEASED
