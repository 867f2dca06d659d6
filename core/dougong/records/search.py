"""What searching reads: one row for each record that has searched fields, kept in step in the record's own transaction.

Owns the table, what a record's text is, and how text becomes the grams under which it is found. Text is normalised (NFKC,
lower case) here and nowhere else, so that what is written and what is asked for are cut alike. Who may see what is found is
judged where the records are read (``reads``); the functions that use the index are ``core_0003``'s.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from ..tenancy.statements import Statement, insert_rows
from ..tenancy.stored import Stored
from ..words import translator
from .fields import metas
from .record import Record

if TYPE_CHECKING:
    from .resource import Resource

_ = translator("dougong")

BETWEEN = "\x1f"  # between two fields: no word that is asked for holds it, so none is found across them
BODY, QUERY, WORDS = 40_000, 100, 8  # characters kept of a record's text and of a question, words of a question
_RUNS = re.compile(r"[a-z0-9]+|[^\x00-\x7f]+|[!-/:-@\[-`{-~]")
_SPACE = re.compile(r"[\x00-\x20\x7f\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_BITS = 21  # of a code point
_WORD = 64
_SEARCHED: dict[type[Record], tuple[str, ...]] = {}


class SearchDoc(Stored, kind="core.search_doc", label=_("Text to be searched")):
    """The text of a record. ``body``: its searched fields as ``normal`` has them; ``tok``: their grams for this company."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    status: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[str]
    tok: Mapped[list[Any]] = mapped_column(sa.ARRAY(sa.BigInteger))


TABLE: sa.Table = SearchDoc.__table__  # type: ignore[assignment]
# Entries go in at once: a pending list would be read from end to end by every search.
sa.Index("ix_search_doc_tok", TABLE.c.tok, postgresql_using="gin", postgresql_with={"fastupdate": "off"})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody searches for.

    :ivar patterns: for LIKE; a record's text must fit all. :ivar grams: what every such text holds.
    """

    patterns: tuple[str, ...]
    grams: tuple[int, ...]


# ---- text ----


def normal(text: str) -> str:
    """Text as it is searched: one shape of each character, lower case, single spaces."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).lower())


def question(text: str) -> Question | None:
    """What is asked for: words in any order, each anywhere in the record's text; None where nothing is asked."""
    words = list(dict.fromkeys(normal(text[:QUERY]).split()))[:WORDS]
    if not words:
        return None
    grams = {gram for word in words for run in _RUNS.findall(word) for gram in _asked(run)}
    escaped = (re.sub(r"([\\%_])", r"\\\1", word) for word in words)
    return Question(tuple(f"%{word}%" for word in escaped), tuple(sorted(grams)))


def fits(asked: Question, text: str) -> bool:
    """Whether a normalised text is found, said without the database."""
    return all(re.sub(r"\\(.)", r"\1", pattern[1:-1]) in text for pattern in asked.patterns)


def grams(text: str) -> set[int]:
    """The grams of a normalised text: one to three letters and digits of ASCII, one or two of any other script, one mark."""
    out: set[int] = set()
    for run in _RUNS.findall(text):
        points = [ord(c) for c in run]
        out.update(points)
        if len(points) == 1:
            continue
        pairs = [a << _BITS | b for a, b in itertools.pairwise(points)]
        out.update(pairs)
        if points[0] < 128:
            out.update(p << _BITS | c for p, c in zip(pairs, points[2:], strict=False))
    return out


def _asked(run: str) -> Iterable[int]:
    """The longest grams of a run of a word: they say all that the shorter ones do."""
    length = min(len(run), 3 if run.isascii() else 2)
    for at in range(len(run) - length + 1):
        gram = 0
        for c in run[at : at + length]:
            gram = gram << _BITS | ord(c)
        yield gram


def salt(tenant: UUID) -> int:
    """What a company's grams are mixed with, so that each has entries of its own in the one index."""
    low = tenant.int & (1 << _WORD) - 1
    return low - (1 << _WORD) if low >> _WORD - 1 else low


def tokens(tenant: UUID, text: str) -> list[int]:
    """The grams of a normalised text as they are stored for a company."""
    mix = salt(tenant)
    return [gram ^ mix for gram in grams(text)]


# ---- records ----


def searched(kind: type[Record]) -> tuple[str, ...]:
    """Fields whose text is searched: those declared so that everybody who may see the record may read."""
    found = _SEARCHED.get(kind)
    if found is None:
        names = (n for n, (_c, m) in metas(kind).items() if m.searched and not m.mask and not m.reads)
        found = _SEARCHED[kind] = tuple(names)
    return found


