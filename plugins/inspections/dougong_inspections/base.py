"""What the module's code shares: its unit of work, refusals, who walks and who leads."""

from __future__ import annotations

from uuid import UUID

from dougong import Context, Form, Person, Prose, asked, translator
from dougong import refuse as refuse

from .choices import Trade
from .settings import Settings, lead_of

_ = translator("dougong_inspections")

X = Context[Settings]


class Reason(Form):
    reason: Prose = asked(_("Reason"))


class Nothing(Form):
    """A step that asks nothing."""


def leads(x: X, trade: Trade, site: UUID) -> list[Person]:
    """Who leads a trade at a site now; the project manager where nobody does."""
    return x.who(lead_of(trade), site) or x.who("project_manager", site)


def name_of(x: X, person: UUID | None) -> str:
    """A person's name for others of the company."""
    found = x.snapshot.people.get(person) if person else None
    return found.name if found else str(_("somebody"))
