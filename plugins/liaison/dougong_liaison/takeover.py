"""Taking the template of obligations over: choose a site, its kind and what applies; nothing is made a second time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from dougong import (
    Asked,
    Context,
    FieldError,
    Invalid,
    NotFound,
    Problem,
    once,
    page,
    translator,
    with_problem,
    write,
)
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import obligations
from .choices import Checked
from .records import Obligation
from .resources import filing
from .resources import obligation as resource
from .templates_of_law import KINDS, TEMPLATE, Entry, of_kind

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
        site = there[to][0]
        return take_over(x, site, codes, _person(x, owner, site))

    said = [to, kind, owner, codes]
    try:
        number = await write(asked, lambda s: once(asked, s, said, lambda: work(s), form=form.get("once", "")))
    except Invalid as problem:
        wrong = problem
        made = await write(asked, lambda s: _page(asked.context(s, "liaison"), to, kind, codes, owner, wrong))
        return page(asked, "form.html", made, problem.status)
    asked.flash(_("{n} obligations were entered. Verify the marked ones in the original text.").format(n=number))
    return RedirectResponse(f"{resource.path}?site={to}", 303)


def answering(x: Context[Any], site: UUID) -> list[Any]:
    """Who may hand in filings at a site, so that they may answer for obligations there."""
    may, related = filing.permission("submit"), frozenset(filing.relations)
    everybody = (p for p in x.snapshot.people.values() if p.active)
    found = (p for p in everybody if x.as_person(p.id).gate.may(may, site, related))
    return sorted(found, key=lambda p: p.name)


def _person(x: Context[Any], text: str, site: UUID) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or found not in {p.id for p in answering(x, site)}:
        raise Invalid(errors=(FieldError("owner", _("Choose who answers for them.")),))
    return found


def _page(
    x: Context[Any], to: str, kind: str, codes: list[str] | None, owner: str, problem: Problem | None
) -> FormPage:
    there = sites(x)
    if not there:
        raise NotFound
    if to not in there or kind not in KINDS:
        return _which_site(there, to, kind)
    made = _what_applies(x, to, *there[to], kind, codes, owner)
    return with_problem(made, problem) if problem else made


def _form(address: str, button: str, inputs: list[Input]) -> FormPage:
    title = str(_("Template of obligations"))
    crumbs = [Crumb(str(resource.label), resource.path), Crumb(title)]
    return FormPage(title, address, button, [Section("", inputs)], crumbs=crumbs, cancel=resource.path)


def _which_site(there: dict[str, tuple[UUID, str]], to: str, kind: str) -> FormPage:
    """The first question."""
    places = [Option(slug, name, slug == to) for slug, (_id, name) in there.items()]
    kinds = [Option(one, str(words), one == kind) for one, words in KINDS.items()]
    inputs = [
        Input("to", str(_("Site")), "choice", to, options=places, required=True),
        Input("kind", str(_("Kind of site")), "radios", kind, options=kinds, required=True),
    ]
    return _form(f"{HERE}/choose", str(_("Go on")), inputs)


def _what_applies(
    x: Context[Any], to: str, site: UUID, name: str, kind: str, codes: list[str] | None, owner: str
) -> FormPage:
    """The second: what the site does not have yet, ticked, and who answers for it."""
    have = known(x, site)
    entries = [one for one in of_kind(kind) if one.code not in have]
    options = [Option(one.code, one.title, codes is None or one.code in codes, _said_of(one)) for one in entries]
    person = owner or str(x.actor)
    people = [Option(str(one.id), one.name, str(one.id) == person) for one in answering(x, site)]
    inputs = [
        Input(
            "codes", str(_("Applies here")), "checks", values=[one.value for one in options if one.selected], options=options,
            required=True, help=str(_("A beginning, not advice: days and bases can be changed afterwards.")),
        ),
        Input("owner", str(_("Owner")), "choice", person, options=people, required=True),
    ]  # fmt: skip
    made = _form(HERE, str(_("Take over")), inputs if entries else [])
    said = _("{n} of this kind are there already.").format(n=len(of_kind(kind)) - len(entries))
    made.subtitle = f"{name} · {KINDS[kind]} · {said}"
    made.hidden = [("once", uuid4().hex), ("to", to), ("kind", kind)]
    return made


def _said_of(one: Entry) -> str:
    """How often, on what basis, and that it has to be verified."""
    pending = [str(one.checked.label)] if one.checked is Checked.PENDING else []
    return " · ".join((str(one.repeat.label), one.basis, *pending))


async def choose(asked: Asked) -> Response:
    """From the first question to the second, by an address that can be kept."""
    asked.params()
    form = await asked.form()
    to, kind = form.get("to", ""), form.get("kind", "")
    if not to.replace("-", "").replace("_", "").isalnum() or not to.isascii() or kind not in KINDS:
        return RedirectResponse(HERE, 303)
    return RedirectResponse(f"{HERE}?to={to}&kind={kind}", 303)
