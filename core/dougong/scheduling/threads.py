"""Calls in threads of their own, each with its time: whoever waits goes on when it is over, and what does not end is counted.

Knows nothing of jobs; what a call does, and what becomes of it when its time is over, is the worker's part.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from .attempts import TimedOut

T = TypeVar("T")


class Threads:
    """The threads of one event loop."""

    def __init__(self) -> None:
        self._late: list[threading.Thread] = []  # whose call's time is over

    @property
    def hanging(self) -> int:
        """How many go on although their call's time is over."""
        self._late = [thread for thread in self._late if thread.is_alive()]
        return len(self._late)

    async def run(self, call: Callable[[], T], seconds: float) -> T:
        """Run it in a thread, in the caller's context. One that does not end in time goes on; nobody waits for it any more.

        :raises TimedOut: after ``seconds``. :raises Exception: whatever the call raises.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        context = contextvars.copy_context()

        def work() -> None:
            try:
                found, failure = context.run(call), None
            except BaseException as error:  # of any kind: the thread's end is the call's failure
                found, failure = None, _plain(error)
            with suppress(RuntimeError):  # the loop is gone: nobody listens any more
                loop.call_soon_threadsafe(_settle, answer, found, failure)

        thread = threading.Thread(target=work, name="job", daemon=True)  # it must not hold up the process's end
        thread.start()
        try:
            done, _waiting = await asyncio.wait([answer], timeout=seconds)
        finally:
            if not answer.done():
                self._late.append(thread)
                answer.cancel()
        if not done:
            raise TimedOut(f"it took longer than {seconds} s")
        return answer.result()


def _settle(answer: asyncio.Future[Any], found: Any, failure: Exception | None) -> None:
    if answer.done():
        return  # its time is over: nobody waits for it
    if failure is not None:
        answer.set_exception(failure)
    else:
        answer.set_result(found)


def _plain(error: BaseException) -> Exception:
    """As an event loop can carry it: SystemExit and the like would end the loop."""
    return (
        error if isinstance(error, Exception) else RuntimeError(repr(type(error))).with_traceback(error.__traceback__)
    )


__all__ = ["Threads"]
