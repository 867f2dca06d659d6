"""A leaver's clearance on one page: what is on hand over all modules and who takes it, what is given back; for desk and phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from dougong import Asked, Context, FieldError, Invalid, OpenItems, page, staff, translator, write
from dougong.views import Action, AsideCard, Crumb, Flash, FormPage, Input, Line, Option, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ...organisation import holdings
from .. import clearing
from ..choices import ChangeState, ChangeType
from ..leaving import settle
from ..records import Change
from ..resources import change as resource

_ = translator("dougong_hr")
SHOWN = 40  # of refusals that are named
OFFERED = 300  # people, for each kind anew


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "hr")
        return _form(x, clearing.leaving(x, asked.uuid()), {})

    return page(asked, "form.html", await write(asked, load))


async def save(asked: Asked) -> Response:
    """Hand over what somebody was named for, and tick off what came back: all of it or nothing."""
    asked.params()
    form = await asked.form()
    named = {name[3:]: str(value) for name, value in form.items() if name.startswith("to-") and value}
    ticked = [str(value) for value in form.getlist("given")]

    def work(session: Session) -> tuple[clearing.Handed, list[str]]:
        x = asked.context(session, "hr")
        c = clearing.leaving(x, asked.uuid())
        labels = {one.kind: str(one.label) for one in clearing.on_hand(c, x)}
        done = clearing.give(c, _heirs(named), x)
        new = [key for key in ticked if key not in c.settled]
        if new:
            x.take(c, settle.name, items=new)
        return done, _stayed(done, labels)

    try:
        done, stayed = await write(asked, work)
    except Invalid as wrong:
        mistakes = {_input(error.path): str(error.message) for error in wrong.errors}

        def again(session: Session) -> FormPage:
            x = asked.context(session, "hr")
            return _form(x, clearing.leaving(x, asked.uuid()), mistakes)

        return page(asked, "form.html", await write(asked, again), 422)
    asked.flash(*_said(done, stayed))
    return RedirectResponse(f"/hr/changes/{asked.uuid()}/clearance", 303)


def _heirs(named: dict[str, str]) -> dict[str, UUID]:
    found = {}
    for kind, text in named.items():
        try:
            found[kind] = UUID(text)
        except ValueError:
            raise Invalid(errors=(FieldError(kind, clearing.NOBODY),)) from None
    return found


def _input(path: str) -> str:
    """The input of the form that a refusal is about: a kind of record, or what was given back."""
    return "given" if path.startswith("items") else f"to-{path}"


def _stayed(done: clearing.Handed, labels: dict[str, str]) -> list[str]:
    """What was not taken over, in words: of what this person may not read, how many there are."""
    named = [f"{number} {why}" for _kind, _id, number, why in done.refused[:SHOWN]]
    withheld = _("{kind}: {n}, which you may not view. Choose somebody who takes them on at their site.")
    return [*named, *(str(withheld.format(kind=labels.get(kind, kind), n=n)) for kind, n in done.withheld.items())]


def _said(done: clearing.Handed, stayed: list[str]) -> tuple[Any, str]:
    if stayed:
        return _("{n} handed over. These stayed: {list}").format(n=done.number, list="; ".join(stayed)), "bad"
    if done.more:
        return _("{n} handed over; more is left: save again.").format(n=done.number), "info"
    return _("Saved. {n} records were handed over.").format(n=done.number), "good"


def _form(x: Context[Any], c: Change, wrong: dict[str, str]) -> FormPage:
    person = clearing.person_of(c, x)
    items, going = clearing.on_hand(c, x), c.status is ChangeState.CLEARING
    people = _people(x, c, person)
    inputs = [_heir(one, people, wrong, going) for one in items]
    sections = [Section(str(_("On hand: to be handed over")), inputs)] if inputs else []
    known = x.settings_of("hr").clearance_items
    boxes = [Option(key, str(one.label), key in c.settled, note=_seen(c, key)) for key, one in known.items()]
    label = str(_("Given back or settled"))
    sections.append(
        Section(
            str(_("Given back and settled")),
            [Input("given", label, "checks", options=boxes, values=list(c.settled), readonly=not going)],
        )
    )
    return FormPage(
        title=str(_("Clearance")),
        subtitle=f"{c.number} {c.title} · {c.status.label}",
        action=f"/hr/changes/{c.id}/clearance",
        submit=str(_("Save")),
        sections=sections,
        crumbs=[
            Crumb(str(resource.label), resource.path),
            Crumb(c.number, f"{resource.path}/{c.id}"),
            Crumb(str(_("Clearance"))),
        ],
        errors=list(wrong.items()),
        cancel=f"{resource.path}/{c.id}",
        aside=_aside(x, c, items),
        note=_note(c, items, x),
    )


def _note(c: Change, items: list[OpenItems], x: Context[Any]) -> Flash:
    if c.status is not ChangeState.CLEARING:
        return Flash("info", str(_("The clearance is not on: it begins when leaving was approved.")))
    if items or clearing.owed(c, x):
        return Flash("info", str(_("The end waits until nothing is on hand and everything is given back.")))
    return Flash("good", str(_("Nothing is open any more: take “Clearance is done” on the page of the change.")))


def _seen(c: Change, key: str) -> str:
    return str(c.settled.get(key, {}).get("by", ""))


def _heir(one: OpenItems, people: list[Option], wrong: dict[str, str], going: bool) -> Input:
    name = f"to-{one.kind}"
    named = " · ".join(f"{r.number} {r.title}".strip() for r in one.records)
    label = _("{kind}: {n} to be taken over by").format(kind=one.label, n=one.count)
    return Input(name, str(label), "person", options=people, help=named, error=wrong.get(name, ""), readonly=not going)


def _people(x: Context[Any], c: Change, leaver: UUID | None) -> list[Option]:
    """Who holds a post where the leaver works, or below where those are few enough to choose from; by name."""
    found = staff(x.snapshot, x.snapshot.sites.subtree(c.site_id), x.now)
    if len(found) > OFFERED:
        found = staff(x.snapshot, [c.site_id], x.now)
    rest = sorted((name, id) for id, name in found.items() if id != leaver)
    return [Option(str(id), name) for name, id in rest[:OFFERED]]


def _aside(x: Context[Any], c: Change, items: list[OpenItems]) -> list[AsideCard]:
    """Where the records are, and which posts end."""
    lines = [
        Line(str(one.label), "", one.href or None, "case", Value("number", str(one.count), "warn")) for one in items
    ]
    cards = [AsideCard(str(_("On hand")), lines=lines)] if lines else []
    held = holdings.current(x, c.employee_id, x.today(c.site_id))
    posts = [Line(one.title, str(one.nature.label), None, "user") for one in held]
    return [*cards, AsideCard(str(_("Posts that end, with their roles")), lines=posts)] if posts else cards


def beside(c: Change, x: Context[Any]) -> Iterable[Any]:
    """What stands against the end, with the way to the page."""
    if c.type is not ChangeType.LEAVE or c.status is not ChangeState.CLEARING:
        return []
    if not x.gate.may(settle.permission, c.site_id, frozenset()):
        return []
    items, owed = clearing.on_hand(c, x), clearing.owed(c, x)
    lines = [
        Line(str(one.label), "", one.href or None, "case", Value("number", str(one.count), "warn")) for one in items
    ]
    known = x.settings_of("hr").clearance_items
    lines += [Line(str(known[key].label), "", None, "lock", Value("tag", str(_("to come")), "warn")) for key in owed]
    text = "" if lines else str(_("Nothing is open any more."))
    return [
        AsideCard(str(_("Stands against the end")), lines=lines, text=text),
        Action(str(_("Clearance")), f"/hr/changes/{c.id}/clearance", "todo"),
    ]
