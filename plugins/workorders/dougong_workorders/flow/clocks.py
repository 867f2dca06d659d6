"""The clocks of an order: accepted, on the spot, completed, checked. Each reminds whoever answers, notes the breach, goes up."""

from __future__ import annotations

from typing import Any

from dougong import Step, Term, escalate, overdue, remind, translator

from ..choices import UNFINISHED, WORKING, State, Urgency
from ..records import Order
from ..relations import answers, dispatcher
from ..settings import Settings
from . import closing, dispatching, working
from .base import X, category, flow

_ = translator("dougong_workorders")


def _steps(settings: Settings) -> list[Step[Any, Any]]:
    made: list[Step[Any, Any]] = [remind(settings.remind_percent / 100)] if settings.remind_percent else []
    made.append(overdue())
    for level, percent in enumerate((settings.escalate_first, settings.escalate_second), start=1):
        if percent is not None:
            made.append(escalate(percent / 100, level=level))
    return made


def _urgent(o: Order) -> bool:
    return o.urgency is Urgency.URGENT


def _accepting(o: Order, x: X) -> Term:
    minutes = x.settings.urgent_accept if _urgent(o) else x.settings.accept
    return Term(minutes / 60, always=_urgent(o))


def _arriving(o: Order, x: X) -> Term | None:
    """Urgent: by the standard's minutes, round the clock; an appointment; else the category's. The whole of several trades
    goes nowhere itself."""
    if _urgent(o):
        return Term(min(x.settings.urgent_response, category(o, x).response) / 60, always=True)
    if o.appointed_at is not None:
        return Term(until=o.appointed_at)
    return Term(category(o, x).response / 60)


def _finishing(o: Order, x: X) -> Term:
    found = category(o, x)
    if _urgent(o):
        return Term(min(x.settings.urgent_hours, found.hours or x.settings.urgent_hours), always=True)
    if found.hours is not None:
        return Term(found.hours)
    return Term(days=found.days or 1)


def _checking(o: Order, x: X) -> Term:
    return Term(x.settings.check_hours)


acceptance = flow.clock(
    "acceptance",
    _("Accepting"),
    due=Order.accept_by,
    met=Order.accepted_at,
    late=Order.accept_late,
    runs=State.ASSIGNED,
    term=_accepting,
    depends=(Order.urgency, Order.owner_id),
    owner=Order.owner_id,
    steps=_steps,
    step=dispatching.accept,
)
response = flow.clock(
    "response",
    _("On the spot"),
    due=Order.arrive_by,
    met=Order.arrived_at,
    late=Order.arrive_late,
    runs=UNFINISHED,
    once=True,
    starts=lambda o, x: o.reported_at,
    term=_arriving,
    depends=(Order.urgency, Order.category, Order.appointed_at),
    owner=answers,
    steps=_steps,
    step=working.arrive,
)
completion = flow.clock(
    "completion",
    _("Completion"),
    due=Order.finish_by,
    met=Order.finished_at,
    late=Order.finish_late,
    runs=WORKING,
    pauses=State.HELD,
    most_pauses=lambda settings: settings.hold_limit,
    term=_finishing,
    depends=(Order.urgency, Order.category),
    owner=answers,
    steps=_steps,
    step=working.finish,
)
checking = flow.clock(
    "checking",
    _("Acceptance of the work"),
    due=Order.check_by,
    met=Order.passed_at,
    late=Order.check_late,
    runs=State.FINISHED,
    term=_checking,
    owner=dispatcher,
    steps=_steps,
    step=closing.check,
)
