"""Work orders of a demo company, lived through by its own people at earlier moments: two weeks at every project.

Every order goes the way that a person would take it: same forms, same rights, same clocks; only the moment is moved back.
Deterministic: the same company gets the same orders.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from ..choices import UNFINISHED, State
from ..records import Order
from ..relations import can_do
from .plots import PLOTS, Step
from .stories import HOME, HOSPITAL, PARK, Story

_PEOPLE = ("王女士", "李先生", "张女士", "刘先生", "陈女士", "杨先生", "赵女士", "黄先生")
_LEADS = {"cleaning": "cleaning_lead", "greening": "greening_lead", "order": "security_lead"}


class Case:
    """One order on its way: its story, who does it, and the record once it was raised."""

    def __init__(self, site: UUID, story: Story, chance: random.Random, main: Case | None = None) -> None:
        self.site, self.story, self.main = site, story, main
        self.reporter = _PEOPLE[chance.randrange(len(_PEOPLE))]
        self.phone = f"138{chance.randrange(10**8):08d}"
        self.appointed: str | None = None
        self.doer: UUID | None = None
        self.record: Order | None = None

    def body(self, appointed: str | None) -> dict[str, Any]:
        story, resident = self.story, self.story.nature in ("repair", "paid")
        return {
            "nature": story.nature, "urgency": "urgent" if story.urgent else "normal",
            "source": "phone" if resident else "staff", "category": story.category, "title": story.title,
            "location": story.location, "reporter": self.reporter if resident else None,
            "phone": self.phone if resident else None, "appointed_at": appointed,
        }  # fmt: skip


def fill(x: Context[Any]) -> None:
    """Raise and carry out the orders of every project of the company where the posts for it are held."""
    chance = random.Random(20261122)  # noqa: S311  (what a demo shows is no secret)
    events: list[tuple[dt.datetime, int, Case, Step | None]] = []
    for node in x.snapshot.sites.ordered():
        if node.type != "project" or not x.snapshot.module_on("workorders", node.id) or not _posts(x, node.id):
            continue
        kind = HOSPITAL if "医院" in node.name else PARK if "产业园" in node.name else HOME
        for story in kind:
            _plan(events, Case(node.id, story, chance), x, chance)
    _ruled(events, x, chance)
    for at, _n, case, step in sorted(events, key=lambda e: (e[0], e[1])):
        with x.at(at) as then:
            _happen(case, step, then)


def _posts(x: Context[Any], site: UUID) -> bool:
    return all(x.who(post, site) for post in ("service_agent", "service_lead", "project_manager"))


def _plan(
    events: list[tuple[dt.datetime, int, Case, Step | None]], case: Case, x: Context[Any], chance: random.Random
) -> None:
    """When the order is raised and each step taken; what lies ahead of the demo's present has not happened."""
    zone = x.snapshot.sites.zone(case.site)
    midnight = x.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if case.story.appointed:
        case.appointed = (midnight + dt.timedelta(days=case.story.appointed, hours=18.5)).isoformat()
    if case.story.day == 0:
        raised = x.now + dt.timedelta(hours=case.story.hour)
    else:
        raised = midnight - dt.timedelta(days=case.story.day) + dt.timedelta(hours=case.story.hour)
    many = [(raised, case, None), *((raised + dt.timedelta(hours=s.after), case, s) for s in PLOTS[case.story.plot])]
    for n, (trade, category, title) in enumerate(case.story.parts):
        part = Case(case.site, Story("part", 0, 0, category, trade, title), chance, main=case)
        begins = raised + dt.timedelta(hours=1.5, minutes=n)
        many += [(begins, part, None), *((begins + dt.timedelta(hours=s.after), part, s) for s in PLOTS["part"])]
    for at, one, step in many:
        if at <= x.now:
            events.append((at, len(events), one, step))


def _ruled(events: list[tuple[dt.datetime, int, Case, Step | None]], x: Context[Any], chance: random.Random) -> None:
    """Orders that the company's rules opened meanwhile go their way too; those of the last day still wait."""
    mine = Order.tenant_id == x.tenant, Order.created_by.is_(None), Order.status == State.NEW
    for order in x.session.scalars(sa.select(Order).where(*mine).order_by(Order.created_at, Order.number)):
        if order.created_at > x.now - dt.timedelta(days=1) or not _posts(x, order.site_id):
            continue
        case = Case(order.site_id, Story("ruled", 0, 0, order.category, order.location, order.title), chance)
        case.record, case.doer = order, _doer_of(order, x)
        events += [
            (order.created_at + dt.timedelta(hours=s.after), len(events) + n, case, s)
            for n, s in enumerate(PLOTS["ruled"])
        ]


def _happen(case: Case, step: Step | None, x: Context[Any]) -> None:
    if step is None:
        _raise(case, x)
        return
    assert case.record is not None
    if step.name == "permit" and case.record.permit_kind is None:
        return  # the same plot without danger
    body = {name: value(x.now, case) if callable(value) else value for name, value in step.body.items()}
    x.as_person(_person(step.who, case, x)).take(case.record, step.name, **body)


def _raise(case: Case, x: Context[Any]) -> None:
    if case.main is None:
        agent = x.who("service_agent", case.site)[0].id
        case.record = x.as_person(agent).submit(Order, case.site, case.body(case.appointed))
    else:
        assert case.main.record is not None
        main, story = case.main.record, case.story
        values = {"trade": story.location, "category": story.category, "title": story.title}
        x.as_person(x.who("project_manager", case.site)[0].id).take(main, "split", **values)
        query = sa.select(Order).where(Order.tenant_id == x.tenant, Order.main_id == main.id)
        case.record = x.session.scalars(query.order_by(Order.number.desc()).limit(1)).one()
    case.doer = _doer(case, x)
    assert case.record.status in UNFINISHED


def _doer(case: Case, x: Context[Any]) -> UUID:
    """Who does it: a technician for engineering, else the lead of the trade; the manager sees to what takes several trades."""
    assert case.record is not None
    if case.story.parts:
        return x.who("project_manager", case.site)[0].id
    return _doer_of(case.record, x)


def _doer_of(order: Order, x: Context[Any]) -> UUID:
    posts = ("technician",) if order.trade == "engineering" else (_LEADS.get(order.trade or "", ""),)
    for post in (*posts, "project_manager"):
        for person in x.who(post, order.site_id) if post else ():
            if can_do(person.id, order, x):
                return person.id
    return x.who("project_manager", order.site_id)[0].id


def _person(who: str, case: Case, x: Context[Any]) -> UUID:
    assert case.record is not None
    assert case.doer is not None
    if who == "doer":
        return case.doer
    post = case.record.desk if who == "trade" else who
    return (x.who(post or "", case.site) or x.who("service_lead", case.site))[0].id
