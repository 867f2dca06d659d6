"""What is due becomes occurrences, each once: on time, after an outage, by a changed rule, with a clock that jumps."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from dougong import Rule
from dougong.tenancy import dues
from dougong.tenancy.tables import due
from dougong.timing import occurrences, planning
from dougong.timing.alarms import MISSED
from dougong.timing.tables import Occurrence

from . import rounds
from .conftest import SHANGHAI, Office


def at(text: str) -> dt.datetime:
    return dt.datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def test_a_new_schedule_begins_with_its_next_time_and_makes_nothing_up(office: Office) -> None:
    assert office.row("nightly").next_at == at("03-03 02:00")
    assert office.row("patrol", "n1").next_at == at("03-02 20:00")
    assert office.runs("nightly") == []


def test_each_time_runs_once_with_its_mark(office: Office) -> None:
    office.clock.at(at("03-02 20:00"))
    assert sorted(one.name for one in office.run()) == ["core.due"] * 3 + ["rounds.patrol"] * 3
    assert office.run() == []
    assert office.runs("patrol", "n1") == [("done", "03-02 20:00")]
    assert office.effects() == ["patrol"] * 3
    run = office.all("patrol", "n1")[0]
    assert run.window_ends == at("03-02 22:00")
    assert run.business_date == dt.date(2026, 3, 2)
    assert (run.attempts, run.started_at, run.finished_at) == (1, at("03-02 20:00"), at("03-02 20:00"))
    assert office.row("patrol", "n1").next_at == at("03-03 08:00")
    with office.company.session() as session:  # nothing is left to be looked at again but the next times
        left = session.scalars(sa.select(due.c.kind)).all()
    assert set(left) == {"core.schedule"}


def test_planning_twice_is_once(office: Office) -> None:
    office.clock.at(at("03-03 02:00"))
    id = office.row("nightly").id
    for _turn in range(2):
        with office.company.acting(None) as x:
            row = planning.locked(x, id)
            assert row is not None
            row.planned_to = at("03-02 09:00")
            planning.plan(x, row)
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]
    assert office.effects().count("nightly") == 1


def test_two_plan_jobs_at_once_are_one_after_the_other(office: Office) -> None:
    office.clock.at(at("03-03 02:00"))
    id, begin, errors = office.row("nightly").id, threading.Barrier(2), list[BaseException]()

    def work() -> None:
        try:
            begin.wait(10)
            with office.company.acting(None) as x:
                planning.take(x, id)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]


def test_a_crash_between_plan_and_run_loses_nothing(office: Office) -> None:
    """The plan is rolled back whole: no occurrence, no job, the schedule still due."""
    office.clock.at(at("03-03 02:00"))
    id = office.row("nightly").id

    def crash() -> None:
        with office.company.acting(None) as x:
            planning.take(x, id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert office.runs("nightly") == []
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]


def test_after_an_outage_each_schedule_does_as_it_says(office: Office) -> None:
    office.clock.at(at("03-05 09:30"))
    office.run()
    assert office.runs("nightly") == [("missed", "03-03 02:00"), ("missed", "03-04 02:00"), ("done", "03-05 02:00")]
    assert office.runs("report") == [("missed", "03-03 08:30"), ("missed", "03-04 08:30"), ("missed", "03-05 08:30")]
    assert [state for state, _at in office.runs("patrol", "n1")] == ["done"] * 6
    assert office.effects().count("patrol") == 18
    assert {event for event, *_rest in rounds.told} == {MISSED}


def test_skip_still_runs_within_its_grace(office: Office) -> None:
    office.clock.at(at("03-03 08:59"))
    office.run()
    assert office.runs("report") == [("done", "03-03 08:30")]


def test_a_year_without_a_worker_is_bounded_and_says_so(office: Office) -> None:
    office.clock.move(days=365)
    office.run()
    runs = office.all("patrol", "n1")
    assert len(runs) == planning.MOST
    assert runs[0].reason == planning.LEFT_OUT
    assert {run.state for run in runs} == {"done"}
    missed = office.all("nightly")
    assert len(missed) == planning.MOST
    assert (missed[0].state, missed[0].reason) == ("missed", planning.LEFT_OUT)
    assert [run.state for run in missed].count("done") == 1


def test_a_clock_that_jumps_a_year_ahead_and_back(office: Office) -> None:
    office.clock.move(days=365)
    office.run()
    office.clock.move(days=-365)
    office.run()
    assert office.row("nightly").next_at == at("03-03 02:00")
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert office.runs("nightly")[0] == ("done", "03-03 02:00")
    office.clock.move(days=364)
    office.run()
    assert office.runs("nightly")[-1][0] == "done"


def test_what_somebody_asked_for_while_the_clock_was_wrong_is_kept(office: Office) -> None:
    office.clock.move(days=365)
    office.run()
    with office.company.acting("admin") as x:
        row = planning.locked(x, office.row("nightly").id)
        assert row is not None
        asked = occurrences.run_now(x, row).id
    office.run()
    office.clock.move(days=-365)
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert [(run.id, run.state) for run in office.all("nightly") if run.asked_by] == [(asked, "done")]


def test_a_changed_rule_counts_from_now_on(office: Office) -> None:
    office.clock.at(at("03-03 01:00"))
    office.change("nightly", rule=Rule.daily("00:30", "01:30").to_json())
    assert office.row("nightly").next_at == at("03-03 01:30")
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert office.runs("nightly") == [("done", "03-03 01:30")]


def test_what_was_due_before_a_change_still_runs(office: Office) -> None:
    office.clock.at(at("03-03 02:05"))
    office.change("nightly", rule=Rule.daily("12:00").to_json())
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]
    assert office.row("nightly").next_at == at("03-03 12:00")


def test_what_went_by_in_an_outage_is_not_lost_by_a_change(office: Office) -> None:
    """Somebody edits a schedule, or the calendar, before the worker that was away for days has planned it."""
    office.clock.at(at("03-05 09:30"))
    office.change("patrol", "n1", rule=Rule.daily("12:00").to_json())
    office.change("nightly", grace=30)
    with office.company.session() as session:
        dues.put(session, office.company.tenant, [("core.calendar", office.company.tenant, at("03-02 09:00"))])
    office.run()
    assert [(state, when) for state, when in office.runs("patrol", "n1")] == [
        ("done", f"03-{day:02d} {hour}") for day, hour in ((2, "20:00"), (3, "08:00"), (3, "20:00"), (4, "08:00"),
                                                          (4, "20:00"), (5, "08:00"))
    ]  # fmt: skip
    assert [when for _state, when in office.runs("nightly")] == ["03-03 02:00", "03-04 02:00", "03-05 02:00"]
    assert office.runs("report") == [("missed", "03-03 08:30"), ("missed", "03-04 08:30"), ("missed", "03-05 08:30")]


def test_a_calendar_that_changed_in_an_outage_loses_no_run(office: Office) -> None:
    office.clock.at(at("03-05 09:30"))
    with office.company.acting(None) as x:
        row = planning.locked(x, office.row("patrol", "n1").id)
        assert row is not None
        planning.replan(x, row)
    office.run()
    assert len(office.runs("patrol", "n1")) == 6


def test_paused_makes_nothing_and_resumed_makes_nothing_up(office: Office) -> None:
    office.change("nightly", active=False)
    assert office.row("nightly").next_at is None
    office.clock.at(at("03-05 09:00"))
    office.run()
    office.change("nightly", active=True)
    office.run()
    assert office.runs("nightly") == []
    assert office.row("nightly").next_at == at("03-06 02:00")


def test_what_was_due_and_not_begun_does_not_run_once_it_is_paused(office: Office) -> None:
    office.clock.at(at("03-03 02:05"))
    office.change("nightly", active=False)
    office.run()
    assert office.runs("nightly") == []


def test_from_and_until_are_days_of_the_site(office: Office) -> None:
    office.change("nightly", starts_on=dt.date(2026, 3, 5), ends_on=dt.date(2026, 3, 6))
    assert office.row("nightly").next_at == at("03-05 02:00")
    for day in ("03-04", "03-05", "03-06", "03-07"):
        office.clock.at(at(f"{day} 02:00"))
        office.run()
    assert office.runs("nightly") == [("done", "03-05 02:00"), ("done", "03-06 02:00")]
    assert office.row("nightly").next_at is None


def test_an_end_that_was_passed_while_nothing_ran_is_kept(office: Office) -> None:
    office.change("nightly", ends_on=dt.date(2026, 3, 4))
    office.clock.at(at("03-08 09:00"))
    office.run()
    assert office.runs("nightly") == [("missed", "03-03 02:00"), ("done", "03-04 02:00")]


def test_a_holiday_declared_later_moves_what_is_planned(office: Office) -> None:
    assert office.row("report").next_at == at("03-03 08:30")
    with office.company.session() as session:
        dues.put(session, office.company.tenant, [("core.calendar", office.company.tenant, office.clock.now)])
    office.company.settings("core", calendar={"days_off": ["2026-03-03"]})
    office.run()
    assert office.row("report").next_at == at("03-04 08:30")


def test_a_shift_begins_where_daylight_saving_begins(office: Office) -> None:
    """A site in New York: on 8 March 2026 at 02:00 the clock shows 03:00; on 1 November 01:30 comes twice."""
    from dougong import Site

    with office.company.session() as session:
        session.execute(sa.update(Site).values(timezone="America/New_York"))
    office.change("nightly", rule=Rule.daily("02:30", "01:30").to_json())
    new_york = dt.timezone(dt.timedelta(hours=-5))
    office.clock.at(dt.datetime(2026, 3, 8, 1, 30, tzinfo=new_york))
    office.run()
    assert office.row("nightly").next_at == dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)  # the gap's end
    office.clock.at(dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC))
    office.run()
    office.clock.at(dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC))
    office.run()
    assert office.row("nightly").next_at == dt.datetime(
        2026, 11, 1, 7, 30, tzinfo=dt.UTC
    )  # not 06:30, the second 01:30


def test_a_failing_schedule_stops_no_other(office: Office) -> None:
    rounds.broken.add("nightly")
    office.clock.at(at("03-03 08:00"))
    office.run(failing=True)
    assert [state for state, _at in office.runs("patrol", "n1")] == ["done", "done"]
    assert office.runs("nightly") == [("waiting", "03-03 02:00")]


def test_planning_is_a_handful_of_statements(office: Office) -> None:
    office.clock.at(at("03-03 02:00"))
    id, seen = office.row("nightly").id, list[str]()
    with office.company.acting(None) as x:
        sa.event.listen(x.session.bind, "before_cursor_execute", lambda *given: seen.append(given[2]))
        planning.take(x, id)
    assert len(seen) <= 5, seen


def test_other_companies_see_nothing_of_it(office: Office, make_office: object) -> None:
    other = make_office("jinxiu")  # type: ignore[operator]
    other.run()
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert len(other.all("nightly")) == len(office.all("nightly")) == 1
    with other.company.session() as session:
        mine = {run.id for run in office.all("nightly")}
        assert not mine & set(session.scalars(sa.select(Occurrence.id)))
