"""Opening a nonconformity, issuing it to whoever is responsible, marking a recurrence, cancelling it."""

from __future__ import annotations

import datetime as dt

from dougong import guard, translator

from ..choices import OPEN, Kind, Severity, State
from ..records import Nonconformity
from ..relations import ANALYSE, manager, may
from .base import Form, Reason, X, check_day, flow, refuse

_ = translator("dougong_quality")


@flow.creating
def begin(c: Nonconformity, x: X) -> None:
    """Whoever opens it by hand or a rule that opens it by itself need not know who answers for it, and until when."""
    if x.imported:
        return
    if c.responsible_id is None:
        c.responsible_id = manager(c.site_id, ANALYSE, x)
    else:
        check_responsible(c, x)
    if c.due is None:
        days = x.settings.corrective_major_days if c.severity is Severity.MAJOR else x.settings.corrective_minor_days
        c.due = x.today(c.site_id) + dt.timedelta(days=days)
    else:
        check_day("due", c.due, c.site_id, x)


def check_responsible(c: Nonconformity, x: X) -> None:
    if c.responsible_id is not None and not may(c.responsible_id, ANALYSE, c.site_id, x):
        raise refuse("responsible_id", _("has no role at this site with which nonconformities are corrected"))


@guard(_("Name who is responsible first."))
def has_responsible(c: Nonconformity, x: X) -> bool:
    return c.responsible_id is not None


@flow.on(
    _("Issue"),
    State.OPENED,
    (State.CONTAIN, State.CAUSE),
    form=Form,
    guards=[has_responsible],
    icon="send",
    help=_("It goes to whoever is responsible, and the clocks begin."),
)
def issue(c: Nonconformity, f: Form, x: X) -> State:
    check_responsible(c, x)
    c.issued_at = x.now
    return State.CAUSE if c.nature is Kind.POTENTIAL else State.CONTAIN


@flow.on(
    _("Make somebody else responsible"),
    (State.OPENED, State.CONTAIN, State.CAUSE, State.PLAN, State.ACT),
    form=Reason,
    asks=[Nonconformity.responsible_id],
    icon="people",
)
def reassign(c: Nonconformity, f: Reason, x: X) -> None:
    check_responsible(c, x)


class Repeat(Reason):
    """Why somebody thinks that it has come again."""


@flow.on(
    _("Mark as a recurrence"),
    OPEN,
    form=Repeat,
    asks=[Nonconformity.again_of_id],
    icon="undo",
    help=_(
        "Give the number of the earlier one. Its measures did not hold, and this one is judged after the longer time."
    ),
)
def repeat(c: Nonconformity, f: Repeat, x: X) -> None:
    earlier = x.session.get_one(Nonconformity, (x.tenant, c.again_of_id))
    if earlier.id == c.id:
        raise refuse("again_of_id", _("is this one itself"))
    if earlier.created_at > c.created_at:
        raise refuse("again_of_id", _("was opened later than this one"))
    c.again = True
    x.link(earlier, c)


@flow.on(
    _("Cancel"),
    (State.OPENED, State.CONTAIN, State.CAUSE, State.PLAN, State.ACT),
    State.CANCELLED,
    form=Reason,
    icon="close",
    danger=True,
    help=_("It is none, or was opened twice. Number and history stay."),
)
def cancel(c: Nonconformity, f: Reason, x: X) -> None:
    c.closed_at = x.now
