"""Giving and taking roles: one at a time, several people at several sites at once, and taking back with a question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.responses import Response

from ...access import manage
from ...access.desk import Desk
from ...access.snapshot import GrantView, Snapshot
from ...errors import FieldError, Invalid, NotFound, Problem
from ...words import translator
from ..refusing import COLON
from ..signin import local, redirect
from ..views import AsideCard, FormPage, Input, Line, Option, Section
from . import words
from .common import (
    REFUSED,
    ask_again,
    at_desk,
    crumbs,
    form_page,
    id_in,
    moment_in,
    need,
    options,
    relations_of,
    site_options,
    zone_of,
)
from .matrix import PATH, seen
from .people import ordered

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

MOST = 500  # grants made at once
SUGGESTED = "suggested"  # in the place of a limit: the one that the modules suggest for the role
_TRAIL = (_("Roles per site"), PATH)


@dataclass(frozen=True)
class Wanted:
    """Whom to give what, as it was typed."""

    people: tuple[UUID, ...]
    roles: tuple[UUID, ...]
    sites: tuple[UUID, ...]
    relation: str | None
    starts: dt.datetime | None
    ends: dt.datetime | None
    note: str | None


def _role_options(asked: Asked, chosen: str) -> list[Option]:
    """Roles that the person may give somewhere, in the order of the line of command."""
    roles = sorted(asked.snapshot.roles.values(), key=lambda r: (-r.level, r.label))
    return options([(str(r.id), r.label) for r in roles], chosen)


def _suggested(asked: Asked) -> dict[str, str]:
    """Role → the limit that the modules suggest for it, if a record of this company's modules knows it."""
    registry = asked.app.registry
    known, usual = relations_of(registry, asked.snapshot.modules), registry.roles
    return {slug: of for slug in asked.snapshot.roles if slug in usual and (of := usual[slug].relation) in known}


def _usual(asked: Asked) -> str:
    """Which roles are limited by what, as it is suggested: ``Technician, cleaning lead: only what is theirs``."""
    limits = _suggested(asked)
    roles = sorted(asked.snapshot.roles.values(), key=lambda r: (-r.level, r.label))
    lines = []
    for limit in dict.fromkeys(limits[r.slug] for r in roles if r.slug in limits):
        labels = str(words.COMMA).join(r.label for r in roles if limits.get(r.slug) == limit)
        lines.append(f"{labels}{COLON}{words.relation(limit, asked.app.registry)}")
    return words.also(*lines)


def _when(asked: Asked, sent: Values | dict[str, str]) -> Section:
    names = relations_of(asked.app.registry, asked.snapshot.modules)
    usual = _usual(asked)
    limits = [(SUGGESTED, _("as is usual for the role"))] if usual else []
    relations = options([*limits, *((n, words.relation(n, asked.app.registry)) for n in names)], sent.get("relation", SUGGESTED))
    help = str(_("Empty: all records of the site. Otherwise only those to which the person has this relation."))
    help += f" {_('Usual are: {limits}.').format(limits=usual)}" if usual else ""
    inputs = [
        Input("starts_at", str(_("From")), "datetime", sent.get("starts_at", ""), help=str(_("Empty: at once."))),
        Input("ends_at", str(_("Until")), "datetime", sent.get("ends_at", ""), help=str(_("Empty: without an end."))),
        Input("relation", str(_("Limited to")), "choice", options=relations, help=help),
        Input("note", str(_("Note")), "line", sent.get("note", ""), maxlength=300),
    ]  # fmt: skip
    return Section(str(_("When and how far")), inputs)


def _people_options(asked: Asked, chosen: str) -> list[Option]:
    people = [p for p in ordered(dict(asked.snapshot.people)) if p.status != "disabled"]
    return options([(str(p.id), f"{p.name} ({p.username})") for p in people], chosen)


def _zone_note(asked: Asked) -> str:
    return str(_("Times are those of {zone}.").format(zone=zone_of(asked).key))


