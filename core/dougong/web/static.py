"""Static files: what themes and plugins ship in their ``static`` folder; and what counts as a colour.

Everything is read once into memory with its hash and its gzip, so that an address names content and no request
touches the disk. Owns no look.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.responses import Response

from ..errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=60"
_COMPRESSED = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")
_COLOUR = re.compile(r"(?:#|%23)?([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes | None  # gzip, where it is worth it
    tag: str
    media_type: str


class Assets:
    """All static files of a set of packages.

    :param packages: the name in the address → the importable package whose ``static`` folder it shows.
    """

    def __init__(self, packages: Mapping[str, str]) -> None:
        self._found: dict[str, Asset] = {}
        for name, package in packages.items():
            folder = resources.files(package).joinpath("static")
            if folder.is_dir():
                self._take(name, folder)

    def _take(self, prefix: str, folder: Traversable) -> None:
        for entry in folder.iterdir():
            path = f"{prefix}/{entry.name}"
            if entry.is_dir():
                self._take(path, entry)
            elif not entry.name.startswith("."):
                self._found[path] = _asset(entry.name, entry.read_bytes())

    def __contains__(self, path: str) -> bool:
        return path in self._found

    def text(self, path: str) -> str:
        """The content of a text file, for what a page carries inline (the icons' sprite)."""
        return self._found[path].body.decode()

    def address(self, path: str) -> str:
        """``/static/<name>/<path>?v=<hash>``.

        :raises KeyError: no such file.
        """
        return f"/static/{path}?v={self._found[path].tag}"

    def respond(self, path: str, query: bytes, headers: Mapping[bytes, bytes]) -> Response:
        """The file, or 304, or NotFound. Only names that were read at start exist, so no path can climb out."""
        asset = self._found.get(path)
        if asset is None:
            raise NotFound
        keep = FOREVER if query == b"v=" + asset.tag.encode() else SHORTLY
        answer = {"etag": f'"{asset.tag}"', "cache-control": keep, "vary": "accept-encoding"}
        if asset.media_type.startswith("image/svg"):
            answer["content-security-policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        if asset.tag.encode() in headers.get(b"if-none-match", b""):
            return Response(status_code=304, headers=answer)
        if asset.packed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
            return Response(asset.packed, headers={**answer, "content-encoding": "gzip"}, media_type=asset.media_type)
        return Response(asset.body, headers=answer, media_type=asset.media_type)


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = None
    if media_type.startswith(_COMPRESSED) and len(body) > 512:
        packed = gzip.compress(body, 9, mtime=0)
    return Asset(body, packed, hashlib.sha256(body).hexdigest()[:16], media_type)


def colour(text: str) -> str | None:
    """``#rrggbb`` of a hexadecimal colour with or without ``#`` (or its escape), else None."""
    match = _COLOUR.fullmatch(text)
    return f"#{match[1].lower()}" if match else None
