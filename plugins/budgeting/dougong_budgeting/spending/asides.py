"""What spending adds to pages: which accounts there are beside a form, how an account stands beside what was taken from it, and
beside a month what differs from its plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import AsideCard, Fact, Line, Value

from ..planning.choices import AccountState, Direction
from ..planning.ledger import accounts, leaves
from ..planning.reading import exact, yuan
from ..planning.records import Account
from .choices import MonthState
from .closing import over, unexplained, variances
from .records import Actual, Adjustment, Balance, Commitment, Month

_ = translator("dougong_budgeting")
SPENT = (Actual, Commitment, Adjustment)
MOST = 60  # accounts beside a form


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """Cards for a page."""
    what, _colon, kind = page.partition(":")
    if what == "form" and kind in {one.kind for one in SPENT}:
        return [_known(x)]
    if what == "detail" and isinstance(subject, SPENT):
        return [_stands(subject, x)]
    if what == "detail" and isinstance(subject, Month):
        return [_differs(subject, x)]
    return ()


def _known(x: Context[Any]) -> AsideCard:
    used = [one for one in leaves(accounts(x)) if one.status is AccountState.OPEN][:MOST]
    return AsideCard(str(_("Accounts")), [Fact(one.code, Value("text", one.name)) for one in used])


def _names(x: Context[Any], codes: Iterable[str]) -> dict[str, str]:
    rows = sa.select(Account.code, Account.name).where(Account.tenant_id == x.tenant, Account.code.in_(list(codes)))
    return {row[0]: row[1] for row in x.session.execute(rows)}


def _known_as(x: Context[Any], code: str) -> tuple[str, bool]:
    """What an account is called, and whether it is one of income."""
    query = sa.select(Account.name, Account.direction).where(Account.tenant_id == x.tenant, Account.code == code)
    found = x.session.execute(query).first()
    return (found[0], found[1] is Direction.INCOME) if found else ("", False)


def _stands(record: Any, x: Context[Any]) -> AsideCard:
    row = x.session.execute(
        sa.select(Balance.approved, Balance.committed, Balance.spent).where(
            Balance.tenant_id == x.tenant, Balance.site_id == record.site_id, Balance.year == record.year,
            Balance.account == record.account, Balance.period == 0,
        )
    ).first()  # fmt: skip
    name, income = _known_as(x, record.account)
    title = str(_("{account} in {year}").format(account=f"{record.account} {name}".strip(), year=record.year))
    if row is None:
        return AsideCard(title, text=str(_("The year has no budget for it.")))
    left = row.approved - row.committed - row.spent
    if income:
        amounts = [(_("Approved"), row.approved), (_("Income received"), row.spent), (_("To come"), left)]
    else:
        amounts = [
            (_("Approved"), row.approved),
            (_("Committed"), row.committed),
            (_("Spent"), row.spent),
            (_("Left"), left),
        ]
    return AsideCard(title, [Fact(str(label), _money(amount)) for label, amount in amounts])


def _money(amount: int) -> Value:
    """An amount as the record's own amounts are shown; one below nothing is marked."""
    text = f"{'-' if amount < 0 else ''}¥ {exact(abs(amount), '0.00')}"
    return Value("tag", text, tone="bad") if amount < 0 else Value("number", text)


def _differs(m: Month, x: Context[Any]) -> AsideCard:
    inner = x.with_settings(x.settings_of("budgeting"))
    title = str(_("More than {n} % off the plan").format(n=inner.settings.variance_percent))
    if m.status is MonthState.OPEN and x.today(m.site_id) < over(m):
        return AsideCard(title, text=str(_("The month is not over yet: what differs is shown when it is.")))
    found, silent = variances(m, inner), set(unexplained(m, inner))
    names = _names(x, [account for account, _plan, _spent in found])
    lines = []
    for account, plan, spent in found[:MOST]:
        small = str(_("planned {plan}, spent {spent}").format(plan=yuan(plan, "0"), spent=yuan(spent, "0")))
        waits = account in silent and m.status is MonthState.OPEN
        end = Value("tag", str(_("needs a note")), tone="warn") if waits else Value("tag", _share(plan, spent))
        lines.append(Line(f"{account} {names.get(account, '')}".strip(), small, icon="doc", end=end))
    return AsideCard(title, lines=lines, text="" if lines else str(_("Nothing.")))


def _share(plan: int, spent: int) -> str:
    return f"{(spent - plan) * 100 // abs(plan):+d} %" if plan else "–"


__all__ = ["beside"]
