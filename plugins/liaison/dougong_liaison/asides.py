"""What liaison adds to pages: the way to the calendar and the template, items and permits beside what they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Context, translator
from dougong.views import Action, AsideCard, Line, MenuItem, Value

from . import calendar, takeover
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
        return [_card(str(_("Items")), query, item.path, "text", x)]
    if page == f"detail:{Obligation.kind}":
        query = x.readable(Filing).where(Filing.obligation_id == subject.id, Filing.due_on >= x.today(subject.site_id))
        return [_card(str(_("Next filings")), query.order_by(Filing.due_on).limit(_SHOWN), filing.path, "due_on", x)]
    if page == "detail:liaison.agency":
        query = x.readable(Contact).where(Contact.agency_id == subject.id).order_by(Contact.number).limit(_SHOWN)
        return [_card(str(_("Contacts")), query, contact.path, "duty", x)]
    return ()


def _card(title: str, query: Any, path: str, shown: str, x: Context[Any]) -> AsideCard:
    found = x.session.scalars(query).all()
    lines = []
    for one in found:
        end = Value("tag", str(one.status.label), one.status.tone)
        lines.append(Line(str(getattr(one, shown))[:80], one.number, f"{path}/{one.id}", "doc", end))
    return AsideCard(title, lines=lines, text="" if lines else str(_("None yet.")))
