"""How requests and disposals are shown: lists, sections, deadline, steps."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, translator

from .choices import OPEN, State
from .flow import disposal_flow, flow
from .records import Account, Disposal, Request
from .settings import Settings

_ = translator("dougong_privacy")


def is_open(me: Me) -> sa.ColumnElement[bool]:
    return Request.status.in_(OPEN)


def is_overdue(me: Me) -> sa.ColumnElement[bool]:
    return requests.clock_is("overdue", me)


def is_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Request.status != State.CLOSED, sa.or_(Request.created_by == me.id, Request.handler_id == me.id))


requests = Resource(
    Request,
    _("Requests about personal data"),
    flow=flow,
    settings=Settings,
    icon="shield",
    create_label=_("Register a request"),
    sections=(
        (_("The request"), ("wish", "asker", "contact", "statement", "received_at")),
        (_("Handling"), ("proof", "handler_id", "extended", "terms", "package")),
        (_("Answer"), ("answer", "refusal", "appeal", "answered_at", "answer_late", "closed_at")),
    ),
    timeline=(Account,),
    tabs=(
        Tab("open", _("Open"), is_open),
        Tab("overdue", _("Overdue"), is_overdue),
        Tab("mine", _("Mine"), is_mine),
        Tab("all", _("All")),
    ),
    columns=("number", "wish", "status", "due_by", "site_id", "handler_id", "created_at"),
    steps=(State.REGISTERED, State.VERIFYING, State.WORKING, State.ANSWERED, State.CLOSED),
    likely={
        State.REGISTERED: ("take_up", "verify"),
        State.VERIFYING: ("verify", "decline"),
        State.WORKING: ("reply", "extend", "decline"),
        State.ANSWERED: ("close",),
        State.REFUSED: ("close",),
    },
    retention=Retention(
        "closed_at",
        years=3,
        basis=_(
            "Company default: requests are kept for three years after they were closed, to show that they were met."
        ),
        states=frozenset({State.CLOSED}),
    ),
)
disposals = Resource(
    Disposal,
    _("Disposals"),
    flow=disposal_flow,
    settings=Settings,
    icon="trash",
    title=Disposal.what,
    sections=((_("What was disposed of"), ("what", "of", "target", "term", "fate", "why")),),
    columns=("what", "of", "fate", "term", "site_id", "created_at"),
)
