"""Taking the template of obligations over: choose a site, its kind and what applies; nothing is made a second time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, Context, FieldError, Invalid, NotFound, Problem, page, translator, with_problem, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import obligations
from .choices import Checked
from .records import Obligation
from .resources import obligation as resource
from .templates_of_law import KINDS, TEMPLATE, of_kind

_ = translator("dougong_liaison")

HERE = "/liaison/template"


def sites(x: Context[Any]) -> dict[str, tuple[UUID, str]]:
    """Where this person may add obligations: slug → id and name."""
    may = resource.permission("create")
    return {n.slug: (n.id, n.name) for n in x.snapshot.sites.ordered() if x.gate.may(may, n.id) and n.type != "region"}


def known(x: Context[Any], site: UUID) -> set[str]:
    """What of the template a site has, in force or ended."""
    query = sa.select(Obligation.code).where(
        Obligation.tenant_id == x.tenant, Obligation.site_id == site, Obligation.code.is_not(None)
    )
    return {one for one in x.session.scalars(query) if one}


def take_over(x: Context[Any], site: UUID, codes: list[str], owner: UUID) -> int:
    """Enter these of the template at a site that it does not have, with their filings. :returns: how many."""
    have = known(x, site)
    made = 0
    for one in TEMPLATE:
        if one.code not in codes or one.code in have:
            continue
        body = {
            "title": one.title,
            "agency_kind": one.agency,
            "basis": one.basis,
            "checked": one.checked.value,
            "repeat": one.repeat.value,
            "month": one.month,
            "day": one.day,
            "evidence": one.evidence,
            "files": 1,
            "owner_id": str(owner),
        }
        found = x.submit(Obligation, site, body)
        found.code = one.code
        x.session.flush()
        obligations.make(x.as_person(None), _until(x), found.id)
        made += 1
    return made


def _until(x: Context[Any]) -> dt.datetime:
    return x.now + dt.timedelta(days=x.settings.ahead_days)


async def show(asked: Asked) -> Response:
    sent = asked.params(("to", "kind"))

    def load(session: Session) -> FormPage:
        return _page(asked.context(session, "liaison"), sent.get("to", ""), sent.get("kind", ""), None, "", None)

    return page(asked, "form.html", await write(asked, load))


async def take(asked: Asked) -> Response:
    asked.params()
    form = await asked.form()
    to, kind, owner = form.get("to", ""), form.get("kind", ""), form.get("owner", "")
    codes = form.getlist("codes")[:200]

    def work(session: Session) -> int:
        x = asked.context(session, "liaison")
        there = sites(x)
        if to not in there:
            raise NotFound
        known_codes = {one.code for one in TEMPLATE}
        if not codes or not set(codes) <= known_codes:
            raise Invalid(errors=(FieldError("codes", _("Choose what applies at this site.")),))
        return take_over(x, there[to][0], codes, _person(x, owner))

    try:
        number = await write(asked, work)
    except Invalid as problem:
        wrong = problem
        made = await write(asked, lambda s: _page(asked.context(s, "liaison"), to, kind, codes, owner, wrong))
        return page(asked, "form.html", made, problem.status)
    asked.flash(_("{n} obligations were entered. Verify the marked ones in the original text.").format(n=number))
    return RedirectResponse(f"{resource.path}?site={to}", 303)


def _person(x: Context[Any], text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or found not in x.snapshot.people:
        raise Invalid(errors=(FieldError("owner", _("Choose who answers for them.")),))
    return found


def _page(
    x: Context[Any], to: str, kind: str, codes: list[str] | None, owner: str, problem: Problem | None
) -> FormPage:
    there = sites(x)
    if not there:
        raise NotFound
    crumbs = [Crumb(str(resource.label), resource.path), Crumb(str(_("Template of obligations")))]
    title = str(_("Template of obligations"))
    if to not in there or kind not in KINDS:
        inputs = [
            Input(
                "to",
                str(_("Site")),
                "choice",
                to,
                options=[Option(s, n, s == to) for s, (_id, n) in there.items()],
                required=True,
            ),
            Input(
                "kind",
                str(_("Kind of site")),
                "radios",
                kind,
                options=[Option(k, str(w), k == kind) for k, w in KINDS.items()],
                required=True,
            ),
        ]
        return _first(title, inputs, crumbs)
    have = known(x, there[to][0])
    entries = [one for one in of_kind(kind) if one.code not in have]
    options = [
        Option(
            one.code,
            f"{one.title}（{one.repeat.label}）",
            codes is None or one.code in codes,
            " · ".join((one.basis, str(one.checked.label) if one.checked is Checked.PENDING else "")).rstrip(" ·"),
        )
        for one in entries
    ]
    chosen = [one.value for one in options if one.selected]
    people = [
        Option(str(p.id), p.name, str(p.id) == (owner or str(x.actor))) for p in x.snapshot.people.values() if p.active
    ]
    inputs = [
        Input(
            "codes",
            str(_("Applies here")),
            "checks",
            values=chosen,
            options=options,
            required=True,
            help=str(_("A beginning, not advice: days and bases can be changed afterwards.")),
        ),
        Input("owner", str(_("Owner")), "choice", owner or str(x.actor), options=people, required=True),
    ]
    said = _("{n} of this kind are there already.").format(n=len(of_kind(kind)) - len(entries))
    made = FormPage(
        title, HERE, str(_("Take over")), [Section("", inputs if entries else [])], crumbs=crumbs, cancel=resource.path
    )
    made.subtitle, made.hidden = f"{there[to][1]} · {KINDS[kind]} · {said}", [("to", to), ("kind", kind)]
    return with_problem(made, problem) if problem else made


def _first(title: str, inputs: list[Input], crumbs: list[Crumb]) -> FormPage:
    return FormPage(
        title, f"{HERE}/choose", str(_("Go on")), [Section("", inputs)], crumbs=crumbs, cancel=resource.path
    )


async def choose(asked: Asked) -> Response:
    """From the first question to the second, by an address that can be kept."""
    asked.params()
    form = await asked.form()
    to, kind = form.get("to", ""), form.get("kind", "")
    if not to.replace("-", "").replace("_", "").isalnum() or not to.isascii() or kind not in KINDS:
        return RedirectResponse(HERE, 303)
    return RedirectResponse(f"{HERE}?to={to}&kind={kind}", 303)
