"""The part of the conformance suite about time: clocks start, stop and take their steps as they are declared, schedules follow
their module and run once for each of their moments, and neither reaches another company or anybody who may not see.

Owns no clocks of its own: it tries those that a module declares, on records in each of their states. It is inherited through
``conformance.Conformance``; a module without clocks or schedules skips it before a database is made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from ..access.people import ACTIVE
from ..plugins.registry import Registry
from ..records import awaiting, clockmath, erasure, reckoning
from ..records.clocks import Clock as Declared
from ..records.context import Context
from ..records.resource import Resource
from ..records.tables import ClockStep, History
from ..scheduling.jobs import Jobs
from ..tenancy import dues
from ..tenancy.tables import Site, due
from ..timing import planning
from ..timing.schedules import Schedule
from ..timing.tables import Occurrence, ScheduleRow
from ..words import Lazy, locale
from .around import sees
from .clock import Clock
from .companies import Company

PLACE = "n1"
YEAR = 366  # days
_X = Context[Any]
_Of = tuple[Resource[Any], UUID]


class InTime:
    """Tests that every plugin inherits with ``Conformance``."""

    module: ClassVar[str] = ""
    bodies: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @pytest.fixture
    def clocked(self, registry: Registry) -> list[Resource[Any]]:
        """The module's resources with clocks, of those with a body."""
        of_mine = (one for kind, one in registry.resources.items() if kind in self.bodies)
        found = [one for one in of_mine if one.flow is not None and one.flow.clocks]
        own = any(one.flow.clocks.keys() - one.flow.approvals.keys() for one in found if one.flow)
        return found if own else pytest.skip("it has no clock beside those of approvals, which run once it is submitted")

    @pytest.fixture
    def scheduled(self, registry: Registry) -> list[Schedule]:
        """The module's schedules that stand by themselves."""
        found = [one for of, one in registry.contributed(Schedule, frozenset([self.module])) if of == self.module]
        return [one for one in found if one.scope != "record"] or pytest.skip("it has no schedule")

    def create(self, resource: Resource[Any], site: str, x: _X, company: Company) -> Any:
        raise NotImplementedError

    def test_clocks_and_schedules_have_a_name_in_both_languages(self, registry: Registry) -> None:
        flows = [one.flow for one in registry.resources.values() if one.module == self.module and one.flow]
        named: list[Lazy | str | None] = [clock.label for flow in flows for clock in flow.clocks.values()]
        for _module, one in registry.contributed(Schedule, frozenset([self.module])):
            named += [one.label, one.help]
        assert [str(text) for text in named if text is not None and not _translated(text)] == []

    # ---- clocks ----

    def test_clocks_start_pause_and_stop_by_the_states(
        self, clocked: list[Resource[Any]], company: Company, clock: Clock
    ) -> None:
        """In whichever state a record comes, each clock is as declared, and one row says when the record is looked at next."""
        wrong: list[str] = []
        with company.acting(None, self.module) as x:
            for resource in clocked:
                record = self.create(resource, PLACE, x, company)
                awaiting.finish(x)  # a record that a job makes is settled when the job ends
                for state in _states(resource):
                    with _for_a_moment(x):
                        _bring(resource, record, state, x)
                        wrong += _not_as_declared(resource, record, state, x)
        assert wrong == []

    def test_steps_of_clocks_are_taken_once_and_in_one_company_only(
        self, clocked: list[Resource[Any]], company: Company, other_company: Company, clock: Clock
    ) -> None:
        """Also when a job is tried twice, when the record's memory of them is lost, and while the module is off elsewhere."""
        mine, theirs = (self._everywhere(clocked, one) for one in (company, other_company))
        other_company.switch(self.module, False)
        before, untouched = _memories(company, mine), _rows(other_company, theirs)
        listed = {(one.id, one.name) for one in clock.upcoming(YEAR, of=company)}
        assert {one for one in _waiting(company, mine) if one not in listed} == set(), "not among what is upcoming"
        clock.at(_last(company, mine) + dt.timedelta(minutes=1))
        clock.run()
        assert _open(company, mine) == [], "steps that were due were not taken"
        assert _rows(other_company, theirs) == untouched, "another company's records changed, or its module is off"
        assert _told_blindly(company, mine) == []
        once = _left(company, mine)
        _forget(company, before)
        clock.run()
        assert _left(company, mine) == once, "tried twice, steps did something twice"
        other_company.switch(self.module, True)
        clock.move(hours=2)
        clock.run()
        assert _open(other_company, theirs) == [], "the module is on again, and its clocks stand still"

    def test_no_clock_of_a_deleted_record_is_left(
        self, clocked: list[Resource[Any]], company: Company, clock: Clock
    ) -> None:
        for resource in clocked:
            with company.acting(None, self.module) as x:
                record = self.create(resource, PLACE, x, company)
                id = record.id
                erasure.erase(x, record, reason="conformance")
                awaiting.finish(x)
                assert _next_look(x, id) == clockmath.next_of(record.timing), (
                    "erased, its clocks are looked at otherwise"
                )
            with company.acting(None, self.module) as x:
                erasure.delete(x, x.get(resource.record, id), reason="conformance")
                awaiting.finish(x)
            with company.acting(None, self.module) as x:
                assert _next_look(x, id) is None

    def _everywhere(self, resources: list[Resource[Any]], company: Company) -> list[_Of]:
        """A record of each kind in each state in which a clock of it runs."""
        made = []
        with company.acting(None, self.module) as x:
            for resource in resources:
                for state in _states(resource, running=True):
                    record = self.create(resource, PLACE, x, company)
                    _bring(resource, record, state, x)
                    made.append((resource, record.id))
        return made

    # ---- schedules ----

    def test_schedules_run_once_each_time_and_follow_module_and_site(
        self, scheduled: list[Schedule], company: Company, other_company: Company, clock: Clock
    ) -> None:
        calls: Counter[tuple[UUID, UUID]] = Counter()
        clock.run()
        with _counted(scheduled, calls):
            for one in (company, other_company):
                assert _planned(one, scheduled) == {_place(one, s, site) for s in scheduled for site in _sites(s)}
            _shown(scheduled, company, clock)
            clock.at(max(at for one in (company, other_company) for at in _times(one, scheduled)))
            clock.run()
            for one in (company, other_company):
                _each_once(one, scheduled, calls)
            _twice(company, scheduled, clock, calls)
            _off_and_on(self.module, scheduled, company, other_company, clock, calls)
        _closed(scheduled, company, clock)


