"""Takes out of pictures and videos what the camera noted (place, time, owner) and what does not belong to them at all.

Lossless: segments, chunks and boxes are left out, pixels stay as they are. Whatever stands behind the end of a picture
(a second file in disguise) goes too. Decoding is ``pictures``' affair.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CUT = 64 * 1024  # bytes copied at a time
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_NOTES = 0x08 | 0x04  # the flags that say there is EXIF and XMP
_MP4_NOTES = frozenset({b"udta", b"meta", b"uuid"})
_MP4_WITHIN = frozenset({b"moov", b"trak", b"mdia", b"minf"})


class Broken(ValueError):
    """The file is not what its first bytes say, or ends too early."""


def strip(path: Path, media_type: str, exif: bytes = b"") -> None:
    """Rewrite a picture or video without what was noted in it; other kinds stay as they are.

    :param exif: of a JPEG: what shall stand in place of its own notes, as an EXIF block beginning with ``Exif``.
    :raises Broken: it cannot be read to its end.
    """
    if media_type == "video/mp4":
        with path.open("r+b") as file:
            _mp4(file, 0, file.seek(0, 2), 0)
        return
    pieces = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}.get(media_type)
    if pieces is None:
        return
    made = path.with_name(f"{path.name}.stripped")
    try:
        with (
            path.open("rb") as source,
            mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data,
            made.open("wb") as target,
        ):
            for start, end in pieces(data):
                if start < 0:  # a mark: here the notes may stand
                    target.write(_app1(exif))
                    continue
                for at in range(start, end, _CUT):
                    target.write(data[at : min(at + _CUT, end)])
        if media_type == "image/webp":
            _close_webp(made)
        made.replace(path)
    except (struct.error, IndexError) as error:
        raise Broken(media_type) from error
    finally:
        made.unlink(missing_ok=True)


def _app1(exif: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif if 0 < len(exif) < 65_000 else b""


def _jpeg(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    yield 0, 2
    yield -1, -1
    at = 2
    while True:
        if data[at] != 0xFF:
            raise Broken("marker")
        mark = data[at + 1]
        if mark == 0xFF:  # filling
            at += 1
            continue
        if mark == 0xD9:
            yield at, at + 2
            return
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if mark == 0xDA:
            end = _after_scan(data, end)
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE) or _worth_keeping(mark, data[at + 4 : at + 18]):
            yield at, end
        at = end


def _worth_keeping(mark: int, begin: bytes) -> bool:
    """Of the segments for applications: how the colours are meant."""
    return (
        (mark == 0xE0 and begin.startswith(b"JFIF\0"))
        or (mark == 0xE2 and begin.startswith(b"ICC_PROFILE\0"))
        or (mark == 0xEE and begin.startswith(b"Adobe"))
    )


def _after_scan(data: mmap.mmap, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken("ends within a scan")
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _png(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    yield 0, 8
    at = 8
    while True:
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + size
        if end > len(data):
            raise Broken("ends within a chunk")
        if kind in _PNG_KEPT:
            yield at, end
        if kind == b"IEND":
            return
        at = end


def _webp(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    yield 0, 12
    at, whole = 12, 8 + struct.unpack("<I", data[4:8])[0]
    if whole > len(data) + 1:
        raise Broken("ends too early")
    while at + 8 <= min(whole, len(data)):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        end = at + 8 + size + size % 2
        if end > len(data) + size % 2:
            raise Broken("ends within a chunk")
        if kind in _WEBP_KEPT:
            yield at, min(end, len(data))
        at = end


def _close_webp(made: Path) -> None:
    with made.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4)
        file.write(struct.pack("<I", size - 8))
        file.seek(12)
        if file.read(4) == b"VP8X":
            file.seek(20)
            flags = file.read(1)[0]
            file.seek(20)
            file.write(bytes([flags & ~_WEBP_NOTES]))


def _gif(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    yield 0, at
    while True:
        start, kind = at, data[at]
        if kind == 0x3B:
            yield at, at + 1
            return
        if kind == 0x21:
            label = data[at + 1]
            name = data[at + 3 : at + 14]
            at = _after_blocks(data, at + 2)
            if label == 0xF9 or (label == 0xFF and name in (b"NETSCAPE2.0", b"ANIMEXTS1.0")):
                yield start, at
        elif kind == 0x2C:
            table = data[at + 9]
            at = _after_blocks(data, at + 11 + (3 << (table & 7) + 1 if table & 0x80 else 0))
            yield start, at
        else:
            raise Broken("block")


def _after_blocks(data: mmap.mmap, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _mp4(file: BinaryIO, at: int, end: int, depth: int) -> None:
    """Blank the boxes that hold notes; offsets into the film stay right, since nothing moves."""
    boxes = 0
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            raw = file.read(8)
            if len(raw) < 8:
                raise Broken("ends within a box")
            size, head = struct.unpack(">Q", raw)[0], 16
        size = end - at if size == 0 else size
        boxes += 1
        if size < head or at + size > end or boxes > 10_000:
            raise Broken("box")
        if kind in _MP4_NOTES:
            file.seek(at + 4)
            file.write(b"free")
            _blank(file, at + head, size - head)
        elif kind in _MP4_WITHIN and depth < 5:
            _mp4(file, at + head, at + size, depth + 1)
        at += size


def _blank(file: BinaryIO, at: int, size: int) -> None:
    file.seek(at)
    while size > 0:
        file.write(bytes(min(size, _CUT)))
        size -= _CUT


__all__ = ["Broken", "strip"]
