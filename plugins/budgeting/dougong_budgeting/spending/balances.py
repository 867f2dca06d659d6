"""The limits: years opened, amounts taken by one conditional update each, months closed under a lock.

Order of locks: the ledger (shared by whoever posts, alone by whoever closes), then account by account the year's balance and
the months'. What adjustments move is theirs to say (``shifting``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, Record, refuse, translator
from sqlalchemy.dialects.postgresql import insert

from ..planning.reading import exact
from .choices import Period
from .dividing import divide
from .naming import named
from .records import Actual, Balance, Ledger, Month, Shift

_ = translator("dougong_budgeting")

ALERT = "budgeting.alert"
SHARES = (80, 95, 100)  # % of the approved amount at which people are told, once each
X = Context[Any]


@dataclass(frozen=True)
class Planned:
    """An account's year: its code, what happens at the limit, and twelve months in fen."""

    account: str
    months: Sequence[int]
    stop: Literal["hard", "soft", "none"] = "hard"


def open_balances(
    x: X, site: UUID, year: int, planned: Iterable[Planned], *, first: int = 1, temporary: bool = False
) -> None:
    """Let an approved budget (or a new version of it) be the limit of a site's year. What is spent and committed stays.

    :param first: the month from which the site is managed, for one that is taken over mid-year; earlier months count nothing.
    """
    ledger = insert(Ledger).values(tenant_id=x.tenant, site_id=site, year=year, closed=0, temporary=temporary)
    if temporary:  # an approved one that came in the same moment is left alone
        if not _inserted(x, ledger.on_conflict_do_nothing()):
            return
    else:
        keys = ["tenant_id", "site_id", "year"]
        x.session.execute(ledger.on_conflict_do_update(index_elements=keys, set_={"temporary": False}))
        x.session.execute(sa.update(Balance).where(*_year(x, site, year)).values(approved=0))
    rows = [row for one in planned for row in _rows(x, site, year, one, first)]
    if rows:
        new = insert(Balance)
        changed = {"approved": new.excluded.approved, "stop": new.excluded.stop}
        keys = ["tenant_id", "site_id", "year", "account", "period"]
        x.session.execute(new.on_conflict_do_update(index_elements=keys, set_=changed), rows)
    _shift_again(x, site, year)
    x.session.execute(sa.update(Balance).where(*_year(x, site, year)).values(alerted=TOLD))
    there = sa.select(Month.month).where(Month.tenant_id == x.tenant, Month.site_id == site, Month.year == year)
    known_months = set(x.session.scalars(there))
    for month in range(first, 13):
        if month not in known_months:
            x.create(Month, site, year=year, month=month)


def _year(x: X, site: UUID, year: int) -> tuple[Any, ...]:
    return Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year


def _inserted(x: X, statement: Any) -> bool:
    return x.session.execute(statement.returning(Ledger.year)).first() is not None


def _rows(x: X, site: UUID, year: int, one: Planned, first: int) -> list[dict[str, Any]]:
    months = [amount if month >= first else 0 for month, amount in enumerate(one.months, 1)]
    return [
        {"tenant_id": x.tenant, "site_id": site, "year": year, "account": one.account, "period": period,
         "approved": amount, "committed": 0, "spent": 0, "stop": one.stop, "alerted": 0}
        for period, amount in enumerate([sum(months), *months])
    ]  # fmt: skip


def _shift_again(x: X, site: UUID, year: int) -> None:
    """What adjustments moved before goes on top of the budget that binds now: they were granted beside it, not in it."""
    moved = sa.select(Shift.account, Shift.month, sa.func.sum(Shift.amount).cast(sa.BigInteger)).where(
        Shift.tenant_id == x.tenant, Shift.site_id == site, Shift.year == year
    )
    rows = x.session.execute(moved.group_by(Shift.account, Shift.month).order_by(Shift.account, Shift.month)).all()
    for account in dict.fromkeys(row[0] for row in rows):
        add_account(x, site, year, account)
    for account, month, amount in rows:
        here = (*_year(x, site, year), Balance.account == account, Balance.period.in_((0, month)))
        x.session.execute(sa.update(Balance).where(*here).values(approved=Balance.approved + amount))


