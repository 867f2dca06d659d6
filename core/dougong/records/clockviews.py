"""How the clocks of one record stand at a moment, for pages, papers and programs that show them.

Owns the reading of due fields and memory; words and colours are the web's, filters in SQL are ``clockfilter``'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..words import Lazy
from . import reckoning
from .clocks import NOTHING, Clock
from .record import Record
from .resource import Resource

ClockState = Literal["running", "overdue", "paused", "met", "late", "off"]


@dataclass(frozen=True)
class ClockView:
    """One clock of one record.

    :ivar state: ``running``, ``overdue`` (runs, past its time), ``paused``, ``met`` (in time), ``late`` (met after it was
        overdue), ``off`` (does not run: its states are others, or it came from elsewhere).
    :ivar due: when it is due; of a paused one, when it was when the pause began. :ivar met: when it was met.
    :ivar left: time until it is due by the wall clock, negative once it is over; of a paused one what it had when the pause
        began; None where nothing runs. :ivar share: of the span that has passed, from 0; more than 1 once it is over.
    :ivar was_late: it was overdue once, whatever became of it. :ivar since: when the present pause began.
    :ivar pauses: how often it was paused. :ivar run: how often it was started.
    """

    name: str
    label: Lazy
    state: ClockState
    due: dt.datetime | None = None
    met: dt.datetime | None = None
    left: dt.timedelta | None = None
    share: float | None = None
    was_late: bool = False
    since: dt.datetime | None = None
    pauses: int = 0
    run: int = 0


def running(resource: Resource[Any], record: Record | Mapping[str, Any], now: dt.datetime) -> list[ClockView]:
    """How all clocks of a record stand, in the order of declaration.

    :param record: the record, or its values by field, ``timing`` among them.
    """
    held = record if isinstance(record, Mapping) else record.__dict__
    clocks = resource.flow.clocks.values() if resource.flow else ()
    return [_view(clock, held, (held.get("timing") or {}).get(clock.name, {}), now) for clock in clocks]


def _view(clock: Clock[Any, Any], held: Mapping[str, Any], m: Mapping[str, Any], now: dt.datetime) -> ClockView:
    due, late = held.get(clock.due), bool(held.get(clock.late)) if clock.late else False
    met = held.get(clock.met) if clock.met else None
    if met is None and m.get("met"):
        met = reckoning.moment(m["met"])
    since = reckoning.moment(m["since"]) if m.get("since") else None
    on = m.get("on", reckoning.OFF)
    facts: dict[str, Any] = {"pauses": m.get("n", 0), "run": m.get("run", 0)}
    if met is not None and on not in (reckoning.RUN, reckoning.HELD):
        late = late or (due is not None and met > due)
        return ClockView(clock.name, clock.label, "late" if late else "met", due, met, was_late=late, **facts)
    if due is None or on not in (reckoning.RUN, reckoning.HELD):
        return ClockView(clock.name, clock.label, "off", due, was_late=late, **facts)
    at = since or now
    begins = reckoning.moment(m["from"])
    share = (at - begins) / (due - begins) if due > begins else 1.0
    state: ClockState = "paused" if on == reckoning.HELD else "overdue" if due < now else "running"
    late = late or due - at < NOTHING
    return ClockView(
        clock.name, clock.label, state, due, None, due - at, max(share, 0.0), late, since, **facts
    )  # fmt: skip


__all__ = ["ClockState", "ClockView", "running"]
