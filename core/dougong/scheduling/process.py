"""A worker for as long as its process lives: begun again whenever the database was away, in a process or a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import structlog

from .attempts import Opener
from .jobs import Jobs
from .worker import Broken, Pace, Sick, Worker

log = structlog.get_logger(__name__)


class WorkerThread:
    """A worker inside another process (``serve``, the demo): its own thread with its own event loop.

    :param pause: seconds before it begins again when the database was away.
    """

    def __init__(self, worker: Worker, *, pause: float = 5.0) -> None:
        self._worker, self._pause = worker, pause
        self._thread = threading.Thread(target=self._main, name="dougong-worker", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self._begun.wait()

    def stop(self) -> None:
        """Let running jobs finish within the grace, then return. Blocks: not for an event loop's own thread."""
        if not self._begun.is_set():
            return
        if self._loop is not None and self._task is not None and self._thread.is_alive():
            with suppress(RuntimeError):  # the loop may close between the question and the call
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(self._worker.pace.grace + 5)

    def _main(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._keep())

    async def _keep(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        await _again_and_again(self._worker, self._pause)


async def _again_and_again(worker: Worker, pause: float, *, signals: bool = False) -> None:
    """Work; begin again when the database was away. Ends by a signal, or cancelled.

    :raises Sick: with ``signals``.
    """
    while True:
        try:
            await worker.run(signals=signals)
            if signals:
                return
            log.error("the worker stopped by itself; it begins again")
        except Sick:
            raise
        except Broken:
            log.warning("the worker lost the database; it begins again")
        except Exception:  # whatever it was, an installation without its worker must get it back; logged in full
            log.exception("the worker failed; it begins again")
        await asyncio.sleep(pause)


def run_worker(
    jobs: Jobs,
    address: str,
    opener: Opener,
    *,
    queues: tuple[str, ...] | None = None,
    pace: Pace | None = None,
    pause: float = 2.0,
) -> None:
    """Work in this process until SIGINT or SIGTERM: ``dougong worker``. A database that goes away is waited for.

    :param pause: seconds before it begins again when the database was away.
    :raises Sick: threads hang; end the process, so that its supervisor starts another.
    """
    worker = Worker(jobs, address, opener, queues=queues, pace=pace)
    asyncio.run(_again_and_again(worker, pause, signals=True))


__all__ = ["WorkerThread", "run_worker"]
