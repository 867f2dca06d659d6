"""Where the bytes of files lie: a folder of this machine, or a bucket of an S3-compatible store.

Knows keys and bytes only. Every key begins with its company's id, so that no company's files share a folder with
another's and a company's end takes all of them along. What a file is, and who may open it, is decided in ``records``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from ..errors import Problem, Unavailable
from ..words import translator

if TYPE_CHECKING:
    from ..config import Config

_ = translator("dougong")

KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[A-Za-z0-9._-]{1,100}")  # company's id, then the file's
CHUNK = 256 * 1024  # bytes handed on at a time when reading
_PART = 5 * 1024 * 1024  # the least that S3 takes as a part of a larger upload
_CONNECT, _ANSWER, _TRIES = "5s", "60s", 2  # a store that is away must not hold a worker for minutes


class Store:
    """The files of all companies of one installation.

    :param place: an absolute folder, or ``s3://bucket/prefix``.
    :param options: of the bucket, as ``obstore.store.S3Store`` has them.
    """

    def __init__(self, place: str, **options: Any) -> None:
        self.place, self._options = place, options

    @property
    def local(self) -> Path | None:
        """The folder, where the files lie on this machine."""
        return None if self.place.startswith("s3://") else Path(self.place)

    @cached_property
    def _inner(self) -> LocalStore | S3Store:
        folder = self.local
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(folder)
        return S3Store.from_url(
            self.place,
            client_options={"connect_timeout": _CONNECT, "timeout": _ANSWER, "allow_http": self._plain_http},
            retry_config={"max_retries": _TRIES},
            **self._options,
        )

    @property
    def _plain_http(self) -> bool:
        return str(self._options.get("endpoint", "")).startswith("http://")

    def put(self, key: str, chunks: Iterable[bytes] | Path | bytes) -> None:
        """Store bytes under a key; a reader sees all of them or none.

        :param chunks: the bytes, or a file that holds them; neither is ever held in memory as a whole.
        :raises Unavailable: the store does not take them.
        """
        try:
            if isinstance(chunks, bytes):
                obstore.put(self._inner, key, chunks)
            elif isinstance(chunks, Path):
                with chunks.open("rb") as file:
                    obstore.put(self._inner, key, file, chunk_size=_PART)
            else:
                obstore.put(self._inner, key, iter(chunks), chunk_size=_PART)
        except (BaseError, OSError) as error:
            raise _away() from error

    def get(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes under a key, in pieces of about ``CHUNK`` bytes.

        :param start: the first byte. :param end: the byte after the last; None: to the end.
        :raises LookupError: there is nothing under the key. :raises Unavailable: the store does not answer.
        """
        wanted: Any = (
            {} if not start and end is None else {"range": (start, end) if end is not None else {"offset": start}}
        )
        try:
            found = obstore.get(self._inner, key, options=wanted)
        except FileNotFoundError as error:
            raise LookupError(key) from error
        except (BaseError, OSError) as error:
            raise _away() from error
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def delete(self, key: str) -> None:
        """Forget the bytes under a key; where there are none, nothing happens. :raises Unavailable: as in ``put``."""
        try:
            obstore.delete(self._inner, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _away() from error

    def keys(self, tenant: UUID | None = None) -> Iterator[str]:
        """All keys, or those of one company. :raises Unavailable: as in ``put``."""
        try:
            for some in obstore.list(self._inner, f"{tenant}/" if tenant else None):
                yield from (one["path"] for one in some)
        except (BaseError, OSError) as error:
            raise _away() from error

    def delete_all(self, tenant: UUID) -> int:
        """Forget everything of a company. :returns: how many files there were. :raises Unavailable: as in ``put``."""
        found = list(self.keys(tenant))
        for key in found:
            self.delete(key)
        return len(found)

    def erase(self) -> None:
        """Forget the files of all companies. :raises Unavailable: as in ``put``."""
        if self.local is not None and not self.local.exists():
            return
        for key in list(self.keys()):
            if KEY.fullmatch(key):  # a bucket may hold other things, too
                self.delete(key)

    def check(self) -> None:
        """Write, read and delete a few bytes. :raises Unavailable: one of them does not work; the cause says why."""
        key = f"check/{os.getpid()}"
        self.put(key, b"dougong")
        try:
            if b"".join(self.get(key)) != b"dougong":
                raise _away()
        except LookupError as error:
            raise _away() from error
        self.delete(key)


def _away() -> Problem:
    return Unavailable(_("The store of files does not answer. Nothing was saved."))


def store_of(config: Config) -> Store:
    """The store that an installation is configured for: ``home/files``, or ``DOUGONG_FILES``."""
    if config.files is None:
        return Store(str(config.home / "files"))
    if not config.files.startswith("s3://"):
        return Store(os.path.abspath(config.files))
    options: dict[str, Any] = {"region": config.files_region}
    if config.files_endpoint:
        options["endpoint"] = config.files_endpoint
    if config.files_key and config.files_secret:
        options["access_key_id"] = config.files_key
        options["secret_access_key"] = config.files_secret.get_secret_value()
    return Store(config.files, **options)


__all__ = ["Store", "store_of"]
