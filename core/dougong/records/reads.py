"""Reading is compiled: lists, single records, counts and timelines as SQL that is made once per shape.

A shape is what changes the text of a statement (columns, relations, filters in use, tab, sort); everything else is a
parameter. Nothing here calls a hook or builds a model.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..access.gate import Gate
from ..tenancy.cells import Compiled
from ..tenancy.custom import Added
from ..tenancy.stored import Stored
from . import custom_filters, finding
from . import filters as filtering
from .cursors import decode
from .custom import expression, stored_here
from .fields import metas
from .figures import Condition, ConditionShape, rules_of
from .naming import name_of
from .record import Record
from .resource import Resource
from .search import question
from .tables import History
from .visibility import ME, Shown, clause, known_relations, me, parameters

NEWEST = "-created_at"  # the order of a search that does not say another
_NO_END = 2**31 - 2
COUNTED = 1000  # where somebody sees many records, a count ends here
PASSED = 3000  # so many rows are counted in one pass: about as quick as the counts one by one
TOTAL = "*"  # beside the counts: how many rows were passed over, PASSED + 1 where there are more
ALWAYS = ("id", "row_version", "site_id", "number", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a person asks of a list; all values as they came.

    :param filters: field → values; ``name.from`` and ``name.to`` bound dates and numbers; ``-`` means empty.
    :param sort: field name, ``-`` before it for descending. :param after: cursor of the page before.
    :param site: only this site and what is below it. :param limit: rows, 1 to 100.
    :param columns: the fields to select beside those that are always needed; None: what the list declares.
    :param span: (field, from, until): only rows whose moment or day lies there; until is exclusive.
    :param page: select what a page says beside the values: what clocks remember that stand still, what codes stand for.
    :param flags: select ``is_<relation>`` for each declared relation too.
    :param condition: only the rows behind one figure of a report.
    """

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    after: str = ""
    tab: str = ""
    site: UUID | None = None
    limit: int = 20
    columns: tuple[str, ...] | None = None
    span: tuple[str, Any, Any] | None = None
    flags: bool = False
    page: bool = False
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list ready to run: the statement, its values, the names of its columns, and what a cursor needs."""

    query: Compiled
    given: Mapping[str, Any]
    names: tuple[str, ...]
    sort: str
    limit: int


@dataclass(frozen=True)
class _Shape:
    relations: tuple[str, ...]
    filters: tuple[str, ...]
    search: bool
    tab: str
    sort: str
    after: bool
    rows: int
    columns: tuple[str, ...] | None = None
    span: str = ""
    flags: bool = False
    condition: ConditionShape | None = None
    page: bool = False
    added: tuple[Added, ...] = ()  # the company's own fields, and which of them filter
    added_filters: tuple[str, ...] = ()


def list_names(resource: Resource[Any]) -> tuple[str, ...]:
    """Columns of a list's rows: what is always needed, what is listed, and what title, badges and deadlines show."""
    return _list_names(Shown(resource))


@functools.lru_cache(maxsize=512)
def _list_names(ref: Shown) -> tuple[str, ...]:
    resource = ref.resource
    names = [*ALWAYS, *resource.listed(), str(resource.title), *resource.badges]
    names += [resource.state] if resource.state else []
    names += [name for one in resource.deadlines for name in one.fields]
    return tuple(dict.fromkeys(names))


def column_of(record: type[Record], name: str) -> Any:
    """A field as a list selects it; ``timing.<clock>``: as text what a clock remembers that stands still, else NULL."""
    memory, _dot, clock = name.partition(".")
    if not clock:
        return getattr(record, name)
    found = getattr(record, memory)
    return sa.case((found[(clock, "since")].is_not(None), found[clock].astext)).label(name)


@functools.lru_cache(maxsize=2048)
def _opened(ref: Shown, tab: str, sort: str) -> tuple[str, str]:
    """The tab and the sort that a list opens with. Raises as ``filters`` does; what is refused is not kept."""
    query = ListQuery(tab=tab, sort=sort)
    return filtering.tab_of(ref.resource, query).name, filtering.sort_of(ref.resource, query)


