"""Files that come with a form: streamed to disk as they arrive, so that no upload costs memory.

Limits hold while the bytes come in, not after. What a file is, ``records.media`` finds out.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ..errors import BadRequest
from ..records.media import Upload
from ..words import translator
from .inputs import BODY_LIMIT, FIELDS_LIMIT, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

_ = translator("dougong")

MB = 1024 * 1024
_GATHERED = 4 * 65536  # bytes that are handed to the disk at a time
_BROKEN = _("The form is broken.")


@dataclass(frozen=True, slots=True)
class Room:
    """What may come in with one request. :ivar total: bytes of the whole body, :ivar each: of one file."""

    total: int
    each: int
    number: int = 20


@dataclass(slots=True)
class _Part:
    name: str = ""
    filename: str | None = None
    text: bytearray = field(default_factory=bytearray)
    file: BinaryIO | None = None
    path: Path | None = None
    size: int = 0


class Incoming:
    """The form of one request: its fields and files. ``close`` removes the files."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.fields: list[tuple[str, str]] = []
        self.uploads: list[Upload] = []
        self._folder: Path | None = None
        self._part = _Part()
        self._header, self._value = bytearray(), bytearray()
        self._words = 0  # bytes of text so far
        self._parts = 0  # those without a file too
        self._ended = False

    async def read(self, receive: Receive, headers: Mapping[bytes, bytes]) -> None:
        """Take the whole body in.

        :raises TooLarge: more than there is room for, announced or sent. :raises BadRequest: broken, or it ended early.
        """
        announced = headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced[:18]) > self.room.total:
            raise self._too_much()
        parser = self._parser(headers)
        waiting, size, more = bytearray(), 0, True
        try:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BadRequest(_("The connection ended before everything was sent."))
                waiting += message.get("body", b"")
                size, more = size + len(message.get("body", b"")), message.get("more_body", False)
                if size > self.room.total:
                    raise self._too_much()
                if len(waiting) >= _GATHERED or not more:
                    await asyncio.to_thread(self._take, parser, bytes(waiting), not more)
                    waiting.clear()
        except BaseException:
            await asyncio.to_thread(self.close)
            raise

    def close(self) -> None:
        """Remove what lies on the disk."""
        if self._part.file is not None:
            self._part.file.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _too_much(self) -> TooLarge:
        return TooLarge(_("At most {n} MB can be sent here at once.").format(n=self.room.total // MB))

    def _parser(self, headers: Mapping[bytes, bytes]) -> MultipartParser:
        _kind, options = parse_options_header(headers.get(b"content-type", b""))
        boundary = options.get(b"boundary")
        if not boundary:
            raise BadRequest(_BROKEN)
        callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._open,
            "on_part_data": self._data,
            "on_part_end": self._finish,
            "on_end": self._end,
        }
        try:
            return MultipartParser(boundary, callbacks)
        except (FormParserError, ValueError):
            raise BadRequest(_BROKEN) from None

    def _take(self, parser: MultipartParser, piece: bytes, last: bool) -> None:
        try:
            parser.write(piece)
            if last:
                parser.finalize()
        except FormParserError:
            raise BadRequest(_BROKEN) from None
        if last and not self._ended:
            raise BadRequest(_BROKEN)

    # ---- what the parser tells ----

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > FIELDS_LIMIT:
            raise TooLarge(_("The form has too many fields."))

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _kind, options = parse_options_header(bytes(self._value))
            self._part.name = _text(options.get(b"name", b""))
            if b"filename" in options:
                self._part.filename = _text(options[b"filename"])
        self._header.clear()
        self._value.clear()

    def _open(self) -> None:
        part = self._part
        if not part.filename:  # no file was chosen, or it is a field
            return
        if len(self.uploads) >= self.room.number:
            raise TooLarge(_("At most {n} files can be sent at once.").format(n=self.room.number))
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="dougong-upload-"))  # 0700
        part.path = self._folder / str(len(self.uploads))
        part.file = part.path.open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        part, piece = self._part, data[start:end]
        if part.file is None:
            self._words += len(piece)
            if self._words > BODY_LIMIT:
                raise TooLarge(_("At most {n} kB can be sent here.").format(n=BODY_LIMIT // 1024))
            part.text += piece
            return
        part.size += len(piece)
        if part.size > self.room.each:
            named = (part.filename or "")[-60:]
            raise TooLarge(_("“{name}” is larger than {n} MB.").format(name=named, n=self.room.each // MB))
        part.file.write(piece)

    def _finish(self) -> None:
        part = self._part
        if part.file is None or part.path is None:
            if part.filename is None:
                self.fields.append((part.name, _text(bytes(part.text))))
            return
        part.file.close()
        self.uploads.append(Upload.of(part.path, part.filename or "", part.name))

    def _end(self) -> None:
        self._ended = True


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadRequest(_BROKEN) from None


__all__ = ["MB", "Incoming", "Room", "Upload"]
