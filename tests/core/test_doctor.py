"""``doctor`` finds what is planted, with words that mend it, and is silent about a sound installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from dougong import doctor
from dougong.config import Config
from dougong.doctor import examine
from dougong.plugins import Registry, load
from dougong.scheduling import holidays
from dougong.testing.server import Database
from dougong.words import Lazy, locale


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    token = locale.set("en")
    yield
    locale.reset(token)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("x", "utf-8")
    (tmp_path / "secret").chmod(0o600)
    return tmp_path


def findings(
    home: Path, database: Database, registry: Registry | None = None, **addresses: str
) -> list[tuple[str, str]]:
    where = replace(database.addresses, **addresses)
    found = examine(Config(home=home), where, registry or load())
    assert all(str(one.mend) for one in found)
    return [(one.level, str(one.text)) for one in found]


@pytest.fixture(autouse=True)
def _nothing_left(shared_database: Database) -> None:
    """What other tests of this process left in the queue is none of these findings."""
    with psycopg.connect(shared_database.superuser, autocommit=True) as owner:
        _emptied(owner)


def test_sound(home: Path, shared_database: Database) -> None:
    assert findings(home, shared_database) == []


def test_plugin_that_is_off(home: Path, shared_database: Database) -> None:
    registry = load()
    registry.fail(next(iter(registry.modules)), Lazy("It broke"), Lazy("Mend it"))
    assert ("bad", "It broke") in findings(home, shared_database, registry)


def test_open_home(home: Path, shared_database: Database) -> None:
    home.chmod(0o777)
    (home / "secret").chmod(0o644)
    text = " ".join(line for _level, line in findings(home, shared_database))
    assert "may write in the folder" in text
    assert "may read the secret" in text


def test_unreachable(home: Path, shared_database: Database) -> None:
    elsewhere = shared_database.owner.replace(shared_database.name, "no_such_database")
    ((level, text),) = findings(home, shared_database, owner=elsewhere)
    assert level == "bad"
    assert "does not let in the owner" in text


def test_not_migrated(home: Path, empty_database: Database) -> None:
    text = [line for _level, line in findings(home, empty_database)]
    assert any(line.startswith("“core” is not up to date: migration core_") for line in text)


def test_changed_by_hand(home: Path, database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute("ALTER TABLE core.site NO FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE core.person DROP COLUMN phone")
        connection.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC")
    found = findings(home, database)
    assert ("bad", "The barrier between companies: core.site: row-level security is not forced on its owner.") in found
    assert any(level == "warn" and "set_config()" in text for level, text in found)
    assert any(level == "warn" and "phone" in text for level, text in found)


def test_older_holidays(home: Path, shared_database: Database, queue: psycopg.Connection) -> None:
    queue.execute("UPDATE platform.note SET value = '2019 00000000' WHERE name = 'holidays'")
    try:
        found = findings(home, shared_database)
    finally:
        queue.execute("UPDATE platform.note SET value = %s WHERE name = 'holidays'", [holidays.edition()])
    assert found == [("warn", "Due times were computed by other public holidays than those installed now.")]


@pytest.fixture
def queue(shared_database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database.superuser, autocommit=True) as owner:
        yield owner
        _emptied(owner)


def test_nobody_works(home: Path, shared_database: Database, queue: psycopg.Connection) -> None:
    made = _job(queue)
    assert findings(home, shared_database) == []  # it has just come
    queue.execute("UPDATE platform.procrastinate_events SET at = now() - interval '3 minutes' WHERE job_id = %s", [made])
    level, text = findings(home, shared_database)[0]
    assert (level, text[:30]) == ("bad", "Nobody works off jobs: 1 wait,")
    queue.execute("INSERT INTO platform.procrastinate_workers DEFAULT VALUES")
    assert findings(home, shared_database) == []


def test_failed_jobs_late_deadlines_and_missed_runs(
    home: Path, shared_database: Database, queue: psycopg.Connection
) -> None:
    made = _job(queue)
    queue.execute("INSERT INTO platform.procrastinate_workers DEFAULT VALUES")
    queue.execute("UPDATE platform.procrastinate_jobs SET status = 'failed' WHERE id = %s", [made])
    queue.execute(
        "INSERT INTO platform.due SELECT id, 'core.schedule', gen_random_uuid(), now() - interval '10 minutes' "
        "FROM platform.tenant LIMIT 1"
    )
    queue.execute(
        "WITH s AS (INSERT INTO core.schedule (tenant_id, id, name, rule, grace, missed, active, changed, row_version, "
        "created_at) SELECT id, gen_random_uuid(), 'a.b', '{}', 60, 'once', true, false, 1, now() FROM platform.tenant "
        "LIMIT 1 RETURNING tenant_id, id) INSERT INTO core.occurrence (tenant_id, id, schedule_id, nominal, business_date, "
        "state, attempts) SELECT tenant_id, gen_random_uuid(), id, now(), now()::date, 'missed', 0 FROM s"
    )
    text = " ".join(line for level, line in findings(home, shared_database) if level == "warn")
    assert "not tried again by themselves: 1." in text
    assert "come late: 1 are due" in text
    assert "missed in the last week: 1" in text


def test_clocks_that_differ(home: Path, shared_database: Database, clock: object) -> None:
    clock.move(dt.timedelta(hours=1))  # type: ignore[attr-defined]
    assert any("The clock of this machine differs" in text for _level, text in findings(home, shared_database))


def test_a_slow_machine_is_no_wrong_clock(home: Path, shared_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    held_up, really = [dt.timedelta(seconds=30)], doctor.now

    def earlier() -> dt.datetime:
        """The first moment is noted half a minute before the database is asked."""
        return really() - (held_up.pop() if held_up else dt.timedelta())

    monkeypatch.setattr(doctor, "now", earlier)
    assert findings(home, shared_database) == []
    assert not held_up


def _job(queue: psycopg.Connection) -> int:
    _emptied(queue)
    tenant = uuid4()
    queue.execute("INSERT INTO platform.tenant (id, slug, name) VALUES (%s, %s, '安禾')", [tenant, f"d{tenant.hex}"])
    with queue.transaction():
        queue.execute(f"SET LOCAL dougong.tenant = '{tenant}'")
        row = queue.execute("SELECT platform.enqueue_job('notify.deliver', 'default', '{}', NULL, NULL)").fetchone()
    assert row
    return int(row[0])


def _emptied(queue: psycopg.Connection) -> None:
    for table in (
        "platform.procrastinate_jobs", "platform.procrastinate_workers", "platform.due", "core.occurrence", "core.schedule",
    ):  # fmt: skip
        queue.execute(f"DELETE FROM {table}")
