"""Creating a record without a unit of work: number, row, history and personal values as one compiled statement.

Rights, form and handlers are those of ``actions.draft``. It serves records whose handlers need nothing of the
database; one that does says so by touching the session (``NeedsDatabase``), nothing was done then, and the caller creates
in a unit of work instead. So do references to other records, several sites, and modules that have to hear of it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from ..tenancy.cells import Compiled
from ..tenancy.stored import new_id
from ..tenancy.tables import due
from . import following, history, journal, search
from .actions import draft, series_of
from .context import Context
from .fields import metas
from .listening import Listener, concerned, heard
from .record import Child, Record
from .resource import Resource
from .tables import History, HistoryValue, Number
from .visibility import ME, Shown, clause, known_relations, parameters

R = TypeVar("R", bound=Record)
_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]


class NeedsDatabase(Exception):
    """Code of a record asks for more than is at hand here. ``kind``: children of the record, else anything else."""

    def __init__(self, kind: type[Child] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind


class NoSession:
    """Stands in a context where there is no unit of work. Nothing can be pending in it; everything else it refuses."""

    no_autoflush: AbstractContextManager[None] = nullcontext()

    def __init__(self) -> None:
        self.info: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        raise NeedsDatabase


def suits(resource: Resource[Any], x: Context[Any]) -> bool:
    """Whether a creation can do without a unit of work, as far as the declaration says."""
    return resource.record.scope == "site" and not x.snapshot.custom(resource.kind) and heard(x) is not None


def prepare(
    resource: Resource[R], body: Mapping[str, Any], x: Context[Any], site: UUID
) -> tuple[R, Compiled, dict[str, Any]]:
    """The record, and the statement with its values that numbers and writes it. Answers as ``finish`` takes it.

    :raises NeedsDatabase: it takes a unit of work. :raises Forbidden, Invalid, Conflict: it may not be.
    """
    if not x.gate.may(resource.permission("create"), site):  # only under a relation, which shows when it is written
        raise NeedsDatabase
    record = draft(resource, body, x, site)
    if record.number:
        raise NeedsDatabase
    mark = record.number = uuid4().hex  # stands for the number until the database gives it
    changes = journal.complete(record, x.tenant)
    x.session.info["changed"] = {(record.kind, record.id): changes}
    listeners = heard(x) or ()
    if concerned(listeners, record, x) or following.concerned(x, record):
        raise NeedsDatabase
    personal = frozenset(name for name, (_c, m) in metas(resource.record).items() if m.personal)
    entry = history.compose("create", actor=x.actor, at=x.now, changes=changes, personal=personal)
    scope = x.gate.scope(resource.permission("read"))
    query, processors = _statement(Shown(resource), known_relations(resource, scope), listeners)
    zone = x.snapshot.sites.node(x.snapshot.sites.root).timezone
    given = parameters(resource, x.gate, scope)
    for name, process in processors:
        value = record.__dict__[name]
        given[f"v_{name}"] = process(value) if process is not None and value is not None else value
    given.update(_to_be_found(resource, record, mark))
    given.update(
        series=series_of(resource),
        year=record.created_at.astimezone(ZoneInfo(zone)).year,
        mark=mark,
        entry=new_id(),
        at=x.now,
        actor=x.actor,
        changes=msgspec.json.encode(entry.shown).decode(),
        next=x.session.info.get("due", {}).get((record.kind, record.id)),
        sealed=entry.sealed.decode(),
        paths=[path for path, _text, _salt in entry.aside],
        texts=[text for _path, text, _salt in entry.aside],
        salts=[salt for _path, _text, salt in entry.aside],
    )
    return record, query, given


def _to_be_found(resource: Resource[Any], record: Record, mark: str) -> dict[str, Any]:
    """The row that searching reads; the number's place in its text is marked, its grams are added there."""
    if not search.searched(resource.record):
        return {}
    body = search.body(resource.record, record.__dict__)
    state = getattr(record, resource.state) if resource.state else None
    tok = search.tokens(record.tenant_id, body.replace(mark, ""))
    return {"body": body, "tok": tok, "state": getattr(state, "value", state)}


def finish(resource: Resource[Any], record: Record, rows: Sequence[Mapping[str, Any]]) -> frozenset[str] | None:
    """Take over the number.

    :returns: the relations that hold for whoever created it; None where they may not see it.
    :raises NeedsDatabase: somebody waits to be told, so nothing was written.
    """
    if not rows:
        raise NeedsDatabase
    answer = rows[0]
    record.number = answer["number"]
    return frozenset(n for n in resource.relations if answer[f"is_{n}"]) if answer["shown"] else None


