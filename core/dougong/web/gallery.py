"""Files and comments of a record as its page shows them: tiles, the two forms, and their lines in the stream.

Builds view objects from rows that ``timeline`` read. What may be done with them is judged as ``files`` and ``talk`` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..records.attachments import File, kinds_in_words, kinds_taken
from ..records.comments import LONGEST, Comment
from ..records.media import EXTENSIONS
from ..records.pictures import THUMB
from ..words import translator
from .files import removable
from .views import FileBox, FileTile, Option, TalkBox

if TYPE_CHECKING:
    from ..access.gate import Gate
    from ..records.context import Context
    from .cells_out import Speaker
    from .plans import Plan

_ = translator("dougong")

_HELP = _("{kinds}; at most {n} MB each.")
MOST = 500


@dataclass(slots=True)
class Added:
    """What was put to one record: files and comments by id, also those removed since."""

    files: Mapping[UUID, File] = field(default_factory=dict)
    comments: Mapping[UUID, Comment] = field(default_factory=dict)


def read(x: Context[Any], plan: Plan, id: UUID) -> Added:
    """The rows; the caller has judged that this person may see the record."""
    found: list[Mapping[UUID, Any]] = []
    for kind in (File, Comment):
        mine = (kind.tenant_id == x.tenant, kind.record_kind == plan.kind, kind.record_id == id)
        rows = x.session.scalars(sa.select(kind).where(*mine).order_by(kind.id.desc()).limit(MOST))
        found.append({row.id: row for row in rows})
    return Added(*found)


class Gallery:
    """Files and comments of one record for one person."""

    def __init__(
        self, plan: Plan, speaker: Speaker, gate: Gate, added: Added, *, id: UUID, site: UUID, relations: frozenset[str]
    ) -> None:
        self.plan, self.speaker, self.gate, self.added = plan, speaker, gate, added
        self.address, self._at = f"{plan.path}/{id}", (site, relations)
        self.fields = {one.name: one.title for one in plan.added if one.type == "file"}

    def _may(self, action: str) -> bool:
        return bool(self.gate.may(self.plan.resource.permission(action), *self._at))

    @property
    def talks(self) -> bool:
        """Whether this person reads and writes comments."""
        return self._may("comment")

    def tile(self, file: File, *, told: bool = False) -> FileTile:
        """One file, with what this person may do with it. :param told: whose it is stands beside it already."""
        if file.removed_at is not None:
            return FileTile(file.name or "–", "", str(_("removed")))
        here = f"{self.address}/files/{file.id}"
        may = removable(self.gate, self.plan, file.created_by, "attach", *self._at)
        width, height = shrunk(file.width or 0, file.height or 0)
        said = [size(file.size)] if told else [size(file.size), self.speaker.person(file.created_by)]
        return FileTile(
            file.name,
            here,
            " · ".join([*([self.fields[file.field]] if file.field in self.fields else ()), *said]),
            f"{here}/thumb" if file.thumb else None,
            f"{here}/remove" if may else None,
            width,
            height,
        )

    def box(self) -> FileBox | None:
        """The gallery; None where there is nothing in it and nothing may be put into it."""
        here = [one for one in self.added.files.values() if one.removed_at is None]
        here = [one for one in here if one.field is None or one.field in self.fields]
        tiles = [self.tile(one) for one in sorted(here, key=lambda one: (one.field or "", one.id))]
        if not self._may("attach"):
            return FileBox(tiles) if tiles else None
        settings = self.speaker.snapshot.company.files
        address = f"{self.address}/files"
        help = str(_HELP.format(kinds=kinds_in_words(settings), n=settings.size))
        made = FileBox(tiles, address, f"/api/v1{address}", accepted(kinds_taken(settings)), help)
        if self.fields:
            made.fields = [Option("", str(_("Attachment"))), *(Option(n, label) for n, label in self.fields.items())]
        return made

    def talk(self) -> TalkBox | None:
        """The form for comments."""
        address = f"{self.address}/comments"
        return TalkBox(address, f"{address}/people", LONGEST) if self.talks else None

    def comment_of(self, id: Any) -> Comment | None:
        return self.added.comments.get(_id(id))

    def file_of(self, id: Any) -> File | None:
        return self.added.files.get(_id(id))

    def take_back(self, one: Comment) -> str | None:
        """Where the comment is taken back, by those who may."""
        may = removable(self.gate, self.plan, one.created_by, "comment", *self._at)
        return f"{self.address}/comments/{one.id}/remove" if may else None


def accepted(kinds: Sequence[str] | frozenset[str]) -> str:
    """Media types for a file input: by extension, as all systems know them."""
    return ",".join(f".{extension}" for kind in sorted(kinds) for extension in EXTENSIONS[kind])


def size(bytes: int) -> str:
    """A size as people say it: ``340 kB``, ``2.1 MB``."""
    if bytes < 1024 * 1024:
        return f"{max(1, round(bytes / 1024))} kB"
    return f"{bytes / 1024 / 1024:.1f} MB"


def shrunk(width: int, height: int) -> tuple[int, int]:
    """The size of a picture's small one."""
    longest = max(width, height)
    if longest <= THUMB:
        return width, height
    return max(1, width * THUMB // longest), max(1, height * THUMB // longest)


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


__all__ = ["Added", "Gallery", "accepted", "read", "size"]
