"""Whether anybody works off the jobs: asked at most once a minute by each process, so that no page waits for the answer.

What is known lies in memory; who is told is decided by the page's frame.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from ..scheduling.watching import nobody_works
from ..tenancy.cells import Bound, Cell, Compiled

if TYPE_CHECKING:
    from .requests import Asked

log = structlog.get_logger("dougong.web")

EVERY = 60.0  # seconds between two questions
_QUESTION = Compiled(nobody_works())


class Watch:
    """The last answer, and the question that is under way.

    :ivar silent: something has waited for two minutes, and no worker was seen as long.
    """

    def __init__(self) -> None:
        self.silent = False
        self._asked_at = -float("inf")
        self._task: asyncio.Task[None] | None = None

    def look(self, asked: Asked) -> bool:
        """What is known; asks anew, beside this request, where that was long ago. To be called in the server's loop."""
        if time.monotonic() - self._asked_at >= EVERY:
            self._asked_at = time.monotonic()
            self._task = asyncio.get_running_loop().create_task(self.ask(asked.app.cell, asked.snapshot.tenant))
        return self.silent

    async def ask(self, cell: Cell, tenant: UUID) -> None:
        """Ask now. An answer that cannot be had leaves what was known."""
        try:
            rows = await cell.read(Bound(tenant), _QUESTION)
        except Exception:  # whatever it is: the page is answered already, and the next minute asks again
            log.warning("whether anybody works could not be asked", exc_info=True)
        else:
            self.silent = bool(rows[0]["silent"])

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


__all__ = ["EVERY", "Watch"]
