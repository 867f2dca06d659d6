"""History: append-only, sealed, and still able to forget a person.

A change of a personal value is kept as a salted digest; value and salt lie beside it. Each entry of a record is
sealed over the one before, so a removed or altered entry shows; erasing value and salt does not break the seal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Session

from ..choices import Choice
from ..tenancy.statements import Statement, insert_row
from ..tenancy.stored import new_id
from .tables import History, HistoryValue

if TYPE_CHECKING:
    from .context import Context
    from .record import Record

_encode = msgspec.json.Encoder(order="sorted").encode


def _aside() -> Statement:
    """Insert any number of personal values with one text."""
    lists = [sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in ("paths", "texts", "salts")]
    rows = sa.func.unnest(*lists).table_valued("path", "value", "salt", name="kept").render_derived()
    tenant, entry = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("entry", type_=sa.Uuid)
    chosen = sa.select(tenant, entry, rows.c.path, sa.cast(rows.c.value, JSONB), rows.c.salt)
    return Statement(sa.insert(HistoryValue).from_select(["tenant_id", "history_id", "path", "value", "salt"], chosen))


_ASIDE = _aside()


_AS_IT_IS = frozenset({str, int, bool})


def plain(value: Any) -> Any:
    """A stored value as JSON has it."""
    if value is None or type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, UUID | dt.date | dt.time | Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, BaseModel):  # a row of a form that asks for several
        return plain(value.model_dump())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return value


def _digest(salt: str, value: Any) -> str:
    return hashlib.sha256(salt.encode() + _encode(value)).hexdigest()


def _seal(before: str, entry: bytes) -> str:
    return hashlib.sha256(before.encode() + entry).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry before it is written.

    :ivar shown: changes and :ivar said: inputs, as they are stored. :ivar sealed: what its seal is taken over, as JSON.
    :ivar aside: personal values: (path, value as JSON, salt).
    """

    shown: dict[str, Any]
    said: dict[str, Any]
    sealed: bytes
    aside: list[tuple[str, str, str]]


def compose(
    action: str,
    *,
    actor: UUID | None,
    at: dt.datetime,
    changes: Mapping[str, tuple[Any, Any]],
    inputs: Mapping[str, Any] | None = None,
    personal: frozenset[str] = frozenset(),
) -> Entry:
    """What an entry says. Parameters as in ``write``."""
    aside: list[tuple[str, str, str]] = []

    def keep(path: str, value: Any) -> Any:
        if value is None:
            return None
        salt = secrets.token_hex(16)
        aside.append((path, _encode(value).decode(), salt))
        return {"digest": _digest(salt, value)}

    shown: dict[str, Any] = {}
    for name, pair in changes.items():
        before, after = plain(pair[0]), plain(pair[1])
        shown[name] = [keep(f"{name}.0", before), keep(f"{name}.1", after)] if name in personal else [before, after]
    said = {
        n: keep(f"inputs.{n}", plain(v)) if n in personal else plain(v)
        for n, v in (inputs or {}).items()
        if v is not None
    }
    entry = {"action": action, "actor": plain(actor), "at": plain(at), "changes": shown, "inputs": said}
    return Entry(shown, said, _encode(entry), aside)


def write(
    session: Session,
    kind: str,
    record_id: UUID,
    action: str,
    *,
    actor: UUID | None,
    at: dt.datetime,
    changes: Mapping[str, tuple[Any, Any]],
    inputs: Mapping[str, Any] | None = None,
    personal: frozenset[str] = frozenset(),
    first: bool = False,
) -> History:
    """Append one entry.

    :param changes: field → (before, after). :param inputs: what the form held, beyond the changed fields.
    :param personal: names of fields and inputs that are personal values.
    :param first: the record is new, so there is no entry to chain to.
    """
    entry = compose(action, actor=actor, at=at, changes=changes, inputs=inputs, personal=personal)
    before = "" if first else _last_seal(session, kind, record_id)
    row = row_of(entry, kind, record_id, action, actor, at, before)
    insert_row(session, History.__table__, row)  # type: ignore[arg-type]
    if entry.aside:
        paths, texts, salts = zip(*entry.aside, strict=True)
        given = {"paths": list(paths), "texts": list(texts), "salts": list(salts)}
        _ASIDE.run(session, {"tenant": session.info["bound"].tenant, "entry": row["id"], **given})
    return History(**row)


def row_of(
    entry: Entry, kind: str, record_id: UUID, action: str, actor: UUID | None, at: dt.datetime, before: str
) -> dict[str, Any]:
    """An entry as its row. :param before: the seal that it is chained to; empty: the first of its record."""
    return {
        "id": new_id(),
        "record_kind": kind,
        "record_id": record_id,
        "action": action,
        "actor_id": actor,
        "at": at,
        "changes": entry.shown,
        "inputs": entry.said,
        "seal": _seal(before, entry.sealed),
    }


def decoded(text: str) -> Any:
    """A personal value of an entry, as it is stored."""
    return msgspec.json.decode(text)


def last_seals(session: Session, kind: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The last seal of each of these records."""
    newest = (
        sa.select(History.record_id, History.seal)
        .where(History.record_kind == kind, History.record_id.in_(ids))
        .order_by(History.record_id, History.id.desc())
        .ext(distinct_on(History.record_id))
    )
    return {row.record_id: row.seal for row in session.execute(newest)}


def _last_seal(session: Session, kind: str, record_id: UUID) -> str:
    statement = (
        sa.select(History.seal)
        .where(History.record_kind == kind, History.record_id == record_id)
        .order_by(History.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""


def editors(record: Record, x: Context[Any]) -> set[UUID]:
    """Who edited a record's fields, by hand or by an import: an approval's ``authors`` where nobody may sign what they wrote."""
    edited = sa.select(History.actor_id).where(
        History.tenant_id == x.tenant,
        History.record_kind == record.kind,
        History.record_id == record.id,
        History.action.in_(("edit", "import")),
    )
    return {one for one in x.session.scalars(edited.distinct()) if one is not None}


def verify(session: Session, kind: str, record_id: UUID) -> bool:
    """Whether the chain of a record's entries holds, and every value that is still there fits its digest."""
    statement = (
        sa.select(History).where(History.record_kind == kind, History.record_id == record_id).order_by(History.id)
    )
    before = ""
    for row in session.scalars(statement):
        entry = {
            "action": row.action,
            "actor": plain(row.actor_id),
            "at": plain(row.at),
            "changes": row.changes,
            "inputs": row.inputs,
        }
        if row.seal != _seal(before, _encode(entry)) or not _values_fit(session, row):
            return False
        before = row.seal
    return True


def _values_fit(session: Session, row: History) -> bool:
    for kept in session.scalars(sa.select(HistoryValue).where(HistoryValue.history_id == row.id)):
        if kept.salt is None:
            continue
        name, _dot, which = kept.path.rpartition(".")
        said = row.inputs[which] if name == "inputs" else row.changes[name][int(which)]
        if said != {"digest": _digest(kept.salt, kept.value)}:
            return False
    return True
