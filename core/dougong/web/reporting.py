"""Figures of reports for one person: asked in one round, with labelled groups and the list behind each of them.

Joins ``records.figures`` (what is counted) with the tree of sites, the vocabularies and the addresses of lists. The
plugin ``reports`` decides what is asked and how it is drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ..records import figures as counting
from ..records.context import Context
from ..records.figures import EMPTY, Parts, Prepared, Question, summed
from ..records.reporting import Grouping, Measure, Report, widened
from ..records.resource import Resource
from ..tenancy.cells import Compiled
from ..tenancy.tables import Location
from ..words import translator
from .cells_out import Speaker
from .plans import Plan, plan_of
from .requests import read_all

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .requests import Asked

_ = translator("dougong")

UNKNOWN = _("Not stated")
_PLACES = sa.select(Location.id, Location.name, Location.site_id).where(
    Location.tenant_id == sa.bindparam("tenant", type_=sa.Uuid),
    Location.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))),
)
_PLACES_READ = Compiled(_PLACES)


@dataclass(slots=True)
class FigureGroup:
    """One line of a report's table. :ivar key: as it stands in addresses; None: rows without a value.

    :ivar sites: of a site or area: the sites that it is made of.
    """

    key: str | None
    label: str
    parts: Parts
    households: int | None = None
    sites: frozenset[UUID] = frozenset()


@dataclass
class Figures:
    """The answer to a question.

    :ivar groups: the largest first; times in their order, without gaps. :ivar total: all of them together.
    """

    question: Question
    plan: Plan
    gate: Gate
    groups: list[FigureGroup] = field(default_factory=list)
    total: FigureGroup = field(default_factory=lambda: FigureGroup(None, "", {}))

    def value(self, measure: Measure, group: FigureGroup | None = None) -> float | None:
        """One figure; None where there is nothing to divide by."""
        found = group or self.total
        return found.parts[measure.name].value(measure, found.households)

    def rows(self, measure: Measure, group: FigureGroup | None = None) -> int:
        """How many records stand behind a figure."""
        return (group or self.total).parts[measure.name].rows

    def link(self, measure: Measure, group: FigureGroup | None = None) -> str:
        """The list that holds exactly the records behind a figure."""
        return f"{self.plan.path}?{urlencode(self._pairs(measure, group))}"

    def choices(self, name: str) -> tuple[str, list[tuple[str, str]]]:
        """A filter's label and what can be chosen: (value, words)."""
        shape = self.plan.fields[name]
        if shape.choice is not None:
            return str(shape.label), [(one.value, str(one.label)) for one in shape.choice]
        if shape.kind == "bool":
            return str(shape.label), [("true", str(_("Yes"))), ("false", str(_("No")))]
        speaker = Speaker(self.gate.snapshot, self.plan.module, self.gate.at)
        return str(shape.label), list(speaker.words(shape.meta.vocabulary or "").items())

    def _pairs(self, measure: Measure, group: FigureGroup | None) -> list[tuple[str, str]]:
        asked, report = self.question, self.question.report
        sites, zone = self.gate.snapshot.sites, ZoneInfo(self.question.zone)
        site = sites.node(asked.site).slug if asked.site else None
        pairs, condition = [("tab", "all")], f"{self.plan.module}.{report.name}:{measure.name}"
        start, end = asked.start, asked.end
        plain = measure.where is measure.of is measure.value is None and measure.kind != "per_thousand"
        grouping = asked.grouping if group is not None else None
        if group is not None and grouping is not None:
            match grouping.kind:
                case "time":
                    day = dt.date.fromisoformat(str(group.key))
                    start = max(start, _midnight(day, zone))
                    end = min(end, _midnight(following(grouping.name, day), zone))
                case "site" | "area":
                    chosen, more = self._at(group)
                    site, pairs = chosen or site, pairs + more
                case "field" if self._filters(grouping, group.key):
                    pairs.append((grouping.name, EMPTY if group.key is None else group.key))
                case _:
                    condition, plain = f"{condition}:{grouping.name}:{EMPTY if group.key is None else group.key}", False
        taken = {name for name, _value in pairs}
        pairs += [(name, value) for name, values in asked.filters.items() if name not in taken for value in values]
        pairs += self._span(start, end, site)
        if site:
            pairs.append(("site", site))
        return pairs if plain else [*pairs, ("report", condition)]

    def _at(self, group: FigureGroup) -> tuple[str | None, list[tuple[str, str]]]:
        """A group of sites as the list's site, where it is a whole subtree of this person's, else as a filter."""
        sites, id = self.gate.snapshot.sites, UUID(str(group.key))
        scope = self.gate.scope(self.plan.resource.permission("read"))
        mine = id in scope.free or any(id in several for _name, several in scope.related)
        if mine and group.sites == sites.subtree(id):
            return sites.node(id).slug, []
        return None, [("site_id", str(one)) for one in sorted(group.sites)]

    def _filters(self, grouping: Grouping, key: str | None) -> bool:
        """Whether the list's own filter takes this value; one that was struck from the settings it does not."""
        shape = self.plan.fields[grouping.name]
        if not shape.meta.filtered or (key is not None and shape.literals and key not in shape.literals):
            return False
        if key is None or shape.kind != "vocabulary":
            return key is None or shape.kind in ("choice", "state", "person", "bool")
        speaker = Speaker(self.gate.snapshot, self.plan.module, self.gate.at)
        return key in speaker.words(shape.meta.vocabulary or "")

    def _span(self, start: dt.datetime, end: dt.datetime, site: str | None) -> list[tuple[str, str]]:
        """The period as the list's filter: in days where the list's zone is the report's, else to the moment."""
        sites, zone, name = self.gate.snapshot.sites, ZoneInfo(self.question.zone), self.question.report.moment
        place = sites.by_slug[site].id if site else sites.root
        first, last = start.astimezone(zone), end.astimezone(zone)
        if self.question.report.standing:  # all that began before its end
            first = dt.datetime(1900, 1, 1, tzinfo=zone)
            start = first
        whole = first.time() == dt.time() and last.time() == dt.time()
        if whole and sites.node(place).timezone == self.question.zone:
            until = (last - dt.timedelta(days=1)).date().isoformat()
            return [(f"{name}.from", first.date().isoformat()), (f"{name}.to", until)]
        return [(f"{name}.from", start.isoformat()), (f"{name}.to", end.isoformat())]


