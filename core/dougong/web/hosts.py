"""The Host header: which host a request is for, before anything else is known of it.

A host name is how a company is found, so that a forged or oddly written one must come out as plainly unknown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from .application import Application

_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*")
_LITERAL = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_PORT = re.compile(r"[0-9]{1,5}")
LANDING = frozenset({"localhost", "127.0.0.1", "[::1]"})


def host_of(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The host without port, in lower case and without the trailing dot; None for a missing, doubled or malformed header.

    ``user@host``, spaces, control characters, paths and anything outside ASCII are malformed: international names
    reach a server in their ASCII form.
    """
    given = [value for name, value in headers if name == b"host"]
    if len(given) != 1 or len(given[0]) > 255:
        return None
    try:
        text = given[0].decode("ascii").lower()
    except UnicodeDecodeError:
        return None
    host, port = text, None
    if text.startswith("["):
        host, closed, rest = text.partition("]")
        host += closed
        if rest:
            if not rest.startswith(":"):
                return None
            port = rest[1:]
    elif ":" in text:
        host, _colon, port = text.partition(":")
    if port is not None and not _PORT.fullmatch(port):
        return None
    host = host.removesuffix(".")
    return host if _NAME.fullmatch(host) or _LITERAL.fullmatch(host) else None


class Hosts:
    """Host → company, as the database had it within the last half minute.

    A host that moves to another company is followed within that time; what a company may at all is asserted by
    every transaction. Forged names are remembered too, so that they cost one look-up each, within bounds.
    """

    KEPT = 30.0  # seconds
    LIMIT = 20_000

    def __init__(self, look_up: Callable[[str], UUID | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[float, UUID | None]] = {}

    async def tenant(self, host: str, app: Application) -> UUID | None:
        """The company of a host, None if there is none."""
        moment = time.monotonic()
        known = self._known.get(host)
        if known is None or known[0] <= moment:
            if len(self._known) >= self.LIMIT:
                self._known.clear()
            known = self._known[host] = (moment + self.KEPT, await app.in_thread(self._look_up, host))
        return known[1]

    def forget(self) -> None:
        """Look up anew: hosts were changed by this process."""
        self._known.clear()
