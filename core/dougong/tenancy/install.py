"""Installing: the database, its roles and the addresses under which the parts of the platform reach it.

Owns which database roles exist and what they may do to the database itself. Tables, and the rights on them,
belong to the migrations. Every step may be repeated.

========================  ===========================================================================
``dougong_owner``         owns the database and everything in it; runs migrations; no superuser.
``dougong_app``           web and worker; owns nothing, no BYPASSRLS; rights are granted table by table.
``dougong_operator``      reads the tables outside tenants (schema ``platform``).
``dougong_search``        cannot sign in; the function that searches runs as it (``searching``).
========================  ===========================================================================

On one's own server the role of ``DOUGONG_DATABASE_URL`` takes the owner's part, unless it is a superuser: then
``dougong_owner`` is made, because row security does not bind superusers.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import psycopg
import structlog
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from ..config import Config, kept
from ..words import translator
from . import searching
from .embedded import SUPERUSER, Server
from .files import store_of
from .stored import APP_ROLE

OWNER_ROLE = "dougong_owner"
OPERATOR_ROLE = "dougong_operator"
DATABASE = "dougong"
LEAST_VERSION = 150000
NOT_OURS = ("", "postgres", "template0", "template1")

_ = translator("dougong")
log = structlog.get_logger(__name__)


class InstallError(RuntimeError):
    """The database cannot be prepared; the text says what is missing and how to mend it."""


@dataclass(frozen=True)
class Addresses:
    """libpq URIs that psycopg, asyncpg, SQLAlchemy (with ``+psycopg``) and PostgreSQL's programs read.

    :ivar superuser: only of the embedded server, or where ``DOUGONG_DATABASE_URL`` names a superuser.
    """

    owner: str = field(repr=False)
    app: str = field(repr=False)
    operator: str = field(repr=False)
    superuser: str | None = field(default=None, repr=False)


def addresses(config: Config) -> Addresses:
    """Where the database is; starts the embedded server, makes database and roles when they are missing.

    :raises InstallError: one's own server lacks something.
    :raises dougong.tenancy.embedded.ServerError: the embedded server does not start.
    """
    if config.database_url is None:
        server = Server(config.home)
        server.start()
        return embedded_addresses(server)
    return _own_server(config, config.database_url)


def embedded_addresses(server: Server, database: str = DATABASE) -> Addresses:
    """Database and roles in a running embedded server. They need no password: its socket is private."""
    superuser = server.address(database, SUPERUSER)
    with _connect(server.address("postgres")) as connection:
        for role in (OWNER_ROLE, APP_ROLE, OPERATOR_ROLE):
            _make_role(connection, role, None)
        searching.make_role(connection, OWNER_ROLE)
        make_database(connection, database)
    with _connect(superuser) as connection:
        _secure(connection, database, OWNER_ROLE)
    return Addresses(
        owner=server.address(database, OWNER_ROLE),
        app=server.address(database, APP_ROLE),
        operator=server.address(database, OPERATOR_ROLE),
        superuser=superuser,
    )


def make_database(connection: psycopg.Connection, name: str, *, template: str | None = None) -> None:
    """Create the database for ``dougong_owner`` unless it exists.

    :param connection: of a superuser, in autocommit, to another database.
    :param template: copy this one, which nobody may be connected to, file by file.
    """
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)) if template else sql.SQL("")
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER_ROLE)) + copied
    try:
        connection.execute(statement)
    except (errors.DuplicateDatabase, errors.UniqueViolation):
        return  # another process was first
    secure_database(connection, name)


def secure_database(connection: psycopg.Connection, name: str) -> None:
    """Who may connect: rights on a database itself are not copied from a template."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in (APP_ROLE, OPERATOR_ROLE):
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))


def _secure(connection: psycopg.Connection, name: str, owner: str) -> None:
    """Inside the database, as superuser or owner: nothing for PUBLIC but what it needs."""
    secure_database(connection, name)
    database = sql.Identifier(name)
    connection.execute(sql.SQL("ALTER DATABASE {} SET timezone = 'UTC'").format(database))
    connection.execute(sql.SQL("ALTER DATABASE {} SET jit = off").format(database))  # short queries only
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _revoke_set_config(connection, name, owner)


