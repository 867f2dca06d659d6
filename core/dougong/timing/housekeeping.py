"""What the core itself contributes to time: its own schedule, and the events of schedules that people are told of."""

from __future__ import annotations

from typing import Any

from ..records.events import Event
from ..words import translator
from . import following, occurrences
from .rules import Rule
from .schedules import Schedule

_ = translator("dougong")

TIDY = Schedule(
    "core.tidy",
    _("Tidy up"),
    occurrences.sweep,
    Rule.daily("03:10"),
    spread=170,
    grace=24 * 60,
    missed="once",
    fixed=frozenset({"*"}),
    hidden=True,
    help=_("Removes what is noted of runs after more than a year."),
)
CONTRIBUTIONS: tuple[Any, ...] = (TIDY,)

__all__ = ["CONTRIBUTIONS", "following"]