def add_account(x: X, site: UUID, year: int, account: str, stop: str = "hard") -> None:
    """Let an account that the budget does not have be there with nothing approved; one that is there stays as it is."""
    rows = _rows(x, site, year, Planned(account, [0] * 12, stop), 1)  # type: ignore[arg-type]
    x.session.execute(insert(Balance).on_conflict_do_nothing(), rows)


def hold_open(x: X, site: UUID, year: int, month: int, *, closed_too: bool = False) -> Ledger:
    """The year's ledger, held shared until this work is done, so that the month is not closed meanwhile. A year that
    starts without an approved budget gets the temporary limit: a twelfth of last year's for each month.

    :param closed_too: a promise may be taken back in a closed month: that moves no actual.
    :raises Invalid: the site has no budget. :raises Conflict: the month is closed.
    """
    query = sa.select(Ledger).where(Ledger.tenant_id == x.tenant, Ledger.site_id == site, Ledger.year == year)
    query = query.with_for_update(read=True).execution_options(populate_existing=True)
    found = x.session.scalar(query)
    if found is None:
        _open_temporary(x, site, year)
        found = x.session.scalar(query)
    if found is None:
        raise refuse("site_id", _("has no budget for {year}").format(year=year))
    if found.closed >> month & 1 and not closed_too:
        words = _("{year}-{month} is closed: give a date of an open month, or ask finance to open it again.")
        raise Conflict(words.format(year=year, month=f"{month:02d}"))
    return found


def _open_temporary(x: X, site: UUID, year: int) -> None:
    last = sa.select(Balance).where(*_year(x, site, year - 1), Balance.period == 0)
    rows = x.session.scalars(last.limit(2000)).all()
    if rows:
        twelfth = dict.fromkeys(range(12), 1)
        planned = [Planned(b.account, list(divide(b.approved, twelfth).values()), b.stop) for b in rows]  # type: ignore[arg-type]
        open_balances(x, site, year, planned, temporary=True)


def take(
    x: X, record: Record, account: str, year: int, month: int, *, spent: int = 0, committed: int = 0,
    over: bool = False, reason: str | None = None,
) -> None:  # fmt: skip
    """Move an account's balances, of the year and the month, each by one conditional update: two people cannot both take
    the last fen. Nothing that frees money is ever stopped.

    :param over: an emergency passes a hard stop. :param reason: what a soft stop asks for.
    :raises Invalid: the account is not in the budget, or a soft stop without a reason. :raises Conflict: a hard stop.
    """
    ledger = hold_open(x, record.site_id, year, month, closed_too=not spent and committed <= 0)
    monthly = ledger.temporary or x.settings.spending_period is Period.MONTH
    for period, limits in ((0, True), (month, monthly)):
        _move(x, record, (account, year, period), spent, committed, limits and not over, limits and not reason)


def _move(x: X, record: Record, key: tuple[str, int, int], spent: int, committed: int, stops: bool, asks: bool) -> None:
    account, year, period = key
    here = (*_year(x, record.site_id, year), Balance.account == account, Balance.period == period)
    more = spent + committed
    update = (
        sa.update(Balance).where(*here).values(spent=Balance.spent + spent, committed=Balance.committed + committed)
    )
    if stops and more > 0:
        within = Balance.spent + Balance.committed + more <= Balance.approved
        update = update.where(sa.or_(Balance.stop != "hard", within))
    moved = x.session.execute(
        update.returning(Balance.year, Balance.approved, Balance.spent, Balance.committed, Balance.stop, Balance.alerted)
        .execution_options(synchronize_session=False)
    ).first()  # fmt: skip
    if moved is None:
        free = x.session.scalar(sa.select(Balance.approved - Balance.spent - Balance.committed).where(*here))
        if free is None:
            raise refuse("account", _("is not an account of the budget of {year}").format(year=year))
        raise Conflict(_stopped(x, record, key, max(free, 0), more))
    used = moved.spent + moved.committed
    if more > 0 and moved.stop == "soft" and used > moved.approved and asks:
        raise refuse("reason", _("is needed: this exceeds what was approved"))
    if period == 0 and more > 0 and moved.stop != "none" and not x.imported:
        _alert(x, record, here, used, moved)


