"""Months: closed within working days after their end, once every large variance has a note; reopened with a reason."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from dougong import (
    Conflict,
    Form,
    Prose,
    Step,
    Term,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)

from .balances import X, close_month
from .choices import ActualState, MonthState
from .naming import account_of
from .records import Actual, Balance, Ledger, Month, VarianceNote
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
flow = Workflow(Month, Month.status, SpendingSettings)


class Reopened(Form):
    reason: Prose = asked(_("Reason"))


@flow.creating
def begun(m: Month, x: X) -> None:
    m.title = f"{m.year}-{m.month:02d}"
    same = (Month.tenant_id == x.tenant, Month.site_id == m.site_id, Month.year == m.year, Month.month == m.month)
    if x.session.scalar(sa.select(Month.id).where(*same)) is not None:
        raise refuse("month", _("stands already"))
    here = (Ledger.tenant_id == x.tenant, Ledger.site_id == m.site_id, Ledger.year == m.year)
    if x.session.scalar(sa.select(Ledger.year).where(*here)) is None:
        raise refuse("year", _("has no budget at this site"))


def over(m: Month) -> dt.date:
    """The first day after it."""
    return dt.date(m.year + m.month // 12, m.month % 12 + 1, 1)


def variances(m: Month, x: X) -> list[tuple[str, int, int]]:
    """Account, planned and spent, of those that differ by more than the company's limit; all in whole numbers."""
    rows = x.session.execute(
        sa.select(Balance.account, Balance.approved, Balance.spent)
        .where(
            Balance.tenant_id == x.tenant,
            Balance.site_id == m.site_id,
            Balance.year == m.year,
            Balance.period == m.month,
        )
        .order_by(Balance.account)
    )
    limit = x.settings.variance_percent
    return [(a, plan, spent) for a, plan, spent in rows if abs(spent - plan) * 100 > limit * abs(plan)]


def unexplained(m: Month, x: X) -> list[str]:
    """Accounts whose variance has no note yet."""
    noted = {note.account for note in x.children(m, VarianceNote)}
    return [account for account, _plan, _spent in variances(m, x) if account not in noted]


@flow.adding(_("Explain a variance"), MonthState.OPEN, VarianceNote, icon="doc")
def note_variance(m: Month, note: VarianceNote, x: X) -> None:
    note.account = account_of(note.account, x)
    here = (Balance.tenant_id == x.tenant, Balance.site_id == m.site_id, Balance.year == m.year)
    if x.session.scalar(sa.select(Balance.period).where(*here, Balance.account == note.account).limit(1)) is None:
        raise refuse("account", _("is not an account of the budget of {year}").format(year=m.year))


@guard(_("This month is not over yet."))
def is_over(m: Month, x: X) -> bool:
    return x.today(m.site_id) >= over(m)


@flow.on(_("Close"), MonthState.OPEN, MonthState.CLOSED, form=Form, guards=[is_over], icon="lock")
def close(m: Month, f: Form, x: X) -> None:
    close_month(x, m, True)  # first, so that nobody posts between looking and closing
    if missing := unexplained(m, x):
        raise Conflict(
            _("These accounts need a note on their variance: {accounts}").format(
                accounts=str(_(", ")).join(missing[:20])
            )
        )
    if pending := unratified(m, x):
        words = _("Emergency spending has to be ratified or reversed first: {numbers}")
        raise Conflict(words.format(numbers=str(_(", ")).join(pending)))
    m.closed_at = x.now


def unratified(m: Month, x: X) -> list[str]:
    """Numbers of its emergencies that nobody has ratified, the first twenty."""
    waiting = Actual.status.in_((ActualState.RATIFYING, ActualState.REFUSED))
    here = (Actual.tenant_id == x.tenant, Actual.site_id == m.site_id, Actual.year == m.year, Actual.month == m.month)
    return list(x.session.scalars(sa.select(Actual.number).where(*here, waiting).order_by(Actual.number).limit(20)))


@flow.on(_("Reopen"), MonthState.CLOSED, MonthState.OPEN, form=Reopened, icon="history", danger=True)
def reopen(m: Month, f: Reopened, x: X) -> None:
    close_month(x, m, False)
    m.closed_at = None
    m.reopened += 1


def _starts(m: Month, x: X) -> dt.datetime:
    zone = x.snapshot.sites.zone(m.site_id)
    return dt.datetime.combine(over(m), dt.time(), zone).astimezone(dt.UTC)


def _steps(settings: SpendingSettings) -> list[Step[Month, SpendingSettings]]:
    return [remind(0.6), overdue(), escalate(1.0)]


flow.clock(
    "closing",
    _("Monthly close"),
    due=Month.close_by,
    met=Month.closed_at,
    late=Month.closed_late,
    runs=MonthState.OPEN,
    starts=_starts,
    term=lambda m, x: Term(days=x.settings.close_days),
    owner=lambda m, x: next((one.id for one in x.who("finance", m.site_id)), None),
    steps=_steps,
    step=close,
)
