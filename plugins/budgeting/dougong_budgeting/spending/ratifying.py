"""Emergencies: over a hard stop at once, then ratified by somebody else along the line, or reversed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, Form, Level, Step, Term, escalate, overdue, remind, translator

from .balances import X
from .choices import ActualState
from .posting import flow, reverse
from .records import Actual
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
S = ActualState


def levels(a: Actual, x: X) -> list[Level]:
    """The region; from the company's sum on also its heads."""
    above = a.amount >= x.settings_of("budgeting").ratify_company_from
    heads = ("property_director", "general_manager")
    return [
        Level("region", _("Region"), roles=("regional_director",), state=S.RATIFYING),
        Level("company", _("Company"), roles=heads, state=S.RATIFYING, when=above),
    ]


ratify = flow.approval(
    "ratify",
    _("Emergency spending"),
    sources=(S.RATIFYING, S.REFUSED),
    levels=levels,
    granted=S.POSTED,
    returned=S.REFUSED,
)


@ratify.when_granted
def granted(a: Actual, x: X) -> None:
    a.ratified_at = x.now


@flow.creating
def asked_for(a: Actual, x: X) -> None:
    """An emergency is submitted as it is posted; taken back, it is one that nobody ratified."""
    if a.emergency and a.reversal_of_id is None:
        a.status = S.REFUSED
        a.status = ratify.submit(a, Form(), x) or S.RATIFYING


def waited_for(a: Actual, x: X) -> list[UUID]:
    """Who may sign now."""
    return [one.person for one in ratify.waited_for(a, x)]


def _steps(settings: SpendingSettings) -> list[Step[Actual, SpendingSettings]]:
    return [remind(0.7), overdue(), escalate(0.5)]


# The approval has no clock of its own: the three days go on whatever level it is at, nights and holidays too.
flow.clock(
    "ratifying",
    _("Ratification of emergency spending"),
    due=Actual.ratify_by,
    met=Actual.ratified_at,
    late=Actual.ratify_late,
    runs=S.RATIFYING,
    starts=lambda a, x: a.created_at,
    term=lambda a, x: Term(hours=24 * x.settings.ratify_days, always=True),
    owner=lambda a, x: next(iter(waited_for(a, x)), None),
    steps=_steps,
    step="ratify_agree",
)
flow.clock(
    "reversing",
    _("Reversal of what was not ratified"),
    due=Actual.reverse_by,
    runs=S.REFUSED,
    term=lambda a, x: Term(days=x.settings.reverse_days),
    owner=lambda a, x: next((one.id for one in x.who("finance", a.site_id)), a.created_by),
    steps=_steps,
    step=reverse,
)


def _turn(a: Actual, x: X) -> Iterable[UUID]:
    """Whose turn has just come; posting an emergency submits it."""
    inner = x.with_settings(x.settings_of("budgeting"))
    found = ratify.current(a, inner)
    return waited_for(a, inner) if found is not None and found.row.level_at == x.now else ()


EVENTS = (
    Event(
        f"{Actual.kind}.approval_asked",
        _("Emergency spending waits for my approval"),
        _("To be ratified: {number} {title}"),
        Actual.kind,
        actions=("create", "ratify_submit", "ratify_agree"),
        to=_turn,
        text=_("{title}\n{site} · {status}"),
        urgent=True,
    ),
)
__all__ = ["EVENTS", "levels", "ratify", "waited_for"]
