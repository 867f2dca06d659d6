"""Filters by every declared field that everybody may read: periods, numbers, yuan, people, nothing; API and page alike."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest
from dougong.records import periods
from hypothesis import given
from hypothesis import strategies as st

from .conftest import THINGS, World, words

MADE = {
    "plain": {"day": "2026-03-31", "pieces": 3, "price": 125050, "begins": "2026-03-31T23:30:00+08:00"},
    "other": {"day": "2026-04-01", "pieces": 7, "price": 9900, "begins": "2026-04-01T00:10:00+08:00", "urgent": True},
    "empty": {"colour": "red"},
}


@pytest.fixture(scope="module")
def made(world: World) -> dict[str, str]:
    owner = str(world.anhe.people["manager"])
    return {
        world.thing(title=f"filter {name}", **{**values, "owner_id": owner if name == "plain" else None})["id"]: name
        for name, values in MADE.items()
    }


def found(world: World, made: dict[str, str], query: str) -> set[str]:
    answer = world.api("manager").get(f"{THINGS}?tab=all&limit=100&{query}")
    assert answer.status_code == 200, answer.text
    return {made[row["id"]] for row in answer.json()["results"] if row["id"] in made}


QUERIES = {
    "day=2026-03-31": {"plain"}, "day.from=2026-03-31&day.to=2026-03-31": {"plain"}, "day=-": {"empty"}, "pieces=7": {"other"},
    "pieces.from=4": {"other"}, "pieces.to=3": {"plain"}, "pieces=-": {"empty"}, "price=99": {"other"},
    "price.from=1%2C250.50&price.to=¥1250.5": {"plain"}, "price.from=99.01": {"plain"}, "price=-": {"empty"},
    "begins=2026-03-31": {"plain"}, "begins=2026-04-01": {"other"}, "begins.to=2026-03-31": {"plain"}, "begins=-": {"empty"},
    "owner_id=me": {"plain"}, "owner_id=-": {"other", "empty"}, "owner_id=me&owner_id=-": {"plain", "other", "empty"},
    "urgent=true": {"other"}, "urgent=false": {"plain", "empty"}, "holds=0": {"plain", "other", "empty"}, "holds=1": set(),
    "colour=red": {"empty"}, "colour=red&colour=-": {"plain", "other", "empty"}, "twin_id=-": {"plain", "other", "empty"},
    "created_at=today": {"plain", "other", "empty"}, "created_at=今天": {"plain", "other", "empty"},
    "created_at=本周": {"plain", "other", "empty"}, "created_at=last-month": set(), "created_at=上月": set(),
    "created_at.from=last-30-days": {"plain", "other", "empty"}, "created_at.to=yesterday": set(),
    "created_by=me&day.to=2026-03-31&q=filter": {"plain"}, "created_at=&day.from=&day=2026-04-01": {"other"},
}  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_each_kind_of_field_filters(world: World, made: dict[str, str], query: str) -> None:
    assert found(world, made, query) == QUERIES[query]
    page = world.browser("manager").get(f"/sample/thing?tab=all&{query}")
    assert page.status_code == 200
    assert {name for name in made.values() if f"filter {name}" in page.text} == QUERIES[query]


@pytest.mark.parametrize("query", [
    "day=someday", "day.from=本年度", "price=1.234", "price=abc", "price=1e400", "pieces=1.5", "pieces=NaN",
    "pieces=99999999999999999999", "begins=2026-03-31T10:00", "begins=3000-01-01", "urgent=perhaps", "owner_id=you",
    "day.from=-", "pieces.from=-", "price=Infinity", "created_at=last-month&pieces=x",
])  # fmt: skip
def test_what_is_no_value_is_refused_by_name(world: World, query: str) -> None:
    answer = world.api("manager").get(f"{THINGS}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"].partition(".")[0] in query
    assert world.browser("manager").get(f"/sample/thing?{query}").status_code == 422


@pytest.mark.parametrize("name", ["phone", "email", "text", "title", "site.from", "urgent.from", "colour.to", "number"])
def test_what_is_guarded_or_free_text_is_no_filter(world: World, name: str) -> None:
    assert world.api("manager").get(f"{THINGS}?{name}=x").status_code == 400


def test_the_bar_is_short_and_the_page_has_all(world: World, made: dict[str, str]) -> None:
    asker = world.browser("manager")
    bar = asker.get("/sample/thing?tab=all")
    assert 'name="price.from"' not in bar.text
    assert "/sample/thing/filters?tab=all" in bar.text
    used = asker.get("/sample/thing?tab=all&price.from=5")
    assert 'name="price.from" value="5"' in used.text
    everything = asker.get("/sample/thing/filters?tab=all&price.from=5&created_at=last-week&q=x")
    assert everything.status_code == 200
    for name in ("price.from", "pieces.to", "begins", "against_id", "created_by", "holds.from", "urgent"):
        assert f'name="{name}"' in everything.text, name
    assert 'value="last-week" checked' in everything.text
    assert 'name="tab" value="tab"' not in everything.text
    assert 'name="tab" value="all"' in everything.text
    assert 'name="phone"' not in everything.text
    assert world.browser("nobody").get("/sample/thing/filters").status_code == 404
    assert asker.get("/sample/thing/filters?nonsense=1").status_code == 400


DAYS = {
    "today": ("2026-11-22", "2026-11-22"), "this-week": ("2026-11-16", "2026-11-22"),
    "last-week": ("2026-11-09", "2026-11-15"), "next-week": ("2026-11-23", "2026-11-29"),
    "this-month": ("2026-11-01", "2026-11-30"), "last-month": ("2026-10-01", "2026-10-31"),
    "this-quarter": ("2026-10-01", "2026-12-31"), "last-quarter": ("2026-07-01", "2026-09-30"),
    "上季度": ("2026-07-01", "2026-09-30"), "this-year": ("2026-01-01", "2026-12-31"),
    "last-year": ("2025-01-01", "2025-12-31"), "last-7-days": ("2026-11-16", "2026-11-22"),
    "last-30-days": ("2026-10-24", "2026-11-22"), "近 30 天": ("2026-10-24", "2026-11-22"),
    "yesterday": ("2026-11-21", "2026-11-21"),
}  # fmt: skip


@pytest.mark.parametrize("word", DAYS)
def test_periods(word: str) -> None:
    first, last = periods.period_days(word, dt.date(2026, 11, 22))
    assert (first.isoformat(), last.isoformat()) == DAYS[word]


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)), st.sampled_from(sorted(periods.PERIODS)))
def test_periods_join_without_gap(today: dt.date, word: str) -> None:
    first, last = periods.period_days(word, today)
    assert first <= last
    for before, after in (("last", "this"), ("this", "next")):
        kind = word.partition("-")[2]
        if f"{before}-{kind}" in periods.PERIODS and f"{after}-{kind}" in periods.PERIODS:
            ends, begins = periods.period_days(f"{before}-{kind}", today)[1], periods.period_days(f"{after}-{kind}", today)[0]
            assert begins - ends == dt.timedelta(days=1)
    if word.startswith("this-"):
        assert first <= today <= last


def test_search_page_finds_jumps_and_hides(world: World) -> None:
    made = world.thing(title="全局搜索的电梯")
    asker = world.browser("manager")
    page = asker.get("/search?q=" + quote("全局搜索"))
    assert page.status_code == 200
    assert "全局搜索的电梯" in words(page)
    assert "全局搜索的电梯" not in words(world.browser("manager_s").get("/search?q=" + quote("全局搜索")))
    jump = asker.get(f"/search?q={made['number'].lower()}", follow_redirects=False)
    assert (jump.status_code, jump.headers["location"]) == (303, f"/sample/thing/{made['id']}")
    assert world.browser("manager_s").get(f"/search?q={made['number']}").status_code == 200
    assert asker.get("/search").status_code == 200
    assert asker.get("/search?q=%20").status_code == 200
    assert asker.get("/search?q=a%00").status_code == 400
    assert asker.get("/search?q=a&x=1").status_code == 400
    assert asker.get("/search?q=" + "长" * 3000).status_code == 200
    assert 'action="/search"' in asker.get("/sample/thing").text
    assert 'action="/search"' not in world.browser("nobody").get("/account").text
    found = world.api("manager").get("/api/v1/search?q=" + quote("全局搜索")).json()
    assert [row["id"] for row in found["results"]] == [made["id"]]
    assert found["more"] == {}
    assert world.api("manager").get("/api/v1/search").status_code == 400
    assert world.api("nobody").get("/api/v1/search?q=x").json() == {"results": [], "more": {}}
