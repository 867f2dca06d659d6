"""Forgetting: finding personal values in the records of all modules, and erasing them while the history stays truthful.

A record that is erased still says what happened and when; who it was is gone, from the row, from what lies beside it and
from the values beside its history, whose sealed chain still verifies. Who may order this is not judged here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import Conflict
from ..tenancy import dues
from ..tenancy.custom import CustomField
from ..tenancy.stored import KINDS, Stored
from ..words import translator
from . import attachments, history, journal, search
from .approval_tables import ApprovalRow, ApprovalSeat
from .comments import Comment
from .custom import CustomValue
from .fields import metas
from .record import Child, Record
from .resource import Resource
from .retention import hold_of
from .search import SearchDoc
from .tables import ClockStep, History, HistoryValue, Link, RecordSite, Reply

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")

GONE = "***"  # stands where a value may not be empty
_HELD = _("A legal hold stands on {number}: {reason}. Release it first.")
_BREAKS = r"[\s()+.–-]"
MOST = 1000  # hits of one kind of record


@dataclass(frozen=True)
class Hit:
    """A record that holds personal values of somebody. :ivar fields: names, those of entries as ``<kind>.<name>``."""

    kind: str
    id: UUID
    number: str
    site_id: UUID
    created_at: Any
    fields: tuple[str, ...]


def personal(kind: type[Stored]) -> tuple[str, ...]:
    """Names of the declared personal fields."""
    return tuple(name for name, (_column, meta) in metas(kind).items() if meta.personal)


@functools.cache
def children_of(kind: type[Record]) -> tuple[type[Child], ...]:
    """Every kind of entry of a record, shown in its timeline or not."""
    return tuple(one for one in KINDS.values() if issubclass(one, Child) and one.parent_kind is kind)


# ---- finding ----


def find(x: Context[Any], resource: Resource[Any], terms: Iterable[str], *, everywhere: bool = False) -> list[Hit]:
    """Records of one kind whose personal values equal one of the terms, whatever its spaces, dashes and case.

    Judged with the rights of ``x``; in longer texts a term may stand anywhere. At most ``MOST``, the newest first.

    :param everywhere: whatever the site, closed ones too, and whoever asks: the caller answers for the right to do so.
    """
    plain = plain_terms(terms)
    record: type[Record] = resource.record
    flags = [(name, _fits(getattr(record, name), plain)) for name in personal(record)]
    for child in children_of(record):
        here = child.tenant_id == record.tenant_id, child.parent_id == record.id
        flags += [
            (f"{child.kind}.{name}", sa.exists().where(*here, _fits(getattr(child, name), plain)))
            for name in personal(child)
        ]
    flags += [
        (
            name,
            sa.exists().where(
                CustomValue.tenant_id == record.tenant_id,
                CustomValue.record_id == record.id,
                CustomValue.field_id == id,
                _fits(CustomValue.text, plain),
            ),
        )
        for id, name in added_personal(x, resource.kind).items()
    ]
    if not plain or not flags:
        return []
    columns = [sa.func.coalesce(rule, False).label(f"fits_{place}") for place, (_name, rule) in enumerate(flags)]
    base = sa.select(record).where(record.tenant_id == x.tenant) if everywhere else x.readable(record)
    seen = base.with_only_columns(
        record.id, record.number, record.site_id, record.created_at, *columns, maintain_column_froms=True
    )
    query = seen.where(sa.or_(*(rule for _name, rule in flags))).order_by(record.created_at.desc()).limit(MOST)
    return [
        Hit(
            resource.kind,
            row[0],
            row[1],
            row[2],
            row[3],
            tuple(n for (n, _r), yes in zip(flags, row[4:], strict=True) if yes),
        )
        for row in x.session.execute(query)
    ]


def plain_terms(terms: Iterable[str]) -> list[str]:
    """Terms without what people write differently; empty ones are left out."""
    return sorted({made for term in terms if (made := _plain(term))})


def fits_person(column: Any, terms: Iterable[str]) -> sa.ColumnElement[bool]:
    """A test in a query: the column holds one of the terms, as ``find`` compares them (for stores of modules' own)."""
    plain = plain_terms(terms)
    return sa.func.coalesce(_fits(column, plain), False) if plain else sa.false()


def added_personal(x: Context[Any], kind: str) -> dict[UUID, str]:
    """The company's own personal fields of a kind, those that were put away too: id to name."""
    mine = CustomField.tenant_id == x.tenant, CustomField.record_kind == kind, CustomField.personal
    return {row[0]: row[1] for row in x.session.execute(sa.select(CustomField.id, CustomField.name).where(*mine))}


def _plain(term: str) -> str:
    kept = "".join(one for one in term.lower() if not one.isspace() and one not in "()+.–-")
    return kept[2:] if kept.startswith("86") and len(kept) == 13 and kept.isdigit() else kept


def _fits(column: Any, terms: Sequence[str]) -> sa.ColumnElement[bool]:
    """Equal but for what people write differently; in a text of several words the term may stand anywhere."""
    stored = sa.func.regexp_replace(sa.func.lower(sa.cast(column, sa.Text)), _BREAKS, "", "g")
    long = [term for term in terms if len(term) >= 4]
    equal = stored == sa.any_(sa.bindparam(None, list(terms), sa.ARRAY(sa.Text), unique=True))
    return sa.or_(equal, *(sa.func.strpos(stored, term) > 0 for term in long))


# ---- erasing ----


def erase(x: Context[Any], record: Record, *, reason: str, words: bool = False, files: bool = False) -> tuple[str, ...]:
    """Take a record's personal values for good: from the row, its entries, the company's own fields and the history.

    :param reason: kept in the history: an order, a term; no personal values.
    :param words: what people said in comments goes too. :param files: likewise its files.
    :returns: names of the fields that held something. :raises Conflict: a legal hold stands on it.
    """
    _free(x, record)
    journal.watch(x)
    journal.flush(x)
    taken = _erase_row(x, record)
    for child in children_of(type(record)):
        taken += _erase_entries(x, record, child)
    taken += _erase_added(x, record)
    _erase_history(x, record)
    _erase_copies(x, record)
    if words:
        _erase_comments(x, record)
    if files:
        attachments.forget(x, record)
    with x.session.no_autoflush:
        journal.touch(record, x.now)
    journal.note(x, record, "erase", inputs={"fields": sorted(set(taken)), "reason": reason})
    journal.settle(x)
    return tuple(taken)


def delete(x: Context[Any], record: Record, *, reason: str) -> None:
    """Take a record whole, with all that lies beside it. Its history stays without personal values, and says so.

    :raises Conflict: a legal hold stands on it, or another record refers to it.
    """
    erase(x, record, reason=reason, words=True, files=True)
    kind, id = record.kind, record.id
    history.write(x.session, kind, id, "delete", actor=x.actor, at=x.now, changes={}, inputs={"reason": reason})
    for child in children_of(type(record)):
        x.session.execute(sa.delete(child).where(child.tenant_id == x.tenant, child.parent_id == id))
    x.session.execute(sa.delete(CustomValue).where(CustomValue.tenant_id == x.tenant, CustomValue.record_id == id))
    x.session.execute(sa.delete(SearchDoc).where(SearchDoc.tenant_id == x.tenant, SearchDoc.record_id == id))
    dues.drop(x.session, x.tenant, kind, id)
    rounds = sa.select(ApprovalRow.id).where(
        ApprovalRow.tenant_id == x.tenant, ApprovalRow.record_kind == kind, ApprovalRow.record_id == id
    )
    seats = sa.delete(ApprovalSeat).where(ApprovalSeat.tenant_id == x.tenant, ApprovalSeat.approval_id.in_(rounds))
    x.session.execute(seats)
    for table in (ClockStep, Comment, RecordSite, ApprovalRow):
        mine = table.record_kind == kind, table.record_id == id
        x.session.execute(sa.delete(table).where(table.tenant_id == x.tenant, *mine))
    ends = sa.or_(sa.and_(Link.from_kind == kind, Link.from_id == id), sa.and_(Link.to_kind == kind, Link.to_id == id))
    x.session.execute(sa.delete(Link).where(Link.tenant_id == x.tenant, ends))
    number = record.number
    x.session.expunge(record)
    try:
        with x.session.begin_nested():
            x.session.execute(sa.delete(type(record)).where(type(record).tenant_id == x.tenant, type(record).id == id))
    except sa.exc.IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != "23503":
            raise
        raise Conflict(_("Another record refers to {number}, so it cannot be deleted.").format(number=number)) from None


def _free(x: Context[Any], record: Record) -> None:
    found = hold_of(x, record)
    if found is not None:
        raise Conflict(_HELD.format(number=record.number, reason=found.reason))


def _emptied(kind: type[Stored], names: Iterable[str]) -> dict[str, Any]:
    columns = {name: metas(kind)[name][0] for name in names}
    return {name: None if column.nullable else GONE for name, column in columns.items()}


def _erase_row(x: Context[Any], record: Record) -> list[str]:
    """Round the journal, which would keep what was there before: what is erased is named, not told."""
    kind, names = type(record), personal(type(record))
    taken = [name for name in names if getattr(record, name) not in (None, GONE)]
    if taken:
        mine = kind.tenant_id == x.tenant, kind.id == record.id
        x.session.execute(sa.update(kind).where(*mine).values(_emptied(kind, taken)), execution_options=_PLAIN)
        x.session.refresh(record, taken)
    return taken


def _erase_entries(x: Context[Any], record: Record, child: type[Child]) -> list[str]:
    names = personal(child)
    if not names:
        return []
    mine = child.tenant_id == x.tenant, child.parent_id == record.id
    done = x.session.execute(sa.update(child).where(*mine).values(_emptied(child, names)), execution_options=_PLAIN)
    return [f"{child.kind}.{name}" for name in names] if done.rowcount else []  # type: ignore[attr-defined]


def _erase_added(x: Context[Any], record: Record) -> list[str]:
    added = added_personal(x, record.kind)
    mine = CustomValue.tenant_id == x.tenant, CustomValue.record_id == record.id, CustomValue.field_id.in_(added)
    gone = x.session.execute(sa.delete(CustomValue).where(*mine).returning(CustomValue.field_id)) if added else ()
    return [added[row[0]] for row in gone]


def _erase_history(x: Context[Any], record: Record) -> None:
    """The values beside the history go; the digests in it then say nothing, and the chain still holds."""
    entries = sa.select(History.id).where(
        History.tenant_id == x.tenant, History.record_kind == record.kind, History.record_id == record.id
    )
    mine = HistoryValue.tenant_id == x.tenant, HistoryValue.history_id.in_(entries)
    x.session.execute(sa.update(HistoryValue).where(*mine).values(value=sa.null(), salt=None), execution_options=_PLAIN)


def _erase_copies(x: Context[Any], record: Record) -> None:
    """Answers kept for repeated requests, and what searching reads."""
    told = sa.cast(Reply.answer, sa.Text)
    of = Comment.tenant_id == x.tenant, Comment.record_kind == record.kind, Comment.record_id == record.id
    of_comment = sa.exists().where(*of, sa.func.strpos(told, sa.cast(Comment.id, sa.Text)) > 0)
    theirs = sa.or_(Reply.record_id == record.id, sa.func.strpos(told, str(record.id)) > 0, of_comment)
    x.session.execute(sa.delete(Reply).where(Reply.tenant_id == x.tenant, theirs), execution_options=_PLAIN)
    resource = x.registry.resources.get(record.kind)
    if resource is not None and any(metas(type(record))[n][1].searched for n in personal(type(record))):
        search.put(x.session, resource, record.__dict__, text=True)


def _erase_comments(x: Context[Any], record: Record) -> None:
    mine = Comment.tenant_id == x.tenant, Comment.record_kind == record.kind, Comment.record_id == record.id
    gone = {"text": "", "removed_at": sa.func.coalesce(Comment.removed_at, x.now)}
    x.session.execute(sa.update(Comment).where(*mine).values(gone), execution_options=_PLAIN)


_PLAIN = {"synchronize_session": False}

__all__ = [
    "GONE", "Hit", "added_personal", "children_of", "delete", "erase", "find", "fits_person", "personal", "plain_terms",
]  # fmt: skip
