"""Installing: roles with the least they need, on the embedded server and on one's own, however often repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import psycopg
import pytest
from dougong.config import Config
from dougong.tenancy import install
from dougong.tenancy.embedded import Server
from dougong.tenancy.install import OWNER_ROLE, Addresses, InstallError, addresses, release, url_for
from dougong.tenancy.searching import SEARCH_ROLE
from dougong.testing.server import Database, TestServer
from psycopg import sql

ROLES = ("dougong_owner", "dougong_app", "dougong_operator")


def value(address: str, query: str, *parameters: object) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(query, parameters).fetchone()
        return row[0] if row else None


def run(address: str, *statements: str | sql.Composed) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_no_role_has_more_than_it_needs(empty_database: Database) -> None:
    query = (
        "select rolname::text, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication, rolcanlogin"
        " from pg_roles where rolname like 'dougong\\_%%' order by 1"
    )
    with psycopg.connect(empty_database.superuser) as connection:
        found = connection.execute(query).fetchall()
        # The role that searches passes row security, and nobody can sign in as it.
        assert found == sorted([*((name, False, True) for name in ROLES), (SEARCH_ROLE, True, False)])
        memberships = (
            "select member::regrole::text, roleid::regrole::text from pg_auth_members "
            "where member::regrole::text = any(%s)"
        )
        assert connection.execute(memberships, (list(ROLES),)).fetchall() == [(OWNER_ROLE, SEARCH_ROLE)]


@pytest.mark.parametrize("role", ["app", "operator"])
def test_the_application_can_make_nothing(empty_database: Database, role: str) -> None:
    address = getattr(empty_database, role)
    for statement in ("create schema mine", "create table public.mine (n int)", "create temp table mine (n int)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(address, statement)


def test_set_config_is_closed_to_the_application_and_set_local_open(
    test_server: TestServer, empty_database: Database
) -> None:
    test_server.needs_superuser()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        value(empty_database.app, "select set_config('dougong.tenant', %s, true)", str(uuid4()))
    with psycopg.connect(empty_database.app) as connection:
        tenant = str(uuid4())
        connection.execute(sql.SQL("set local dougong.tenant = {}").format(sql.Literal(tenant)))
        assert connection.execute("select current_setting('dougong.tenant')").fetchone() == (tenant,)
    assert value(empty_database.owner, "select set_config('dougong.tenant', '', true)") == ""


def test_a_copy_of_the_template_keeps_the_closed_door(test_server: TestServer) -> None:
    with test_server.temporary(bare=True) as first, psycopg.connect(first.superuser, autocommit=True) as connection:
        name = f"t_{uuid4().hex[:12]}"
        with test_server.administrator() as outside:
            connection.close()
            install.make_database(outside, name, template=first.name)
        try:
            copy = url_for(first.app, database=name)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                value(copy, "select set_config('dougong.tenant', '', true)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                run(copy, "create temp table mine (n int)")
        finally:
            with test_server.administrator() as outside:
                outside.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def test_the_embedded_server_is_installed_however_often(test_server: TestServer) -> None:
    config = Config(home=test_server.folder, database_url=None)
    found = [addresses(config) for _ in range(2)]
    assert found[0] == found[1]
    assert value(found[0].owner, "select pg_get_userbyid(datdba)::text from pg_database where datname = 'dougong'") == (
        "dougong_owner"
    )
    assert value(found[0].operator, "show timezone") == "UTC"
    assert "dougong" not in repr(found[0])


# --- one's own server ---------------------------------------------------------------------------------------------


@pytest.fixture
def own(test_server: TestServer, tmp_path: Path) -> Iterator[Own]:
    test_server.needs_superuser()
    made = Own(test_server, tmp_path)
    yield made
    made.close()


class Own:
    """A database of somebody's own on the test server, and its owner who is no superuser."""

    def __init__(self, server: TestServer, home: Path) -> None:
        self.home, self.role = home, f"somebody_{uuid4().hex[:8]}"
        self.root = server.url
        run(
            self.root,
            f"create role {self.role} login createrole password 'x'",
            f"create database {self.role} owner {self.role}",
        )
        self.url = url_for(self.root, self.role, "p a%s", database=self.role)

    def config(self, **more: object) -> Config:
        return Config(home=self.home, **{"database_url": self.url, **more})

    def close(self) -> None:
        run(self.root, f"drop database if exists {self.role} with (force)", f"drop role {self.role}")


