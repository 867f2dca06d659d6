"""Migrations: written from the declaration, run as the owner, rolled back one plugin at a time."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from dougong import each_company
from dougong.migrations import author, runner, trees
from dougong.migrations.layout import wrapped
from dougong.plugins import load
from dougong.scheduling import holidays
from dougong.tenancy.audit import audit
from dougong.tenancy.stored import KINDS, Base
from dougong.testing.server import Database
from dougong.words import locale

SOURCE = """
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="{name}", version="1.0", label=Lazy("{name}"), requires={requires!r})
"""
TABLES = """
import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from dougong.choices import Choice, ChoiceType
from dougong.tenancy.stored import Identified, reference


class Colour(Choice):
    RED = "red", Lazy("Red")


class Shelf(Identified, kind="{name}.shelf", label=Lazy("Shelf"), unique=[("code",)], indexes=[("site_id", "code")]):
    site_id: Mapped[UUID] = reference("core.site")
    code: Mapped[str]
    colour: Mapped[Colour] = mapped_column(ChoiceType(Colour))
    built_at: Mapped[dt.datetime | None]
    notes: Mapped[dict[str, Any]]


class Book(Identified, kind="{name}.book", label=Lazy("Book"), of=Shelf):
    privileges = "SELECT, INSERT"
    parent_id: Mapped[UUID]
    title: Mapped[str]
"""
BAD = """
revision = "{name}_0001"
down_revision = None


def upgrade() -> None:
    from alembic import op

    op.execute("CREATE TABLE {name}.half (tenant_id uuid PRIMARY KEY)")
    op.execute("SELECT no_such_column")
"""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    token = locale.set("en")
    yield
    locale.reset(token)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[str, object]]]:
    """Make an importable plugin; what it declares is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(KINDS)

    def make(name: str, body: str = "", requires: tuple[str, ...] = ()) -> tuple[str, object]:
        (tmp_path / name).mkdir()
        source = SOURCE.format(name=name, requires=requires) + body.format(name=name)
        (tmp_path / name / "__init__.py").write_text(source, "utf-8")
        importlib.invalidate_caches()
        return name, importlib.import_module(name)

    yield make
    for kind in set(KINDS) - before:
        Base.metadata.remove(KINDS.pop(kind).__table__)  # type: ignore[arg-type]


def versions(folder: Path, name: str, body: str) -> None:
    """A migration by hand."""
    target = folder / name / "migrations" / "versions"
    target.mkdir(parents=True)
    (target / "0001_first.py").write_text(body.format(name=name), "utf-8")


def test_core_from_nothing(empty_database: Database) -> None:
    registry = load([])
    assert set(runner.pending(empty_database.app, registry)) == {"core"}
    report = runner.migrate(empty_database.owner, registry)
    assert report.applied["core"][0] == "core_0001"
    assert report.failures == []
    assert runner.migrate(empty_database.owner, registry).applied == {}
    assert runner.pending(empty_database.app, registry) == {}
    assert runner.settle(empty_database.app, registry) is None


