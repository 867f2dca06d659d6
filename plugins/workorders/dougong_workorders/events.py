"""What people are told of work orders. Due soon, overdue and the way up are told by the clocks (``flow.clocks``)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .records import Order
from .relations import X, answers, dispatcher

_ = translator("dougong_workorders")

_WHERE = _("{title}\n{site} · {status}")


def new_owner(o: Order, x: X) -> Iterable[UUID | None]:
    return [o.owner_id] if "owner_id" in x.changes(o) else []


def trade_lead(o: Order, x: X) -> Iterable[UUID | None]:
    return [dispatcher(o, x)]


def whoever_asked(o: Order, x: X) -> Iterable[UUID | None]:
    """Who raised it and who leads the trade, and the same of the whole that it is a part of."""
    main = x.session.get(Order, (x.tenant, o.main_id)) if o.main_id else None
    return [o.created_by, dispatcher(o, x), answers(main, x) if main else None]


def owner(o: Order, x: X) -> Iterable[UUID | None]:
    return [o.owner_id]


def owner_of_commented(o: Order, x: X) -> Iterable[UUID | None]:
    return [answers(o, x)]


EVENTS = (
    Event(
        "workorders.raised",
        _("A work order was raised"),
        _("New work order {number} at {site}"),
        Order.kind,
        ("create",),
        trade_lead,
        _WHERE,
        groups=True,
    ),
    Event(
        "workorders.dispatched",
        _("A work order was dispatched"),
        _("Work order {number} is yours: please accept it"),
        Order.kind,
        ("dispatch", "transfer"),
        new_owner,
        _WHERE,
        urgent=True,
    ),
    Event(
        "workorders.returned",
        _("A work order was sent back"),
        _("Work order {number} was sent back and waits to be dispatched"),
        Order.kind,
        ("send_back",),
        trade_lead,
        _WHERE,
    ),
    Event(
        "workorders.finished",
        _("A work order was finished"),
        _("Work order {number} awaits acceptance"),
        Order.kind,
        ("finish", "spot"),
        whoever_asked,
        _WHERE,
    ),
    Event(
        "workorders.reworked",
        _("A work order failed acceptance"),
        _("Work order {number} has to be done again"),
        Order.kind,
        ("rework",),
        owner,
        _WHERE,
    ),
    Event(
        "workorders.cancelled",
        _("A work order was cancelled"),
        _("Work order {number} was cancelled"),
        Order.kind,
        ("cancel",),
        owner,
        _WHERE,
    ),
    Event(
        "workorders.commented",
        _("Somebody commented on a work order"),
        _("{person} commented on work order {number}"),
        Order.kind,
        ("comment",),
        owner_of_commented,
        _WHERE,
    ),
)
