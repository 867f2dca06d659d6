"""Files of records: what is known of each, and putting, listing, opening and removing them.

The bytes lie in the store (``tenancy.files``), which record's gate opens them is told by the row. Owns no upload and no
download: ``web.files`` does. What a picture holds is ``pictures``' affair.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from ..errors import FieldError, Invalid, NotFound
from ..instant import now
from ..scheduling.jobs import Job, JobContext
from ..tenancy.settings import FileSettings
from ..tenancy.stored import Identified, new_id
from ..words import translator
from . import journal
from .media import OFFICE, PICTURES, TEXT, Upload
from .pictures import DAMAGED, prepare, refused, small

if TYPE_CHECKING:
    from ..tenancy.files import Store
    from .context import Context
    from .record import Record

_ = translator("dougong")

KEPT = dt.timedelta(days=30)  # after a file was removed its bytes are still there, should it have been a mistake
_EMPTY = _("“{name}” is empty.")
_KIND = _("“{name}” is of a kind that is not taken here. Possible are: {kinds}.")
_LARGE = _("“{name}” is larger than {n} MB.")
_MANY = _("This record has {n} files already; more are not taken.")


class File(Identified, kind="core.file", label=_("File"), indexes=[("record_kind", "record_id")]):
    """A file of a record. Whoever may read the record may read it, unless ``field`` names a field that they may not.

    :ivar media_type: found by content, never as the browser said. :ivar size: in bytes. :ivar digest: SHA-256.
    :ivar key: where it lies in the store; empty once the bytes are gone. :ivar thumb: likewise its small picture.
    :ivar field: the record's own field that holds it; None: an attachment.
    """

    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    field: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    key: Mapped[str]
    thumb: Mapped[str | None] = mapped_column(default=None)
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None] = mapped_column(default=None)


def kinds_taken(settings: FileSettings) -> frozenset[str]:
    """The media types that a company takes."""
    found: set[str] = set()
    for on, kinds in (
        (settings.pictures, PICTURES),
        (settings.pdf, {"application/pdf"}),
        (settings.office, OFFICE),
        (settings.text, TEXT),
        (settings.video, {"video/mp4"}),
    ):
        found |= set(kinds) if on else set()
    return frozenset(found)


def kinds_in_words(settings: FileSettings) -> str:
    """The same for people."""
    fields = type(settings).model_fields
    names = [n for n in ("pictures", "pdf", "office", "text", "video") if getattr(settings, n)]
    return str(_(", ")).join(str(_label(fields[name].json_schema_extra)) for name in names)


def _label(extra: Any) -> Any:
    return extra["label"]


def check(upload: Upload, settings: FileSettings) -> None:
    """:raises Invalid: empty, too large, or of a kind that the company does not take."""
    if not upload.size:
        raise refused(upload.name, _EMPTY, upload.field)
    if upload.media_type not in kinds_taken(settings):
        words = _KIND.format(name=upload.name, kinds=kinds_in_words(settings))
        raise Invalid(errors=(FieldError(upload.field, words),))
    if upload.size > settings.size * 1024 * 1024:
        raise Invalid(errors=(FieldError(upload.field, _LARGE.format(name=upload.name, n=settings.size)),))


def attach(
    x: Context[Any], record: Record, upload: Upload, *, field: str | None = None, most: int | None = None
) -> File:
    """Put an upload to a record: its bytes into the store, a row, an entry of the history; the row version rises.
    The caller answers for the right to do so. The same bytes twice are one file.

    :param field: the record's own field that holds it.
    :param most: bytes; a module's own file (an export), to which the company's rules for attachments do not apply.
    :raises Invalid: empty, too large, broken, of a kind that is not taken, or too many.
    """
    settings: FileSettings = x.settings_of("core").files
    if most is None:
        check(upload, settings)
    elif not upload.size or upload.size > most:
        words = _LARGE.format(name=upload.name, n=most // 1024 // 1024) if upload.size else _EMPTY
        raise refused(upload.name, words, upload.field)
    ready = prepare(upload, keep_details=settings.keep_details)
    there = files(x, record, field=field)
    for one in there:
        if one.digest == ready.digest:
            return one
    if len(there) >= settings.number and most is None:
        raise Invalid(errors=(FieldError(upload.field, _MANY.format(n=settings.number)),))
    id = new_id()
    key, thumb = f"{x.tenant}/{id}", f"{x.tenant}/{id}.thumb" if ready.thumb else None
    store = store_of(x)
    _forget_with(x.session, store, [key, thumb] if thumb else [key])
    store.put(key, upload.path)
    if thumb and ready.thumb:
        store.put(thumb, ready.thumb)
    made = File(
        id=id,
        record_kind=record.kind,
        record_id=record.id,
        field=field,
        name=upload.name,
        media_type=upload.media_type,
        size=ready.size,
        digest=ready.digest,
        key=key,
        thumb=thumb,
        width=ready.width,
        height=ready.height,
        created_by=x.actor,
        created_at=x.now,
    )
    x.session.add(made)
    if ready.later and x.jobs is not None:
        x.enqueue(THUMB_JOB.name, id=id)
    _tell(x, record, "attach", made)
    return made


def detach(x: Context[Any], file: File, record: Record) -> None:
    """Take a file from its record. History keeps that it was there; the bytes go after ``KEPT``.

    :raises NotFound: it is not this record's, or was removed.
    """
    if file.removed_at is not None or (file.record_kind, file.record_id) != (record.kind, record.id):
        raise NotFound()
    file.removed_at = x.now
    if x.jobs is not None:
        x.enqueue(PURGE_JOB.name, at=x.now + KEPT, id=file.id)
    _tell(x, record, "detach", file)


def _tell(x: Context[Any], record: Record, action: str, file: File) -> None:
    journal.watch(x)
    with x.session.no_autoflush:
        journal.touch(record, x.now)
    said = {"file": file.id, "name": file.name, "digest": file.digest}
    journal.note(x, record, action, inputs=said, personal=frozenset({"name"}))


def files(x: Context[Any], record: Record, *, field: str | None = None) -> list[File]:
    """Files of a record, the oldest first: its attachments, or those of one field."""
    mine = (File.tenant_id == x.tenant, File.record_kind == record.kind, File.record_id == record.id)
    here = (File.field == field) if field else File.field.is_(None)
    return list(x.session.scalars(sa.select(File).where(*mine, here, File.removed_at.is_(None)).order_by(File.id)))


def file_of(x: Context[Any], record: Record, id: UUID) -> File:
    """One file of a record. :raises NotFound: it has none of this id, or it was removed."""
    found = x.session.get(File, (x.tenant, id))
    if (
        found is None
        or found.removed_at is not None
        or (found.record_kind, found.record_id) != (record.kind, record.id)
    ):
        raise NotFound()
    return found


def opened(x: Context[Any], file: File) -> Iterator[bytes]:
    """The bytes of a file, in pieces. :raises LookupError: they are gone."""
    return store_of(x).get(file.key)


def erase(x: Context[Any], file: File) -> None:
    """Delete the bytes of a file, its small picture and its name, now and for good; that there was one stays."""
    store = store_of(x)
    for key in filter(None, (file.key, file.thumb)):
        store.delete(key)
    file.key, file.thumb, file.name = "", None, ""
    file.removed_at = file.removed_at or x.now


def forget(x: Context[Any], record: Record) -> None:
    """Take all files of a record for good, those that were removed before too: the names now, the bytes by a job."""
    mine = (File.tenant_id == x.tenant, File.record_kind == record.kind, File.record_id == record.id)
    for file in x.session.scalars(sa.select(File).where(*mine, File.key != "")):
        file.name, file.removed_at = "", file.removed_at or x.now
        x.enqueue(PURGE_JOB.name, id=file.id)
    x.session.flush()


def store_of(x: Context[Any]) -> Store:
    """The store of this unit of work. :raises RuntimeError: it was made without one."""
    if x.store is None:
        raise RuntimeError("this context has no store of files")
    return x.store


def _forget_with(session: Session, store: Store, keys: list[str]) -> None:
    """What was put into the store goes again when the transaction, or the savepoint that it was put in, does not stand."""
    begun = session.get_nested_transaction() or session.get_transaction()
    left = list(keys)

    def forget(_session: Session, undone: Any) -> None:
        at = begun
        while at is not None and at is not undone:
            at = at.parent
        while at is not None and left:
            store.delete(left.pop())

    event.listen(session, "after_soft_rollback", forget)


# ---- jobs ----


def _purge(job: JobContext, id: UUID) -> None:
    x: Context[Any] = job.context
    file = x.session.get(File, (x.tenant, id))
    if file is not None and file.removed_at is not None and file.key:
        erase(x, file)


def _make_small(job: JobContext, id: UUID) -> None:
    x: Context[Any] = job.context
    file = x.session.get(File, (x.tenant, id))
    if file is None or not file.key or file.thumb:
        return
    with tempfile.TemporaryDirectory(prefix="dougong-thumb-") as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as target:
            for piece in opened(x, file):
                target.write(piece)
        try:
            thumb, (file.width, file.height) = small(path, file.media_type)
        except DAMAGED:  # it stays a file without a small picture
            return
    key = f"{file.key}.thumb"
    store_of(x).put(key, thumb)
    file.thumb = key


PURGE_JOB = Job("core.purge_file", _purge, label=_("Delete the bytes of a file"))
THUMB_JOB = Job("core.small_picture", _make_small, retries=2, label=_("Make a small picture"))
JOBS = (PURGE_JOB, THUMB_JOB)

__all__ = ["JOBS", "File", "attach", "detach", "erase", "file_of", "files", "forget", "opened"]
