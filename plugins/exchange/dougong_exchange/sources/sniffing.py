"""What a file is, by its content: a workbook, or text in which encoding and with which separator. Its name counts nothing."""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path
from typing import Literal

from dougong import translator

from .refusals import Unreadable

_ = translator("dougong_exchange")

Kind = Literal["workbook", "text"]

UNPACKED = 600 * 1024 * 1024  # bytes that a workbook may hold, by its own directory
ENTRIES = 5000  # parts of a workbook
_CHUNK = 1 << 20
_SEPARATORS = (",", "\t", ";", "|")

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\x7fELF",
    b"MZ",
)


def kind_of(path: Path) -> Kind:
    """:raises Unreadable: neither a workbook nor text, empty, or a workbook that unpacks to more than is sensible."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("The file is empty."))
    if head.startswith(b"PK"):
        _check_zip(path)
        return "workbook"
    if head.startswith(_OLD_OFFICE):
        return "workbook"
    if head.startswith(_OTHERS):
        raise Unreadable(_("This is neither a spreadsheet nor a text table. Send .xlsx or .csv."))
    if (
        head.lstrip(b"\xef\xbb\xbf \r\n\t")[:200]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<svg"))
    ):
        raise Unreadable(_("This is a web page under a spreadsheet's name. Open it and save it as .xlsx."))
    return "text"


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as found:
            parts = found.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(_("The workbook is damaged. Open it, save it anew and send that file.")) from None
    if len(parts) > ENTRIES or sum(part.file_size for part in parts) > UNPACKED:
        raise Unreadable(_("The workbook unpacks to more than can be read here. Split it, or send .csv."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The workbook is protected by a password. Remove it and send the file again."))


def encoding_of(path: Path) -> str:
    """The encoding of a text file, by its mark or else by what all of it can be read as.

    :raises Unreadable: it is not text.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return _need(path, name)
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return _need(path, "utf-16-le" if odd > even else "utf-16-be")
    found = next((name for name in ("utf-8", "gb18030") if reads_as(path, name)), None)
    if found is None:
        raise Unreadable(_("The file is not text in UTF-8, GBK or UTF-16. Save it as .xlsx, or as CSV in UTF-8."))
    return found


def _need(path: Path, name: str) -> str:
    if not reads_as(path, name):
        raise Unreadable(_("The file is not text in UTF-8, GBK or UTF-16. Save it as .xlsx, or as CSV in UTF-8."))
    return name


def reads_as(path: Path, name: str) -> bool:
    """Whether the whole file is text in this encoding; read in pieces."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                if "\x00" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(lines: list[str]) -> str:
    """The separator that stands equally often in the most of the first lines, quoted parts left out."""
    plain = [_unquoted(line) for line in lines if line.strip()]

    def evidence(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in plain]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    best = max(_SEPARATORS, key=evidence)
    return best if evidence(best)[1] else ","


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[0::2])
