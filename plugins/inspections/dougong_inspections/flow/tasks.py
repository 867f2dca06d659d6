"""The life of a task: walked within its window, submitted, reviewed; missed by the clock, made up, exempt."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from dougong import (
    Conflict,
    Level,
    Moment,
    Prose,
    Step,
    Term,
    Whole,
    Workflow,
    act,
    asked,
    escalate,
    guard,
    insert_rows,
    overdue,
    remind,
    translator,
)
from dougong import Form as Form

from .. import discovery, layouts, making, submission
from ..base import Nothing, Reason, X, name_of, refuse
from ..choices import Exemption, LateState, PointState, TaskState
from ..records import LateSubmission, PointScan, Route, Task
from ..relations import lead_id, may_walk
from ..settings import Settings, lead_of

_ = translator("dougong_inspections")

flow = Workflow(Task, Task.status, Settings)
WALKING = (TaskState.PENDING, TaskState.WORKING)


@flow.creating
def pinned(t: Task, x: X) -> None:
    """A task pins its route as it is now; the plan's job has done so already."""
    if t.window_to <= t.window_from:
        raise refuse("window_to", _("must lie after the window's start"))
    if t.layout_id is None:
        making.complete(t, x.session.get_one(Route, (x.tenant, t.route_id)), x)


# ---- walking ----


@guard(_("Only those of the task's post walk it, who stands in for them, and their leads."))
def of_the_post(t: Task, x: X) -> bool:
    return x.actor is not None and may_walk(x.actor, t, x)


@guard(_("Its window has not begun yet."))
def begun(t: Task, x: X) -> bool:
    return x.now >= t.window_from - dt.timedelta(minutes=making.EARLY)


@flow.on(
    _("Start"),
    (TaskState.PENDING, TaskState.RETURNED, TaskState.MAKE_UP),
    TaskState.WORKING,
    form=Nothing,
    guards=[of_the_post, begun],
    permission="inspections.task.submit",
    icon="right",
)
def start(t: Task, f: Nothing, x: X) -> None:
    if t.claimed_by is None or t.status is not TaskState.RETURNED:
        t.claimed_by = x.actor
    elif t.claimed_by != x.actor:
        raise Conflict(_("{person} walks this task.").format(person=name_of(x, t.claimed_by)))
    t.started_at = t.started_at or x.now


@guard(_("Only whoever walks it hands it over."))
def my_walk(t: Task, x: X) -> bool:
    return t.claimed_by == x.actor


class Submitting(Form):
    """:ivar started, finished: by the device's clock, corrected; none: now."""

    started: Moment | None = asked(_("Started at"), default=None)
    finished: Moment | None = asked(_("Walked until"), default=None)
    note: Prose | None = asked(_("Note"), default=None)


@flow.on(
    _("Submit"),
    TaskState.WORKING,
    (TaskState.SUBMITTED, TaskState.REVIEWED),
    form=Submitting,
    guards=[my_walk],
    icon="check",
)
def submit(t: Task, f: Submitting, x: X) -> TaskState:
    """All items are answered, or their points skipped with a reason."""
    left = submission.open_items(x, t)
    if left:
        stop, items = left[0]
        raise Conflict(_("Not answered yet: {point}, {item}.").format(point=stop.name, item=items[0].text))
    t.started_at = min(f.started or t.started_at or x.now, t.started_at or x.now)
    t.finished_at, t.submitted_at = min(f.finished or x.now, x.now), x.now
    t.note = f.note or t.note
    judge(t, x)
    discovery.open_findings(t, x)
    return after_submission(t)


def after_submission(t: Task) -> TaskState:
    return TaskState.SUBMITTED if t.review else TaskState.REVIEWED


def judge(t: Task, x: X) -> None:
    """On time by when it was walked; sent late where it came after the window; too fast for its points."""
    if t.returned:  # it was judged when it first came
        return
    assert t.finished_at is not None
    assert t.submitted_at is not None
    t.on_time = None if t.made_up else t.finished_at <= t.window_to
    t.late_sync = not t.made_up and t.finished_at <= t.window_to < t.submitted_at
    if t.started_at is not None:
        route = x.session.get_one(Route, (x.tenant, t.route_id))
        walked = t.point_count - t.skipped
        least = (
            dt.timedelta(minutes=route.minutes)
            if route.minutes
            else walked * dt.timedelta(seconds=x.settings.point_seconds)
        )
        t.too_fast = t.finished_at - t.started_at < least


class Handing(Form):
    to_id: making.PersonId = asked(_("To"), widget="person", may="inspections.task.submit")
    reason: Prose = asked(_("Reason"))


@guard(_("Whoever walks it hands it over, or their lead."))
def walks_or_leads(t: Task, x: X) -> bool:
    """A colleague of the same post does not take what somebody is walking, with what they answered."""
    if x.actor is None or t.claimed_by in (None, x.actor):
        return True
    leads = (one.id for slug in (lead_of(t.trade), "project_manager") for one in x.who(slug, t.site_id))
    return x.actor in leads