def following(unit: str, day: dt.date) -> dt.date:
    """The first day of the next day, week or month."""
    if unit == "month":
        return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return day + dt.timedelta(days=7 if unit == "week" else 1)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone)


# ---- asking ---------------------------------------------------------------------------------------


def reports_of(gate: Gate, registry: Any) -> list[tuple[str, Report]]:
    """The reports of the enabled modules of which this person may read anything, with their modules' names."""
    found = registry.contributed(Report, gate.snapshot.modules)
    readable = [(m, r) for m, r in found if r.record.kind in registry.resources]
    mine = [(m, r) for m, r in readable if gate.scope(registry.resources[r.record.kind].permission("read"))]
    return [(m, widened(r, gate.snapshot.custom(r.record.kind))) for m, r in mine]


async def figures(asked: Asked, questions: Sequence[Question]) -> list[Figures]:
    """The figures that this person may see, each question with one statement, all in one transaction.

    :raises BadRequest, Invalid: a filter that is none, or a value that it cannot have.
    """
    resources = [_resource(asked.app.registry, one) for one in questions]
    prepared = [
        counting.prepare(r, asked.gate, q, _settings(asked.snapshot, r))
        for r, q in zip(resources, questions, strict=True)
    ]
    queries = [(one.query, one.given) for one in prepared]
    queries += [(one.homes[0], one.given) for one in prepared if one.homes]
    found: list[Any] = await read_all(asked, queries)
    answers = _answers(asked.gate, resources, questions, prepared, found)
    named = [one for one in answers if one.question.grouping and one.question.grouping.kind == "building"]
    if named:
        given = {"tenant": asked.snapshot.tenant, "ids": _ids(named)}
        _name(named, (await read_all(asked, [(_PLACES_READ, given)]))[0])
    return answers


