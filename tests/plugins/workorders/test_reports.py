"""Figures: first-time fix, rework, cost, by trade; nobody counts what their list does not hold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dougong import Figures, Question, figures_within, now
from dougong_workorders import reports

if TYPE_CHECKING:
    from .conftest import World

DONE = {"result": "完成", "minutes": 30}


def ask(world: World, name: str, report: Any, by: str | None = None) -> Figures:
    with world.as_(name) as x:
        day = dt.timedelta(days=1)
        return figures_within(x, [Question(report, now() - day, now() + day, by)])[0]


def value(found: Figures, report: Any, name: str) -> float | None:
    return found.value(report.measure(name))


def test_first_time_fix_rework_and_cost(world: World) -> None:
    good, bad, paid = world.finished(), world.finished(), world.there(nature="paid")
    world.do("lead", bad, "rework", reason="仍滴水")
    world.do("tech", bad, "arrive")
    world.do("tech", bad, "use", name="阀芯", quantity="1.5", measure="只", price=4_001)
    world.do("tech", bad, "finish", **DONE)
    world.do("tech", paid, "quote", amount=9_900, text="人工")
    world.do("agent", paid, "agree", by="signed", price=9_900)
    world.do("tech", paid, "finish", **DONE)
    for one in (good, bad, paid):
        world.end(one)
    world.raise_()
    found = ask(world, "finance", reports.handling)
    assert [value(found, reports.handling, n) for n in ("volume", "reworked")] == [4, 1]
    assert round(value(found, reports.handling, "first_time") or 0, 1) == 66.7
    assert value(found, reports.handling, "response") == 100
    spent = ask(world, "finance", reports.costs)
    assert [value(spent, reports.costs, n) for n in ("cost", "income", "finished")] == [6_002, 9_900, 3]


def test_the_figures_by_trade(world: World) -> None:
    for category in ("water", "power", "cleaning"):
        world.raise_(category=category)
    found = ask(world, "manager", reports.handling, "trade")
    volume = reports.handling.measure("volume")
    assert volume is not None
    assert {g.key: found.value(volume, g) for g in found.groups} == {"engineering": 2, "cleaning": 1}
    mine = ask(world, "cleaner", reports.handling, "trade")
    assert {g.key: mine.value(volume, g) for g in mine.groups} == {"cleaning": 1}