@flow.on(
    _("Hand over"),
    (*WALKING, TaskState.RETURNED, TaskState.MAKE_UP),
    form=Handing,
    guards=[walks_or_leads],
    icon="people",
)
def hand_over(t: Task, f: Handing, x: X) -> None:
    t.assignee_id, t.substitute = f.to_id, True
    if t.claimed_by is not None:
        t.claimed_by = f.to_id


# ---- review ----


@guard(_("Nobody reviews their own walk."))
def not_own(t: Task, x: X) -> bool:
    """Neither whoever walked it last nor whoever answered a part of it before it was handed over."""
    return x.actor is None or (t.claimed_by != x.actor and x.actor not in submission.walkers(x, t))


class Words(Form):
    words: Prose | None = asked(_("Words"), default=None)


@flow.on(_("Review"), TaskState.SUBMITTED, TaskState.REVIEWED, form=Words, guards=[not_own], icon="check")
def review(t: Task, f: Words, x: X) -> None:
    t.reviewed_by, t.reviewed_at = x.actor, x.now


@flow.on(
    _("Return"),
    TaskState.SUBMITTED,
    TaskState.RETURNED,
    form=Reason,
    guards=[not_own],
    permission="inspections.task.review",
    icon="undo",
)
def send_back(t: Task, f: Reason, x: X) -> None:
    t.returned += 1
    t.submission_id = None


# ---- missed, made up, exempt ----


@flow.on(_("Missed"), WALKING, TaskState.MISSED, form=Nothing, automatic=True, icon="clock")
def miss(t: Task, f: Nothing, x: X) -> None:
    """The window and its grace are over. Points that were checked stay checked; the others are noted as missed."""
    t.was_missed, t.missed_at, t.on_time = True, x.now, False
    mark_points(t, x, PointState.MISSED)


def mark_points(t: Task, x: X, state: PointState) -> None:
    """Note what became of the points of which nothing is known yet."""
    seen = {one.point_id for one in submission.scans(x, t)}
    rows = [
        {
            "task_id": t.id, "point_id": stop.point_id, "site_id": t.site_id, "business_date": t.business_date,
            "hour": submission.hour_of(t, x), "trade": t.trade.value, "state": state.value, "server_at": x.now,
            "off_place": False,
        }
        for stop in layouts.of_task(x, t)
        if stop.point_id not in seen
    ]  # fmt: skip
    insert_rows(x.session, PointScan.__table__, rows)


class MakingUp(Form):
    reason: Prose = asked(_("Reason"), help=_("Why it was missed, and why it still makes sense."))


make_up = flow.approval(
    "make_up",
    _("Make-up inspection"),
    sources=TaskState.MISSED,
    levels=lambda t, x: [
        Level("approve", _("Approve"), roles=(lead_of(t.trade), "project_manager"), need="any", state=TaskState.ASKED)
    ],
    granted=TaskState.MAKE_UP,
    returned=TaskState.MISSED,
    form=MakingUp,
)


@make_up.when_submitted
def make_up_asked(t: Task, f: MakingUp, x: X) -> None:
    if t.missed_at is None or x.now > t.missed_at + dt.timedelta(hours=x.settings.make_up_hours):
        raise Conflict(_("A missed task may be made up within {n} hours.").format(n=f"{x.settings.make_up_hours:g}"))
    t.make_up_reason, t.make_up_asked_by = f.reason, x.actor


@make_up.when_granted
def make_up_granted(t: Task, x: X) -> None:
    """From here on it is marked for good: left out of on-time figures, no evidence of a patrol required by law."""
    t.made_up, t.on_time = True, None
    t.claimed_by, t.assignee_id = None, t.make_up_asked_by
    x.session.execute(
        sa.delete(PointScan).where(
            PointScan.tenant_id == x.tenant, PointScan.task_id == t.id, PointScan.state == PointState.MISSED
        )
    )


@flow.on(_("Not made up in time"), (TaskState.MAKE_UP,), TaskState.MISSED, form=Nothing, automatic=True, icon="clock")
def not_made_up(t: Task, f: Nothing, x: X) -> None:
    mark_points(t, x, PointState.MISSED)


@flow.on(_("Plan changed or ended"), TaskState.PENDING, TaskState.EXEMPT, form=Nothing, automatic=True, icon="pause")
def drop(t: Task, f: Nothing, x: X) -> None:
    """Its plan is paused or over before its window began."""
    t.exemption = Exemption.PLAN


class Exempting(Form):
    because: Exemption = asked(_("Because of"))
    reason: Prose = asked(_("Reason"))


