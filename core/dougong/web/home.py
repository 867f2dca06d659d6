"""The start page: what is overdue, what is due today, a few figures, and what plugins add.

One compiled read per resource; who sees what is judged in the same clause as its list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from msgspec import json
from starlette.responses import Response

from ..records import reads
from ..records.resource import Deadline, Resource
from ..records.visibility import Shown, clause, known_relations, parameters
from ..tenancy.cells import Compiled
from ..words import locale, translator
from . import approvals, display
from .admin.schedule_alarm import alarm
from .counting import Counting, many
from .creation import creatable
from .lists import clock, thumb
from .pages import page
from .plans import Plan, plan_of
from .requests import read_all
from .transitions import speaker_of
from .views import ADMINISTRATION, TOOLS, Action, Card, Figure, HomePage, Line, Value

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_MOST = 50
_SHOWN = 12
_FIGURES = 4


@dataclass(frozen=True, slots=True)
class _Work:
    """One thing to do: the deadline of a record that is most overdue, or the one that comes next."""

    plan: Plan
    row: Any
    deadline: Deadline
    value: Value
    due: dt.datetime


def _running(resource: Resource[Any], one: Deadline) -> sa.ColumnElement[Any]:
    """The due time while it counts, else NULL."""
    record = resource.record
    rules: list[sa.ColumnElement[bool]] = []
    if one.done:
        rules.append(getattr(record, one.done).is_(None))
    if one.states and resource.state:
        rules.append(getattr(record, resource.state).in_(sorted(one.states, key=lambda s: s.value)))
    due = getattr(record, one.due)
    return sa.case((sa.and_(sa.true(), *rules), due), else_=None)


def _first(resource: Resource[Any]) -> tuple[sa.ColumnElement[Any], list[sa.ColumnElement[bool]]]:
    """The first due time that counts; and the states in which any does, by which an index leaves out all that is done."""
    states = {state for one in resource.deadlines for state in one.states}
    bound = resource.state and all(one.states for one in resource.deadlines)
    runs = [getattr(resource.record, str(resource.state)).in_(sorted(states, key=lambda s: s.value))] if bound else []
    return sa.func.least(*[_running(resource, one) for one in resource.deadlines]), runs


@lru_cache(maxsize=512)
def _compiled(held: Shown, relations: tuple[str, ...]) -> Compiled:
    resource = held.resource
    first, runs = _first(resource)
    names = [*reads.list_names(resource), *(one.held for one in resource.deadlines if one.held)]
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
    due = [plan for plan in plans if plan.resource.deadlines]
    daily = [plan for plan in plans if _daily(asked, plan)]
    counted = [plan for plan in daily if plan.resource.tabs]
    queries = [_work_query(asked, plan, until) for plan in due]
    counting = [Counting(asked, plan, asked.site) for plan in counted]
    found = await read_all(asked, [*queries, *(one.query for one in counting)]) if plans else []
    work = [w for plan, rows in zip(due, found[: len(due)], strict=True) for w in _work(asked, plan, rows, until)]
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
        asked.app.dashboards.remember(asked, sum(w.value.tone == "over" for w in work))
    return page(asked, "home.html", made, primary=thumb(made.actions))


async def overdue(asked: Asked) -> Response:
    """The address ``/overdue``: how many records of this person's sites have a deadline that has passed, as JSON."""
    asked.params()
    plans = [plan for plan in _readable(asked) if plan.resource.deadlines]
    found = await read_all(asked, [_overdue_query(asked, plan) for plan in plans]) if plans else []
    number = asked.app.dashboards.remember(asked, sum(rows[0]["n"] for rows in found))
    return Response(
        json.encode({"count": number}), media_type="application/json", headers={"cache-control": "no-store"}
    )


def _overdue_query(asked: Asked, plan: Plan) -> tuple[Compiled, dict[str, Any]]:
    resource, gate = plan.resource, asked.gate
    scope = gate.scope(resource.permission("read"))
    given = parameters(resource, gate, scope)
    return _compiled_overdue(Shown(resource), known_relations(resource, scope)), {**given, "until": asked.now}


@lru_cache(maxsize=512)
def _compiled_overdue(held: Shown, relations: tuple[str, ...]) -> Compiled:
    resource = held.resource
    first, runs = _first(resource)
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


def _ways(asked: Asked) -> list[Card]:
    """Whoever has no records to work on (an administrator) begins with what the menu offers."""
    groups = asked.app.frames.of(asked).groups
    return [
        Card(label, [Line(text, href=href, icon=icon) for text, href, icon in items if href != "/"])
        for label, items in reversed(groups)
        if any(href != "/" for _text, href, _icon in items)
    ]


def _work_query(asked: Asked, plan: Plan, until: dt.datetime) -> tuple[Compiled, dict[str, Any]]:
    resource, gate = plan.resource, asked.gate
    scope = gate.scope(resource.permission("read"))
    chosen = asked.snapshot.sites.subtree(asked.site) if asked.site else None
    given = parameters(resource, gate, scope, site=chosen)
    return _compiled(Shown(resource), known_relations(resource, scope)), {**given, "until": until}


def _work(asked: Asked, plan: Plan, rows: Sequence[Any], until: dt.datetime) -> list[_Work]:
    speaker = speaker_of(asked, plan)
    found = []
    for row in rows:
        zone = speaker.zone(row["site_id"])
        clocks = [(row[d.due], d, clock(plan, d, row, asked, zone)) for d in plan.resource.deadlines if row[d.due]]
        # What is overdue is everybody's business who may see it; what is due, theirs who can meet it. A record may
        # stand in both: its resolution is late, and the next notice is due in an hour.
        over = [c for c in clocks if c[2].tone == "over"]
        left = [
            c
            for c in clocks
            if c[2].tone in ("soon", "left") and c[0] < until and _concerns(asked, plan, c[1], row["site_id"])
        ]
        for running in (over, left):
            if running:
                due, deadline, value = min(running, key=lambda c: c[0])
                found.append(_Work(plan, row, deadline, value, due))
    return found


def _concerns(asked: Asked, plan: Plan, one: Deadline, site: UUID) -> bool:
    """Whether this person may take the step that meets the deadline."""
    if one.step is None:
        return True
    permission = plan.resource.flow.transitions[one.step].permission if plan.resource.flow else ""
    return asked.gate.may(permission, site, frozenset(plan.resource.relations))


def _page(
    asked: Asked,
    plans: list[Plan],
    work: list[_Work],
    counts: list[tuple[Plan, dict[str, int]]],
    today: dt.date,
    zone: Any,
) -> HomePage:
    work.sort(key=lambda w: w.due)
    over = [w for w in work if w.value.tone == "over"]
    left = [w for w in work if w.value.tone != "over"]
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
        card.lines.append(Line(display.cut(text, 60), small, address, one.plan.resource.icon, one.value))
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
        if creatable(asked, plan):
            label = str(plan.resource.create_label or _("New: {what}").format(what=plan.one))
            tail = f"?site={asked.snapshot.sites.node(asked.site).slug}" if asked.site else ""
            return [Action(label, f"{plan.path}/new{tail}", "plus", main=True)]
    return []


def _add(made: HomePage, parts: list[Any]) -> None:
    """Cards and figures of plugins. Their figures take at most half of the four places, the last ones."""
    more = [one for one in parts if isinstance(one, Figure)][: max(_FIGURES - len(made.figures), _FIGURES // 2)]
    made.figures = [*made.figures[: _FIGURES - len(more)], *more]
    made.side += [one for one in parts if isinstance(one, Card)]
