"""What a module reports of its records: measures, groupings, the moment that a period selects by.

Owns the declaration and its checks. ``figures`` makes SQL of it under the same visibility as lists; the plugin
``reports`` draws it. A figure is never told of rows that the person's list would not hold.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.util import ClauseAdapter

from ..choices import ChoiceType
from ..tenancy.custom import Added
from ..words import Lazy, translator
from .custom import said
from .fields import Meta, metas
from .record import Record
from .resource import Me, Resource
from .visibility import clause

_ = translator("dougong")

Rule = Callable[["Reader"], sa.ColumnElement[bool]]
Kind = Literal["count", "percent", "sum", "money", "duration", "rating", "per_thousand"]
Chart = Literal["bar", "pareto", "stacked"]
TIMES = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
PLACES = {"site": _("Site"), "area": _("Region")}
BUILDING = _("Building")
SUMMED = frozenset({"sum", "money", "duration", "rating"})


class Reader(Me):
    """Whoever reads a report, as SQL: ``Me``, and what of other rows they may see.

    :param relations: those that their grants are limited to.
    """

    def __init__(self, resource: Resource[Any], relations: tuple[str, ...]) -> None:
        self._resource, self._relations = resource, relations

    def sees(self, other: Any) -> sa.ColumnElement[bool]:
        """Rows of the same record that this reader's list would hold. :param other: an alias of its class."""
        adapter = ClauseAdapter(sa.inspect(other).selectable)
        return adapter.traverse(clause(self._resource, self._relations))


@dataclass(frozen=True, eq=False)
class Measure:
    """One figure of a report: an aggregate over the records of a period.

    :param name: stable slug; part of the address of its drill-down.
    :param kind: ``count`` of rows; ``percent`` of the rows of ``of`` that fulfil ``where`` too; ``sum`` or ``money``
        (fen): the sum of ``value``; ``duration`` (seconds) or ``rating``: its average over the rows that have one;
        ``per_thousand``: rows per 1,000 households, counted at the sites whose households are known.
    :param where: which rows count, as SQL; None: all. :param of: of a percent: among which rows; None: all.
        Both get the ``Reader``; a rule that looks at other rows asks ``me.sees(alias)`` which of them count.
    :param value: ``value(me)`` as SQL over the record's columns; for sums and averages.
    :param says: its part of the report's sentence, with ``{value}``; None: the sentence leaves it out.
    :param unit: behind the number. :param better: ``more`` or ``less``: which direction is good news.
    :param alarm: a figure above zero is bad news (late ones).
    :param listed: False: only a part of charts, no column and no figure of its own.
    """

    name: str
    label: Lazy
    kind: Kind = "count"
    where: Rule | None = None
    of: Rule | None = None
    value: Callable[[Reader], sa.ColumnElement[Any]] | None = None
    says: Lazy | None = None
    unit: Lazy | None = None
    better: Literal["more", "less", ""] = ""
    alarm: bool = False
    listed: bool = True

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise TypeError(f"a measure's name is a slug, not {self.name!r}")
        if (self.kind in SUMMED) != (self.value is not None):
            raise TypeError(
                f"measure {self.name}: value= goes with sum, money, duration and rating, and only with them"
            )
        if self.of is not None and self.kind != "percent":
            raise TypeError(f"measure {self.name}: of= goes with percent only")

    def counted(self, me: Reader) -> list[sa.ColumnElement[bool]]:
        """The rules of the rows that stand behind the figure: those that its drill-down lists."""
        rules = [rule(me) for rule in (self.of, self.where) if rule is not None]
        if self.value is not None:
            rules.append(self.value(me).is_not(None))
        return rules


@dataclass(frozen=True)
class Grouping:
    """What a report can be broken down by.

    :param name: a field of the record (a choice, vocabulary, person or yes/no); or ``day``, ``week``, ``month`` of the
        report's moment; ``site``; ``area`` (the level below the company); or any name, with ``place``.
    :param place: the field that points to ``core.location``: groups by the building that it lies in.
    :param added: a field of the company's own, as ``widened`` adds it.
    :param chart: how it is drawn; times are always columns. ``pareto``: with the cumulative share;
        ``stacked``: by the measures that the report names as ``stack``.
    """

    name: str
    label: Lazy | None = None
    place: str | None = None
    chart: Chart = "bar"
    added: Added | None = None

    @property
    def kind(self) -> str:
        """``time``, ``site``, ``area``, ``building`` or ``field``."""
        if self.place:
            return "building"
        return "time" if self.name in TIMES else self.name if self.name in PLACES else "field"


