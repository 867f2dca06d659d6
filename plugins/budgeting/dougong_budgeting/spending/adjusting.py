"""Adjustments: 追加, 调剂 and 结转, submitted with a reason, signed along the line by their amount, moved as they are granted."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from dougong import Conflict, Form, Level, Prose, Workflow, act, approval_of, asked, editors, guard, refuse, translator

from ..planning.choices import AccountState, Direction
from ..planning.ledger import accounts, leaves
from .balances import X, add_account, hold_open, yuan
from .choices import AdjustmentKind, AdjustmentState
from .dividing import divide
from .naming import account_of
from .records import Adjustment, Balance, Ledger, Shift
from .settings import SpendingSettings, day_of
from .shifting import from_the_end, shift, unspent

_ = translator("dougong_budgeting")
S, K = AdjustmentState, AdjustmentKind
flow = Workflow(Adjustment, Adjustment.status, SpendingSettings)
UNDERWAY = (S.PROJECT, S.FINANCE, S.REGION, S.COMPANY)


class Why(Form):
    reason: Prose = asked(_("Reason"))


# ---- what may be asked for ----


@flow.changing
def sensible(a: Adjustment, x: X) -> None:
    """What cannot be granted, whoever signs, is refused where it is written down."""
    settled = sa.inspect(a).persistent and a.status not in (S.DRAFT, *UNDERWAY)
    if settled and any(
        sa.inspect(a).attrs[name].history.deleted for name in ("amount", "account", "month", "year", "nature")
    ):
        raise Conflict(_("What is granted is not changed; ask for another adjustment."))
    if a.status is not S.DRAFT:
        return
    a.account = account_of(a.account, x)
    a.from_account = account_of(a.from_account, x) if a.from_account else None
    last = a.until_month or a.month
    if last < a.month:
        raise refuse("until_month", _("must not lie before the first month"))
    if a.nature is K.TRANSFER:
        if a.from_month is None:
            raise refuse("from_month", _("is needed for a transfer"))
        if (a.from_account or a.account) == a.account and a.from_month == a.month == last:
            raise refuse("from_month", _("is the month that gets it"))
    elif a.from_month is not None or a.from_account is not None:
        raise refuse("from_account", _("is for transfers only"))
    if a.nature is K.CARRY and last > expiry(a, x).month:
        raise refuse("month", _("A carry-over is spent by {day}.").format(day=expiry(a, x)))


def expiry(a: Adjustment, x: X) -> dt.date:
    """The last day on which what is carried into its year may be spent."""
    return day_of(x.settings_of("budgeting").carry_until, a.year)


@guard(_("This site has no approved budget of that year."))
def budgeted(a: Adjustment, x: X) -> bool:
    """A carry-over is asked for in January, when a temporary limit may hold."""
    year = a.year - 1 if a.nature is K.CARRY else a.year
    here = (Ledger.tenant_id == x.tenant, Ledger.site_id == a.site_id, Ledger.year == year, Ledger.temporary.is_(False))
    return x.session.scalar(sa.select(Ledger.year).where(*here)) is not None


def levels(a: Adjustment, x: X) -> list[Level]:
    """Project and finance; from the company's sums on the same line as a budget. What a project manager wrote or submits is the
    project's own."""
    submits = {a.created_by, x.actor, *editors(a, x)}
    managers = {one.id for one in x.who("project_manager", a.site_id)}
    settings = x.settings_of("budgeting")
    heads = ("property_director", "general_manager")
    return [
        Level("project", _("Project"), roles=("project_manager",), state=S.PROJECT, when=not submits & managers),
        Level("finance", _("Finance"), roles=("finance",), state=S.FINANCE),
        Level(
            "region", _("Region"), roles=("regional_director",), state=S.REGION, when=a.amount >= settings.adjust_region_from
        ),
        Level("company", _("Company"), roles=heads, state=S.COMPANY, when=a.amount >= settings.adjust_company_from),
    ]  # fmt: skip


approve = flow.approval(
    "approve",
    _("Adjustment"),
    sources=S.DRAFT,
    levels=levels,
    granted=S.GRANTED,
    returned=S.DRAFT,
    authors=editors,
    due=Adjustment.sign_by,
    late=Adjustment.sign_late,
    hours=lambda settings: settings.adjust_sign_hours,
    guards=(budgeted,),
)


@approve.when_submitted
def submitted(a: Adjustment, form: Form, x: X) -> None:
    """Refused here rather than after four signatures; granting looks again."""
    _stop_of(a, x)
    if a.nature is K.CARRY:
        by = day_of(x.settings_of("budgeting").carry_request_by, a.year)
        if x.today(a.site_id) > by and approval_of(x, a) is None:  # what was returned was asked for in time
            raise Conflict(_("A carry-over into {year} is requested by {day}.").format(year=a.year, day=by))
        _carried_once(a, x)
        if a.amount > (left := unspent(x, a.site_id, a.year - 1, a.account)):
            words = _("Of {year} only {free} yuan are left on this account.")
            raise refuse("amount", words.format(year=a.year - 1, free=yuan(left)))


