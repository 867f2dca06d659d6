"""A person across the modules: where their values stand, what they are, and what modules keep beside their records.

Owns the declaration of stores that are not records (``PersonalStore``) and the search over all of them. Who may ask, and
what becomes of what is found, is the affair of whoever asks (``plugins/privacy``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..access.tables import Person
from ..tenancy.custom import CustomField
from ..words import Lazy
from . import attachments, custom
from .comments import Comment
from .erasure import Hit, added_personal, children_of, find, fits_person, personal, plain_terms
from .erasure import delete as delete_record
from .erasure import erase as erase_record
from .fields import metas
from .history import plain
from .record import Record
from .retention import LegalHold, hold_of
from .retention import hold as hold_record
from .retention import release as release_record
from .search import SearchDoc, normal
from .tables import History

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

MENTIONED = 200  # records named at most for their free text
_SHORTEST = 2  # characters of a term that is looked for in free text


@dataclass(frozen=True)
class Kept:
    """Something outside the records that holds values of a person.

    :ivar id: names it again within its store. :ivar label: what it is, in words, without the values themselves.
    :ivar fields: which of its parts. :ivar href: a page of it.
    """

    id: str
    label: str
    fields: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True)
class PersonalStore:
    """Where a module keeps personal values beside its records. Contributed by ``dougong_contributions``.

    :param name: ``module.store``, stable. :param label: what people call it.
    :param find: what it holds of the person with these terms, or that came from or copies these records.
    :param export: one of them as the person may have it. :param erase: takes it; or says why not.
    """

    name: str
    label: Lazy
    find: Callable[[Context[Any], Sequence[str], Sequence[Hit]], Iterable[Kept]]
    export: Callable[[Context[Any], Kept], Mapping[str, Any]]
    erase: Callable[[Context[Any], Kept], Lazy | None]


@dataclass(frozen=True)
class Findings:
    """What was found of a person.

    :ivar hits: records with their fields. :ivar kept: by store's name, what lies beside records.
    :ivar mentioned: records whose free text, comments or file names hold a term: kind, id, number, where.
    :ivar held: ids of records under a legal hold, with its reason. :ivar unsearched: labels of modules that are off.
    """

    hits: tuple[Hit, ...]
    kept: tuple[tuple[PersonalStore, Kept], ...]
    mentioned: tuple[tuple[str, UUID, str, str], ...]
    held: Mapping[UUID, str]
    unsearched: tuple[str, ...]


def find_person(x: Context[Any], terms: Sequence[str]) -> Findings:
    """Everything that the company's enabled modules hold of a person, at every site, whoever asks.

    The caller answers for the right to do so and notes that it was done. Closed sites are searched too; modules that are
    switched off are named instead.
    """
    hits: list[Hit] = []
    mentioned: list[tuple[str, UUID, str, str]] = []
    for resource in _resources(x):
        mine = find(x, resource, terms, everywhere=True)
        hits += mine
        mentioned += _mentions(x, resource, terms, {one.id for one in mine})
    kept = [(store, one) for _m, store in x.contributed(PersonalStore) for one in store.find(x, terms, hits)]
    off = [
        m.manifest.label for name, m in x.registry.modules.items() if name not in x.snapshot.modules and _holds(x, name)
    ]
    ids = [one.id for one in hits]
    return Findings(tuple(hits), tuple(kept), tuple(mentioned[:MENTIONED]), holds_of(x, ids), tuple(map(str, off)))


def accounts(x: Context[Any], terms: Sequence[str]) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """Accounts of people whose name, e-mail address or phone number equals a term: id, name, which of these."""
    columns = {name: getattr(Person, name) for name in ("name", "email", "phone")}
    flags = [fits_person(column, terms).label(name) for name, column in columns.items()]
    query = (
        sa.select(Person.id, Person.name, *flags).where(Person.tenant_id == x.tenant, sa.or_(*flags)).limit(MENTIONED)
    )
    return [
        (r[0], r[1], tuple(n for n, on in zip(columns, r[2:], strict=True) if on)) for r in x.session.execute(query)
    ]


def _resources(x: Context[Any]) -> list[Resource[Any]]:
    return [one for one in x.registry.resources.values() if one.module in x.snapshot.modules]


def _holds(x: Context[Any], module: str) -> bool:
    return any(one.module == module and personal(one.record) for one in x.registry.resources.values())


def holds_of(x: Context[Any], ids: Sequence[UUID]) -> dict[UUID, str]:
    """Which of these records stand under a legal hold now, and why."""
    mine = LegalHold.tenant_id == x.tenant, LegalHold.record_id.in_(ids), LegalHold.released_at.is_(None)
    return {row[0]: row[1] for row in x.session.execute(sa.select(LegalHold.record_id, LegalHold.reason).where(*mine))}


def _mentions(
    x: Context[Any], resource: Resource[Any], terms: Sequence[str], found: set[UUID]
) -> list[tuple[str, UUID, str, str]]:
    """Records that name the person in free text: in searched fields, comments or names of files."""
    record: type[Record] = resource.record
    words = [word for term in terms if len(word := normal(term).strip()) >= _SHORTEST]
    if not words:
        return []
    here = record.tenant_id == x.tenant
    docs = sa.select(SearchDoc.record_id).where(SearchDoc.tenant_id == x.tenant, SearchDoc.record_kind == resource.kind)
    said = sa.select(Comment.record_id).where(Comment.tenant_id == x.tenant, Comment.record_kind == resource.kind)
    files = attachments.File
    names = sa.select(files.record_id).where(files.tenant_id == x.tenant, files.record_kind == resource.kind)
    places = {
        "text": docs.where(_any(SearchDoc.body, words)),
        "comments": said.where(_any(sa.func.lower(Comment.text), words)),
        "files": names.where(_any(sa.func.lower(files.name), words)),
    }
    out = []
    for place, ids in places.items():
        query = sa.select(record.id, record.number).where(here, record.id.in_(ids)).limit(MENTIONED)
        rows = x.session.execute(query)
        out += [(resource.kind, r[0], r[1], place) for r in rows if place != "text" or r[0] not in found]
    return out


def _any(column: Any, words: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(sa.func.strpos(column, word) > 0 for word in words))


def personal_values(x: Context[Any], record: Record) -> dict[str, Any]:
    """The personal values of one record as JSON has them: its own, those of its entries and of the company's own fields."""
    out: dict[str, Any] = {n: plain(v) for n in personal(type(record)) if (v := getattr(record, n)) is not None}
    for child in children_of(type(record)):
        names = personal(child)
        rows = [{n: plain(v) for n in names if (v := getattr(c, n)) is not None} for c in x.children(record, child)]
        if any(rows):
            out[child.kind] = [row for row in rows if row]
    ids = added_personal(x, record.kind)
    mine = custom.CustomValue.tenant_id == x.tenant, custom.CustomValue.record_id == record.id
    query = sa.select(custom.CustomValue).where(*mine, custom.CustomValue.field_id.in_(ids))
    for value in x.session.scalars(query) if ids else ():
        out[ids[value.field_id]] = plain(
            next((v for v in (value.text, value.number, value.at, value.link) if v is not None), None)
        )
    return out


