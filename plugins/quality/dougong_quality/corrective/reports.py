"""What nonconformities report: how many, how old, from where, against which clause, why, in time, whether they held.

A rate counts only what was answerable: a cancelled one was none; one that was imported ran no clocks here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Report, report_section, translator

from .choices import OPEN, Effect, State
from .records import Evaluation, Nonconformity
from .records import Measure as Doing
from .resources import is_overdue, measures, nonconformities

_ = translator("dougong_quality")

Rule = sa.ColumnElement[bool]
AGES = (30, 60, 90)


def counts(me: Me) -> Rule:
    return Nonconformity.status != State.CANCELLED


def is_open(me: Me) -> Rule:
    return Nonconformity.status.in_(OPEN)


def older(days: int) -> Callable[[Me], Rule]:
    """Open, and opened so many days ago or more."""
    return lambda me: sa.and_(is_open(me), Nonconformity.created_at <= me.now - sa.func.make_interval(0, 0, 0, days))


def age(me: Me) -> sa.ColumnElement[Any]:
    """Seconds that an open one has stood open; NULL of others."""
    return sa.case((is_open(me), sa.extract("epoch", me.now - Nonconformity.created_at)))


def to_close(me: Me) -> sa.ColumnElement[Any]:
    return sa.case(
        (Nonconformity.status == State.CLOSED, sa.extract("epoch", Nonconformity.closed_at - Nonconformity.created_at))
    )


def again(me: Me) -> Rule:
    return sa.and_(counts(me), Nonconformity.again)


def _first() -> sa.ScalarSelect[Effect]:
    """What the first judgement of its effect said: a second round is a first that failed."""
    found = sa.select(Evaluation.effect).where(
        Evaluation.tenant_id == Nonconformity.tenant_id, Evaluation.parent_id == Nonconformity.id
    )
    return found.order_by(Evaluation.at, Evaluation.id).limit(1).correlate(Nonconformity).scalar_subquery()


def was_judged(me: Me) -> Rule:
    return _first().is_not(None)


def held(me: Me) -> Rule:
    return _first() == Effect.EFFECTIVE


def has_cause(me: Me) -> Rule:
    return sa.and_(counts(me), Nonconformity.cause.is_not(None))


VOLUME = Measure(
    "volume", _("Nonconformities"), where=counts, says=_("{value} nonconformities"), unit=_("cases"), better="less"
)
AGAIN = Measure(
    "again", _("Recurrence rate"), "percent", where=again, of=counts, says=_("{value} came again"), better="less"
)
IN_TIME = Measure(
    "in_time",
    _("Corrected in time"),
    "percent",
    where=nonconformities.clock_rule("met", "correction"),
    of=nonconformities.clock_rule("decided", "correction"),
    says=_("{value} corrected in time"),
    better="more",
)
HELD = Measure(
    "held", _("Effective at once"), "percent", where=held, of=was_judged, says=_("{value} effective"), better="more"
)
BY = (
    Grouping("source", chart="pareto"),
    Grouping("clause", chart="pareto"),
    Grouping("category", chart="pareto"),
    Grouping("cause", chart="pareto"),
    Grouping("site"),
    Grouping("area"),
    Grouping("severity"),
    Grouping("responsible_id"),
    Grouping("building", place="location_id"),
    Grouping("month"),
    Grouping("week"),
)
FILTERS = ("category", "source", "severity", "nature", "clause", "cause")

correction = Report(
    "nonconformities",
    _("Nonconformities: number, recurrence, effect"),
    Nonconformity,
    summary=_("From where, against which clause, why; corrected in time, and whether it held."),
    measures=(
        VOLUME,
        IN_TIME,
        HELD,
        AGAIN,
        Measure("close", _("Time to close"), "duration", value=to_close, better="less"),
    ),
    groupings=BY,
    filters=FILTERS,
    trend="in_time",
    home=("volume",),
)
ageing = Report(
    "nc_ageing",
    _("Nonconformities: ageing"),
    Nonconformity,
    summary=_("What is open, since when, and what is overdue now."),
    measures=(
        Measure("open", _("Open"), where=is_open, says=_("{value} open"), unit=_("cases"), better="less"),
        Measure(
            "overdue", _("Overdue now"), where=is_overdue, says=_("{value} overdue now"), unit=_("cases"), alarm=True
        ),
        Measure("age", _("Open for"), "duration", value=age, better="less"),
        *(
            Measure(
                f"over_{n}", _("Open {n} days or longer").format(n=n), where=older(n), unit=_("cases"), better="less"
            )
            for n in AGES
        ),
    ),
    groupings=(Grouping("site"), Grouping("area"), Grouping("status"), *BY[:4], *BY[6:]),
    filters=FILTERS,
)
causes = Report(
    "nc_causes",
    _("Nonconformities: causes"),
    Nonconformity,
    summary=_("Which factors and clauses stand behind most of them."),
    measures=(
        Measure("with_cause", _("With a cause"), where=has_cause, says=_("{value} with a cause"), unit=_("cases")),
        AGAIN,
        HELD,
    ),
    groupings=(
        Grouping("cause", chart="pareto"),
        Grouping("clause", chart="pareto"),
        Grouping("category", chart="pareto"),
        *BY[4:6],
    ),
    filters=FILTERS,
)


doing = Report(
    "measures",
    _("Measures: done in time"),
    Doing,
    summary=_("What was to be done, by whom, and what is overdue."),
    measures=(
        Measure("measures", _("Measures"), says=_("{value} measures"), unit=_("measures")),
        Measure(
            "done",
            _("Done in time"),
            "percent",
            where=measures.clock_rule("met"),
            of=measures.clock_rule("decided"),
            says=_("{value} in time"),
            better="more",
        ),
        Measure(
            "overdue", _("Overdue now"), where=measures.clock_rule("overdue"), says=_("{value} overdue now"), alarm=True
        ),
    ),
    groupings=(Grouping("site"), Grouping("area"), Grouping("responsible_id"), Grouping("type"), Grouping("month")),
    filters=("type",),
    trend="done",
)

REPORTS = (correction, ageing, causes, doing)
# Nonconformities are the company's own affair: the section never goes to a client.
SECTION = report_section("nonconformities", correction.label, correction, ("volume", "in_time", "again"), order=40)