def _new_form(asked: Asked, sent: Values | dict[str, str]) -> FormPage:
    inputs = [
        Input("person_id", str(_("Person")), "person", required=True, options=_people_options(asked, sent.get("person_id", ""))),
        Input("role_id", str(_("Role")), "choice", required=True, options=_role_options(asked, sent.get("role_id", ""))),
        Input(
            "site_id", str(_("Site")), "site", required=True,
            options=site_options(asked, "core.grants.edit", sent.get("site_id", "")),
            help=str(_("The role holds here and at all sites below.")),
        ),
    ]  # fmt: skip
    form = FormPage(
        str(_("Give a role")),
        f"{PATH}/new",
        str(_("Give the role")),
        [Section("", inputs), _when(asked, sent)],
        crumbs=crumbs(_TRAIL, (_("Give a role"), None)),
        subtitle=_zone_note(asked),
        hidden=[("next", local(sent.get("next")))] if sent.get("next") else [],
        cancel=local(sent.get("next")) if sent.get("next") else PATH,
    )
    if person := asked.snapshot.people.get(_uuid(sent.get("person_id", ""))):
        lines = [
            Line(f"{words.role_name(asked.snapshot, g.role)} · {words.site_name(asked.snapshot, g.site)}", icon="key")
            for g in seen(asked)
            if g.person == person.id and g.live(asked.now)
        ]
        form.aside = [
            AsideCard(
                str(_("{name} has already").format(name=person.name)),
                lines=lines,
                text="" if lines else str(_("No role yet.")),
            )
        ]
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


async def new(asked: Asked) -> Response:
    """``GET /admin/grants/new``: ``?person=`` and ``?at=`` (or the chosen site) are filled in."""
    need(asked, "core.grants.edit")
    sent = asked.params(("person", "at"))
    node = asked.snapshot.sites.by_slug.get(sent.get("at", "")) or asked.snapshot.sites.get(asked.site)
    given = {"person_id": sent.get("person", ""), "site_id": str(node.id) if node else ""}
    return form_page(asked, _new_form(asked, given))


def _wanted(
    asked: Asked, form: Values, people: tuple[UUID, ...], sites: tuple[UUID, ...], wrong: list[FieldError]
) -> Wanted:
    role = id_in(form, "role_id", wrong)
    zone = zone_of(asked)
    starts, ends = moment_in(form, "starts_at", zone, wrong), moment_in(form, "ends_at", zone, wrong)
    relation = form.get("relation") or None
    if relation == SUGGESTED:
        relation = _suggested(asked).get(_slug(asked.snapshot, role))
    if relation is not None and relation not in relations_of(asked.app.registry, asked.snapshot.modules):
        wrong.append(FieldError("relation", _("Choose one of the list.")))
    if wrong or role is None:
        raise Invalid(errors=tuple(wrong))
    return Wanted(people, (role,), sites, relation, starts, ends, form.get("note", "").strip() or None)


def _slug(snapshot: Snapshot, role: UUID | None) -> str:
    return next((r.slug for r in snapshot.roles.values() if r.id == role), "")


def give(wanted: Wanted, desk: Desk) -> int:
    """Make all grants that are not there yet, or none. :raises Problem: as ``manage.grant``."""
    made = 0
    for person in wanted.people:
        has = {
            (g.role, g.site, g.relation)
            for g in desk.gate.snapshot.grants_of(person)
            if g.ends is None and g.live(desk.now)
        }
        for role in wanted.roles:
            slug = _slug(desk.gate.snapshot, role)
            for site in wanted.sites:
                if len(wanted.people) * len(wanted.sites) > 1 and (slug, site, wanted.relation) in has:
                    continue
                manage.grant(
                    desk, person, role, site,
                    relation=wanted.relation, starts_at=wanted.starts, ends_at=wanted.ends, note=wanted.note,
                )  # fmt: skip
                made += 1
    return made


async def create(asked: Asked) -> Response:
    """``POST /admin/grants/new``."""
    need(asked, "core.grants.edit")
    form = await asked.form()
    try:
        wrong: list[FieldError] = []
        person, site = id_in(form, "person_id", wrong), id_in(form, "site_id", wrong)
        wanted = _wanted(asked, form, (person,) if person else (), (site,) if site else (), wrong)
        await at_desk(asked, lambda desk: give(wanted, desk))
    except REFUSED as problem:
        return form_page(asked, _new_form(asked, form), problem)
    name = words.person_name(asked.snapshot, wanted.people[0])
    asked.flash(_("{name} has the role. It holds from the next click on.").format(name=name))
    return redirect(local(form.get("next")) if form.get("next") else f"/admin/people/{wanted.people[0]}")


# ---- several at once --------------------------------------------------------------------------------


