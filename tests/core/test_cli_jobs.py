"""``dougong jobs`` and ``dougong schedules``: what the platform's operator sees of background work and does about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong.plugins import Registry
from dougong.tenancy.cells import Bound, Cell
from dougong.testing.companies import found_company
from dougong.testing.server import Database
from sqlalchemy.dialects.postgresql import JSONB

from .test_cli import environment_of, invoke

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def where(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment_of(shared_database, tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="module")
def both(shared_database: Database, shared_cell: Cell, registry: Registry) -> tuple[Any, Any]:
    return tuple(  # type: ignore[return-value]
        found_company(shared_database.owner, shared_cell, registry, slug) for slug in ("jobs-anhe", "jobs-jinxiu")
    )


@pytest.fixture
def owner(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(shared_database.superuser, autocommit=True) as connection:
        connection.execute("DELETE FROM platform.procrastinate_jobs")
        yield connection


@pytest.fixture
def run(where: dict[str, str], both: Any) -> Run:
    def go(*arguments: str, code: int = 0) -> Any:
        result = invoke(where, *arguments, code=code)
        if code:
            return result.stderr
        return json.loads(result.stdout) if "--json" in arguments else result.stdout

    return go


def put(cell: Cell, company: Any, job: str = "notify.deliver") -> int:
    with cell.session(Bound(company.tenant)) as session:
        asked = sa.select(sa.func.platform.enqueue_job(job, "default", sa.literal({}, JSONB), None, None))
        return int(session.execute(asked).scalar_one())


def fail(owner: psycopg.Connection[Any], number: int, kind: str = "OSError", words: str = "") -> None:
    """As the worker leaves a job that it does not try again."""
    owner.execute(
        "UPDATE platform.procrastinate_jobs SET status = 'failed', attempts = 5, queueing_lock = NULL WHERE id = %s", [number]
    )
    owner.execute(
        "INSERT INTO platform.job_failure (job_id, at, attempt, kind, place, words) VALUES (%s, now(), 5, %s, %s, %s)",
        [number, kind, "sending.py:120", words],
    )


def status(owner: psycopg.Connection[Any], number: int) -> Any:
    return owner.execute(
        "SELECT status::text, attempts FROM platform.procrastinate_jobs WHERE id = %s", [number]
    ).fetchone()


def test_what_waits_and_what_failed_is_listed(
    run: Run, both: Any, owner: psycopg.Connection[Any], shared_cell: Cell
) -> None:
    first, second = both
    waiting, failed = put(shared_cell, first), put(shared_cell, second, "webhooks.deliver")
    fail(owner, failed, "TimedOut")
    told = run("jobs", "list", "--json")
    assert [(one["id"], one["company"], one["job"], one["state"]) for one in told["jobs"]] == [
        (failed, "jobs-jinxiu", "webhooks.deliver", "failed"),
        (waiting, "jobs-anhe", "notify.deliver", "waiting"),
    ]
    assert told["jobs"][0]["why"] == "It took longer than it may."
    assert told["companies"] == [
        {"company": "jobs-jinxiu", "waiting": 0, "running": 0, "failed": 1},
        {"company": "jobs-anhe", "waiting": 1, "running": 0, "failed": 0},
    ]
    for arguments, expected in (
        (("--state", "failed"), [failed]),
        (("--tenant", "jobs-anhe"), [waiting]),
        (("--job", "webhooks.deliver"), [failed]),
        (("--module", "notify"), [waiting]),
        (("--module", "nothing"), []),
        (("--most", "1"), [failed]),
    ):
        assert [one["id"] for one in run("jobs", "list", *arguments, "--json")["jobs"]] == expected, arguments
    text = run("jobs", "list")
    assert "notify.deliver" in text
    assert "jobs-jinxiu" in text
    assert "There is no such job" in run("jobs", "list", "--module", "nothing")


def test_one_is_shown_with_why_each_try_failed(
    run: Run, both: Any, owner: psycopg.Connection[Any], shared_cell: Cell
) -> None:
    number = put(shared_cell, both[0])
    fail(owner, number, words="The mail server refused: 550")
    told = run("jobs", "show", str(number), "--json")
    assert (told["company"], told["state"], told["attempts"], told["tries_left"]) == ("jobs-anhe", "failed", 5, 0)
    assert told["failures"][0]["why"] == "The mail server refused: 550"
    assert told["failures"][0]["place"] == "sending.py:120"
    text = run("jobs", "show", str(number))
    assert "It is not tried again by itself" in text
    owner.execute("UPDATE platform.job_failure SET words = '' WHERE job_id = %s", [number])
    assert "An error in the program (OSError)" in run("jobs", "show", str(number))
    waiting = put(shared_cell, both[0])
    assert "as soon as a worker is free; tries left after that: 5" in run("jobs", "show", str(waiting))


def test_failed_jobs_are_tried_again(run: Run, both: Any, owner: psycopg.Connection[Any], shared_cell: Cell) -> None:
    one, other, foreign, waiting = (put(shared_cell, company) for company in (both[0], both[0], both[1], both[0]))
    for number in (one, other, foreign):
        fail(owner, number)
    assert run("jobs", "retry", str(one), "--json") == {"retried": 1}
    assert status(owner, one) == ("todo", 0)
    assert status(owner, foreign) == ("failed", 5)
    assert "has not failed" in run("jobs", "retry", str(waiting), code=1)
    assert "There is no job" in run("jobs", "retry", str(foreign), "--tenant", "jobs-anhe", code=1)
    assert run("jobs", "retry", "--tenant", "jobs-anhe", "--json") == {"retried": 1}
    assert run("jobs", "retry", "--module", "notify", "--json") == {"retried": 1}
    assert status(owner, foreign) == ("todo", 0)


def test_failed_jobs_are_dropped_but_not_what_deadlines_live_on_by(
    run: Run, both: Any, owner: psycopg.Connection[Any], shared_cell: Cell
) -> None:
    one, foreign, waiting, kept = (
        put(shared_cell, company, job)
        for company, job in (
            (both[0], "notify.deliver"), (both[1], "notify.deliver"), (both[0], "notify.deliver"), (both[0], "core.due"),
        )
    )  # fmt: skip
    for number in (one, foreign, kept):
        fail(owner, number)
    assert run("jobs", "drop", "--tenant", "jobs-anhe", "--json") == {"dropped": 1}
    assert status(owner, one) is None
    assert status(owner, foreign) is not None
    assert status(owner, waiting) is not None
    assert run("jobs", "drop", str(waiting), "--json") == {"dropped": 1}
    assert "deadlines and schedules live on by it" in run("jobs", "drop", str(kept), code=1)
    assert status(owner, kept) is not None
    owner.execute("UPDATE platform.procrastinate_jobs SET status = 'doing' WHERE id = %s", [foreign])
    assert "cannot be dropped" in run("jobs", "drop", str(foreign), code=1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("jobs", "show", "7"), 1, "There is no job 7"),
        (("jobs", "show", "x"), 2, "does not fit"),
        (("jobs", "show", "0"), 2, "does not fit"),
        (("jobs", "show", str(2**70)), 2, "does not fit"),
        (("jobs", "list", "--tenant", "nowhere"), 1, "no company “nowhere”"),
        (("jobs", "list", "--state", "lost"), 2, "does not fit"),
        (("jobs", "list", "--job", "notify"), 2, "MODULE.VERB"),
        (("jobs", "list", "--job", "a.b", "--module", "a"), 2, "not both"),
        (("jobs", "list", "--most", "100000"), 2, "does not fit"),
        (("jobs", "retry"), 2, "Say which"),
        (("jobs", "drop"), 2, "Say which"),
        (("jobs", "next", "--days", "0"), 2, "does not fit"),
        (("schedules", "--tenant", "nowhere"), 1, "no company “nowhere”"),
    ],
)
def test_bad_input_is_one_plain_sentence(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    said = run(*arguments, code=code)
    assert words in said
    assert "Traceback" not in said


def test_what_is_due_next(run: Run, both: Any, owner: psycopg.Connection[Any]) -> None:
    owner.execute("DELETE FROM platform.due")
    owner.execute(
        "INSERT INTO platform.due (tenant_id, kind, id, due_at) VALUES "
        "(%s, 'complaints.complaint', gen_random_uuid(), now() + interval '2 days'),"
        "(%s, 'core.schedule', gen_random_uuid(), now() + interval '20 days')",
        [both[0].tenant, both[1].tenant],
    )
    assert [(one["company"], one["kind"]) for one in run("jobs", "next", "--json")] == [
        ("jobs-anhe", "complaints.complaint")
    ]
    assert len(run("jobs", "next", "--days", "30", "--json")) == 2
    assert "complaints.complaint" in run("jobs", "next")
    owner.execute("DELETE FROM platform.due")
    assert "Nothing is due" in run("jobs", "next")


def test_schedules_of_all_companies_and_of_one(run: Run, both: Any, owner: psycopg.Connection[Any]) -> None:
    for company in both:
        owner.execute(
            "WITH s AS (INSERT INTO core.schedule (tenant_id, id, name, rule, grace, missed, active, changed, row_version,"
            " created_at, next_at) VALUES (%s, gen_random_uuid(), 'privacy.dispose', '{}', 60, 'once', true, false, 1, now(),"
            " now() + interval '1 day') RETURNING tenant_id, id)"
            " INSERT INTO core.occurrence (tenant_id, id, schedule_id, nominal, business_date, state, attempts)"
            " SELECT s.tenant_id, gen_random_uuid(), s.id, now() - n * interval '1 day', now()::date,"
            " (ARRAY['done', 'failed', 'missed', 'missed'])[n], 1 FROM s, generate_series(1, 4) n",
            [company.tenant],
        )
    try:
        mine = [one for one in run("schedules", "--json") if one["name"] == "privacy.dispose"]
        assert {one["company"] for one in mine} == {"jobs-anhe", "jobs-jinxiu"}
        one = run("schedules", "--tenant", "jobs-anhe", "--json")[0]
        assert (one["last"], one["failed"], one["missed"], one["active"]) == ("done", 1, 2, True)
        assert "privacy.dispose" in run("schedules", "--tenant", "jobs-anhe")
    finally:
        owner.execute("DELETE FROM core.occurrence")
        owner.execute("DELETE FROM core.schedule")


def test_what_will_run_in_a_company(run: Run, both: Any) -> None:
    assert isinstance(run("jobs", "next", "--tenant", "jobs-anhe", "--json"), list)
