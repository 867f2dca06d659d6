"""Lists by how a clock stands: overdue, within the hour, today, on hold, once late, met; by page, API and saved view alike."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from dougong.instant import now

from . import sample
from .conftest import THINGS, World

HOUR = dt.timedelta(hours=1)
# title: (state, due from now, done from now)
MADE = {
    "over": ("doing", -HOUR, None),
    "soon": ("new", HOUR / 2, None),
    "later": ("new", dt.timedelta(days=9), None),
    "held": ("held", -HOUR, None),
    "met": ("done", HOUR, -HOUR),
    "missed": ("done", -2 * HOUR, -HOUR),
    "none": ("new", None, None),
}
QUERIES = {
    "any:overdue": {"over"}, "done:overdue": {"over"}, "any:soon": {"soon"}, "done:running": {"over", "soon", "later"},
    "any:late": {"over", "missed"}, "any:met": {"met"}, "any:overdue&clock=done:met": {"over", "met"},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(world: World) -> dict[str, str]:
    ids = {world.thing(title=f"clock {name}")["id"]: name for name in MADE}
    table = sample.Thing.__table__
    with world.anhe.acting(None, "sample") as x:
        for id, name in ids.items():
            state, due, done = MADE[name]
            x.session.execute(
                sa.update(table)  # type: ignore[arg-type]
                .where(table.c.tenant_id == x.tenant, table.c.id == id)
                .values(status=state, due_at=due and now() + due, done_at=done and now() + done)
            )
    return ids


@pytest.mark.parametrize("query", QUERIES)
def test_a_clock_filters(world: World, made: dict[str, str], query: str) -> None:
    answer = world.api("manager").get(f"{THINGS}?tab=all&limit=100&clock={query}")
    assert answer.status_code == 200, answer.text
    assert {made[row["id"]] for row in answer.json()["results"] if row["id"] in made} == QUERIES[query]
    page = world.browser("manager").get(f"/sample/thing?tab=all&clock={query}")
    assert page.status_code == 200
    assert {name for name in MADE if f"clock {name}" in page.text} == QUERIES[query]


def test_today_ends_with_the_day_of_the_site(world: World, made: dict[str, str]) -> None:
    answer = world.api("manager").get(f"{THINGS}?tab=all&limit=100&clock=any:today")
    names = {made[row["id"]] for row in answer.json()["results"] if row["id"] in made}
    midnight = (now() + HOUR / 2).astimezone(dt.timezone(8 * HOUR)).date() == now().astimezone(
        dt.timezone(8 * HOUR)
    ).date()
    assert names == ({"soon"} if midnight else set())


@pytest.mark.parametrize(
    "value", ["any", "overdue", "any:never", "other:late", "done:paused", "any:late,done:met", ":"]
)
def test_what_is_no_state_of_a_clock_is_refused(world: World, value: str) -> None:
    answer = world.api("manager").get(THINGS, params={"clock": value})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"] == "clock"
    assert world.browser("manager").get("/sample/thing", params={"clock": value}).status_code == 422


def test_a_list_without_clocks_knows_no_such_filter(world: World) -> None:
    assert world.api("manager").get("/api/v1/sample/notice?clock=any:late").status_code == 400
    assert world.api("manager").get(f"{THINGS}?clock.to=2026-01-01").status_code == 400


def test_the_bar_offers_it_and_the_description_names_it(world: World, made: dict[str, str]) -> None:
    page = world.browser("manager").get("/sample/thing?tab=all&clock=done:met").text
    assert 'name="clock" value="any:overdue"' in page
    assert 'name="clock" value="done:met" checked' in page
    every = world.browser("manager").get("/sample/thing/filters?clock=any:soon").text
    assert 'name="clock" value="any:soon" checked' in every
    told = world.api("manager").get("/api/v1/openapi.json").json()
    [parameter] = [p for p in told["paths"]["/api/v1/sample/thing"]["get"]["parameters"] if p["name"] == "clock"]
    assert "done:overdue" in str(parameter["schema"])


def test_a_board_and_a_saved_view_take_it(world: World, made: dict[str, str]) -> None:
    board = world.browser("manager").get("/sample/thing/board?tab=all&clock=any:overdue")
    assert board.status_code == 200
    assert "clock over" in board.text
    assert "clock soon" not in board.text
    saved = world.api("manager").post(
        "/api/v1/sample/thing/views", {"name": "超时的", "query": [["tab", "all"], ["clock", "any:overdue"]]}
    )
    assert saved.status_code == 201, saved.text
    rows = world.api("manager").get(f"{THINGS}?view={saved.json()['id']}&limit=100").json()["results"]
    assert {made[row["id"]] for row in rows if row["id"] in made} == {"over"}
