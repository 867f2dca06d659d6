"""Every way in which a record is written, and what may go wrong while steps are taken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Conflict, delete_record
from dougong.access.tables import Deputy
from dougong.errors import Changed
from dougong.plugins.registry import Registry
from dougong.records import actions, bulk_actions, bulk_write, clockmath, history, journal
from dougong.records.tables import ClockStep, History
from dougong.tenancy.tables import due
from dougong.testing.clients import running
from dougong.testing.running import run_due
from dougong.timing import clockwork, recomputing

from . import errands
from .conftest import CALENDAR, Office
from .errands import Errand, resource
from .test_clocks import at


def test_one_statement_creates_a_record_with_its_clocks(
    office: Office, shared_database: Any, errand_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_options: Any) -> None:
        raise AssertionError("a unit of work")

    with running(shared_database, errand_registry, tmp_path / "home") as platform:
        monkeypatch.setattr(actions, "create", refuse)
        program = platform.program(office.company, "service_agent_n1")
        answer = program.api("POST", "/errands/errand", {"site": "n1", "title": "Lamp", "size": "large"})
        assert answer.status_code == 201, answer.text
        id = UUID(answer.json()["id"])
    made = office.get(id)
    assert made.due == at("2026-03-03T18:00")
    assert made.timing is not None
    assert office.waits(id) == clockmath.next_of(made.timing) == at("2026-03-02T14:00")
    office.clock.at(at("2026-03-02T14:00"))
    office.run()
    assert office.get(id).news_late


def test_an_import_starts_no_clock_until_the_record_comes_back(office: Office) -> None:
    with office.company.acting("service_lead_n1", "errands") as x:
        row = bulk_write.ImportRow(office.company.sites["n1"], {"title": "old"})
        made = bulk_write.create_many(resource, [row], x)[0]
        assert isinstance(made, Errand)
        id = made.id
    assert office.get(id).due is None
    assert office.waits(id) is None
    office.edit(id, size="large")
    office.do(id, "begin")
    assert office.get(id).due is None
    office.do(id, "drop")
    office.do(id, "again")
    assert office.get(id).due == at("2026-03-03T18:00")


def test_an_import_that_changes_a_record_moves_its_clocks_and_starts_none(office: Office) -> None:
    id = office.create()
    with office.company.acting("service_lead_n1", "errands") as x:
        bulk_write.change_many(resource, {id: bulk_write.ImportRow(office.company.sites["n1"], {"size": "large"})}, x)
    assert office.get(id).due == at("2026-03-03T18:00")
    office.do(id, "drop")
    assert office.waits(id) is None


def test_many_at_once_each_have_their_row_and_the_refused_none(office: Office) -> None:
    ids = [office.create() for _count in range(3)]
    office.do(ids[1], "drop")
    with office.company.acting("service_lead_n1", "errands") as x:
        done = bulk_actions.run_all(resource, ids, "do:hold", {}, x)
    assert [one.problem is None for one in done] == [True, False, True]
    assert office.waits(ids[1]) is None
    assert office.waits(ids[0]) == office.waits(ids[2]) == at("2026-03-02T14:00")  # only the news run on


def test_a_deleted_record_leaves_nothing(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=8)
    office.run()
    with office.company.acting(None, "errands") as x:
        delete_record(x, x.session.get_one(Errand, (x.tenant, id)), reason="term")
    with office.company.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ClockStep)) == 0
    assert office.waits(id) is None
    with office.company.acting(None) as x:
        assert clockwork.take(x, "errands.errand", id)  # a job that was on its way


def test_companies_do_not_see_each_other(office: Office, other: Office) -> None:
    mine = office.create(round_the_clock=True)
    theirs = other.create(round_the_clock=True)
    other.do(theirs, "drop")
    office.clock.move(hours=8)
    assert office.run()
    assert office.get(mine).late
    assert not other.get(theirs).late
    with other.company.acting(None) as x:
        assert x.session.scalar(sa.select(sa.func.count()).select_from(ClockStep)) == 0
        assert clockwork.take(x, "errands.errand", mine)  # not theirs: nothing to take
    with other.company.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(due)) == 0


def test_a_module_that_is_off_keeps_its_clocks_waiting(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.company.switch("errands", False)
    office.clock.move(days=1)
    assert office.run() == []
    assert not office.get(id).late
    office.clock.move(minutes=10)
    office.company.switch("errands", True)
    assert ("overdue", "resolution") in [t[:2] for t in office.run()]  # at once, not when it was to be looked at again


def test_a_suspended_company_takes_no_step(office: Office, owner: Callable[[str], None]) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(days=1)
    owner("UPDATE platform.tenant SET status = 'suspended' WHERE slug = 'anhe'")
    run_due(office.company, failing=True)
    owner("UPDATE platform.tenant SET status = 'active' WHERE slug = 'anhe'")
    assert not office.get(id).late
    office.clock.move(hours=1)
    office.run()
    assert office.get(id).late


@pytest.fixture
def owner(shared_database: Any) -> Callable[[str], None]:
    import psycopg

    def run(statement: str) -> None:
        with psycopg.connect(shared_database.owner, autocommit=True) as connection:
            connection.execute(statement)

    return run


def test_mark_and_effect_go_together(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=8)

    def die(*_given: Any, **_options: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(journal, "settle", die)
        ran = run_due(office.company, failing=True)
    assert isinstance(ran[0].error, RuntimeError)
    assert not office.get(id).late
    with office.company.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ClockStep)) == 0
    office.clock.move(minutes=1)  # tried again
    assert ("overdue", "resolution") in [t[:2] for t in office.run()]


def test_whoever_edits_while_a_step_is_taken_is_not_disturbed(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=8)
    with office.company.acting("service_lead_n1", "errands") as x:
        held = x.session.get_one(Errand, (x.tenant, id))  # opened before
        assert not held.late
        office.run()
        assert office.get(id).late
        actions.update(resource, id, {"title": "edited"}, x, version=held.row_version)
    found = office.get(id)
    assert (found.title, found.late) == ("edited", True)
    office.clock.move(minutes=1)
    assert office.run() == []  # what the edit did not know was not done again
    with office.company.session() as session:
        assert history.verify(session, Errand.kind, id)


def test_a_step_that_moves_the_record_conflicts_with_an_edit_visibly(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(days=70)
    with office.company.acting("service_lead_n1", "errands") as x:
        held = x.session.get_one(Errand, (x.tenant, id))
        office.run()
        with pytest.raises(Changed):
            actions.update(resource, id, {"title": "edited"}, x, version=held.row_version)
    assert office.get(id).status is errands.State.GONE


def test_what_a_step_may_not_do_is_noted_and_the_others_go_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id = office.create(round_the_clock=True)

    def refuse(*_given: Any) -> None:
        raise Conflict(errands._("Not now."))

    step = errands.flow.clocks["end"].steps_for(office.company.snapshot.settings("errands"))[0]
    monkeypatch.setitem(step.__dict__, "run", refuse)
    office.clock.move(days=70)
    office.run()
    found = office.get(id)
    assert found.status is errands.State.NEW
    assert found.late
    with office.company.session() as session:
        said = list(session.scalars(sa.select(History.inputs).where(History.record_id == id)))
    assert {"Not now."} == {one["refused"] for one in said if "refused" in one}


def test_deputies_stand_in_for_the_absent(office: Office) -> None:
    people = office.company.people
    agent, lead = people["service_agent_n1"], people["service_lead_n1"]
    away = Deputy(person_id=agent, deputy_id=lead, starts_at=at("2026-03-01"), ends_at=at("2026-03-20"))
    with office.company.session() as session:
        session.add(away)
    id = office.create(owner_id=str(agent), round_the_clock=True)
    office.clock.move(hours=6)
    try:
        assert ("due_soon", "resolution", ("service_lead_n1",)) in office.run()
    finally:
        with office.company.session() as session:
            session.execute(sa.delete(Deputy))
    office.do(id, "drop")


def test_a_changed_calendar_moves_running_clocks_with_an_entry(
    office: Office, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputing, "BATCH", 2)
    ids = [office.create() for _count in range(5)]
    over, held, theirs = office.create(round_the_clock=True), office.create(), other.create()
    office.do(held, "hold")
    office.do(ids[4], "finish")
    version = office.get(ids[0]).row_version
    office.company.settings("core", calendar={**CALENDAR, "days_off": ["2026-03-02"]})
    try:
        with office.company.session() as session:
            session.execute(
                sa.insert(due).values(
                    tenant_id=office.company.tenant,
                    kind="core.calendar",
                    id=office.company.tenant,
                    due_at=office.clock.now,
                )
            )
        office.run()
        for id in ids[:4]:
            found = office.get(id)
            assert found.due == at("2026-03-03T18:00")
            assert found.news_by == at("2026-03-03T14:00")
            assert office.waits(id) == at("2026-03-03T14:00")
            assert found.row_version == version
            with office.company.session() as session:
                entry = session.scalars(
                    sa.select(History).where(History.record_id == id).order_by(History.id.desc())
                ).first()
                assert entry is not None
                assert entry.action == "clock"
                assert entry.inputs["why"] == "calendar"
                assert set(entry.changes) >= {"due", "news_by"}
                assert history.verify(session, Errand.kind, id)
        assert office.get(ids[4]).due == at("2026-03-02T18:00")  # done is done
        assert office.get(over).due == at("2026-03-02T17:00")
        assert other.get(theirs).due == at("2026-03-02T18:00")
        office.clock.at(at("2026-03-03T09:00"))
        office.do(held, "resume")
        assert office.get(held).due == at("2026-03-03T18:00")  # it lay still on a day off
    finally:
        office.company.settings("core", calendar=CALENDAR)


def test_what_was_overdue_under_the_old_calendar_stays_late(office: Office) -> None:
    id = office.create()
    office.clock.at(at("2026-03-02T18:30"))
    office.company.settings("core", calendar={**CALENDAR, "days_off": ["2026-03-02"]})
    try:
        with office.company.acting(None) as x:
            recomputing.recalculate(x, office.company.tenant)
        office.run()
        found = office.get(id)
        assert found.due == at("2026-03-03T18:00")
        assert found.late
        office.clock.at(at("2026-03-03T18:00"))
        assert "overdue" in [t[0] for t in office.run() if t[1] == "resolution"]
    finally:
        office.company.settings("core", calendar=CALENDAR)


def test_the_line_is_that_of_the_moment(office: Office) -> None:
    """Who leads the site when the step is taken hears of it, not who did when the record was made."""
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), round_the_clock=True)
    office.clock.move(hours=8)
    extra = office.company.add_person("new_lead", ("service_lead", "n1"))
    told = [t for t in office.run() if t[:2] == ("escalated", "resolution")]
    assert extra
    assert "new_lead" in told[0][2]
    office.do(id, "finish")


def test_a_point_that_a_company_moves_is_kept_to(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), round_the_clock=True)
    office.do(id, "tell")
    office.company.settings("errands", soon=0.9)
    try:
        office.clock.move(hours=6)  # where it stood before
        assert ("due_soon", "resolution", ("service_agent_n1",)) not in office.run()
        waits = office.waits(id)
        assert waits is not None
        assert waits > office.clock.now
        office.clock.move(hours=1.2)
        assert ("due_soon", "resolution", ("service_agent_n1",)) in office.run()
    finally:
        office.company.settings("errands", soon=0.75)


def test_a_clock_that_is_not_declared_any_more_wakes_nobody(office: Office) -> None:
    id = office.create(valid_until="2026-03-20")
    office.do(id, "drop")
    office.run()
    with office.company.session() as session:
        held = session.get_one(Errand, (office.company.tenant, id))
        held.timing = {"gone": {"on": "run", "run": 1, "next": "2026-03-02T01:00:00+00:00"}}
    office.clock.at(at("2026-03-14T00:00"))
    office.run()
    assert office.waits(id) is None


def test_the_page_tells_what_clocks_did_and_the_list_finds_the_overdue(
    office: Office, shared_database: Any, errand_registry: Registry, tmp_path: Path
) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), round_the_clock=True)
    office.clock.move(hours=8)
    office.run()
    office.company.settings("core", calendar={**CALENDAR, "days_off": ["2026-03-02"]})
    with office.company.acting(None) as x:
        recomputing.recalculate(x, office.company.tenant)
    office.run()
    office.company.settings("core", calendar=CALENDAR)
    with running(shared_database, errand_registry, tmp_path / "home") as platform:
        browser = platform.browser(office.company, "service_lead_n1")
        page = browser.get(f"/errands/errand/{id}", headers={"accept-language": "en"})
        assert page.status_code == 200
        office.clock.move(minutes=1)
        program = platform.program(office.company, "service_lead_n1")
        listed = program.api("GET", "/errands/errand?clock=resolution:overdue").json()
    for words in (
        "Overdue: Resolution",
        "Escalated: Resolution",
        "Due time moved with the calendar: News, End",
        "Told",
    ):
        assert words in page.text
    assert [one["id"] for one in listed["results"]] == [str(id)]


def test_the_list_is_narrowed_by_how_a_clock_stands(
    office: Office, shared_database: Any, errand_registry: Registry, tmp_path: Path
) -> None:
    until = {
        "over": "02T09:30", "soon": "02T10:30", "today": "02T20:00", "later": "03T09:00", "moved": "02T09:30",
        "met": "02T20:00", "missed": "02T09:15",
    }  # fmt: skip
    ids = {name: office.create(title=name, fixed=f"2026-03-{at}:00+08:00") for name, at in until.items()}
    office.do(office.create(title="held"), "hold")
    office.clock.move(hours=1)
    for name in ("met", "missed"):
        office.do(ids[name], "finish")
    office.edit(ids["moved"], fixed="2026-03-03T09:00:00+08:00")
    found = {}
    with running(shared_database, errand_registry, tmp_path / "home") as platform:
        program = platform.program(office.company, "service_lead_n1")
        for state in ("overdue", "soon", "today", "running", "paused", "late", "met"):
            listed = program.api("GET", f"/errands/errand?clock=resolution:{state}").json()["results"]
            found[state] = {one["title"] for one in listed}
    assert found == {
        "overdue": {"over"},
        "soon": {"soon"},
        "today": {"soon", "today"},
        "running": {"over", "soon", "today", "later", "moved"},
        "paused": {"held"},
        "late": {"over", "moved", "missed"},
        "met": {"met"},
    }


def test_two_workers_at_once_take_each_step_once(office: Office) -> None:
    ids = [office.create(round_the_clock=True) for _count in range(6)]
    office.clock.move(hours=20)

    def work(_worker: int) -> int:
        for id in ids:
            with office.company.acting(None) as x:
                assert clockwork.take(x, "errands.errand", id)
        return 1

    errands.TOLD.clear()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 4
    told = [event for event, clock, _people, facts in errands.TOLD if clock == "resolution" and facts]
    assert sorted(told) == sorted(["overdue", *["escalated"] * 3] * 6)
    with office.company.session() as session:
        marks = sa.select(sa.func.count()).where(ClockStep.clock == "resolution")
        assert session.scalar(marks) == 24


def test_a_record_of_a_broken_plugin_waits_until_it_is_mended(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=8)
    with monkeypatch.context() as broken:
        broken.delitem(office.company.registry.resources, Errand.kind)
        assert office.run() == []
        office.clock.move(hours=1)
        assert office.run() == []
    assert not office.get(id).late
    office.clock.move(hours=1)
    assert ("overdue", "resolution") in [told[:2] for told in office.run()]
    assert office.get(id).late
