"""The figures of a report as SQL, compiled once per shape, and the same rules as a condition for the record's list.

Owns the statements and the sums of their rows. Rows are those of ``visibility.clause``, so that a figure counts what its
reader's list would hold, and nothing else. Draws nothing and labels nothing.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..access.gate import Gate
from ..errors import BadRequest
from ..tenancy.cells import Compiled
from ..tenancy.tables import Location, Site
from ..words import translator
from . import filters as filtering
from .context import Context
from .custom import expression
from .reporting import SUMMED, Grouping, Measure, Reader, Report
from .resource import Resource
from .visibility import Shown, clause, known_relations, parameters

_ = translator("dougong")

LEVELS = 5  # building, unit, floor, room, point: as deep as places are followed upwards
EMPTY = filtering.EMPTY


@dataclass(frozen=True)
class Question:
    """What is asked of a report.

    :param start, end: the period, aware; ``end`` is exclusive. :param by: name of a grouping; None: one figure for all.
    :param site: only this site and what is below it. :param filters: field → values, as a list takes them.
    :param zone: name of the time zone in which days, weeks and months begin.
    """

    report: Report
    start: dt.datetime
    end: dt.datetime
    by: str | None = None
    site: UUID | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str = "UTC"

    @property
    def grouping(self) -> Grouping | None:
        return self.report.grouping(self.by) if self.by else None


@dataclass(frozen=True)
class Prepared:
    """A question as a statement with its values; ``homes`` counts the households, where a measure needs them."""

    query: Compiled
    statement: sa.Select[*tuple[Any, ...]]
    given: Mapping[str, Any]
    homes: tuple[Compiled, sa.Select[*tuple[Any, ...]]] | None = None


@dataclass(slots=True)
class Part:
    """What one measure adds up to: rows behind the figure, rows they are a share of, the sum of their values."""

    rows: int = 0
    among: int = 0
    sum: float = 0

    def add(self, other: Part) -> None:
        self.rows, self.among, self.sum = self.rows + other.rows, self.among + other.among, self.sum + other.sum

    def value(self, measure: Measure, households: int | None = None) -> float | None:
        """The figure; None where there is nothing to divide by."""
        match measure.kind:
            case "count":
                return self.rows
            case "percent":
                return self.rows * 100 / self.among if self.among else None
            case "sum" | "money":
                return self.sum
            case "per_thousand":
                return self.rows * 1000 / households if households else None
        return self.sum / self.rows if self.rows else None


Parts = dict[str, Part]
ConditionShape = tuple[Report, Measure, Grouping | None, bool]


def prepare(resource: Resource[Any], gate: Gate, question: Question, settings: Any) -> Prepared:
    """Compile (or find) what is asked. :raises BadRequest, Invalid: a filter that is none, or a value it cannot have."""
    report, scope = question.report, gate.scope(resource.permission("read"))
    chosen = gate.snapshot.sites.subtree(question.site) if question.site else None
    names, values = filtering.parse(resource, question.filters, settings) if question.filters else ((), {})
    relations = known_relations(resource, scope)
    query, statement = _statement(Shown(resource), report, question.by, relations, names)
    given = {**parameters(resource, gate, scope, site=chosen), **values}
    given.update(report_from=question.start, report_until=question.end, report_zone=question.zone)
    if report.standing:
        given.update(me_now=min(question.end, gate.at))
    # Related rows are a part of a site's, of which nobody can say how many households they stand for.
    counting = _homes() if any(m.kind == "per_thousand" for m in report.measures) and not relations else None
    return Prepared(query, statement, given, counting)


@functools.lru_cache(maxsize=1024)
def _statement(
    ref: Shown, report: Report, by: str | None, relations: tuple[str, ...], filters: tuple[str, ...]
) -> tuple[Compiled, sa.Select[*tuple[Any, ...]]]:
    resource, record, me = ref.resource, ref.resource.record, Reader(ref.resource, relations)
    grouping = report.grouping(by) if by else None
    moment = getattr(record, report.moment)
    aware = sa.DateTime(timezone=True)
    key = key_of(report, grouping) if grouping else sa.cast(sa.null(), sa.Text)
    columns = [key.label("k")]
    for measure in report.measures:
        rules = [*measure.counted(me), *([housed(record)] if measure.kind == "per_thousand" else [])]
        columns.append(_all(rules).label(f"r_{measure.name}"))
        if measure.kind == "percent":
            columns.append(_all([measure.of(me)] if measure.of else []).label(f"b_{measure.name}"))
        if measure.value is not None:
            columns.append(sa.case((_all(rules), measure.value(me)), else_=None).label(f"v_{measure.name}"))
    rows = (
        sa.select(*columns)
        .select_from(record)
        .where(
            clause(resource, relations),
            *(() if report.standing else (moment >= sa.bindparam("report_from", type_=aware),)),
            moment < sa.bindparam("report_until", type_=aware),
            *filtering.clauses(resource, filters),
        )
        .subquery("counted")
    )
    sums: list[sa.ColumnElement[Any]] = [rows.c.k]
    for measure in report.measures:
        name = measure.name
        sums.append(sa.func.count().filter(rows.c[f"r_{name}"]).label(f"r_{name}"))
        if measure.kind == "percent":
            sums.append(sa.func.count().filter(rows.c[f"b_{name}"]).label(f"b_{name}"))
        if measure.kind in SUMMED:
            sums.append(sa.cast(sa.func.coalesce(sa.func.sum(rows.c[f"v_{name}"]), 0), sa.Double).label(f"v_{name}"))
    statement = sa.select(*sums).select_from(rows).group_by(rows.c.k)
    return Compiled(statement), statement


def _all(rules: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """All of the rules, where not known means no."""
    several = list(rules)
    return sa.func.coalesce(sa.and_(*several), sa.false()) if several else sa.true()


def key_of(report: Report, grouping: Grouping) -> sa.ColumnElement[Any]:
    """What rows are grouped by, as text. An area is made of the sites' keys, by whoever knows the tree."""
    record = report.record
    match grouping.kind:
        case "time":
            local = sa.func.timezone(sa.bindparam("report_zone", type_=sa.Text), getattr(record, report.moment))
            start = sa.func.date_trunc(sa.literal(grouping.name, sa.Text()), local)
            return sa.func.to_char(start, sa.literal("YYYY-MM-DD", sa.Text()))
        case "site" | "area":
            return sa.cast(record.site_id, sa.Text)
        case "building":
            return sa.cast(_building(record, str(grouping.place)), sa.Text)
    if grouping.added is not None:
        return sa.cast(expression(record, grouping.added).element, sa.Text)
    column = getattr(record, grouping.name)
    text = isinstance(column.type, sa.Boolean | sa.Uuid)
    return sa.cast(column, sa.Text) if text else sa.type_coerce(column, sa.Text())


