"""How work orders are shown: the list's tabs, the form's sections, deadlines, board and calendar."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Board, Me, Resource, Retention, Tab, translator

from .choices import ENDED, OPEN, WORKING, State
from .flow import flow, working
from .records import Material, Order, Quote
from .relations import doing, mine, raised
from .settings import Settings

_ = translator("dougong_workorders")


def is_open(me: Me) -> sa.ColumnElement[bool]:
    return Order.status.in_(OPEN)


def to_dispatch(me: Me) -> sa.ColumnElement[bool]:
    return Order.status.in_((State.NEW, State.ASSIGNED))


def is_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(doing(me), Order.status.in_((*WORKING, State.HELD)))


def is_overdue(me: Me) -> sa.ColumnElement[bool]:
    return resource.clock_is("overdue", me)


def to_check(me: Me) -> sa.ColumnElement[bool]:
    return Order.status == State.FINISHED


resource = Resource(
    Order,
    _("Work orders"),
    flow=flow,
    settings=Settings,
    icon="order",
    title=Order.title,
    create_label=_("Raise a work order"),
    sections=(
        (_("What is to be done"), ("nature", "urgency", "category", "trade", "title", "statement", "permit_kind")),
        (_("Where and when"), ("location_id", "location", "appointed_at")),
        (_("Who reported it"), ("reported_at", "source", "reporter", "phone")),
        (_("Safety permit"), ("permit_number", "permit_until")),
        (
            _("Work"),
            (
                "owner_id", "result", "minutes", "done_by", "checked_by", "rating", "held_until", "holds", "returns", "reworks",
                "on_the_spot", "closed_at",
            ),
        ),
        (_("Price and cost"), ("quote", "agreed", "agreed_at", "cost")),
        (_("Trades"), ("main_id", "parts")),
        (_("Was late"), ("accept_late", "arrive_late", "finish_late", "check_late")),
    ),
    timeline=(Quote, Material),
    relations={"mine": mine, "raised": raised},
    tabs=(
        Tab("dispatch", _("To dispatch"), to_dispatch),
        Tab("mine", _("Mine"), is_mine),
        Tab("overdue", _("Overdue"), is_overdue),
        Tab("check", _("Awaiting acceptance"), to_check),
        Tab("open", _("Open"), is_open),
        Tab("all", _("All")),
    ),
    columns=("number", "title", "category", "status", "site_id", "owner_id", "arrive_by", "finish_by"),
    badges=("urgency", "nature"),
    steps=(State.NEW, State.ASSIGNED, State.ACCEPTED, State.ON_SITE, State.FINISHED, State.PASSED, State.CLOSED),
    likely={
        State.NEW: ("dispatch", "spot", "permit", "agree", "quote", "split"),
        State.ASSIGNED: ("accept", "transfer", "permit", "agree", "quote"),
        State.ACCEPTED: ("permit", "arrive", "agree", "quote", "hold"),
        State.ON_SITE: ("agree", "finish", "use", "quote", "hold"),
        State.HELD: ("resume", "transfer", "permit", "agree"),
        State.FINISHED: ("check", "rework", "rate"),
        State.PASSED: ("close", "rate"),
        State.CLOSED: ("rate",),
    },
    board=Board(
        columns=(State.NEW, State.ASSIGNED, State.ACCEPTED, State.ON_SITE, State.HELD, State.FINISHED, State.PASSED),
        shows=("trade", "site_id", "owner_id"),
    ),
    calendar="appointed_at",
    also_create=(working.spot,),
    retention=Retention(
        "closed_at",
        years=3,
        basis=_("Company default: work orders are kept for three years after they were closed."),
        states=frozenset(ENDED),
    ),
    form_title=_("Work order form"),
    signatures=(_("Dispatched by"), _("Done by"), _("Checked by"), _("Reporter")),
)  # fmt: skip
