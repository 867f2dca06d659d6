"""The clocks on a record's page: how each stands, how much of its span has passed, what happens next, and what was done.

Reads what the clocks remember and what the clockwork has noted; computes nothing that is stored. Steps are told only to those
who may read what colleagues say of the record: whom a company reminds is not for its clients.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ..records import answering, clockmath
from ..records.clocks import Clock, Step
from ..records.tables import ClockStep, History
from ..scheduling.held import calendar_of
from ..timing.clockwork import ACTION
from ..words import Lazy, translator
from . import display
from .views import ClockEvent, Due

if TYPE_CHECKING:
    from uuid import UUID

    from ..access.snapshot import Snapshot
    from ..records.context import Context
    from ..records.record import Record
    from ..records.resource import Deadline
    from .cells_out import Speaker
    from .plans import Plan

_ = translator("dougong")

MOST = 60  # steps that are told of
_HOUR = dt.timedelta(hours=1)
_DUE_AT, _DONE_AT = _("due {when}"), _("done {when}")
_HELD = _("the time on hold does not count")
_WORK = _("{n} working hours left")
_REMIND, _OVERDUE, _UP, _ACT = _("Reminder"), _("Overdue notice"), _("Escalation"), _("Follow-up")
_SAYS = {"remind": _REMIND, "overdue": _OVERDUE, "escalate": _UP, "act": _ACT}
_OWNER = _("whoever answers for it")


class Clocks:
    """The clocks of one record for one reader. :param inner: whether this reader is told of steps."""

    def __init__(
        self, plan: Plan, x: Context[Any], record: Record, speaker: Speaker, zone: ZoneInfo, *, inner: bool
    ) -> None:
        self.plan, self.x, self.record, self.speaker, self.zone, self.inner = plan, x, record, speaker, zone, inner
        self.declared: Mapping[str, Clock[Any, Any]] = plan.resource.flow.clocks if plan.resource.flow else {}
        self.memory: Mapping[str, Any] = getattr(record, "timing", None) or {}
        self.lines: dict[str, Sequence[answering.Level]] = {}

    def dues(self) -> list[Due]:
        """Those that have something to say, in the declared order."""
        return [due for one in self.plan.resource.deadlines if (due := self._due(one)) is not None]

    def _due(self, one: Deadline) -> Due | None:
        record, now = self.record, self.x.now
        due, done = getattr(record, one.due), getattr(record, one.done) if one.done else None
        state = getattr(record, self.plan.resource.state) if self.plan.resource.state else None
        m = self.memory.get(one.name) or {}
        running = not one.states or state in one.states
        paused = bool(one.pauses) and state in one.pauses
        if m.get("on") in (clockmath.RUN, clockmath.HELD):  # a state that may pause it need not
            running, paused = m["on"] == clockmath.RUN, m["on"] == clockmath.HELD
        since = clockmath.moment(m["since"]) if paused and m.get("since") else None
        left = self._working(m, since, due) if since is not None and due is not None else None
        late = bool(one.late and getattr(record, one.late))
        shown = display.deadline(
            due, done, running, now, self.zone, late=late, paused=paused,
            left=left.total_seconds() if left is not None else None,
        )  # fmt: skip
        if due is None or shown.tone == "none":
            return None
        words, moment = (_DUE_AT, due) if done is None else (_DONE_AT, done)
        made = Due(
            str(one.label), shown, str(_HELD) if paused else str(words.format(when=display.short(moment, self.zone, now)))
        )
        if done is None and m.get("span"):
            left = left if since is not None else self._working(m, now, due)
            if left is not None:
                made.passed = min(100, max(0, round(100 - left / _HOUR / m["span"] * 100)))
                if due > now and not paused and left != due - now:  # else the words say it already
                    made.work = str(_WORK.format(n=f"{max(round(left / _HOUR, 1), 0.1):g}"))
        return made

    def _working(self, m: Mapping[str, Any], start: dt.datetime, end: dt.datetime) -> dt.timedelta | None:
        """What lies between on the calendar of this clock; None: it has no length of its own."""
        if not m.get("term"):
            return None
        calendar = clockmath.calendar_of(clockmath.unpack(m["term"]), self.record.site_id, self.x)
        return calendar.between(start, end) if start < end else dt.timedelta()

    # ---- steps ----

    def ahead(self) -> list[ClockEvent]:
        """What the running clocks will do, the first first."""
        found = sorted(self._pending(), key=lambda each: each[0]) if self.inner else []
        return [self._event(at, clock, _says(step, ""), self._level(clock, step)) for at, clock, step in found[:MOST]]

    def _pending(self) -> Iterator[tuple[dt.datetime, Clock[Any, Any], Step[Any, Any]]]:
        for name, clock in self.declared.items():
            m, due = dict(self.memory.get(name) or {}), getattr(self.record, clock.due)
            if m.get("on") != clockmath.RUN or due is None:
                continue
            for at, step in clockmath.pending(clock.steps_for(self.x.settings), m, due, self.record, self.x):
                if step.does != "late":
                    yield at, clock, step

    def behind(self) -> list[ClockEvent]:
        """What the clocks have done, the newest first, and who was told."""
        if not self.inner or not self.declared:
            return []
        kept = (
            sa.select(ClockStep)
            .where(
                ClockStep.tenant_id == self.x.tenant,
                ClockStep.record_kind == self.plan.kind,
                ClockStep.record_id == self.record.id,
            )
            .order_by(ClockStep.at.desc(), ClockStep.id.desc())
            .limit(MOST)
        )
        found = []
        for row in self.x.session.scalars(kept):
            clock = self.declared.get(row.clock)
            name = row.step.partition("@")[0]
            step = next((s for s in clock.steps_for(self.x.settings) if s.name == name), None) if clock else None
            does = step.does if step else name.partition("_")[0]
            if clock is None or does not in _SAYS or (does == "act" and (step is None or step.label is None)):
                continue
            people = "、".join(self.speaker.person(one) for one in row.people)
            found.append(self._event(row.at, clock, _says(step, does), people))
        return found

    def _event(self, at: dt.datetime, clock: Clock[Any, Any], what: Lazy, people: str) -> ClockEvent:
        return ClockEvent(display.short(at, self.zone, self.x.now), at.isoformat(), str(clock.label), str(what), people)

    def _level(self, clock: Clock[Any, Any], step: Step[Any, Any]) -> str:
        """Whom a step will tell, by post: who holds it then shows then."""
        if step.does != "escalate":
            return str(_OWNER) if step.does in ("remind", "overdue") else ""
        if clock.name not in self.lines:
            self.lines[clock.name] = answering.line_of(self.plan.resource, clock, self.record, self.x)
        levels = self.lines[clock.name]
        if not levels:
            return ""
        name = levels[min(step.level, len(levels)) - 1][0]
        role = self.x.snapshot.roles.get(name)
        return str(role.label) if role else name


def only_told(row: History) -> bool:
    """Whether an entry of the history says no more than that a clock told colleagues, or acted by itself."""
    return row.action == ACTION and not row.changes


def standing_left(snapshot: Snapshot, site: UUID, memory: Mapping[str, Any], due: dt.datetime) -> float | None:
    """Seconds of its own working time that a clock still has which stands still; None: it does not say.

    :param memory: what it remembers.
    """
    if not memory.get("since") or not memory.get("term"):
        return None
    since, term = clockmath.moment(memory["since"]), clockmath.unpack(memory["term"])
    calendar = calendar_of(snapshot, site, always=term.always, post=term.post, name=term.calendar or None)
    return calendar.between(since, due).total_seconds() if since < due else 0.0


def _says(step: Step[Any, Any] | None, does: str) -> Lazy:
    """What a step is called. :param does: where it is no longer declared, by its name."""
    if step is not None and step.label is not None:
        return step.label
    return _SAYS[step.does if step is not None else does]


__all__ = ["Clocks", "only_told", "standing_left"]
