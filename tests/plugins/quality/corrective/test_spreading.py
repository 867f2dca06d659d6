"""Sister sites, recurrences, isolation, and opening by rule of the company."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound, Telling
from dougong.records.followups import Source as Origin
from dougong_quality.corrective.choices import Answer, Severity, State
from dougong_quality.corrective.loop import fill, follow_up, of_nc, triggers
from dougong_quality.corrective.records import Nonconformity, Rollout
from dougong_quality.corrective.similar import COMPARED, SHOWN, similar, since

from .conftest import ENGINEER, MANAGER, OTHER_MANAGER, QUALITY, World


def roll(world: World, id: Any, *sites: str, by: str = QUALITY, days: int = 10) -> None:
    chosen = [str(world.company.sites[one]) for one in sites]
    world.do(by, id, "roll_out", sites=chosen, text="检查消火栓稳压泵挡位", due=world.day(days))


def test_sister_sites_answer_each_for_itself(world: World) -> None:
    id = world.bring(State.PLAN)
    roll(world, id, "n2", "s1")
    first, second = world.checks(id)
    assert {str(one.responsible_id) for one in (first, second)} == {
        world.id(OTHER_MANAGER),
        world.id("project_manager_s1"),
    }
    assert first.origin == "n1"
    assert not world.sees(OTHER_MANAGER, id)
    assert world.sees(OTHER_MANAGER, first.id, Rollout)
    assert not world.sees(OTHER_MANAGER, second.id, Rollout)
    world.do(OTHER_MANAGER, first.id, "applies", kind=Rollout, result="同型泵 2 台")
    assert world.see(id).answered == 0
    world.do(OTHER_MANAGER, first.id, "done", kind=Rollout, result="已改表并抽查")
    world.do("project_manager_s1", second.id, "not_here", kind=Rollout, result="无稳压泵")
    c = world.see(id)
    assert (c.rolled, c.answered) == (2, 2)
    assert [one.status for one in world.checks(id)] == [Answer.DONE, Answer.NOT_HERE]
    for step in ("applies", "done"):
        with pytest.raises(Conflict):
            world.do(OTHER_MANAGER, first.id, step, kind=Rollout, result="再答")


@pytest.mark.parametrize("sites", [(), ("n1",), ("north",), ("n2", "n2"), ("anhe",)])
def test_only_other_projects_are_asked_and_once(world: World, sites: tuple[str, ...]) -> None:
    id = world.bring(State.PLAN)
    with pytest.raises(Invalid) as error:
        roll(world, id, *sites)
    assert error.value.errors[0].path.startswith("sites")
    assert world.checks(id) == []
    roll(world, id, "n2")
    with pytest.raises(Invalid):
        roll(world, id, "n2")
    with pytest.raises(Invalid):
        roll(world, id, "s1", days=-1)
    roll(world, id, "s1")
    with pytest.raises(Conflict):
        roll(world, id, "n2")


def test_a_trade_lead_asks_nobody(world: World) -> None:
    id = world.bring(State.PLAN)
    with pytest.raises(Forbidden):
        roll(world, id, "n2", by=ENGINEER)
    roll(world, id, "n2", by=MANAGER)


def test_no_answer_is_late_and_told(world: World) -> None:
    id = world.bring(State.PLAN)
    roll(world, id, "n2", days=3)
    world.clock.through(days=5)
    assert world.checks(id)[0].late


# ---- recurrence ----


def likes(world: World, by: str, id: Any) -> list[Any]:
    with world.company.acting(by, "quality") as x:
        return [one.record.id for one in similar(x.get(Nonconformity, id), x)]


def test_similar_ones_are_found_by_item_words_and_cause(world: World) -> None:
    same_item = world.open(statement="完全不同的描述文字")
    words = "5 号楼 2 层室内消火栓静压低于要求，压力表无校验标识"
    same_words = world.open(item=None, category="other", clause=None, statement=words)
    other = world.open(item="垃圾清运", category="cleaning", clause=None, statement="垃圾房清运记录缺三天")
    world.clock.move(days=5)
    id = world.open()
    found = likes(world, QUALITY, id)
    assert set(found) == {same_item, same_words}
    assert other not in found
    assert likes(world, QUALITY, same_item) == [same_words] or likes(world, QUALITY, same_item) == []


def test_similar_only_within_its_months_and_within_sight(world: World) -> None:
    old = world.open()
    elsewhere = world.open(site="s1")
    world.clock.move(days=200)
    id = world.open()
    assert set(likes(world, QUALITY, id)) == {old, elsewhere}
    assert likes(world, MANAGER, id) == [old]
    world.company.settings("quality", corrective_similar_months=6)
    assert likes(world, QUALITY, id) == []


def test_cancelled_ones_are_no_precedent(world: World) -> None:
    world.bring(State.CANCELLED)
    assert likes(world, QUALITY, world.open()) == []


def test_never_more_than_are_shown(world: World) -> None:
    for _n in range(SHOWN + 3):
        world.open()
    world.clock.move(hours=1)
    assert len(likes(world, QUALITY, world.open())) == SHOWN
    assert COMPARED <= 500


def test_a_recurrence_names_the_earlier_one_and_is_judged_later(world: World) -> None:
    first = world.bring(State.CLOSED)
    again = world.open()
    with pytest.raises(Invalid):
        world.do(QUALITY, again, "repeat", again_of_id=str(again), reason="x")
    with pytest.raises(Invalid):
        world.do(QUALITY, again, "repeat", again_of_id=str(world.company.tenant), reason="x")
    world.do(QUALITY, again, "repeat", again_of_id=str(first), reason="同一检查项再发")
    c = world.see(again)
    assert (c.again, c.again_of_id) == (True, first)
    with pytest.raises(Conflict):  # the earlier one is closed: nothing is marked on it
        world.do(QUALITY, first, "repeat", again_of_id=str(again), reason="x")


def test_since_the_verification_counts_what_came_again(world: World) -> None:
    id = world.bring(State.EFFECT)
    world.clock.move(days=3)
    world.open()
    world.open(site="s1")
    with world.company.acting(QUALITY, "quality") as x:
        assert since(x.get(Nonconformity, id), x) == 1


# ---- the loop ----


def test_what_another_module_tells_opens_one(world: World) -> None:
    who = world.company.people[ENGINEER]
    telling = Telling("灭火器压力不足", "巡查发现 2 具", location="3 号楼 2 层", severity="critical", responsible=who)
    with world.company.acting(None, "quality") as x:
        site = world.company.sites["n1"]
        origin = Origin("inspections.finding", world.company.tenant, site, "FX-2026-000001", triggers[0].label)
        values = dict(fill(telling, origin, x))
    with world.company.acting(QUALITY, "quality") as x:
        c = x.submit(Nonconformity, world.company.sites["n1"], values)
        assert (c.source.value, c.severity, c.location) == ("inspection", Severity.MAJOR, "3 号楼 2 层")
        assert str(c.responsible_id) == world.id(ENGINEER)
        assert c.statement.startswith("灭火器压力不足\n")
        assert of_nc(c, x).severity == "major"
    assert follow_up.name == "quality.nonconformity"


def test_who_cannot_answer_here_is_not_taken_over(world: World) -> None:
    telling = Telling("x", responsible=world.company.people["finance"])
    with world.company.acting(None, "quality") as x:
        origin = Origin(
            "complaints.complaint", world.company.tenant, world.company.sites["n1"], "TS-1", triggers[0].label
        )
        assert "responsible_id" not in fill(telling, origin, x)


def test_another_company_has_none_of_it(world: World, other_company: Any) -> None:
    id = world.open()
    with other_company.acting(QUALITY, "quality") as x:
        with pytest.raises(NotFound):
            x.get(Nonconformity, id)
        assert x.session.scalars(x.readable(Nonconformity)).all() == []
