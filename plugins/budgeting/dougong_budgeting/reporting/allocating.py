"""Dividing a shared cost over sites: by a key, to the last fen, posted at every site at once or at none; taken back whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    Forbidden,
    Form,
    Problem,
    Prose,
    Workflow,
    asked,
    guard,
    households,
    refuse,
    translator,
)

from ..planning.choices import Direction
from ..planning.records import Account
from ..spending.balances import hold_open
from ..spending.choices import ActualState
from ..spending.dividing import divide
from ..spending.posting import reverse
from ..spending.records import Actual, Balance
from .choices import AllocationKey, AllocationState
from .reckoning import YEAR, active_areas
from .records import Allocation, Part, Share
from .rollup import sites_with_budget
from .settings import ReportingSettings

_ = translator("dougong_budgeting")
X = Context[Any]
K, S = AllocationKey, AllocationState
POST = f"{Actual.kind}.create"
MOST = 500  # sites that one cost is divided over
flow = Workflow(Allocation, Allocation.status, ReportingSettings)


class Why(Form):
    reason: Prose = asked(_("Reason"))


@dataclass(frozen=True, slots=True)
class Bears:
    """What a site is to bear. :ivar weight: its key's value; None: nobody said one. :ivar amount: fen."""

    site: UUID
    weight: int | None
    amount: int


@flow.changing
def sensible(a: Allocation, x: X) -> None:
    """What is divided stays as it was posted; what is prepared has to be possible."""
    attrs = sa.inspect(a).attrs
    names = ("account", "amount", "posted_on", "document", "divided_by", "source_id", "title")
    if (
        sa.inspect(a).persistent
        and a.status is not S.DRAFT
        and any(attrs[name].history.deleted or attrs[name].history.added for name in names)
    ):
        raise Conflict(_("What is divided is not changed; take it back and prepare another."))
    if a.status is not S.DRAFT:
        return
    if a.posted_on > x.today(a.site_id):
        raise refuse("posted_on", _("lies in the future"))
    if a.source_id is not None:
        source = x.get(Actual, a.source_id)
        if source.site_id != a.site_id or source.amount != a.amount:
            raise refuse("source_id", _("is of another site or amount"))


# ---- who bears how much ----


def _below(a: Allocation, x: X) -> list[UUID]:
    """Sites below, in the tree's order; a site that bears a cost for others divides it over those, not over itself."""
    inside = x.snapshot.sites.subtree(a.site_id) - {a.site_id}
    return [node.id for node in x.snapshot.sites.ordered() if node.id in inside]


def bearers(a: Allocation, x: X) -> list[Bears]:
    """The sites below with a budget of the year, each with its key and part; the parts always sum to the amount.

    Where a site's key is not known, or nobody has one, every part is 0.
    """
    year = a.posted_on.year
    known = set(sites_with_budget(x, _below(a, x), year))
    sites = [one for one in _below(a, x) if one in known]
    weights = _weights(a, sites, x)
    if a.divided_by is K.SHARES:
        sites = [one for one in sites if one in weights]
    complete = all(weights.get(one) is not None for one in sites)
    values = {one: weights.get(one) or 0 for one in sites}
    parts = divide(a.amount, values) if complete and sum(values.values()) > 0 else {}
    return [Bears(one, weights.get(one), parts.get(one, 0)) for one in sites]


def _weights(a: Allocation, sites: list[UUID], x: X) -> dict[UUID, int]:
    match a.divided_by:
        case K.AREA:
            areas = active_areas(x, sites, a.posted_on.year)
            return {site: area for site, (area, _budget) in areas.items() if area is not None}
        case K.HOUSEHOLDS:
            return households(x, sites)
        case K.INCOME:
            return _incomes(x, sites, a.posted_on.year)
        case K.SHARES:
            return {one.at_site: one.weight for one in x.children(a, Share)}


def _incomes(x: X, sites: Iterable[UUID], year: int) -> dict[UUID, int]:
    codes = sa.select(Account.code).where(Account.tenant_id == x.tenant, Account.direction == Direction.INCOME)
    rows = x.session.execute(
        sa.select(Balance.site_id, sa.func.sum(Balance.approved).cast(sa.BigInteger))
        .where(Balance.tenant_id == x.tenant, Balance.year == year, Balance.period == YEAR, Balance.account.in_(codes))
        .where(Balance.site_id.in_(list(sites)))
        .group_by(Balance.site_id)
    )
    return {site: max(amount, 0) for site, amount in rows}


def may_divide(bearing: Iterable[Bears], x: X) -> bool:
    """Whether this person may post at every site that bears a part."""
    return all(x.gate.may(POST, one.site) for one in bearing)


@guard(_("This cost is not divided by fixed shares."), quiet=True)
def by_shares(a: Allocation, x: X) -> bool:
    return a.divided_by is K.SHARES


