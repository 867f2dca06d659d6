"""Obligations and their filings: 待办→准备→已报送→受理/退回→归档, made ahead by one schedule of the company (decision 0019)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Form,
    Job,
    JobContext,
    Line,
    Occurrence,
    Rule,
    Schedule,
    Workflow,
    asked,
    guard,
    make_many,
    refuse,
    translator,
)

from .base import Reason, X, before, day_end
from .choices import HANDED_IN, OWED, FilingState, ObligationState, Repeat
from .records import Filing, Obligation
from .settings import Settings

_ = translator("dougong_liaison")

obligations = Workflow(Obligation, Obligation.status, Settings)
filings = Workflow(Filing, Filing.status, Settings)

REMAKE = "liaison.remake_filings"
TOGETHER, ROWS = 200, 500
EVERY = {Repeat.MONTHLY: 1, Repeat.QUARTERLY: 3, Repeat.HALF_YEARLY: 6}
LENGTH = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_RULE = ("repeat", "month", "day", "on_closed", "owner_id", "title", "evidence", "files", "basis", "agency_kind")


def rule_of(o: Obligation) -> Rule:
    """An obligation's rule, at noon of its day. :raises Invalid: it cannot be; in words."""
    month, day = int(o.month), int(o.day)
    more: dict[str, Any] = {"on_closed": o.on_closed.value}
    if o.repeat is Repeat.YEARLY:
        return Rule.yearly(month, "last" if day >= 31 and LENGTH[month] < 31 else day, "12:00", **more)
    every = EVERY[o.repeat]
    if every > 1:
        more["starting"] = dt.date(2024, (month - 1) % every + 1, 1)
    return Rule.monthly("last" if day == 31 else day, "12:00", every=every, **more)


@obligations.changing
def ruled(o: Obligation, x: X) -> None:
    if o.repeat is Repeat.YEARLY and int(o.day) > LENGTH[int(o.month)] and int(o.day) != 31:
        raise refuse("day", _("This month has no such day; 31 is the last day of each month."))
    rule_of(o)
    known = sa.inspect(o)
    if not known.persistent or o.status is not ObligationState.ACTIVE:
        return
    if any(known.attrs[name].history.has_changes() for name in _RULE):
        x.enqueue(REMAKE, key=str(o.id), obligation=o.id)


@obligations.on(
    _("No longer applies"), ObligationState.ACTIVE, ObligationState.ENDED, form=Reason, icon="close", danger=True
)
def end(o: Obligation, form: Reason, x: X) -> None:
    o.ended_why = form.reason
    _let_go(x, o)


# ---- filings ----


@filings.on(_("Start preparing"), FilingState.TODO, FilingState.PREPARING, form=Form, icon="right")
def prepare(f: Filing, form: Form, x: X) -> None:
    """Somebody is at it."""


@guard(_("The files that are required must be attached first."))
def evidenced(f: Filing, x: X) -> bool:
    return not f.files or len(x.files(f)) >= int(f.files)


class Submitting(Form):
    receipt: Line | None = asked(_("Receipt number"), default=None)


@filings.on(
    _("Submit"),
    (FilingState.PREPARING, FilingState.RETURNED),
    FilingState.SUBMITTED,
    form=Submitting,
    guards=[evidenced],
    icon="check",
)
def submit(f: Filing, form: Submitting, x: X) -> None:
    f.submitted_at = x.now
    f.receipt = form.receipt or f.receipt


@filings.on(_("Accepted by the agency"), FilingState.SUBMITTED, FilingState.ACCEPTED, form=Submitting, icon="check")
def accept(f: Filing, form: Submitting, x: X) -> None:
    f.receipt = form.receipt or f.receipt


@filings.on(
    _("Returned by the agency"), FilingState.SUBMITTED, FilingState.RETURNED, form=Reason, icon="undo", danger=True
)
def send_back(f: Filing, form: Reason, x: X) -> None:
    f.returned, f.returned_why = f.returned + 1, form.reason
    f.submitted_at = None


@filings.on(_("Archive"), FilingState.ACCEPTED, FilingState.ARCHIVED, form=Form, icon="check")
def archive(f: Filing, form: Form, x: X) -> None:
    """The file is complete."""


@filings.on(
    _("No longer needed"),
    (FilingState.TODO, FilingState.PREPARING),
    FilingState.DROPPED,
    form=Reason,
    icon="close",
    danger=True,
)
def drop(f: Filing, form: Reason, x: X) -> None:
    """Kept with its reason."""


filings.clock(
    "filing",
    _("Deadline of the filing"),
    due=Filing.due_by,
    met=Filing.submitted_at,
    late=Filing.late,
    runs=OWED,
    ends=HANDED_IN,
    term=lambda f, x: day_end(x, f.site_id, f.due_on),
    depends=(Filing.due_on,),
    owner=Filing.owner_id,
    steps=lambda settings: before(settings.filing_days),
    step=submit,
    imports=True,
)


