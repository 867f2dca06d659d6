"""How long and how large the head of a request may be: what the HTTP server itself leaves open.

Bodies are bounded where they are read (``inputs``); a head is read before any of our code runs.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 64 * 1024  # bytes of request line and headers, beyond what came in one piece
HEAD_SECONDS = 20.0  # from a connection, or the first byte of its next request, to the end of the head


class BoundedHead(HttpToolsProtocol):
    """One connection. A head that does not end is answered with 400, or closed when nothing more comes."""

    _size = 0
    _reading = True
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_reading = self._reading
        super().data_received(data)
        if was_reading and self._reading and not self.transport.is_closing():
            self._size += len(data)
            if self._size > HEAD_LIMIT:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def _begin(self) -> None:
        self._end()
        self._size, self._reading = 0, True
        self._clock = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _end(self) -> None:
        self._reading = False
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _too_slow(self) -> Any:
        if not self.transport.is_closing():
            self.transport.close()
