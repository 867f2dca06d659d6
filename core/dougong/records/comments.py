"""Comments on records, with the people whom they mention: writing, listing and taking them back.

A comment is not edited: what was read stays as it was read. Who may comment, and so read comments, is told by the
record's permission ``comment``: colleagues talk here, also of a client who may see the record. Who is told of a comment is
the affair of those who listen to ``dougong_changed``.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ..errors import FieldError, Invalid, NotFound
from ..instant import now
from ..tenancy.stored import Identified, new_id
from ..words import translator
from . import journal
from .visibility import judged, resource_of

if TYPE_CHECKING:
    from ..access.people import Person
    from ..access.snapshot import Snapshot
    from .context import Context
    from .record import Record

_ = translator("dougong")

LONGEST = 4000
MOST_MENTIONS = 20
MOST_SIGNS = 5 * MOST_MENTIONS  # each is held against the names of all people


class Comment(Identified, kind="core.comment", label=_("Comment"), indexes=[("record_kind", "record_id", "at")]):
    """What somebody said about a record. The words stand here alone, so that they can be erased; history says that."""

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    text: Mapped[str]
    mentions: Mapped[list[UUID]] = mapped_column(ARRAY(sa.Uuid), default=list)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    behalf: Mapped[str | None] = mapped_column(default=None)  # for whom the system wrote it: ``resident``
    at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


def comment(x: Context[Any], record: Record, text: str, mentions: Iterable[UUID] = ()) -> Comment:
    """Say something about a record. The caller answers for the right to do so.

    :param mentions: people to mention beyond those that the text names as ``@name``.
    :raises Invalid: nothing said, too much, or somebody is to be mentioned who may not see the record.
    """
    text = text.strip()
    if not text:
        raise Invalid(errors=(FieldError("text", _("Write something.")),))
    if "\0" in text:
        raise Invalid(errors=(FieldError("text", _("Contains a character that cannot be stored.")),))
    if len(text) > LONGEST:
        raise Invalid(errors=(FieldError("text", _("At most {n} characters.").format(n=LONGEST)),))
    wanted = list(dict.fromkeys(mentions))
    for place, one in enumerate(wanted):
        if not may_see(x, record, one):
            raise Invalid(errors=(FieldError(f"mentions.{place}", _("does not exist, or may not see this record")),))
    named = mentioned(x.snapshot, "" if x.behalf else text)
    found = [one.id for one in named if one.id not in wanted and may_see(x, record, one.id)]
    made = Comment(
        id=new_id(),
        record_kind=record.kind,
        record_id=record.id,
        text=text,
        mentions=[*wanted, *found][:MOST_MENTIONS],
        created_by=x.actor,
        behalf=x.behalf or None,
        at=x.now,
    )
    journal.watch(x)
    x.session.add(made)
    journal.note(x, record, "comment", inputs={"comment": made.id})
    return made


def comments(x: Context[Any], record: Record) -> list[Comment]:
    """Comments on a record, the oldest first, without those that were taken back."""
    mine = (Comment.tenant_id == x.tenant, Comment.record_kind == record.kind, Comment.record_id == record.id)
    return list(
        x.session.scalars(
            sa.select(Comment).where(*mine, Comment.removed_at.is_(None)).order_by(Comment.at, Comment.id)
        )
    )


def comment_of(x: Context[Any], record: Record, id: UUID) -> Comment:
    """One comment on a record. :raises NotFound: there is none of this id, or it was taken back."""
    found = x.session.get(Comment, (x.tenant, id))
    here = found is not None and (found.record_kind, found.record_id) == (record.kind, record.id)
    if found is None or not here or found.removed_at is not None:
        raise NotFound()
    return found


def take_back(x: Context[Any], record: Record, one: Comment) -> None:
    """Remove a comment: its words are gone, that there was one stays. The caller answers for the right to do so."""
    one.text, one.removed_at = "", x.now
    journal.watch(x)
    journal.note(x, record, "uncomment", inputs={"comment": one.id})


def mentioned(snapshot: Snapshot, text: str) -> list[Person]:
    """The active people whom a text names as ``@name`` or ``@username``; of two names that begin alike the longer one.
    Everybody of that name: it is told again who they are when they are shown."""
    found: dict[UUID, Person] = {}
    people = [one for one in snapshot.people.values() if one.active]
    signs = (place for place, sign in enumerate(text) if sign in "@＠")
    for at in itertools.islice(signs, MOST_SIGNS):
        rest = text[at + 1 : at + 101]
        lengths = [
            (len(name), one) for one in people for name in {one.name, one.username} if name and rest.startswith(name)
        ]
        longest = max((length for length, _one in lengths), default=0)
        found.update((one.id, one) for length, one in lengths if length == longest)
        if len(found) >= MOST_MENTIONS:
            break
    return list(found.values())[:MOST_MENTIONS]


def may_see(x: Context[Any], record: Record, person: UUID) -> bool:
    """Whether somebody may see a record and what is said about it."""
    known = x.snapshot.people.get(person)
    if known is None or not known.active:
        return False
    resource, theirs = resource_of(x.registry.resources, type(record)), x.as_person(person)
    held = judged(theirs, resource, record.id)
    return held is not None and theirs.gate.may(resource.permission("comment"), record.site_id, held[1])


__all__ = ["Comment", "comment", "comment_of", "comments", "may_see", "mentioned", "take_back"]
