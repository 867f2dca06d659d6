"""Complaints that were open before the clocks were the core's go on: nothing is told twice, nothing late is forgotten."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.tenancy.tables import due
from dougong_complaints.choices import State
from dougong_complaints.flow.clocks import receipt
from dougong_complaints.records import Complaint
from dougong_complaints.settings import Settings

MIGRATION = importlib.import_module("dougong_complaints.migrations.versions.0005_clocks_are_the_core_s")
OLD = ("resolve_from", "progress_from", "held_seconds")


def old_row(c: Complaint, **more: Any) -> dict[str, Any]:
    """A row as it was before: what the clocks remember stood in columns."""
    names = [a.key for a in sa.inspect(Complaint).column_attrs]
    plain = {name: getattr(getattr(c, name), "value", getattr(c, name)) for name in names}
    start = c.registered_at
    return {**plain, "resolve_from": start, "progress_from": start, "held_seconds": 0, "timing": None, **more}


@pytest.mark.parametrize("state", [State.NEW, State.WORKING, State.VISIT], ids=lambda s: s.value)
def test_the_memory_is_what_it_would_be(world: Any, state: State) -> None:
    """Written by the migration or reckoned here: the same start, length, key, and moments."""
    c = world.see(world.bring(state))
    made = MIGRATION._one(old_row(c), {}, world.clock.now)["timing"]
    for name, memory in made.items():
        now = (c.timing or {}).get(name, {"on": "off"})
        for part in ("on", "from", "term", "key", "in", "met"):
            if memory["on"] == "off":
                assert now["on"] == "off"
            elif memory["on"] == "run" or part in ("on", "met"):
                assert memory.get(part) == now.get(part), (name, part)


def test_held_ones_stand_still_and_go_on_later(world: Any) -> None:
    id = world.bring(State.HELD)
    c = world.see(id)
    memory = MIGRATION._one(old_row(c), {}, world.clock.now)["timing"]["resolution"]
    assert (memory["on"], memory["since"], memory["n"]) == ("held", c.held_at.isoformat(), 1)
    assert "next" not in memory


def test_what_lies_behind_is_noted_and_not_told(world: Any) -> None:
    c = world.see(world.bring(State.WORKING))
    assert c.resolve_by is not None
    late = MIGRATION._one(old_row(c), {}, c.resolve_by + dt.timedelta(minutes=1))
    assert late["resolve_late"]
    assert late["timing"]["resolution"]["done"] == {"remind_0.8": 1, "overdue": 1, "escalate_1": 1}
    assert late["next"] > c.resolve_by


def test_the_company_s_own_lengths_count(world: Any) -> None:
    c = world.see(world.bring(State.WORKING))
    own = {"categories": {"water_leak": {"first_contact": 10, "days": 2}}, "progress_hours": 5}
    made = MIGRATION._one(old_row(c, contacted_at=None), own, world.clock.now)["timing"]
    assert (made["contact"]["term"], made["resolution"]["term"], made["progress"]["term"]) == ([10 / 60], [0, 2], [5])


def test_leaders_without_receipt_are_waited_for(world: Any) -> None:
    c = world.see(world.register(severity="major"))
    made = MIGRATION._one(old_row(c), {}, world.clock.now)
    assert made["receipt_by"] == c.receipt_by
    assert made["timing"]["receipt"]["from"] == c.leaders_told_at.isoformat()
    assert made["timing"]["receipt"]["next"] == c.receipt_by.isoformat()


def test_a_receipt_that_was_long_owed_does_not_climb_all_the_way_at_once(world: Any) -> None:
    c = world.see(world.register(severity="major"))
    assert c.receipt_by is not None
    made = MIGRATION._one(old_row(c), {}, c.receipt_by + dt.timedelta(days=2))
    steps = {step.name for step in receipt.steps_for(Settings())}
    assert steps <= set(made["timing"]["receipt"]["done"])
    assert made["receipt_late"]
    assert "next" not in made["timing"]["receipt"]


def test_it_runs_company_by_company(world: Any) -> None:
    """The statements themselves, on the database as it is now, with the old columns put back for the moment."""
    ids = [world.bring(state) for state in (State.WORKING, State.HELD, State.VISIT, State.CLOSED)]
    before = {id: world.see(id) for id in ids}
    with world.engine.begin() as connection:
        for name, kind in zip(OLD, ("timestamptz", "timestamptz", "bigint NOT NULL DEFAULT 0"), strict=True):
            connection.exec_driver_sql(f"ALTER TABLE complaints.complaint ADD COLUMN {name} {kind}")
        try:
            past = "timing = NULL, resolve_from = registered_at, progress_from = registered_at"
            connection.execute(
                sa.text(f"UPDATE complaints.complaint SET {past} WHERE tenant_id = :t"), {"t": world.tenant}
            )
            connection.execute(sa.delete(due).where(due.c.tenant_id == world.tenant))
            MIGRATION._remember(connection, world.clock.now)
            rows = connection.execute(sa.select(due.c.kind, due.c.id).where(due.c.tenant_id == world.tenant)).all()
        finally:
            for name in OLD:
                connection.exec_driver_sql(f"ALTER TABLE complaints.complaint DROP COLUMN {name}")
    assert {id for kind, id in rows if kind == "complaints.complaint"} == {ids[0], ids[1], ids[2]}
    assert ("core.calendar", world.tenant) in [tuple(row) for row in rows]
    after = {id: world.see(id) for id in ids}
    assert after[ids[3]].timing is None
    for id in ids[:3]:
        assert after[id].timing["resolution"]["on"] == before[id].timing["resolution"]["on"]
    world.do("lead", ids[1], "resume")  # it goes on as if nothing had been
    assert world.see(ids[1]).resolve_by == before[ids[1]].resolve_by
