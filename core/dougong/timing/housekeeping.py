"""What the core itself does every night to what it remembers of time."""

from __future__ import annotations

from typing import Any

from ..records.context import Context
from ..words import translator
from . import following, occurrences
from .rules import Rule
from .schedules import Schedule
from .tables import Occurrence

_ = translator("dougong")


def _tidy(x: Context[Any], _run: Occurrence) -> None:
    """Sweep, and follow: should a due row have been lost, its schedule stands still for a night at most."""
    occurrences.sweep(x)
    following.follow(x, x.tenant)


TIDY = Schedule(
    "core.tidy",
    _("Tidy up"),
    _tidy,
    Rule.daily("03:10"),
    spread=170,
    grace=24 * 60,
    fixed=frozenset({"*"}),
    hidden=True,
    help=_("Removes what is noted of runs after more than a year."),
)

__all__ = ["TIDY"]
