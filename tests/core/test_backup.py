"""Backup and restore of a whole installation, on a real database with two companies."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from dougong.access.tables import Person
from dougong.config import Config
from dougong.tenancy.backup import BackupError, backup, restore
from dougong.tenancy.cells import Bound, Cell
from dougong.testing.companies import Company
from dougong.testing.server import Database, TestServer


@pytest.fixture(autouse=True)
def by_superuser(test_server: TestServer) -> None:
    test_server.needs_superuser()


def people(cell: Cell, company: Company) -> set[str]:
    with cell.session(Bound(company.tenant)) as session:
        return set(session.scalars(sa.select(Person.username)))


def rights(database: Database) -> list[tuple[object, ...]]:
    query = (
        "select n.nspname::text, c.relname::text, pg_get_userbyid(c.relowner)::text, c.relacl::text, relrowsecurity,"
        " relforcerowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname !~ '^pg_|information_schema' order by 1, 2"
    )
    with psycopg.connect(database.superuser) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    config = Config(home=tmp_path / "home")
    assert len(config.secret) == 32
    return config.home


def test_everything_comes_back(
    database: Database,
    empty_database: Database,
    cell: Cell,
    make_company: Callable[..., Company],
    home: Path,
    tmp_path: Path,
) -> None:
    anhe = make_company("anhe", people={"wang": [("admin", "n1")]})
    jinxiu = make_company("jinxiu", people={"li": []})
    file = tmp_path / "backups" / "one.tar"
    contents = backup(database.addresses, file, home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert contents.server >= 150000

    elsewhere = tmp_path / "elsewhere"
    assert restore(empty_database.addresses, file, elsewhere) == contents
    there = Cell(empty_database.app, pool=1)
    try:
        assert people(there, anhe) == {"wang"}
        assert people(there, jinxiu) == {"li"}
        with there.session(Bound(anhe.tenant)) as session, pytest.raises(sa.exc.ProgrammingError):
            session.execute(sa.select(sa.func.set_config("dougong.tenant", str(jinxiu.tenant), True)))
    finally:
        there.engine.dispose()
    assert rights(empty_database) == rights(database)
    assert Config(home=elsewhere).secret == Config(home=home).secret


def test_a_database_in_use_is_replaced_only_when_told(
    database: Database, cell: Cell, company: Company, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "one.tar"
    backup(database.addresses, file, home)
    before = people(cell, company)
    company.add_person("afterwards")
    with pytest.raises(BackupError, match="--replace"):
        restore(database.addresses, file, home)
    assert people(cell, company) == {*before, "afterwards"}
    restore(database.addresses, file, home, replace=True)
    cell.engine.dispose()
    assert people(cell, company) == before


def test_a_failed_restore_changes_nothing(
    database: Database, cell: Cell, company: Company, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "one.tar"
    backup(database.addresses, file, home)
    broken = tmp_path / "broken.tar"
    with tarfile.open(file) as old, tarfile.open(broken, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == "database.dump":
                content = content[: len(content) // 2]
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    with pytest.raises(BackupError, match=r"pg_restore|psql"):
        restore(database.addresses, broken, home, replace=True)
    assert people(cell, company) == set(company.people)


def test_the_owner_alone_cannot_make_one(database: Database, home: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="DOUGONG_DATABASE_URL"):
        backup(replace(database.addresses, superuser=None), tmp_path / "one.tar", home)
    assert not (tmp_path / "one.tar").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a tar", None, {"format": 99, "made_at": "", "dougong": "9", "server": 150000}, {"server": 990000}],
)
def test_what_is_no_backup_is_refused(
    content: bytes | dict[str, object] | None, empty_database: Database, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "one.tar"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        said = {"made_at": "", "dougong": "1", "format": 1, **content}
        with tarfile.open(file, "w") as tar:
            for name, text in (("backup.json", json.dumps(said).encode()), ("database.dump", b"")):
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text))
    with pytest.raises(BackupError):
        restore(empty_database.addresses, file, home)


def test_names_in_the_tar_are_never_used_as_paths(empty_database: Database, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.tar"
    with tarfile.open(file, "w") as tar:
        entry = tarfile.TarInfo("../escaped")
        tar.addfile(entry, io.BytesIO())
    with pytest.raises(BackupError):
        restore(empty_database.addresses, file, home)
    assert not (tmp_path / "escaped").exists()