def test_other_public_holidays_are_noticed(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update of the holidays' package alone: nothing else would tell running clocks of it."""
    registry = load([])
    assert not runner.migrate(empty_database.owner, registry).holidays  # nothing is known of a time before the first run
    assert not runner.older_holidays(empty_database.owner)
    with psycopg.connect(empty_database.owner, autocommit=True) as owner:
        owner.execute("INSERT INTO platform.tenant (id, slug, name) VALUES (gen_random_uuid(), 'anhe', 'Anhe')")
        monkeypatch.setitem(holidays.chinese_calendar.holidays, dt.date(2027, 1, 4), "New Year's Day")
        holidays.edition.cache_clear()
        try:
            assert runner.older_holidays(empty_database.owner)
            assert runner.migrate(empty_database.owner, registry).holidays
            waiting = owner.execute("SELECT kind FROM platform.due WHERE due_at <= now()").fetchall()
            assert ("core.calendar",) in waiting
            assert not runner.older_holidays(empty_database.owner)
            assert not runner.migrate(empty_database.owner, registry).holidays
        finally:
            monkeypatch.undo()
            holidays.edition.cache_clear()


def test_never_as_superuser(empty_database: Database) -> None:
    with pytest.raises(runner.Unfit, match="postgres"):
        runner.migrate(empty_database.superuser, load([]))
    with psycopg.connect(empty_database.superuser) as connection:
        assert connection.execute("SELECT to_regnamespace('platform')").fetchone() == (None,)


def test_installed_modules_neither_drift_nor_leak(shared_database: Database) -> None:
    registry = load()
    assert runner.pending(shared_database.app, registry) == {}
    assert author.drift(registry, shared_database.owner) == []
    assert audit(shared_database.owner) == []


def test_failing_core_migration_is_raised(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0001_bad.py").write_text(BAD.format(name="core"), "utf-8")
    monkeypatch.setattr(trees, "core_tree", lambda: trees.Tree("core", tmp_path, ("platform", "core")))
    with pytest.raises(sa.exc.ProgrammingError, match="no_such_column"):
        runner.migrate(empty_database.owner, load([]))
    with psycopg.connect(empty_database.owner) as connection:
        assert connection.execute("SELECT to_regnamespace('core')").fetchone() == (None,)


def test_failing_plugin_migration_turns_off_only_that_plugin(
    database: Database, tmp_path: Path, plugin: Callable[..., tuple[str, object]]
) -> None:
    found = [plugin("mig_bad"), plugin("mig_upon", requires=("mig_bad",)), plugin("mig_good")]
    versions(tmp_path, "mig_bad", BAD)
    versions(tmp_path, "mig_upon", BAD.replace("no_such_column", "1"))
    versions(tmp_path, "mig_good", BAD.replace("SELECT no_such_column", "DROP TABLE mig_good.half"))
    registry = load(found)
    report = runner.migrate(database.owner, registry)
    assert report.applied == {"mig_good": ["mig_good_0001"]}
    assert [failure.name for failure in report.failures] == ["mig_bad", "mig_upon"]
    assert 'rolled back: column "no_such_column" does not exist' in str(report.failures[0].problem)
    assert "dougong migrate" in str(report.failures[0].mend)
    assert list(registry.modules) == ["mig_good"]
    assert registry.failures == report.failures
    with psycopg.connect(database.owner) as connection:
        assert connection.execute("SELECT to_regnamespace('mig_bad')").fetchone() == (None,)

    again = load(found)  # the next process: not migrated, so not served
    assert runner.settle(database.app, again) is None
    assert list(again.modules) == ["mig_good"]
    assert "migration mig_bad_0001 has not run" in str(again.failures[0].problem)


def test_written_from_the_declaration(
    database: Database, tmp_path: Path, plugin: Callable[..., tuple[str, object]]
) -> None:
    registry = load([plugin("mig_library", TABLES)])
    assert [line.split(":")[0] for line in author.drift(registry, database.owner)].count("mig_library") >= 2

    first = author.write_migration(registry, "mig_library", "Shelves, and books on them!", database.owner)
    assert first is not None
    assert first.name == "0001_shelves_and_books_on_them.py"
    text = first.read_text("utf-8")
    assert "ChoiceType" not in text
    assert "sa.Column('colour', sa.Text(), nullable=False)" in text
    assert 'op.execute("GRANT SELECT, INSERT ON mig_library.book TO dougong_app")' in text
    assert "FORCE ROW LEVEL SECURITY" in text
    _assert_clean(first)
    with psycopg.connect(database.owner) as connection:  # writing changes nothing
        assert connection.execute("SELECT to_regnamespace('mig_library')").fetchone() == (None,)

    assert runner.migrate(database.owner, registry).applied == {"mig_library": ["mig_library_0001"]}
    assert author.drift(registry, database.owner) == []
    assert audit(database.owner) == []
    assert author.write_migration(registry, "mig_library", "nothing", database.owner) is None

    shelf = Base.metadata.tables["mig_library.shelf"]
    shelf.append_column(sa.Column("depth", sa.BigInteger, nullable=True))
    shelf.append_column(sa.Column("height", sa.BigInteger, nullable=False))
    sa.Index(None, shelf.c.tenant_id, shelf.c.depth)
    second = author.write_migration(registry, "mig_library", "How deep a shelf is", database.owner)
    assert second is not None
    text = second.read_text("utf-8")
    assert second.name.startswith("0002_")
    assert 'down_revision = "mig_library_0001"' in text
    assert "op.add_column('shelf', sa.Column('depth', sa.BigInteger(), nullable=True), schema='mig_library')" in text
    assert "# shelf.height: rows that exist need a value (dougong.each_company)." in text
    assert "create_table" not in text
    assert "op.create_index" in text
    _assert_clean(second)
    assert runner.migrate(database.owner, registry).applied == {"mig_library": ["mig_library_0002"]}
    assert author.drift(registry, database.owner) == []
    assert audit(database.owner) == []


def _assert_clean(path: Path) -> None:
    ast.parse(path.read_text("utf-8"))
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "ruff", "check", "--config", str(root / "pyproject.toml"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_database_of_a_newer_version(
    database: Database, tmp_path: Path, plugin: Callable[..., tuple[str, object]]
) -> None:
    found = [plugin("mig_old")]
    versions(tmp_path, "mig_old", BAD.replace("SELECT no_such_column", "DROP TABLE mig_old.half"))
    registry = load(found)
    runner.migrate(database.owner, registry)
    with psycopg.connect(database.owner) as owner:
        owner.execute("UPDATE mig_old.alembic_version SET version_num = 'mig_old_0009'")
    assert runner.pending(database.app, registry) == {"mig_old": "mig_old_0001"}
    (failure,) = runner.migrate(database.owner, registry).failures
    assert "at migration mig_old_0009 of “mig_old”" in str(failure.problem)
    with psycopg.connect(database.owner) as owner:
        owner.execute("UPDATE platform.alembic_version SET version_num = 'core_0999'")
    with pytest.raises(runner.Newer, match="core_0999"):
        runner.migrate(database.owner, registry)


def test_owner_changes_data_company_by_company(database: Database) -> None:
    one, two = uuid4(), uuid4()
    with psycopg.connect(database.owner) as owner:
        for tenant, slug in ((one, "one"), (two, "two")):
            owner.execute("INSERT INTO platform.tenant (id, slug, name) VALUES (%s, %s, 'x')", [tenant, slug])
            owner.execute("INSERT INTO platform.tenant_version (tenant_id) VALUES (%s)", [tenant])
            owner.execute(f"SET LOCAL dougong.tenant = '{tenant}'")
            owner.execute("INSERT INTO core.module (tenant_id, name, enabled) VALUES (%s, 'm', true)", [tenant])
    with runner.owned(database.owner) as connection:
        change = sa.text("UPDATE core.module SET enabled = false WHERE name = :name")
        assert connection.execute(change, {"name": "m"}).rowcount == 0  # the trap: silence
        changed = {tenant: connection.execute(change, {"name": "m"}).rowcount for tenant in each_company(connection)}
        assert changed == {one: 1, two: 1}
        assert connection.execute(change, {"name": "m"}).rowcount == 0


def test_table_in_a_foreign_schema_is_named(
    shared_database: Database, plugin: Callable[..., tuple[str, object]]
) -> None:
    body = TABLES.replace("{name}.shelf", "core.shelf")
    registry = load([plugin("mig_stray", body)])
    found = author.drift(registry, shared_database.owner)
    assert "mig_stray: core.shelf is declared outside the module's own schema" in found


def test_message_may_hold_anything(database: Database, plugin: Callable[..., tuple[str, object]]) -> None:
    registry = load([plugin("mig_words", TABLES)])
    made = author.write_migration(registry, "mig_words", '书架 """{x}\\', database.owner)
    assert made is not None
    assert made.name == "0001_x.py"
    _assert_clean(made)
    assert runner.migrate(database.owner, registry).applied == {"mig_words": ["mig_words_0001"]}


def test_change_by_hand_shows_as_drift(database: Database) -> None:
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE core.person DROP COLUMN phone")
        connection.execute("CREATE INDEX strange ON core.person (tenant_id, email)")
    found = author.drift(load([]), database.owner)
    assert any("add_column" in line and "phone" in line for line in found)
    assert any("remove_index" in line and "strange" in line for line in found)


def test_versions_rise_and_are_asserted(database: Database) -> None:
    from dougong.access.tables import VERSIONED as ACCESS
    from dougong.tenancy.custom import VERSIONED as RECORDS
    from dougong.tenancy.tables import VERSIONED as TENANCY

    one, two = uuid4(), uuid4()
    with psycopg.connect(database.owner) as owner:
        raised = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'raise_version'"
        triggers = {row[0].replace('"', "") for row in owner.execute(raised)}
        assert triggers == {*(cls.kind for cls in (*ACCESS, *TENANCY, *RECORDS)), "platform.tenant", "platform.host"}

        def version(of: object) -> int:
            row = owner.execute("SELECT version FROM platform.tenant_version WHERE tenant_id = %s", [of]).fetchone()
            assert row is not None
            return int(row[0])

        for tenant, slug in ((one, "one"), (two, "two")):
            owner.execute("INSERT INTO platform.tenant (id, slug, name) VALUES (%s, %s, 'x')", [tenant, slug])
            owner.execute("INSERT INTO platform.tenant_version (tenant_id) VALUES (%s)", [tenant])
        owner.execute("INSERT INTO platform.host VALUES ('a.localhost', %s)", [one])
        assert (version(one), version(two)) == (2, 1)
        owner.execute("UPDATE platform.host SET tenant_id = %s", [two])
        assert (version(one), version(two)) == (3, 2)
        owner.execute("UPDATE platform.tenant SET name = 'y' WHERE id = %s", [one])
        assert version(one) == 4
        owner.commit()

    with psycopg.connect(database.app) as app:  # the application raises the version without a right to the table
        app.execute(f"SET LOCAL dougong.tenant = '{one}'")
        app.execute("INSERT INTO core.module (tenant_id, name, enabled) VALUES (%s, 'complaints', true)", [one])
        app.execute("SELECT platform.assert_fresh(%s, 5, NULL)", [one])

    def refused(sql: str, *values: object) -> str | None:
        with psycopg.connect(database.app) as app:
            app.execute(f"SET LOCAL dougong.tenant = '{one}'")
            try:
                app.execute(sql, values)
            except psycopg.Error as error:
                return error.sqlstate
        return None

    assert refused("SELECT platform.assert_fresh(%s, 0, NULL)", one) is None
    assert refused("SELECT platform.assert_fresh(%s, 4, NULL)", one) == "DG001"
    assert refused("SELECT platform.assert_fresh(%s, 5, 'gone')", one) == "DG002"
    assert refused("SELECT platform.assert_fresh(%s, 0, NULL)", uuid4()) == "DG003"
    assert refused("UPDATE platform.tenant_version SET version = 1") == "42501"
    assert refused("UPDATE core.history SET seal = ''") == "42501"
    assert refused("DELETE FROM core.history") == "42501"
    with psycopg.connect(database.owner) as owner:
        owner.execute("UPDATE platform.tenant SET status = 'suspended'")
    assert refused("SELECT platform.assert_fresh(%s, 0, NULL)", one) == "DG003"


def test_layout_breaks_long_calls_and_leaves_strings_alone() -> None:
    line = "    op.create_index('a', ['tenant_id', 'b, (c'], name=op.f('" + "x" * 60 + "'), schema='" + "y" * 30 + "')"
    broken = wrapped(line)
    assert max(map(len, broken.splitlines())) <= 120
    assert ast.dump(ast.parse(broken.replace("    op", "op", 1))) == ast.dump(ast.parse(line.strip()))
    assert wrapped("x = 1") == "x = 1\n"
