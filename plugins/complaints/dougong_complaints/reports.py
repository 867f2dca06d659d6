"""What complaints report: how many, how fast, how often again, how content, why, and what went upwards.

A rate counts only what was answerable: an imported complaint has no due times, so it stands in the volume and in no
on-time rate; one that was merged or not founded was never to be resolved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Reader, Report, report_section, translator
from sqlalchemy.orm import aliased

from .choices import CONTENT, Cause, Result, Route, State
from .records import Complaint, Escalation, Visit
from .resource import is_overdue, resource

_ = translator("dougong_complaints")

AGAIN_WITHIN = dt.timedelta(days=30)
Rule = sa.ColumnElement[bool]
clock = resource.clock_rule


# ---- in time ----


def undecided(me: Me) -> Rule:
    """Neither resolved in time nor late: still running, or without a due time."""
    return sa.not_(clock("decided", "resolution")(me))


def progress_counts(me: Me) -> Rule:
    """Complaints that were worked on here: word was owed to whoever complained."""
    return sa.not_(Complaint.imported)


def progress_in_time(me: Me) -> Rule:
    return sa.not_(resource.clock_is("late", me, "progress"))


def hours_to_resolve(me: Me) -> sa.ColumnElement[Any]:
    return sa.extract("epoch", Complaint.resolved_at - Complaint.registered_at)


# ---- again ----


def repeated(me: Reader) -> Rule:
    """The same category at the same place within 30 days after another one.

    The same place is the same entry in the register of places or, where either has none, the same words at the same
    site. What was merged or not founded repeats nothing and is not repeated; what the reader may not see is no reason.
    """
    earlier = aliased(Complaint)
    unregistered = sa.or_(Complaint.location_id.is_(None), earlier.location_id.is_(None))
    words = sa.func.lower(sa.func.btrim(Complaint.location)) == sa.func.lower(sa.func.btrim(earlier.location))
    found = sa.exists().where(
        earlier.tenant_id == Complaint.tenant_id,
        earlier.site_id == Complaint.site_id,
        earlier.category == Complaint.category,
        earlier.status.not_in((State.MERGED, State.UNFOUNDED)),
        earlier.registered_at < Complaint.registered_at,
        earlier.registered_at >= Complaint.registered_at - AGAIN_WITHIN,
        sa.or_(earlier.location_id == Complaint.location_id, sa.and_(unregistered, words)),
        me.sees(earlier),
    )
    return sa.and_(Complaint.status.not_in((State.MERGED, State.UNFOUNDED)), found)


def was_resolved(me: Me) -> Rule:
    return sa.or_(Complaint.resolved_at.is_not(None), Complaint.reopened > 0)


def reopened(me: Me) -> Rule:
    return Complaint.reopened > 0


# ---- content ----


def _last_word() -> sa.ScalarSelect[Result]:
    """What the complainant said at the last return visit that reached them."""
    said = sa.select(Visit.result).where(
        Visit.tenant_id == Complaint.tenant_id,
        Visit.parent_id == Complaint.id,
        Visit.about.is_(None),
        Visit.result != Result.NOT_REACHED,
    )
    return said.order_by(Visit.at.desc(), Visit.id.desc()).limit(1).correlate(Complaint).scalar_subquery()


def was_heard(me: Me) -> Rule:
    return _last_word().is_not(None)


def content(me: Me) -> Rule:
    return _last_word().in_(CONTENT)


# ---- upwards, and why ----


def escalations(me: Me) -> sa.ColumnElement[Any]:
    """How often it went upwards; NULL where it never did, so that it stands behind no figure."""
    mine = (Escalation.tenant_id == Complaint.tenant_id, Escalation.parent_id == Complaint.id)
    number = sa.select(sa.func.count()).where(*mine).correlate(Complaint).scalar_subquery()
    return sa.func.nullif(number, 0)


def escalated(me: Me) -> Rule:
    return sa.exists().where(Escalation.tenant_id == Complaint.tenant_id, Escalation.parent_id == Complaint.id)


def unacknowledged(me: Me) -> Rule:
    """A report upwards that was received too late, or is owed a receipt."""
    done = sa.func.coalesce(Escalation.acknowledged_at, me.now)
    mine = (Escalation.tenant_id == Complaint.tenant_id, Escalation.parent_id == Complaint.id)
    return sa.exists().where(*mine, done > Escalation.acknowledge_by)


def by_clock(level: int) -> Callable[[Me], Rule]:
    """Complaints of which a clock told this level above the owner."""

    def found(me: Me) -> Rule:
        mine = (Escalation.tenant_id == Complaint.tenant_id, Escalation.parent_id == Complaint.id)
        return sa.exists().where(*mine, Escalation.route == Route.OVERDUE, Escalation.level == level)

    return found


def to_leaders(me: Me) -> Rule:
    mine = (Escalation.tenant_id == Complaint.tenant_id, Escalation.parent_id == Complaint.id)
    return sa.exists().where(*mine, Escalation.route == Route.LEADERS)


def has_cause(me: Me) -> Rule:
    return Complaint.cause.is_not(None)


def was_founded(me: Me) -> Rule:
    return sa.and_(Complaint.cause.is_not(None), Complaint.cause != Cause.INVALID)


VOLUME = Measure("volume", _("Complaints"), says=_("{value} complaints"), unit=_("cases"), better="less")
BY_PLACE = (
    Grouping("category"),
    Grouping("site", chart="stacked"),
    Grouping("area", chart="stacked"),
    Grouping("building", place="location_id"),
)
BY_TIME = (Grouping("month"), Grouping("week"), Grouping("day"))

handling = Report(
    "handling",
    _("Complaints: volume and handling"),
    Complaint,
    summary=_("How many, how fast, how often again, how content."),
    moment="registered_at",
    measures=(
        VOLUME,
        Measure(
            "late", _("Resolved late"), where=clock("late", "resolution"), says=_("{value} late"), unit=_("cases"),
            better="less", alarm=True,
        ),
        Measure(
            "in_time", _("Resolved in time"), "percent", where=clock("met", "resolution"), of=clock("decided", "resolution"),
            says=_("{value} resolved in time"), better="more",
        ),
        Measure(
            "contact", _("First contact in time"), "percent",
            where=clock("met", "contact"), of=clock("decided", "contact"), better="more",
        ),
        Measure("time", _("Time to resolve"), "duration", value=hours_to_resolve, better="less"),
        Measure("repeated", _("Again within 30 days"), where=repeated, unit=_("cases"), better="less"),
        Measure("reopened", _("Reopening rate"), "percent", where=reopened, of=was_resolved, better="less"),
        Measure(
            "content", _("Satisfaction"), "percent", where=content, of=was_heard,
            says=_("{value} of those visited satisfied"), better="more",
        ),
        Measure("density", _("Per 1,000 households"), "per_thousand", better="less"),
        Measure("resolved", _("In time"), where=clock("met", "resolution"), listed=False),
        Measure("running", _("Running or without a due time"), where=undecided, listed=False),
    ),
    groupings=(
        *BY_PLACE, Grouping("channel"), Grouping("severity", chart="stacked"), Grouping("complainant_type"),
        Grouping("owner_id", chart="stacked"), *BY_TIME,
    ),
    filters=("category", "channel", "severity", "urgency"),
    stack=("resolved", "late", "running"),
    trend="in_time",
    home=("volume", "in_time"),
)  # fmt: skip

causes = Report(
    "causes",
    _("Complaints: root causes"),
    Complaint,
    summary=_("Which causes stand behind most of what was solved."),
    moment="registered_at",
    measures=(
        Measure(
            "solved", _("With a cause"), where=has_cause, says=_("{value} complaints with a cause"), unit=_("cases")
        ),
        Measure("founded", _("Founded"), "percent", where=was_founded, of=has_cause, says=_("{value} founded")),
        Measure(
            "late", _("Resolved late"),
            where=clock("late", "resolution"), says=_("{value} late"), unit=_("cases"), alarm=True,
        ),
        Measure("reopened", _("Reopening rate"), "percent", where=reopened, of=was_resolved, better="less"),
    ),
    groupings=(Grouping("cause", chart="pareto"), Grouping("category", chart="pareto"), *BY_PLACE[1:], *BY_TIME),
    filters=("category", "cause", "severity"),
)

upwards = Report(
    "escalations",
    _("Complaints: escalations"),
    Complaint,
    summary=_("What went upwards, how often, and whether it was received in time."),
    moment="registered_at",
    measures=(
        Measure(
            "escalated", _("Escalated complaints"), where=escalated, says=_("{value} complaints escalated"),
            unit=_("cases"), better="less",
        ),
        Measure("share", _("Share of all complaints"), "percent", where=escalated, better="less"),
        Measure("reports", _("Reports upwards"), "sum", value=escalations, says=_("{value} reports upwards")),
        Measure(
            "unreceived", _("Receipt late or missing"), where=unacknowledged, unit=_("cases"),
            says=_("{value} received late or not at all"), alarm=True,
        ),
    ),
    groupings=(*BY_PLACE[:1], Grouping("site"), Grouping("area"), Grouping("severity"), Grouping("urgency"), *BY_TIME),
    filters=("category", "severity", "urgency"),
)  # fmt: skip

clocks = Report(
    "clocks",
    _("Complaints: time limits"),
    Complaint,
    summary=_("Which time limits were kept, what is overdue now, and how far it went up."),
    moment="registered_at",
    measures=(
        Measure("overdue_now", _("Overdue now"), where=is_overdue, says=_("{value} overdue now"), unit=_("cases"), alarm=True),
        Measure(
            "contact", _("First contact in time"), "percent",
            where=clock("met", "contact"), of=clock("decided", "contact"), better="more",
        ),
        Measure(
            "in_time", _("Resolved in time"), "percent", where=clock("met", "resolution"), of=clock("decided", "resolution"),
            says=_("{value} resolved in time"), better="more",
        ),
        Measure("progress", _("Progress told in time"), "percent", where=progress_in_time, of=progress_counts, better="more"),
        Measure(
            "visit", _("Return visit in time"), "percent",
            where=clock("met", "visit"), of=clock("decided", "visit"), better="more",
        ),
        Measure("level_1", _("Overdue: told one level up"), where=by_clock(1), unit=_("cases"), better="less"),
        Measure("level_2", _("Overdue: told two levels up"), where=by_clock(2), unit=_("cases"), better="less"),
        Measure("level_3", _("Overdue: told three levels up"), where=by_clock(3), unit=_("cases"), better="less"),
        Measure("to_leaders", _("Reported to company leaders"), where=to_leaders, unit=_("cases"), better="less"),
    ),
    groupings=(
        *BY_PLACE[:1], Grouping("site"), Grouping("area"), Grouping("owner_id"), Grouping("severity"), Grouping("urgency"),
        *BY_TIME,
    ),
    filters=("category", "severity", "urgency"),
    trend="in_time",
)  # fmt: skip

REPORTS = (handling, clocks, causes, upwards)
# In reports upwards; the client is told how many there were and how well they were answered, nobody's name.
SECTION = report_section(
    "complaints", handling.label, handling, ("volume", "late", "in_time", "content"), client=("volume", "in_time", "content"),
    order=10,
)
