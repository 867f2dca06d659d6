"""What the flows of the system share: refusals, days at a site, the clock of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from dougong import Context, Form, Prose, Step, asked, escalate, overdue, refuse, remind, translator

from ..documents.settings import months_after
from ..settings import Settings

_ = translator("dougong_quality")
X = Context[Settings]
LEADERS = ("general_manager", "property_director")  # who approve programmes and reviews


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def steps(days: Callable[[Settings], int] = lambda settings: 7) -> Callable[[Settings], list[Step[Any, Settings]]]:
    """Remind so many days before, note the breach, and tell the next level a week later.

    :param days: before the due time; 0: no reminder.
    """

    def found(settings: Settings) -> list[Step[Any, Settings]]:
        before = days(settings)
        first = [remind(before=dt.timedelta(days=before), name="remind")] if before else []
        return [*first, overdue(), escalate(level=1, after=dt.timedelta(days=7), name="up")]

    return found


__all__ = ["LEADERS", "Reason", "Settings", "X", "months_after", "refuse", "steps"]