@dataclass(frozen=True, eq=False)
class Report:
    """A page of figures over the records of one kind: declared by a module with ``dougong_contributions``.

    :param name: stable slug; the address is ``/reports/<module>/<name>``.
    :param record: whose rows are counted. Who may see none of them is not told that there is a report.
    :param measures: the first one leads: its chart, its comparison, the order of the groups.
    :param groupings: the first one is what the page opens with.
    :param moment: the field that a period selects by; a list must be able to filter by it, or no figure could be opened.
    :param filters: choice or vocabulary fields that the page offers to narrow by.
    :param stack: names of counts that together make up the leading one, for charts that show parts.
    :param trend: name of a percent that is drawn as a line over the months; None: the first percent.
    :param home: names of measures shown on the start page, for the current month.
    :param summary: one line for the list of reports.
    :param standing: it says how things stand at the end of the period: every row that began before that counts, and rules judge
        it at that moment (``me.now``). It is not broken down by times.
    """

    name: str
    label: Lazy
    record: type[Record]
    measures: Sequence[Measure]
    groupings: Sequence[Grouping]
    moment: str = "created_at"
    filters: Sequence[str] = ()
    stack: Sequence[str] = ()
    trend: str | None = None
    home: Sequence[str] = ()
    summary: Lazy | None = None
    standing: bool = False

    def __post_init__(self) -> None:
        known, where = metas(self.record), f"report {self.name}"
        if self.standing and any(one.kind == "time" for one in self.groupings):
            raise TypeError(f"{where}: what stands at a moment is not broken down by times")
        moment = known.get(self.moment)
        if moment is None or not isinstance(moment[0].type, sa.DateTime):
            raise TypeError(f"{where}: {self.moment!r} is not a moment of {self.record.__name__}")
        if not moment[1].filtered:
            raise TypeError(f"{where}: {self.moment!r} is no filter of the list, so that no figure could be opened")
        names = [one.name for one in self.measures]
        if not names or len(set(names)) < len(names) or not self.groupings:
            raise TypeError(f"{where}: it takes measures with names of their own, and a grouping")
        for named in (*self.stack, *self.home, *((self.trend,) if self.trend else ())):
            if named not in names:
                raise TypeError(f"{where}: {named!r} is not one of its measures")
        for one in self.groupings:
            if one.kind == "building":
                self._check_place(one, known)
            elif one.kind == "field" and one.added is None:
                _check_field(where, one.name, known)
        for name in self.filters:
            _check_field(where, name, known)

    def _check_place(self, one: Grouping, known: dict[str, tuple[sa.Column[Any], Meta]]) -> None:
        found = known.get(one.place or "")
        if found is None or found[0].info.get("ref") != "core.location":
            raise TypeError(f"report {self.name}: {one.place!r} does not point to core.location")

    @cached_property
    def at_home(self) -> Report:
        """The same report with nothing but the measures of the start page: one that nobody sees is not counted."""
        return replace(self, measures=[one for one in self.measures if one.name in self.home], stack=(), trend=None)

    def measure(self, name: str) -> Measure | None:
        """The measure of this name."""
        return next((one for one in self.measures if one.name == name), None)

    def grouping(self, name: str) -> Grouping | None:
        """The grouping of this name."""
        return next((one for one in self.groupings if one.name == name), None)

    def label_of(self, grouping: Grouping) -> Lazy:
        """A grouping's heading: its own, else what it is, else the field's."""
        if grouping.label is not None:
            return grouping.label
        if grouping.kind == "building":
            return BUILDING
        standing = {**TIMES, **PLACES}.get(grouping.name)
        return standing or metas(self.record)[grouping.name][1].label


@functools.lru_cache(maxsize=1024)
def widened(report: Report, added: tuple[Added, ...]) -> Report:
    """A report that can be broken down by those of the company's own fields that have few values, too."""
    few = [one for one in added if one.type in ("choice", "bool", "person", "site") and not one.personal]
    more = [Grouping(one.name, said(one.title), added=one) for one in few]
    return replace(report, groupings=(*report.groupings, *more)) if more else report


def _check_field(where: str, name: str, known: dict[str, tuple[sa.Column[Any], Meta]]) -> None:
    if name not in known:
        raise TypeError(f"{where}: {name!r} is not a field of its record")
    column, meta = known[name]
    if meta.personal or meta.mask or meta.reads:
        raise TypeError(f"{where}: {name!r} is not for everybody, so that nothing is grouped by it")
    if not (isinstance(column.type, ChoiceType | sa.Boolean) or meta.vocabulary or meta.widget == "person"):
        raise TypeError(
            f"{where}: {name!r} has too many values to group by: it takes a choice, vocabulary, person or yes/no"
        )


__all__ = ["SUMMED", "Grouping", "Measure", "Reader", "Report", "widened"]
