"""The chain of a record: both directions, judged at each step, bounded."""

from __future__ import annotations

import itertools
from typing import Any

from dougong.records.chains import DEPTH, MOST
from dougong.records.tables import Link

from .conftest import FIND, FLAW, MEND, RULE, World, text
from .finds import Find
from .mends import Flaw, Mend


def _three(world: World, **find: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    found = world.find(**find)
    mend = world.make(MEND, title="Mend it")
    flaw = world.make(FLAW, title="Why it broke", law="7.5")
    kinds = (Find, Mend, Flaw)
    with world.company.acting(None) as x:
        rows = [x.session.get_one(k, (x.tenant, r["id"])) for k, r in zip(kinds, (found, mend, flaw), strict=True)]
        x.link(rows[0], rows[1], origin=True)
        x.link(rows[1], rows[2], origin=True)
    return found, mend, flaw


def test_the_same_from_each_of_its_links(world: World) -> None:
    found, mend, flaw = _three(world)
    numbers = [one["number"] for one in (found, mend, flaw)]
    for path, one in ((FIND, found), (MEND, mend), (FLAW, flaw)):
        assert world.chain(path, one["id"]) == numbers
        page = text(world.browser().get(f"{path}/{one['id']}").text)
        assert "来龙去脉" in page
        assert all(number in page for number in numbers)


def test_nothing_is_reached_through_what_one_may_not_see(world: World) -> None:
    found, mend, flaw = _three(world)
    agent = "service_agent_n1"  # sees finds only
    assert world.chain(FIND, found["id"], agent) == [found["number"]]
    second = world.find(title="Another")
    with world.company.acting(None) as x:
        a, b = (x.session.get_one(Find, (x.tenant, one["id"])) for one in (found, second))
        x.link(x.session.get_one(Mend, (x.tenant, mend["id"])), b, origin=True)
    assert world.chain(FIND, found["id"], agent) == [found["number"]]
    assert set(world.chain(FIND, found["id"])) == {one["number"] for one in (found, mend, flaw, second)}
    world.link(a, b, origin=False)
    assert set(world.chain(FIND, found["id"], agent)) == {found["number"], second["number"]}


def test_a_hidden_record_does_not_leak_through_what_it_opened(world: World) -> None:
    world.rules(RULE)
    accused = world.company.people["quality"]
    found = world.find(title="Secret of the accused", against_id=str(accused))
    (mend,) = world.all(MEND)
    assert world.chain(MEND, mend["id"], "quality") == [mend["number"]]
    assert len(world.chain(MEND, mend["id"])) == 2
    assert "Secret" not in world.browser("quality").get(f"{MEND}/{mend['id']}").text
    assert "Secret" not in world.program("quality").api("GET", f"{MEND}/{mend['id']}/history").text
    assert world.program("quality").api("GET", f"{FIND}/{found['id']}/chain").status_code == 404


def test_a_module_that_is_off_is_absent_and_back_again(world: World) -> None:
    found, mend, flaw = _three(world)
    world.company.switch("mends", False)
    assert world.chain(FIND, found["id"]) == [found["number"]]
    assert "来龙去脉" not in text(world.browser().get(f"{FIND}/{found['id']}").text)
    world.company.switch("mends", True)
    assert world.chain(FIND, found["id"]) == [one["number"] for one in (found, mend, flaw)]


def test_circles_and_crowds_end(world: World) -> None:
    with world.company.acting(None) as x:
        site = world.company.sites["n1"]
        many = [x.create(Mend, site, title=f"m{n}") for n in range(MOST + 20)]
        for one in many[1:]:
            x.link(many[0], one, origin=True)
        x.link(many[1], many[0], origin=True)
        row = [x.create(Flaw, site, title=f"f{n}", law="1") for n in range(DEPTH + 5)]
        for before, after in itertools.pairwise(row):
            x.link(before, after, origin=True)
        x.link(row[-1], row[0], origin=True)
        crowd, circle = many[0].id, row[0].id
    answer = world.program().api("GET", f"{MEND}/{crowd}/chain").json()
    assert (len(answer["results"]), answer["cut"]) == (MOST, True)
    assert len(world.chain(FLAW, circle)) == DEPTH + 5
    assert world.browser().get(f"{MEND}/{crowd}").status_code == 200


def test_origin_is_said_once_and_stays(world: World) -> None:
    with world.company.acting(None) as x:
        site = world.company.sites["n1"]
        one, other = (x.create(Mend, site, title=t) for t in ("a", "b"))
        x.link(one, other)
        x.link(other, one, origin=True)
        x.link(one, other, origin=True)
        x.link(one, other)
        rows = x.session.query(Link).all()
        assert [row.origin_id for row in rows] == [other.id]
