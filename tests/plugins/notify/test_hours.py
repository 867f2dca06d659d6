"""Quiet hours and times of summaries."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from dougong_notify.hours import Unreadable, clock_times, next_time, quiet_span, quiet_until
from hypothesis import given
from hypothesis import strategies as st

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Chatham", "UTC"])
TIMES = st.times().map(lambda t: f"{t:%H:%M}")
MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC))


@pytest.mark.parametrize("text", ["22:00", "22-7", "25:00-07:00", "22:00-22:00", "a-b", "22:00-07:00-08:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        quiet_span(text)


@pytest.mark.parametrize("text", ["8", "08:00 25:00", "x", "1:00 2:00 3:00 4:00 5:00 6:00 7:00"])
def test_what_are_no_times_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        clock_times(text)


def test_both_ways_of_writing_are_read() -> None:
    assert quiet_span("22：00 至 7:00") == (dt.time(22), dt.time(7))
    assert clock_times("17:30，8:00、8:00") == [dt.time(8), dt.time(17, 30)]
    assert quiet_span(" ") is None


@given(MOMENTS, TIMES, TIMES, ZONES)
def test_quiet_hours_end_in_the_future_within_a_day(now: dt.datetime, begin: str, end: str, zone: str) -> None:
    if begin == end:
        return
    until = quiet_until(now, f"{begin}-{end}", ZoneInfo(zone))
    if until is None:
        return
    assert until.tzinfo is not None
    assert dt.timedelta(hours=-2) < until - now <= dt.timedelta(hours=26)


@given(MOMENTS, st.lists(TIMES, min_size=1, max_size=6), ZONES)
def test_the_next_summary_is_later_and_within_a_day(now: dt.datetime, times: list[str], zone: str) -> None:
    at = next_time(now, ", ".join(times), ZoneInfo(zone))
    assert at is not None
    assert dt.timedelta() < at - now <= dt.timedelta(hours=50)