def body(kind: type[Record], values: Mapping[str, Any]) -> str:
    """A record's text, normalised. The one place that says what it is made of.

    :param values: of the record's fields, by name.
    """
    texts = [normal(str(values[name])) for name in searched(kind) if values.get(name) is not None]
    return BETWEEN.join(text.strip() for text in texts)[:BODY]


def heeded(resource: Resource[Any]) -> frozenset[str]:
    """The fields whose change changes the row here."""
    names = searched(resource.record)
    return frozenset((*names, "site_id", *([resource.state] if resource.state else []))) if names else frozenset()


def row(resource: Resource[Any], tenant: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a record. :param values: of its columns, by attribute."""
    text = body(resource.record, values)
    state = values.get(resource.state) if resource.state else None
    return {
        "tenant_id": tenant,
        "record_id": values["id"],
        "record_kind": resource.kind,
        "site_id": values.get("site_id"),
        "status": getattr(state, "value", state),
        "body": text,
        "tok": tokens(tenant, text),
    }


def put(session: Session, resource: Resource[Any], values: Mapping[str, Any], *, text: bool = True) -> None:
    """Bring one record's row into step, in its own transaction.

    :param text: False: only site and state have changed, which touches no index.
    """
    tenant = session.info["bound"].tenant
    if text:
        _PUT.run(session, row(resource, tenant, values))
        return
    state = values.get(resource.state) if resource.state else None
    moved = {"site_id": values.get("site_id"), "status": getattr(state, "value", state)}
    _MOVE.run(session, {**moved, "tenant": tenant, "record": values["id"]})


def put_many(session: Session, resource: Resource[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    """Make searchable what was written at once (an import).

    :param rows: each record's columns by attribute, with ``id``, ``site_id`` and its number.
    """
    if not searched(resource.record):
        return
    tenant = session.info["bound"].tenant
    made = [row(resource, tenant, values) for values in rows]
    insert_rows(session, TABLE, made, key=("record_id",))


def drop(session: Session, ids: Iterable[UUID]) -> None:
    """Forget the text of records that are deleted."""
    tenant = session.info["bound"].tenant
    session.execute(sa.delete(TABLE).where(TABLE.c.tenant_id == tenant, TABLE.c.record_id.in_(list(ids))))


def rebuild(session: Session, resource: Resource[Any], *, missing: bool = False, chunk: int = 500) -> int:
    """Write the rows of all records of a kind anew, in the session's transaction.

    :param missing: only of records that have none. :returns: how many were written.
    """
    kind, tenant, done, after = resource.record, session.info["bound"].tenant, 0, UUID(int=0)
    names = [*dict.fromkeys(("id", "site_id", *([resource.state] if resource.state else []), *searched(kind)))]
    if not searched(kind):
        return 0
    columns = [getattr(kind, name) for name in names]
    known = sa.select(TABLE.c.record_id).where(TABLE.c.tenant_id == tenant, TABLE.c.record_id == kind.id)
    while True:
        wanted = [kind.tenant_id == tenant, kind.id > after, *([~known.exists()] if missing else [])]
        found = session.execute(sa.select(*columns).where(*wanted).order_by(kind.id).limit(chunk)).all()
        if not found:
            return done
        put_many(session, resource, (dict(zip(names, values, strict=True)) for values in found))
        done, after = done + len(found), found[-1][0]


def _upsert() -> Any:
    new = insert(TABLE)
    changed = {c.name: new.excluded[c.name] for c in TABLE.c if not c.primary_key}
    return new.on_conflict_do_update(index_elements=["tenant_id", "record_id"], set_=changed)


_UPSERT = _upsert()
_PUT = Statement(_UPSERT, tuple(c.name for c in TABLE.c))
_MOVE = Statement(
    sa.update(TABLE)
    .where(
        TABLE.c.tenant_id == sa.bindparam("tenant", type_=sa.Uuid),
        TABLE.c.record_id == sa.bindparam("record", type_=sa.Uuid),
    )
    .values(site_id=sa.bindparam("site_id", type_=sa.Uuid), status=sa.bindparam("status", type_=sa.Text))
)

__all__ = [
    "BETWEEN", "QUERY", "TABLE", "Question", "SearchDoc", "body", "drop", "fits", "grams", "heeded", "normal", "put",
    "put_many", "question", "rebuild", "row", "salt", "searched", "tokens",
]  # fmt: skip
