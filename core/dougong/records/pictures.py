"""Pictures: how large they are, upright, without notes of the camera, and as small pictures. In bounded memory and time.

Only four formats are ever decoded, and none beyond a number of pixels. What a file is was found by ``media``.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from PIL.Image import DecompressionBombError

from ..errors import FieldError, Invalid
from ..words import Lazy, translator
from .media import PICTURES, Upload
from .stripping import Broken, strip

_ = translator("dougong")

THUMB = 480  # pixels of the longer side
MOST_PIXELS = 40_000_000  # decoded at once: 160 MB at four bytes each
MOST_JPEG = 80_000_000  # a JPEG is decoded at an eighth of its size
_AT_ONCE = 12_000_000  # larger ones of other formats are made small by a job
_TURNED = 25_000_000  # a JPEG up to here is turned upright anew; larger ones keep a note of how to turn them
_ORIENTATION, _GPS, _MAKER, _DETAILS = 0x0112, 0x8825, 0x927C, 0x8769
_BROKEN = _("“{name}” cannot be read as what it seems to be. Save it anew and send it again.")
_HUGE = _("“{name}” has too many pixels ({n} million). Make it smaller and send it again.")
# What decoders may raise on damaged files: they trust what a file says of itself.
DAMAGED = (
    Broken, OSError, ValueError, SyntaxError, EOFError, DecompressionBombError,
    struct.error, KeyError, IndexError, TypeError, OverflowError, ZeroDivisionError, AttributeError,
)  # fmt: skip
_HANDS = threading.BoundedSemaphore(2)  # so many pictures are decoded at a time in one process


@dataclass(frozen=True)
class Prepared:
    """What is known of a file once it is ready to be stored.

    :ivar digest: SHA-256 of what is stored. :ivar thumb: the small picture, a JPEG. :ivar later: a job makes it.
    """

    digest: str
    size: int
    width: int | None = None
    height: int | None = None
    thumb: bytes | None = None
    later: bool = False


def refused(name: str, words: Lazy, path: str = "file") -> Invalid:
    return Invalid(errors=(FieldError(path, words.format(name=name)),))


def prepare(upload: Upload, *, keep_details: bool = False) -> Prepared:
    """Make an upload ready: hidden data goes, a picture is turned upright and made small. Its file is rewritten.

    Slow (up to a second or two): to be called in a thread, and before a transaction rather than in one.

    :param keep_details: keep what the camera noted of a JPEG, but never the place.
    :raises Invalid: broken, or too many pixels.
    """
    if upload.prepared is None:
        try:
            upload.prepared = _prepared(upload, keep_details)
        except DAMAGED as error:
            raise refused(upload.name, _BROKEN, upload.field) from error
        upload.size = upload.prepared.size
    return upload.prepared


def _prepared(upload: Upload, keep: bool) -> Prepared:
    width = height = thumb = None
    later = False
    if upload.media_type in PICTURES and upload.size:
        with _HANDS:
            width, height = _measured(upload)
            turned = upload.media_type == "image/jpeg" and _upright(upload.path, keep)
            if not turned:
                strip(upload.path, upload.media_type)
            later = upload.media_type != "image/jpeg" and width * height > _AT_ONCE
            if not later:
                thumb, (width, height) = small(upload.path, upload.media_type)
    elif upload.media_type == "video/mp4":
        strip(upload.path, upload.media_type)
    return Prepared(_digest(upload.path), upload.path.stat().st_size, width, height, thumb, later)


def _measured(upload: Upload) -> tuple[int, int]:
    most = MOST_JPEG if upload.media_type == "image/jpeg" else MOST_PIXELS
    with _opened(upload.path, upload.media_type) as image:
        width, height = image.size
    if width * height > most:
        raise refused(upload.name, _HUGE.format(n=width * height // 1_000_000, name="{name}"), upload.field)
    return width, height


def _opened(path: Path, media_type: str) -> Image.Image:
    return Image.open(path, formats=(media_type.partition("/")[2].upper(),))


def _upright(path: Path, keep: bool) -> bool:
    """Turn a JPEG as its camera meant it, and take its notes out; returns whether that was done here."""
    with _opened(path, "image/jpeg") as image:
        notes = image.getexif()
        turn = notes.get(_ORIENTATION, 1)
        kept = _kept(notes) if keep else Image.Exif()
        if turn not in range(2, 9):
            if keep and len(kept):
                strip(path, "image/jpeg", kept.tobytes())
                return True
            return False
        if image.width * image.height > _TURNED:
            kept[_ORIENTATION] = turn
            strip(path, "image/jpeg", kept.tobytes())
            return True
        kept.pop(_ORIENTATION, None)
        upright = ImageOps.exif_transpose(image)
        upright.save(path, "JPEG", quality=90, icc_profile=image.info.get("icc_profile"))
    strip(path, "image/jpeg", kept.tobytes() if len(kept) else b"")  # what the encoder took over by itself, too
    return True


def _kept(notes: Image.Exif) -> Image.Exif:
    """The camera's notes without the place, and without the maker's own, which may hold it once more."""
    notes.pop(_GPS, None)
    notes._ifds.pop(_GPS, None)
    inner = notes.get_ifd(_DETAILS)
    inner.pop(_MAKER, None)
    return notes


def small(path: Path, media_type: str) -> tuple[bytes, tuple[int, int]]:
    """A small picture as JPEG, upright, on white, and the size of the whole one, upright.

    :raises DAMAGED: it cannot be decoded.
    """
    with _opened(path, media_type) as image:
        whole = image.size
        if image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8):
            whole = (image.height, image.width)
        image.draft("RGB", (THUMB * 2, THUMB * 2))
        image.load()
        drawn: Image.Image = image if image.mode in ("RGB", "L") else image.convert("RGBA")
        drawn.thumbnail((THUMB, THUMB))
        drawn = ImageOps.exif_transpose(drawn)
        if drawn.mode == "RGBA":
            ground = Image.new("RGB", drawn.size, "white")
            ground.paste(drawn, mask=drawn.getchannel("A"))
            drawn = ground
        out = io.BytesIO()
        drawn.convert("RGB").save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue(), whole


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


__all__ = ["DAMAGED", "THUMB", "Prepared", "prepare", "small"]
