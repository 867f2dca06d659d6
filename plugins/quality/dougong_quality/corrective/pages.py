"""Pages of the module's own for nonconformities: choosing sister sites, and confirming a recurrence that was suggested."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dougong import (
    Asked,
    Conflict,
    Context,
    FieldError,
    Forbidden,
    Invalid,
    PageRoute,
    Problem,
    page,
    translator,
    with_problem,
    write,
)
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import analysing
from .asides import PATH, short
from .flow import acting, opening
from .records import Measure, Nonconformity
from .relations import MINE
from .resources import nonconformities

_ = translator("dougong_quality")

MODULE = "quality"


def context(asked: Asked, session: Session) -> Context[Any]:
    return asked.context(session, MODULE)


def allowed(c: Nonconformity, permission: str, x: Context[Any]) -> bool:
    """Whether this person may, as the one who answers for it or by a post at the site."""
    own = x.readable(Measure).where(Measure.nc_id == c.id, Measure.responsible_id == x.actor).limit(1)
    mine = c.responsible_id == x.actor or x.session.scalar(own) is not None
    return x.gate.may(permission, c.site_id, frozenset({MINE}) if mine else frozenset())


def crumbs(c: Nonconformity, title: str) -> list[Crumb]:
    return [Crumb(str(nonconformities.label), PATH), Crumb(c.number, f"{PATH}/{c.id}"), Crumb(title)]


# ---- sister sites ----


async def rolling(asked: Asked) -> Response:
    asked.params()
    return page(
        asked, "form.html", await write(asked, lambda s: _rolling(context(asked, s), asked.uuid(), {}, [], None))
    )


async def rolled(asked: Asked) -> Response:
    """Ask the chosen sites. What is wrong comes back with all that was typed."""
    asked.params()
    form = await asked.form()
    typed = {name: form.get(name, "").replace("\r\n", "\n") for name in ("text", "due")}
    sites, id = form.getlist("sites")[:201], asked.uuid()

    def work(session: Session) -> str:
        x = context(asked, session)
        c = x.take(
            x.get(Nonconformity, id), acting.roll_out.name, sites=sites, **{k: v for k, v in typed.items() if v.strip()}
        )
        return c.number

    try:
        number = await write(asked, work)
    except Invalid as problem:
        wrong = Invalid(errors=tuple(_of_sites(one) for one in problem.errors))
        shown = await write(asked, lambda s: _rolling(context(asked, s), id, typed, sites, wrong))
        return page(asked, "form.html", shown, problem.status)
    asked.flash(_("{number}: {n} sites were asked").format(number=number, n=len(sites)))
    return RedirectResponse(f"{PATH}/{id}", 303)


def _of_sites(error: FieldError) -> FieldError:
    """One box holds all sites: what is wrong with one of them is said there."""
    return FieldError("sites", error.message) if error.path.startswith("sites.") else error


def _rolling(
    x: Context[Any], id: UUID, typed: Mapping[str, str], sites: list[str], problem: Problem | None
) -> FormPage:
    c = x.get(Nonconformity, id)
    if not allowed(c, acting.roll_out.permission, x):
        raise Forbidden(_("Your roles at this site do not include it."))
    asked_already = acting.rolled_to(c, x)
    options = [
        Option(str(one), name, str(one) in sites, str(_("asked already")) if one in asked_already else "")
        for one, name in acting.sisters(c, x).items()
        if one not in asked_already
    ]
    if not options:
        raise Conflict(acting.has_sisters.why)
    zone = x.snapshot.sites.zone(c.site_id)
    usual = x.now.astimezone(zone).date() + dt.timedelta(days=x.settings.corrective_rollout_days)
    inputs = [
        Input("sites", str(_("Sister sites")), "checks", values=sites, options=options, required=True),
        Input(
            "text",
            str(_("What to look for")),
            "prose",
            typed.get("text", c.statement),
            required=True,
            maxlength=20_000,
            help=str(_("They may not see this nonconformity: say all that they need.")),
        ),
        Input("due", str(_("Answer until")), "date", typed.get("due", usual.isoformat()), required=True),
    ]
    title = str(acting.roll_out.label)
    form = FormPage(
        title,
        f"/{MODULE}/rolling/{c.id}",
        title,
        [Section("", inputs)],
        crumbs=crumbs(c, title),
        cancel=f"{PATH}/{c.id}",
        subtitle=short(c.statement),
    )
    return with_problem(form, problem)


# ---- a recurrence that was suggested ----


async def again(asked: Asked) -> Response:
    """Ask why this one is a recurrence of that one."""
    asked.params()
    return page(asked, "form.html", await write(asked, lambda s: _again(context(asked, s), asked, "", None)))


async def marked(asked: Asked) -> Response:
    asked.params()
    form, id = await asked.form(), asked.uuid()
    reason = form.get("reason", "")

    def work(session: Session) -> str:
        x = context(asked, session)
        earlier = x.get(Nonconformity, asked.uuid("other"))
        body = {"again_of_id": str(earlier.id), **({"reason": reason} if reason.strip() else {})}
        return x.take(x.get(Nonconformity, id), opening.repeat.name, **body).number

    try:
        number = await write(asked, work)
    except Invalid as problem:
        wrong = problem
        shown = await write(asked, lambda s: _again(context(asked, s), asked, reason, wrong))
        return page(asked, "form.html", shown, problem.status)
    asked.flash(_("{number} is marked as a recurrence").format(number=number))
    return RedirectResponse(f"{PATH}/{id}", 303)


def _again(x: Context[Any], asked: Asked, reason: str, problem: Problem | None) -> FormPage:
    c, other = x.get(Nonconformity, asked.uuid()), x.get(Nonconformity, asked.uuid("other"))
    if not x.gate.may(opening.repeat.permission, c.site_id):
        raise Forbidden(_("Your roles at this site do not include it."))
    title = str(opening.repeat.label)
    why = Input("reason", str(_("Reason")), "prose", reason, required=True, maxlength=20_000)
    form = FormPage(
        title,
        f"/{MODULE}/repeat/{c.id}/{other.id}",
        title,
        [Section("", [why])],
        crumbs=crumbs(c, title),
        cancel=f"{PATH}/{c.id}",
        subtitle=str(_("Of {number}: {text}").format(number=other.number, text=short(other.statement))),
    )
    return with_problem(form, problem)


ROUTES = (
    PageRoute("rolling/{id}", rolling),
    PageRoute("rolling/{id}", rolled, "POST"),
    PageRoute("repeat/{id}/{other}", again),
    PageRoute("repeat/{id}/{other}", marked, "POST"),
    *analysing.ROUTES,
)
