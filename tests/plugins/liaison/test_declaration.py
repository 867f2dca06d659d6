"""The integrity declaration: asked once a year of whoever deals with agencies, signed by oneself; no field for gifts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dougong import Conflict, Invalid
from dougong.access.tables import Person
from dougong.errors import Forbidden, NotFound
from dougong_liaison import agencies
from dougong_liaison.choices import DeclarationState
from dougong_liaison.records import Declaration
from dougong_liaison.resources import RESOURCES

if TYPE_CHECKING:
    from .conftest import World

GIFTS = ("gift", "present", "banquet", "dinner", "entertain", "礼", "宴")


def ask(world: World) -> int:
    with world.as_(None) as x:
        return agencies.ask_to_sign(x)


def mine(world: World, name: str = "manager") -> Declaration:
    (found,) = world.all(Declaration, Declaration.person_id == world.people[name])
    return found


def test_asked_once_a_year_and_signed_by_oneself(world: World) -> None:
    world.owe()
    assert (ask(world), ask(world)) == (1, 0)
    d = mine(world)
    assert (d.status, d.year, d.title) == (DeclarationState.DUE, 2026, "2026 年廉洁承诺")
    for other in ("boss", "director"):
        with pytest.raises((Conflict, Forbidden)):
            world.do(other, d, "sign", honest=True)
    with pytest.raises(Invalid):
        world.do("manager", d, "sign", honest=False)
    signed = world.do("manager", d, "sign", honest=True)
    assert (signed.status, signed.signed_at, signed.late) == (DeclarationState.SIGNED, world.clock.now, False)
    with pytest.raises(Conflict):
        world.do("manager", d, "sign", honest=True)


def test_whoever_has_no_dealings_or_has_left_is_not_asked(world: World) -> None:
    world.owe(owner_id=world.who("engineer"))
    with world.as_(None) as x:
        x.session.execute(sa.update(Person).where(Person.id == world.people["engineer"]).values(status="disabled"))
    world.snapshots.drop(world.tenant)
    assert ask(world) == 0


def test_the_schedule_asks_in_the_morning_and_again_in_the_new_year(world: World) -> None:
    world.owe()
    world.clock.run()
    world.later("03-03")
    assert [one.year for one in world.all(Declaration)] == [2026]
    world.later("12-31", "2027-01-01")
    assert [one.year for one in world.all(Declaration)] == [2026, 2027]


def test_the_year_is_that_of_the_company(world: World) -> None:
    world.owe()
    world.clock.at(dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC))  # 23:59 in Shanghai
    ask(world)
    world.clock.at(dt.datetime(2026, 12, 31, 16, 1, tzinfo=dt.UTC))  # a minute after midnight
    ask(world)
    assert sorted(one.year for one in world.all(Declaration)) == [2026, 2027]


def test_reminded_until_it_is_signed_then_up(world: World) -> None:
    world.owe(owner_id=world.who("engineer"))
    ask(world)
    d = mine(world, "engineer")
    world.later("03-19", "03-26", "03-31", "04-01", "04-03")
    taken = world.steps(d, "signing")
    assert [step for step, _day, _told in taken] == ["remind_14", "remind_7", "remind_1", "overdue", "up"]
    assert [told for _step, _day, told in taken] == [["engineer"]] * 4 + [["manager"]]
    assert world.do("engineer", d, "sign", honest=True).late


def test_the_company_sets_how_long_there_is(world: World) -> None:
    world.settings(declaration_days=10)
    world.owe()
    ask(world)
    assert mine(world).sign_by == world.clock.now + dt.timedelta(days=10)


def test_dropped_with_a_reason_for_whoever_deals_with_agencies_no_more(world: World) -> None:
    world.owe()
    ask(world)
    d = mine(world)
    with pytest.raises(Invalid):
        world.do("boss", d, "drop_declaration")
    with pytest.raises((Conflict, Forbidden)):
        world.do("manager", d, "drop_declaration", reason="不想签")  # nobody excuses themselves
    found = world.do("boss", d, "drop_declaration", reason="调离岗位")
    assert found.status is DeclarationState.DROPPED
    assert ask(world) == 0
    world.later("05-01")
    assert world.steps(d, "signing") == []


def test_nobody_makes_one_by_hand_or_sees_anothers_without_the_right(world: World) -> None:
    world.owe()
    ask(world)
    with pytest.raises((Forbidden, Invalid)):
        world.make(Declaration, "manager")
    for who in ("engineer", "manager2"):
        with world.as_(who) as x, pytest.raises(NotFound):
            x.get(Declaration, mine(world).id)


def test_there_is_no_field_for_gifts() -> None:
    for resource in RESOURCES:
        for name in resource.record.__table__.columns.keys():  # noqa: SIM118 - names, not columns
            assert not any(word in name.lower() for word in GIFTS), f"{resource.kind}.{name}"
