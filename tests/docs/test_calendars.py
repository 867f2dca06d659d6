"""The examples of working time are what the calendar answers."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from dougong.scheduling.held import calendar_for
from dougong.tenancy.settings import CoreSettings

from .reading import DOCS

MOMENT = r"(\d{4}-\d\d-\d\d) (\w{3}) (\d\d:\d\d)"
ROW = re.compile(rf"^\| {MOMENT} \| ([\d.]+) (hours|days?) \| {MOMENT} \|", re.M)
HERE = ZoneInfo("Asia/Shanghai")


def moment(day: str, weekday: str, time: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=HERE)
    assert f"{at:%a}" == weekday
    return at


def test_terms_end_as_the_table_says() -> None:
    calendar = calendar_for(CoreSettings(), "Asia/Shanghai")
    rows = ROW.findall((DOCS / "explanation" / "calendars.md").read_text("utf-8"))
    assert len(rows) == 9
    for *begins, count, unit, day, weekday, time in rows:
        term = {"hours": float(count)} if unit == "hours" else {"days": int(count)}
        assert calendar.add(moment(*begins), **term) == moment(day, weekday, time)
