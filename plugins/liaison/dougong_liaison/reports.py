"""What liaison reports: filings on time, orders by agency with penalties, permits by expiry; and a section upwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Grouping, Me, Measure, Report, Section, SectionContent, SectionFigure, translator

from .choices import HANDED_IN, LIVE, OPEN_ORDER, OWED, OrderState
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
        Measure("due", _("Filings due"), says=_("{value} filings were due"), unit=_("filings")),
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


def fill(x: Context[Any], sites: Sequence[UUID], start: dt.datetime, end: dt.datetime) -> SectionContent | None:
    """What was due and handed in, orders of the period and permits that end soon; penalties stay in the house."""
    if not x.gate.scope(filing.permission("read")) or not x.gate.scope(order.permission("read")):
        return None
    there = list(sites)
    total, handed, late = _one(
        x,
        x.readable(Filing).where(Filing.site_id.in_(there), Filing.due_by >= start, Filing.due_by < end),
        sa.func.count().filter(Filing.status.in_(HANDED_IN)),
        sa.func.count().filter(Filing.late),
    )
    got, closed, fined = _one(
        x,
        x.readable(Order).where(Order.site_id.in_(there), Order.received_at >= start, Order.received_at < end),
        sa.func.count().filter(Order.status == OrderState.CLOSED),
        sa.func.coalesce(sa.func.sum(Order.penalty), 0),
    )
    if not total and not got:
        return None
    said = _("{total} filings were due, {handed} are handed in, {late} were late; {orders} orders came in.")
    span = f"from={start.date()}&{{0}}.to={(end - dt.timedelta(seconds=1)).date()}"
    figures = [
        SectionFigure(str(_("Filings due")), total, "", f"{filing.path}?tab=all&due_by.{span.format('due_by')}"),
        SectionFigure(str(_("Handed in")), handed, "", f"{filing.path}?tab=all"),
        SectionFigure(str(_("Late")), late, "", f"{filing.path}?tab=late", alarm=True),
        SectionFigure(str(_("Orders")), got, "", f"{order.path}?tab=all"),
        SectionFigure(str(_("Orders closed")), closed, "", f"{order.path}?tab=all"),
        SectionFigure(
            str(_("Penalties")), f"{int(fined) / 100:.2f}", str(_("yuan")), f"{order.path}?tab=all", alarm=True
        ),
    ]
    return SectionContent(str(said.format(total=total, handed=handed, late=late, orders=got)), figures)


def _one(x: Context[Any], query: Any, *more: Any) -> Any:
    counted = query.with_only_columns(sa.func.count(), *more, maintain_column_froms=True)
    return x.session.execute(counted.order_by(None)).one()


section = Section("liaison", _("Government liaison"), fill, 70)

__all__ = ["REPORTS", "section"]
