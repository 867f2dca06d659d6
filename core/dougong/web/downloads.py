"""Handing out what lies in the store: always to be saved, never to be run.

Whatever a file holds, a browser gets it as an attachment, with its type not to be guessed at and in a sandbox; only
small pictures, which we drew ourselves, are shown in place. Who may have it was decided before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from ..errors import NotFound
from ..records.media import TEXT

if TYPE_CHECKING:
    from ..records.attachments import File
    from .requests import Asked

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


async def download(asked: Asked, file: File) -> Response:
    """The file itself, whole or the part that is asked for. :raises NotFound: its bytes are gone."""
    headers = {
        "content-type": f"{file.media_type}; charset=utf-8" if file.media_type in TEXT else file.media_type,
        "content-disposition": disposition(file.name),
        "content-security-policy": SANDBOX,
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
        "etag": f'"{file.digest[:32]}"',
    }
    if _known(asked, headers["etag"]):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, file.size, 200
    wanted = _part(asked, file.size, headers["etag"])
    if wanted is not None:
        start, end = wanted
        if start >= end:
            return Response(status_code=416, headers={"content-range": f"bytes */{file.size}"})
        status, headers["content-range"] = 206, f"bytes {start}-{end - 1}/{file.size}"
    headers["content-length"] = str(end - start)
    if asked.method == "HEAD":
        return Response(status_code=status, headers=headers)
    pieces = await asked.app.in_thread(_pieces, asked, file.key, start, end)
    return StreamingResponse(pieces, status, headers)


async def thumbnail(asked: Asked, file: File) -> Response:
    """The small picture, in place. :raises NotFound: there is none."""
    if not file.thumb:
        raise NotFound
    headers = {
        "content-security-policy": SANDBOX,
        "cache-control": "private, max-age=3600",
        "etag": f'"{file.digest[:30]}-s"',
    }
    if _known(asked, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = await asked.app.in_thread(lambda: b"".join(_pieces(asked, str(file.thumb))))
    return Response(body, headers=headers, media_type="image/jpeg")


def disposition(name: str) -> str:
    """``attachment`` under the file's name, for browsers of any age."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pieces(asked: Asked, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    store = asked.app.files
    if store is None or not key:
        raise NotFound
    try:
        return store.get(key, start, end)
    except LookupError:
        raise NotFound from None


def _known(asked: Asked, tag: str) -> bool:
    return tag.encode() in asked.headers.get(b"if-none-match", b"")


def _part(asked: Asked, size: int, tag: str) -> tuple[int, int] | None:
    """First byte and the one after the last; None: all. Several parts at once are answered with all of it."""
    condition = asked.headers.get(b"if-range")
    match = _RANGE.fullmatch(asked.headers.get(b"range", b"").decode("latin-1").strip())
    if match is None or match[0] == "bytes=-" or (condition is not None and condition != tag.encode()):
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


__all__ = ["SANDBOX", "disposition", "download", "thumbnail"]
