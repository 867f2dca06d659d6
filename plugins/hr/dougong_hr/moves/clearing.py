"""A leaver's clearance: what they have on hand over all modules, what they give back, and why the end has to wait."""

from __future__ import annotations

from typing import Any

from dougong import Context, OpenItems, open_items

from ..organisation.records import Employee
from .base import of
from .records import Change


def on_hand(c: Change, x: Context[Any]) -> list[OpenItems]:
    """Open records of the leaver, by kind; none where they have no account."""
    person = of(x, Employee, c.employee_id).person_id
    return open_items(x, person) if person is not None else []


def owed(c: Change, x: Context[Any]) -> list[str]:
    """Keys of what the leaver has not given back or settled."""
    return [key for key in x.settings_of("hr").clearance_items if key not in c.settled]


def unsettled(c: Change, x: Context[Any]) -> bool:
    """Whether anything stands against the end."""
    return bool(owed(c, x) or on_hand(c, x))


__all__ = ["on_hand", "owed", "unsettled"]