def _building(record: Any, place: str) -> sa.ColumnElement[Any]:
    """The building that a place lies in, else the place itself."""
    chain = [sa.alias(Location.__table__) for _level in range(LEVELS)]
    joined: Any = chain[0]
    for below, above in itertools.pairwise(chain):
        joined = joined.outerjoin(
            above, sa.and_(above.c.tenant_id == below.c.tenant_id, above.c.id == below.c.parent_id)
        )
    found = sa.case(*[(one.c.type == "building", one.c.id) for one in chain], else_=chain[0].c.id)
    mine = (chain[0].c.tenant_id == record.tenant_id, chain[0].c.id == getattr(record, place))
    return sa.select(found).select_from(joined).where(*mine).correlate(record).scalar_subquery()


# ---- households -------------------------------------------------------------------------------------


def _households(site: Any) -> sa.ColumnElement[Any]:
    """A site's households: counted at its places (once, at the highest that says a number), else its own number."""
    place, *above = [sa.alias(Location.__table__) for _level in range(LEVELS)]
    joined: Any = place
    for below, one in itertools.pairwise([place, *above]):
        joined = joined.outerjoin(one, sa.and_(one.c.tenant_id == below.c.tenant_id, one.c.id == below.c.parent_id))
    rules = [place.c.tenant_id == site.c.tenant_id, place.c.site_id == site.c.id]
    rules += [one.c.households.is_(None) for one in above]
    counted = sa.select(sa.func.sum(place.c.households)).select_from(joined).where(*rules)
    return sa.func.coalesce(counted.correlate(site).scalar_subquery(), site.c.households)