def _stopped(x: X, record: Record, key: tuple[str, int, int], free: int, more: int) -> str:
    """What a hard stop says: of which account how much is left, and what whoever needs more can do."""
    code, year, period = key
    words = _("Account {account}: of what was approved for {when} only {free} yuan are left; this takes {amount}.")
    when = (_("{year}-{month}") if period else _("the year {year}")).format(year=year, month=f"{period:02d}")
    said = words.format(account=named(x, code), when=when, free=yuan(free), amount=yuan(more))
    if isinstance(record, Actual):
        next_step = _(
            "Ask for an adjustment of the budget first; what cannot wait is posted as an emergency, with its reason."
        )
    else:
        next_step = _("Ask for an adjustment of the budget first.")
    return str(_("{one} {other}").format(one=said, other=next_step))


def yuan(fen: int) -> str:
    """An amount as it stands in a sentence."""
    return exact(fen, "0.00")


def _alert(x: X, record: Record, here: Sequence[Any], used: int, moved: Any) -> None:
    """Tell of it at the month, which is there already: of the record that takes it nobody can be told before it is written.
    An import tells nobody; the next who spends by hand does."""
    reached = max((share for share in SHARES if used * 100 >= moved.approved * share), default=0)
    if reached <= moved.alerted:
        return
    x.session.execute(sa.update(Balance).where(*here).values(alerted=reached))
    day = x.today(record.site_id)
    at = (Month.tenant_id == x.tenant, Month.site_id == record.site_id, Month.year == moved.year)
    nearest = sa.select(Month).where(*at).order_by(sa.func.abs(Month.month - day.month)).limit(1)
    if (month := x.session.scalar(nearest)) is not None:
        x.tell(f"{ALERT}{reached}", month)


# What people were told of, no more than is reached as things stand: where more is approved they are told again, where less is,
# the next who spends tells them.
TOLD = sa.func.least(
    Balance.alerted,
    sa.case(
        (Balance.spent + Balance.committed <= 0, 0),
        *(((Balance.spent + Balance.committed) * 100 >= Balance.approved * share, share) for share in reversed(SHARES)),
        else_=0,
    ),
)


def close_month(x: X, m: Month, closed: bool) -> None:
    """Close or reopen a month: waits for whoever posts now, and whoever posts later sees it."""
    bit = 1 << m.month
    value = Ledger.closed.op("|")(bit) if closed else Ledger.closed.op("&")(~bit)
    here = (Ledger.tenant_id == x.tenant, Ledger.site_id == m.site_id, Ledger.year == m.year)
    done = x.session.execute(
        sa.update(Ledger).where(*here).values(closed=value).returning(Ledger.year)
        .execution_options(synchronize_session=False)
    ).first()  # fmt: skip
    if done is None:
        raise Conflict(_("This site has no budget for the year."))


def roll_up(x: X, sites: Sequence[UUID], year: int, period: int = 0) -> list[tuple[UUID, int, int, int]]:
    """Site, approved, committed and spent in fen, summed over accounts, of the sites named; the caller answers for rights."""
    sums = (sa.func.sum(c).cast(sa.BigInteger) for c in (Balance.approved, Balance.committed, Balance.spent))
    query = sa.select(Balance.site_id, *sums).where(
        Balance.tenant_id == x.tenant, Balance.year == year, Balance.period == period, Balance.site_id.in_(sites)
    )
    return [(row[0], row[1], row[2], row[3]) for row in x.session.execute(query.group_by(Balance.site_id))]
