"""What stands beside the registration form: how long each category may take, as the company has set it."""

from __future__ import annotations

from typing import Any

from dougong import Context, Lazy, translator
from dougong.views import AsideCard, Line

from .records import Complaint
from .settings import Category, Settings

_ = translator("dougong_complaints")

_HOURS = _("first contact {minutes} min, solved in {hours} h")
_DAYS = _("first contact {minutes} min, solved in {days} working days")


def beside(page: str, x: Context[Any]) -> list[AsideCard]:
    """Cards for a page; none but for the form of a complaint."""
    if page != f"form:{Complaint.kind}":
        return []
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
