"""Rules against a slow, obvious reference that looks at every minute or day; what cannot be is refused with words; bounds."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dougong import Invalid, Rule
from dougong.scheduling.calendars import Calendar, always
from dougong.timing.moved import words
from dougong.timing.recurrence import FARTHEST
from dougong.timing.rules import ANCHOR, LAST
from dougong.words import load_catalogue, speaking
from hypothesis import given, settings
from hypothesis import strategies as st

from ..cost import begin, cost

load_catalogue("dougong")
HOURS = ((510, 720), (810, 1080))
OFFICE = Calendar("Asia/Shanghai", (HOURS,) * 5 + ((), ()), public=True)
SPARSE = Calendar("Europe/Berlin", ((), (HOURS[0],), (), (), (), (), ()), off=frozenset({dt.date(2025, 4, 1)}))
NIGHT = Calendar("America/New_York", (((1320, 1800),),) * 7)
CALENDARS = (OFFICE, SPARSE, NIGHT, always("Australia/Lord_Howe"), always("UTC"))
DAY = dt.timedelta(days=1)

times = st.lists(
    st.integers(0, 287).map(lambda n: f"{n * 5 // 60:02d}:{n * 5 % 60:02d}"), min_size=1, max_size=4, unique=True
).map(tuple)
closed = st.sampled_from(["as_is", "skip", "next", "previous"])
starting = st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2026, 1, 1))
every = st.sampled_from([1, 1, 2, 3, 6, 12, 17])
of_month = st.one_of(
    st.integers(1, 31).map(lambda day: {"day": day}), st.just({"day": LAST}),
    st.tuples(st.sampled_from([1, 2, 3, 4, LAST]), st.integers(0, 6)).map(lambda n: {"nth": n[0], "weekdays": (n[1],)}),
)  # fmt: skip


@st.composite
def rules(draw: Any) -> Rule:
    common = {"times": draw(times), "every": draw(every), "on_closed": draw(closed), "starting": draw(starting)}
    repeat = draw(st.sampled_from(["daily", "weekly", "monthly", "yearly"]))
    if repeat == "weekly":
        common["weekdays"] = tuple(draw(st.sets(st.integers(0, 6), min_size=1)))
    if repeat in ("monthly", "yearly"):
        common |= draw(of_month)
    if repeat == "yearly":
        longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
        common["month"] = draw(st.integers(1, 12))
        if common.get("day", 0) > longest.get(common["month"], 31):
            common["day"] = LAST
    return Rule(repeat, **common)


# ---- the reference ----


def names(rule: Rule, day: dt.date) -> bool:
    """Whether the rule names this day, said as a person would."""
    start = rule.starting or ANCHOR
    if rule.starting is not None and day < rule.starting:
        return False
    if rule.repeat == "daily":
        return (day - start).days % rule.every == 0
    if rule.repeat == "weekly":
        weeks = ((day - day.weekday() * DAY) - (start - start.weekday() * DAY)).days // 7
        return day.weekday() in rule.weekdays and weeks % rule.every == 0
    months = (day.year - start.year) * 12 + day.month - start.month
    if rule.repeat == "monthly" and months % rule.every:
        return False
    if rule.repeat == "yearly" and (day.month != rule.month or (day.year - start.year) % rule.every):
        return False
    last = months_of.monthrange(day.year, day.month)[1]
    if rule.nth is None:
        return day.day == (last if rule.day == LAST or (rule.day or 0) > last else rule.day)
    fitting = [n for n in range(1, last + 1) if day.replace(day=n).weekday() == rule.weekdays[0]]
    return day.day == (fitting[-1] if rule.nth == LAST else fitting[rule.nth - 1])


def moved(rule: Rule, day: dt.date, calendar: Calendar) -> dt.date | None:
    if rule.on_closed == "as_is" or calendar.is_working_day(day):
        return day
    if rule.on_closed == "skip":
        return None
    for n in range(1, FARTHEST + 1):
        other = day + (n if rule.on_closed == "next" else -n) * DAY
        if calendar.is_working_day(other):
            return other
    return None


def shown(zone: str, day: dt.date, time_of_day: str) -> dt.datetime:
    """The first minute at which the clock on the wall shows this time or, in a gap, the first one after it."""
    wall = dt.datetime.combine(day, dt.time.fromisoformat(time_of_day))
    at = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=15)
    place = ZoneInfo(zone)
    near = wall.replace(tzinfo=place).astimezone(dt.UTC) - dt.timedelta(hours=3)
    at = max(at, near)
    while at.astimezone(place).replace(tzinfo=None) < wall:
        at += dt.timedelta(minutes=1)
    return at


def slow(rule: Rule, after: dt.datetime, until: dt.datetime, calendar: Calendar) -> list[dt.datetime]:
    found = set()
    day = after.date() - (FARTHEST + 2) * DAY
    while day <= until.date() + (FARTHEST + 2) * DAY:
        if names(rule, day) and (real := moved(rule, day, calendar)) is not None:
            found |= {shown(calendar.zone, real, one) for one in rule.times}
        day += DAY
    return sorted(at for at in found if after < at <= until)


moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=dt.UTC))


@settings(max_examples=250)
@given(rules(), moments, st.integers(0, 100), st.sampled_from(CALENDARS))
def test_between_is_what_a_person_would_count(rule: Rule, after: dt.datetime, days: int, calendar: Calendar) -> None:
    until = after + days * DAY
    assert rule.between(after, until, calendar.zone, calendar) == slow(rule, after, until, calendar)


@settings(max_examples=150)
@given(rules(), moments, st.sampled_from(CALENDARS))
def test_the_next_is_the_first_of_those_that_come(rule: Rule, after: dt.datetime, calendar: Calendar) -> None:
    found = rule.following(after, calendar.zone, calendar)
    if found is None:
        assert rule.between(after, after + 800 * DAY, calendar.zone, calendar) == []
        return
    assert rule.between(after, found, calendar.zone, calendar) == [found]


@given(rules(), moments, st.integers(1, 60), st.integers(1, 60))
def test_two_spans_are_one(rule: Rule, after: dt.datetime, first: int, second: int) -> None:
    middle, end = after + first * DAY, after + (first + second) * DAY
    whole = rule.between(after, end, "Asia/Shanghai", OFFICE)
    assert whole == [
        *rule.between(after, middle, "Asia/Shanghai", OFFICE), *rule.between(middle, end, "Asia/Shanghai", OFFICE)
    ]  # fmt: skip


@given(rules())
def test_json_brings_the_same_rule_back_and_words_come_in_both_languages(rule: Rule) -> None:
    assert Rule.from_json(rule.to_json()) == rule
    for language in ("zh", "en"):
        with speaking(language):
            assert "{" not in str(rule.words)


# ---- RFC 5545 ----

PAIRS = [
    ("FREQ=DAILY", Rule.daily("09:00")),
    ("FREQ=DAILY;INTERVAL=3", Rule.daily("09:00", every=3)),
    ("FREQ=WEEKLY;BYDAY=MO,TH", Rule.weekly((0, 3), "09:00")),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", Rule.weekly(6, "09:00", every=2)),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", Rule.monthly("last", "09:00")),
    ("FREQ=MONTHLY;BYDAY=2TU", Rule.monthly((2, "tuesday"), "09:00")),
    ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=15", Rule.monthly(15, "09:00", every=6)),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1", Rule.monthly("last", "09:00")),
    ("FREQ=YEARLY;BYMONTH=6;BYDAY=-1FR", Rule.yearly(6, (-1, "friday"), "09:00")),
    ("FREQ=DAILY;BYMONTH=2;BYDAY=MO;UNTIL=20260209", None),
]


@pytest.mark.parametrize("offset", [0, 1, 40, 367, 1000])
@pytest.mark.parametrize(("text", "same"), PAIRS)
def test_a_written_rule_is_the_one_of_the_editor(text: str, same: Rule | None, offset: int) -> None:
    rule = Rule.rrule(text, "09:00")
    after = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + offset * DAY
    found = rule.between(after, after + 900 * DAY, "Asia/Shanghai", OFFICE)
    if same is not None:
        assert found == same.between(after, after + 900 * DAY, "Asia/Shanghai", OFFICE)
        assert found
    else:
        assert all(at.month == 2 and at.weekday() == 0 for at in found)
        assert all(at < dt.datetime(2026, 2, 10, tzinfo=dt.UTC) for at in found)


def test_a_written_rule_leaves_out_months_without_the_day_as_the_rfc_says() -> None:
    after = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    until = after + 120 * DAY
    written = Rule.rrule("FREQ=MONTHLY;BYMONTHDAY=31", "12:00").between(after, until, "UTC", OFFICE)
    assert [at.month for at in written] == [1, 3]
    typed = Rule.monthly(31, "12:00").between(after, until, "UTC", OFFICE)
    assert [(at.month, at.day) for at in typed] == [(1, 31), (2, 28), (3, 31), (4, 30)]


def test_count_ends_and_needs_a_beginning() -> None:
    rule = Rule.rrule("FREQ=DAILY;COUNT=3", "12:00", starting=dt.date(2026, 3, 1))
    found = rule.between(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2030, 1, 1, tzinfo=dt.UTC), "UTC", OFFICE)
    assert [at.day for at in found] == [1, 2, 3]
    assert rule.following(found[-1], "UTC", OFFICE) is None


def test_shifts_begin_with_the_shifts_of_the_calendar() -> None:
    at = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)
    found = Rule.per_shift().between(at, at + DAY, "America/New_York", NIGHT)
    assert found == [dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)]
    with pytest.raises(Invalid):
        Rule.per_shift("早班").check(at, "America/New_York", NIGHT)


# ---- what cannot be ----

BAD: list[tuple[str, dict[str, Any]]] = [
    ("repeat", {"repeat": "hourly"}),
    ("times", {"repeat": "daily"}),
    ("times.0", {"repeat": "daily", "times": ["25:00"]}),
    ("times", {"repeat": "daily", "times": ["08:00", "08:04"]}),
    ("times", {"repeat": "daily", "times": ["00:00", "23:58"]}),
    ("times", {"repeat": "daily", "times": [f"{h:02d}:{m:02d}" for h in range(24) for m in (0, 20, 40)]}),
    ("times", {"repeat": "shift", "times": ["08:00"]}),
    ("every", {"repeat": "daily", "times": ["08:00"], "every": 0}),
    ("every", {"repeat": "daily", "times": ["08:00"], "every": True}),
    ("weekdays", {"repeat": "weekly", "times": ["08:00"]}),
    ("weekdays", {"repeat": "weekly", "times": ["08:00"], "weekdays": [7]}),
    ("day", {"repeat": "monthly", "times": ["08:00"]}),
    ("day", {"repeat": "monthly", "times": ["08:00"], "day": 32}),
    ("day", {"repeat": "yearly", "times": ["08:00"], "month": 2, "day": 30}),
    ("day", {"repeat": "yearly", "times": ["08:00"], "month": 4, "day": 31}),
    ("month", {"repeat": "yearly", "times": ["08:00"], "day": 3}),
    ("nth", {"repeat": "monthly", "times": ["08:00"], "nth": 5, "weekdays": [1]}),
    ("day", {"repeat": "monthly", "times": ["08:00"], "nth": 1, "weekdays": [1], "day": 3}),
    ("day", {"repeat": "weekly", "times": ["08:00"], "weekdays": [1], "day": 3}),
    ("text", {"repeat": "rrule"}),
    ("text", {"repeat": "rrule", "text": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;COUNT=3;UNTIL=20260101", "starting": "2025-01-01"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;COUNT=3"}),
    ("text", {"repeat": "rrule", "text": "FREQ=MINUTELY"}),
    ("text", {"repeat": "rrule", "text": "FREQ=HOURLY;BYMINUTE=0,3"}),
    ("text", {"repeat": "rrule", "text": "FREQ=SECONDLY"}),
    ("text", {"repeat": "rrule", "text": "FREQ=MINUTELY;INTERVAL=10;BYMONTH=2"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;BYEASTER=0"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;FREQ=DAILY"}),
    ("text", {"repeat": "rrule", "text": "FREQ=WEEKLY;BYDAY=2MO"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;INTERVAL=99999999999999999999"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;UNTIL=yesterday"}),
    ("text", {"repeat": "rrule", "text": "FREQ=DAILY;" * 100}),
    ("starting", {"repeat": "daily", "times": ["08:00"], "starting": "soon"}),
    ("starting", {"repeat": "daily", "times": ["08:00"], "starting": "1066-10-14"}),
    ("on_closed", {"repeat": "daily", "times": ["08:00"], "on_closed": "sulk"}),
    ("colour", {"repeat": "daily", "times": ["08:00"], "colour": "red"}),
    ("times", {"repeat": "daily", "times": "08:00"}),
    ("", {}),
]


@pytest.mark.parametrize(("path", "given_rule"), BAD)
def test_what_cannot_be_is_refused_where_it_stands(path: str, given_rule: dict[str, Any]) -> None:
    begun = begin()
    with pytest.raises(Invalid) as refused:
        Rule.from_json(given_rule or None)
    assert path in [error.path for error in refused.value.errors]
    assert all(str(error.message) for error in refused.value.errors)
    assert cost(begun) < 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
rule_like = st.fixed_dictionaries(
    {"repeat": st.sampled_from(["daily", "weekly", "monthly", "yearly", "shift", "rrule", "x"])},
    optional=dict.fromkeys(
        ("times", "every", "weekdays", "day", "nth", "month", "starting", "text", "shifts"), json_values
    ),
)


@given(rule_like | json_values)
def test_nothing_sent_ends_in_anything_but_a_rule_or_a_refusal(sent: Any) -> None:
    try:
        rule = Rule.from_json(sent)
    except Invalid:
        return
    rule.between(
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 8, tzinfo=dt.UTC), "Asia/Shanghai", OFFICE
    )


parts = st.sampled_from(
    ["FREQ=DAILY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=HOURLY", "INTERVAL=7", "BYMONTH=2", "BYMONTHDAY=29,30", "BYDAY=MO,2TU",
     "BYDAY=FR", "BYSETPOS=-1", "BYHOUR=25", "BYHOUR=9,18", "COUNT=5", "UNTIL=20300101", "WKST=SU", "BYMINUTE=0,30", "X", "="]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(parts, min_size=1, max_size=5).map(";".join))
def test_no_written_rule_takes_long(text: str) -> None:
    begun = begin()
    with suppress(Invalid):
        Rule.rrule(text, starting=dt.date(2026, 1, 1)).following(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC", OFFICE)
    assert cost(begun) < 3


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=7;BYDAY=MO", {}),  # no Monday has this minute
        ("FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=7;BYDAY=MO;COUNT=1000", {}),
        ("FREQ=MINUTELY;INTERVAL=11;BYHOUR=3;BYMINUTE=7;BYDAY=MO;COUNT=1000", {}),
        ("FREQ=MINUTELY;INTERVAL=10;BYMINUTE=1,2,3,4,6,7,8,9", {}),
        ("FREQ=HOURLY;INTERVAL=998;BYHOUR=1,3,5;BYDAY=SU", {}),
        ("FREQ=MINUTELY;INTERVAL=5", {"starting": dt.date(2035, 1, 1)}),
        ("FREQ=MINUTELY;INTERVAL=5", {"starting": dt.date(2066, 1, 1)}),
    ],
)
def test_a_rule_made_to_take_long_does_not(text: str, more: dict[str, Any]) -> None:
    at, begun = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), begin()
    with suppress(Invalid):
        Rule.rrule(text, **{"starting": dt.date(2026, 1, 1), **more}).following(at, "Asia/Shanghai", OFFICE)
    assert cost(begun) < 1


def test_saying_why_days_were_moved_does_not_take_long() -> None:
    rule, at = Rule.rrule("FREQ=MINUTELY;INTERVAL=5", on_closed="next"), dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    begun = begin()
    for n in range(2000):
        words(rule, at + n * dt.timedelta(minutes=5), "Asia/Shanghai", OFFICE)
    assert cost(begun) < 10


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["HOURLY", "MINUTELY"]), st.integers(5, 300), st.sampled_from(["", ";BYDAY=MO,TH", ";BYDAY=SU"]),
    st.sampled_from(["", ";BYHOUR=3,22", ";BYHOUR=7"]), st.sampled_from(["", ";BYMINUTE=0,30", ";BYMINUTE=7"]),
    st.integers(0, 400), st.booleans(),
)  # fmt: skip
def test_hours_and_minutes_are_those_of_the_library(
    freq: str, every: int, days: str, hours: str, minutes: str, offset: int, ours: bool
) -> None:
    text = f"FREQ={freq};INTERVAL={every}{days}{hours}{minutes}"
    start = dt.date(2026, 1, 1) if ours else None
    try:
        rule = Rule.rrule(text, starting=start)
    except Invalid:
        return
    after = dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + offset * dt.timedelta(hours=7)
    whole = text if minutes or freq == "MINUTELY" else f"{text};BYMINUTE=0"
    begin = dt.datetime.combine(start or ANCHOR, dt.time(), dt.UTC)
    expected = rrulestr(whole, dtstart=begin).between(after, after + 40 * DAY)
    assert rule.between(after, after + 40 * DAY, "UTC", OFFICE)[: len(expected)] == expected


def test_a_rule_that_only_falls_on_days_off_is_refused_on_that_calendar() -> None:
    at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    week = (HOURS,) * 5 + ((), ())
    Rule.weekly("sunday", "10:00", on_closed="next").check(at, "UTC", Calendar("UTC", week))
    with pytest.raises(Invalid) as refused:
        Rule.weekly("sunday", "10:00", on_closed="skip").check(at, "UTC", Calendar("UTC", week))
    assert refused.value.errors[0].path == "on_closed"


@pytest.mark.parametrize(
    ("rule", "zh"),
    [
        (Rule.workdays("08:30"), "每个工作日 08:30"),
        (Rule.monthly("last", "18:00", on_closed="previous"), "每月最后一个工作日 18:00"),
        (Rule.per_shift(), "每班开始时"),
        (Rule.monthly(15, "08:00", every=6), "每半年（1、7 月） 15 日 08:00"),
        (Rule.weekly(("monday", "friday"), "09:00"), "每周一、周五 09:00"),
        (Rule.monthly((1, "monday"), "09:00", on_closed="next"), "每月第一个周一 09:00，遇休息日顺延到下一个工作日"),
        (Rule.yearly(2, 29, "09:00"), "每年 2 月 29 日 09:00"),
    ],
)
def test_words(rule: Rule, zh: str) -> None:
    with speaking("zh"):
        assert str(rule.words) == zh


def test_the_next_time_costs_the_same_however_long_ago_the_rule_began() -> None:
    rule = Rule.rrule("FREQ=MINUTELY;INTERVAL=15", starting=dt.date(2000, 1, 1))
    begun = begin()
    for n in range(100):
        rule.following(dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=n), "Asia/Shanghai", OFFICE)
    assert cost(begun) < 2
