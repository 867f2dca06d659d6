"""The journal of a unit of work: collects what changes on records while handlers run, and writes it as history at the end.

SQLAlchemy forgets what changed as soon as it flushes, and a handler's query flushes; so changes are gathered before
each flush. Works on every record that is touched, not only on the one the person meant (a merge touches two).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from ..errors import Changed, Conflict
from ..tenancy.statements import insert_row
from ..words import translator
from . import awaiting, history, search
from .fields import META, metas
from .models import initial
from .record import Child, Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")
STALE = _("Somebody changed this record after you opened it. Look at what changed, then send yours again.")
TAKEN = _("Such a record exists already.")
BEHALF = "behalf"  # among the inputs of an entry: for whom the system acted
QUIET = frozenset({"updated_at", "row_version", "tenant_id", "id", "created_at", "created_by"})


@dataclass
class _Note:
    record: Record
    action: str = "change"
    inputs: dict[str, Any] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    new: bool = False


@dataclass
class _Step:
    """A record whose row of the search is behind. ``text``: more than its site and state."""

    record: Record
    resource: Resource[Any]
    text: bool = False

    def also(self, entry: _Note) -> None:
        self.text = self.text or entry.new or not frozenset(search.searched(type(self.record))).isdisjoint(entry.changes)


def watch(x: Context[Any]) -> None:
    """Begin to gather changes in this session; calling it again does nothing."""
    if "journal" not in x.session.info:
        x.session.info["journal"] = {}
        event.listen(x.session, "before_flush", _gather)


def begin(x: Context[Any], record: Record) -> None:
    """Insert a new record, and open its history with what it begins with."""
    watch(x)
    table: sa.Table = record.__table__  # type: ignore[assignment]
    changes = complete(record, x.tenant)
    held = record.__dict__
    try:
        insert_row(x.session, table, {a.columns[0].name: held[a.key] for a in sa.inspect(type(record)).column_attrs})
    except psycopg.errors.UniqueViolation:
        raise Conflict(TAKEN) from None
    make_transient_to_detached(record)
    x.session.add(record)
    x.session.info["journal"][(record.kind, record.id)] = _Note(record, changes=changes, new=True)


def complete(record: Record, tenant: UUID) -> dict[str, tuple[Any, Any]]:
    """Fill what a new record has no value for, and say what it begins with, for its history."""
    record.tenant_id, record.row_version = tenant, 1
    held = record.__dict__
    for attribute in sa.inspect(type(record)).column_attrs:
        if held.get(attribute.key) is None:
            # As if just read from the database: an attribute that was never set would be fetched on its first use.
            column = attribute.columns[0]
            held[attribute.key] = None if column.default is None else initial(column)
    return {n: (None, held[n]) for n in metas(type(record)) if n not in QUIET and held[n] is not None}


def note(
    x: Context[Any],
    record: Record,
    action: str,
    *,
    inputs: dict[str, Any] | None = None,
    personal: frozenset[str] = frozenset(),
) -> None:
    """Say what was done to a record, and write its entry; a later action on it in the same work is another entry."""
    flush(x)
    notes: dict[tuple[str, UUID], _Note] = x.session.info["journal"]
    entry = notes.pop((record.kind, record.id), None) or _Note(record)
    entry.action, entry.inputs, entry.personal = action, inputs or {}, personal
    _write(x, entry)


def also(x: Context[Any], record: Record, changes: dict[str, tuple[Any, Any]]) -> None:
    """Changes of values that lie beside a record's row: they belong to the entry that is being gathered."""
    notes: dict[tuple[str, UUID], _Note] = x.session.info["journal"]
    notes.setdefault((record.kind, record.id), _Note(record)).changes.update(changes)


def aside(
    x: Context[Any],
    record: Record,
    action: str,
    changes: dict[str, tuple[Any, Any]],
    *,
    inputs: dict[str, Any] | None = None,
) -> None:
    """An entry of what was written to a record's row beside its version, which ``settle`` then tells of as of any other."""
    _write(x, _Note(record, action, inputs or {}, changes=dict(changes)))


def forget(x: Context[Any]) -> None:
    """What was gathered since the last ``settle`` was rolled back, and is not told."""
    x.session.info["journal"].clear()
    for left in ("done", "changed", "found", "due", "added", "parents", "followed", "opened_from", "approvals"):
        x.session.info.pop(left, None)


