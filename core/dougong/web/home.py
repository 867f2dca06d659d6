"""The start page: what is overdue, what is due today, a few figures, and what plugins add.

One compiled read per resource; who sees what is judged in the same clause as its list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from msgspec import json
from starlette.responses import Response

from ..access.gate import Scope
from ..records import reads
from ..records.resource import Deadline, Resource
from ..records.visibility import Shown, clause, known_relations, parameters
from ..tenancy.cells import Compiled
from ..words import locale, translator
from . import approvals, display
from .admin.schedule_alarm import alarm
from .counting import Counting, many
from .lists import clock, runs, thumb
from .pages import page
from .plans import Plan, plan_of
from .requests import read_all
from .transitions import speaker_of
from .views import ADMINISTRATION, TOOLS, Action, Card, Figure, HomePage, Line

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_MOST = 50
_MINE = sa.bindparam("mine", type_=sa.ARRAY(sa.Uuid))  # the people whose work is this person's too
_SHOWN = 12
_FIGURES = 4


@dataclass(frozen=True, slots=True)
class _Work:
    """One thing to do: the deadline of a record that is most overdue, or the one that comes next."""

    plan: Plan
    row: Any
    deadline: Deadline
    due: dt.datetime
    over: bool


def _running(resource: Resource[Any], one: Deadline) -> sa.ColumnElement[Any]:
    """The due time while it counts, else NULL."""
    record = resource.record
    rules: list[sa.ColumnElement[bool]] = []
    if one.done:
        rules.append(getattr(record, one.done).is_(None))
    if one.states and resource.state:
        rules.append(getattr(record, resource.state).in_(sorted(one.states, key=lambda s: s.value)))
    if one.whose:
        rules.append(sa.func.coalesce(getattr(record, one.whose) == sa.any_(_MINE), sa.true()))
    due = getattr(record, one.due)
    return sa.case((sa.and_(sa.true(), *rules), due), else_=None)


def _first(
    resource: Resource[Any], names: tuple[str, ...]
) -> tuple[sa.ColumnElement[Any], list[sa.ColumnElement[bool]]]:
    """The first due time that counts among some deadlines; and the states in which any does, by which an index leaves out all
    that is done."""
    several = [one for one in resource.deadlines if one.name in names]
    states = {state for one in several for state in one.states}
    bound = resource.state and all(one.states for one in several)
    runs = [getattr(resource.record, str(resource.state)).in_(sorted(states, key=lambda s: s.value))] if bound else []
    return sa.func.least(*[_running(resource, one) for one in several]), runs


@lru_cache(maxsize=512)
def _compiled(held: Shown, relations: tuple[str, ...], deadlines: tuple[str, ...]) -> Compiled:
    resource = held.resource
    first, runs = _first(resource, deadlines)
    also = [name for one in resource.deadlines for name in (one.held, one.whose) if name]
    names = list(dict.fromkeys([*reads.list_names(resource), *also]))
    columns = [reads.column_of(resource.record, name) for name in names]
    statement = (
        sa.select(*columns)
        .where(clause(resource, relations), *runs, first < sa.bindparam("until", type_=sa.DateTime(timezone=True)))
        .order_by(first, resource.record.id)
        .limit(_MOST)
    )
    return Compiled(statement)


async def show(asked: Asked) -> Response:
    """The endpoint ``/``."""
    asked.params()
    plans = _readable(asked)
    zone = speaker_of(asked, plans[0]).zone(asked.site) if plans else display.UTC
    today = asked.now.astimezone(zone).date()
    until = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), zone)
    due = [(plan, mine) for plan in plans if (mine := _mine(asked, plan))]
    daily = sorted((plan for plan in plans if _daily(asked, plan)), key=lambda plan: _nearness(asked, plan))
    counted = _counted(daily)
    queries = [_work_query(asked, plan, mine, until) for plan, mine in due]
    counting = [Counting(asked, plan, asked.site) for plan in counted]
    found = await read_all(asked, [*queries, *(one.query for one in counting)]) if plans else []
    work = [w for (plan, _n), rows in zip(due, found[: len(due)], strict=True) for w in _work(asked, plan, rows, until)]
    counts = [
        (plan, await one.told(rows[0])) for plan, one, rows in zip(counted, counting, found[len(due) :], strict=True)
    ]
    made = _page(asked, daily, work, counts, today, zone)
    _add(made, await asked.app.dashboards.parts(asked))
    if not daily and not work:
        first, *others = _ways(asked) or made.main
        made.main, made.side = [first], [*others, *made.side]
    made.main = [*await alarm(asked), *await approvals.card(asked), *made.main]
    if asked.site is None:
        asked.app.dashboards.remember(asked, sum(w.over for w in work))
    return page(asked, "home.html", made, primary=thumb(made.actions))


async def overdue(asked: Asked) -> Response:
    """The address ``/overdue``: how many records have a deadline that has passed and that this person may meet, as JSON."""
    asked.params()
    due = [(plan, mine) for plan in _readable(asked) if (mine := _mine(asked, plan))]
    found = await read_all(asked, [_overdue_query(asked, plan, mine) for plan, mine in due]) if due else []
    number = asked.app.dashboards.remember(asked, sum(rows[0]["n"] for rows in found))
    return Response(
        json.encode({"count": number}), media_type="application/json", headers={"cache-control": "no-store"}
    )


def _overdue_query(asked: Asked, plan: Plan, mine: tuple[str, ...]) -> tuple[Compiled, dict[str, Any]]:
    resource, scope = plan.resource, _acting(asked, plan)
    given = parameters(resource, asked.gate, scope)
    compiled = _compiled_overdue(Shown(resource), known_relations(resource, scope), mine)
    return compiled, {**given, "until": asked.now, "mine": _people(asked, plan)}


@lru_cache(maxsize=512)
def _compiled_overdue(held: Shown, relations: tuple[str, ...], deadlines: tuple[str, ...]) -> Compiled:
    resource = held.resource
    first, runs = _first(resource, deadlines)
    passed = first < sa.bindparam("until", type_=sa.DateTime(timezone=True))
    number = sa.func.count().label("n")
    return Compiled(sa.select(number).select_from(resource.record).where(clause(resource, relations), *runs, passed))


def _readable(asked: Asked) -> list[Plan]:
    """What this person may read anything of."""
    return [
        plan_of(r)
        for r in asked.app.registry.resources.values()
        if r.module in asked.snapshot.modules and asked.gate.scope(r.permission("read"))
    ]


def _daily(asked: Asked, plan: Plan) -> bool:
    """What the day is made of, and not a tool or something to set up."""
    return asked.app.registry.modules[plan.resource.module].manifest.group not in (TOOLS, ADMINISTRATION)


def _nearness(asked: Asked, plan: Plan) -> tuple[bool, bool, bool]:
    """What somebody's day begins with stands first: what they may register or have on hand themselves, what stands under no
    heading in the menu, what has a due time."""
    resource = plan.resource
    own = known_relations(resource, asked.gate.scope(resource.permission("read")))
    headed = resource.group or asked.app.registry.modules[resource.module].manifest.group
    return not (own or _begins(asked, plan)), headed is not None, not resource.deadlines


def _begins(asked: Asked, plan: Plan) -> bool:
    """Whether this person may register such a record anywhere."""
    scope = asked.gate.scope(plan.resource.permission("create"))
    return bool(scope.free or known_relations(plan.resource, scope))


def _counted(plans: list[Plan]) -> list[Plan]:
    """The first kinds that fill the figures of the page; what is not shown is not counted."""
    found, room = list[Plan](), _FIGURES
    for plan in plans:
        shown = sum(tab.counted and tab.where is not None for tab in plan.resource.tabs)
        if shown and room > 0:
            found.append(plan)
            room -= shown
    return found


def _ways(asked: Asked) -> list[Card]:
    """Whoever has no records to work on (an administrator) begins with what the menu offers."""
    groups = asked.app.frames.of(asked).groups
    return [
        Card(label, [Line(text, href=href, icon=icon) for text, href, icon in items if href != "/"])
        for label, items in reversed(groups)
        if any(href != "/" for _text, href, _icon in items)
    ]


def _work_query(asked: Asked, plan: Plan, mine: tuple[str, ...], until: dt.datetime) -> tuple[Compiled, dict[str, Any]]:
    resource, scope = plan.resource, _acting(asked, plan)
    chosen = asked.snapshot.sites.subtree(asked.site) if asked.site else None
    given = parameters(resource, asked.gate, scope, site=chosen)
    compiled = _compiled(Shown(resource), known_relations(resource, scope), mine)
    return compiled, {**given, "until": until, "mine": _people(asked, plan)}


def _work(asked: Asked, plan: Plan, rows: Sequence[Any], until: dt.datetime) -> list[_Work]:
    found = []
    for row in rows:
        # Theirs who can meet it, be it due or overdue: others find it in the list. A record may stand in both: its
        # resolution is late, and the next notice is due in an hour.
        mine = [d for d in plan.resource.deadlines if runs(plan, d, row) and _concerns(asked, plan, d, row)]
        over = [d for d in mine if row[d.due] < asked.now]
        left = [d for d in mine if asked.now <= row[d.due] < until]
        for running in (over, left):
            if running:
                first = min(running, key=lambda d: row[d.due])
                found.append(_Work(plan, row, first, row[first.due], running is over))
    return found


def _permissions(plan: Plan, one: Deadline) -> list[str]:
    """By which a deadline is met: that of its step; where it names none, any step that people take, and editing."""
    steps = plan.resource.flow.transitions if plan.resource.flow else {}
    if one.step is not None:
        return [steps[one.step].permission]
    taken = [step.permission for step in steps.values() if not step.automatic]
    return list(dict.fromkeys([plan.resource.permission("edit"), *taken]))


def _people(asked: Asked, plan: Plan) -> list[UUID]:
    """Whose own steps are this person's work too; nobody where the records have no such steps."""
    person = asked.gate.person
    if person is None or not any(one.whose for one in plan.resource.deadlines):
        return []
    return list(asked.snapshot.answering_for(person.id, asked.now))


