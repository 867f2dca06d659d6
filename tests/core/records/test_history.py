"""History is append-only, sealed, and able to forget a person."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong import Conflict, now
from dougong.records import actions, history
from dougong.records.tables import History, HistoryValue

from ..declaration.conftest import World
from ..declaration.inspections import RESOURCES, Revision

TEMPLATE, _TASK, FINDING = RESOURCES


def finding(world: World, text: str = "Lamp out") -> Any:
    with world.work("manager", "rounds") as x:
        return actions.create(FINDING, {"text": text}, x, site=world.sites["garden"])


def entries(world: World, record: Any) -> list[History]:
    with world.work(None, "rounds") as x:
        query = sa.select(History).where(History.record_id == record.id).order_by(History.id)
        return list(x.session.scalars(query))


def test_each_action_leaves_one_entry_with_before_and_after(world: World) -> None:
    record = finding(world)
    with world.work("manager", "rounds") as x:
        actions.update(FINDING, record.id, {"text": "Lamp in the lobby out"}, x, version=record.row_version)
        actions.transition(FINDING, record.id, "dispatch", {"rectifier_id": str(world.people["fitter"])}, x)
    created, edited, moved = entries(world, record)
    assert [e.action for e in (created, edited, moved)] == ["create", "edit", "dispatch"]
    assert edited.changes == {"text": ["Lamp out", "Lamp in the lobby out"]}
    assert moved.changes["status"] == ["open", "rectifying"]
    assert moved.actor_id == world.people["manager"]


def test_an_altered_entry_breaks_the_seal(world: World, shared_database: Any) -> None:
    record = finding(world)
    with world.work("manager", "rounds") as x:
        assert history.verify(x.session, FINDING.kind, record.id)
    with psycopg.connect(shared_database.superuser) as database:  # nobody else can
        database.execute(
            "UPDATE core.history SET changes = jsonb_set(changes, '{text,1}', '\"nothing\"') WHERE record_id = %s",
            (record.id,),
        )
    with world.work("manager", "rounds") as x:
        assert not history.verify(x.session, FINDING.kind, record.id)


@pytest.mark.parametrize("statement", ["UPDATE core.history SET action = 'x'", "DELETE FROM core.history"])
def test_the_application_cannot_rewrite_history(world: World, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), world.work("manager", "rounds") as x:
        x.session.execute(sa.text(statement + " WHERE record_kind = :kind"), {"kind": "x"})


def test_a_personal_value_is_forgotten_and_the_seal_still_holds(world: World) -> None:
    record = finding(world)
    with world.work("manager", "rounds") as x:
        entry = history.write(
            x.session,
            FINDING.kind,
            record.id,
            "edit",
            actor=x.actor,
            at=now(),
            changes={"phone": (None, "13800138000")},
            personal=frozenset({"phone"}),
        )
        x.session.flush()
        assert "13800138000" not in str(entry.changes)
        kept = x.session.scalars(sa.select(HistoryValue).where(HistoryValue.history_id == entry.id)).one()
        assert kept.value == "13800138000"
        assert history.verify(x.session, FINDING.kind, record.id)
        kept.value, kept.salt = None, None
    with world.work("manager", "rounds") as x:
        assert history.verify(x.session, FINDING.kind, record.id)


def test_a_wrong_personal_value_is_found(world: World) -> None:
    record = finding(world)
    with world.work("manager", "rounds") as x:
        entry = history.write(
            x.session,
            FINDING.kind,
            record.id,
            "edit",
            actor=None,
            at=now(),
            changes={},
            inputs={"who": "A"},
            personal=frozenset({"who"}),
        )
        kept = x.session.scalars(sa.select(HistoryValue).where(HistoryValue.history_id == entry.id)).one()
        kept.value = "B"
        x.session.flush()
        assert not history.verify(x.session, FINDING.kind, record.id)


def test_nothing_is_written_when_a_step_is_refused(world: World) -> None:
    record = finding(world)
    with pytest.raises(Conflict), world.work("manager", "rounds") as x:
        actions.transition(FINDING, record.id, "verify", {}, x)
    assert len(entries(world, record)) == 1


def test_an_entry_raises_its_records_version_even_within_the_same_instant(world: World) -> None:
    with world.work(None, "rounds") as x:
        template = actions.create(TEMPLATE, {"name": "Weekly"}, x, site=world.sites["company"])
        before = template.row_version
        x.add(template, Revision(revision=1))
        x.session.flush()
        assert template.row_version == before + 1
