"""``doctor`` finds what is planted, with words that mend it, and is silent about a sound installation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from dougong.config import Config
from dougong.doctor import examine
from dougong.plugins import Registry, load
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
