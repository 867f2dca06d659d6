"""Periods: where they begin and end, what they are compared with, and days that are not 24 hours long."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from dougong_reports.periods import PERIODS, last_months, named, own, period_of
from hypothesis import given
from hypothesis import strategies as st

D = dt.date
TODAY = D(2026, 3, 31)  # a Tuesday


@pytest.mark.parametrize(
    ("name", "start", "end", "before"),
    [
        ("this-week", D(2026, 3, 30), D(2026, 4, 1), (D(2026, 3, 23), D(2026, 3, 25))),
        ("last-week", D(2026, 3, 23), D(2026, 3, 30), (D(2026, 3, 16), D(2026, 3, 23))),
        ("this-month", D(2026, 3, 1), D(2026, 4, 1), (D(2026, 2, 1), D(2026, 3, 1))),
        ("last-month", D(2026, 2, 1), D(2026, 3, 1), (D(2026, 1, 1), D(2026, 2, 1))),
        ("this-quarter", D(2026, 1, 1), D(2026, 4, 1), (D(2025, 10, 1), D(2025, 12, 30))),
        ("last-quarter", D(2025, 10, 1), D(2026, 1, 1), (D(2025, 7, 1), D(2025, 10, 1))),
        ("this-year", D(2026, 1, 1), D(2026, 4, 1), (D(2025, 1, 1), D(2025, 4, 1))),
        ("last-year", D(2025, 1, 1), D(2026, 1, 1), (D(2024, 1, 1), D(2025, 1, 1))),
    ],
)
def test_named(name: str, start: D, end: D, before: tuple[D, D]) -> None:
    found = named(name, TODAY)
    assert (found.start, found.end) == (start, end)
    assert found.before is not None
    assert (found.before.start, found.before.end) == before


@given(st.dates(D(1995, 1, 1), D(2150, 1, 1)), st.sampled_from(sorted(PERIODS)))
def test_what_it_is_compared_with_lies_before_and_is_no_longer(today: D, name: str) -> None:
    found = named(name, today)
    assert found.before is not None
    assert found.before.start < found.before.end <= found.start < found.end <= today + dt.timedelta(days=1)
    if name.startswith("this"):
        assert found.before.days <= found.days


@given(st.dates(D(1995, 1, 1), D(2150, 1, 1)), st.integers(0, 3000))
def test_an_address_comes_back(first: D, days: int) -> None:
    found = own(first, first + dt.timedelta(days=days))
    [(_name, address)] = found.pairs
    assert period_of(address, "", "", TODAY) == found
    assert period_of("own", first.isoformat(), found.last.isoformat(), TODAY) == found


def test_a_day_of_23_hours_is_a_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = own(D(2026, 3, 29), D(2026, 3, 29)).moments(zone)
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=23)


def test_twelve_months() -> None:
    assert last_months(D(2026, 4, 1)).start == D(2025, 4, 1)
    assert last_months(D(2026, 4, 2)).start == D(2025, 5, 1)
