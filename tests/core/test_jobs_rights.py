"""What the queue's functions let a company's transaction do: nothing to another company's jobs, nothing that is a worker's."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.scheduling import watching
from dougong.scheduling.progress import note
from dougong.tenancy.cells import Bound
from dougong.tenancy.stored import new_id

from .test_jobs import COUNT, Office, office

__all__ = ["office"]

WORKERS = (
    "platform.take_job(NULL, ARRAY['default'], NULL)",
    "platform.tick(now() + interval '9 years', 100)",
    "platform.rescue_jobs(0, now(), 0)",
    "platform.beat_worker(1, now(), 'x', 1, ARRAY['default'], 1, ARRAY[]::bigint[], 0)",
    "platform.loose_jobs(1, ARRAY[1]::bigint[], now())",
    "platform.sweep_jobs(0)",
    "platform.procrastinate_register_worker_v1()",
    "platform.procrastinate_unregister_worker_v1(1)",
    "platform.procrastinate_prune_stalled_workers_v1(0)",
)
A_JOB = (
    "platform.begin_job({n}, 1000)",
    "platform.end_job({n}, {worker}, 0)",
    "platform.fail_job({n}, {worker}, 0, now(), 'X', '', '', NULL)",
    "platform.job_waits({n}, {worker}, 0, now() + interval '9 years')",
)
REFUSED = (sa.exc.DBAPIError, PermissionError)


def asked(office: Office, tenant: UUID, call: str) -> Any:
    with office.cell.session(Bound(tenant)) as session:
        return session.scalar(sa.text(f"SELECT {call}::text"))


@pytest.mark.parametrize("call", WORKERS)
def test_what_workers_do_is_refused_in_a_companys_transaction(office: Office, call: str) -> None:
    office.owner.execute("INSERT INTO platform.procrastinate_workers DEFAULT VALUES")
    number = office.enqueue(office.company(), COUNT, "checks.count")
    with pytest.raises(Exception, match="worker"):
        asked(office, office.company(), call)
    assert office.status(number) == "todo"


@pytest.mark.parametrize("call", A_JOB)
def test_another_companys_job_cannot_be_begun_ended_or_put_off(office: Office, call: str) -> None:
    number = office.enqueue(office.company(), COUNT, "checks.count")
    worker = office.owner.execute("INSERT INTO platform.procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()[
        0
    ]  # type: ignore[index]
    office.owner.execute("SELECT platform.take_job(%s, ARRAY['default'], NULL)", (worker,))
    with suppress(*REFUSED):
        assert asked(office, office.company(), call.format(n=number, worker=worker)) in ("false", "f")
    assert office.status(number) == "doing"
    marks = "SELECT count(*) FROM platform.job_effect WHERE job_id = %s"
    assert office.owner.execute(marks, (number,)).fetchone() == (0,)


def test_the_desk_knows_no_job_of_another_company(office: Office) -> None:
    other = office.company()
    number = office.enqueue(other, COUNT, "checks.count")
    office.owner.execute("UPDATE platform.procrastinate_jobs SET status = 'failed' WHERE id = %s", (number,))
    with office.cell.session(Bound(office.company())) as session:
        assert not watching.jobs_of(session)
        assert not watching.jobs_of(session, number=number)
        assert not watching.failures(session, number)
        for act in (watching.retry, watching.drop):
            assert act(session, number) == act(session) == 0
    assert office.status(number) == "failed"
    for call in ("company_jobs(NULL, NULL, NULL, NULL, 9)", "company_retry(NULL, NULL)", "company_drop(NULL, NULL)"):
        with pytest.raises(Exception, match="none is set"), office.cell.platform() as connection:
            connection.execute(sa.text(f"SELECT platform.{call}"))


def test_what_is_due_and_how_far_work_is_stays_in_the_company(office: Office) -> None:
    mine, other = office.company(), office.company()
    made = "INSERT INTO platform.due (tenant_id, kind, id, due_at) VALUES (:t, 'core.schedule', :t, now())"
    with office.cell.session(Bound(other)) as session:
        session.execute(sa.text(made), {"t": other})
        note(session, other, 1, 1, 1, 2, "secret")
    with office.cell.session(Bound(mine)) as session:
        for table in ("due", "job_progress"):
            assert (
                session.scalar(sa.text(f"SELECT count(*) FROM platform.{table} WHERE tenant_id = :t"), {"t": other})
                == 0
            )
        for write in (
            f"DELETE FROM platform.due WHERE tenant_id = '{other}'",
            "UPDATE platform.due SET due_at = 'epoch'",
        ):
            session.execute(sa.text(write))
    with pytest.raises(Exception, match="row-level security"), office.cell.session(Bound(mine)) as session:
        session.execute(sa.text(made.replace("now())", "'epoch') ON CONFLICT DO NOTHING")), {"t": other})
    query = "SELECT due_at > 'epoch' FROM platform.due WHERE tenant_id = %s AND kind = 'core.schedule'"
    kept = office.owner.execute(query, (other,))
    assert kept.fetchone() == (True,)


def test_a_job_that_tells_of_two_things_is_one_job(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    with office.cell.session(Bound(tenant)) as session:
        note(session, new_id(), number, 1, 1, 2, "one")
    with office.cell.session(Bound(tenant)) as session:
        note(session, new_id(), number, 1, 2, 2, "two")
    with office.cell.session(Bound(tenant)) as session:
        assert [(one.id, one.note) for one in watching.jobs_of(session)] == [(number, "two")]
