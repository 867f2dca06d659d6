"""A person is found in the complaints, wherever the name or number stands, and erased while the history stays true."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.errors import Conflict
from dougong.records import actions, erasure, history, retention
from dougong.records.tables import History, HistoryValue
from dougong_complaints.records import Complaint
from dougong_complaints.resource import resource

from .conftest import BODY, World

OWN = ("complainant", "phone", "room")


def new(world: World, **over: Any) -> Complaint:
    return world.see(world.register(**over))


def hits(world: World, *terms: str) -> list[tuple[str, tuple[str, ...]]]:
    with world.as_(None) as x:
        return [(hit.number, hit.fields) for hit in erasure.find(x, resource, terms)]


def erased(world: World, complaint: Complaint, **more: Any) -> tuple[str, ...]:
    with world.as_(None) as x:
        return erasure.erase(x, x.get(Complaint, complaint.id), reason="request 1", **more)


@pytest.mark.parametrize("term", ["13800005678", "138 0000 5678", "138-0000-5678", "+86 138 0000 5678"])
def test_a_number_is_found_however_it_is_written(world: World, term: str) -> None:
    one = new(world, phone="138 0000 5678")
    new(world, phone="13900005678", complainant="赵先生", room="1-1-101")
    assert hits(world, term) == [(one.number, ("phone",))]


def test_names_and_rooms_are_found_and_nothing_by_an_empty_term(world: World) -> None:
    one = new(world)
    assert hits(world, "王女士", "3-2-1801") == [(one.number, ("complainant", "room"))]
    assert hits(world, "", "  ", "王") == []
    assert hits(world, "%", "_", "'; drop table") == []


def test_erasing_takes_the_values_everywhere_and_the_chain_still_holds(world: World) -> None:
    one = new(world)
    with world.as_("lead") as x:
        actions.update(resource, one.id, {"phone": "13700001111"}, x, version=one.row_version)
    taken = erased(world, one)
    assert sorted(taken) == sorted(OWN)
    with world.as_(None) as x:
        found = x.get(Complaint, one.id)
        assert [getattr(found, name) for name in OWN] == [None, None, None]
        assert found.statement == BODY["statement"]
        rows = list(x.session.scalars(sa.select(History).where(History.record_id == one.id).order_by(History.id)))
        assert [row.action for row in rows] == ["create", "edit", "erase"]
        assert rows[-1].inputs["fields"] == sorted(OWN)
        kept = list(x.session.scalars(sa.select(HistoryValue)))
        assert kept
        assert all(one.value is None and one.salt is None for one in kept)
        assert history.verify(x.session, Complaint.kind, one.id)
    text = json.dumps([[r.changes, r.inputs] for r in rows])
    assert not any(word in text for word in ("王女士", "13800005678", "13700001111", "3-2-1801"))
    assert hits(world, "王女士", "13700001111") == []


def test_erasing_twice_takes_nothing_more(world: World) -> None:
    one = new(world)
    erased(world, one)
    assert erased(world, one) == ()


def test_a_legal_hold_stops_it_and_is_told(world: World) -> None:
    one = new(world)
    with world.as_("manager") as x:
        retention.hold(x, x.get(Complaint, one.id), "court case 12")
    with pytest.raises(Conflict) as refused:
        erased(world, one)
    assert "court case 12" in str(refused.value.detail)
    with world.as_("manager") as x:
        retention.release(x, x.get(Complaint, one.id), "settled")
    assert erased(world, one)
    with world.as_(None) as x:
        rows = x.session.scalars(sa.select(History.action).where(History.record_id == one.id).order_by(History.id))
        assert list(rows) == ["create", "hold_set", "hold_released", "erase"]


def test_erasing_raises_the_version_so_that_an_open_form_cannot_bring_it_back(world: World) -> None:
    one = new(world)
    erased(world, one)
    with world.as_(None) as x:
        assert x.get(Complaint, one.id).row_version > one.row_version


def test_a_record_taken_whole_leaves_only_its_history(world: World) -> None:
    one = new(world)
    with world.as_("agent") as x:
        x.take(x.get(Complaint, one.id), "notify", text="今天上门", channel="phone")
    with world.as_(None) as x:
        erasure.delete(x, x.get(Complaint, one.id), reason="term of 3 years")
    with world.as_(None) as x:
        for kind in (Complaint, *erasure.children_of(Complaint)):
            assert x.session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0
        last = x.session.scalars(
            sa.select(History.action).where(History.record_id == one.id).order_by(History.id.desc())
        ).first()
        assert last == "delete"
        assert history.verify(x.session, Complaint.kind, one.id)


def test_what_another_record_refers_to_is_not_deleted(world: World) -> None:
    master, merged = new(world), new(world)
    world.do("lead", merged.id, "merge", master=master.number, reason="same leak")
    with world.as_(None) as x, pytest.raises(Conflict):
        erasure.delete(x, x.get(Complaint, master.id), reason="term")