def figures_within(x: Context[Any], questions: Sequence[Question]) -> list[Figures]:
    """The same within a unit of work, for the start page and for jobs."""
    resources = [_resource(x.registry, one) for one in questions]
    prepared = [
        counting.prepare(r, x.gate, q, _settings(x.snapshot, r)) for r, q in zip(resources, questions, strict=True)
    ]

    def ask(statement: sa.Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> Any:
        return x.session.execute(statement, given).mappings().all()

    found = [ask(one.statement, one.given) for one in prepared]
    found += [ask(one.homes[1], one.given) for one in prepared if one.homes]
    answers = _answers(x.gate, resources, questions, prepared, found)
    named = [one for one in answers if one.question.grouping and one.question.grouping.kind == "building"]
    if named:
        _name(named, ask(_PLACES, {"tenant": x.tenant, "ids": _ids(named)}))
    return answers


def _resource(registry: Any, question: Question) -> Resource[Any]:
    found: Resource[Any] = registry.resources[question.report.record.kind]
    return found


def _settings(snapshot: Any, resource: Resource[Any]) -> Any:
    return snapshot.settings(resource.module) if resource.settings else None


def _answers(
    gate: Gate,
    resources: Sequence[Resource[Any]],
    questions: Sequence[Question],
    prepared: Sequence[Prepared],
    found: Sequence[Iterable[Mapping[str, Any]]],
) -> list[Figures]:
    counted = iter(found[len(questions) :])
    made = []
    for resource, question, one, rows in zip(resources, questions, prepared, found, strict=False):
        homes = {row["id"]: int(row["n"]) for row in next(counted) if row["n"]} if one.homes else {}
        plan = plan_of(resource, gate.snapshot.custom(resource.kind))
        made.append(_answer(gate, plan, question, counting.parts(question.report, rows), homes))
    return made


def _answer(
    gate: Gate, plan: Plan, question: Question, found: dict[str | None, Parts], homes: Mapping[UUID, int]
) -> Figures:
    answer, report = Figures(question, plan, gate), question.report
    everybody = sum(homes.values()) or None
    answer.total = FigureGroup(None, "", summed(report, found.values()), everybody)
    grouping = question.grouping
    if grouping is None:
        return answer
    if grouping.kind in ("site", "area"):
        answer.groups = _by_sites(gate, grouping, report, found, homes)
    elif grouping.kind == "time":
        answer.groups = _by_times(question, grouping, found, everybody)
    else:
        say = _labels(gate, plan, grouping)
        answer.groups = [FigureGroup(key, say(key), parts, everybody) for key, parts in found.items()]
    if grouping.kind != "time":
        first = report.measures[0]
        answer.groups.sort(
            key=lambda g: (g.key is None, -(g.parts[first.name].value(first, g.households) or 0), g.label)
        )
    return answer


def _labels(gate: Gate, plan: Plan, grouping: Grouping) -> Callable[[str | None], str]:
    if grouping.kind == "building":  # named when they are known
        return lambda key: str(UNKNOWN) if key is None else key
    speaker, shape = Speaker(gate.snapshot, plan.module, gate.at), plan.fields[grouping.name]
    zone = speaker.zone(None)

    def say(key: str | None) -> str:
        if key is None or key == "":
            return str(UNKNOWN)
        raw: Any = UUID(key) if shape.kind in ("person", "site") else key == "true" if shape.kind == "bool" else key
        return speaker.text(shape, raw, zone)

    return say


def _by_sites(
    gate: Gate, grouping: Grouping, report: Report, found: dict[str | None, Parts], homes: Mapping[UUID, int]
) -> list[FigureGroup]:
    tree, members = gate.snapshot.sites, dict[UUID, set[UUID]]()
    wanted = {UUID(key) for key in found if key} | set(homes)
    for node in tree.ordered():
        line = tree.ancestors(node.id)  # the site itself first, the company last
        area = line[-2] if grouping.kind == "area" and len(line) > 1 else node.id
        members.setdefault(area, set()).add(node.id)
    made = []
    for id, sites in members.items():
        if sites & wanted:
            parts = summed(report, [found[str(s)] for s in sites if str(s) in found])
            known = sum(homes.get(s, 0) for s in sites) or None
            made.append(FigureGroup(str(id), tree.node(id).name, parts, known, frozenset(sites)))
    return made


def _by_times(
    question: Question, grouping: Grouping, found: dict[str | None, Parts], everybody: int | None
) -> list[FigureGroup]:
    """Every day, week or month of the period, those without rows too."""
    zone, made = ZoneInfo(question.zone), []
    day = question.start.astimezone(zone).date()
    day = day.replace(day=1) if grouping.name == "month" else day
    day -= dt.timedelta(days=day.weekday() if grouping.name == "week" else 0)
    while _midnight(day, zone) < question.end:
        parts = found.get(day.isoformat()) or summed(question.report, [])
        made.append(FigureGroup(day.isoformat(), day.isoformat(), parts, everybody))
        day = following(grouping.name, day)
    return made


def _ids(answers: Iterable[Figures]) -> list[UUID]:
    return list({UUID(g.key) for one in answers for g in one.groups if g.key})


def _name(answers: Iterable[Figures], places: Iterable[Mapping[str, Any]]) -> None:
    """Buildings by their names, with the site's where the groups are of several."""
    known = {str(row["id"]): row for row in places}
    for answer in answers:
        sites, several = answer.gate.snapshot.sites, len({row["site_id"] for row in known.values()}) > 1
        for group in answer.groups:
            row = known.get(group.key or "")
            if row is not None:
                node = sites.get(row["site_id"])
                group.label = f"{row['name']} · {node.name}" if several and node else row["name"]


__all__ = ["FigureGroup", "Figures", "figures", "figures_within", "following", "reports_of"]
