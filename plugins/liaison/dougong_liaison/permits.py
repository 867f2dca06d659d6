"""Permits: valid until a day, applied for in time, renewed with the old number kept."""

from __future__ import annotations

import datetime as dt

from dougong import Day, Form, Workflow, asked, refuse, translator

from .base import Reason, X, before, day_end
from .choices import LIVE, PermitState
from .records import Permit, Renewal
from .settings import Settings

_ = translator("dougong_liaison")

flow = Workflow(Permit, Permit.status, Settings)


@flow.changing
def sensible(p: Permit, x: X) -> None:
    if p.issued_on is not None and p.expires_on < p.issued_on:
        raise refuse("expires_on", _("The end must lie after the day of issue."))


class Applying(Form):
    on: Day | None = asked(_("Applied on"), default=None, help=_("Empty: today."))


@flow.on(_("Renewal applied for"), PermitState.VALID, PermitState.RENEWING, form=Applying, icon="right")
def apply(p: Permit, form: Applying, x: X) -> None:
    """Entered afterwards, it counts for the day on which it was handed in."""
    if form.on is not None and form.on > x.today(p.site_id):
        raise refuse("on", _("lies in the future"))
    p.applied_at = x.now if form.on is None else min(x.now, day_end(x, p.site_id, form.on))


@flow.adding(_("Renew"), LIVE, Renewal, PermitState.VALID, icon="history", help=_("The old number stays on record."))
def renew(p: Permit, one: Renewal, x: X) -> None:
    if one.until <= p.expires_on:
        raise refuse("until", _("A renewal ends later than what it renews."))
    one.old_paper, one.old_until = p.paper, p.expires_on
    if one.paper != p.paper and one.old_paper not in (p.former or "").splitlines():
        p.former = "\n".join(filter(None, (p.former, p.paper)))
    p.paper, p.issued_on, p.expires_on = one.paper, one.issued_on or x.today(p.site_id), one.until
    p.applied_at = None


@flow.on(_("End"), LIVE, PermitState.ENDED, form=Reason, icon="close", danger=True)
def end(p: Permit, form: Reason, x: X) -> None:
    p.ended_why = form.reason


def month_earlier(day: dt.date, months: int) -> dt.date:
    """The same day so many months before, or the last day of that month."""
    n = day.year * 12 + day.month - 1 - months
    first = dt.date(n // 12, n % 12 + 1, 1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return first.replace(day=min(day.day, (following - dt.timedelta(days=1)).day))


def _apply_by(p: Permit, x: X) -> dt.datetime | None:
    kind = x.settings.permit_kinds.get(p.nature)
    if kind is None or not kind.apply_months:
        return None
    return day_end(x, p.site_id, month_earlier(p.expires_on, kind.apply_months))


flow.clock(
    "expiry",
    _("Expiry of the permit"),
    due=Permit.expires_by,
    late=Permit.expired,
    runs=LIVE,
    term=lambda p, x: day_end(x, p.site_id, p.expires_on),
    depends=(Permit.expires_on,),
    owner=Permit.owner_id,
    steps=lambda settings: before(settings.permit_days),
    step=renew,
    imports=True,
)
flow.clock(
    "application",
    _("Application for renewal"),
    due=Permit.apply_by,
    met=Permit.applied_at,
    late=Permit.applied_late,
    runs=PermitState.VALID,
    ends=PermitState.RENEWING,
    term=_apply_by,
    depends=(Permit.expires_on, Permit.nature),
    owner=Permit.owner_id,
    steps=before((14, 1)),
    step=apply,
    imports=True,
)
