"""Evidence packs: a record with all that led to it and followed from it, as one PDF; with the files, if wanted.

What the maker may not read is not in it: records, fields and files are judged as on their pages, and masked values
stay masked. Where the pack is kept, and that it was made, is ``prints``.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from dougong import Conflict, Context, File, NotFound, Resource, chain_of, record_page, translator
from dougong.views import ChainLink

from . import forms_of, head
from .choices import Purpose, Stream
from .press import press
from .words import lines

_ = translator("dougong_papers")

THUMBS = 200  # small pictures in the list of attachments
_WORDS = {
    "pack": _("Evidence pack"), "overview": _("What led to what"), "attachments": _("Attachments"),
    "none": _("These records have no attachments."), "no": _("No."), "kind": _("Record"), "number": _("Number"),
    "title": _("Title"), "state": _("Status"), "opened": _("Opened on"), "file": _("File"), "of": _("Belongs to"),
    "size": _("Size"), "page": _("Page"),
}  # fmt: skip
_NOTE = _(
    "Made by the platform from the records as they stood at that moment, as far as whoever made it may read them. "
    "Personal data is masked. SHA-256 of each attachment proves that it is unchanged."
)
_CUT = _("The chain is longer; it goes on from the records above.")
_LARGE = _("The files of this chain are more than {n} MB together. Have the pack made without them.")
_MANY = _("{n} records, {files} attachments")
_SUBJECT = _("{what} {number}")
_UNITS = (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))


@dataclass(frozen=True)
class Wanted:
    """What is to be made. ``note``: who receives it, or what for, in the maker's words. ``files``: a ZIP with the files too."""

    purpose: Purpose
    note: str = ""
    files: bool = False

    def kept(self) -> dict[str, Any]:
        """As a print keeps it."""
        return {"purpose": self.purpose.value, "note": self.note, "files": self.files}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Wanted:
        return cls(Purpose(kept["purpose"]), kept["note"], kept["files"])  # type: ignore[call-arg]


@dataclass
class Pack:
    """Gathered: the words and pictures of the PDF, and the files by the number of their record."""

    data: dict[str, Any]
    pictures: dict[str, bytes]
    files: list[tuple[str, File]]


def gather(
    x: Context[Any], resource: Resource[Any], id: UUID, wanted: Wanted, *, base: str, language: str,
    tell: Callable[[int, int], None] | None = None,
) -> Pack:  # fmt: skip
    """A pack as this context's person may see it now. :param tell: told how many records of how many are gathered.

    :raises NotFound: the record may not be seen.
    """
    record = x.get(resource.record, id)
    chain = chain_of(x, record)
    drawn: list[ChainLink] = record_page(x, resource, record.id).chain
    pictures: dict[str, bytes] = {}
    forms: list[dict[str, Any]] = []
    files: list[tuple[str, File]] = []
    for n, node in enumerate(chain.nodes):
        if tell is not None:
            tell(n, len(chain.nodes))
        try:
            page = record_page(x, node.resource, node.record.id)
        except NotFound:
            continue
        forms.append(forms_of.form_of(x, node.resource, node.record.id, page, pictures, base, Stream.STEPS))
        shown = {tile.href.rpartition("/")[2] for tile in page.files.tiles} if page.files else set()
        files += [(page.number, file) for file in x.files(node.record) if str(file.id) in shown]
    subject = str(_SUBJECT.format(what=resource.record.label, number=record.number))
    data = {
        **head.common(x, f"{_WORDS['pack']} {record.number}", pictures, language),
        "subject": subject,
        "cover": _cover(x, record, wanted, len(forms), len(files)),
        "note": str(_NOTE),
        "chain": _overview(x, drawn) or [_alone(forms[0])],
        "cut": str(_CUT) if chain.cut else "",
        "records": forms,
        "attachments": _attachments(x, files, pictures),
        "words": {**forms_of.words(), **{name: str(text) for name, text in _WORDS.items()}},
    }
    return Pack(data, pictures, files)