def _revoke_set_config(connection: psycopg.Connection, name: str, owner: str) -> None:
    """``set_config()`` inside a statement could change the tenant in the midst of it; ``SET LOCAL`` cannot."""
    function = sql.SQL("EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean)")
    if may_set_config(connection, APP_ROLE):
        with contextlib.suppress(errors.InsufficientPrivilege):
            connection.execute(sql.SQL("REVOKE {} FROM PUBLIC").format(function))
        if may_set_config(connection, APP_ROLE):
            log.warning("set_config_not_revoked", database=name, mend=str(SET_CONFIG_MEND))
            return
    if not may_set_config(connection, owner):
        with contextlib.suppress(errors.InsufficientPrivilege):  # then backups need the superuser
            connection.execute(sql.SQL("GRANT {} TO {}").format(function, sql.Identifier(owner)))  # pg_dump calls it


SET_CONFIG_MEND = _(
    "Let a superuser run, in this database: REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean)"
    " FROM PUBLIC"
)


def may_set_config(connection: psycopg.Connection, role: str) -> bool:
    """Whether the role may call ``set_config()`` in this database; the application's should not."""
    query = "SELECT has_function_privilege(%s, 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')"
    row = connection.execute(query, (role,)).fetchone()
    return bool(row and row[0])


# --- one's own server -------------------------------------------------------------------------------------------------


def _own_server(config: Config, url: str) -> Addresses:
    with _connect(url) as connection:
        given = _Given.read(connection)
        passwords = {
            APP_ROLE: _password(config, connection, url, given, APP_ROLE),
            OPERATOR_ROLE: _password(config, connection, url, given, OPERATOR_ROLE),
        }
        if not given.superuser:
            searching.make_role(connection, given.role)
            _secure(connection, given.database, given.role)
            return Addresses(url_for(url), *(url_for(url, role, passwords[role]) for role in passwords))
        return _by_superuser(config, connection, url, given, passwords)


def _by_superuser(
    config: Config, connection: psycopg.Connection, url: str, given: _Given, passwords: dict[str, str | None]
) -> Addresses:
    owner_password = _password(config, connection, url, given, OWNER_ROLE)
    searching.make_role(connection, OWNER_ROLE)
    name = DATABASE if given.database in NOT_OURS else given.database
    make_database(connection, name)
    superuser = url_for(url, database=name)
    with _connect(superuser) as inside:
        inside.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(OWNER_ROLE))
        )
        _secure(inside, name, OWNER_ROLE)
    return Addresses(
        owner=url_for(url, OWNER_ROLE, owner_password, database=name),
        app=url_for(url, APP_ROLE, passwords[APP_ROLE], database=name),
        operator=url_for(url, OPERATOR_ROLE, passwords[OPERATOR_ROLE], database=name),
        superuser=superuser,
    )


