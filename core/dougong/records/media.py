"""What an uploaded file is: its kind by content, a name that is safe everywhere, its way in as ``Upload``.

Never believes what a browser says of a file. Reads the file's ends only, so that no size costs memory or time. What a
picture holds is ``pictures``' affair, which kinds a company takes is ``attachments``'.
"""

from __future__ import annotations

import codecs
import dataclasses
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pictures import Prepared

UNKNOWN = "application/octet-stream"
_LOOKED = 64 * 1024  # bytes at either end that are looked at
_NAME, _BYTES = 120, 200  # characters and UTF-8 bytes of a name: file systems end at 255 bytes

# Media type → extensions that fit it, the usual one first.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "image/svg+xml": ("svg",),
    "application/pdf": ("pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "application/msword": ("doc", "wps"),
    "application/vnd.ms-excel": ("xls", "et"),
    "application/vnd.ms-powerpoint": ("ppt", "dps"),
    "application/vnd.ms-office.macros": ("docm", "xlsm", "pptm"),
    "application/zip": ("zip",),
    "text/csv": ("csv",),
    "text/plain": ("txt", "log", "md"),
    "text/html": ("html", "htm"),
    "text/xml": ("xml",),
    "video/mp4": ("mp4", "m4v", "mov"),
}
_TYPE_OF = {extension: kind for kind, extensions in EXTENSIONS.items() for extension in extensions}
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})  # those of which we make small ones
OFFICE = frozenset(
    k for k in EXTENSIONS if k.startswith("application/") and ("document" in k or k == "application/msword")
)
OFFICE |= {"application/vnd.ms-excel", "application/vnd.ms-powerpoint"}
TEXT = frozenset({"text/plain", "text/csv"})

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})
_VIDEO = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"3gp4", b"3gp5"}
)
_OPEN_XML = (
    (b"word/document.xml", "docx"),
    (b"xl/workbook.xml", "xlsx"),
    (b"ppt/presentation.xml", "pptx"),
)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|style|title|meta|img|a\s|div|table|p>|br|h1|!--)", re.IGNORECASE
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_RESERVED = re.compile(r'[<>:"|?*]')


@dataclasses.dataclass
class Upload:
    """A file that came with a request (or lies on this machine), before it belongs to anything.

    :ivar name: as it was sent, made safe. :ivar size: in bytes. :ivar path: a temporary file; it goes with the request.
    :ivar media_type: found by content. :ivar field: the form's field.
    """

    name: str
    size: int
    path: Path
    media_type: str
    field: str = "file"
    prepared: Prepared | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def of(cls, path: Path, name: str = "", field: str = "file") -> Upload:
        """An upload of a file on this machine. It is altered in place (hidden data goes): hand over a copy."""
        kind = sniff(path, name or path.name)
        return cls(clean_name(name or path.name, kind), path.stat().st_size, path, kind, field)


def sniff(path: Path, name: str = "") -> str:
    """The media type of a file by its content. The name only tells apart what content cannot (csv, old office files)."""
    with path.open("rb") as file:
        head = file.read(_LOOKED)
        size = file.seek(0, 2)
        file.seek(max(0, size - _LOOKED))
        tail = file.read(_LOOKED)
    extension = name.rpartition(".")[2].lower()
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head.startswith(_OLE):
        kind = _TYPE_OF.get(extension, UNKNOWN)
        return kind if kind in OFFICE and "openxml" not in kind and "oasis" not in kind else UNKNOWN
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(head, tail)
    return _of_text(head, size, extension)


def _of_brand(brand: bytes) -> str:
    if brand in _HEIC:
        return "image/heic"
    return "video/mp4" if brand in _VIDEO else UNKNOWN


def _of_zip(head: bytes, tail: bytes) -> str:
    """By the names in it, which stand in the open before each part and in the list at the end."""
    if b"vbaProject.bin" in head or b"vbaProject.bin" in tail:
        return "application/vnd.ms-office.macros"
    if head[30:38] == b"mimetype":
        kind = head[38:120].partition(b"PK")[0].decode("latin-1")
        return next((known for known in EXTENSIONS if known == kind), "application/zip")
    for inner, extension in _OPEN_XML:
        if b"[Content_Types].xml" in head + tail and (inner in head or inner in tail):
            return _TYPE_OF[extension]
    return "application/zip"


def _of_text(head: bytes, size: int, extension: str) -> str:
    if not size:
        return UNKNOWN
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n\f")[:4096]
    if _SVG.search(begin):
        return "image/svg+xml"
    if _MARKUP.match(begin) or (begin.startswith(b"<") and _MARKUP.search(begin)):
        return "text/html"
    if begin.startswith(b"<?xml"):
        return "text/xml"
    for charset in ("utf-8", "gb18030"):
        try:  # the piece may end within a character
            text = codecs.getincrementaldecoder(charset)().decode(head, size <= _LOOKED)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            return UNKNOWN
        return "text/csv" if extension == "csv" else "text/plain"
    return UNKNOWN


def clean_name(name: str, media_type: str) -> str:
    """A file's name without a path, control characters, and marks that turn the reading direction; with an extension
    that tells what it is: a picture called ``run.exe`` becomes ``run.exe.jpg``."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    text = _RESERVED.sub("_", " ".join(text.split())).strip(". ")
    known = EXTENSIONS.get(media_type, ())
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    if known and extension.lower() not in known:
        stem, extension = text, known[0]
    extension = extension[:10]
    stem = stem[: _NAME - len(extension) - 1]
    while len(stem.encode()) + len(extension) >= _BYTES:
        stem = stem[:-1]
    stem = stem.strip(". ") or "file"
    return f"{stem}.{extension}" if extension else stem


__all__ = ["EXTENSIONS", "OFFICE", "PICTURES", "TEXT", "UNKNOWN", "Upload", "clean_name", "sniff"]
