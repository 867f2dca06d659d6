"""Rectification orders: 签收→分派→整改→回复→复查→销案. Only a document of the agency, with its file, moves the deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    File,
    Form,
    Prose,
    Telling,
    Trigger,
    Workflow,
    asked,
    guard,
    refuse,
    remind,
    translator,
)
from dougong import escalate as escalating
from dougong import overdue as breach

from .base import Reason, X, day_end
from .choices import ANSWERING, OPEN_ORDER, ItemState, OrderState
from .records import Agency, Deferral, Item, Order, Penalty
from .settings import Settings

_ = translator("dougong_liaison")

flow = Workflow(Order, Order.status, Settings)
items = Workflow(Item, Item.status, Settings)

DAY = dt.timedelta(days=1)
MOST_ITEMS = 100


def lines(text: str) -> list[str]:
    """Items as they were written, one a line."""
    return [one.strip() for one in text.splitlines() if one.strip()]


@flow.creating
def received(o: Order, x: X) -> None:
    if len(lines(o.items)) > MOST_ITEMS:
        raise refuse("items", _("At most {n} items.").format(n=MOST_ITEMS))
    if x.imported:
        return
    if o.received_on > x.today(o.site_id):
        raise refuse("received_on", _("lies in the future"))
    if o.deadline_on < o.received_on:
        raise refuse("deadline_on", _("The deadline must not lie before the day of receipt."))
    o.received_at = x.now


@flow.changing
def of_agency(o: Order, x: X) -> None:
    found = x.session.get(Agency, (x.tenant, o.agency_id))
    if found is not None:
        o.agency_name, o.agency_kind = found.name, found.nature


class Assigning(Form):
    person: UUID = asked(_("Assign to"), widget="person", may="liaison.order.read")


@guard(_("Attach the scan of the order first."))
def scanned(o: Order, x: X) -> bool:
    return o.status is not OrderState.SIGNED or bool(x.files(o))


@flow.on(
    _("Assign"),
    (OrderState.SIGNED, OrderState.ASSIGNED),
    OrderState.ASSIGNED,
    form=Assigning,
    guards=[scanned],
    icon="people",
)
def assign(o: Order, form: Assigning, x: X) -> None:
    """Each line of the order becomes an item of its own, once."""
    o.owner_id = form.person
    known = _items(o, x)
    if known:
        for one in known:
            one.owner_id = form.person if one.status is ItemState.OPEN else one.owner_id
        return
    _serve(o, x)  # the scan is neither a reply nor a new deadline
    for text in lines(o.items):
        x.create(Item, o.site_id, order_id=o.id, text=text, owner_id=form.person)


def _items(o: Order, x: X) -> list[Item]:
    query = sa.select(Item).where(Item.tenant_id == x.tenant, Item.order_id == o.id)
    return list(x.session.scalars(query.order_by(Item.number)))


@flow.on(_("Begin rectifying"), OrderState.ASSIGNED, OrderState.FIXING, form=Form, icon="right")
def begin(o: Order, form: Form, x: X) -> None:
    """The items are being put right."""


@guard(_("Every item of the order must be rectified first."))
def all_done(o: Order, x: X) -> bool:
    return all(one.status is ItemState.DONE for one in _items(o, x))


def _fresh(o: Order, x: X) -> list[File]:
    """Files that have not served yet. Of an order that is not assigned the first one is its own scan."""
    found = x.files(o)[1:] if o.status is OrderState.SIGNED else x.files(o)
    return [one for one in found if str(one.id) not in o.used]


def _serve(o: Order, x: X) -> None:
    """What is attached by now has served."""
    o.used = [*o.used, *(str(one.id) for one in x.files(o) if str(one.id) not in o.used)]


@guard(_("Attach the reply to the agency first."))
def with_file(o: Order, x: X) -> bool:
    return bool(_fresh(o, x))


def kept(o: Order, x: Context[Any]) -> None:
    """A file was taken away. :raises Conflict: it is the order's scan, or the document by which its deadline moved."""
    named = {one.file_name for one in x.children(o, Deferral)}
    mine = (File.tenant_id == x.tenant, File.record_kind == o.kind, File.record_id == o.id, File.field.is_(None))
    there = sa.or_(File.removed_at.is_(None), File.removed_at == x.now)
    for n, one in enumerate(x.session.scalars(sa.select(File).where(*mine, there).order_by(File.id))):
        if one.removed_at is not None and str(one.id) in o.used and (n == 0 or one.name in named):
            raise Conflict(_("The order's scan, and what moved its deadline, stay with it."))