@dataclass(frozen=True)
class _Given:
    """What the role of the given address is and may do."""

    role: str
    database: str
    superuser: bool
    makes_roles: bool

    @classmethod
    def read(cls, connection: psycopg.Connection) -> _Given:
        version = connection.info.server_version
        if version < LEAST_VERSION:
            raise InstallError(
                _("PostgreSQL 15 or newer is needed; this server is {version}.").format(version=version // 10000)
            )
        row = connection.execute(
            "SELECT rolname, current_database(), rolsuper, rolcreaterole, pg_has_role(datdba, 'MEMBER')"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
        assert row is not None
        role, database, superuser, makes_roles, owns = row
        if not superuser and database in NOT_OURS:
            raise InstallError(
                _(
                    "DOUGONG_DATABASE_URL names the database {database}, which serves the server itself. Name one of its"
                    " own: CREATE DATABASE {ours} OWNER {role};"
                ).format(database=database, ours=DATABASE, role=role)
            )
        if not owns:
            raise InstallError(
                _(
                    "The role {role} does not own the database {database}. Let a superuser run: ALTER DATABASE {database}"
                    " OWNER TO {role};"
                ).format(role=role, database=database)
            )
        if role in (APP_ROLE, OPERATOR_ROLE):
            raise InstallError(
                _("DOUGONG_DATABASE_URL must name the owner of the database, not {role}.").format(role=role)
            )
        return cls(role, database, superuser, makes_roles)


def _password(config: Config, connection: psycopg.Connection, url: str, given: _Given, role: str) -> str | None:
    """The role's password, after making sure that the role exists. None where the server asks for none.

    A role belongs to the whole server. One that exists without a password known here may serve another
    installation, so it is never given a new one.
    """
    file = config.home / f"{role}.password"
    configured = {APP_ROLE: config.app_password, OPERATOR_ROLE: config.operator_password}.get(role)
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if exists:
        known = configured.get_secret_value() if configured else file.read_text("utf-8") if file.exists() else None
        _check_reachable(url_for(url, role, known), role)
        return known
    if not given.makes_roles and not given.superuser:
        raise InstallError(
            _(
                "The role {role} is missing, and {owner} may not make it. Let a superuser run: ALTER ROLE {owner}"
                " CREATEROLE; or make the roles dougong_app and dougong_operator (LOGIN, with passwords) and set"
                " DOUGONG_APP_PASSWORD and DOUGONG_OPERATOR_PASSWORD."
            ).format(role=role, owner=given.role)
        )
    password = configured.get_secret_value() if configured else kept(file, lambda: secrets.token_urlsafe(32))
    _make_role(connection, role, password)
    return password


def _check_reachable(address: str, role: str) -> None:
    """A role that exists must let us in; one that may not yet connect to this database is let in later."""
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        if "permission denied for database" in str(error):
            return
        raise InstallError(
            _(
                "The role {role} exists on this server, but does not let us in: {error}. Set DOUGONG_APP_PASSWORD and"
                " DOUGONG_OPERATOR_PASSWORD to the passwords of these roles; for dougong_owner, name it itself in"
                " DOUGONG_DATABASE_URL."
            ).format(role=role, error=str(error).strip())
        ) from error


def _make_role(connection: psycopg.Connection, role: str, password: str | None) -> None:
    options = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT"  # NOBYPASSRLS and NOREPLICATION are the default
    statement = sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(options))
    if password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        return
    try:
        connection.execute(statement)
    except (errors.DuplicateObject, errors.UniqueViolation):
        return  # another process was first


def url_for(url: str, role: str | None = None, password: str | None = None, database: str | None = None) -> str:
    """The same server under another role, password or database, as a URI (``url`` may also be ``key=value`` words)."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    if role:
        parts["user"] = role
        parts.pop("password", None)
        if password:
            parts["password"] = password
    name = database or parts.pop("dbname", "")
    parts.pop("dbname", None)
    user, secret = quote(parts.pop("user", ""), safe=""), quote(parts.pop("password", ""), safe="")
    login = f"{user}:{secret}@" if secret else f"{user}@" if user else ""
    host, port = parts.get("host", ""), parts.get("port", "")
    place = ""
    if host and not host.startswith(("/", "@")) and "," not in host:
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        parts = {key: value for key, value in parts.items() if key not in ("host", "port")}
    query = f"?{urlencode(parts, quote_via=quote, safe='/')}" if parts else ""
    return f"postgresql://{login}{place}/{quote(name, safe='')}{query}"


def _connect(address: str) -> psycopg.Connection:
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise InstallError(
            _("The database cannot be reached: {error}. Check DOUGONG_DATABASE_URL.").format(error=str(error).strip())
        ) from error


def release(config: Config) -> None:
    """Stop the embedded server unless another process is connected to it: what a command started ends with it."""
    server = Server(config.home)
    if config.database_url is not None or not server.running():
        return
    with _connect(server.address("postgres")) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    if others == (0,):
        server.stop()


def erase(config: Config) -> None:
    """Delete the whole database of this installation and its files (``make demo FRESH=1``): for good. Secrets in ``home``
    stay.

    On one's own server every schema of the owner's is dropped, roles and the database itself stay.
    """
    store_of(config).erase()
    if config.database_url is None:
        Server(config.home).erase()
        return
    with _connect(addresses(config).owner) as connection:
        owned = "SELECT nspname FROM pg_namespace WHERE nspowner = current_user::regrole AND nspname <> 'public'"
        for (schema,) in connection.execute(owned).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


__all__ = [
    "DATABASE",
    "OPERATOR_ROLE",
    "OWNER_ROLE",
    "SET_CONFIG_MEND",
    "Addresses",
    "InstallError",
    "addresses",
    "embedded_addresses",
    "erase",
    "make_database",
    "may_set_config",
    "secure_database",
    "url_for",
]
