"""Every figure equals a slow recount over what its reader may see, and opens a list of exactly its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .conftest import NOW, World
from .recount import Slow

ZONE = ZoneInfo("Asia/Shanghai")
SPAN = {"period": "2025-12-01..2026-03-18"}
START, END = dt.datetime(2025, 12, 1, tzinfo=ZONE), dt.datetime(2026, 3, 19, tzinfo=ZONE)
READERS = ("gm", "region", "manager", "engineer", "manager_s")
REPORTS = ("handling", "clocks", "causes", "escalations")


def key_of(by: str) -> Callable[[Any], str | None]:
    def local(c: Any) -> dt.date:
        return c.registered_at.astimezone(ZONE).date()  # type: ignore[no-any-return]

    def stored(c: Any) -> str | None:
        value = getattr(c, by)
        return None if value is None else str(getattr(value, "value", value))

    ways: dict[str, Callable[[Any], str | None]] = {
        "site": lambda c: str(c.site_id),
        "day": lambda c: local(c).isoformat(),
        "week": lambda c: (local(c) - dt.timedelta(days=local(c).weekday())).isoformat(),
        "month": lambda c: local(c).replace(day=1).isoformat(),
    }
    return ways.get(by, stored)


def check(slow: Slow, told: dict[str, Any], rows: list[Any]) -> None:
    counted = slow.figures(rows)
    for name, figure in told.items():
        if name == "density":
            continue
        n, value = counted[name]
        assert figure["rows"] == n, name
        assert figure["value"] == (pytest.approx(value) if value is not None else None), name


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("person", READERS)
def test_totals(world: World, person: str, name: str) -> None:
    slow = Slow(world.anhe, person)
    told = world.report(person, f"complaints/{name}", **SPAN)
    check(slow, told["total"], slow.within(START, END))
    days = (END - START).days
    check(slow, told["before"], slow.within(START - dt.timedelta(days=days), START))


@pytest.mark.parametrize("by", ["category", "site", "channel", "severity", "owner_id", "month", "week"])
@pytest.mark.parametrize("person", READERS)
def test_groups(world: World, person: str, by: str) -> None:
    slow, key = Slow(world.anhe, person), key_of(by)
    told = world.report(person, by=by, **SPAN)
    rows = slow.within(START, END)
    seen = {g["key"]: g for g in told["groups"]}
    assert {key(c) for c in rows} == {k for k, g in seen.items() if g["figures"]["volume"]["value"]}
    for group in told["groups"]:
        check(slow, group["figures"], [c for c in rows if key(c) == group["key"]])
    if by in ("month", "week"):
        assert [g["key"] for g in told["groups"]] == sorted(seen)


@pytest.mark.parametrize("by", ["category", "site", "area", "building", "owner_id", "month", "week", "severity"])
@pytest.mark.parametrize("person", ["region", "engineer"])
def test_a_figure_opens_exactly_its_rows(world: World, person: str, by: str) -> None:
    told = world.report(person, by=by, **SPAN)
    opened = 0
    for group in told["groups"]:
        for name, link in group["records"].items():
            found = world.listed(person, link)
            assert len(found) == len(set(found)) == group["figures"][name]["rows"], (name, group["label"], link)
            opened += len(found)
    assert opened


@pytest.mark.parametrize(("name", "by"), [("causes", "cause"), ("escalations", "urgency")])
def test_figures_of_the_other_reports_open_too(world: World, name: str, by: str) -> None:
    told = world.report("gm", f"complaints/{name}", by=by, category=["noise", "parking"], **SPAN)
    for group in told["groups"]:
        for measure, link in group["records"].items():
            assert len(world.listed("gm", link)) == group["figures"][measure]["rows"], link


def test_areas_and_buildings_hold_all_rows(world: World) -> None:
    slow = Slow(world.anhe, "gm")
    rows = slow.within(START, END)
    areas = world.report("gm", by="area", **SPAN)["groups"]
    by_slug = {world.anhe.sites[s]: ("south" if s == "s1" else "north") for s in ("n1", "n2", "s1")}
    wanted = Counter(str(world.anhe.sites[by_slug[c.site_id]]) for c in rows)
    assert {g["key"]: g["figures"]["volume"]["value"] for g in areas if g["figures"]["volume"]["value"]} == wanted
    buildings = world.report("gm", by="building", **SPAN)["groups"]
    assert sum(g["figures"]["volume"]["value"] for g in buildings) == len(rows)
    labels = {g["label"].partition(" ")[0] for g in buildings if g["key"]}
    assert labels == {"1号楼", "大门"}  # floors and rooms count for their building


def test_households_count_once_and_only_where_known(world: World) -> None:
    rows = Slow(world.anhe, "gm").within(START, END)
    housed = [c for c in rows if c.site_id != world.anhe.sites["s1"]]
    told = world.report("gm", by="site", **SPAN)
    density = told["total"]["density"]
    assert (density["rows"], density["value"]) == (len(housed), pytest.approx(len(housed) * 1000 / 240))
    by_site = {g["key"]: g["figures"]["density"]["value"] for g in told["groups"]}
    n1 = [c for c in rows if c.site_id == world.anhe.sites["n1"]]
    assert by_site[str(world.anhe.sites["n1"])] == pytest.approx(len(n1) * 1000 / 120)
    assert by_site[str(world.anhe.sites["s1"])] is None
    assert len(world.listed("gm", next(g for g in told["groups"] if g["label"] == "n1")["records"]["density"])) == len(
        n1
    )
    assert (
        world.report("engineer", **SPAN)["total"]["density"]["value"] is None
    )  # their part of a site has no households


def test_a_site_and_filters_narrow(world: World) -> None:
    slow = Slow(world.anhe, "gm")
    told = world.report("gm", site="n1", category="noise", channel=["phone", "online"], **SPAN)
    rows = [
        c for c in slow.within(START, END)
        if c.site_id == world.anhe.sites["n1"] and c.category == "noise" and c.channel.value in ("phone", "online")
    ]  # fmt: skip
    assert told["total"]["volume"]["value"] == len(rows) > 0
    [group] = told["groups"]
    assert len(world.listed("gm", group["records"]["volume"])) == len(rows)


def test_the_accused_is_in_nobodys_figures_below(world: World) -> None:
    hidden = [c for c in Slow(world.anhe, "gm").rows if c.against_id == world.anhe.people["manager"]]
    own = Slow(world.anhe, "manager")
    at_site = [c for c in hidden if c.site_id == world.anhe.sites["n1"]]
    assert at_site
    assert not {c.id for c in own.rows} & {c.id for c in at_site}
    told = world.report("manager", **SPAN)
    assert told["total"]["volume"]["value"] == len(own.within(START, END))


def test_the_other_company_counts_its_own(world: World) -> None:
    told = (
        world.api("manager", world.jinxiu)
        .api("GET", "/reports/complaints/handling?period=2025-12-01..2026-03-18")
        .json()
    )
    assert told["total"]["volume"]["value"] == len(Slow(world.jinxiu, "manager").within(START, END))
    assert told["total"]["volume"]["value"] != world.report("manager", **SPAN)["total"]["volume"]["value"]


def test_months_begin_in_the_companys_zone(world: World) -> None:
    """The last hour of a month by Greenwich is the next month's first morning in Shanghai."""
    slow = Slow(world.anhe, "gm")
    told = world.report("gm", by="month", period="2026-02-01..2026-02-28")
    start, end = dt.datetime(2026, 2, 1, tzinfo=ZONE), dt.datetime(2026, 3, 1, tzinfo=ZONE)
    assert told["total"]["volume"]["value"] == len(slow.within(start, end))
    assert [g["key"] for g in told["groups"]] == ["2026-02-01"]


def test_nothing_is_divided_by_nothing(world: World) -> None:
    told = world.report("gm", period="2020-01-01..2020-01-31")
    assert told["groups"] == []
    assert {n: f["value"] for n, f in told["total"].items() if f["value"]} == {}
    assert told["total"]["in_time"]["value"] is None
    page = world.running.browser(world.anhe, "gm").get("/reports/complaints/handling?period=2020-01-01..2020-01-31")
    assert page.status_code == 200
    assert "没有记录" in page.text


def test_this_month_ends_today_and_is_compared_with_as_many_days(world: World) -> None:
    told = world.report("gm")
    assert told["period"] == {"from": "2026-03-01", "to": "2026-03-18"}
    assert told["compared_with"] == {"from": "2026-02-01", "to": "2026-02-18"}
    assert NOW.astimezone(ZONE).date().isoformat() == "2026-03-18"