def _concerns(asked: Asked, plan: Plan, one: Deadline, row: Mapping[str, Any]) -> bool:
    """Whether this person may take the step that meets the deadline, and it is not the own one of somebody beside them."""
    person, site, related = asked.gate.person, row["site_id"], frozenset(plan.resource.relations)
    whose = row[one.whose] if one.whose else None
    if whose is not None and (person is None or whose not in asked.snapshot.answering_for(person.id, asked.now)):
        return False
    return any(asked.gate.may(permission, site, related) for permission in _permissions(plan, one))


def _mine(asked: Asked, plan: Plan) -> tuple[str, ...]:
    """Names of the deadlines that this person may meet anywhere."""
    return tuple(d.name for d in plan.resource.deadlines if any(asked.gate.scope(p) for p in _permissions(plan, d)))


def _acting(asked: Asked, plan: Plan) -> Scope:
    """Where this person sees the records and may meet any of their deadlines."""
    seen = asked.gate.scope(plan.resource.permission("read"))
    several = dict.fromkeys(p for d in plan.resource.deadlines for p in _permissions(plan, d))
    scopes = [asked.gate.scope(permission) for permission in several]
    free = frozenset[UUID]().union(*(one.free for one in scopes))
    related: dict[str, frozenset[UUID]] = {}
    for name, sites in [pair for one in (seen, *scopes) for pair in one.related]:
        related[name] = related.get(name, frozenset()) | sites
    acts = {name: free.union(*(s for one in scopes for n, s in one.related if n == name)) for name in related}
    sees = {name: seen.free.union(*(s for n, s in seen.related if n == name)) for name in related}
    both = free & seen.free
    return Scope(both, tuple((name, acts[name] & sees[name] - both) for name in sorted(related)))


