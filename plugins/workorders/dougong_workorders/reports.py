"""What work orders report: how many, how fast, right the first time or again, what they cost, how content people are.

A rate counts only what was answerable: an imported order has no due times, so it stands in the volume and in no on-time rate.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Report, report_section, translator

from .choices import CONTENT, Kind, State, Urgency
from .records import Order
from .resource import is_overdue, resource

_ = translator("dougong_workorders")

Rule = sa.ColumnElement[bool]
clock = resource.clock_rule


def urgent_in_time(me: Me) -> Rule:
    return sa.and_(Order.urgency == Urgency.URGENT, clock("met", "response")(me))


def urgent_decided(me: Me) -> Rule:
    return sa.and_(Order.urgency == Urgency.URGENT, clock("decided", "response")(me))


def finished(me: Me) -> Rule:
    return sa.and_(Order.finished_at.is_not(None), Order.status != State.CANCELLED)


def was_checked(me: Me) -> Rule:
    """The work was judged: it passed, or had to be done again."""
    return sa.or_(Order.passed_at.is_not(None), Order.reworks > 0)


def at_once(me: Me) -> Rule:
    """Right the first time: neither sent back nor reworked."""
    return sa.and_(Order.reworks == 0, Order.returns == 0)


def reworked(me: Me) -> Rule:
    return Order.reworks > 0


def rated(me: Me) -> Rule:
    return Order.rating.is_not(None)


def content(me: Me) -> Rule:
    return Order.rating.in_(CONTENT)


def seconds(me: Me) -> sa.ColumnElement[Any]:
    return sa.extract("epoch", Order.finished_at - Order.reported_at)


def work_seconds(me: Me) -> sa.ColumnElement[Any]:
    return Order.minutes * 60


def cost(me: Me) -> sa.ColumnElement[Any]:
    """NULL where nothing was used, so that it stands behind no figure."""
    return sa.func.nullif(Order.cost, 0)


def income(me: Me) -> sa.ColumnElement[Any]:
    return sa.case((sa.and_(Order.nature == Kind.PAID, Order.finished_at.is_not(None)), Order.agreed))


VOLUME = Measure("volume", _("Work orders"), says=_("{value} work orders"), unit=_("orders"))
BY = (
    Grouping("trade", chart="stacked"),
    Grouping("category"),
    Grouping("site", chart="stacked"),
    Grouping("area", chart="stacked"),
    Grouping("building", place="location_id"),
    Grouping("nature"),
    Grouping("owner_id"),
    Grouping("month"),
    Grouping("week"),
    Grouping("day"),
)

handling = Report(
    "handling",
    _("Work orders: volume and handling"),
    Order,
    summary=_("How many, how fast, right the first time or again, how content."),
    moment="reported_at",
    measures=(
        VOLUME,
        Measure("overdue_now", _("Overdue now"), where=is_overdue, says=_("{value} overdue now"), unit=_("orders"), alarm=True),
        Measure(
            "response", _("On the spot in time"), "percent", where=clock("met", "response"), of=clock("decided", "response"),
            says=_("{value} on the spot in time"), better="more",
        ),
        Measure("urgent", _("Urgent: on the spot in time"), "percent", where=urgent_in_time, of=urgent_decided, better="more"),
        Measure(
            "in_time", _("Completed in time"), "percent",
            where=clock("met", "completion"), of=clock("decided", "completion"), better="more",
        ),
        Measure("late", _("Completed late"), where=clock("late", "completion"), unit=_("orders"), better="less", alarm=True),
        Measure("first_time", _("Right the first time"), "percent", where=at_once, of=was_checked, better="more"),
        Measure("reworked", _("Reworked"), where=reworked, unit=_("orders"), better="less"),
        Measure("time", _("Time to completion"), "duration", value=seconds, better="less"),
        Measure("content", _("Satisfaction"), "percent", where=content, of=rated, better="more"),
    ),
    groupings=BY,
    filters=("trade", "category", "nature", "urgency"),
    trend="in_time",
    home=("volume", "response"),
)  # fmt: skip

costs = Report(
    "costs",
    _("Work orders: cost"),
    Order,
    summary=_("What materials and working time went into them, and what paid services brought in."),
    moment="reported_at",
    measures=(
        Measure("cost", _("Cost of materials"), "money", value=cost, says=_("{value} of materials")),
        Measure("income", _("Paid services"), "money", value=income, says=_("{value} of paid services")),
        Measure("work", _("Working time of an order"), "duration", value=work_seconds),
        Measure("finished", _("Finished"), where=finished, unit=_("orders")),
    ),
    groupings=BY,
    filters=("trade", "category", "nature"),
)

REPORTS = (handling, costs)
# In reports upwards; what the work cost has no place in them, so that it cannot reach a client.
SECTION = report_section(
    "workorders", handling.label, handling, ("volume", "overdue_now", "in_time", "reworked"), client=("volume", "in_time"),
    order=20,
)
