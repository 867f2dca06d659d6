"""The figures of tasks and findings: walked, in time, missed, made up; how long findings stay open.

A rate counts only what was answerable: an exempt task was not to be walked, a made-up one was not walked in its time and
stands in no on-time rate, and is no evidence of a patrol required by law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Report, report_section, translator

from ..choices import DONE, FindingState, Severity, TaskState
from ..records import Finding, Task
from ..resource import finding, is_open, is_overdue

_ = translator("dougong_inspections")

Rule = sa.ColumnElement[bool]
TASKS, FINDINGS = _("tasks"), _("findings")


# ---- tasks ----


def was_due(me: Me) -> Rule:
    """It was to be walked by now: walked, or its time is over. Exempt ones never were."""
    over = sa.func.coalesce(Task.due_by, Task.window_to) <= me.now
    return sa.and_(Task.status != TaskState.EXEMPT, sa.or_(Task.status.in_(DONE), over))


def was_walked(me: Me) -> Rule:
    return Task.status.in_(DONE)


def walked_in_its_time(me: Me) -> Rule:
    return sa.and_(Task.status.in_(DONE), sa.not_(Task.made_up))


def in_time(me: Me) -> Rule:
    return Task.on_time.is_(True)


def walked_afterwards(me: Me) -> Rule:
    return sa.and_(Task.status.in_(DONE), Task.made_up)


def not_walked(me: Me) -> Rule:
    return sa.and_(was_due(me), Task.status.not_in(DONE))


def was_missed(me: Me) -> Rule:
    """Once missed, always missed, made up or not."""
    return Task.was_missed.is_(True)


def made_up(me: Me) -> Rule:
    return Task.made_up.is_(True)


def patrol_missed(me: Me) -> Rule:
    """A patrol required by law that there is no evidence of: a make-up is none."""
    return sa.and_(Task.statutory, sa.or_(Task.was_missed, Task.made_up))


def exempt(me: Me) -> Rule:
    return Task.status == TaskState.EXEMPT


def doubtful(me: Me) -> Rule:
    """Walked, but sent late, by a clock that was off, too fast, or away from a point."""
    return sa.and_(Task.status.in_(DONE), sa.or_(Task.late_sync, Task.skewed, Task.too_fast, Task.off_place))


def items_failed(me: Me) -> sa.ColumnElement[Any]:
    return sa.func.nullif(Task.failed, 0)


BY_TIME = (Grouping("month"), Grouping("week"), Grouping("day"))

walks = Report(
    "walks",
    _("Inspections: walked and missed"),
    Task,
    summary=_("How many were walked, how many in time, what was missed and made up."),
    moment="window_from",
    measures=(
        Measure("due", _("Tasks due"), where=was_due, says=_("{value} tasks due"), unit=TASKS),
        Measure(
            "walked", _("Completion"), "percent", where=was_walked, of=was_due, says=_("{value} walked"), better="more"
        ),
        Measure(
            "in_time", _("On time, without make-ups"), "percent", where=in_time, of=walked_in_its_time,
            says=_("{value} of them on time"), better="more",
        ),
        Measure("missed", _("Missed"), where=was_missed, says=_("{value} missed"), unit=TASKS, better="less", alarm=True),
        Measure("made_up", _("Made up afterwards"), where=made_up, unit=TASKS, better="less"),
        Measure(
            "patrols", _("Patrols required by law, missed"), where=patrol_missed, unit=TASKS, better="less", alarm=True
        ),
        Measure("exempt", _("Exempt"), where=exempt, unit=TASKS),
        Measure("doubtful", _("Sent late, too fast or away from a point"), where=doubtful, unit=TASKS, better="less"),
        Measure("failed", _("Items failed"), "sum", value=items_failed, better="less"),
        Measure("regular", _("Walked in its time"), where=walked_in_its_time, listed=False),
        Measure("not_walked", _("Not walked"), where=not_walked, listed=False),
        Measure("afterwards", _("Made up and walked"), where=walked_afterwards, listed=False),
    ),
    groupings=(
        Grouping("site", chart="stacked"), Grouping("area", chart="stacked"), Grouping("trade", chart="stacked"),
        Grouping("statutory"), Grouping("post"), Grouping("claimed_by"), *BY_TIME,
    ),
    filters=("trade", "statutory"),
    stack=("regular", "not_walked", "afterwards"),
    trend="walked",
    home=("missed", "walked"),
)  # fmt: skip


# ---- findings ----


def older_than(days: int) -> Callable[[Me], Rule]:
    """Still open so many days after it was found."""
    return lambda me: sa.and_(is_open(me), Finding.created_at <= me.now - dt.timedelta(days=days))


def rectified_in_time(me: Me) -> Rule:
    return finding.clock_is("met", me, "rectification")


def rectification_decided(me: Me) -> Rule:
    return sa.or_(finding.clock_is("met", me, "rectification"), finding.clock_is("late", me, "rectification"))


def seconds_open(me: Me) -> sa.ColumnElement[Any]:
    return sa.extract("epoch", Finding.closed_at - Finding.created_at)


def was_rechecked(me: Me) -> Rule:
    return sa.or_(Finding.status == FindingState.CLOSED, Finding.returned > 0)


def failed_recheck(me: Me) -> Rule:
    return Finding.returned > 0


def severe(me: Me) -> Rule:
    return Finding.severity == Severity.CRITICAL


def out_of_use(me: Me) -> Rule:
    return sa.and_(is_open(me), Finding.stop_use)


ageing = Report(
    "findings",
    _("Findings: how long they stay open"),
    Finding,
    summary=_("What was found, how old it is, what was rectified in time and stayed right."),
    measures=(
        Measure("volume", _("Findings"), says=_("{value} findings"), unit=FINDINGS, better="less"),
        Measure("open", _("Open now"), where=is_open, says=_("{value} of them open"), unit=FINDINGS, better="less"),
        Measure(
            "overdue", _("Overdue now"), where=is_overdue, says=_("{value} overdue"), unit=FINDINGS, better="less",
            alarm=True,
        ),
        Measure("week", _("Open for more than 7 days"), where=older_than(7), unit=FINDINGS, better="less"),
        Measure("month", _("Open for more than 30 days"), where=older_than(30), unit=FINDINGS, better="less", alarm=True),
        Measure(
            "in_time", _("Rectified in time"), "percent", where=rectified_in_time, of=rectification_decided,
            says=_("{value} rectified in time"), better="more",
        ),
        Measure("time", _("Time to closing"), "duration", value=seconds_open, better="less"),
        Measure("again", _("Failed a recheck"), "percent", where=failed_recheck, of=was_rechecked, better="less"),
        Measure("severe", _("Severe"), where=severe, unit=FINDINGS, better="less"),
        Measure("stopped", _("Out of use now"), where=out_of_use, unit=FINDINGS, better="less", alarm=True),
    ),
    moment="created_at",
    groupings=(
        Grouping("site"), Grouping("area"), Grouping("trade"), Grouping("severity"), Grouping("status"),
        Grouping("building", place="location_id"), Grouping("responsible_id"), *BY_TIME,
    ),
    filters=("trade", "severity"),
    trend="in_time",
    home=("open",),
)  # fmt: skip

REPORTS = (walks, ageing)
SECTION = report_section(
    "inspections", walks.label, walks, ("due", "walked", "in_time", "missed"), client=("due", "walked"),
    order=30,
)
