"""From an address to questions: which report, which period, by what, narrowed how. Refuses what a report does not know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from dougong import (
    Asked,
    BadRequest,
    FieldError,
    Figures,
    Grouping,
    Invalid,
    NotFound,
    Question,
    Report,
    figures,
    reports_of,
    translator,
)

from .periods import Period, last_months, period_of

_ = translator("dougong_reports")

OWN = ("period", "from", "to", "by")
MOST_GROUPS = {"day": 100, "week": 740, "month": 3660}  # the longest period in days, so that a chart can be read


@dataclass(frozen=True)
class Wanted:
    """One report as it is asked for. :param filters: field → values."""

    module: str
    report: Report
    period: Period
    grouping: Grouping
    filters: dict[str, tuple[str, ...]]
    question: Question

    @property
    def path(self) -> str:
        return f"/reports/{self.module}/{self.report.name}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query of this page, without the site."""
        narrowed = [(name, value) for name, values in self.filters.items() for value in values]
        return [*self.period.pairs, ("by", self.grouping.name), *narrowed]


@dataclass(frozen=True)
class Answered:
    """The figures of a page: now, before, and over the last months."""

    wanted: Wanted
    now: Figures
    before: Figures
    trend: Figures | None


def zone_of(asked: Asked) -> ZoneInfo:
    """The company's zone: that of its own site."""
    return asked.snapshot.sites.zone()


def wanted(asked: Asked, more: tuple[str, ...] = ()) -> Wanted:
    """What this request asks for.

    :param more: further parameters of the address. :raises NotFound: no such report for this person.
    :raises BadRequest, Invalid: a parameter or value that is none.
    """
    module, name = asked.path_params["module"], asked.path_params["name"]
    found = [r for m, r in reports_of(asked.gate, asked.app.registry) if (m, r.name) == (module, name)]
    if not found:
        raise NotFound
    report = found[0]
    sent = asked.params((*OWN, *report.filters, *more))
    zone = zone_of(asked)
    today = asked.now.astimezone(zone).date()
    period = period_of(sent.get("period", ""), sent.get("from", ""), sent.get("to", ""), today)
    by = sent.get("by", "") or report.groupings[0].name
    grouping = report.grouping(by)
    if grouping is None:
        known = ", ".join(one.name for one in report.groupings)
        raise BadRequest(
            _("This report is not broken down by “{name}”. Known here: {known}.").format(name=by[:60], known=known),
            errors=(FieldError("by", _("is not one of the possible choices")),),
        )
    if period.days > MOST_GROUPS.get(grouping.name, period.days):
        raise Invalid(errors=(FieldError("by", _("is too fine for so long a period; take longer steps")),))
    filters = {n: tuple(v for v in sent.getlist(n) if v) for n in report.filters if any(sent.getlist(n))}
    start, end = period.moments(zone)
    question = Question(report, start, end, grouping.name, asked.site, filters, zone.key)
    return Wanted(module, report, period, grouping, filters, question)


async def answered(asked: Asked, one: Wanted, *, trend: bool = True) -> Answered:
    """All figures of a page in one transaction."""
    zone = zone_of(asked)
    questions = [one.question, before(one, zone)]
    if trend and one.grouping.kind != "time" and one.report.grouping("month"):
        start, end = last_months(one.period.end).moments(zone)
        questions.append(replace(one.question, by="month", start=start, end=end))
    found = await figures(asked, questions)
    return Answered(one, found[0], found[1], found[2] if len(found) > 2 else None)


def before(one: Wanted, zone: ZoneInfo) -> Question:
    """The same of the period before; times of different periods are not held against each other, only their sum is."""
    assert one.period.before is not None
    start, end = one.period.before.moments(zone)
    by = None if one.grouping.kind == "time" else one.question.by
    return replace(one.question, start=start, end=end, by=by)
