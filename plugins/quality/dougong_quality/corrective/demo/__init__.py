"""Nonconformities of a demo company, lived through by its own people at earlier moments: same forms, same rights, same clocks.

Deterministic: the same company gets the same ones.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from ...documents.demo import Scene
from ...documents.records import Document
from ..choices import Source, State
from ..records import Measure, Nonconformity, Rollout
from .plots import PLOTS, Act, Plot

SITES = 3  # projects that the plots need, each with its posts


def fill(x: Context[Any]) -> None:
    """About a dozen over the company's projects, in every state; each step at its own moment, all in order of time."""
    projects = [
        n.id for n in x.snapshot.sites.ordered() if n.type == "project" and x.snapshot.module_on("quality", n.id)
    ]
    made: dict[str, UUID] = {}
    staffed = len(projects) >= SITES and all(_posts(x, one) for one in projects[:SITES])
    steps = [(plot, act, projects[plot.site]) for plot in PLOTS if staffed for act in plot.acts]
    for plot, act, site in sorted(steps, key=lambda one: -one[1].ago):
        with x.at(_moment(x, act.ago, site)) as then:
            _take(plot, act, site if act.site is None else projects[act.site], made, then)


def _posts(x: Context[Any], site: UUID) -> bool:
    return all(x.who(post, site) for post in ("quality", "project_manager", "engineering_lead", "security_lead"))


def _moment(x: Context[Any], ago: float, site: UUID) -> dt.datetime:
    """So many days ago, between nine and five of the site's day, in order; what is not quite a day ago is so many hours ago."""
    if ago < 1:
        return x.now - dt.timedelta(days=ago)
    days = math.ceil(ago)
    local = (x.now - dt.timedelta(days=days)).astimezone(x.snapshot.sites.zone(site))
    return local.replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(hours=8 * (days - ago))


def _take(plot: Plot, act: Act, site: UUID, made: dict[str, UUID], x: Context[Any]) -> None:
    """One step of one plot, by the post that takes it."""
    body = {name: _value(name, value, site, made, x) for name, value in act.body.items()}
    who = _who(act.by, site, x)
    if act.step == "open":
        found = _opened(x, site, who, body) if plot.ruled else None
        made[plot.name] = (found or x.as_person(who).submit(Nonconformity, site, body)).id
        return
    c = x.session.get_one(Nonconformity, (x.tenant, made[plot.name]))
    if act.step == "revise":
        _revise(x, c, who, body)
        return
    if act.step == "finish":
        for m in x.session.scalars(sa.select(Measure).where(Measure.nc_id == c.id, Measure.round == c.round)).all():
            if m.status.value == "open" and (not act.only or m.text == act.only):
                x.as_person(m.responsible_id).take(m, "finish", **body)
        return
    if act.step in ("applies", "done", "not_here"):
        for r in x.session.scalars(sa.select(Rollout).where(Rollout.nc_id == c.id, Rollout.site_id == site)).all():
            x.as_person(r.responsible_id).take(r, act.step, **body)
        return
    x.as_person(who).take(c, act.step, **body)


def _who(post: str, site: UUID, x: Context[Any]) -> UUID:
    return (x.who(post, site) or x.who("project_manager", site))[0].id


def _value(name: str, value: Any, site: UUID, made: dict[str, UUID], x: Context[Any]) -> Any:
    """What only the moment knows: days from now, who holds a post, the sister sites, an earlier nonconformity."""
    if name in ("due", "until"):
        return str(x.now.astimezone(x.snapshot.sites.zone(site)).date() + dt.timedelta(days=value))
    if name == "responsible_id":
        return str(_who(value, site, x))
    if name == "again_of_id":
        return str(made[value])
    if name == "sites":
        return [
            str(n.id)
            for n in x.snapshot.sites.ordered()
            if n.type == "project" and n.id != site and x.snapshot.module_on("quality", n.id)
        ]
    return value


def _opened(x: Context[Any], site: UUID, by: UUID, body: Mapping[str, Any]) -> Nonconformity | None:
    """The one that a rule of the company opened at the site because of something found there, with what is said of it; None
    where there is no such rule, or nothing of the kind was found."""
    mine = Nonconformity.tenant_id == x.tenant, Nonconformity.site_id == site, Nonconformity.status == State.OPENED
    query = sa.select(Nonconformity).where(*mine, Nonconformity.source == Source.PATROL, Nonconformity.created_by.is_(None))
    c = x.session.scalar(query.order_by(Nonconformity.created_at).limit(1))
    if c is None:
        return None
    for name in ("category", "item", "clause", "document", "location", "requirement"):
        setattr(c, name, body[name])
    x.session.flush()
    why = "由专业主管负责纠正"
    return x.as_person(by).take(c, "reassign", reason=why, responsible_id=body["responsible_id"])


def _revise(x: Context[Any], c: Nonconformity, by: UUID, body: Mapping[str, Any]) -> None:
    """A measure leads to a revision of a document, signed by those whose turn it is."""
    document = x.session.scalar(
        sa.select(Document).where(Document.tenant_id == x.tenant, Document.title == body["document"])
    )
    measure = x.session.scalar(sa.select(Measure).where(Measure.nc_id == c.id, Measure.text == body["measure"]))
    if document is None or measure is None:
        return
    scene = Scene(x)
    r = scene.draft(document, x, by, body["text"], f"{measure.label} {measure.number}：{measure.text}")
    x.link(measure, r, origin=True)
    scene.sign(r, x, by)