@flow.adding(_("Set a fixed share"), S.DRAFT, Share, guards=[by_shares], icon="plus")
def set_share(a: Allocation, share: Share, x: X) -> None:
    if share.at_site not in _below(a, x):
        raise refuse("at_site", _("does not lie below the site that bears the cost"))


# ---- posted, and taken back ----


@flow.on(
    _("Divide and post"), S.DRAFT, S.DIVIDED, form=Form, icon="check",
    help=_("Posts each part at its site, all of them or none."),
)  # fmt: skip
def distribute(a: Allocation, f: Form, x: X) -> None:
    bearing = bearers(a, x)
    _possible(a, bearing, x)
    if not may_divide(bearing, x):
        raise Forbidden(_("You may not post at every site that would bear a part of it."))
    if a.source_id is not None:
        _take_back(x.get(Actual, a.source_id), a, a.title, x)
    posted = [one for one in bearing if one.amount]
    for one in sorted(posted, key=lambda b: b.site):  # everybody takes the sites in one order
        body = {
            "account": a.account, "posted_on": a.posted_on.isoformat(), "amount": one.amount, "text": a.title,
            "document": _document(a), "reason": a.reason,
        }  # fmt: skip
        made = _at(one.site, x, lambda site=one.site, body=body: x.submit(Actual, site, body))
        x.session.add(
            Part(allocation_id=a.id, site_id=one.site, weight=one.weight or 0, amount=one.amount, actual_id=made.id)
        )
        x.link(a, made, origin=True)
    a.divided_at, a.sites = x.now, len(posted)


def _possible(a: Allocation, bearing: list[Bears], x: X) -> None:
    if not bearing:
        raise Conflict(_("No site below has a budget of {year}, or none has a share.").format(year=a.posted_on.year))
    if len(bearing) > MOST:
        raise Conflict(_("A cost is divided over at most {n} sites at once.").format(n=MOST))
    if unknown := [x.snapshot.sites.node(one.site).name for one in bearing if one.weight is None]:
        said = _("Nobody has said the key of these sites: {sites}. Say it, or divide by fixed shares.")
        raise Conflict(said.format(sites=str(_(", ")).join(unknown[:20])))
    if not any(one.amount for one in bearing):
        raise Conflict(_("Every site's share is 0."))


def _document(a: Allocation) -> str:
    """One for each division, so that what was taken back can be divided anew."""
    return f"{a.document} {a.number}"


def _at(site: UUID, x: X, post: Any) -> Any:
    """:raises Conflict: what stops it there, with the site's name; nothing is posted anywhere then."""
    try:
        return post()
    except Problem as wrong:
        why = "; ".join(f"{one.message}" for one in wrong.errors) or str(wrong.detail or wrong.title)
        raise Conflict(_("{site}: {why}").format(site=x.snapshot.sites.node(site).name, why=why)) from wrong


def _take_back(posted: Actual, a: Allocation, reason: str, x: X) -> None:
    if posted.status is not ActualState.REVERSED:
        _at(
            posted.site_id, x,
            lambda: x.take(posted, reverse.name, document=f"R {a.number} {posted.number}", reason=reason),
        )  # fmt: skip


@flow.on(
    _("Take back"), S.DIVIDED, S.UNDONE, form=Why, icon="undo", danger=True,
    help=_("Reverses the part of every site; what was posted here before is posted here anew."),
)  # fmt: skip
def undo(a: Allocation, f: Why, x: X) -> None:
    for one in parts_of(a, x):
        if one.actual_id is not None:
            _take_back(x.get(Actual, one.actual_id), a, f.reason, x)
    if a.source_id is not None:
        source = x.get(Actual, a.source_id)
        body = {
            "account": source.account, "posted_on": _open_day(source, x).isoformat(), "amount": a.amount, "text": source.text,
            "document": f"{source.document} {a.number}"[:200], "supplier": source.supplier, "reason": f.reason,
        }  # fmt: skip
        _at(a.site_id, x, lambda: x.submit(Actual, a.site_id, body))


def _open_day(posted: Actual, x: X) -> dt.date:
    try:
        hold_open(x, posted.site_id, posted.year, posted.month)
    except Conflict:
        return x.today(posted.site_id)
    return posted.posted_on


def parts_of(a: Allocation, x: X) -> list[Part]:
    """What each site bore, site by site; the caller answers for who may know."""
    query = sa.select(Part).where(Part.tenant_id == x.tenant, Part.allocation_id == a.id)
    return list(x.session.scalars(query.order_by(Part.site_id)))


@flow.on(_("Drop"), S.DRAFT, S.DROPPED, form=Why, icon="close", danger=True)
def drop(a: Allocation, f: Why, x: X) -> None:
    """It stays readable."""


__all__ = ["Bears", "bearers", "flow", "may_divide", "parts_of"]