# ---- clocks: what is tried ----


def _translated(text: Lazy | str) -> bool:
    spoken = locale.set("zh")
    try:
        return isinstance(text, Lazy) and any("\u4e00" <= letter <= "\u9fff" for letter in str(text))
    finally:
        locale.reset(spoken)


def _states(resource: Resource[Any], *, running: bool = False) -> list[Any]:
    """States of a record, or those alone in which a clock runs; of one without states None, for its own."""
    assert resource.flow is not None
    if resource.state is None:
        return [None]
    clocks = resource.flow.clocks.values()
    kind = resource.record.__table__.c[resource.state].type.choice
    every = any(not clock.runs for clock in clocks)
    used = frozenset().union(*(clock.runs for clock in clocks))
    return [one for one in kind if not running or one in used] or ([None] if every else [])


def _bring(resource: Resource[Any], record: Any, state: Any, x: _X) -> None:
    """Put a record into a state, and reckon its clocks as a write does."""
    if state is not None and resource.state is not None:
        setattr(record, resource.state, state)
    with x.session.no_autoflush:
        reckoning.reckon(resource, record, x)
    x.session.flush()
    awaiting.finish(x)


@contextmanager
def _for_a_moment(x: _X) -> Iterator[None]:
    nested = x.session.begin_nested()
    try:
        yield
    finally:
        nested.rollback()
        x.session.info.pop("due", None)


def _not_as_declared(resource: Resource[Any], record: Any, state: Any, x: _X) -> Iterator[str]:
    assert resource.flow is not None
    for clock in resource.flow.clocks.values():
        m = (record.timing or {}).get(clock.name, {})
        at, on = getattr(record, clock.due), m.get("on", clockmath.OFF)
        named = f"{resource.kind}: clock {clock.name} in {state}"
        if on != _declared(clock, record, state, x) and on != clockmath.MET:
            yield f"{named} is {on!r}"
        if (on in (clockmath.RUN, clockmath.HELD) and at is None) or (on == clockmath.OFF and at is not None):
            yield f"{named} is {on!r} and due at {at}"
        if on != clockmath.RUN and m.get("next"):
            yield f"{named} is {on!r} and takes steps"
    if (looked := _next_look(x, record.id)) != (to_come := clockmath.next_of(record.timing)):
        yield f"{resource.kind} in {state}: looked at {looked}, to come {to_come}"


def _declared(clock: Declared[Any, Any], record: Any, state: Any, x: _X) -> str:
    """What a clock is in a state, as its declaration reads; it may have been met instead."""
    inside = not clock.runs or state in clock.runs or state in clock.pauses
    if not inside or clock.term(record, x) is None:
        return clockmath.OFF
    stands = state in clock.pauses and (clock.pausing is None or clock.pausing(record, x))
    return clockmath.HELD if stands else clockmath.RUN