def _page(
    asked: Asked,
    plans: list[Plan],
    work: list[_Work],
    counts: list[tuple[Plan, dict[str, int]]],
    today: dt.date,
    zone: Any,
) -> HomePage:
    work.sort(key=lambda w: w.due)
    over = [w for w in work if w.over]
    left = [w for w in work if not w.over]
    tail = f"&site={asked.snapshot.sites.node(asked.site).slug}" if asked.site else ""
    figures = [figure for plan, found in counts for figure in _figures(plan, found, tail)][:_FIGURES]
    main = []
    if over:
        main.append(_card(asked, _("Overdue"), over, "bad"))
    main.append(_card(asked, _("To do today"), left, ""))
    return HomePage(
        title=str(_("Today")),
        subtitle=_subtitle(asked, today, zone, len(over), len(left)),
        figures=figures,
        main=main,
        side=[],
        actions=_actions(asked, plans),
    )


def _subtitle(asked: Asked, today: dt.date, zone: Any, over: int, left: int) -> str:
    day = display.day_heading(today, today).partition(" ")[2] if locale.get() == "zh" else f"{today.day} {today:%B}"
    weekday = str(display.WEEKDAYS[today.weekday()])
    time = f"{asked.now.astimezone(zone):%H:%M}"
    words = _("{day}, {weekday}, {time}. {over} overdue, {left} to do today.")
    return str(words.format(day=day, weekday=weekday, time=time, over=over, left=left))


