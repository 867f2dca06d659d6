"""Actuals: posted by their document, reversed instead of corrected, emergencies ratified by somebody else."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from dougong import (
    Conflict,
    Day,
    Form,
    Line,
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

from .balances import X, hold_open, take
from .choices import ActualState
from .records import Actual, Commitment
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
flow = Workflow(Actual, Actual.status, SpendingSettings)


class Ratified(Form):
    note: Line | None = asked(_("Note"), default=None)


class Reversal(Form):
    document: Line = asked(_("Source document number"), help=_("Of the reversal itself."))
    reason: Prose = asked(_("Reason"))
    on: Day | None = asked(
        _("On"), default=None, help=_("Empty: the day of the original, or today where that month is closed.")
    )


@flow.creating
def posted(a: Actual, x: X) -> None:
    same = (Actual.tenant_id == x.tenant, Actual.site_id == a.site_id, Actual.document == a.document)
    if x.session.scalar(sa.select(Actual.id).where(*same)) is not None:
        raise refuse("document", _("has been posted at this site already"))
    if a.posted_on > x.today(a.site_id):
        raise refuse("posted_on", _("lies in the future"))
    if a.emergency and not a.reason:
        raise refuse("reason", _("is needed for an emergency"))
    a.year, a.month = a.posted_on.year, a.posted_on.month
    take(x, a, a.account, a.year, a.month, spent=a.amount, committed=-(a.drawn or 0), over=a.emergency, reason=a.reason)
    if a.emergency and a.reversal_of_id is None:
        a.status = ActualState.RATIFYING


@flow.changing
def fixed(a: Actual, x: X) -> None:
    """Whoever moves the amount by other ways than a reversal is refused; its columns stay as they were posted."""
    history = sa.inspect(a).attrs
    if sa.inspect(a).persistent and any(history[name].history.deleted for name in ("amount", "account", "posted_on")):
        raise Conflict(_("What is posted is not changed; reverse it."))


@guard(_("Whoever posted an emergency does not ratify it."))
def another(a: Actual, x: X) -> bool:
    return x.actor is None or x.actor != a.created_by


@flow.on(
    _("Ratify"), ActualState.RATIFYING, ActualState.POSTED, form=Ratified, guards=[another], icon="check"
)  # fmt: skip
def ratify(a: Actual, f: Ratified, x: X) -> None:
    a.ratified_at = x.now


@guard(_("A reversal is not reversed: post the document anew."))
def original(a: Actual, x: X) -> bool:
    return a.reversal_of_id is None


@flow.on(
    _("Reverse"), (ActualState.POSTED, ActualState.RATIFYING), ActualState.REVERSED, form=Reversal, guards=[original],
    icon="close", danger=True, help=_("Posts the same amount the other way; into the open month where the original's is closed."),
)  # fmt: skip
def reverse(a: Actual, f: Reversal, x: X) -> None:
    day = f.on or _open_day(a, x)
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


def ratifier(a: Actual, x: X) -> object:
    found = [one for one in x.who("regional_director", a.site_id) if one.id != a.created_by]
    return found[0].id if found else None


def _steps(settings: SpendingSettings) -> list[Step[Actual, SpendingSettings]]:
    return [remind(0.7), overdue(), escalate(0.5)]


flow.clock(
    "ratifying",
    _("Ratification of emergency spending"),
    due=Actual.ratify_by,
    met=Actual.ratified_at,
    late=Actual.ratify_late,
    runs=ActualState.RATIFYING,
    term=lambda a, x: Term(hours=24 * x.settings.ratify_days, always=True),
    owner=ratifier,  # type: ignore[arg-type]
    steps=_steps,
    step=ratify,
)


def draw(c: Commitment, amount: int, day: dt.date, document: str, x: X) -> Actual:
    """Turn a commitment, or part of it, into an actual; what it drew is free again in the same update."""
    drawn = min(amount, c.left)
    if (day.year, day.month) != (c.year, c.month):  # the promise is taken out of its own month, then spent in the other
        take(x, c, c.account, c.year, c.month, committed=-drawn)
        moved, drawn_there = drawn, 0
    else:
        moved, drawn_there = drawn, drawn
    c.left -= moved
    made = x.create(
        Actual, c.site_id, account=c.account, posted_on=day, amount=amount, document=document, text=c.title,
        supplier=c.supplier, reason=c.reason, commitment_id=c.id, drawn=drawn_there, emergency=False,
    )  # fmt: skip
    x.link(c, made, origin=True)
    return made
