"""The workflow object that the themes of this package hang their transitions on, and what they share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from dougong import Form as Form
from dougong import Prose, Step, Workflow, asked, escalate, overdue, remind, translator
from dougong import refuse as refuse

from ..records import Nonconformity
from ..relations import X as X
from ..settings import CorrectiveSettings

_ = translator("dougong_quality")

flow = Workflow(Nonconformity, Nonconformity.status, CorrectiveSettings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def check_day(path: str, day: dt.date, site: UUID, x: X) -> None:
    """:raises Invalid: the day has passed."""
    if day < x.today(site):
        raise refuse(path, _("has passed already"))


def steps() -> Callable[[CorrectiveSettings], list[Step[Any, CorrectiveSettings]]]:
    """Remind, note the breach, and go up: one level at each point that the company has set."""

    def found(settings: CorrectiveSettings) -> list[Step[Any, CorrectiveSettings]]:
        made: list[Step[Any, CorrectiveSettings]] = []
        if settings.corrective_remind_percent:
            made.append(remind(settings.corrective_remind_percent / 100))
        made.append(overdue())
        for level, percent in enumerate(settings.corrective_escalation, start=1):
            if percent is not None:
                made.append(escalate(percent / 100, level=level))
        return made

    return found