# ---- made ahead ----


def make(x: X, until: dt.datetime, only: UUID | None = None) -> int:
    """Make the filings that fall due up to a moment and are not made yet: each obligation is read on from where it was.

    :returns: how many were made.
    """
    made, after = 0, None
    while several := _read(x, only, after):
        rows: list[tuple[UUID, dict[str, Any]]] = []
        for o in several:
            rows += [(o.site_id, _row(o, day)) for day in days(x, o, o.made_to or x.now - dt.timedelta(days=1), until)]
            o.made_to = max(o.made_to or until, until)
        for start in range(0, len(rows), ROWS):
            made += len(make_many(x, Filing, rows[start : start + ROWS]))
        x.session.flush()
        after = several[-1].id
    return made


def _read(x: X, only: UUID | None, after: UUID | None) -> list[Obligation]:
    """Some obligations in force at open sites, locked: of two runs at once one waits."""
    query = sa.select(Obligation).where(
        Obligation.tenant_id == x.tenant,
        Obligation.status == ObligationState.ACTIVE,
        Obligation.site_id.in_(x.snapshot.open_sites("liaison")),
    )
    if only is not None:
        query = query.where(Obligation.id == only)
    if after is not None:
        query = query.where(Obligation.id > after)
    locked = query.order_by(Obligation.id).limit(TOGETHER).with_for_update(key_share=True)
    return list(x.session.scalars(locked.execution_options(populate_existing=True)))


def days(x: X, o: Obligation, start: dt.datetime, until: dt.datetime) -> list[dt.date]:
    """On which days it is due after one moment up to another."""
    zone = x.snapshot.sites.zone(o.site_id)
    found = rule_of(o).between(start, until, str(zone), x.calendar(o.site_id))
    return [at.astimezone(zone).date() for at in found]


def _row(o: Obligation, day: dt.date) -> dict[str, Any]:
    return {
        "obligation_id": o.id, "title": o.title, "agency_kind": o.agency_kind, "basis": o.basis, "evidence": o.evidence,
        "files": o.files, "owner_id": o.owner_id, "due_on": day,
    }  # fmt: skip


def _ahead(x: X, o: Obligation) -> list[Filing]:
    """Filings that nobody has begun and that are not due yet."""
    query = sa.select(Filing).where(
        Filing.tenant_id == x.tenant,
        Filing.obligation_id == o.id,
        Filing.status == FilingState.TODO,
        Filing.due_on >= x.today(o.site_id),
    )
    with x.session.no_autoflush:
        return list(x.session.scalars(query.order_by(Filing.id)))


def _let_go(x: X, o: Obligation, kept: Container[dt.date] = ()) -> None:
    """What lies ahead is needed no more, but for these days, which say what the obligation says now."""
    for one in _ahead(x, o):
        if one.due_on not in kept:
            x.as_person(None).take(one, drop.name, reason=str(_("The obligation changed or ended.")))
            continue
        for name, value in _row(o, one.due_on).items():
            if getattr(one, name) != value:
                setattr(one, name, value)


def _remake(job: JobContext, obligation: UUID) -> None:
    """The obligation changed: what lies ahead follows it. What was begun, or is late, stays as it was."""
    x: X = job.context
    query = (
        sa.select(Obligation)
        .where(Obligation.tenant_id == x.tenant, Obligation.id == obligation)
        .with_for_update(key_share=True)
    )
    o = x.session.scalar(query)
    if o is None or o.status is not ObligationState.ACTIVE:
        return
    until = x.now + dt.timedelta(days=x.settings.ahead_days)
    wanted = days(x, o, x.now - dt.timedelta(days=1), until)
    _let_go(x, o, wanted)
    x.session.flush()
    begun = sa.select(Filing.due_on).where(
        Filing.tenant_id == x.tenant, Filing.obligation_id == o.id, Filing.status != FilingState.DROPPED
    )
    known = set(x.session.scalars(begun))
    make_many(x, Filing, [(o.site_id, _row(o, day)) for day in wanted if day not in known])
    o.made_to = until


def due(x: X) -> int:
    """Make what the company's settings want ahead. For the schedule, taking over, and measuring."""
    return make(x, x.now + dt.timedelta(days=x.settings.ahead_days))


def _run(x: X, _occurrence: Occurrence) -> None:
    due(x)


JOBS = (Job(REMAKE, _remake, label=_("Make the filings of an obligation anew")),)
schedule = Schedule(
    "liaison.filings",
    _("Make the filings ahead"),
    _run,
    Rule.daily("01:20"),
    spread=60,
    timeout=300.0,
    grace=720,
    help=_("Each obligation's due days of the coming year."),
)
