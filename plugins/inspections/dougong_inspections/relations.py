"""Who stands how to what inspections keep: rules in SQL for the gate, and the same said of one person for handlers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Me

from .base import X
from .choices import Trade
from .records import Finding, Plan, Route, Task
from .settings import TRADE_LEADS, lead_of

MINE = "mine"
READ = f"{Task.kind}.read"


def _post(slug: Any, site: Any) -> sa.ColumnElement[str]:
    return sa.func.concat(slug, "@", sa.cast(site, sa.Text))


def led(kind: type[Route | Plan | Task | Finding], me: Me) -> sa.ColumnElement[bool]:
    """What belongs to the trade that somebody leads at its site, whoever leads it now."""
    lead = sa.case(*((kind.trade == trade, slug) for trade, slug in TRADE_LEADS.items()), else_="")
    return _post(lead, kind.site_id) == sa.any_(me.posts)


def of_a_walker(kind: type[Route | Plan], me: Me) -> sa.ColumnElement[bool]:
    """Routes and plans are nobody's own: those of the trade one leads, or of the trade of one's post."""
    keeper = sa.and_(kind.trade == Trade.ENGINEERING, _post("technician", kind.site_id) == sa.any_(me.posts))
    return sa.or_(led(kind, me), keeper)


def my_route(me: Me) -> sa.ColumnElement[bool]:
    return of_a_walker(Route, me)


def my_plan(me: Me) -> sa.ColumnElement[bool]:
    return of_a_walker(Plan, me)


def my_walks(me: Me) -> sa.ColumnElement[bool]:
    """Tasks that somebody was given or has taken. Never NULL."""
    given = sa.and_(Task.claimed_by.is_(None), Task.assignee_id == me.id)
    return sa.or_(sa.func.coalesce(given, False), sa.func.coalesce(Task.claimed_by == me.id, False))


def my_task(me: Me) -> sa.ColumnElement[bool]:
    """Tasks that somebody walks or was given, those of their post, those of the trade that they lead. Never NULL."""
    named = sa.or_(
        sa.func.coalesce(Task.assignee_id == me.id, False), sa.func.coalesce(Task.claimed_by == me.id, False)
    )
    by_post = sa.and_(Task.post.is_not(None), _post(Task.post, Task.site_id) == sa.any_(me.posts))
    return sa.or_(named, by_post, led(Task, me))


def my_finding(me: Me) -> sa.ColumnElement[bool]:
    """Findings that somebody has to rectify or has found, and those of the trade that they lead. Never NULL."""
    own = sa.func.coalesce(Finding.responsible_id == me.id, False)
    return sa.or_(own, sa.func.coalesce(Finding.created_by == me.id, False), led(Finding, me))


def first(people: Iterable[Any]) -> UUID | None:
    """The id of the first person, the nearest; None of nobody."""
    return next((one.id for one in people), None)


def lead_id(x: X, trade: Trade, site: UUID) -> UUID | None:
    """Who leads a trade at a site now; the project manager where nobody does."""
    return first(x.who(lead_of(trade), site)) or first(x.who("project_manager", site))


def may_walk(person: UUID, task: Task, x: X) -> bool:
    """Whether somebody is of those who walk a task: named, of its post, their substitute, the trade's lead, or a manager."""
    if person in (task.assignee_id, task.claimed_by) or (task.assignee_id is None and task.post is None):
        return True
    posts = [task.post] if task.post else []
    return any(
        person == one.id
        for slug in (*posts, lead_of(task.trade), "project_manager")
        for one in x.who(slug, task.site_id)
    )
