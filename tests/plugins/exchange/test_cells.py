"""Single cells, as spreadsheets spoil them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from dougong.words import speaking
from dougong_exchange import cells
from dougong_exchange.cells import Bad
from hypothesis import given
from hypothesis import strategies as st

SHANGHAI, TODAY = ZoneInfo("Asia/Shanghai"), dt.date(2026, 11, 22)
MOMENTS = st.datetimes(dt.datetime(1955, 1, 1), dt.datetime(2099, 12, 31, 23, 59, 59)).map(
    lambda m: m.replace(microsecond=0)
)
WIDE = str.maketrans("0123456789.,-/:", "０１２３４５６７８９．，－／：")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def read(text: str, **more: object) -> dt.datetime:
    return cells.naive(text, TODAY, zone=SHANGHAI, **{"order": "", "formats": (), **more})  # type: ignore[arg-type]


@given(MOMENTS)
def test_moments_come_back_however_they_are_written(at: dt.datetime) -> None:
    hour = at.hour % 12 or 12
    half = "AM" if at.hour < 12 else "PM"
    written = (
        at.isoformat(),
        at.strftime("%Y-%m-%d %H:%M:%S"),
        f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}:{at.second:02}",
        f"{at.year}年{at.month}月{at.day}日 {at.hour}:{at.minute:02}:{at.second:02}",
        f"{at.year}.{at.month}.{at.day} {hour}:{at.minute:02}:{at.second:02} {half}",
        at.strftime("%Y-%m-%d %H:%M:%S").translate(WIDE),
    )
    for text in written:
        assert read(text) == at, text
    assert read(f"{at.month}/{at.day}/{at.year} {hour}:{at.minute:02}:{at.second:02} {half}", order="mdy") == at
    assert read(f"{at.day}/{at.month}/{at.year} {at.hour}:{at.minute:02}:{at.second:02}", order="dmy") == at


@given(st.integers(20_000, 79_999))
def test_serial_days(days: int) -> None:
    expected = dt.datetime(1899, 12, 30) + dt.timedelta(days=days)
    assert read(str(days)) == expected
    assert read(f"{days}.5") == expected.replace(hour=12)


def test_a_day_without_a_year_is_this_years() -> None:
    assert read("1月5日") == dt.datetime(2026, 1, 5)
    assert read("1月5日 下午3点20分") == dt.datetime(2026, 1, 5, 15, 20)


def test_day_and_month_are_told_apart_or_refused() -> None:
    assert read("12/31/2017 11:59:58 PM") == dt.datetime(2017, 12, 31, 23, 59, 58)
    assert read("31/12/2017") == dt.datetime(2017, 12, 31)
    with pytest.raises(Bad, match="two dates"):
        read("1/2/2026")


@pytest.mark.parametrize(
    "text", ["2026-02-30", "13/13/2026", "abc", "2026-13-40", "99999999", "1", "0001-01-01", "1" * 500]
)
def test_no_dates(text: str) -> None:
    with pytest.raises(Bad):
        read(text)


@given(st.integers(10**10, 10**11 - 1))
def test_phones(number: int) -> None:
    text = str(number)
    spoilt = (
        f"{text[:3]} {text[3:7]} {text[7:]}",
        f"{text}.0",
        text.translate(WIDE),
        f" {text}\u200b",
        f"{number:.10E}",
    )
    for one in spoilt:
        assert cells.phone(cells.tidy(one)) == text, one


@pytest.mark.parametrize("text", ["1.38E+10", "1.3800E+10", "1E10"])
def test_a_shortened_phone_is_refused_not_guessed(text: str) -> None:
    with pytest.raises(Bad, match="lost"):
        cells.phone(text)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_numbers(value: Decimal) -> None:
    for text in (f"{value}", f"{value:,}", f"¥{value:,}", f"{value}".translate(WIDE), f"{value}元"):
        assert cells.number(text) == value, text
    assert cells.fen(f"{value:,}") == int(value * 100)


@pytest.mark.parametrize("text", ["1,23", "nan", "inf", "--1", "1.2.3", "一百", "9" * 30, "=1+1"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(Bad):
        cells.number(text)


@given(st.text(max_size=60))
def test_nothing_is_raised_but_bad(text: str) -> None:
    for made in (cells.number, cells.phone, cells.yes, cells.whole, cells.fen, read):
        with suppress(Bad):
            made(cells.tidy(text))


def test_a_failed_formula_is_named() -> None:
    with pytest.raises(Bad, match="formula"):
        cells.tidy("#REF!")