def _stop_of(a: Adjustment, x: X) -> str:
    """What the account that gets it does at its limit. :raises Invalid: nothing can be budgeted on it."""
    here = (
        Balance.tenant_id == x.tenant,
        Balance.site_id == a.site_id,
        Balance.account == a.account,
        Balance.period == 0,
    )
    stop = x.session.scalar(sa.select(Balance.stop).where(*here, Balance.year == a.year))
    if stop is not None:
        return stop
    for one in leaves(accounts(x)):
        if one.code == a.account and one.status is AccountState.OPEN:
            return "none" if one.direction is Direction.INCOME else one.stop.value
    if a.nature is K.CARRY and (
        last := x.session.scalar(sa.select(Balance.stop).where(*here, Balance.year == a.year - 1))
    ):
        return last
    raise refuse("account", _("is not an account that has a budget"))


def _carried_once(a: Adjustment, x: X) -> None:
    done = sa.select(Shift.year).where(
        Shift.tenant_id == x.tenant, Shift.site_id == a.site_id, Shift.year == a.year, Shift.account == a.account,
        Shift.why == "carry",
    )  # fmt: skip
    if x.session.scalar(done.limit(1)) is not None:
        raise Conflict(
            _("Account {account} has a carry-over into {year} already.").format(account=a.account, year=a.year)
        )


# ---- what is granted ----


@approve.when_granted
def granted(a: Adjustment, x: X) -> None:
    """Moved in the same transaction as the last signature, or refused in words with nothing moved."""
    same = sa.select(Adjustment.row_version).where(Adjustment.tenant_id == x.tenant, Adjustment.id == a.id)
    if x.session.scalar(same.with_for_update()) != a.row_version:  # two who sign at once wait for each other here
        raise Conflict(_("Somebody else signed it in this moment."))
    hold_open(
        x, a.site_id, a.year, a.month
    )  # a year without a budget gets its temporary limit before last year is lowered
    stop, months = _stop_of(a, x), range(a.month, (a.until_month or a.month) + 1)
    add_account(x, a.site_id, a.year, a.account, stop)
    moves = {(a.account, month): part for month, part in divide(a.amount, dict.fromkeys(months, 1)).items()}
    if a.nature is K.TRANSFER:
        source = (a.from_account or a.account, a.from_month or a.month)
        moves[source] = moves.get(source, 0) - a.amount
    elif a.nature is K.CARRY:
        if x.today(a.site_id) > expiry(a, x):
            raise Conflict(_("A carry-over is spent by {day}.").format(day=expiry(a, x)))
        out = from_the_end(x, a.site_id, a.year - 1, a.account, a.amount)
        _carried_once(a, x)  # whoever carries the same lowers the same months first, and waits there
        shift(x, a, a.year - 1, "carried", out, closed_too=True)
    shift(x, a, a.year, a.nature.value, {key: amount for key, amount in moves.items() if amount})
    a.granted_at = x.now


@flow.on(_("Drop"), S.DRAFT, S.DROPPED, form=Why, icon="close", danger=True)
def drop(a: Adjustment, f: Why, x: X) -> None:
    """It stays readable."""


# ---- what expires ----


@flow.on(_("Carry-over expires"), S.GRANTED, S.EXPIRED, form=Form, automatic=True, icon="clock")
def expire(a: Adjustment, f: Form, x: X) -> None:
    """What was carried over and is neither spent nor committed by then is taken back. It counts as spent first."""
    until = expiry(a, x).month
    here = (
        Balance.tenant_id == x.tenant,
        Balance.site_id == a.site_id,
        Balance.year == a.year,
        Balance.account == a.account,
    )
    used = sa.select(sa.func.coalesce(sa.func.sum(Balance.spent + Balance.committed), 0).cast(sa.BigInteger))
    hold_open(x, a.site_id, a.year, until, closed_too=True)
    x.session.execute(sa.select(Balance.period).where(*here, Balance.period == 0).with_for_update())
    gone = int(x.session.scalar(used.where(*here, Balance.period.between(1, until))) or 0)
    rest = min(max(a.amount - max(gone, 0), 0), unspent(x, a.site_id, a.year, a.account))
    if rest:
        shift(x, a, a.year, "expired", from_the_end(x, a.site_id, a.year, a.account, rest, until), closed_too=True)


def _day_after(a: Adjustment, x: X) -> dt.datetime | None:
    if a.nature is not K.CARRY:
        return None
    zone = x.snapshot.sites.zone(a.site_id)
    return dt.datetime.combine(expiry(a, x) + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC)


flow.clock(
    "carry", _("Carry-over"), due=Adjustment.expires_at, runs=S.GRANTED, term=_day_after,
    steps=[act(lambda a, x: x.take(a, expire.name), name="expire", label=_("Carry-over expires"))], step=expire,
)  # fmt: skip

__all__ = ["UNDERWAY", "approve", "flow", "levels"]
