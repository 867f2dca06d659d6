"""Who came and who left, broken down; and what a report upwards says of people. Establishment and vacancies have their page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Grouping, Measure, Report, Section, SectionContent, SectionFigure, translator
from dougong import Reader as Me

from . import establishment, pages
from .choices import Employment
from .records import Employee
from .resources import employee, position

_ = translator("dougong_hr")

BY = (Grouping("department"), Grouping("employment"), Grouping("site"), Grouping("area"), Grouping("month"))
SOON = dt.timedelta(days=180)


def _left(me: Me) -> sa.ColumnElement[bool]:
    return Employee.left_at.is_not(None)


def _early(me: Me) -> sa.ColumnElement[bool]:
    return Employee.left_at < Employee.hired_at + SOON


def _served(me: Me) -> sa.ColumnElement[Any]:
    return sa.extract("epoch", Employee.left_at - Employee.hired_at)


def _own(me: Me) -> sa.ColumnElement[bool]:
    return Employee.employment == Employment.OWN


leaving = Report(
    "leaving",
    _("Turnover: who left"),
    Employee,
    summary=_("How many left, how long they had been here, how many within half a year."),
    moment="left_at",
    measures=(
        Measure("left", _("Have left"), where=_left, says=_("{value} have left"), unit=_("people")),
        Measure("early", _("Within half a year"), "percent", where=_early, better="less"),
        Measure("own", _("Own staff among them"), where=_own, unit=_("people")),
        Measure("served", _("Time in service"), "duration", value=_served),
    ),
    groupings=BY,
    filters=("department", "employment"),
)
joining = Report(
    "joining",
    _("Turnover: who came"),
    Employee,
    summary=_("How many were hired, and how many of them are still here."),
    moment="hired_at",
    measures=(
        Measure("hired", _("Hired"), says=_("{value} were hired"), unit=_("people")),
        Measure("stayed", _("Still here"), "percent", where=lambda me: Employee.left_at.is_(None), better="more"),
    ),
    groupings=BY,
    filters=("department", "employment"),
)

REPORTS = (leaving, joining)


def fill(x: Context[Any], sites: Sequence[UUID], start: dt.datetime, end: dt.datetime) -> SectionContent | None:
    """Establishment today, and who came and left in the period: numbers alone, no names, nothing for the client."""
    if not x.gate.scope(position.permission("read")) or not x.gate.scope(employee.permission("read")):
        return None
    zone = x.snapshot.sites.zone(sites[0])
    t = establishment.totals(establishment.read(x, sites))
    came, left, rate = establishment.turnover(x, sites, start.astimezone(zone).date(), end.astimezone(zone).date())
    if not t.heads and not t.filled and not came and not left:
        return None
    said = _("{filled} of {heads} heads are there; {came} came and {left} left.")
    figures = [
        SectionFigure(str(_("Headcount")), t.heads, "", pages.TABLE),
        SectionFigure(str(_("Actual")), t.filled, "", pages.TREE),
        SectionFigure(str(_("Vacant")), t.missing, "", pages.TREE),
        SectionFigure(str(_("Key posts vacant")), t.key_vacant, "", f"{position.path}?tab=key", alarm=True),
        SectionFigure(str(_("Days vacant")), t.vacant_days, "", pages.TABLE),
        SectionFigure(str(_("Turnover")), "–" if rate is None else f"{rate:g}", "%", f"{employee.path}?tab=left"),
        SectionFigure(
            str(_("Certificates held")), "–" if t.coverage is None else t.coverage, "%", "/hr/certificate?tab=soon"
        ),
    ]
    sentence = str(said.format(filled=t.filled, heads=t.heads, came=came, left=left))
    return SectionContent(f"{sentence} {pages.partial()}" if t.partial else sentence, figures)


section = Section("people", _("People"), fill, 60)

__all__ = ["REPORTS", "section"]