def field_labels(x: Context[Any], kind: str) -> dict[str, str]:
    """What people call the personal fields of a kind and its entries, by the names that a ``Hit`` has."""
    resource = x.registry.resources[kind]
    record: type[Record] = resource.record
    out = {n: str(metas(record)[n][1].label) for n in personal(record)}
    for child in children_of(record):
        out |= {f"{child.kind}.{n}": f"{child.label} · {metas(child)[n][1].label}" for n in personal(child)}
    mine = CustomField.tenant_id == x.tenant, CustomField.record_kind == kind
    out |= {row[0]: row[1] for row in x.session.execute(sa.select(CustomField.name, CustomField.title).where(*mine))}
    return out


def ended(x: Context[Any], record: Record) -> bool:
    """Whether a case is over: in a state from which its term may run, else in one that is drawn as done.

    A record without states is never under way.
    """
    resource = x.registry.resources[record.kind]
    if resource.state is None:
        return True
    state = getattr(record, resource.state)
    if resource.retention is not None and resource.retention.states:
        return state in resource.retention.states
    return bool(state.extra) and state.extra[0] == "done"


def forget_files(x: Context[Any], record: Record) -> None:
    """Take all files of a record for good: the names now, the bytes by a job."""
    attachments.forget(x, record)


# ---- who opened what ----


@dataclass(frozen=True)
class Opening:
    """That somebody opened a masked value, or took it out in an export. :ivar field: its name."""

    id: UUID
    at: dt.datetime
    person: UUID | None
    kind: str
    record: UUID
    field: str


def openings(
    x: Context[Any],
    *,
    person: UUID | None = None,
    kind: str = "",
    record: UUID | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: UUID | None = None,
    most: int = 50,
) -> list[Opening]:
    """Which masked values were opened, by whom, the newest first. The caller answers for the right to know.

    :param before: go on after this entry.
    """
    query = sa.select(History).where(History.tenant_id == x.tenant, History.action == "reveal")
    for rule, value in (
        (History.actor_id.__eq__, person),
        (History.record_kind.__eq__, kind),
        (History.record_id.__eq__, record),
        (History.at.__ge__, since),
        (History.at.__lt__, until),
        (History.id.__lt__, before),
    ):
        if value:
            query = query.where(rule(value))
    return [
        Opening(row.id, row.at, row.actor_id, row.record_kind, row.record_id, str(row.inputs.get("field", "")))
        for row in x.session.scalars(query.order_by(History.id.desc()).limit(most))
    ]


__all__ = [
    "Findings", "Hit", "Kept", "LegalHold", "Opening", "PersonalStore", "accounts", "delete_record", "ended",
    "erase_record", "field_labels", "find_person", "fits_person", "forget_files", "hold_of", "hold_record",
    "openings", "personal_values", "plain_terms", "release_record",
]  # fmt: skip
