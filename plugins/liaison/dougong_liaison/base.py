"""What the parts of liaison share: the context, forms that several steps ask, reminders before a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dougong import Context, Form, Prose, Step, asked, escalate, overdue, remind, translator

from .settings import Settings

_ = translator("dougong_liaison")
X = Context[Settings]


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def day_end(x: Context[Any], site: UUID, day: dt.date) -> dt.datetime:
    """The last second of a day at a site: what is due on a day is due within it, in its month, its year and its reports."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), x.snapshot.sites.zone(site)).astimezone(dt.UTC)


def before(days: Sequence[int], every: dt.timedelta | None = None) -> list[Step[Any, Any]]:
    """Reminders so many days before, then the breach, and the next level of the line a day later."""
    first = [remind(before=dt.timedelta(days=n), name=f"remind_{n}") for n in sorted(set(days), reverse=True)]
    return [*first, overdue(every=every), escalate(level=1, after=dt.timedelta(days=1), name="up")]
