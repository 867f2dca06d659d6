"""What inspections add to pages: a route's points, a template's items, what became of a task's points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context, stamp, translator
from dougong.views import Action, AsideCard, Card, Line, MenuItem, Value

from . import items, labels, layouts, making, submission
from .base import X
from .choices import Outcome, PlanState, PointState
from .phone import today
from .records import Plan, Revision, Route, Task, Template
from .reports import drawing
from .resource import GROUP

_ = translator("dougong_inspections")

_ON_HOME = 5  # tasks of the card on the start page


def beside(page: str, subject: Any, context: Context[Any]) -> Sequence[Any]:
    """Cards and actions for a page."""
    x: X = context.with_settings(context.settings_of("inspections"))
    if page == f"detail:{Route.kind}":
        return [*_route(subject, x)]
    if page == f"detail:{Plan.kind}":
        return [*_plan(subject, x)]
    if page == f"detail:{Template.kind}":
        return [*_template(subject, x)]
    if page == f"detail:{Task.kind}":
        return [*_task(subject, x)]
    if page == "home" and x.actor is not None and x.gate.scope(f"{Task.kind}.submit"):
        return [*_today(x)]
    if page == "shell":
        return [*_menu(x)]
    if page == f"list:{Task.kind}":
        return [Action(str(label), f"{drawing.HERE}/{name}", "chart") for name, label in drawing.PAGES.items()]
    return ()


def _menu(x: X) -> Iterator[MenuItem]:
    if x.gate.scope(f"{Task.kind}.submit"):
        yield MenuItem(str(today.TITLE), today.PATH, "todo")
    if x.gate.scope(f"{Task.kind}.read"):
        yield MenuItem(str(drawing.PAGES["missed"]), f"{drawing.HERE}/missed", "chart", group=str(GROUP))


def _today(x: X) -> Iterator[Card]:
    """The walks that wait for whoever looks, the most urgent first; no card for whoever has none."""
    rows = [today.row(x, task) for task in today.mine(x)]
    tones = {"over": "bad", "now": "info"}
    lines = [
        Line(
            row.name, f"{row.place} · {row.window}", row.href, "inspect",
            end=Value("tag", row.state, tones[row.kind]) if row.kind in tones else None,
        )
        for row in rows[:_ON_HOME]
    ]  # fmt: skip
    if lines:
        yield Card(str(today.TITLE), lines, count=len(rows), more=Action(str(_("All of them")), today.PATH))


def _route(r: Route, x: X) -> Iterator[Any]:
    """The points in order, each with its template; and the way to their labels."""
    points = layouts.points_of(x, r.id)
    known = sa.select(Template.id, Template.name).where(Template.tenant_id == x.tenant)
    found = x.session.execute(known.where(Template.id.in_({p.template_id for p in points})))
    names = {row[0]: row[1] for row in found}
    stopped = str(_("Out of use"))
    lines = [
        Line(
            f"{n} · {p.name}",
            " · ".join(
                part
                for part in ((p.location or "") if p.location != p.name else "", names.get(p.template_id, ""))
                if part
            ),
            icon="site",
            end=Value("tag", stopped, "bad") if p.stopped_by else None,
        )
        for n, p in enumerate(points, start=1)
    ]
    yield AsideCard(str(_("Points")), lines=lines, text="" if lines else str(_("The route has no points yet.")))
    plans = x.readable(Plan).where(Plan.route_id == r.id).order_by(Plan.id).limit(20)
    shown = [Line(p.name, p.rule_words or "", f"/inspections/plan/{p.id}", "cal") for p in x.session.scalars(plans)]
    if shown:
        yield AsideCard(str(_("Plans")), lines=shown)
    if points and x.gate.may(f"{Route.kind}.edit", r.site_id, frozenset({"mine"})):
        yield Action(str(_("Print labels")), labels.PATH.format(id=r.id), "print")


def _plan(p: Plan, x: X) -> Iterator[Any]:
    """Its next windows, each with whoever walks then: plans do not stand on the page of schedules one by one."""
    if p.status is not PlanState.ACTIVE:
        return
    zone = x.snapshot.sites.zone(p.site_id)
    lines = []
    for at in making.coming(x, p):
        end = at + dt.timedelta(minutes=int(p.window_minutes))
        who, instead = making.assigned(x, p, at)
        person = x.snapshot.people.get(who) if who else None
        name = person.name if person else str(_("Whoever holds the post"))
        small = str(_("{person}, standing in").format(person=name)) if instead else name
        lines.append(Line(f"{stamp(at, zone)} – {stamp(end, zone)[-5:]}", small, icon="clock"))
    text = "" if lines else str(_("No window in the year ahead."))
    yield AsideCard(str(_("Next windows")), lines=lines, text=text)


def _template(t: Template, x: X) -> Iterator[Any]:
    """The items of the revision in use, and whether the draft says something else."""
    revision = x.session.get(Revision, (x.tenant, t.current_id)) if t.current_id else None
    kept: Sequence[Any] = revision.items if revision is not None else t.draft
    found = items.read(kept)
    lines = [Line(f"{n} · {one.text}", _rule(one), icon="check") for n, one in enumerate(found, start=1)]
    title = _("Items of revision {n}").format(n=revision.version) if revision is not None else _("Items of the draft")
    changed = revision is not None and t.draft != revision.items
    yield AsideCard(
        str(title), lines=lines, text=str(_("The draft is different: publish it to make it hold.")) if changed else ""
    )


def _rule(item: items.AnyItem) -> str:
    """What passes, in a few words."""
    said = []
    if isinstance(item, items.Number):
        low = "" if item.low is None else f"≥ {item.low:g}"
        high = "" if item.high is None else f"≤ {item.high:g}"
        said.append(" ".join(part for part in (low, high, item.unit) if part))
    elif isinstance(item, items.Choosing):
        said.append(" / ".join(item.options))
    elif isinstance(item, items.YesNo):
        said.append(str(_("Yes passes") if item.good else _("No passes")))
    elif isinstance(item, items.Photo):
        said.append(str(_("Photos at least: {n}").format(n=item.least)))
    said.append(str(item.criticality.label))
    if item.photo_on_fail:
        said.append(str(_("photo if it fails")))
    return " · ".join(part for part in said if part)


def _task(t: Task, x: X) -> Iterator[Any]:
    """The way to walk it, for whoever may; its points with what became of each."""
    if t.layout_id is None:
        return
    if today.may_walk(x, t):
        label = _("Begin the walk") if t.claimed_by is None else _("Go on with the walk")
        yield Action(str(label), today.walk_of(t), "inspect")
    seen = {one.point_id: one for one in submission.scans(x, t)}
    results = submission.results(x, t)
    lines = []
    for stop in layouts.of_task(x, t):
        scan = seen.get(stop.point_id)
        mine = [one for one in results if one.point_id == stop.point_id]
        bad = [one for one in mine if one.outcome is Outcome.FAIL]
        names = {one.id: one.text for one in stop.items}
        small = "；".join(
            f"{names.get(one.item, one.item)} {one.value or ''}{' ' + one.note if one.note else ''}".strip()
            for one in bad
        )
        if scan is not None and scan.reason:
            small = scan.reason
        lines.append(Line(f"{stop.position} · {stop.name}", small, icon="site", end=_became(scan, len(mine), len(bad))))
    yield AsideCard(str(_("Points")), lines=lines)


def _became(scan: Any, answered: int, failed: int) -> Value | None:
    if failed:
        return Value("tag", str(_("{n} failed").format(n=failed)), "bad")
    if scan is None:
        return Value("tag", str(_("Not checked yet"))) if not answered else Value("tag", str(_("Begun")), "warn")
    if scan.off_place:
        return Value("tag", str(_("{n} m away").format(n=scan.distance)), "warn")
    return Value("tag", str(scan.state.label), str(scan.state.extra[0])) if isinstance(scan.state, PointState) else None