def test_an_owner_with_createrole_is_enough(own: Own) -> None:
    found = addresses(own.config())
    assert addresses(own.config()) == found
    assert found.superuser is None
    assert value(found.owner, "select current_user::text") == own.role
    assert value(found.app, "select current_user::text") == "dougong_app"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(found.app, "create schema mine")


def test_what_is_missing_is_said_in_words(own: Own) -> None:
    with pytest.raises(InstallError, match="CREATE DATABASE dougong"):
        addresses(own.config(database_url=url_for(own.url, database="postgres")))
    with pytest.raises(InstallError, match="DOUGONG_DATABASE_URL"):
        addresses(own.config(database_url="postgresql://127.0.0.1:1/x?connect_timeout=2"))
    run(own.root, f"alter database {own.role} owner to postgres")
    with pytest.raises(InstallError, match="OWNER TO"):
        addresses(own.config())


def test_missing_roles_that_the_owner_may_not_make(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "OPERATOR_ROLE", "dougong_operator_missing")
    run(own.root, f"alter role {own.role} nocreaterole")
    with pytest.raises(InstallError, match="CREATEROLE"):
        addresses(own.config())


def test_new_roles_get_a_random_password_that_stays(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    role = f"{own.role}_operator"
    monkeypatch.setattr(install, "OPERATOR_ROLE", role)
    try:
        found = addresses(own.config())
        file = own.home / f"{role}.password"
        assert file.read_text() in found.operator
        assert file.stat().st_mode & 0o077 == 0
        assert len(file.read_text()) >= 32
        assert addresses(own.config()) == found
        assert value(own.root, "select rolpassword like 'SCRAM%%' from pg_authid where rolname = %s", role) is True
    finally:
        run(own.root, f"drop database {own.role} with (force)", f"drop role {role}")


def test_a_superuser_hands_over_to_an_ordinary_owner(own: Own) -> None:
    found = addresses(own.config(database_url=url_for(own.root, database=own.role)))
    assert value(found.owner, "select current_user::text") == "dougong_owner"
    assert value(found.owner, "select pg_get_userbyid(datdba)::text from pg_database where datname = %s", own.role) == (
        "dougong_owner"
    )
    assert found.superuser is not None


def test_erasing_ones_own_database_keeps_the_database(own: Own) -> None:
    found = addresses(own.config())
    run(found.owner, "create schema core", "create table core.t (n int)")
    install.erase(own.config())
    assert value(found.owner, "select count(*) from pg_namespace where nspname = 'core'") == 0


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@h:5433/d", "postgresql://r:x%2Fy%40z@h:5433/d"),
        ("postgres://u@h/d?sslmode=require", "postgresql://r:x%2Fy%40z@h/d?sslmode=require"),
        ("postgresql:///d?host=/run/a%20b&user=u", "postgresql://r:x%2Fy%40z@/d?host=/run/a%20b"),
        ("host=h user=u password=p dbname=d", "postgresql://r:x%2Fy%40z@h/d"),
        ("postgresql://u@[::1]:5433/d", "postgresql://r:x%2Fy%40z@[::1]:5433/d"),
    ],
)
def test_the_same_server_under_another_role(url: str, expected: str) -> None:
    assert url_for(url, "r", "x/y@z") == expected
    assert url_for(expected) == expected


def test_both_drivers_read_the_addresses(empty_database: Database) -> None:
    async def who(address: str) -> object:
        connection = await asyncpg.connect(address)
        try:
            return await connection.fetchval("select current_user")
        finally:
            await connection.close()

    with_password = url_for(empty_database.app, "dougong_app", "a/b@c:d%e f")
    for address in (empty_database.app, with_password):
        assert asyncio.run(who(address)) == "dougong_app"
        assert value(address, "select current_user::text") == "dougong_app"


def test_addresses_are_what_the_platform_takes(empty_database: Database) -> None:
    assert isinstance(empty_database.addresses, Addresses)


def test_what_a_command_started_ends_with_it_unless_somebody_else_is_there(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    config = Config(home=tmp_path / "home")
    where = addresses(config)
    with psycopg.connect(where.app):
        release(config)
        assert Server(config.home).running()
    release(config)
    assert not Server(config.home).running()
    release(config)  # nothing runs: nothing to do
    install.erase(config)
