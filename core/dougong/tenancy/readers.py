"""The connections on which compiled statements run in the event loop, and how their transactions begin and end.

A transaction that only read is ended by the text that begins the connection's next one, which saves a round trip a
request; one that nobody follows is ended after a moment. What writes is committed before it returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

from .refusals import Lost, known

if TYPE_CHECKING:
    from .cells import Bound, Compiled

_BY_VALUES = "; SET LOCAL plan_cache_mode TO force_custom_plan"
_LINGER = 0.02  # seconds that a transaction which only read may wait for the connection's next one

Rows = list[asyncpg.Record]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Queries = Sequence[tuple["Compiled", Mapping[str, Any]]]


class Readers:
    """At most ``size`` connections, made when they are needed.

    :param settings: of each connection, as the server knows them.
    """

    def __init__(self, address: str, size: int, settings: Mapping[str, str]) -> None:
        self._address, self._settings = address, dict(settings)
        self._slots = asyncio.Semaphore(size)
        self._free: list[Connection] = []  # the last used is used next: few stay busy, the others rest
        self._open: set[Connection] = set()  # those whose last transaction only read and is not ended yet
        self._rested: set[Connection] = set()  # those of them that nobody has used for a while
        self._ending: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps no strong reference to a task

    async def close(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        await asyncio.gather(*self._tasks)
        free, self._free = self._free, []
        for connection in free:
            await connection.close()

    async def run(self, bound: Bound, queries: Queries, *, writes: bool = False) -> list[Rows]:
        """Run statements in one transaction.

        :param writes: it is committed when this returns.
        :raises Lost: and what else ``refusals`` knows; the driver's other errors as they are.
        """
        async with self._slots:
            try:
                return await self._run(bound, queries, writes)
            except Lost as error:
                if error.begun:
                    raise
                # A connection that died while nobody used it; its neighbours then did too.
                free, self._free = self._free, []
                for connection in free:
                    self._open.discard(connection)
                    connection.terminate()
                return await self._run(bound, queries, writes)

    async def _run(self, bound: Bound, queries: Queries, writes: bool) -> list[Rows]:
        connection = self._free.pop() if self._free else await self._connect()
        begun, clean = False, False
        try:
            text = bound.begin()
            if connection in self._open:
                self._open.discard(connection)
                self._rested.discard(connection)
                text = f"COMMIT; {text}"
            if any(query.by_values for query, _given in queries):
                text += _BY_VALUES
            await connection.execute(text)
            begun = True
            found = [await connection.fetch(query.sql, *query.arguments(given)) for query, given in queries]
            if writes:
                await connection.execute("COMMIT")
            else:
                self._open.add(connection)
                if self._ending is None:
                    self._ending = asyncio.get_running_loop().call_later(_LINGER, self._end_idle)
            clean = True
            return found
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            if connection.is_closed():
                raise Lost(str(error), begun=begun) from error
            await connection.execute("ROLLBACK")
            clean = True
            if isinstance(error, asyncpg.PostgresError):
                raise known(error, error.sqlstate, begun=begun) from error
            raise
        finally:
            if clean and not connection.is_closed():
                self._free.append(connection)
            else:
                connection.terminate()  # never go on with a connection that has somebody's transaction under way

    async def _connect(self) -> Connection:
        try:
            connection: Connection = await asyncpg.connect(self._address, server_settings=self._settings)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Lost(str(error), begun=False) from error
        # asyncpg looks up array types with set_config('jit', …), which our role may not call: it could set the tenant.
        # Our statements are short, so the connection has JIT off anyway and asyncpg need not switch it.
        connection._server_caps = connection._server_caps._replace(jit=False)
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, encoder=str, decoder=str, schema="pg_catalog", format="text")
        return connection

    def _end_idle(self) -> None:
        """End what nobody follows; called now and then while transactions are open."""
        loop = asyncio.get_running_loop()
        waiting = {connection for connection in self._free if connection in self._open}
        idle, self._rested = waiting & self._rested, waiting
        if idle:
            task = loop.create_task(self._end(idle))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._ending = loop.call_later(_LINGER, self._end_idle) if self._open else None

    async def _end(self, idle: set[Connection]) -> None:
        for connection in idle:
            async with self._slots:
                if connection not in self._free or connection not in self._rested:
                    continue  # somebody uses it again
                self._free.remove(connection)
                self._open.discard(connection)
                try:
                    await connection.execute("COMMIT")
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    connection.terminate()  # it died meanwhile: the next request makes another
                else:
                    self._free.insert(0, connection)
