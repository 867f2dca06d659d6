"""A cell: one PostgreSQL database in which companies live, and the two ways of talking to it.

Writing is a unit of work (``session``: SQLAlchemy on psycopg); reading is compiled (``read``: statements compiled
once, run on asyncpg). Both begin their transaction, set the tenant and assert the freshness of what the process
believes in one round trip. This module, ``readers`` and the migrations are the only places that write SQL as text.
"""

from __future__ import annotations

import functools
import time
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

from .readers import Readers
from .refusals import GONE, Contended, Lost, SignedOut, Stale, Suspended, known
from .stored import current_tenant

_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
SEARCH_PATH = "platform"


LONGEST_READ, LONGEST_WAIT = "30s", "10s"  # of a compiled read; for a lock that another transaction holds


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
        return _beginning(self)


@functools.lru_cache(maxsize=8192)
def _beginning(bound: Bound) -> str:
    tenant = str(UUID(str(bound.tenant)))
    text = f"BEGIN; SET LOCAL dougong.tenant = '{tenant}'"
    if not bound.seen and bound.session is None:
        return text
    session = "NULL" if bound.session is None else f"'{bytes.fromhex(bound.session).hex()}'"
    return f"{text}; SELECT platform.assert_fresh('{tenant}', {int(bound.seen)}, {session})"


class Compiled:
    """A statement as SQL text with the order of its parameters; made once per shape, used for every request.

    :ivar by_values: the transaction's statements are planned for their values each time: worth it where the plan for any
        value would walk many rows.
    """

    __slots__ = ("_defaults", "_order", "by_values", "names", "sql")

    def __init__(self, statement: sa.Select[*tuple[Any, ...]], *, by_values: bool = False) -> None:
        self.by_values = by_values
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
        self._pool: Readers | None = None
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=pool,
            max_overflow=pool,
            pool_reset_on_return="rollback",
            hide_parameters=True,  # an error goes into the log: what people wrote does not
        )
        self._lost_at = 0.0
        event.listen(self.engine, "begin", _begin)
        event.listen(self.engine, "connect", _made)
        event.listen(self.engine, "checkout", self._trusted)

    def _connect(self) -> psycopg.Connection[Any]:
        # Autocommit lets us send BEGIN together with the tenant; psycopg's commit() still ends that transaction.
        options = f"-c search_path={SEARCH_PATH} -c lock_timeout={LONGEST_WAIT}"
        try:
            return psycopg.connect(self.address, autocommit=True, options=options, application_name="dougong")
        except psycopg.OperationalError as error:
            raise _Unbegun(str(error)) from error

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
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            raise self._translated(error) from error
        finally:
            current_tenant.reset(token)

    @contextmanager
    def platform(self) -> Iterator[sa.Connection]:
        """A transaction without a company: only tables of the schema ``platform`` show rows."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            raise self._translated(error) from error

    def _trusted(self, _driver: Any, record: Any, _proxy: Any) -> None:
        """Replace a connection from before the last loss instead of finding out by using it."""
        if record.info["made"] <= self._lost_at:
            raise sa.exc.DisconnectionError

    def _translated(self, error: sa.exc.DBAPIError | psycopg.Error) -> Exception:
        """The error as callers know it; after a lost connection the pool's other idle ones are not to be trusted either."""
        origin = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        state = getattr(origin, "sqlstate", None)
        if isinstance(origin, psycopg.OperationalError) and (state is None or state.startswith(GONE)):
            if state != "57014":  # only one statement was cut
                self._lost_at = time.monotonic()
            return Lost(str(origin), begun=not isinstance(origin, _Unbegun))
        return known(error, state, begun=True)

    async def open(self) -> None:
        """Open the pool for compiled reads (in the running event loop)."""
        self._pool = Readers(
            self.address,
            self._pool_size,
            {
                "search_path": SEARCH_PATH,
                "application_name": "dougong",
                "jit": "off",
                "statement_timeout": LONGEST_READ,
                "lock_timeout": LONGEST_WAIT,
            },
        )

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
        self.engine.dispose()

    async def read(self, bound: Bound, query: Compiled, **given: Any) -> list[asyncpg.Record]:
        """Run one compiled statement that only reads as the given company.

        :raises Stale, SignedOut, Suspended: as the begin found.
        """
        return (await self.read_all(bound, ((query, given),)))[0]

    async def read_all(
        self, bound: Bound, queries: Sequence[tuple[Compiled, Mapping[str, Any]]]
    ) -> list[list[asyncpg.Record]]:
        """Several statements that only read in one transaction."""
        return await self._opened().run(bound, queries)

    async def write(self, bound: Bound, query: Compiled, **given: Any) -> list[asyncpg.Record]:
        """Run one compiled statement that writes; it is committed when this returns. Raises as ``read`` does."""
        return (await self._opened().run(bound, ((query, given),), writes=True))[0]

    def _opened(self) -> Readers:
        if self._pool is None:
            raise RuntimeError("Cell.open() was not awaited")
        return self._pool


@contextmanager
def apart(session: orm.Session, milliseconds: int) -> Iterator[None]:
    """A part of a transaction that may fail, or take too long, without the rest: it is undone, and its error goes on.

    :param milliseconds: the longest that one statement of it may take.
    """
    with session.begin_nested():
        session.execute(sa.text(f"SET LOCAL statement_timeout = {int(milliseconds)}"))
        yield
        # Inside still: where the part hid an error of the database, this fails, and the part is undone.
        session.execute(sa.text("SET LOCAL statement_timeout TO DEFAULT"))


class _Unbegun(psycopg.OperationalError):
    """No connection, or one that was dead before its transaction began."""


def _made(_driver: Any, record: Any) -> None:
    record.info["made"] = time.monotonic()


def _begin(connection: sa.Connection) -> None:
    bound: Bound | None = connection.get_execution_options().get("dougong_bound")
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    try:
        driver.cursor().execute(bound.begin() if bound else "BEGIN")
    except psycopg.Error as error:
        if driver.closed:
            raise _Unbegun(str(error)) from error
        driver.rollback()
        raise known(error, error.sqlstate, begun=False) from error


def by_values(session: orm.Session) -> None:
    """Have the rest of a transaction planned for its values, however often a statement came before: worth it where a plan for
    any value would compare many rows with many sites one by one. ``set_config`` is not the application's to call."""
    session.execute(sa.text("SET LOCAL plan_cache_mode TO force_custom_plan"))


__all__ = [
    "LONGEST_READ", "LONGEST_WAIT", "SEARCH_PATH", "Bound", "Cell", "Compiled", "Contended", "Lost", "SignedOut", "Stale",
    "Suspended", "apart", "by_values",
]  # fmt: skip