def listing(resource: Resource[Any], gate: Gate, query: ListQuery, settings: Any = None) -> Listing:
    """Compile (or find) the list that this person asks for.

    :raises BadRequest: unknown tab, sort or cursor. :raises Invalid: a filter's value is not possible.
    """
    shape, given = _asked(resource, gate, query, settings)
    ref = Shown(resource)
    names = selected(ref, query.columns, shape.sort, shape.added)
    return Listing(_compile_list(resource.kind, ref, shape), given, names, shape.sort, query.limit)


def all_rows(
    resource: Resource[Any], gate: Gate, query: ListQuery, names: tuple[str, ...], settings: Any = None
) -> tuple[sa.Select[*tuple[Any, ...]], dict[str, Any]]:
    """Every row of a list, for a stream: the statement and its values. Raises as ``listing`` does.

    :param names: the fields wanted; what is always needed and ``is_<relation>`` of each relation come too.
    """
    asked = replace(query, columns=names, flags=True, limit=_NO_END, after="")
    shape, given = _asked(resource, gate, asked, settings)
    return _select_list(Shown(resource), shape), given


def _asked(resource: Resource[Any], gate: Gate, query: ListQuery, settings: Any) -> tuple[_Shape, dict[str, Any]]:
    scope = gate.scope(resource.permission("read"))
    tab, sort = _opened(Shown(resource), query.tab, query.sort or (NEWEST if query.search else ""))
    if query.span:  # so few that they need no index to be in order
        sort = query.span[0]
    words = question(query.search) if query.search else None
    filters, values, theirs = _filters(resource, gate, query, settings) if query.filters else ((), {}, ())
    shape = _Shape(
        known_relations(resource, scope),
        filters,
        words is not None,
        tab,
        sort,
        bool(query.after),
        query.limit + 1,
        query.columns,
        query.span[0] if query.span else "",
        query.flags,
        query.condition.shape if query.condition else None,
        query.page,
        gate.snapshot.custom(resource.kind),
        theirs,
    )
    chosen = gate.snapshot.sites.subtree(query.site) if query.site else None
    given = {**parameters(resource, gate, scope, site=chosen), **values}
    if words is not None:
        given.update(finding.parameters(words, resource, given, bool(shape.relations)))
    if query.after:
        given["after"], given["after_id"] = decode(resource, sort, query.after)
    if query.span:
        given["span_from"], given["span_until"] = query.span[1:]
    if query.condition:
        given.update(query.condition.given)
    return shape, given


def _filters(
    resource: Resource[Any], gate: Gate, query: ListQuery, settings: Any
) -> tuple[tuple[str, ...], dict[str, Any], tuple[str, ...]]:
    """Filters in use by declared fields, the values of all, and filters by the company's own fields."""
    own, theirs = custom_filters.apart(query.filters)
    names, values = filtering.parse(resource, own, settings)
    if not theirs:
        return names, values, ()
    added, more = custom_filters.parse(gate.snapshot.custom(resource.kind), theirs)
    return names, {**values, **more}, added


def selected(
    ref: Shown, columns: tuple[str, ...] | None, sort: str, added: tuple[Added, ...] = ()
) -> tuple[str, ...]:
    """The columns of a list's statement; the cursor needs the one that it is sorted by."""
    if columns is None:
        ours = (one.name for one in stored_here(added) if one.listed and not one.personal)
        return tuple(dict.fromkeys((*_list_names(ref), *ours, sort.lstrip("-"))))
    return tuple(dict.fromkeys((*ALWAYS, *columns, sort.lstrip("-"))))


@functools.lru_cache(maxsize=2048)
def _compile_list(kind: str, ref: Shown, shape: _Shape) -> Compiled:
    return Compiled(_select_list(ref, shape))