def _cover(x: Context[Any], record: Any, wanted: Wanted, records: int, files: int) -> list[dict[str, Any]]:
    when = x.now.astimezone(x.snapshot.sites.zone(record.site_id))
    site = x.snapshot.sites.get(record.site_id)
    rows: list[tuple[str, str]] = [
        (str(_("Purpose")), str(wanted.purpose.label)),
        (str(_("Remark")), wanted.note),
        (str(_("Site")), site.name if site else ""),
        (str(_("Contents")), str(_MANY.format(n=records, files=files))),
        (str(_("Made on")), f"{when:%Y-%m-%d %H:%M}"),
        (str(_("Made by")), x.person.name if x.person else ""),
    ]
    return [{"label": label, "lines": lines(text)} for label, text in rows if text]


def _overview(x: Context[Any], chain: list[ChainLink]) -> list[dict[str, Any]]:
    return [
        {
            "no": n, "what": one.what, "number": one.number, "title": one.title, "because": one.because, "at": one.when,
            "state": one.state.text if one.state else "", "depth": one.depth,
        }
        for n, one in enumerate(chain, 1)
    ]  # fmt: skip


def _alone(form: dict[str, Any]) -> dict[str, Any]:
    """The overview of a record that nothing is linked with."""
    return {
        "no": 1, "what": form["form"], "number": form["record"], "title": form["title"], "because": "", "at": "",
        "state": form["state"], "depth": 0,
    }  # fmt: skip


def _attachments(x: Context[Any], files: list[tuple[str, File]], pictures: dict[str, bytes]) -> list[dict[str, str]]:
    made = []
    for n, (number, file) in enumerate(files):
        content, picture = forms_of.small(x, file) if n < THUMBS else None, ""
        if content is not None:
            picture = f"small{n}.jpg"
            pictures[picture] = content
        kind = file.name.rpartition(".")[2].upper()[:5]
        made.append(
            {
                "name": file.name,
                "of": number,
                "digest": file.digest,
                "size": size(file.size),
                "picture": picture,
                "kind": kind,
            }
        )
    return made


def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit, each in _UNITS:
        if count >= each:
            return f"{count / each:.1f} {unit}"
    return f"{count} B"


def pdf(made: Pack) -> bytes:
    """:raises Unset, TooMany, Conflict: see ``press``."""
    return press("pack", made.data, made.pictures)


def write_zip(x: Context[Any], made: Pack, content: bytes, path: Path, most: int) -> None:
    """The PDF and the files, with their checksums as they were read now.

    :param most: bytes of all files together. :raises Conflict: they are more.
    """
    if sum(file.size for _number, file in made.files) + len(content) > most:
        raise Conflict(_LARGE.format(n=most // 1024 // 1024))
    sums = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        name = f"{safe(made.data['title'])}.pdf"
        target.writestr(name, content)
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        folder = safe(str(_WORDS["attachments"]))
        for n, (number, file) in enumerate(made.files, 1):
            name = f"{folder}/{safe(number)}/{n:03d} {safe(file.name)}"
            found = _copy(x, file, target, name)
            sums.append(f"{found}  {name}" if found else str(_("# not to be had any more: {name}").format(name=name)))
        target.writestr("SHA256SUMS.txt", "\n".join([*sums, ""]))


def _copy(x: Context[Any], file: File, target: zipfile.ZipFile, name: str) -> str:
    """Put a file's bytes into the archive; their checksum, empty where they are gone."""
    try:
        pieces = x.open(file)
        first = next(pieces, b"")
    except LookupError:
        return ""
    digest = hashlib.sha256(first)
    entry = zipfile.ZipInfo(name, file.created_at.astimezone(x.snapshot.sites.zone()).timetuple()[:6])
    with target.open(entry, "w", force_zip64=True) as out:
        out.write(first)
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def safe(name: str) -> str:
    """A name that any system takes for a file's, and that leads nowhere else."""
    return re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+', "_", name).strip(". ")[:120] or "_"


__all__ = ["Pack", "Wanted", "gather", "pdf", "safe", "size", "write_zip"]
