"""The work on a complaint: accepting, assigning, first contact, progress, hold, solution, transfer to its right site."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from dougong import Day, asked, guard, translator

from .. import timers
from ..choices import ACTIVE, OPEN, Means, State
from ..records import Complaint, Notice
from ..relations import X, can_own, site_owner, tainted
from .base import Form, Reason, flow, refuse
from .merging import merged_into, pass_on

_ = translator("dougong_complaints")

accept = flow.step("accept", _("Accept"), State.NEW, State.ACCEPTED, icon="check")


def check_owner(c: Complaint, x: X) -> None:
    assert c.owner_id is not None
    if tainted(c.owner_id, c, x):
        raise refuse("owner_id", _("is the person complained of, or stands below them"))
    if not can_own(c.owner_id, c, x):
        raise refuse("owner_id", _("has no role at this site with which complaints can be handled"))


@flow.on(_("Assign"), State.ACCEPTED, State.WORKING, form=Form, asks=[Complaint.owner_id], icon="people")
def assign(c: Complaint, f: Form, x: X) -> None:
    check_owner(c, x)


@flow.on(
    _("Assign to someone else"),
    (State.WORKING, State.HELD, State.VISIT),
    form=Form,
    asks=[Complaint.owner_id],
    icon="people",
)
def reassign(c: Complaint, f: Form, x: X) -> None:
    check_owner(c, x)


class FirstContact(Form):
    by: Means = asked(_("By"), start=Means.PHONE)


@guard(_("The first contact has been made."), quiet=True)
def not_contacted(c: Complaint, x: X) -> bool:
    return c.contacted_at is None


@flow.on(
    _("Record first contact"),
    OPEN,
    form=FirstContact,
    asks=[Complaint.soothing],
    guards=[not_contacted],
    icon="phone",
)
def contact(c: Complaint, f: FirstContact, x: X) -> None:
    timers.contacted(c, x)


@flow.adding(_("Post progress"), OPEN, Notice, icon="send", help=_("It goes to every complainant of merged ones too."))
def notify(c: Complaint, n: Notice, x: X) -> None:
    n.published = n.published or n.channel is Means.ONLINE  # that is where it can be read
    if c.status in ACTIVE:
        timers.contacted(c, x)
    pass_on(c, x, lambda: Notice(text=n.text, channel=n.channel, published=n.published, from_id=c.id))


class Hold(Reason):
    until: Day = asked(_("Until"))


@flow.on(
    _("Put on hold"),
    State.WORKING,
    State.HELD,
    form=Hold,
    icon="pause",
    help=_("Stops the clock of the resolution only; progress is still owed."),
)
def hold(c: Complaint, f: Hold, x: X) -> None:
    today = timers.local(x.now, c, x).date()
    if f.until <= today:
        raise refuse("until", _("must lie in the future"))
    if f.until > today + dt.timedelta(days=x.settings.hold_days):
        raise refuse("until", _("must lie within {n} days").format(n=x.settings.hold_days))
    c.held_at, c.held_until, c.holds = x.now, f.until, c.holds + 1


@flow.on(_("Resume"), State.HELD, State.WORKING, form=Form, icon="right")
def resume(c: Complaint, f: Form, x: X) -> None:
    c.held_at = c.held_until = None


@flow.on(
    _("Solved"),
    State.WORKING,
    State.VISIT,
    form=Form,
    asks=[Complaint.cause, Complaint.whys, Complaint.solution],
    icon="check",
)
def resolve(c: Complaint, f: Form, x: X) -> None:
    timers.resolved(c, x)


@flow.on(
    _("Solved on the spot"),
    State.NEW,
    State.VISIT,
    form=Form,
    asks=[Complaint.cause, Complaint.solution],
    icon="check",
)
def on_the_spot(c: Complaint, f: Form, x: X) -> None:
    timers.contacted(c, x)
    timers.resolved(c, x)


class Transfer(Reason):
    site_id: UUID = asked(_("Right site"), widget="site")


@flow.on(
    _("Transfer to its right site"),
    (State.NEW, State.ACCEPTED, State.WORKING),
    State.NEW,
    form=Transfer,
    icon="right",
    help=_("The clocks go on from the first registration."),
)
def transfer(c: Complaint, f: Transfer, x: X) -> None:
    if f.site_id == c.site_id:
        raise refuse("site_id", _("is the site where the complaint is already"))
    if not x.snapshot.module_on("complaints", f.site_id):
        raise refuse("site_id", _("is closed, or handles no complaints here"))
    for one in (c, *merged_into(c, x)):
        one.site_id, one.location_id = f.site_id, None
    c.owner_id = site_owner(c, x)
