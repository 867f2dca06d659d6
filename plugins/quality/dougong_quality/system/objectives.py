"""Objectives: a target a period, actuals entered or taken from a report, reached or missed as the direction says."""

from __future__ import annotations

import datetime as dt

from dougong import Day, Form, Question, Report, Workflow, asked, figures_within, translator

from .choices import Direction, Outcome, Standing
from .common import Settings, X, months_after, refuse, steps
from .gathering import worded
from .records import Actual, Objective

_ = translator("dougong_quality")

objectives = Workflow(Objective, Objective.status, Settings)


def period_of(o: Objective, day: dt.date) -> tuple[dt.date, dt.date]:
    """First day of the period in which a day lies, and of the next one."""
    months = o.period.months
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return first, months_after(first, months)


def periods(o: Objective) -> list[dt.date]:
    """The first days of all periods of its year."""
    return [dt.date(o.year, month, 1) for month in range(1, 13, o.period.months)]


def outcome(o: Objective, value: float) -> Outcome:
    """Whether a value reaches the target."""
    reached = value >= o.target if o.direction is Direction.AT_LEAST else value <= o.target
    return Outcome.ACHIEVED if reached else Outcome.MISSED


def measured(o: Objective, x: X) -> tuple[Report, str] | None:
    """The report and the name of the measure that actuals are taken from; None where its module is off."""
    module, _dot, rest = (o.measure or "").partition(".")
    name, _colon, measure = rest.partition(":")
    return next(
        (
            (report, measure)
            for owner, report in x.contributed(Report)
            if owner == module and report.name == name and report.measure(measure)
        ),
        None,
    )


def actuals(o: Objective, x: X) -> list[Actual]:
    """Its actuals, the oldest first, with one that is being entered now."""
    now = [one for one in x.session.new if isinstance(one, Actual) and one.parent_id == o.id]
    return [*(x.children(o, Actual) if o.row_version else ()), *now]


@objectives.creating
def begun(o: Objective, x: X) -> None:
    o.since = dt.date(o.year, 1, 1)
    if o.measure and measured(o, x) is None:
        raise refuse("measure", _("is no figure of a module that is on: module.report:figure"))


@objectives.changing
def standing(o: Objective, x: X) -> None:
    """The oldest period without an actual; a target that was changed says nothing of what was judged by the former one."""
    known = {one.of for one in actuals(o, x)}
    o.since = next((first for first in periods(o) if first not in known), None)


def _enter(o: Objective, a: Actual, x: X) -> None:
    first, _next = period_of(o, a.of)
    if first.year != o.year:
        raise refuse("of", _("lies in another year"))
    if first > x.today(o.site_id):
        raise refuse("of", _("has not begun yet"))
    a.of, a.outcome = first, outcome(o, a.value)
    known = {one.of for one in actuals(o, x) if one is not a}
    if not known or first >= max(known):
        o.latest = a.outcome


@objectives.adding(_("Enter an actual"), Standing.ACTIVE, Actual, icon="plus")
def record(o: Objective, a: Actual, x: X) -> None:
    _enter(o, a, x)


class Taken(Form):
    of: Day = asked(_("Period"), help=_("Any day of the month, quarter or year that it is of."))


@objectives.on(
    _("Take the actual from the report"),
    Standing.ACTIVE,
    form=Taken,
    icon="history",
    help=_("As the figure of its report is now."),
)
def take(o: Objective, f: Taken, x: X) -> None:
    found = measured(o, x)
    if found is None:
        raise refuse("of", _("no report is named, or its module is off: enter the actual"))
    report, name = found
    measure = report.measure(name)
    assert measure is not None
    first, following = period_of(o, f.of)
    zone = x.snapshot.sites.zone(o.site_id)
    start, end = (dt.datetime.combine(day, dt.time(), zone) for day in (first, following))
    site = None if o.site_id == x.snapshot.sites.root else o.site_id
    (figures,) = figures_within(x, [Question(report, start, end, site=site, zone=str(zone))])
    value = figures.value(measure)
    if value is None:
        raise refuse("of", _("there is nothing to count in this period"))
    scale = 3600 if measure.kind == "duration" else 100 if measure.kind == "money" else 1
    said = f"{report.label} · {measure.label}: {worded(measure, value)}"
    made = x.add(o, Actual(of=first, value=round(float(value) / scale, 2), source=said[:200]))
    _enter(o, made, x)


end = objectives.step("end", _("End"), Standing.ACTIVE, Standing.ENDED, icon="close")

objectives.clock(
    "actual",
    _("Actual"),
    due=Objective.actual_by,
    late=Objective.actual_late,
    runs=Standing.ACTIVE,
    again=Actual,
    term=lambda o, x: (
        period_of(o, o.since)[1] + dt.timedelta(days=max(0, x.settings.objective_days - 1)) if o.since else None
    ),
    depends=(Objective.since,),
    owner=Objective.owner_id,
    steps=steps(lambda settings: 3),
    step=record,
)