def _next_look(x: _X, id: UUID) -> dt.datetime | None:
    return x.session.scalar(sa.select(due.c.due_at).where(due.c.tenant_id == x.tenant, due.c.id == id))


def _pending(company: Company, several: list[_Of]) -> Iterator[tuple[UUID, str, str, dt.datetime]]:
    """The steps that are still to be taken: record, clock, step, when."""
    for resource, id in several:
        assert resource.flow is not None
        with company.acting(None, resource.module) as x:
            record = x.session.get_one(resource.record, (company.tenant, id))
            for clock in resource.flow.clocks.values():
                m = (record.timing or {}).get(clock.name, {})
                when = getattr(record, clock.due)
                if m.get("on") == clockmath.RUN and when is not None:
                    for at, step in clockmath.pending(clock.steps_for(x.settings), m, when, record, x):
                        yield id, clock.name, step.name, at


def _waiting(company: Company, several: list[_Of]) -> set[tuple[UUID, str]]:
    """Which clocks of which records take a step within the year."""
    with company.acting(None) as x:
        until = x.now + dt.timedelta(days=YEAR)
    return {(id, clock) for id, clock, _step, at in _pending(company, several) if at <= until}


def _last(company: Company, several: list[_Of]) -> dt.datetime:
    found = [at for _id, _clock, _step, at in _pending(company, several)]
    assert found, "no clock of any record takes a step: give bodies with which they run"
    return max(found)


def _open(company: Company, several: list[_Of]) -> list[str]:
    with company.acting(None) as x:
        moment = x.now
    return [f"{clock} {step} {at}" for _id, clock, step, at in _pending(company, several) if at <= moment]


def _memories(company: Company, several: list[_Of]) -> dict[UUID, tuple[Resource[Any], Any]]:
    with company.session() as session:
        found = [(r, session.get_one(r.record, (company.tenant, id))) for r, id in several]
        return {one.id: (resource, one.timing) for resource, one in found}


def _rows(company: Company, several: list[_Of]) -> list[Any]:
    """Everything that steps could change."""
    with company.session() as session:
        rows = [
            session.execute(
                sa.select(r.record.__table__).where(r.record.tenant_id == company.tenant, r.record.id == id)
            ).one()
            for r, id in several
        ]
    return [rows, _left(company, several)]


def _left(company: Company, several: list[_Of]) -> tuple[int, int]:
    """How many steps were marked, and how many entries the records' histories have."""
    ids = [id for _resource, id in several]
    with company.session() as session:
        marks = sa.select(sa.func.count()).where(ClockStep.tenant_id == company.tenant, ClockStep.record_id.in_(ids))
        told = sa.select(sa.func.count()).where(History.tenant_id == company.tenant, History.record_id.in_(ids))
        return session.scalar(marks) or 0, session.scalar(told) or 0


def _forget(company: Company, before: Mapping[UUID, tuple[Resource[Any], Any]]) -> None:
    """As if somebody had written the records with what they remembered before, and the job came again."""
    with company.session() as session:
        for id, (resource, memory) in before.items():
            table = resource.record.__table__
            mine = table.c.tenant_id == company.tenant, table.c.id == id
            session.execute(sa.update(table).where(*mine).values(timing=memory))
            moment = session.scalar(sa.select(sa.func.min(ClockStep.at)).where(ClockStep.record_id == id))
            if moment is not None:
                dues.put(session, company.tenant, [(resource.kind, id, moment)])


def _told_blindly(company: Company, several: list[_Of]) -> list[str]:
    """Who was told of a record that they do not see, or is not there any more."""
    kinds = {id: resource for resource, id in several}
    names = {id: name for name, id in company.people.items()}
    with company.session() as session:
        steps = session.scalars(sa.select(ClockStep).where(ClockStep.record_id.in_(kinds))).all()
        told = {(one.record_id, person, one.clock) for one in steps for person in one.people}
    active = {id for id, one in company.snapshot.people.items() if one.status == ACTIVE}
    seen = {(id, p): p in active and sees(company, names[p], kinds[id], id) for id, p, _clock in told}
    return sorted(f"{names[p]} was told by {clock}" for id, p, clock in told if not seen[id, p])


# ---- schedules: what is tried ----

_Place = tuple[str, UUID | None]


def _sites(one: Schedule) -> tuple[str | None, ...]:
    return ("n1", "n2", "s1") if one.scope == "site" else (None,)


def _place(company: Company, one: Schedule, site: str | None) -> _Place:
    return one.name, company.sites[site] if site else None


def _all(company: Company, several: Iterable[Schedule]) -> list[ScheduleRow]:
    names = [one.name for one in several]
    with company.session() as session:
        mine = sa.select(ScheduleRow).where(ScheduleRow.name.in_(names), ScheduleRow.subject_id.is_(None))
        found = list(session.scalars(mine))
        session.expunge_all()
    return found


