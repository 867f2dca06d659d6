"""Tasks go to whoever is on shift, where a module has rosters; without one all is as it was."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dougong import Context, Duty
from dougong_inspections import making
from dougong_inspections.records import Plan

if TYPE_CHECKING:
    import pytest
    from dougong.testing.companies import Company

    from .conftest import World


def walker(world: World, post: str = "technician") -> UUID | None:
    plan = world.plan(post=post, person_id=None)
    with world.company.acting(None, "inspections") as x:
        return making.assigned(x, x.session.get_one(Plan, (x.tenant, plan)), x.now)[0]


def say(monkeypatch: pytest.MonkeyPatch, answer: list[UUID] | None) -> None:
    def on(x: Context[Any], post: str, site: UUID, start: dt.datetime, end: dt.datetime) -> list[UUID] | None:
        return answer

    asked = Context.contributed
    monkeypatch.setattr(
        Context, "contributed", lambda x, kind: [("hr", Duty("t", on))] if kind is Duty else asked(x, kind)
    )


def test_whoever_is_on_shift_gets_the_task(world: World, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("anna", "bert"):
        company.add_person(name, ("technician", "n1"))
    before = walker(world)
    for name in ("anna", "bert"):
        say(monkeypatch, [company.people[name]])
        assert walker(world) == company.people[name]
    say(monkeypatch, None)
    assert walker(world) == before, "a module that knows nothing of the post changes nothing"


def test_nobody_on_shift_leaves_it_to_the_post(world: World, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.add_person("anna", ("technician", "n1"))
    company.add_person("guest")
    say(monkeypatch, [])
    assert walker(world) is None
    say(monkeypatch, [company.people["guest"]])
    assert walker(world) is None, "who may not walk is given nothing"
