"""The Host header: which host a request is for, before anything else is known of it.

A host name is how a company is found, so that a forged or oddly written one must come out as plainly unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

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
    return _host(given[0]) if len(given) == 1 and len(given[0]) <= 255 else None


@lru_cache(maxsize=4096)
def _host(given: bytes) -> str | None:
    try:
        text = given.decode("ascii").lower()
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
