"""What liaison adds to pages: the way to the calendar and the template, items and permits beside what they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Context, translator
from dougong.views import Action, AsideCard, Line, MenuItem, Progress, Value

from . import calendar, orders, takeover
from .choices import FilingState, ItemState, OrderState
from .records import Contact, Filing, Item, Obligation, Order
from .resources import DUTIES, contact, filing, item, obligation

_ = translator("dougong_liaison")
_SHOWN = 12


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[Any]:
    """Cards, buttons and menu items for a page."""
    query: Any
    if page == "shell" and x.gate.scope(filing.permission("read")):
        return [MenuItem(str(_("Compliance calendar")), calendar.HERE, "cal", group=str(DUTIES))]
    if page == f"list:{Filing.kind}":
        return [Action(str(_("Compliance calendar")), calendar.HERE, "cal")]
    if page == f"list:{Obligation.kind}" and x.gate.scope(obligation.permission("create")):
        return [Action(str(_("Template of obligations")), takeover.HERE, "check")]
    if page == f"detail:{Order.kind}":
        query = x.readable(Item).where(Item.order_id == subject.id).order_by(Item.number).limit(_SHOWN)
        return [*_before_next(subject, x), _card(str(_("Items")), query, item.path, "text", x)]
    if page == f"detail:{Filing.kind}":
        return _to_attach(subject, x)
    if page == f"detail:{Obligation.kind}":
        query = x.readable(Filing).where(Filing.obligation_id == subject.id, Filing.due_on >= x.today(subject.site_id))
        return [_card(str(_("Next filings")), query.order_by(Filing.due_on).limit(_SHOWN), filing.path, "due_on", x)]
    if page == "detail:liaison.agency":
        query = x.readable(Contact).where(Contact.agency_id == subject.id).order_by(Contact.number).limit(_SHOWN)
        return [_card(str(_("Contacts")), query, contact.path, "duty", x)]
    return ()


def _before_next(o: Order, x: Context[Any]) -> list[Progress]:
    """What an order waits for before its next step can be taken."""
    if o.status is OrderState.SIGNED and not x.files(o):
        return [Progress(0, 1, str(_("Attach the scan of the order; then it can be assigned.")), live=False)]
    if o.status is not OrderState.FIXING:
        return []
    found = x.session.scalars(x.readable(Item).where(Item.order_id == o.id).limit(orders.MOST_ITEMS)).all()
    done = sum(one.status is ItemState.DONE for one in found)
    if done < len(found):
        said = _("{done} of {all} items rectified.").format(done=done, all=len(found))
        return [Progress(done, len(found), str(said), str(_("When all are, attach the reply and answer.")), live=False)]
    if not orders.with_file.test(o, x):
        return [
            Progress(1, 1, str(_("All items are rectified: attach the reply; then it can be answered.")), live=False)
        ]
    return []


def _to_attach(f: Filing, x: Context[Any]) -> list[Progress]:
    """The evidence that is missing before a filing can be handed in."""
    there = len(x.files(f)) if f.status is FilingState.PREPARING else int(f.files)
    if there >= int(f.files):
        return []
    said = _("{n} of {all} files of evidence attached: {what}").format(n=there, all=f.files, what=f.evidence or "–")
    return [Progress(there, int(f.files), str(said), live=False)]


def _card(title: str, query: Any, path: str, shown: str, x: Context[Any]) -> AsideCard:
    found = x.session.scalars(query).all()
    lines = []
    for one in found:
        end = Value("tag", str(one.status.label))
        lines.append(Line(str(getattr(one, shown))[:80], one.number, f"{path}/{one.id}", "doc", end))
    return AsideCard(title, lines=lines, text="" if lines else str(_("None yet.")))