@flow.on(_("Exempt"), (TaskState.PENDING,), TaskState.EXEMPT, form=Exempting, icon="pause", danger=True)
def exempt(t: Task, f: Exempting, x: X) -> None:
    t.exemption, t.exempt_reason, t.exempt_by = f.because, f.reason, x.actor


# ---- what came too late ----


@guard(_("There is no submission that waits for a decision."), quiet=True)
def kept_apart(t: Task, x: X) -> bool:
    return any(one.state is LateState.WAITING for one in x.children(t, LateSubmission))


class Deciding(Words):
    which: Whole | None = asked(_("Which one"), default=None, help=_("Counted from 1; empty: the oldest that waits."))


def _waiting(t: Task, f: Deciding, x: X) -> LateSubmission:
    several = [one for one in x.children(t, LateSubmission) if one.state is LateState.WAITING]
    at = (f.which or 1) - 1
    if not 0 <= at < len(several):
        raise refuse("which", _("There is none with this number."))
    if x.actor is not None and several[at].created_by == x.actor:  # the guard knows only that others' wait too
        raise Conflict(not_sender.why)
    return several[at]


def _decided(late: LateSubmission, state: LateState, x: X) -> None:
    late.state, late.decided_by, late.decided_at = state, x.actor, x.now


@guard(_("Nobody decides on what they sent themselves."))
def not_sender(t: Task, x: X) -> bool:
    waiting = [one for one in x.children(t, LateSubmission) if one.state is LateState.WAITING]
    return not waiting or any(one.created_by != x.actor for one in waiting)


@flow.on(
    _("Take in the late submission"),
    (),
    tuple(TaskState),
    form=Deciding,
    guards=[kept_apart, not_sender],
    permission="inspections.task.review",
    icon="check",
)
def accept_late(t: Task, f: Deciding, x: X) -> TaskState:
    """Its results replace what is there. Walked within the window it was not missed; else it counts as made up, for good."""
    late = _waiting(t, f, x)
    body = submission.read(late.body)
    sender = x.as_person(late.created_by)
    with sender.at(late.at) as then:
        submission.write(then, t, body)
    if left := submission.open_items(x, t):
        raise Conflict(_("Not answered yet: {point}, {item}.").format(point=left[0][0].name, item=left[0][1][0].text))
    clock = submission.Clockwork(body.sent_at, then)
    t.claimed_by, t.submission_id = late.created_by, body.id
    t.started_at = clock.true(body.started_at) or t.started_at
    t.finished_at, t.submitted_at = clock.true(body.finished_at) or late.at, late.at
    if t.was_missed:
        t.made_up = t.made_up or not late.in_window
        t.was_missed = not late.in_window
    judge(t, x)
    _decided(late, LateState.ACCEPTED, x)
    discovery.open_findings(t, x)
    return after_submission(t)


@flow.on(
    _("Refuse the late submission"),
    (),
    form=Deciding,
    guards=[kept_apart, not_sender],
    permission="inspections.task.review",
    icon="close",
)
def refuse_late(t: Task, f: Deciding, x: X) -> None:
    _decided(_waiting(t, f, x), LateState.REFUSED, x)


# ---- clocks ----


def _answers(t: Task, x: X) -> making.PersonId | None:
    return t.claimed_by or t.assignee_id or lead_id(x, t.trade, t.site_id)


flow.clock(
    "window",
    _("Missed after"),
    due=Task.due_by,
    runs=WALKING,
    ends=(TaskState.SUBMITTED, TaskState.REVIEWED),
    term=lambda t, x: None if t.made_up or t.returned else making.missed_after(t, x),
    depends=(Task.window_to, Task.made_up, Task.returned),
    owner=_answers,
    steps=[act(lambda t, x: x.take(t, "miss"), name="miss", label=_("Marked as missed"))],
    step=submit,
)
flow.clock(
    "make_up_time",
    _("Make up until"),
    due=Task.make_up_by,
    runs=TaskState.MAKE_UP,
    term=lambda t, x: Term(hours=x.settings.make_up_hours, always=True),
    owner=_answers,
    steps=[act(lambda t, x: x.take(t, "not_made_up"), name="over", label=_("Missed again"))],
    step=start,
)


def _steps(settings: Settings) -> list[Step[Task, Settings]]:
    up: list[Step[Task, Settings]] = [
        escalate(percent / 100, level=n) for n, percent in enumerate(settings.escalation, 1) if percent is not None
    ]
    return [*([remind(settings.remind_percent / 100)] if settings.remind_percent else []), overdue(), *up]


flow.clock(
    "review",
    _("Review"),
    due=Task.review_by,
    met=Task.reviewed_at,
    late=Task.review_late,
    runs=TaskState.SUBMITTED,
    ends=TaskState.REVIEWED,
    term=lambda t, x: Term(hours=x.settings.review_hours),
    owner=lambda t, x: lead_id(x, t.trade, t.site_id),
    steps=_steps,
    step=review,
)