def _planned(company: Company, several: Iterable[Schedule]) -> set[_Place]:
    """Those that will fire, each with its due row."""
    with company.session() as session:
        awaited = set(session.scalars(sa.select(due.c.id).where(due.c.kind == planning.KIND)))
    found = _all(company, several)
    assert all((row.next_at is not None) == (row.id in awaited) for row in found), "due rows and next times differ"
    return {(row.name, row.site_id) for row in found if row.next_at is not None}


def _times(company: Company, several: Iterable[Schedule]) -> list[dt.datetime]:
    return [row.next_at for row in _all(company, several) if row.next_at is not None]


def _shown(several: list[Schedule], company: Company, clock: Clock) -> None:
    near = {
        (row.name, row.site_id)
        for row in _all(company, [one for one in several if not one.hidden])
        if row.next_at is not None and row.next_at <= clock.now + dt.timedelta(days=YEAR)
    }
    assert near <= {(one.name, one.site) for one in clock.upcoming(YEAR, of=company)}, "not among what is upcoming"


@contextmanager
def _counted(several: list[Schedule], calls: Counter[tuple[UUID, UUID]]) -> Iterator[None]:
    """Count how often each occurrence of a company is run."""
    before = [(one, one.run) for one in several]

    def counting(run: Any) -> Any:
        def counted(x: _X, occurrence: Occurrence) -> None:
            calls[x.tenant, occurrence.id] += 1
            assert occurrence.tenant_id == x.tenant
            run(x, occurrence)

        return counted

    for one, run in before:
        object.__setattr__(one, "run", counting(run))
    try:
        yield
    finally:
        for one, run in before:
            object.__setattr__(one, "run", run)


def _runs(company: Company, several: Iterable[Schedule]) -> list[tuple[UUID, UUID, str, str]]:
    """Occurrences: id, schedule, name, state."""
    names = [one.name for one in several]
    with company.session() as session:
        query = sa.select(Occurrence.id, Occurrence.schedule_id, ScheduleRow.name, Occurrence.state).join(
            ScheduleRow,
            sa.and_(ScheduleRow.tenant_id == Occurrence.tenant_id, ScheduleRow.id == Occurrence.schedule_id),
        )
        return [
            (id, of, name, state) for id, of, name, state in session.execute(query.where(ScheduleRow.name.in_(names)))
        ]


def _each_once(company: Company, several: list[Schedule], calls: Counter[tuple[UUID, UUID]]) -> None:
    runs = _runs(company, several)
    done = [id for id, _schedule, _name, state in runs if state == "done"]
    assert {schedule for _id, schedule, _name, state in runs if state == "done"} == {
        r.id for r in _all(company, several)
    }
    assert {id: calls[company.tenant, id] for id in done} == dict.fromkeys(done, 1)
    assert sum(count for (tenant, _id), count in calls.items() if tenant == company.tenant) == len(done)


def _twice(company: Company, several: list[Schedule], clock: Clock, calls: Counter[tuple[UUID, UUID]]) -> None:
    before = dict(calls)
    jobs = Jobs(company.registry.jobs)
    with company.session() as session:
        for id, _schedule, name, state in _runs(company, several):
            if state == "done":
                jobs.enqueue(session, name, occurrence=id)
    clock.run()
    assert dict(calls) == before, "a job that was tried twice ran twice"


def _off_and_on(
    module: str,
    several: list[Schedule],
    company: Company,
    other: Company,
    clock: Clock,
    calls: Counter[tuple[UUID, UUID]],
) -> None:
    company.switch(module, False)
    clock.run()
    assert _planned(company, several) == set(), "its module is off"
    of_mine = sum(count for (tenant, _id), count in calls.items() if tenant == company.tenant)
    clock.at(max(_times(other, several)))
    clock.run()
    assert sum(count for (tenant, _id), count in calls.items() if tenant == company.tenant) == of_mine
    _each_once(other, several, calls)
    company.switch(module, True)
    clock.run()
    assert _planned(company, several) == {_place(company, s, site) for s in several for site in _sites(s)}, (
        "it is on again"
    )
    assert min(_times(company, several)) > clock.now, "what went by while it was off is made up for"


def _closed(several: list[Schedule], company: Company, clock: Clock) -> None:
    here = [one for one in several if one.scope == "site"]
    with company.session() as session:
        session.execute(
            sa.update(Site)
            .where(Site.tenant_id == company.tenant, Site.id == company.sites[PLACE])
            .values(active=False)
        )
    clock.run()
    assert {site for _name, site in _planned(company, here)} == {company.sites[s] for s in ("n2", "s1") if here}


__all__ = ["InTime"]
