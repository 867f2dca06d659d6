"""An authority's order from signing to closing, on time; its deadline moves by the agency's document alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Conflict, Invalid, Upload
from dougong.errors import Forbidden, NotFound, Problem
from dougong.records import actions
from dougong_liaison.choices import ItemState, OrderState
from dougong_liaison.records import Agency, Deferral, Item, Order
from dougong_liaison.resources import order as resource

if TYPE_CHECKING:
    from dougong.testing.clock import Clock

    from .conftest import World

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def agency(world: World) -> UUID:
    with world.as_("boss") as x:
        made = x.submit(
            Agency, world.sites["company"], {"nature": "fire", "name": "消防救援大队", "jurisdiction": "安禾区"}
        )
        return made.id


def sign(world: World, agency: UUID, **over: Any) -> UUID:
    body = {
        "title": "消防责令改正", "agency_id": str(agency), "document": "消责改12号", "received_on": "2026-03-02",
        "deadline_on": "2026-03-12", "items": "补齐灭火器\n清理消防通道", "owner_id": str(world.people["manager"]), **over,
    }  # fmt: skip
    with world.as_("manager") as x:
        return x.submit(Order, world.sites["garden"], body).id


def take(world: World, who: str, id: UUID, step: str, /, **body: Any) -> None:
    with world.as_(who) as x:
        x.take(x.get(Order, id), step, **body)


def attach(world: World, id: UUID, folder: Path, name: str) -> None:
    file = folder / name
    file.write_bytes(b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF " + name.encode())
    with world.as_("manager") as x:
        x.attach(x.get(Order, id), Upload.of(file, name))


def see(world: World, id: UUID) -> Order:
    with world.as_(None) as x:
        found = x.session.get_one(Order, (world.tenant, id))
        x.session.expunge(found)
        return found


def rectify_all(world: World, id: UUID) -> None:
    with world.as_("manager") as x:
        for one in x.session.scalars(x.readable(Item).where(Item.order_id == id)).all():
            x.take(one, "rectify", result="已完成")


def test_an_order_is_answered_and_closed_on_time(world: World, agency: UUID, clock: Clock, tmp_path: Path) -> None:
    clock.at(START)
    id = sign(world, agency)
    take(world, "manager", id, "assign", person=str(world.people["security"]))
    with world.as_(None) as x:
        items = x.session.scalars(sa.select(Item).where(Item.order_id == id).order_by(Item.number)).all()
        assert [one.text for one in items] == ["补齐灭火器", "清理消防通道"]
        assert {one.owner_id for one in items} == {world.people["security"]}
        assert {one.status for one in items} == {ItemState.OPEN}
    take(world, "manager", id, "begin")
    with pytest.raises(Conflict):
        take(world, "manager", id, "answer", reply="已整改")  # items are open
    rectify_all(world, id)
    with pytest.raises(Conflict):
        take(world, "manager", id, "answer", reply="已整改")  # nothing is attached
    attach(world, id, tmp_path, "reply.pdf")
    clock.at(dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))
    take(world, "manager", id, "answer", reply="已整改")
    take(world, "manager", id, "recheck")
    take(world, "manager", id, "close")
    found = see(world, id)
    assert found.status is OrderState.CLOSED
    assert found.closed_at is not None
    assert not found.late


def test_the_deadline_moves_by_the_agencys_document_alone(
    world: World, agency: UUID, clock: Clock, tmp_path: Path
) -> None:
    clock.at(START)
    id = sign(world, agency)
    with world.as_("boss") as x, pytest.raises(Problem):
        actions.update(resource, id, {"deadline_on": "2026-04-30"}, x, version=see(world, id).row_version)
    with pytest.raises(Conflict):
        take(world, "manager", id, "defer", document="消延1号", until="2026-03-31")
    attach(world, id, tmp_path, "extension.pdf")
    with pytest.raises(Invalid):
        take(world, "manager", id, "defer", document="消责改12号", until="2026-03-31")  # the order itself
    take(world, "manager", id, "defer", document="消延1号", until="2026-03-31")
    found = see(world, id)
    assert found.deadline_on == dt.date(2026, 3, 31)
    assert found.due_by is not None
    assert found.due_by.date() == dt.date(2026, 3, 31)
    with world.as_(None) as x:
        (kept,) = x.children(x.session.get_one(Order, (world.tenant, id)), Deferral)
        assert (kept.before, kept.file_name) == (dt.date(2026, 3, 12), "extension.pdf")
    with pytest.raises(Conflict):  # one document moves it once
        take(world, "manager", id, "defer", document="消延2号", until="2026-04-30")


def test_bad_dates_and_strangers_are_refused(world: World, agency: UUID, clock: Clock) -> None:
    clock.at(START)
    with pytest.raises(Invalid):
        sign(world, agency, received_on="2026-03-03")
    with pytest.raises(Invalid):
        sign(world, agency, deadline_on="2026-03-01")
    with pytest.raises(Invalid):
        sign(world, agency, items="\n".join("x" * 3 for _n in range(101)))
    id = sign(world, agency)
    with pytest.raises((Forbidden, NotFound)):
        take(world, "manager2", id, "assign", person=str(world.people["manager2"]))
    with pytest.raises(Invalid):
        take(world, "manager", id, "fine", document="罚1号", amount=-1, reason="未按期")
    take(world, "manager", id, "fine", document="罚1号", amount=500000, reason="未按期")
    with pytest.raises(Invalid):
        take(world, "manager", id, "fine", document="罚1号", amount=500000, reason="未按期")
    assert see(world, id).penalty == 500000
