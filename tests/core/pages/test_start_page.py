"""The start page: parts of plugins that break or dawdle cost nothing but themselves, what is kept is nobody else's."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Context, hookimpl, now
from dougong.views import Card, Figure
from dougong.web import dashboard
from dougong.web.dashboard import EACH, LIFE

from .conftest import World
from .sample import Thing

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company


class Adding:
    """A module whose part of the start page is whatever a test says."""

    def __init__(self, part: Callable[[Context[Any]], Any]) -> None:
        self.part, self.asked = part, 0

    @hookimpl
    def dougong_slots(self, page: str, context: Context[Any]) -> Any:
        if page != "home":
            return []
        self.asked += 1
        return self.part(context)


Add = Callable[[Callable[[Context[Any]], Any]], Adding]


@pytest.fixture
def add(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    registry, made = world.app.registry, []
    world.app.dashboards._known.clear()

    def register(part: Callable[[Context[Any]], Any]) -> Adding:
        plugin = Adding(part)
        registry._manager.register(plugin, name=f"adding-{len(made)}")
        monkeypatch.setattr(registry, "_hooks", {})
        made.append(plugin)
        return plugin

    yield register
    for plugin in made:
        registry._manager.unregister(plugin)
    world.app.dashboards._known.clear()


def stands(x: Context[Any]) -> list[Any]:
    number = x.session.scalar(sa.select(sa.func.count()).select_from(Thing))
    return [Card(f"It stands with {number}")]


def wrong(x: Context[Any]) -> list[Any]:
    zero = sa.literal(0)
    return [Card(str(x.session.scalar(sa.select(sa.literal(1) / zero))))]


def swallowed(x: Context[Any]) -> list[Any]:
    try:
        return wrong(x)
    except sa.exc.DBAPIError:
        return [Card("It made light of it")]


def slow(x: Context[Any]) -> list[Any]:
    x.session.execute(sa.select(sa.func.pg_sleep(60)))
    return [Card("It made light of it")]


@pytest.mark.parametrize("fault", [wrong, swallowed, slow])
def test_one_bad_part_costs_nothing_but_itself(
    world: World, add: Add, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault is slow:
        monkeypatch.setattr(dashboard, "EACH", EACH * 5)  # the others' statements must not be cut on a busy machine
    add(stands)
    add(fault)
    add(stands)
    began = time.perf_counter()
    answer = world.browser("manager").get("/")
    assert answer.status_code == 200
    assert answer.text.count("It stands with") == 2
    assert "It made light of it" not in answer.text
    assert time.perf_counter() - began < 60


def test_the_limit_holds_for_the_part_only(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "EACH", EACH)  # what an installation has, not the patience of tests
    found = []

    def look(x: Context[Any]) -> list[Any]:
        found.append(x.session.scalar(sa.select(sa.func.current_setting("statement_timeout"))))
        return []

    add(look)
    world.browser("manager").get("/")
    assert found == [f"{EACH}ms"]
    with world.anhe.session() as session:
        assert session.scalar(sa.select(sa.func.current_setting("statement_timeout"))) == "0"


def test_parts_are_kept_for_a_while_and_per_person(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    part = add(lambda x: [Card(f"For {x.person.username if x.person else ''}")])
    assert "For manager" in world.browser("manager").get("/").text
    assert "For manager" in world.browser("manager").get("/").text
    assert part.asked == 1
    assert "For agent" in world.browser("agent").get("/").text
    assert part.asked == 2
    later = now() + LIFE
    monkeypatch.setattr("dougong.web.application.now", lambda: later)
    world.browser("manager").get("/")
    assert part.asked == 3


def test_what_was_kept_ends_with_a_change_of_the_company(world: World, add: Add) -> None:
    part = add(lambda x: [Card("A part")])
    world.browser("manager").get("/")
    world.anhe.settings("sample", holds=2)
    world.browser("manager").get("/")
    assert part.asked == 2


def test_figures_are_four_at_most(world: World, add: Add) -> None:
    add(lambda x: [Figure(f"Number {n}", "1", "", "", "/") for n in range(9)])
    text = world.browser("manager").get("/").text
    assert text.count('<span class="k">') == 4
    assert "Number 0" in text


def test_the_number_of_overdue_stands_on_every_page(world: World) -> None:
    world.thing(title="Long ago")
    with world.anhe.session() as session:
        session.execute(sa.update(Thing).values(due_at=now() - dt.timedelta(days=1), done_at=None))
        wanted = session.scalar(
            sa.select(sa.func.count()).select_from(Thing).where(Thing.site_id == world.anhe.sites["n1"])
        )
    answer = world.browser("manager").get("/overdue")
    assert answer.json()["count"] > 0
    assert answer.json()["count"] <= wanted
    assert answer.headers["cache-control"] == "no-store"
    number = answer.json()["count"]
    assert f'<span class="badge">{number}</span>' in world.browser("manager").get("/sample/thing").text
    assert world.browser("nobody").get("/overdue").json() == {"count": 0}


def test_overdue_is_shown_to_whoever_may_meet_it(world: World) -> None:
    """Others find it in the list, under its own tab."""
    world.thing(title="Long ago")
    with world.anhe.session() as session:
        session.execute(sa.update(Thing).values(due_at=now() - dt.timedelta(days=1), done_at=None))
    assert "Long ago" in world.browser("manager").get("/").text
    reader = world.browser("reader")
    assert "Long ago" in reader.get("/sample/thing").text
    assert "Long ago" not in reader.get("/").text
    assert reader.get("/overdue").json() == {"count": 0}


def test_the_day_begins_with_what_somebody_registers_daily(
    make_company: Callable[..., Company], platform: Running
) -> None:
    """Not with the module whose name comes first in the alphabet: a manager has complaints, finance has budgets."""
    company = make_company("anhe", modules=("budgeting", "complaints", "hr"))

    def main(who: str) -> str:
        text = platform.browser(company, who).get("/", headers={"accept-language": "en"}).text
        found = re.search(r'href="(/[a-z/]+/new)', text)
        return found[1] if found else ""

    assert main("project_manager_n1") == "/complaints/complaint/new"
    assert main("finance") == "/budgeting/budget/new"
    assert main("hr") == "/hr/employee/new"
