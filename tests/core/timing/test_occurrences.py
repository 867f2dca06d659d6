"""What becomes of a run: done with its mark, failed with its reason, missed and told, run again, run now, left out."""

from __future__ import annotations

import datetime as dt

import pytest
from dougong import Conflict
from dougong.scheduling import watching
from dougong.timing import occurrences, planning
from dougong.timing.alarms import FAILED, MISSED
from dougong.timing.tables import Occurrence, ScheduleRow

from . import rounds
from .conftest import Office
from .test_planning import at


def failed(office: Office) -> Occurrence:
    rounds.broken.add("nightly")
    office.clock.at(at("03-03 02:00"))
    office.run(failing=True)
    office.clock.move(minutes=30)
    office.run(failing=True)
    return office.all("nightly")[0]


def test_what_fails_for_good_is_kept_with_its_reason_and_told(office: Office) -> None:
    run = failed(office)
    assert (run.state, run.reason, run.attempts) == ("failed", "RuntimeError", 2)
    assert "RuntimeError" in str(occurrences.reason_words(run))
    assert "nightly" not in office.effects()
    mine = [one for one in rounds.told if one[1].title == rounds.NIGHTLY.label]
    assert [event for event, *_rest in mine] == [FAILED]
    _event, about, people, facts = mine[0]
    names = {office.company.people[name] for name in ("general_manager", "admin")}
    assert names <= set(people) or office.company.people["admin"] in people
    assert office.company.people["project_manager_n1"] not in people  # the company's own is not shown at a site
    assert about.path == f"/admin/schedules/{run.schedule_id}"
    assert facts["due"] == run.nominal.astimezone(dt.UTC).isoformat()


def test_again_is_the_same_occurrence_once(office: Office) -> None:
    run = failed(office)
    rounds.broken.clear()
    with office.company.acting("admin") as x:
        occurrences.run_again(x, run)
    with pytest.raises(Conflict, match=r"."), office.company.acting("admin") as x:
        occurrences.run_again(x, run)
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]
    assert office.effects().count("nightly") == 1
    with pytest.raises(Conflict, match=r"."), office.company.acting("admin") as x:
        occurrences.run_again(x, run)
    with office.company.session() as session:
        assert watching.jobs_of(session, state="failed") == []


def test_retrying_the_failed_job_runs_its_occurrence(office: Office) -> None:
    run = failed(office)
    rounds.broken.clear()
    with office.company.session() as session:
        assert run.job_id is not None
        assert watching.retry(session, run.job_id) == 1
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]


def test_a_run_that_has_not_begun_in_time_is_reported_once(office: Office) -> None:
    """Its job is stuck behind others: planned at its time, nothing done an hour later."""
    office.clock.at(at("03-03 02:00"))
    with office.company.acting(None) as x:
        planning.take(x, office.row("nightly").id)
    office.clock.at(at("03-03 03:00"))
    with office.company.acting(None) as x:
        occurrences.check(x, office.all("nightly")[0].id)
    assert [event for event, *_rest in rounds.told] == [MISSED]
    office.run()
    assert office.runs("nightly") == [("done", "03-03 02:00")]


def test_a_hidden_schedule_alarms_nobody(office: Office) -> None:
    rounds.broken.add("secret")
    office.clock.at(at("03-03 05:00"))
    for _try in range(8):
        office.run(failing=True)
        office.clock.move(minutes=60)
    assert ("failed", "03-03 05:00") in office.runs("secret")
    assert not [about for _event, about, *_rest in rounds.told if about.title == rounds.SECRET.label]


def test_run_now_is_an_extra_one(office: Office) -> None:
    row = office.row("nightly")
    with office.company.acting("admin") as x:
        made = occurrences.run_now(x, x.session.get_one(ScheduleRow, (x.tenant, row.id)))
        assert made.asked_by == office.company.people["admin"]
    with pytest.raises(Conflict), office.company.acting("admin") as x:
        occurrences.run_now(x, x.session.get_one(ScheduleRow, (x.tenant, row.id)))
    office.run()
    assert office.runs("nightly") == [("done", "03-02 09:00")]
    office.clock.at(at("03-03 02:00"))
    office.run()
    assert office.runs("nightly") == [("done", "03-02 09:00"), ("done", "03-03 02:00")]


def test_the_next_run_is_left_out_and_taken_in_again(office: Office) -> None:
    id = office.row("patrol", "n1").id
    with office.company.acting("admin") as x:
        row = x.session.get_one(ScheduleRow, (x.tenant, id))
        assert occurrences.skip_next(x, row, at("03-02 20:00")) == at("03-02 20:00")
        with pytest.raises(Conflict):
            occurrences.skip_next(x, row, at("03-02 20:00"))
        assert occurrences.skip_next(x, row) == at("03-03 08:00")
    with office.company.acting("admin") as x:
        occurrences.unskip(x, office.all("patrol", "n1")[1])
    office.clock.at(at("03-03 08:00"))
    office.run()
    assert office.runs("patrol", "n1") == [("skipped", "03-02 20:00"), ("done", "03-03 08:00")]
    with office.company.acting("admin") as x:  # and the one that was left out can be run after all
        occurrences.run_again(x, office.all("patrol", "n1")[0])
    office.run()
    assert office.runs("patrol", "n1")[0] == ("done", "03-02 20:00")


def test_nothing_is_asked_of_a_module_that_is_off(office: Office) -> None:
    id = office.row("nightly").id
    office.company.switch("rounds", False)
    for ask in (occurrences.run_now, occurrences.skip_next):
        with pytest.raises(Conflict), office.company.acting("admin") as x:
            ask(x, x.session.get_one(ScheduleRow, (x.tenant, id)))


def test_old_runs_are_swept(office: Office) -> None:
    office.clock.at(at("03-03 02:00"))
    office.run()
    office.clock.move(days=401)
    office.run()
    office.clock.move(days=1)
    office.run()
    assert ("done", "03-03 02:00") not in office.runs("nightly")


def test_a_job_of_an_older_version_is_harmless(office: Office) -> None:
    with office.company.acting(None) as x:
        x.enqueue("rounds.nightly", key="privacy.nightly")
    office.run()
    assert office.effects() == []