class Replying(Form):
    reply: Prose = asked(_("Reply"))


@flow.on(
    _("Answer the agency"),
    OrderState.FIXING,
    OrderState.REPLIED,
    form=Replying,
    guards=[all_done, with_file],
    icon="check",
)
def answer(o: Order, form: Replying, x: X) -> None:
    o.reply, o.replied_at = form.reply, x.now
    _serve(o, x)


@flow.on(_("Recheck by the agency"), OrderState.REPLIED, OrderState.RECHECK, form=Form, icon="right")
def recheck(o: Order, form: Form, x: X) -> None:
    """The agency looks again."""


@flow.on(_("Recheck failed"), OrderState.RECHECK, OrderState.FIXING, form=Reason, icon="undo", danger=True)
def failed(o: Order, form: Reason, x: X) -> None:
    o.rechecks += 1
    o.replied_at = None


@flow.on(_("Close the order"), OrderState.RECHECK, OrderState.CLOSED, form=Form, icon="check")
def close(o: Order, form: Form, x: X) -> None:
    o.closed_at = x.now


@flow.adding(
    _("New deadline by the agency"),
    OPEN_ORDER,
    Deferral,
    icon="cal",
    help=_("Attach the agency's document first: each document moves it once."),
)
def defer(o: Order, d: Deferral, x: X) -> None:
    fresh = _fresh(o, x)
    if not fresh:
        raise Conflict(_("Attach the agency's document first."))
    if d.document == o.document:
        raise refuse("document", _("This is the order itself; the agency's new document has a number of its own."))
    if d.document in {one.document for one in x.children(o, Deferral) if one is not d}:
        raise refuse("document", _("This document moved the deadline already."))
    if d.until < o.received_on:
        raise refuse("until", _("The deadline must not lie before the day of receipt."))
    d.before, d.file_name = o.deadline_on, fresh[-1].name[:200]
    o.deadline_on, o.used = d.until, [*o.used, str(fresh[-1].id)]


@flow.adding(_("Record a penalty"), (*OPEN_ORDER, OrderState.CLOSED), Penalty, icon="warn")
def fine(o: Order, p: Penalty, x: X) -> None:
    if p.document in {one.document for one in x.children(o, Penalty) if one is not p}:
        raise refuse("document", _("This penalty is recorded already."))
    o.penalty += p.amount
    if o.penalty > 10**13:
        raise refuse("amount", _("is more than can be kept"))


flow.clock(
    "answer",
    _("Answer to the agency"),
    due=Order.due_by,
    met=Order.replied_at,
    late=Order.late,
    runs=ANSWERING,
    ends=(OrderState.REPLIED, OrderState.RECHECK, OrderState.CLOSED),
    term=lambda o, x: day_end(x, o.site_id, o.deadline_on),
    depends=(Order.deadline_on,),
    owner=Order.owner_id,
    steps=(
        remind(0.0, every=DAY, name="daily"),
        breach(),
        escalating(level=1, name="up"),
        escalating(level=2, after=DAY, name="further_up"),
    ),
    step=answer,
    imports=True,
)


# ---- items ----


class Doing(Form):
    result: Prose = asked(_("Result"))


@items.on(_("Rectified"), ItemState.OPEN, ItemState.DONE, form=Doing, icon="check")
def rectify(i: Item, form: Doing, x: X) -> None:
    i.result, i.done_at = form.result, x.now


@items.on(_("Open again"), ItemState.DONE, ItemState.OPEN, form=Reason, icon="undo", danger=True)
def reopen(i: Item, form: Reason, x: X) -> None:
    order = x.session.get_one(Order, (x.tenant, i.order_id))
    if order.status not in ANSWERING:
        raise Conflict(_("The order was answered with this item; a failed recheck opens it."))
    i.result = i.done_at = None


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 120 else said[:119] + "…"


def of_item(i: Item, x: X) -> Telling:
    order = x.session.get_one(Order, (x.tenant, i.order_id))
    text = f"{order.agency_name or ''} {order.document}\n{i.text}".strip()
    return Telling(_short(i.text), text, severity="major", urgent=True, responsible=i.owner_id)


trigger = Trigger("liaison.item", _("An item of a rectification order"), Item.kind, ("create",), of_item)
