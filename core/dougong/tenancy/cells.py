"""A cell: one PostgreSQL database in which companies live, and the two ways of talking to it.

Writing is a unit of work (``session``: SQLAlchemy on psycopg); reading is compiled (``read``: statements compiled
once, run on asyncpg). Both begin their transaction, set the tenant and assert the freshness of what the process
believes in one round trip. This module and the migrations are the only places that write SQL as text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import visitors

from .stored import current_tenant

_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
SEARCH_PATH = "platform"


class Stale(Exception):
    """The process's snapshot is older than the company's version: reload and try again."""


class SignedOut(Exception):
    """The session was ended, here or in another process."""


class Suspended(Exception):
    """The company is suspended or gone."""


_STATES: dict[str, type[Exception]] = {"DG001": Stale, "DG002": SignedOut, "DG003": Suspended}


@dataclass(frozen=True, slots=True)
class Bound:
    """What a transaction is bound to and what its begin asserts.

    :param tenant: the company; every policy reads it.
    :param seen: version of the snapshot in use; 0 asserts nothing.
    :param session: hash of the browser session, which must still exist; None where there is none.
    """

    tenant: UUID
    seen: int = 0
    session: str | None = None

    def begin(self) -> str:
        """The first text of a transaction. It holds a checked UUID, an integer and a hex digest of ours: nothing of a request."""
        tenant = str(UUID(str(self.tenant)))
        text = f"BEGIN; SET LOCAL dougong.tenant = '{tenant}'"
        if not self.seen and self.session is None:
            return text
        session = "NULL" if self.session is None else f"'{bytes.fromhex(self.session).hex()}'"
        return f"{text}; SELECT platform.assert_fresh('{tenant}', {int(self.seen)}, {session})"


class Compiled:
    """A statement as SQL text with the order of its parameters; made once per shape, used for every request."""

    __slots__ = ("_defaults", "_order", "names", "sql")

    def __init__(self, statement: sa.Select[*tuple[Any, ...]]) -> None:
        asked: set[str] = set()

        def open_up(parameter: sa.BindParameter[Any]) -> None:  # an IN list is rendered now; the others wait for values
            if parameter.required:
                asked.add(parameter.key)
                parameter.required = False

        done = visitors.cloned_traverse(statement, {}, {"bindparam": open_up}).compile(
            dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
        )
        self.sql = str(done)
        self._order: tuple[str, ...] = tuple(done.positiontup or ())
        self._defaults = {
            name: _stored(done.binds.get(name), value) for name, value in done.params.items() if name not in asked
        }
        self.names = frozenset(self._order)

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Values in order: what was given, else what the statement itself fixes."""
        defaults = self._defaults
        return [given[name] if name in given else defaults[name] for name in self._order]


def _stored(parameter: sa.BindParameter[Any] | None, value: Any) -> Any:
    """A value that the statement itself fixes, as its column's type stores it."""
    if parameter is None:  # one of an expanded IN list; enumerations among them are text
        return getattr(value, "value", value)
    process = parameter.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return process(value) if process and value is not None else value


class Cell:
    """One database, seen as the application's role.

    :param address: libpq address, for instance ``postgresql://dougong_app@/dougong?host=/run/x``.
    :param pool: connections of each of the two ways.
    """

    def __init__(self, address: str, *, pool: int = 16) -> None:
        self.address = address
        self._pool_size = pool
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=pool,
            max_overflow=pool,
            pool_reset_on_return="rollback",
        )
        event.listen(self.engine, "begin", _begin)

    def _connect(self) -> psycopg.Connection[Any]:
        # Autocommit lets us send BEGIN together with the tenant; psycopg's commit() still ends that transaction.
        return psycopg.connect(
            self.address, autocommit=True, options=f"-c search_path={SEARCH_PATH}", application_name="dougong"
        )

    @contextmanager
    def session(self, bound: Bound) -> Iterator[orm.Session]:
        """One transaction as the given company: committed at the end, rolled back on any exception.

        :raises Stale, SignedOut, Suspended: as the begin found.
        """
        token = current_tenant.set(bound.tenant)
        try:
            engine = self.engine.execution_options(dougong_bound=bound)
            with orm.Session(engine, expire_on_commit=False, autoflush=True) as session, session.begin():
                session.info["bound"] = bound
                yield session
        except sa.exc.DBAPIError as error:
            raise _translated(error) from error
        finally:
            current_tenant.reset(token)

    @contextmanager
    def platform(self) -> Iterator[sa.Connection]:
        """A transaction without a company: only tables of the schema ``platform`` show rows."""
        with self.engine.begin() as connection:
            yield connection

    async def open(self) -> None:
        """Open the pool for compiled reads (in the running event loop)."""
        self._pool = await asyncpg.create_pool(
            self.address,
            min_size=min(4, self._pool_size),
            max_size=self._pool_size,
            server_settings={"search_path": SEARCH_PATH, "application_name": "dougong", "jit": "off"},
            init=_prepare,
            reset=_keep,
        )

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
        self.engine.dispose()

    async def read(self, bound: Bound, query: Compiled, **given: Any) -> list[asyncpg.Record]:
        """Run one compiled statement as the given company.

        :raises Stale, SignedOut, Suspended: as the begin found.
        """
        return (await self.read_all(bound, ((query, given),)))[0]

    async def read_all(
        self, bound: Bound, queries: Sequence[tuple[Compiled, Mapping[str, Any]]]
    ) -> list[list[asyncpg.Record]]:
        """Several statements in one transaction."""
        if self._pool is None:
            raise RuntimeError("Cell.open() was not awaited")
        connection = await self._pool.acquire()
        try:
            await connection.execute(bound.begin())
            found = [await connection.fetch(query.sql, *query.arguments(given)) for query, given in queries]
            await connection.execute("COMMIT")
            return found
        except asyncpg.PostgresError as error:
            await connection.execute("ROLLBACK")
            raise _STATES.get(error.sqlstate or "", type(error))(str(error)) from error
        except asyncio.CancelledError:
            connection.terminate()  # never hand on a connection with somebody's transaction open
            raise
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        finally:
            await self._pool.release(connection)


def _begin(connection: sa.Connection) -> None:
    bound: Bound | None = connection.get_execution_options().get("dougong_bound")
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    try:
        cursor.execute(bound.begin() if bound else "BEGIN")
    except psycopg.Error as error:
        connection.connection.driver_connection.rollback()  # type: ignore[union-attr]
        raise _STATES.get(error.sqlstate or "", type(error))(str(error)) from error


def _translated(error: sa.exc.DBAPIError) -> Exception:
    known = _STATES.get(getattr(error.orig, "sqlstate", None) or "")
    return known(str(error.orig)) if known else error


async def _prepare(connection: asyncpg.Connection[Any]) -> None:
    # asyncpg looks up array types with set_config('jit', …), which our role may not call: it could set the tenant.
    # Our statements are short, so the connection has JIT off anyway and asyncpg need not switch it.
    connection._server_caps = connection._server_caps._replace(jit=False)
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=str, decoder=str, schema="pg_catalog", format="text")


async def _keep(connection: asyncpg.Connection[Any]) -> None:
    """Nothing to reset: SET LOCAL ends with its transaction, and read_all always ends it."""
