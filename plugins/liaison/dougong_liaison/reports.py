"""What liaison reports: filings on time, orders by agency with penalties, permits by expiry; and a section upwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    Figures,
    Grouping,
    Me,
    Measure,
    Question,
    Report,
    Section,
    SectionContent,
    SectionFigure,
    figures_within,
    translator,
)

from .choices import HANDED_IN, LIVE, OPEN_ORDER, OWED, FilingState, OrderState
from .records import Filing, Order, Permit
from .resources import filing, order

_ = translator("dougong_liaison")

Rule = sa.ColumnElement[bool]
clock, ordered = filing.clock_rule, order.clock_rule


def _owed_late(me: Me) -> Rule:
    return sa.and_(Filing.status.in_(OWED), Filing.due_by < me.now)


def _fined(me: Me) -> sa.ColumnElement[Any]:
    return sa.func.nullif(Order.penalty, 0)


def _live(me: Me) -> Rule:
    return Permit.status.in_(LIVE)


filings = Report(
    "filings",
    _("Obligations: on time"),
    Filing,
    summary=_("What was due in the period, and how much of it was handed in on time."),
    moment="due_by",
    measures=(
        Measure(
            "due",
            _("Filings due"),
            where=lambda me: Filing.status != FilingState.DROPPED,
            says=_("{value} filings were due"),
            unit=_("filings"),
        ),
        Measure("handed_in", _("Handed in"), where=lambda me: Filing.status.in_(HANDED_IN), unit=_("filings")),
        Measure(
            "on_time",
            _("On time"),
            "percent",
            where=clock("met", "filing"),
            of=clock("decided", "filing"),
            says=_("{value} on time"),
            better="more",
        ),
        Measure("late_now", _("Late now"), where=_owed_late, unit=_("filings"), better="less", alarm=True),
    ),
    groupings=(Grouping("agency_kind"), Grouping("site"), Grouping("area"), Grouping("owner_id"), Grouping("month")),
    filters=("agency_kind",),
    trend="on_time",
    home=("late_now",),
)
orders = Report(
    "orders",
    _("Orders by agency, penalties"),
    Order,
    summary=_("Rectification orders, how many were answered on time, and what was fined."),
    moment="received_at",
    measures=(
        Measure("orders", _("Orders"), says=_("{value} orders"), unit=_("orders")),
        Measure("open", _("Open"), where=lambda me: Order.status.in_(OPEN_ORDER), unit=_("orders")),
        Measure("closed", _("Orders closed"), where=lambda me: Order.status == OrderState.CLOSED, unit=_("orders")),
        Measure(
            "on_time",
            _("Answered on time"),
            "percent",
            where=ordered("met", "answer"),
            of=ordered("decided", "answer"),
            better="more",
        ),
        Measure("failed", _("Failed a recheck"), where=lambda me: Order.rechecks > 0, unit=_("orders"), better="less"),
        Measure(
            "penalty", _("Penalties"), "money", value=_fined, says=_("{value} of penalties"), better="less", alarm=True
        ),
    ),
    groupings=(Grouping("agency_kind"), Grouping("site"), Grouping("area"), Grouping("month")),
    filters=("agency_kind",),
)
expiries = Report(
    "expiries",
    _("Permits by expiry"),
    Permit,
    summary=_("Permits that end in the period."),
    moment="expires_by",
    measures=(
        Measure("ending", _("Permits that end"), where=_live, says=_("{value} permits end"), unit=_("permits")),
        Measure(
            "expired",
            _("Ran out"),
            where=lambda me: Permit.expired.is_(True),
            unit=_("permits"),
            better="less",
            alarm=True,
        ),
    ),
    groupings=(Grouping("nature"), Grouping("owner_id"), Grouping("month")),
    filters=("nature",),
)

REPORTS = (filings, orders, expiries)


# What a report upwards says: measures of which report, and whether the client may know them. Orders and penalties stay inside.
_SAID: tuple[tuple[Report, tuple[tuple[str, bool], ...]], ...] = (
    (filings, (("due", True), ("handed_in", True), ("on_time", True), ("late_now", False))),
    (orders, (("orders", False), ("closed", False), ("penalty", False))),
    (expiries, (("ending", False), ("expired", False))),
)


def fill(x: Context[Any], sites: Sequence[UUID], start: dt.datetime, end: dt.datetime) -> SectionContent | None:
    """What was due and handed in, orders of the period, permits that end in it; each figure opens the rows it counted."""
    if not all(x.gate.scope(f"{report.record.kind}.read") for report, _said in _SAID):
        return None
    zone = str(x.snapshot.sites.zone(sites[0]))
    found = figures_within(x, [Question(report, start, end, site=sites[0], zone=zone) for report, _said in _SAID])
    figures = [
        _figure(one, measure, client)
        for one, (report, said) in zip(found, _SAID, strict=True)
        for name, client in said
        if (measure := report.measure(name)) is not None
    ]
    if all(figure.value in (0, Decimal(0), "–") for figure in figures):
        return None
    total, handed = (int(found[0].value(m) or 0) for m in (filings.measures[0], filings.measures[1]))
    text = _("{total} filings were due, {handed} are handed in.").format(total=total, handed=handed)
    return SectionContent(str(text), figures, client=True)


def _figure(found: Figures, measure: Measure, client: bool) -> SectionFigure:
    value = found.value(measure)
    shown: int | Decimal | str = "–"
    if value is not None:
        shown = {"money": Decimal(round(value)) / 100, "percent": Decimal(str(round(value, 1)))}.get(
            measure.kind, int(value)
        )
    unit = {"money": str(_("yuan")), "percent": "%"}.get(measure.kind, str(measure.unit or ""))
    return SectionFigure(str(measure.label), shown, unit, found.link(measure), client, measure.alarm)


section = Section("liaison", _("Government liaison"), fill, 70)

__all__ = ["REPORTS", "section"]
