"""Working calendars: what must hold for every moment, and the days that property managers would check by hand."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from dougong.scheduling import holidays
from dougong.scheduling.calendars import ALWAYS, Calendar, CalendarError, always
from dougong.scheduling.held import calendar_for
from dougong.tenancy.settings import WEEKDAYS, CoreCalendar, CoreSettings, spans
from dougong.words import locale
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")

NEW_YORK = "America/New_York"
LISBON = "Europe/Lisbon"


def own(zone: str = "Asia/Shanghai", **changes: object) -> Calendar:
    return calendar_for(CoreSettings(calendar=CoreCalendar(**changes)), zone)


def night(zone: str) -> Calendar:
    hours = {name: "06:00-09:00, 22:00-06:00" for name in WEEKDAYS if name != "sunday"}
    return own(zone, sunday="", public_holidays=False, **hours)


OFFICE = own()
CALENDARS = [
    OFFICE,
    own(NEW_YORK, public_holidays=False),
    night("Asia/Shanghai"),
    night(NEW_YORK),
    night(LISBON),
    own("Asia/Shanghai", saturday="08:30-12:00", days_off=["2025-03-05"], working_days=["2025-03-09"]),
    Calendar(LISBON, (((90, 150),),) * 7),  # 01:30-02:30, wholly within the hours that change
    Calendar("Pacific/Apia", (((0, 720),),) * 7),  # a zone that once left out a whole day
    Calendar("America/Havana", (((0, 1440),),) * 7, off=frozenset({dt.date(2025, 3, 9)})),  # changes at midnight
    always("Asia/Shanghai"),
]

calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(dt.datetime(2010, 1, 1), dt.datetime(2029, 12, 31), timezones=st.just(dt.UTC))
minutes = st.integers(0, 60_000)
days = st.integers(0, 60)


def at(text: str, zone: str = "Asia/Shanghai") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: dt.datetime, zone: str = "Asia/Shanghai") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


# ---- properties ----


@given(calendars, moments, minutes)
def test_between_gives_back_the_hours(calendar: Calendar, start: dt.datetime, count: int) -> None:
    due = calendar.add(start, hours=count / 60)
    assert calendar.between(start, due) == dt.timedelta(hours=count / 60)
    assert calendar.between(due, start) == -dt.timedelta(hours=count / 60)


@given(calendars, moments, minutes)
def test_it_is_the_earliest_such_moment(calendar: Calendar, start: dt.datetime, count: int) -> None:
    assume(count)
    due = calendar.add(start, hours=count / 60)
    assert calendar.is_working(due - dt.timedelta(microseconds=1))


@given(calendars, moments, minutes, minutes)
def test_adding_in_two_steps_is_adding_at_once(calendar: Calendar, start: dt.datetime, a: int, b: int) -> None:
    assert calendar.add(calendar.add(start, hours=a / 60), hours=b / 60) == calendar.add(start, hours=(a + b) / 60)


@given(calendars, moments, moments, minutes, minutes)
def test_later_or_more_is_never_earlier(
    calendar: Calendar, a: dt.datetime, b: dt.datetime, few: int, many: int
) -> None:
    (a, b), (few, many) = sorted((a, b)), sorted((few, many))
    assert a <= calendar.add(a, hours=few / 60) <= calendar.add(a, hours=many / 60)
    assert calendar.add(a, hours=few / 60) <= calendar.add(b, hours=few / 60)


@given(calendars, moments, minutes)
def test_backwards_is_the_mirror(calendar: Calendar, start: dt.datetime, count: int) -> None:
    assume(count)
    earlier = calendar.add(start, hours=-count / 60)
    assert calendar.between(earlier, start) == dt.timedelta(hours=count / 60)
    assert calendar.is_working(earlier)


@given(calendars, moments, moments, moments)
def test_between_adds_up(calendar: Calendar, a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert dt.timedelta() <= calendar.between(min(a, b), max(a, b)) <= abs(b - a)


@given(calendars, moments)
def test_work_belongs_to_a_working_day(calendar: Calendar, start: dt.datetime) -> None:
    if calendar.is_working(start):
        assert calendar.is_working_day(calendar.business_date(start))


@given(calendars, moments, days)
def test_working_days_end_within_a_working_day(calendar: Calendar, start: dt.datetime, count: int) -> None:
    assume(count)
    due = calendar.add(start, days=count)
    assert due > start
    last = due - dt.timedelta(microseconds=1)
    assert calendar.is_working(due) or calendar.is_working(last)


@given(st.sampled_from([OFFICE, own(NEW_YORK), CALENDARS[5]]), moments, moments, days, days)
def test_working_days_are_monotone(
    calendar: Calendar, a: dt.datetime, b: dt.datetime, few: int, many: int
) -> None:
    (a, b), (few, many) = sorted((a, b)), sorted((few, many))
    assert calendar.add(a, days=few) <= calendar.add(a, days=many)
    assume(few)
    assert calendar.add(a, days=few) <= calendar.add(b, days=few)


@given(moments, days, days)
def test_working_days_add_up(start: dt.datetime, a: int, b: int) -> None:
    once = OFFICE.add(start, days=a + b)
    assert OFFICE.add(OFFICE.add(start, days=a), days=b) == once


@given(moments, st.integers(-60_000, 60_000), st.integers(-60, 60))
def test_always_is_plain_time(start: dt.datetime, count: int, whole: int) -> None:
    assert ALWAYS.add(start, hours=count / 60, days=whole) == start + dt.timedelta(days=whole, hours=count / 60)
    assert ALWAYS.between(start, start + dt.timedelta(minutes=count)) == dt.timedelta(minutes=count)
    assert ALWAYS.is_working(start)


@given(moments, minutes)
def test_the_general_way_agrees_with_the_short_cut_for_always(start: dt.datetime, count: int) -> None:
    halves = Calendar("Europe/Lisbon", (((0, 720), (720, 1440)),) * 7)
    assert not halves.always
    assert halves.add(start, hours=count / 60) == ALWAYS.add(start, hours=count / 60)


@given(st.text(max_size=40))
def test_any_text_is_hours_or_refused(text: str) -> None:
    with suppress(ValidationError):
        CoreCalendar(monday=text)


# ---- days that can be checked by hand ----


def test_three_working_days_from_friday_afternoon_end_on_wednesday_afternoon() -> None:
    assert shown(OFFICE.add(at("2025-03-14 15:00"), days=3)) == "2025-03-19 15:00"


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-03-15 10:00", 1, "2025-03-17 18:00"),  # Saturday: counts from Friday's closing
        ("2025-03-14 07:00", 1, "2025-03-17 08:30"),  # before opening
        ("2025-03-14 21:00", 1, "2025-03-17 18:00"),  # after closing
        ("2025-03-13 12:30", 1, "2025-03-14 13:30"),  # in the lunch break
        ("2025-03-19 15:00", -3, "2025-03-14 15:00"),
        ("2025-03-15 10:00", -1, "2025-03-14 08:30"),
        ("2025-03-15 10:00", 0, "2025-03-15 10:00"),
        ("2025-01-24 15:00", 1, "2025-01-26 15:00"),  # Sunday 26 January 2025 was worked
        ("2025-01-27 15:00", 1, "2025-02-05 15:00"),  # Spring Festival 28 January to 4 February
        ("2025-09-30 15:00", 3, "2025-10-11 15:00"),  # 9, 10 and Saturday 11 October (made up)
        ("2024-02-28 15:00", 2, "2024-03-01 15:00"),  # by way of 29 February
    ],
)
def test_working_days(start: str, days: int, due: str) -> None:
    assert shown(OFFICE.add(at(start), days=days)) == due


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2025-03-14 17:00", 2, "2025-03-17 09:30"),  # over a weekend
        ("2025-03-14 11:00", 2, "2025-03-14 14:30"),  # over lunch
        ("2025-03-14 10:00", 6.5, "2025-03-14 18:00"),  # due at closing, not at the next opening
        ("2025-03-15 10:00", 0.5, "2025-03-17 09:00"),
        ("2024-02-28 17:00", 9, "2024-02-29 18:00"),
        ("2024-02-28 17:00", 10, "2024-03-01 09:30"),
        ("2025-10-11 08:30", 8, "2025-10-11 18:00"),
        ("2025-04-04 10:00", 0.5, "2025-04-07 09:00"),  # 清明
    ],
)
def test_working_hours(start: str, hours: float, due: str) -> None:
    assert shown(OFFICE.add(at(start), hours=hours)) == due


def test_a_night_shift_belongs_to_the_day_on_which_it_began() -> None:
    calendar = night("Asia/Shanghai")
    assert calendar.business_date(at("2025-03-15 03:00")) == dt.date(2025, 3, 14)
    assert calendar.business_date(at("2025-03-15 06:00")) == dt.date(2025, 3, 15)
    assert calendar.business_date(at("2025-03-16 03:00")) == dt.date(2025, 3, 15)  # Sunday itself is off
    assert calendar.business_date(at("2025-03-16 12:00")) == dt.date(2025, 3, 16)
    assert shown(calendar.add(at("2025-03-15 03:00"), days=1)) == "2025-03-16 03:00"


def test_hours_are_real_time_when_clocks_change() -> None:
    calendar = night(NEW_YORK)
    # Clocks went forward on 9 March 2025 at 02:00: the shift from Saturday 22:00 to 06:00 had seven hours.
    shift = at("2025-03-08 22:00", NEW_YORK), at("2025-03-09 06:00", NEW_YORK)
    assert calendar.between(*shift) == dt.timedelta(hours=7)
    assert shown(calendar.add(shift[0], hours=5), NEW_YORK) == "2025-03-09 04:00"
    # And back on 2 November 2024's first Sunday, the 3rd: nine.
    assert calendar.between(at("2024-11-02 22:00", NEW_YORK), at("2024-11-03 06:00", NEW_YORK)) == dt.timedelta(hours=9)
    # Hours that do not exist on that day are not worked.
    early = Calendar(NEW_YORK, (((120, 180),),) * 7)
    assert not early.is_working_day(dt.date(2025, 3, 9))
    assert shown(early.add(at("2025-03-08 02:30", NEW_YORK), hours=1), NEW_YORK) == "2025-03-10 02:30"


def test_a_companys_own_days_go_first() -> None:
    calendar = own(days_off=["2025-03-17"], working_days=["2025-03-16", "2025-10-01"])
    assert shown(calendar.add(at("2025-03-14 15:00"), days=1)) == "2025-03-16 15:00"
    assert shown(calendar.add(at("2025-03-14 15:00"), days=2)) == "2025-03-18 15:00"
    assert calendar.is_working(at("2025-10-01 09:00"))


def test_a_year_without_a_notice_has_its_statutory_holidays() -> None:
    assert holidays.official(2026)
    assert not holidays.official(2028)
    assert OFFICE.is_working_day(dt.date(2028, 9, 29))
    assert not OFFICE.is_working_day(dt.date(2028, 10, 2))
    assert not OFFICE.is_working_day(dt.date(2028, 1, 26))


def test_a_calendar_without_hours_is_refused_in_words() -> None:
    token = locale.set("en")
    try:
        with pytest.raises(ValidationError, match="without a working hour"):
            CoreCalendar(**dict.fromkeys(WEEKDAYS, ""))
        with pytest.raises(CalendarError, match="without a working hour"):
            Calendar("Asia/Shanghai", ((),) * 7)
    finally:
        locale.reset(token)


@pytest.mark.parametrize("hours", ["8", "08:30", "08:30-25:00", "08:60-09:00", "09:00-12:00, 11:00-13:00", "08:00-12:00 and"])
def test_hours_that_cannot_be_read_are_refused(hours: str) -> None:
    with pytest.raises(ValidationError):
        CoreCalendar(monday=hours)


def test_night_hours_must_end_before_the_next_day_begins() -> None:
    with pytest.raises(ValidationError):
        CoreCalendar(sunday="22:00-09:00")
    with pytest.raises(ValidationError):
        CoreCalendar(days_off=[dt.date(2025, 3, 4)], working_days=[dt.date(2025, 3, 4)])


def test_hours_are_kept_as_they_will_be_read() -> None:
    assert CoreCalendar(monday=" 8:30～12:00，13:30—17:30 ").monday == "08:30-12:00, 13:30-17:30"
    assert spans("00:00-24:00") == ((0, 1440),) == spans("00:00-00:00")
    assert spans("22:00-06:00") == ((1320, 1800),)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError):
        own(zone)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: OFFICE.add(at("2025-03-14 15:00"), hours=1e9),
        lambda: OFFICE.add(at("2025-03-14 15:00"), hours=float("nan")),
        lambda: OFFICE.add(at("2025-03-14 15:00"), hours=400_000),
        lambda: OFFICE.add(at("2025-03-14 15:00"), days=100_000),
        lambda: OFFICE.add(at("2025-03-14 15:00"), days=-100_000),
        lambda: OFFICE.between(at("1960-03-14 15:00"), at("2025-03-14 15:00")),
        lambda: OFFICE.add(dt.datetime(1, 1, 1, tzinfo=dt.UTC), hours=1),
        lambda: ALWAYS.is_working(dt.datetime.max.replace(tzinfo=dt.UTC)),
        lambda: ALWAYS.add(at("2025-03-14 15:00"), days=10**12),
    ],
)
def test_what_is_too_far_away_is_an_error_not_a_loop(ask: object) -> None:
    with pytest.raises(CalendarError):
        ask()  # type: ignore[operator]


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.add(dt.datetime(2025, 3, 14), hours=1)


def test_companies_with_equal_settings_share_a_calendar() -> None:
    assert own() is own()
    assert own() is not own(NEW_YORK)