def housed(record: Any) -> sa.ColumnElement[bool]:
    """Rows of sites whose households are known."""
    site = sa.alias(Site.__table__)
    mine = (site.c.tenant_id == record.tenant_id, site.c.id == record.site_id)
    return sa.exists(sa.select(1).select_from(site).where(*mine, _households(site) > 0).correlate(record))


@functools.lru_cache(maxsize=1)
def _homes() -> tuple[Compiled, sa.Select[*tuple[Any, ...]]]:
    site = sa.alias(Site.__table__)
    sites = sa.bindparam("sites", type_=sa.ARRAY(sa.Uuid))
    tenant = site.c.tenant_id == sa.bindparam("tenant", type_=sa.Uuid)
    number = sa.cast(_households(site), sa.BigInteger).label("n")
    statement = sa.select(site.c.id, number).where(tenant, site.c.id == sa.any_(sites))
    return Compiled(statement), statement


def households(x: Context[Any], sites: Sequence[UUID]) -> dict[UUID, int]:
    """How many households each site has, of those that say so; the caller answers for who may know."""
    _compiled, statement = _homes()
    rows = x.session.execute(statement, {"sites": list(sites), "tenant": x.tenant})
    return {site: number for site, number in rows if number is not None}


# ---- sums ----------------------------------------------------------------------------------------------


def parts(report: Report, rows: Iterable[Mapping[str, Any]]) -> dict[str | None, Parts]:
    """The rows of the statement, by key."""
    return {row["k"]: {one.name: _part(one, row) for one in report.measures} for row in rows}


def _part(measure: Measure, row: Mapping[str, Any]) -> Part:
    name = measure.name
    among = row[f"b_{name}"] if measure.kind == "percent" else 0
    return Part(row[f"r_{name}"], among, row[f"v_{name}"] if measure.kind in SUMMED else 0)


def summed(report: Report, several: Iterable[Parts]) -> Parts:
    """All of them together: every part is a sum, so that shares and averages come out right."""
    total = {one.name: Part() for one in report.measures}
    for found in several:
        for name, part in found.items():
            total[name].add(part)
    return total


# ---- the same as a condition for the list --------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """The rows behind one figure, for the record's list: ``?report=<module>.<name>:<measure>[:<grouping>:<key>]``.

    :param key: of the group; None: rows without a value. :param zone: in which its times begin.
    """

    report: Report
    measure: Measure
    grouping: Grouping | None = None
    key: str | None = None
    zone: str = "UTC"

    @property
    def shape(self) -> ConditionShape:
        """What changes the text of a statement."""
        return (self.report, self.measure, self.grouping, self.key is None)

    @property
    def given(self) -> dict[str, Any]:
        return {"report_key": self.key, "report_zone": self.zone}


def rules_of(
    shape: ConditionShape, resource: Resource[Any], relations: tuple[str, ...]
) -> list[sa.ColumnElement[bool]]:
    """The rules of a condition's shape, with the parameters that its ``given`` has."""
    report, measure, grouping, empty = shape
    rules = measure.counted(Reader(resource, relations))
    if measure.kind == "per_thousand":
        rules.append(housed(report.record))
    if grouping is not None:
        key = key_of(report, grouping)
        rules.append(key.is_(None) if empty else key == sa.bindparam("report_key", type_=sa.Text))
    return rules


def condition(text: str, reports: Iterable[tuple[str, Report]], resource: Resource[Any], zone: str) -> Condition:
    """A condition from an address. :raises BadRequest: there is no such report, measure or grouping over this list."""
    name, *more = text.split(":", 3)
    report = next((r for module, r in reports if f"{module}.{r.name}" == name and r.record is resource.record), None)
    measure = report.measure(more[0]) if report and more else None
    grouping = report.grouping(more[1]) if report and len(more) == 3 else None
    if report is None or measure is None or len(more) == 2 or (len(more) == 3 and grouping is None):
        raise BadRequest(_("There is no figure “{name}” of this list.").format(name=text[:100]))
    if grouping is not None and grouping.kind == "area":
        raise BadRequest(_("There is no figure “{name}” of this list.").format(name=text[:100]))
    key = more[2] if grouping is not None and more[2] != EMPTY else None
    return Condition(report, measure, grouping, key, zone)


__all__ = [
    "Condition", "ConditionShape", "Part", "Parts", "Prepared", "Question", "condition", "parts", "prepare", "rules_of",
    "summed",
]  # fmt: skip
