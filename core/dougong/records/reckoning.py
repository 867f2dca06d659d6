"""Reckoning: what a write to a record means for its clocks. Starts, stops, holds and moves them, and says when one acts next.

Owns the memory of clocks (``timing``) and their due times; writes nothing itself but the record's fields, and notes in the
session when the record has to be looked at again (``awaiting`` writes that down). Taking steps is ``timing.clockwork``'s.

A clock's memory, by name of the clock: ``on`` run | held | met | off; ``in`` whether the record's state lets it run or pause;
``run`` how often it was started (or its steps armed anew); ``from`` the moment from which it counts; ``term`` its length;
``key`` what the length goes by; ``span`` working hours of the length; ``held`` pauses that are over, ``since`` the one that is
not, ``n`` how many there were in all, ``sum`` hours of those that are not kept apart any more; ``met`` when it was met; ``done``
steps that were taken, with how often; ``next`` when the next step is due; ``by`` that an entry started it. What is not there
is empty.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..errors import Conflict
from ..scheduling.calendars import CalendarError
from ..words import Lazy, translator
from .clockmath import (
    HELD,
    MET,
    OFF,
    RUN,
    Memory,
    as_term,
    calendar_of,
    compute,
    moment,
    next_of,
    pack,
    rearm,
    stamp,
    upcoming,
)
from .clocks import MEMORY, Clock, Term, remembered
from .history import plain
from .record import Child, Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource
    from .workflow import Transition

_ = translator("dougong")

Moments = list[tuple[type[Child], dt.datetime]]

_OFF: Memory = {"on": OFF}  # as good as nothing, and never changed
TOO_OFTEN = _("“{clock}” has been paused as often as the company allows: {count} times.")


def reckon(resource: Resource[Any], record: Record, x: Context[Any]) -> None:
    """Bring a record's clocks into step with the record as it stands now. Doing it twice is doing it once.

    :raises Conflict: paused too often, or a term that no calendar can answer.
    """
    clocks = resource.flow.clocks if resource.flow else {}
    if not clocks:
        return
    known: Memory | None = getattr(record, MEMORY)
    new = sa.inspect(record).key is None
    state = getattr(record, resource.state) if resource.state else None
    if known is None and (x.imported or not new):
        known = _brought(clocks.values(), _earlier(record, resource, state))
        if x.imported:
            setattr(record, MEMORY, known)
            if not any(clock.imports for clock in clocks.values()):
                return
    added: Moments = x.session.info.get("added", {}).pop((record.kind, record.id), [])
    memory: Memory = {}
    for name, clock in clocks.items():
        m = (known or {}).get(name) or _OFF
        if m == _OFF and not _inside(clock, state):
            memory[name] = m
        else:
            memory[name] = _One(clock, record, x, state, dict(m), added).settle()
    if memory != known:
        setattr(record, MEMORY, memory)
    before, after = next_of(known), next_of(memory)
    if after != before or (new and after) or (after is not None and after <= x.now):
        x.session.info.setdefault("due", {})[(record.kind, record.id)] = after


def _brought(clocks: Any, state: Any) -> Memory:
    """The memory of a record from elsewhere: nothing runs until it comes into a clock's states here."""
    return {c.name: {"on": OFF, **({"in": True} if _inside(c, state) else {})} for c in clocks}


def _earlier(record: Record, resource: Resource[Any], state: Any) -> Any:
    """The state in which the record was before this piece of work, as far as is known."""
    if resource.state is None or sa.inspect(record).key is None:
        return state
    gone = sa.inspect(record).attrs[resource.state].history.deleted
    return gone[0] if gone else state


def _inside(clock: Clock[Any, Any], state: Any) -> bool:
    return not clock.runs or state in clock.runs or state in clock.pauses


