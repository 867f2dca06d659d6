"""Random lives of records against a slow, obvious reference: minute by minute, a clock that runs loses a working minute."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from dougong import Term, now
from dougong.records import clockmath, reckoning
from dougong.records.direct import NoSession
from dougong.records.models import fresh
from dougong.scheduling.calendars import ALWAYS, Calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from .errands import Errand, Settings, Size, State, resource

SITE = uuid4()
MINUTE = dt.timedelta(minutes=1)
START = dt.datetime(2026, 2, 12, 0, 0, tzinfo=dt.UTC)  # before the spring festival with its make-up days
DAY = ((540, 720), (780, 1080))
WORKING = Calendar("Asia/Shanghai", (DAY, DAY, DAY, DAY, DAY, (), ()), public=True)


@dataclass
class Work:
    """As much of a context as reckoning needs."""

    now: dt.datetime
    settings: Settings = field(default_factory=Settings)
    session: Any = field(default_factory=NoSession)
    imported: bool = False

    def calendar(self, _site: Any, *, always: bool = False, **_more: Any) -> Calendar:
        return ALWAYS if always else WORKING


@dataclass
class Slow:
    """The reference: what is left of the resolution's clock, in minutes, and whether it was ever past it while it ran."""

    at: dt.datetime
    left: int
    always: bool
    state: State = State.NEW
    late: bool = False

    def advance(self, minutes: int) -> None:
        for _count in range(minutes):
            runs = self.state in (State.NEW, State.DOING)
            if runs and (self.always or WORKING.is_working(self.at)):
                self.left -= 1
                self.late = self.late or self.left < 0
            self.at += MINUTE

    def due(self) -> dt.datetime:
        """Where the last working minute ends, going forth or back from now."""
        at, left = self.at, self.left
        while left > 0:
            left -= self.always or WORKING.is_working(at)
            at += MINUTE
        while left < 0:
            at -= MINUTE
            left += self.always or WORKING.is_working(at)
        return at


MOVES = st.tuples(
    st.sampled_from(["begin", "hold", "resume", "size", "nothing"]), st.integers(min_value=1, max_value=2500)
)


@settings(max_examples=120, deadline=None)
@given(st.lists(MOVES, min_size=1, max_size=8), st.booleans(), st.integers(min_value=0, max_value=2880))
def test_due_times_are_those_of_the_slow_reference(moves: list[tuple[str, int]], always: bool, first: int) -> None:
    begun = START + first * MINUTE
    work = Work(begun, Settings(pauses=100))
    record = fresh(Errand, {"id": uuid4(), "site_id": SITE, "round_the_clock": always, "created_at": begun})
    reckon(record, work)
    slow = Slow(begun, 8 * 60, always)
    for move, minutes in moves:
        slow.advance(minutes)
        work.now = slow.at
        if move == "begin" and slow.state is State.NEW:
            slow.state = State.DOING
        elif move == "hold" and slow.state in (State.NEW, State.DOING):
            slow.state = State.HELD
        elif move == "resume" and slow.state is State.HELD:
            slow.state = State.DOING
        elif move == "size":
            larger = record.size is Size.SMALL
            record.size = Size.LARGE if larger else Size.SMALL
            slow.left += 480 if larger else -480
        record.status = slow.state
        reckon(record, work)
        if slow.state is not State.HELD:
            assert record.due is not None
            # The same instant, counted in the calendar's time: closing and next opening are one.
            assert between(record.due, slow.due(), always) == dt.timedelta()
    if slow.state is not State.HELD and move != "size":
        assert record.late == slow.late or slow.left == 0 or any(name == "size" for name, _m in moves)


def between(one: dt.datetime, other: dt.datetime, always: bool) -> dt.timedelta:
    return (ALWAYS if always else WORKING).between(one, other)


def reckon(record: Errand, work: Work) -> None:
    reckoning.reckon(resource, record, work)  # type: ignore[arg-type]
    before = dict(record.timing or {})
    reckoning.reckon(resource, record, work)  # type: ignore[arg-type]
    assert record.timing == before  # twice is once


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=4000), min_size=1, max_size=60), st.booleans())
def test_however_often_it_is_paused_no_minute_is_lost(spans: list[int], always: bool) -> None:
    """More pauses than are kept apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clockmath, "MOST_HELD", 3)
        _paused_often(spans, always)


def _paused_often(spans: list[int], always: bool) -> None:
    work = Work(START)
    record = fresh(Errand, {"id": uuid4(), "site_id": SITE, "round_the_clock": always, "size": Size.LARGE})
    work.settings.pauses = 1000
    reckon(record, work)
    before = record.due
    assert before is not None
    held = dt.timedelta()
    calendar = ALWAYS if always else WORKING
    for count, minutes in enumerate(spans):
        later = work.now + (minutes if record.status is State.HELD else minutes % 10) * MINUTE  # it is never late
        if record.status is State.HELD:
            held += calendar.between(work.now, later)
        work.now = later
        record.status = State.DOING if record.status is State.HELD else State.HELD
        reckon(record, work)
        assert (count % 2 == 0) == (record.status is State.HELD)
        assert len((record.timing or {})["resolution"].get("held", ())) <= 3
    assert not record.late
    if record.status is not State.HELD:
        assert record.due is not None
        assert calendar.between(before, record.due) == held


@pytest.mark.parametrize("always", [True, False])
def test_a_leap_day_and_a_year_are_counted(always: bool) -> None:
    calendar = ALWAYS if always else WORKING
    memory: dict[str, Any] = {"from": clockmath.stamp(dt.datetime(2028, 2, 29, 1, 0, tzinfo=dt.UTC))}
    due = clockmath.compute(memory, Term(days=1, always=always), calendar)
    assert due == dt.datetime(2028, 3, 1, 1, 0, tzinfo=dt.UTC)


def test_memory_is_what_json_gives_back() -> None:
    for term in (Term(), Term(hours=1.5), Term(days=3, post="guard"), Term(calendar="night"), Term(until=now())):
        assert clockmath.unpack(clockmath.pack(term)) == term