def _select_list(ref: Shown, shape: _Shape) -> sa.Select[*tuple[Any, ...]]:
    resource, record = ref.resource, ref.resource.record
    rules = [clause(resource, shape.relations), *filtering.clauses(resource, shape.filters)]
    rules += custom_filters.clauses(record, shape.added, shape.added_filters)
    tab = filtering.tab_named(resource, shape.tab)
    if tab is not None and tab.where is not None:
        rules.append(tab.where(ME))
    after: list[sa.ColumnElement[bool]] = []
    descending = shape.sort.startswith("-")
    key = filtering.sort_key(resource, shape.sort.lstrip("-"))
    if shape.after:
        here = sa.tuple_(key, record.id)
        there = sa.tuple_(sa.bindparam("after", type_=key.type), sa.bindparam("after_id", type_=sa.Uuid))
        after.append(here < there if descending else here > there)
    order = (key.desc(), record.id.desc()) if descending else (key.asc(), record.id.asc())
    if shape.span:
        column = getattr(record, shape.span)
        rules.append(column >= sa.bindparam("span_from", type_=column.type))
        rules.append(column < sa.bindparam("span_until", type_=column.type))
    if shape.condition:
        rules += rules_of(shape.condition, resource, shape.relations)
    ours = {one.name: one for one in stored_here(shape.added)}
    wanted = selected(ref, shape.columns, shape.sort, shape.added)
    columns = [expression(record, ours[name]) if name in ours else column_of(record, name) for name in wanted]
    if shape.flags:
        columns += [
            sa.func.coalesce(rule(ME), False).label(f"is_{n}") for n, rule in sorted(resource.relations.items())
        ]
    if shape.page and shape.columns is None:
        columns += [column_of(record, one.held) for one in resource.deadlines if one.held]
    if shape.page:
        columns += [found for name in wanted if (found := name_of(record, name)) is not None]
    # In the text and no parameter: the planner has to see how few they are.
    rows = sa.bindparam("rows", shape.rows, sa.Integer, literal_execute=True)
    if shape.search:
        newest = shape.sort == NEWEST
        return finding.statement(resource, columns, rules, after, key, rows, down=descending, newest=newest)
    return sa.select(*columns).where(*rules, *after).order_by(*order).limit(rows)


def one(resource: Resource[Any], gate: Gate, id: UUID) -> tuple[Compiled, dict[str, Any], tuple[str, ...]]:
    """One record as this person may see it: all fields, then ``is_<relation>`` for each declared relation."""
    scope = gate.scope(resource.permission("read"))
    query, names = _compile_one(Shown(resource), known_relations(resource, scope))
    return query, {**parameters(resource, gate, scope), "id": id}, names


