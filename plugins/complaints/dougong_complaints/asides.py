"""What complaints add to other pages: beside the registration form how long each category may take, as the company
has set it; on the start page the reports that wait for this person's receipt; whom to call while the leaders owe theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Lazy, translator
from dougong.views import Action, AsideCard, Card, Line

from .choices import OPEN
from .flow.escalation import acknowledge, escalate
from .records import Complaint, Escalation
from .relations import MINE
from .settings import Category, Settings
from .timers import local

_ = translator("dougong_complaints")

_HOURS = _("first contact {minutes} min, solved in {hours} h")
_DAYS = _("first contact {minutes} min, solved in {days} working days")


_MOST, _READ = 12, 200
_PATH = "/" + Complaint.kind.replace(".", "/")


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[AsideCard | Card]:
    """Cards for a page."""
    if page == "home":
        return _reports(x)
    if page == f"detail:{Complaint.kind}":
        return _phones(subject, x)
    return _clocks(x) if page == f"form:{Complaint.kind}" else ()


def _reports(x: Context[Any]) -> list[Card]:
    """Reports to this person without a receipt, the first to be due on top; no card where they take none."""
    if x.actor is None or not x.gate.scope(acknowledge.permission):
        return []
    waiting = (
        sa.select(Escalation)
        .where(
            Escalation.tenant_id == x.tenant,
            Escalation.acknowledged_at.is_(None),
            Escalation.told.contains([str(x.actor)]),
        )
        .order_by(Escalation.acknowledge_by.asc().nulls_last(), Escalation.at)
        .limit(_READ)
    )
    reports: dict[UUID, list[Escalation]] = {}  # one receipt acknowledges all reports of a complaint
    for e in x.session.scalars(waiting):
        reports.setdefault(e.parent_id, []).append(e)
    theirs = x.readable(Complaint).where(Complaint.id.in_(reports), Complaint.status.in_(OPEN))
    known = {c.id: c for c in x.session.scalars(theirs)} if reports else {}
    lines = [_report(known[id], several) for id, several in reports.items() if id in known]
    empty = str(_("No report waits for your receipt."))
    return [Card(str(_("Waiting for my receipt")), lines[:_MOST], len(lines), empty=empty)]


def _report(c: Complaint, several: list[Escalation]) -> Line:
    text = " ".join(c.statement.split())
    receipt = Action(str(_("Acknowledge")), f"{_PATH}/{c.id}/do/{acknowledge.name}")
    reasons = dict.fromkeys(" ".join(e.reason.split()) for e in several)
    small = " · ".join([c.number, " ".join(reasons).replace("。 ", "。")])  # what the system wrote in Chinese
    return Line(text if len(text) <= 40 else text[:39] + "…", small, f"{_PATH}/{c.id}", "up", actions=[receipt])


def _phones(c: Complaint, x: Context[Any]) -> list[AsideCard]:
    """Whom to call while the leaders owe their receipt; for those who can report upwards."""
    settings: Settings = x.settings_of("complaints")
    late = c.receipt_by is not None and c.receipt_by <= x.now
    if not late or not settings.phone_list or not x.gate.may(escalate.permission, c.site_id, frozenset({MINE})):
        return []
    when = f"{local(c.receipt_by, c, x):%m-%d %H:%M}" if c.receipt_by else ""
    lines = [Line(one.strip(), icon="phone") for one in settings.phone_list.splitlines() if one.strip()]
    text = str(_("Reported to the company leaders; the receipt was due at {when}.").format(when=when))
    return [AsideCard(str(_("Nobody has acknowledged: please call")), lines=lines, text=text)]


def _clocks(x: Context[Any]) -> list[AsideCard]:
    settings: Settings = x.settings_of("complaints")
    lines = [Line(str(one.label), str(_lengths(one)), icon="clock") for one in settings.categories.values()]
    progress = _("Progress: every {urgent} h if urgent or major, else every {hours} h. Return visit within {visit} h.")
    text = progress.format(
        urgent=f"{settings.progress_urgent_hours:g}",
        hours=f"{settings.progress_hours:g}",
        visit=f"{settings.visit_hours:g}",
    )
    return [AsideCard(str(_("How the clocks run")), lines=lines, text=str(text))]


def _lengths(one: Category) -> Lazy:
    if one.hours is not None:
        return _HOURS.format(minutes=one.first_contact, hours=f"{one.hours:g}")
    return _DAYS.format(minutes=one.first_contact, days=one.days)
