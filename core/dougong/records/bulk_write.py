"""Many records at once: creating and changing what comes from a file, fast, and without half-written rows.

Each row passes the same input model, reference checks and handlers as a form's; numbers are taken in blocks, and rows,
history and personal values are one statement each. Handlers see ``Context.imported`` and start nothing then: no clock,
no notice, no job. ``dougong_changed`` is not called row by row. Rights at the rows' sites are the caller's to demand.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import sqlalchemy as sa
from pydantic import BaseModel

from ..errors import Conflict, FieldError, Invalid, Problem
from ..tenancy.statements import insert_rows
from ..tenancy.stored import new_id
from ..words import translator
from . import actions, awaiting, custom, history, journal, search
from .context import Context
from .fields import metas
from .models import derived, fresh, given, validate
from .numbering import keep_clear, next_numbers
from .record import Record
from .resource import Resource
from .tables import History, HistoryValue, RecordSite
from .visibility import resource_of

_ = translator("dougong")
R = TypeVar("R", bound=Record)
T = TypeVar("T")
IMPORT = "import"  # the action's name in the history
_USED = _("is already used by another record")


@dataclass(frozen=True)
class Importable:
    """A module says of a record of its own which fields an import may bring that no form asks for.

    :param record: the class. :param fields: their names (number, state, times); no other system field can be brought.
    :param aliases: further words for a field, as headings of columns have them: field → words.
    :param singly: handlers of a new record write elsewhere too (money is taken from a balance): rows are tried one by one, what
        a refused one wrote is taken back, and a check leaves nothing behind.
    :param counted: the one of ``fields`` that says which of several like rows a row is (the line of a voucher): where the file
        has no column for it, like rows are counted from 1 in the file's order, and two that are the same word for word are two.
    :param within: what like rows share, made of what a row says; None: it does not say enough.
    """

    record: type[Record]
    fields: Sequence[str] = ()
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    singly: bool = False
    counted: str = ""
    within: Callable[[Mapping[str, Any]], tuple[str, ...] | None] = lambda _body: None


@dataclass(frozen=True)
class ImportRow:
    """One row to be written.

    :param site: where the record is to be. :param body: values as the API takes them.
    :param own: values of fields that only an import may bring (``Importable``), as the API shows them.
    """

    site: UUID
    body: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


def _values(resource: Resource[Any], row: ImportRow, x: Context[Any], *, editing: bool = False) -> dict[str, Any]:
    """The values of a row as they will be stored.

    :param editing: only what is given counts. :raises Invalid: one error a bad field.
    """
    added = x.snapshot.custom(resource.kind)
    model = custom.editing_with if editing else custom.creating_with
    wrong: list[FieldError] = []
    values: dict[str, Any] = {}
    kind: type[Record] = resource.record
    for form, body in ((model(kind, added), row.body), (owned(kind, frozenset(row.own)), row.own)):
        try:
            values.update(_checked(resource, form, body, x, row.site, editing))
        except Invalid as problem:
            wrong += problem.errors
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return values


def _checked(
    resource: Resource[Any], form: type[BaseModel], body: Mapping[str, Any], x: Context[Any], site: UUID, editing: bool
) -> dict[str, Any]:
    found = validate(form, body, x.settings)
    actions.check_references(resource.record, found, x, site)
    return given(found) if editing else {name: getattr(found, name) for name in form.model_fields}


@functools.lru_cache(maxsize=256)  # which cells of a row are filled is up to the file
def owned(record: type[Record], names: frozenset[str]) -> type[BaseModel]:
    """The input model of fields that only an import may bring."""
    return derived(record, f"{record.__name__}Own", sorted(names))


# ---- creating ----


def create_many(resource: Resource[R], rows: Sequence[ImportRow], x: Context[Any]) -> list[R | Problem]:
    """Create a record of each row, in their order.

    :returns: what became of each: the record as it was written, or why it was not. A bad row stops no other.
    """
    x = replace(x, imported=True)
    singly, before = _singly(resource, x), _waiting(x)
    made = _drafts(resource, rows, x, singly)
    drafts = [one for one in made if not isinstance(one, Problem)]
    _number(resource, drafts, x)
    refused = {} if singly else _enter(resource, drafts, x)
    if singly and drafts:
        _all_or_none(resource, drafts, x)
    _wait_for(x, before, {one.id for one in drafts} - refused.keys())
    awaiting.put(x)
    return [refused.get(one.id, one) if not isinstance(one, Problem) else one for one in made]


def check_many(resource: Resource[R], rows: Sequence[ImportRow], x: Context[Any]) -> list[R | Problem]:
    """What ``create_many`` would make of each row, without numbers and without writing anything."""
    x = replace(x, imported=True)
    before = _waiting(x)
    if not _singly(resource, x):
        made = _drafts(resource, rows, x, False)
    else:
        with x.session.begin_nested() as tried:
            made = _drafts(resource, rows, x, True)
            tried.rollback()
    _wait_for(x, before, set())
    return made


def _waiting(x: Context[Any]) -> set[tuple[str, UUID]]:
    """Records that are to be looked at again, as far as is not written down yet."""
    return set(x.session.info.get("due", ()))


def _wait_for(x: Context[Any], before: set[tuple[str, UUID]], written: set[UUID]) -> None:
    """Of what came to wait since, only what was written is waited for."""
    found: dict[tuple[str, UUID], Any] = x.session.info.get("due", {})
    for key in [one for one in found if one not in before and one[1] not in written]:
        del found[key]


def _singly(resource: Resource[Any], x: Context[Any]) -> bool:
    return any(one.singly for _module, one in x.contributed(Importable) if one.record is resource.record)


def _drafts(resource: Resource[R], rows: Sequence[ImportRow], x: Context[Any], singly: bool) -> list[R | Problem]:
    seen = set[tuple[Any, ...]]()

    def tried(row: ImportRow) -> R:
        if not singly:
            return _drafted(resource, row, x)
        with x.session.begin_nested():
            one = _drafted(resource, row, x)
            own = _unique_values(one)
            if not seen.isdisjoint(own):  # earlier rows are not written yet
                raise Conflict(journal.TAKEN)
        seen.update(own)
        return one

    made = [_attempted(lambda row=row: tried(row)) for row in rows]  # type: ignore[misc]
    _refuse_used_numbers(resource, made, x)
    return made


def _unique_values(one: Record) -> set[tuple[Any, ...]]:
    """What of a record there may be once, for each rule of its table that holds of it."""
    mapper, found = sa.inspect(type(one)), set[tuple[Any, ...]]()
    for rule in type(one).__table__.constraints:  # type: ignore[attr-defined]
        if isinstance(rule, sa.UniqueConstraint):
            columns = [column for column in rule.columns if column.key != "tenant_id"]
            values = tuple(one.__dict__.get(mapper.get_property_by_column(column).key) for column in columns)
            if all(value not in (None, "") for value in values):  # a number is given later
                found.add((rule.name, *values))
    return found


def _all_or_none(resource: Resource[R], drafts: Sequence[R], x: Context[Any]) -> None:
    """:raises Conflict: somebody wrote one of them in this moment: the whole block is tried again."""
    try:
        with x.session.begin_nested():
            _write(resource, drafts, x)
    except psycopg.errors.UniqueViolation:
        raise Conflict(journal.TAKEN) from None


def _attempted(work: Callable[[], T]) -> T | Problem:
    try:
        return work()
    except Problem as problem:
        return problem


def _drafted(resource: Resource[R], row: ImportRow, x: Context[Any]) -> R:
    own, added = custom.split(_values(resource, row, x))
    always = {"id": new_id(), "site_id": row.site, "created_by": x.actor}
    record = fresh(resource.record, {"created_at": x.now, "updated_at": x.now, **own, **always})
    custom.pend(record, added)
    with x.session.no_autoflush:
        for run in resource.flow.on_create if resource.flow else ():
            run(record, x)
        actions.follow(resource, record, x)
    return record


def _refuse_used_numbers(resource: Resource[R], made: list[R | Problem], x: Context[Any]) -> None:
    """Numbers that came with the rows: each may be there once, in the file and in the database."""
    wanted = [one.number for one in made if not isinstance(one, Problem) and one.number]
    if not wanted:
        return
    column = resource.record.number
    found = x.session.scalars(sa.select(column).where(resource.record.tenant_id == x.tenant, column.in_(wanted)))
    seen = set(found)
    for at, one in enumerate(made):
        if isinstance(one, Problem) or not one.number:
            continue
        if one.number in seen:
            made[at] = Invalid(errors=(FieldError("number", _USED),))
        seen.add(one.number)


def _number(resource: Resource[Any], drafts: Sequence[Record], x: Context[Any]) -> None:
    series = actions.series_of(resource)
    zone = x.snapshot.sites.zone()
    keep_clear(x.session, series, [one.number for one in drafts if one.number])
    years: dict[int, list[Record]] = defaultdict(list)
    for one in drafts:
        if not one.number:
            years[one.created_at.astimezone(zone).year].append(one)
    for year, mine in sorted(years.items()):
        for one, number in zip(mine, next_numbers(x.session, series, year, len(mine)), strict=True):
            one.number = number


def _enter(resource: Resource[R], drafts: Sequence[R], x: Context[Any]) -> dict[UUID, Problem]:
    """Write drafts. A unique value that exists already fails the half it is in, until it is found."""
    if not drafts:
        return {}
    try:
        with x.session.begin_nested():
            _write(resource, drafts, x)
    except psycopg.errors.UniqueViolation:
        if len(drafts) == 1:
            return {drafts[0].id: Conflict(journal.TAKEN)}
        half = len(drafts) // 2
        return {**_enter(resource, drafts[:half], x), **_enter(resource, drafts[half:], x)}
    return {}


def _write(resource: Resource[R], drafts: Sequence[R], x: Context[Any], action: str = IMPORT) -> None:
    kind = resource.record
    columns = [(a.key, a.columns[0].name) for a in sa.inspect(kind).column_attrs if a.key != "tenant_id"]
    entries, rows = [], []
    for one in drafts:
        changes = journal.complete(one, x.tenant)
        added = custom.waiting(one)
        changes.update({n: (None, custom.plain_value(v)) for n, v in added.items() if v is not None})
        entries.append((one.id, changes))
        rows.append({column: one.__dict__[key] for key, column in columns})
    insert_rows(x.session, kind.__table__, rows)
    search.put_many(x.session, resource, [one.__dict__ for one in drafts])
    _tell(resource, x, entries, {}, action)
    known = {a.name: a for a in custom.stored_here(x.snapshot.custom(kind.kind))}
    values = [
        {"tenant_id": x.tenant, "record_id": one.id, "field_id": known[n].id, **custom.row_of(known[n], v)}
        for one in drafts
        for n, v in custom.waiting(one).items()
        if v is not None
    ]
    for start in range(0, len(values), 2000):
        custom.put_rows(x, values[start : start + 2000])
    if kind.scope == "sites":
        sites = [{"record_kind": kind.kind, "record_id": one.id, "site_id": one.site_id} for one in drafts]
        insert_rows(x.session, RecordSite.__table__, sites)


def _tell(
    resource: Resource[Any],
    x: Context[Any],
    entries: Sequence[tuple[UUID, Mapping[str, tuple[Any, Any]]]],
    seals: Mapping[UUID, str],
    action: str = IMPORT,
    inputs: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> None:
    """Write the history of many records. :param seals: the last of each that has one. :param inputs: by id, what else to say."""
    hidden = frozenset(name for name, (_c, m) in metas(resource.record).items() if m.personal)
    hidden |= {one.name for one in x.snapshot.custom(resource.kind) if one.personal}
    rows, aside = [], []
    for id, changes in entries:
        said = (inputs or {}).get(id)
        entry = history.compose(action, actor=x.actor, at=x.now, changes=changes, inputs=said, personal=hidden)
        row = history.row_of(entry, resource.kind, id, action, x.actor, x.now, seals.get(id, ""))
        rows.append(row)
        aside += [
            {"history_id": row["id"], "path": path, "value": history.decoded(text), "salt": salt}
            for path, text, salt in entry.aside
        ]
    insert_rows(x.session, History.__table__, rows)
    insert_rows(x.session, HistoryValue.__table__, aside)


def make_many(x: Context[Any], kind: type[R], rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[R]:
    """Create many records from code, each at its site with its values: the caller answers for the right to do so.

    As ``x.create`` a row at a time, with handlers, clocks, number and history, but a statement for all; ``dougong_changed``
    is not called. For what is made by the hundred (the tasks of a day); take some hundreds at a time.
    """
    resource = resource_of(x.registry.resources, kind)
    inner = x.with_settings(x.snapshot.settings(resource.module))
    drafts: list[R] = [actions.drafted(resource, dict(values), inner, site) for site, values in rows]
    if drafts:
        _number(resource, drafts, inner)
        _write(resource, drafts, inner, "create")
        awaiting.put(inner)
    return drafts


# ---- changing ----


def change_many(
    resource: Resource[R], rows: Mapping[UUID, ImportRow], x: Context[Any]
) -> dict[UUID, R | Problem | None]:
    """Change records to what their rows say.

    :returns: by id: the record as it stands now, None where nothing was to change, or why it was not changed.
    """
    x = replace(x, imported=True)
    kind = resource.record
    with x.session.no_autoflush:
        found = {
            one.id: one
            for one in x.session.scalars(sa.select(kind).where(kind.tenant_id == x.tenant, kind.id.in_(rows)))
        }
        had = custom.read(x, kind.kind, list(found))
        told: list[tuple[UUID, Mapping[str, tuple[Any, Any]]]] = []
        out: dict[UUID, R | Problem | None] = {}
        for id, row in rows.items():
            if id not in found:
                continue
            try:
                changes = _changed(resource, found[id], row, had[id], x)
            except Problem as problem:
                x.session.refresh(found[id])
                out[id] = problem
                continue
            out[id] = found[id] if changes else None
            if changes:
                told.append((id, changes))
    journal.flush(x)
    awaiting.put(x)
    if told:
        search.put_many(x.session, resource, [found[id].__dict__ for id, _changes in told])
        _tell(resource, x, told, history.last_seals(x.session, kind.kind, [id for id, _changes in told]))
    return out


def _changed(
    resource: Resource[R], record: R, row: ImportRow, had: Mapping[str, Any], x: Context[Any]
) -> dict[str, tuple[Any, Any]]:
    own, added = custom.split(_values(resource, row, x, editing=True))
    extra = {n: v for n, v in added.items() if had.get(n) != v}
    wanted = {n: v for n, v in own.items() if getattr(record, n) != v}
    if not wanted and not extra:
        return {}
    shown = [n for n in metas(resource.record) if n not in journal.QUIET]
    before = {n: getattr(record, n) for n in shown}
    for name, value in wanted.items():
        setattr(record, name, value)
    journal.touch(record, wanted.get("updated_at", x.now))
    actions.follow(resource, record, x)
    changes = {n: (before[n], getattr(record, n)) for n in shown if getattr(record, n) != before[n]}
    return {**changes, **(custom.write(x, record, extra) if extra else {})}


def note_many(
    resource: Resource[Any],
    x: Context[Any],
    entries: Sequence[tuple[UUID, Mapping[str, tuple[Any, Any]]]],
    action: str,
    inputs: Mapping[UUID, Mapping[str, Any]],
) -> None:
    """Write an entry of its own into the history of each of many records. :param inputs: by id, what else to say."""
    if entries:
        seals = history.last_seals(x.session, resource.kind, [id for id, _changes in entries])
        _tell(resource, x, entries, seals, action, inputs)


def log_many(resource: Resource[Any], ids: Sequence[UUID], x: Context[Any], action: str, **inputs: Any) -> None:
    """Write one entry of the same content into the history of many records (personal values that were exported)."""
    seals = history.last_seals(x.session, resource.kind, ids)
    rows = []
    entry = history.compose(action, actor=x.actor, at=x.now, changes={}, inputs=inputs)
    for id in ids:
        rows.append(history.row_of(entry, resource.kind, id, action, x.actor, x.now, seals.get(id, "")))
    insert_rows(x.session, History.__table__, rows)


__all__ = [
    "IMPORT",
    "ImportRow",
    "Importable",
    "change_many",
    "check_many",
    "create_many",
    "log_many",
    "make_many",
    "note_many",
]