def _bulk_form(asked: Asked, form: Values | None) -> FormPage:
    people = form.getlist("person") if form else []
    sites = form.getlist("site_id") if form else ([str(asked.site)] if asked.site else [])
    sent: Values | dict[str, str] = form if form is not None else {}
    role = Input(
        "role_id", str(_("Role")), "choice", required=True, options=_role_options(asked, sent.get("role_id", ""))
    )
    who = Input("person", str(_("People")), "checks", values=people, required=True)
    for person in ordered(dict(asked.snapshot.people)):
        if person.status != "disabled":
            who.options.append(Option(str(person.id), person.name, str(person.id) in people, person.username))
    where = Input("site_id", str(_("Sites")), "checks", values=sites, required=True)
    where.options = site_options(asked, "core.grants.edit", sites, flat=True)
    return FormPage(
        str(_("Give a role to several")),
        f"{PATH}/bulk",
        str(_("Give the role")),
        [
            Section("", [role]),
            Section("", [who]),
            Section("", [where]),
            _when(asked, sent),
        ],
        crumbs=crumbs(_TRAIL, (_("Give a role to several"), None)),
        subtitle=f"{_('Whoever has it already keeps what they have.')} {_zone_note(asked)}",
        cancel=PATH,
    )  # fmt: skip


async def bulk(asked: Asked) -> Response:
    """``GET /admin/grants/bulk``."""
    need(asked, "core.grants.edit")
    asked.params()
    return form_page(asked, _bulk_form(asked, None))


def _ids(texts: list[str], name: str, wrong: list[FieldError]) -> tuple[UUID, ...]:
    found = tuple(dict.fromkeys(_uuid(text) for text in texts))
    if not found or UUID(int=0) in found:
        wrong.append(FieldError(name, _("Choose at least one.")))
    return found


async def create_bulk(asked: Asked) -> Response:
    """``POST /admin/grants/bulk``: all of them or none."""
    need(asked, "core.grants.edit")
    form = await asked.form()
    try:
        wrong: list[FieldError] = []
        people, sites = _ids(form.getlist("person"), "person", wrong), _ids(form.getlist("site_id"), "site_id", wrong)
        if len(people) * len(sites) > MOST:
            wrong.append(FieldError("person", _("At most {n} at once.").format(n=MOST)))
        wanted = _wanted(asked, form, people, sites, wrong)
        made = await at_desk(asked, lambda desk: give(wanted, desk))
    except REFUSED as problem:
        return form_page(asked, _bulk_form(asked, form), _renamed(problem))
    asked.flash(_("Roles given: {n}.").format(n=made))
    return redirect(PATH)


def _renamed(problem: Problem) -> Problem:
    for_input = {"person_id": "person"}
    problem.errors = tuple(FieldError(for_input.get(e.path, e.path), e.message) for e in problem.errors)
    return problem


# ---- taking back ------------------------------------------------------------------------------------


def _grant_of(asked: Asked) -> GrantView:
    id = asked.uuid()
    found = next((g for g in asked.snapshot.grants if g.id == id), None)
    if found is None or not asked.gate.may("core.grants.edit", found.site):
        raise NotFound
    return found


def _ask_revoke(asked: Asked, grant: GrantView, problem: Problem | None = None) -> Response:
    snapshot = asked.snapshot
    names = {
        "role": words.role_name(snapshot, grant.role),
        "name": words.person_name(snapshot, grant.person),
        "site": words.site_name(snapshot, grant.site),
    }
    text = _("It ends at once, here and at all sites below. The history keeps that it was there.")
    if when := words.span_of(grant, zone_of(asked, grant.site)):
        text = _("{text} It was given {when}.").format(text=text, when=when)
    title = _("Take back {role} of {name} at {site}?").format(**names)
    return ask_again(
        asked,
        title,
        text,
        action=f"{PATH}/{grant.id}/revoke",
        submit=_("Take back"),
        back=f"/admin/people/{grant.person}",
        trail=crumbs(_TRAIL),
        problem=problem,
    )


async def confirm_revoke(asked: Asked) -> Response:
    """``GET /admin/grants/<id>/revoke``."""
    need(asked, "core.grants.edit")
    asked.params()
    return _ask_revoke(asked, _grant_of(asked))


async def revoke(asked: Asked) -> Response:
    """``POST /admin/grants/<id>/revoke``: at once; asks first where nobody has."""
    need(asked, "core.grants.edit")
    grant, form = _grant_of(asked), await asked.form()
    if form.get("sure") != "1":
        return _ask_revoke(asked, grant)
    try:
        await at_desk(asked, lambda desk: manage.revoke(desk, grant.id))
    except REFUSED as problem:
        return _ask_revoke(asked, grant, problem)
    name = words.person_name(asked.snapshot, grant.person)
    asked.flash(
        _("Taken back{colon}{name}, {role}").format(
            colon=COLON, name=name, role=words.role_name(asked.snapshot, grant.role)
        )
    )
    return redirect(f"/admin/people/{grant.person}" if form.get("next") else PATH)