def _card(asked: Asked, title: Any, work: list[_Work], tone: str) -> Card:
    card = Card(str(title), count=len(work), tone=tone, empty=str(_("Nothing is due today.")))
    for one in work[:_SHOWN]:
        speaker = speaker_of(asked, one.plan)
        zone = speaker.zone(one.row["site_id"])
        text = speaker.text(one.plan.fields[one.plan.title], one.row[one.plan.title], zone)
        small = f"{one.row['number']} · {one.deadline.label} · {speaker.site(one.row['site_id'])}"
        address = f"{one.plan.path}/{one.row['id']}"
        value = clock(one.plan, one.deadline, one.row, asked, zone)
        card.lines.append(Line(display.cut(text, 60), small, address, one.plan.resource.icon, value))
    if len(work) > _SHOWN:
        plan = work[0].plan
        query = {"tab": "overdue"} if tone and "overdue" in plan.tabs else {}
        if asked.site:
            query["site"] = asked.snapshot.sites.node(asked.site).slug
        address = f"{plan.path}?{urlencode(query)}" if query else plan.path
        card.more = Action(str(_("{n} more").format(n=len(work) - _SHOWN)), address)
    return card


def _figures(plan: Plan, counts: dict[str, int], tail: str) -> list[Figure]:
    made = []
    for tab in plan.resource.tabs:
        if tab.counted and tab.where is not None and tab.name in counts:
            tone = "bad" if tab.name == "overdue" and counts[tab.name] else ""
            address = f"{plan.path}?tab={tab.name}{tail}"
            made.append(Figure(str(tab.label), many(counts[tab.name]), "", str(plan.label), address, tone))
    return made


def _actions(asked: Asked, plans: list[Plan]) -> list[Action]:
    """The one thing that this person most likely begins with: the first record that they may create."""
    for plan in plans:
        if _begins(asked, plan):
            label = str(plan.resource.create_label or _("New: {what}").format(what=plan.one))
            tail = f"?site={asked.snapshot.sites.node(asked.site).slug}" if asked.site else ""
            return [Action(label, f"{plan.path}/new{tail}", "plus", main=True)]
    return []


def _add(made: HomePage, parts: list[Any]) -> None:
    """Cards and figures of plugins. Their figures take at most half of the four places, the last ones."""
    more = [one for one in parts if isinstance(one, Figure)][: max(_FIGURES - len(made.figures), _FIGURES // 2)]
    made.figures = [*made.figures[: _FIGURES - len(more)], *more]
    made.side += [one for one in parts if isinstance(one, Card)]
