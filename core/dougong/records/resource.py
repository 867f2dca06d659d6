"""Resource: how a record is shown and reached: list, detail, filters, tabs, deadlines, relations.

Owns the declaration only; ``reads`` compiles it to SQL and the web draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import QueryableAttribute

from ..access.roles import Permission
from ..choices import Choice, ChoiceType
from ..words import Lazy, translator
from . import clockfilter
from .approval_events import approval_events
from .clockevents import clock_events
from .clocks import MEMORY, Clock
from .events import Event
from .fields import metas
from .record import Child, Record
from .retention import Retention
from .workflow import Transition, Workflow

_ = translator("dougong")

P = TypeVar("P", bound=Record)
# parameters of every list
TAKEN = frozenset({"site", "tab", "q", "sort", "after", "limit", "report", "view", "fields", "month", "clock"})


class Me:
    """The person as SQL: bind parameters, so that a rule is compiled once and asked for everybody.

    ``people``: they and the absent in whose place they stand now. ``posts``: those that they hold by a grant limited by a
    relation, each as ``role@site``, for every site below the grant's.
    """

    id: sa.ColumnElement[UUID] = sa.bindparam("me", type_=sa.Uuid)
    chain: sa.ColumnElement[Any] = sa.bindparam("me_chain", type_=sa.ARRAY(sa.Uuid))
    people: sa.ColumnElement[Any] = sa.bindparam("me_people", type_=sa.ARRAY(sa.Uuid))
    posts: sa.ColumnElement[Any] = sa.bindparam("me_posts", type_=sa.ARRAY(sa.Text))
    now: sa.ColumnElement[Any] = sa.bindparam("me_now", type_=sa.DateTime(timezone=True))


Rule = Callable[[Me], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Tab:
    """A named part of the list. ``counted``: show how many there are."""

    name: str
    label: Lazy
    where: Rule | None = None
    counted: bool = True
    sort: str = ""


def everybody(me: Me) -> sa.ColumnElement[bool]:
    """A relation that always holds: what is no secret among those who may read any of it is open under a grant that is
    limited to one's own, too (a published roster, a document in force)."""
    return sa.true()


@dataclass(frozen=True)
class Deadline:
    """A due time of the record: columns by name.

    :param due: when it is due. :param done: when it was met, if it was. :param late: whether it was overdue once.
    :param states: states in which it runs; in others it is only shown when it was met or missed.
    :param pauses: states in which it stands still. :param held: where it remembers since when; empty: nowhere.
    :param step: name of the transition that meets it: the start page shows it to those who may take that; None: to all.
    :param whose: the field of the person whose own step it is: among those, it is shown to them, whoever stands in for them
        and those above them; where nobody is named, to all.
    """

    name: str
    label: Lazy
    due: str
    done: str | None = None
    states: frozenset[Choice] = frozenset()
    step: str | None = None
    late: str | None = None
    pauses: frozenset[Choice] = frozenset()
    held: str = ""
    whose: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """What a program has to know of a row to say how it stands."""
        return tuple(name for name in (self.due, self.done, self.late) if name)

    @property
    def shown(self) -> tuple[str, ...]:
        """What a page has to read of a row to say it in words: since when it has been standing still, too."""
        return (*self.fields, self.held) if self.held else self.fields


@dataclass(frozen=True)
class Board:
    """The list as columns of cards, one column a choice.

    :param by: name of a choice field that lists are filtered by; empty: the state. Moving a card takes the transition
        that leads there or, for any other field, edits it.
    :param columns: the choices that have a column, in order; empty: all of them.
    :param shows: fields on a card beside number and title.
    """

    by: str = ""
    columns: Sequence[Choice] = ()
    shows: Sequence[str] = ()