def touch(record: Record, at: dt.datetime) -> None:
    """Mark a record as changed now: its row version rises even within the same instant, or where no field changed."""
    record.updated_at = at
    flag_modified(record, "updated_at")


def settle(x: Context[Any]) -> None:
    """Write the history of everything else that was touched and tell the enabled plugins, until nothing is left to tell.

    :raises Changed: somebody else changed one of the records in the meantime.
    """
    from .following import follow_up

    hook = x.registry.hook(x.snapshot.modules)
    watch(x)  # nothing may have been touched: a file that is there already
    while True:
        flush(x)
        notes: dict[tuple[str, UUID], _Note] = x.session.info["journal"]
        for key in list(notes):
            entry = notes.pop(key)
            if entry.changes or entry.new:
                _write(x, entry)
        _find_again(x)
        awaiting.put(x)
        done = x.session.info.pop("done", [])
        for record, action in done:
            hook.dougong_changed(record=record, action=action, context=x)
            follow_up(x, record, action)
        if not done:
            x.session.info.pop("changed", None)
            return


def flush(x: Context[Any]) -> None:
    """Write pending rows, with the database's refusals in words.

    :raises Changed: a row version is no longer the current one. :raises Conflict: a unique value exists already.
    """
    awaiting.others(x)
    try:
        x.session.flush()
    except StaleDataError:
        raise Changed(STALE) from None
    except sa.exc.IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != "23505":
            raise
        raise Conflict(TAKEN) from None


def _write(x: Context[Any], entry: _Note) -> None:
    record = entry.record
    hidden = frozenset(name for name, (_c, m) in metas(type(record)).items() if m.personal) | entry.personal
    hidden |= {one.name for one in x.snapshot.custom(record.kind) if one.personal}
    history.write(
        x.session,
        record.kind,
        record.id,
        entry.action,
        actor=x.actor,
        at=x.now,
        changes=entry.changes,
        inputs={**entry.inputs, BEHALF: x.behalf} if x.behalf else entry.inputs,
        personal=hidden,
        first=entry.new,
    )
    known = x.session.info.setdefault("changed", {}).setdefault((record.kind, record.id), {})
    for name, (before, after) in entry.changes.items():
        known[name] = (known[name][0] if name in known else before, after)
    x.session.info.setdefault("done", []).append((record, entry.action))
    resource = x.registry.resources.get(record.kind)
    if resource is not None and (entry.new or not search.heeded(resource).isdisjoint(entry.changes)):
        x.session.info.setdefault("found", {}).setdefault(record.id, _Step(record, resource)).also(entry)


def _find_again(x: Context[Any]) -> None:
    """Bring what searching reads into step with the records that were written."""
    for step in x.session.info.pop("found", {}).values():
        search.put(x.session, step.resource, step.record.__dict__, text=step.text)


def _gather(session: Session, *_more: Any) -> None:
    notes: dict[tuple[str, UUID], _Note] = session.info["journal"]
    for thing in [*session.new, *session.dirty]:
        if isinstance(thing, Record):
            _collect(notes, thing, thing in session.new)
        elif isinstance(thing, Child) and thing in session.new:
            _raise_parent(session, thing)


def _collect(notes: dict[tuple[str, UUID], _Note], record: Record, new: bool) -> None:
    state = sa.inspect(record)
    entry = notes.setdefault((record.kind, record.id), _Note(record))
    entry.new = entry.new or new
    for attribute in state.mapper.column_attrs:
        if attribute.key in QUIET or META not in attribute.columns[0].info:
            continue
        past = state.attrs[attribute.key].history
        if not past.has_changes():
            continue
        before = entry.changes[attribute.key][0] if attribute.key in entry.changes else _first(past.deleted)
        after = _first(past.added)
        if before == after:
            entry.changes.pop(attribute.key, None)
        else:
            entry.changes[attribute.key] = (before, after)


def _first(values: Any) -> Any:
    return values[0] if values else None


def _raise_parent(session: Session, child: Child) -> None:
    """Every child insert raises its parent's row version: decisions by the same timeline then conflict visibly."""
    parent = session.get(type(child).parent_kind, (session.info["bound"].tenant, child.parent_id))
    if parent is not None and parent not in session.new and not session.is_modified(parent):
        touch(parent, child.at)


__all__ = ["complete", "note", "settle", "watch"]
