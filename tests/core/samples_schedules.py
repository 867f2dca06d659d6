"""Schedules for tests of their pages and API: one of the company, two of each site, one that fails, one of a fixed rule."""

from __future__ import annotations

from typing import Any

from dougong.errors import Conflict
from dougong.plugins.registry import Registry
from dougong.timing.rules import Rule
from dougong.timing.schedules import Schedule
from dougong.words import translator

_ = translator("dougong_complaints")
RAN: list[str] = []
BROKEN: set[str] = set()


def _ran(name: str) -> Any:
    def run(_x: Any, occurrence: Any) -> None:
        if name in BROKEN:
            raise Conflict("The printer is out of paper.")
        RAN.append(f"{name} {occurrence.nominal:%m-%d %H:%M}")

    return run


SCHEDULES = (
    Schedule("complaints.weekly_letter", _("Weekly letter"), _ran("letter"), Rule.weekly("monday", "10:00"), grace=30),
    Schedule(
        "complaints.rounds", _("Rounds"), _ran("rounds"), Rule.monthly("last", "18:00", on_closed="previous"), scope="site",
        missed="each", retries=1,
    ),
    Schedule(
        "complaints.closing", _("Closing"), _ran("closing"), Rule.daily("23:30"), fixed=frozenset({"rule", "calendar"}),
        window=120, missed="skip",
    ),
)  # fmt: skip


def with_schedules(registry: Registry) -> Registry:
    """A registry in which the module of complaints has these, too."""
    registry.contributions["complaints"] = (*registry.contributions["complaints"], *SCHEDULES)
    registry.jobs.update({job.name: job for one in SCHEDULES for job in one.jobs})
    return registry