@dataclass
class Resource(Generic[P]):
    """What people and programs see of a record.

    :param title: attribute shown as the record's title in lists and on its page.
    :param sections: headings with the names of the fields below them; the order of the form too.
    :param timeline: children shown in the stream.
    :param visible: who may see a row at all, beyond permission and site (the accused may not).
    :param restricted: pairs of a rule and a permission: rows for which the rule holds are seen only by those who hold the
        permission at the record's site (an obsolete revision: document control alone).
    :param relations: named rules that a grant may be limited to ("mine").
    :param relation_words: how a relation of the module's own is said where roles are given ("only audits of their team").
    :param tabs: parts of the list; the first is where people land.
    :param badges: choice fields shown beside the title. :param steps: states drawn as the record's way.
    :param deadlines: due times that pages show; none declared: those of the workflow's clocks.
    :param also_create: transitions offered while creating (solved on the spot).
    :param likely: by state, the names of the steps that come next as a rule, the likeliest first: the order of the buttons;
        in a state that is named, no other step is the main one.
        An empty tuple: none does, and what a module made of the record to be read (a sheet, a grid) stands first.
    :param board: show the list as a board too.
    :param retention: how long it is kept, and what happens then; None: for good.
    :param form_title: what it is called on paper, as a form has it (投诉处理单); None: what the record is called.
    :param calendar: show it as a calendar too: name of the date or moment that puts a record on its day.
    :param offices: it belongs to regions and the company's own office as well as to projects, so a form offers all of them.
    :param group: heading in the menu under which it stands, where a module has many kinds; None: the module's.
    """

    record: type[P]
    label: Lazy
    flow: Workflow[P, Any, Any] | None = None
    settings: type[BaseModel] | None = None
    icon: str = "case"
    title: QueryableAttribute[Any] | str = "number"
    create_label: Lazy | None = None
    sections: Sequence[tuple[Lazy, Sequence[str]]] = ()
    timeline: tuple[type[Child], ...] = ()
    visible: Rule | None = None
    restricted: Sequence[tuple[Rule, str]] = ()
    relations: Mapping[str, Rule] = field(default_factory=dict)
    relation_words: Mapping[str, Lazy] = field(default_factory=dict)
    tabs: Sequence[Tab] = ()
    columns: Sequence[str] = ()
    deadlines: Sequence[Deadline] = ()
    badges: Sequence[str] = ()
    steps: Sequence[Choice] = ()
    also_create: Iterable[Transition[Any, Any, Any]] = ()
    order: str = "-created_at"
    signatures: Sequence[Lazy] = ()
    likely: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    board: Board | None = None
    calendar: str = ""
    retention: Retention | None = None
    form_title: Lazy | None = None
    offices: bool = False
    group: Lazy | None = None

    def __post_init__(self) -> None:
        self.title = self.title if isinstance(self.title, str) else self.title.key
        if not self.deadlines and self.flow is not None:
            self.deadlines = tuple(map(_deadline, self.flow.clocks.values()))
        known = metas(self.record)
        named = [n for _label, names in self.sections for n in names] + [*self.badges, *self.columns, self.title]
        named += [c for d in self.deadlines for c in (d.due, d.done) if c]
        for name in named:
            if name not in known:
                raise TypeError(f"{self.kind}: {name!r} is not a field of {self.record.__name__}")
        guarded = [n for n, (_c, m) in known.items() if m.mask or m.reads]
        for name in guarded:
            if known[name][1].filtered or name in (self.title, self.state, *self.badges):
                raise TypeError(f"{self.kind}: {name!r} is not for everybody, so it is no filter, title, state or badge")
        taken = [n for names in self.likely.values() for n in names] + [d.step for d in self.deadlines if d.step]
        taken += [c.step for c in (self.flow.clocks.values() if self.flow else ()) if c.step]
        for name in taken:
            if self.flow is None or name not in self.flow.transitions:
                raise TypeError(f"{self.kind}: {name!r} is not a transition of {self.record.__name__}")
        for name, (_column, meta) in known.items():
            if meta.filtered and name in TAKEN:
                raise TypeError(f"{self.kind}: {name!r} cannot be filtered by: the list's address uses the word itself")
        for child in self.timeline:
            if child.parent_kind is not self.record:
                raise TypeError(f"{self.kind}: {child.__name__} is not a child of {self.record.__name__}")
        self._check_board()
        self._check_calendar()
        if self.retention is not None and (
            self.retention.since not in known
            or not isinstance(known[self.retention.since][0].type, sa.DateTime | sa.Date)
        ):
            raise TypeError(f"{self.kind}: a term runs from a date or moment, not from {self.retention.since!r}")

    def _check_board(self) -> None:
        if self.board is None:
            return
        known = metas(self.record)
        by, shows = self.board.by or self.state or "", self.board.shows
        if by not in known or not isinstance(known[by][0].type, ChoiceType) or not known[by][1].filtered:
            raise TypeError(f"{self.kind}: a board stands by a choice field that lists are filtered by, not by {by!r}")
        for name in shows:
            if name not in known or known[name][1].mask or known[name][1].reads:
                raise TypeError(f"{self.kind}: {name!r} cannot stand on a board's card")

    def _check_calendar(self) -> None:
        if not self.calendar:
            return
        found = metas(self.record).get(self.calendar)
        if found is None or not isinstance(found[0].type, sa.DateTime | sa.Date) or found[1].mask or found[1].reads:
            raise TypeError(f"{self.kind}: a calendar stands by a date or moment that all may see, not by {self.calendar!r}")

    @property
    def kind(self) -> str:
        return self.record.kind

    @property
    def module(self) -> str:
        return self.kind.partition(".")[0]

    @property
    def name(self) -> str:
        return self.kind.partition(".")[2]

    @property
    def path(self) -> str:
        """Address of its list, below the company's host."""
        return "/" + self.kind.replace(".", "/")

    @property
    def state(self) -> str | None:
        """Name of the state field."""
        return self.flow.state if self.flow else None

    def permission(self, action: str) -> str:
        """Name of the permission ``read``, ``create``, ``edit``, ``comment``, ``attach`` or ``moderate``."""
        return f"{self.kind}.{action}"

    def permissions(self) -> tuple[Permission, ...]:
        """The permissions that follow from it: reading, creating, editing, commenting, attaching files, removing what
        others wrote or attached, and one for each transition that people take."""
        module, of = self.module, self.record.label
        found = {
            self.permission("read"): _("{record}: see").format(record=of),
            self.permission("create"): _("{record}: create").format(record=of),
            self.permission("edit"): _("{record}: edit").format(record=of),
            self.permission("comment"): _("{record}: comment").format(record=of),
            self.permission("attach"): _("{record}: attach files").format(record=of),
            self.permission("moderate"): _("{record}: remove comments and files of others").format(record=of),
        }
        for step in self.flow.transitions.values() if self.flow else ():
            if not step.automatic:
                label = _("{record}: {transition}").format(record=of, transition=step.label)
                found.setdefault(step.permission, label)
        return tuple(Permission(name, label, module) for name, label in found.items() if name.startswith(f"{module}."))

    def events(self) -> tuple[Event, ...]:
        """The events that follow from its clocks and approvals, and from what people have on hand of it."""
        from .on_hand import on_hand_events

        return (*clock_events(self), *approval_events(self), *on_hand_events(self))

    def clock_is(self, state: str, me: Me, *names: str) -> sa.ColumnElement[bool]:
        """A rule for tabs, relations and reports: one of the record's clocks stands so. Never NULL.

        :param state: ``overdue``, ``soon``, ``running``, ``paused``; ``late`` (was overdue once), ``met`` (in time), or
            ``decided`` (met or late: what a share of those in time is counted of).
        :param names: of clocks; none: any of them.
        :raises ValueError: no such clock or state.
        """
        if state == "decided":
            return sa.or_(self.clock_is("met", me, *names), self.clock_is("late", me, *names))
        known = {one.name: one for one in self.deadlines}
        if state == "today" or state not in clockfilter.STATES or not known.keys() >= set(names):
            raise ValueError(f"{self.kind}: no clock {', '.join(names)} that can be {state!r}")
        return sa.or_(sa.false(), *(clockfilter.rule(self, known[name], state, me) for name in names or known))

    def clock_rule(self, state: str, *names: str) -> Callable[[Me], sa.ColumnElement[bool]]:
        """``clock_is`` as a rule to be handed to a tab or a measure; parameters as there."""
        return lambda me: self.clock_is(state, me, *names)

    def listed(self) -> list[str]:
        """Fields of the list, in order."""
        return list(self.columns) or [n for n, (_c, m) in metas(self.record).items() if m.listed]


def _deadline(clock: Clock[Any, Any]) -> Deadline:
    held = f"{MEMORY}.{clock.name}" if clock.pauses else ""
    return Deadline(
        clock.name, clock.label, clock.due, clock.met, clock.runs, clock.step,
        late=clock.late, pauses=clock.pauses, held=held, whose=clock.personal,
    )  # fmt: skip


__all__ = ["Board", "Deadline", "Me", "Resource", "Rule", "Tab", "everybody"]