class _One:
    """One clock of one record while it is reckoned. ``m`` is its memory, changed as it goes."""

    def __init__(
        self, clock: Clock[Any, Any], record: Record, x: Context[Any], state: Any, memory: Memory, added: Moments
    ) -> None:
        self.clock, self.record, self.x, self.state, self.m = clock, record, x, state, memory
        self.moved = False  # start, length or pauses are others than those the due time was computed from
        self.begun = False
        self.again = [at for kind, at in added if issubclass(kind, clock.again)] if added else []
        self.ended_by = [at for kind, at in added if issubclass(kind, clock.met_by)] if added else []

    # ---- the record's fields ----

    def _get(self, name: str | None) -> Any:
        held = self.record.__dict__  # what is loaded needs no tracing
        return None if name is None else held[name] if name in held else getattr(self.record, name)

    def _set(self, name: str | None, value: Any) -> None:
        if name and self._get(name) != value:
            setattr(self.record, name, value)

    @property
    def met(self) -> dt.datetime | None:
        """When it was met; of a clock without a field for it, as its memory says."""
        if self.clock.met:
            found: dt.datetime | None = self._get(self.clock.met)
            return found
        return moment(self.m["met"]) if self.m.get("met") else None

    # ---- settling ----

    def settle(self) -> Memory:
        if self.m["on"] == RUN:
            self._note()
        was_in = bool(self.m.get("in"))
        if not _inside(self.clock, self.state):
            self._leave()
        elif self.clock.once and not was_in and self.m.get("run"):
            self._forget("in")
        elif self.clock.imports and self.m["on"] == OFF and (was_in or self.x.imported):
            self._take_over()
        elif self.x.imported and (not was_in or self.again):
            self.m["in"] = True  # what comes from a file starts nothing
        elif not was_in or self.again:
            self._start(self.again[-1] if self.again else None)
        elif self.m["on"] in (RUN, HELD) or (self.m["on"] == MET and self.met is None):
            self._follow()
        self._arm()
        return {name: value for name, value in self.m.items() if value}

    def _note(self) -> None:
        """Note a breach before anything moves the due time or ends the clock."""
        due, late = self._get(self.clock.due), self.clock.late
        if due is not None and late and not self._get(late):
            grace = self.clock.grace(self.x.settings)
            if (self.met or self.x.now) > due + grace:
                self._set(late, True)

    def _leave(self) -> None:
        """The record is in no state of this clock."""
        if self.m["on"] in (RUN, HELD):
            if self.state in self.clock.ends or self.met is not None:
                self._meet(self.met or self.x.now)
            else:
                self._stop()
        self._forget("in", "since")

    def _stop(self) -> None:
        self.m["on"] = OFF
        self._set(self.clock.due, None)

    def _meet(self, at: dt.datetime) -> None:
        self._set(self.clock.met, at)
        self.m["on"], self.m["met"] = MET, stamp(at)
        self._forget("since")
        if self.clock.met is None:  # nothing else would say that it runs no more
            self._set(self.clock.due, None)
            return
        due = self._get(self.clock.due)
        if due is not None and self.clock.late and at > due + self.clock.grace(self.x.settings):
            self._set(self.clock.late, True)

    def _start(self, at: dt.datetime | None) -> None:
        """:param at: the moment of the entry that starts it; None: the record came into its states."""
        term = self._term()
        if term is None:
            if self.m["on"] in (RUN, HELD):
                self._stop()
            self._forget("in")
            return
        if self.m.get("met") and self.met == moment(self.m["met"]):
            self._set(self.clock.met, None)
        begins = at or (self.clock.starts(self.record, self.x) if self.clock.starts else None) or self.x.now
        pauses = self.m.get("n", 0)
        self.m = {
            "on": RUN, "in": True, "run": self.m.get("run", 0) + 1, "from": stamp(begins), "n": pauses,
            "by": at is not None,
        }  # fmt: skip
        self.moved = self.begun = True
        self._hold(first=True)
        self._measure(term)
        if self.met is not None or self.ended_by:
            self._meet(self.met or self.ended_by[0])

    def _take_over(self) -> None:
        """Start it for what came from elsewhere, if its due time is still to come; else leave it until it has such a one."""
        known = self.m
        self._start(None)
        due = self._get(self.clock.due)
        if self.m["on"] == RUN and due is not None and due <= self.x.now:
            self._stop()
            self.m = known
        self.m["in"] = True

    def _follow(self) -> None:
        """It was running, or stood still, and goes on unless it was met."""
        if self.met is not None or self.ended_by:
            self._meet(self.met or self.ended_by[0])
            return
        if self.m["on"] == MET:  # the moment was taken back
            self.m["on"] = HELD if self.m.get("since") else RUN
            self._forget("met")
        self._hold(first=False)
        if self.clock.starts and not self.m.get("by"):
            begins = self.clock.starts(self.record, self.x)
            if begins is not None and begins != moment(self.m["from"]):
                self.m["from"], self.moved = stamp(begins), True
        if self.moved or not self.clock.depends or self._key() != self.m.get("key"):
            term = self._term()
            if term is None:
                self._stop()
                self._forget("in", "since")
            else:
                self._measure(term)

    def _hold(self, *, first: bool) -> None:
        """Pause or go on, as the state says."""
        clock, since = self.clock, self.m.get("since")
        stands = self.state in clock.pauses and (clock.pausing is None or clock.pausing(self.record, self.x))
        if stands and since is None:
            most = clock.most_pauses(self.x.settings) if clock.most_pauses else None
            if not first and most is not None and self.m.get("n", 0) >= most:
                raise Conflict(TOO_OFTEN.format(clock=clock.label, count=most), extra={"gate": "guard"})
            self.m.update(since=stamp(self.x.now), n=self.m.get("n", 0) + 1)
        elif not stands and since is not None:
            self.m["held"] = [*self.m.get("held", ()), [since, stamp(self.x.now)]]
            self._forget("since")
            self.moved = True
        self.m["on"] = HELD if stands else RUN

    # ---- lengths ----

    def _term(self) -> Term | None:
        return as_term(self.clock.term(self.record, self.x), self.record, self.x)

    def _key(self) -> list[Any]:
        return [str(self._get("site_id")), *[plain(self._get(name)) for name in self.clock.depends]]

    def _measure(self, term: Term) -> None:
        """Compute the due time where what it goes by is another."""
        key, packed = self._key(), pack(term)
        if not self.moved and packed == self.m.get("term", []) and key == self.m.get("key"):
            return
        self.m["key"], self.m["term"] = key, packed
        try:
            due = compute(self.m, term, calendar_of(term, self.record.site_id, self.x))
        except CalendarError as error:
            raise Conflict(error.words) from error
        if not self.begun and due != self._get(self.clock.due):
            rearm(self.clock, self.m, due, self.record, self.x)
        self._set(self.clock.due, due)

    def _arm(self) -> None:
        """Say when the next step is due."""
        due = self._get(self.clock.due)
        if self.m["on"] != RUN or due is None:
            self._forget("next")
            return
        steps = self.clock.steps_for(self.x.settings)
        try:
            found = upcoming(steps, self.m, due, self.record, self.x)
        except CalendarError as error:
            raise Conflict(error.words) from error
        self.m["next"] = stamp(found) if found else None

    def _forget(self, *names: str) -> None:
        for name in names:
            self.m.pop(name, None)


def paused_out(
    resource: Resource[Any], record: Record, step: Transition[Any, Any, Any], x: Context[Any]
) -> Lazy | None:
    """Why a transition into a pausing state may not be taken: a clock was paused as often as it may be."""
    for clock in resource.flow.clocks.values() if resource.flow and step.to else ():
        if clock.most_pauses is None or clock.pausing is not None or not clock.pauses.issuperset(step.to):
            continue
        m = remembered(record).get(clock.name, {})
        most = clock.most_pauses(x.settings)
        if m.get("on") == RUN and m.get("n", 0) >= most:
            return TOO_OFTEN.format(clock=clock.label, count=most)
    return None


__all__ = ["TOO_OFTEN", "paused_out", "reckon"]