@functools.lru_cache(maxsize=512)
def _statement(
    ref: Shown, relations: tuple[str, ...], listeners: tuple[Listener, ...]
) -> tuple[Compiled, tuple[tuple[str, Any], ...]]:
    """One text for each resource, relations and modules that listen, with what turns values into what the driver takes."""
    resource, kind = ref.resource, ref.resource.record
    tenant, mark = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("mark", type_=sa.Text)
    number = _number(tenant, [one.waits() for one in listeners if one.waits])
    attributes = [(a.key, cast("sa.Column[Any]", a.columns[0])) for a in sa.inspect(kind).column_attrs]
    values = {
        column.name: number.c.number if key == "number" else sa.bindparam(f"v_{key}", type_=column.type)
        for key, column in attributes
    }
    flags = [sa.func.coalesce(rule(ME), False).label(f"is_{name}") for name, rule in resource.relations.items()]
    shown = sa.func.coalesce(clause(resource, relations), False).label("shown")
    table = cast("sa.Table", kind.__table__)
    made = sa.insert(table).from_select([*values], sa.select(*values.values())).returning(shown, *flags).cte("made")
    changes, sealed = (
        sa.func.replace(sa.bindparam(name, type_=sa.Text), mark, number.c.number) for name in ("changes", "sealed")
    )
    seal = sa.func.encode(sa.func.sha256(sa.func.convert_to(sealed, "UTF8")), "hex")
    row = {
        "tenant_id": tenant, "id": sa.bindparam("entry", type_=sa.Uuid), "record_kind": sa.literal(kind.kind),
        "record_id": sa.bindparam("v_id", type_=sa.Uuid), "action": sa.literal("create"),
        "actor_id": sa.bindparam("actor", type_=sa.Uuid), "at": sa.bindparam("at", type_=sa.DateTime(timezone=True)),
        "changes": sa.cast(changes, JSONB), "inputs": sa.cast(sa.literal("{}"), JSONB), "seal": seal,
    }  # fmt: skip
    told = sa.insert(History).from_select([*row], sa.select(*row.values())).returning(History.id).cte("told")
    lists = [sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in ("paths", "texts", "salts")]
    kept = sa.func.unnest(*lists).table_valued("path", "value", "salt", name="kept").render_derived()
    personal = sa.select(tenant, row["id"], kept.c.path, sa.cast(kept.c.value, JSONB), kept.c.salt).where(
        number.c.number.is_not(None)
    )
    names = ["tenant_id", "history_id", "path", "value", "salt"]
    aside = sa.insert(HistoryValue).from_select(names, personal).returning(HistoryValue.path).cte("aside")
    beside = [told, aside]
    if search.searched(kind):
        beside.append(_found(resource, tenant, mark, number))
    if resource.flow is not None and resource.flow.clocks:
        beside.append(_due(kind.kind, tenant, number))
    query = Compiled(sa.select(number.c.number, *made.c).add_cte(*beside))
    processors = [
        (key, column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
        for key, column in attributes
        if key != "number"
    ]
    return query, tuple(processors)


def _due(kind: str, tenant: sa.BindParameter[UUID], number: sa.CTE) -> sa.CTE:
    """When its clocks have to be looked at, if ever."""
    at = sa.bindparam("next", type_=sa.DateTime(timezone=True))
    row: list[sa.ColumnElement[Any]] = [tenant, sa.literal(kind), sa.bindparam("v_id", type_=sa.Uuid), at]
    chosen = sa.select(*row).where(at.is_not(None), number.c.number.is_not(None))
    made = sa.insert(due).from_select(["tenant_id", "kind", "id", "due_at"], chosen)
    return made.returning(due.c.id).cte("awaited")


def _found(
    resource: Resource[Any], tenant: sa.BindParameter[UUID], mark: sa.BindParameter[str], number: sa.CTE
) -> sa.CTE:
    """What searching reads, with the number where the text is marked and with its grams."""
    shown = sa.func.lower(number.c.number)
    tok = sa.bindparam("tok", type_=sa.ARRAY(sa.BigInteger))
    row = {
        "tenant_id": tenant,
        "record_id": sa.bindparam("v_id", type_=sa.Uuid),
        "record_kind": sa.literal(resource.kind),
        "site_id": sa.bindparam("v_site_id", type_=sa.Uuid),
        "status": sa.bindparam("state", type_=sa.Text),
        "body": sa.func.replace(sa.bindparam("body", type_=sa.Text), mark, shown),
        "tok": tok.op("||", return_type=tok.type)(sa.func.core.number_grams(tenant, shown)),
    }
    made = sa.insert(search.TABLE).from_select([*row], sa.select(*row.values()))
    return made.returning(search.TABLE.c.record_id).cte("found")


def _number(tenant: sa.BindParameter[UUID], waits: Sequence[sa.ColumnElement[bool]]) -> sa.CTE:
    """The next number as text; the row lock is held until the transaction ends, so a rollback leaves no gap. There is none,
    and so nothing is written, where somebody waits to be told."""
    table = cast("sa.Table", Number.__table__)
    series, year = sa.bindparam("series", type_=sa.Text), sa.bindparam("year", type_=sa.BigInteger)
    taken = (
        insert(table)
        .from_select(
            ["tenant_id", "series", "year", "last"],
            sa.select(tenant, series, year, sa.literal(1, sa.BigInteger)).where(~sa.or_(sa.false(), *waits)),
        )
        .on_conflict_do_update(index_elements=["tenant_id", "series", "year"], set_={"last": table.c.last + 1})
        .returning(table.c.last)
        .cte("taken")
    )
    last = sa.cast(taken.c.last, sa.Text)
    padded = sa.func.lpad(last, sa.func.greatest(6, sa.func.length(last)), "0")
    return sa.select(sa.func.concat(series, "-", sa.cast(year, sa.Text), "-", padded).label("number")).cte("numbered")


__all__ = ["NeedsDatabase", "NoSession", "finish", "prepare", "suits"]