@functools.lru_cache(maxsize=512)
def _compile_one(ref: Shown, relations: tuple[str, ...]) -> tuple[Compiled, tuple[str, ...]]:
    resource, record = ref.resource, ref.resource.record
    names = tuple(dict.fromkeys([*ALWAYS, *metas(record)]))
    flags = {f"is_{name}": rule(ME) for name, rule in sorted(resource.relations.items())}
    columns = [getattr(record, n) for n in names] + [
        sa.func.coalesce(rule, False).label(n) for n, rule in flags.items()
    ]
    statement = sa.select(*columns).where(clause(resource, relations), record.id == sa.bindparam("id", type_=sa.Uuid))
    return Compiled(statement), (*names, *flags)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each counted tab has, and each state within a tab (``state.<value>``): one row of one statement, by name.

    The statement has ``TOTAL`` beside them.

    :ivar each: the tabs one by one, each up to ``COUNTED``; to be asked where there are more rows than the statement passes
        over. States are not in it: one that a tab leaves out would be looked for among all rows there are.
    """

    query: Compiled
    each: Compiled
    given: Mapping[str, Any]


def counts(resource: Resource[Any], gate: Gate, site: UUID | None = None, *, states: str | None = None) -> Counts:
    """What counts the rows that this person may see.

    :param states: name of a tab: count the rows of each state within it too.
    """
    scope = gate.scope(resource.permission("read"))
    chosen = gate.snapshot.sites.subtree(site) if site else None
    compiled = _compile_counts(Shown(resource), known_relations(resource, scope), states)
    return Counts(*compiled, parameters(resource, gate, scope, site=chosen))


@functools.lru_cache(maxsize=512)
def _compile_counts(
    ref: Shown, relations: tuple[str, ...], states: str | None = None
) -> tuple[Compiled, Compiled]:
    """All in one pass over as many rows as may be; and each count by itself, by an index, which stops at its end."""
    resource, seen = ref.resource, clause(ref.resource, relations)
    rules: dict[str, sa.ColumnElement[bool]] = {
        t.name: t.where(ME) if t.where else sa.true() for t in resource.tabs if t.counted
    } or {"all": sa.true()}
    tabs = [*rules]
    if states is not None and resource.state:
        rules |= _state_rules(resource, states)
    numbers = (1, PASSED + 1, COUNTED)  # in the text, so that every plan knows them
    row, passed, counted = (sa.bindparam(None, n, sa.Integer, unique=True, literal_execute=True) for n in numbers)
    wanted = [rule.label(f"is_{n}") for n, rule in enumerate(rules.values())]
    few = sa.select(*wanted).select_from(resource.record).where(seen).limit(passed).subquery("few")
    total = sa.func.count().label(TOTAL)
    once = sa.select(*[sa.func.count().filter(few.c[f"is_{n}"]).label(name) for n, name in enumerate(rules)], total)
    each = []
    for name in tabs:
        some = sa.select(row).select_from(resource.record).where(seen, rules[name]).limit(counted).subquery()
        each.append(sa.select(sa.func.count()).select_from(some).scalar_subquery().label(name))
    return Compiled(once), Compiled(sa.select(*each), by_values=True)


def _state_rules(resource: Resource[Any], tab: str) -> dict[str, sa.ColumnElement[bool]]:
    """A rule for each state within a tab, by ``state.<value>``."""
    column = getattr(resource.record, str(resource.state))
    within = filtering.tab_named(resource, tab)
    also = [within.where(ME)] if within and within.where else []
    return {f"state.{one.value}": sa.and_(column == one, *also) for one in column.type.choice}


def timeline(resource: Resource[Any]) -> list[tuple[type[Stored], Compiled, tuple[str, ...]]]:
    """Statements for a record's history and each kind of entry, by parameters ``tenant`` and ``id``.

    They judge nothing: run them in the transaction that showed that the person may see the record.
    """
    return _compile_timeline(Shown(resource))


@functools.lru_cache(maxsize=512)
def _compile_timeline(ref: Shown) -> list[tuple[type[Stored], Compiled, tuple[str, ...]]]:
    resource = ref.resource
    tenant, id = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid)
    wanted = ("id", "action", "actor_id", "at", "changes", "inputs")
    history = (
        sa.select(*[getattr(History, n) for n in wanted])
        .where(History.tenant_id == tenant, History.record_kind == resource.kind, History.record_id == id)
        .order_by(History.id.desc())
        .limit(500)
    )
    out: list[tuple[type[Stored], Compiled, tuple[str, ...]]] = [(History, Compiled(history), wanted)]
    for child in resource.timeline:
        names = ("id", *metas(child))
        rows = (
            sa.select(*[getattr(child, n) for n in names])
            .where(child.tenant_id == tenant, child.parent_id == id)
            .order_by(child.at.desc(), child.id.desc())
            .limit(500)
        )
        out.append((child, Compiled(rows), names))
    return out


__all__ = [
    "COUNTED", "PASSED", "TOTAL", "Counts", "ListQuery", "Listing", "column_of", "counts", "list_names", "listing", "me", "one",
    "timeline",
]  # fmt: skip
