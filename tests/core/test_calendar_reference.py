"""Calendars against a slow, obvious reference that walks time minute by minute, where time is hardest: shifts that overlap,
nights, clocks that are set forward and back, make-up days, days of one's own, leap days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import chinese_calendar
from dougong.scheduling.calendars import Calendar
from dougong.scheduling.held import calendar_for
from dougong.tenancy.hours import WEEKDAYS, NamedCalendar
from dougong.tenancy.settings import CoreSettings
from hypothesis import assume, given, settings
from hypothesis import strategies as st

DAY = 1440
MINUTE = dt.timedelta(minutes=1)
# Zone and day round which a window lies: where clocks change (by an hour, by half an hour, at midnight, over midnight, by
# a whole day), where China makes up, where a leap day is.
PLACES = [
    ("Asia/Shanghai", dt.date(2025, 1, 26)),
    ("Asia/Shanghai", dt.date(2025, 10, 9)),
    ("Asia/Shanghai", dt.date(2026, 2, 20)),
    ("Asia/Shanghai", dt.date(2024, 2, 28)),
    ("America/New_York", dt.date(2025, 3, 9)),
    ("America/New_York", dt.date(2024, 11, 3)),
    ("Europe/Lisbon", dt.date(2025, 10, 26)),
    ("Australia/Lord_Howe", dt.date(2025, 4, 6)),
    ("America/Havana", dt.date(2025, 3, 9)),
    ("America/St_Johns", dt.date(2010, 11, 7)),
    ("Pacific/Apia", dt.date(2011, 12, 30)),
    ("America/Sao_Paulo", dt.date(2018, 2, 18)),
]
BEFORE, AFTER = 5, 6  # days of a window
few = settings(max_examples=30, deadline=None)


@dataclass(frozen=True)
class ShiftOf:
    """Minutes from the midnight of its day; weekdays from 0."""

    spans: tuple[tuple[int, int], ...]
    days: tuple[int, ...]


@dataclass(frozen=True)
class Slow:
    """What the rules say, read minute by minute. A local clock that is set back does not undo what it has shown: hours
    begin when it first shows their time."""

    zone: str
    around: dt.date
    shifts: tuple[ShiftOf, ...]
    public: bool
    off: frozenset[dt.date]
    on: frozenset[dt.date]

    @cached_property
    def calendar(self) -> Calendar:
        shifts = []
        for number, one in enumerate(self.shifts):
            hours = ", ".join(written(*span, first=not place) for place, span in enumerate(one.spans))
            shifts.append({"name": str(number), "hours": hours, "days": [WEEKDAYS[day] for day in one.days]})
        own = {"public_holidays": self.public, "days_off": self.off, "working_days": self.on}
        made = NamedCalendar.model_validate({"name": "x", "kind": "shifts", "shifts": shifts, **own})
        return calendar_for(CoreSettings(calendars={"x": made}), self.zone, "x")

    def turns(self, day: dt.date) -> list[tuple[int, ShiftOf]]:
        weekday = day.weekday()
        if day in self.off:
            return []
        if day in self.on or (self.public and day in chinese_calendar.workdays):
            if not any(weekday in one.days for one in self.shifts):
                weekday = min(d for one in self.shifts for d in one.days)
        elif self.public and day in chinese_calendar.holidays:
            return []
        return [(n, one) for n, one in enumerate(self.shifts) if weekday in one.days]

    def spans(self, day: dt.date) -> list[tuple[int, int]]:
        return [span for _n, one in self.turns(day) for span in one.spans]

    @cached_property
    def cells(self) -> list[tuple[dt.datetime, dt.datetime, bool, dt.date]]:
        """(minute in UTC, the latest that the local clock has shown, worked, business date)."""
        found, today = [], dt.date.min
        for at, shown, minute, local in minutes_of(self.zone, self.around):
            if shown.date() != today:
                today, yesterday = shown.date(), shown.date() - dt.timedelta(days=1)
                earlier, own = self.spans(yesterday), self.spans(today)
                over = max((b for _a, b in earlier), default=0)
                turns = [one.spans for _n, one in self.turns(yesterday)]
            if any(a <= minute + DAY < b for a, b in earlier) or any(a <= minute < b for a, b in own):
                found.append((at, shown, True, yesterday if minute + DAY < over else today))
            else:
                inside = any(spans[0][0] <= minute + DAY < spans[-1][1] for spans in turns)
                found.append((at, shown, False, yesterday if inside else local))
        return found

    def reading(self, day: dt.date, minute: int) -> dt.datetime | None:
        """The moment at which the local clock first shows a time or more; None outside the window."""
        wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
        if self.cells[0][1] >= wall:
            return None
        return next((at for at, shown, _w, _d in self.cells if shown >= wall), None)

    def add(self, start: dt.datetime, left: dt.timedelta) -> dt.datetime | None:
        for at, _shown, worked, _date in self.cells:
            begin = max(at, start)
            if worked and at + MINUTE > start:
                if at + MINUTE - begin >= left:
                    return begin + left
                left -= at + MINUTE - begin
        return None

    def add_days(self, start: dt.datetime, count: int) -> dt.datetime | None:
        [first] = [day for at, _s, _w, day in self.cells if at == start]
        days = sorted({day for _at, _s, worked, day in self.cells if worked})
        wall = start.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) - dt.datetime.combine(first, dt.time())
        minute = int(wall.total_seconds() // 60)
        before = [day for day in days if day <= first]
        if not before:
            return None
        if before[-1] != first:
            minute = 2 * DAY
        last = days.index(before[-1]) + count
        if last + 1 >= len(days):
            return None
        own = [at for at, _s, worked, day in self.cells if worked and day == days[last]]
        wanted = self.reading(days[last], minute)
        if wanted is None or wanted > own[-1] + MINUTE:
            return own[-1] + MINUTE
        if wanted - MINUTE in own:
            return wanted
        return next((at for at in own if at >= wanted), own[-1] + MINUTE)


@lru_cache(maxsize=len(PLACES))
def minutes_of(zone: str, around: dt.date) -> list[tuple[dt.datetime, dt.datetime, int, dt.date]]:
    """(minute in UTC, the latest that the local clock has shown, that in minutes of its day, the date it shows now)."""
    at = dt.datetime.combine(around - dt.timedelta(days=BEFORE + 1), dt.time(), dt.UTC)
    shown, found, there = dt.datetime.min, [], ZoneInfo(zone)
    for _n in range((BEFORE + AFTER + 2) * DAY):
        local = at.astimezone(there).replace(tzinfo=None)
        shown = max(shown, local)
        found.append((at, shown, shown.hour * 60 + shown.minute, local.date()))
        at += MINUTE
    return found


def written(start: int, end: int, *, first: bool) -> str:
    opens = start if first else start % DAY
    closes = end % DAY or DAY
    return f"{opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}"


@st.composite
def shift(draw: st.DrawFn) -> ShiftOf:
    start = draw(st.sampled_from([0, 90, 120, 360, 480, 485, 840, 960, 1320, 1380, 1439, 1440]) | st.integers(0, 1440))
    end = start + draw(st.sampled_from([60, 240, 480, 495, 720, 1440]) | st.integers(1, 1440))
    spans: tuple[tuple[int, int], ...] = ((start, end),)
    if end - start >= 4 and draw(st.booleans()):
        a = draw(st.integers(start + 1, end - 2))
        b = draw(st.integers(a + 1, min(end - 1, a + 720)))
        spans = ((start, a), (b, end))
    usual = st.sampled_from([(0, 1, 2, 3, 4), tuple(range(7)), (5, 6), (0,)])
    days = draw(usual | st.sets(st.integers(0, 6), min_size=1).map(tuple))
    return ShiftOf(spans, tuple(sorted(days)))


@st.composite
def slow(draw: st.DrawFn) -> Slow:
    zone, around = draw(st.sampled_from(PLACES))
    near = st.integers(-BEFORE, AFTER).map(lambda n: around + dt.timedelta(days=n))
    off = draw(st.frozensets(near, max_size=3))
    on = draw(st.frozensets(near, max_size=2)) - off
    return Slow(zone, around, tuple(draw(st.lists(shift(), min_size=1, max_size=4))), draw(st.booleans()), off, on)


starts = st.integers(DAY, (BEFORE + AFTER) * DAY)
seconds = st.sampled_from([0, 0, 1, 30, 59])


@few
@given(slow(), st.lists(st.tuples(starts, seconds, st.integers(1, 6000)), min_size=4, max_size=4), st.integers(1, 4))
def test_the_calendar_says_what_the_minutes_say(one: Slow, asked: list[tuple[int, int, int]], days: int) -> None:
    calendar, cells = one.calendar, one.cells
    for number, second, minutes in asked:
        at, _shown, worked, date = cells[number]
        start, term = at + dt.timedelta(seconds=second), dt.timedelta(minutes=minutes)
        assert calendar.is_working(start) == worked
        assert calendar.business_date(start) == date
        due = one.add(start, term)
        if due is not None:
            assert calendar.add(start, hours=minutes / 60) == due
            assert calendar.between(start, due) == term
        expected = one.add_days(at, days)
        if expected is not None:
            assert calendar.add(at, days=days) == expected


@few
@given(slow())
def test_every_boundary_of_a_window(one: Slow) -> None:
    """Every minute at which work begins or ends, the one before and the one after."""
    calendar, cells = one.calendar, one.cells[DAY:-DAY]
    for (_a, _s, before, _d), (at, _shown, worked, date) in pairwise(cells):
        if before != worked:
            assert calendar.is_working(at) == worked
            assert calendar.is_working(at - dt.timedelta(microseconds=1)) == before
            assert calendar.business_date(at) == date
    total = sum(worked for _at, _s, worked, _d in cells)
    assert calendar.between(cells[0][0], cells[-1][0] + MINUTE) == total * MINUTE


@few
@given(slow(), st.integers(-3, 3))
def test_shifts_begin_and_end_when_the_clock_shows_it(one: Slow, ahead: int) -> None:
    day = one.around + dt.timedelta(days=ahead)
    expected = []
    for number, turn in one.turns(day):
        opens, closes = one.reading(day, turn.spans[0][0]), one.reading(day, turn.spans[-1][1])
        assert opens
        assert closes
        if opens < closes:
            expected.append((str(number), opens, closes))
    assert sorted(one.calendar.shifts(day)) == sorted(expected)
    assert [opens for _n, opens, _c in one.calendar.shifts(day)] == sorted(opens for _n, opens, _c in expected)
    assume(expected)


@few
@given(slow(), starts)
def test_work_inside_a_shift_has_its_day(one: Slow, number: int) -> None:
    at, _shown, worked, date = one.cells[number]
    if worked:
        held = [one.calendar.shifts(date + dt.timedelta(days=n)) for n in (0, 1)]
        assert any(opens <= at < closes for shifts in held for _name, opens, closes in shifts)


def test_hours_that_begin_while_the_clock_is_set_back_over_midnight() -> None:
    """St John's set its clocks back at 00:01 until 2011: the hour after the first midnight shows the day before again."""
    one = Slow("America/St_Johns", dt.date(2010, 11, 7), (ShiftOf(((0, 480),), (6,)),), False, frozenset(), frozenset())
    zone = ZoneInfo("America/St_Johns")
    again = dt.datetime(2010, 11, 6, 23, 30, tzinfo=zone, fold=1).astimezone(dt.UTC)
    assert one.calendar.is_working(again)
    assert one.calendar.business_date(again) == dt.date(2010, 11, 7)
    assert one.calendar.add(again, hours=-0.25) == again - 15 * MINUTE
    assert next(worked for at, _s, worked, _d in one.cells if at == again)
