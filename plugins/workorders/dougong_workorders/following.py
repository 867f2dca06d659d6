"""How work orders join the loop between modules: what others may open here, and what here may give rise to something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dougong import FollowUp, Telling, Trigger, translator
from dougong import Source as Origin

from .choices import Kind, Source, State, Urgency
from .records import Order
from .relations import X

_ = translator("dougong_workorders")

OTHER = "other"
_NOWHERE = _("See the description")
_RESIDENT = _("{category} (work order {number})")


def fill(telling: Telling, source: Origin, x: X) -> Mapping[str, Any]:
    """Form values of an order for what another module found; the category is the company's ``other``, else its last."""
    categories = list(x.settings_of("workorders").categories)
    first = " ".join(telling.title.split())
    return {
        "nature": Kind.DEFECT.value,
        "urgency": (Urgency.URGENT if telling.urgent else Urgency.NORMAL).value,
        "source": Source.STAFF.value,
        "category": OTHER if OTHER in categories else categories[-1],
        "title": first if len(first) <= 200 else f"{first[:199]}…",
        "statement": telling.text or None,
        "location": telling.location or str(_NOWHERE),
        "location_id": str(telling.location_id) if telling.location_id else None,
    }


def tells(o: Order, x: X) -> Telling:
    """Title and place; of what a resident reported the category alone: the title is their words, the place their home."""
    title, place = o.title, o.location
    if o.source is Source.ONLINE or o.reporter is not None or o.phone is not None:
        entry = x.settings_of("workorders").categories.get(o.category)
        title, place = str(_RESIDENT.format(category=entry.label if entry else o.category, number=o.number)), ""
    return Telling(
        title=title,
        text=o.result or "",
        location_id=o.location_id if place else None,
        location=place,
        severity="major" if o.reworks > 1 else "minor",
        urgent=o.urgency is Urgency.URGENT,
        responsible=o.owner_id,
    )


def costs(o: Order, x: X) -> Telling:
    """What it costs by now: the material used, else the price agreed to. What is cancelled costs what was used."""
    agreed = o.agreed if o.status is not State.CANCELLED else None
    return replace(tells(o, x), amount=o.cost or agreed)


ENDS = ("close", "cancel")
opened = FollowUp("workorders.order", _("Work order"), Order.kind, fill)
failed = Trigger("workorders.rework", _("Work that failed acceptance"), Order.kind, ("rework",), tells, "category")
agreed = Trigger("workorders.agreed", _("A price that was agreed to"), Order.kind, ("agree",), costs, "category", ENDS)
used = Trigger("workorders.used", _("Material that is used"), Order.kind, ("use",), costs, "category", ENDS)
