"""Who stands in for somebody who is away: from when until when. It gives no rights, only names in workflows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import Response

from ...access import manage
from ...access.desk import Desk
from ...access.people import Person
from ...access.tables import Deputy
from ...errors import FieldError, Invalid, NotFound, Problem
from ...words import translator
from ..signin import redirect
from ..views import Action, Card, FormPage, Input, Line, Section, Value
from . import words
from .common import REFUSED, at_desk, crumbs, form_page, id_in, moment_in, options, zone_of

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")


def may_appoint(asked: Asked, person: UUID) -> bool:
    return asked.gate.may("core.people.edit", None) or (asked.person is not None and asked.person.id == person)


def card(asked: Asked, person: Person) -> Card:
    """The deputies of a person that stand or will stand."""
    zone = zone_of(asked)
    may = may_appoint(asked, person.id)
    lines = []
    for one in asked.snapshot.rows.deputies:
        if one.person != person.id or one.ends <= asked.now:
            continue
        when = _("{start} to {end}").format(
            start=f"{one.starts.astimezone(zone):%Y-%m-%d %H:%M}", end=f"{one.ends.astimezone(zone):%Y-%m-%d %H:%M}"
        )
        end = (
            Value("tag", str(_("now")), tone="warn")
            if one.starts <= asked.now
            else Value("tag", str(_("planned")), tone="info")
        )
        at = f"/admin/people/{person.id}/deputies/{int(one.starts.timestamp())}-{one.deputy}/end"
        actions = [Action(str(_("Back already")), at, post=True)] if may else []
        lines.append(
            Line(words.person_name(asked.snapshot, one.deputy), str(when), icon="user", end=end, actions=actions)
        )
    more = Action(str(_("Name a deputy")), f"/admin/people/{person.id}/deputies/new") if may else None
    return Card(
        str(_("Deputy while away")),
        lines,
        more=more,
        empty=str(_("Not away. While a deputy is named, new tasks go to the deputy.")),
    )


def _person(asked: Asked) -> Person:
    found = asked.snapshot.people.get(asked.uuid())
    if found is None or not may_appoint(asked, found.id):
        raise NotFound
    return found


def _form(asked: Asked, person: Person, sent: Values | None) -> FormPage:
    people = sorted((p for p in asked.snapshot.people.values() if p.active and p.id != person.id), key=lambda p: p.name)
    got: Values | dict[str, str] = sent if sent is not None else {}
    start = got.get("starts_at") or f"{asked.now.astimezone(zone_of(asked)):%Y-%m-%dT%H:%M}"
    inputs = [
        Input(
            "deputy_id", str(_("Deputy")), "person", required=True,
            options=options([(str(p.id), f"{p.name} ({p.username})") for p in people], got.get("deputy_id", "")),
            help=str(_("New tasks go to the deputy. It gives them no further rights.")),
        ),
        Input("starts_at", str(_("Away from")), "datetime", start, required=True),
        Input("ends_at", str(_("Away until")), "datetime", got.get("ends_at", ""), required=True),
    ]  # fmt: skip
    at = f"/admin/people/{person.id}"
    return FormPage(
        str(_("Deputy for {name}").format(name=person.name)),
        f"{at}/deputies/new",
        str(_("Name the deputy")),
        [Section("", inputs)],
        crumbs=crumbs((_("People"), "/admin/people"), (person.name, at), (_("Deputy"), None)),
        cancel=_back(asked, person),
    )


def _back(asked: Asked, person: Person) -> str:
    return f"/admin/people/{person.id}" if asked.gate.may("core.people.read", None) else "/account"


async def new(asked: Asked) -> Response:
    """``GET /admin/people/<id>/deputies/new``."""
    asked.params()
    return form_page(asked, _form(asked, _person(asked), None))


async def create(asked: Asked) -> Response:
    """``POST /admin/people/<id>/deputies/new``."""
    person, form = _person(asked), await asked.form()
    try:
        wrong: list[FieldError] = []
        deputy = id_in(form, "deputy_id", wrong)
        zone = zone_of(asked)
        starts, ends = moment_in(form, "starts_at", zone, wrong), moment_in(form, "ends_at", zone, wrong)
        missing = [
            FieldError(n, _("Please fill this in.")) for n, v in (("starts_at", starts), ("ends_at", ends)) if v is None
        ]
        wrong += [one for one in missing if one.path not in {w.path for w in wrong}]
        if wrong or deputy is None or starts is None or ends is None:
            raise Invalid(errors=tuple(wrong))
        appoint = partial(manage.appoint_deputy, person_id=person.id, deputy_id=deputy, starts_at=starts, ends_at=ends)
        await at_desk(asked, appoint)
    except (*REFUSED, NotFound) as problem:
        return form_page(asked, _form(asked, person, form), _at_input(problem))
    asked.flash(_("The deputy is named."))
    return redirect(_back(asked, person))


def _at_input(problem: Problem) -> Problem:
    if isinstance(problem, NotFound):
        return Invalid(errors=(FieldError("deputy_id", problem.detail),))
    return problem


async def end(asked: Asked) -> Response:
    """``POST /admin/people/<id>/deputies/<start>-<deputy>/end``."""
    person = _person(asked)
    start, _dash, deputy = asked.path_params["deputy"].partition("-")

    def dismiss(desk: Desk) -> None:
        rows = desk.session.scalars(sa.select(Deputy).where(Deputy.person_id == person.id))
        for row in rows:
            if str(row.deputy_id) == deputy and str(int(row.starts_at.timestamp())) == start:
                manage.dismiss_deputy(desk, row.id)
                return
        raise NotFound

    await at_desk(asked, dismiss)
    asked.flash(_("{name} is back.").format(name=person.name))
    return redirect(_back(asked, person))
