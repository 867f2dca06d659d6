"""Creating and editing a record in a browser: the form, what comes back from it, and the way on.

What was typed is never lost: errors and overtaken versions answer with the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..errors import Changed, Conflict, FieldError, Forbidden, Invalid, NotFound, Problem
from ..records import actions, approval_steps, custom
from ..records.following import FROM
from ..records.journal import STALE
from ..records.offering import options
from ..records.visibility import judged
from ..words import translator
from . import forms, rights, widgets
from .creation import creatable, offered
from .following import Begun, begin
from .forms import Errors
from .pages import page
from .places import places
from .plans import Plan
from .requests import write
from .shapes import Shape
from .slots import added, slotted
from .transitions import asking_for, changed_note, resolve_numbers, speaker_of, version_of
from .views import Flash, FormPage
from .work import Draft, context, create

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_CREATED = _("{number} was created")
_SAVED = _("{number} was saved")
_NOW = _("Now stands there: {value}")
_KEEP = _("Now {value}; leave it empty to keep it.")


class Editing:
    """The endpoints ``…/new`` and ``…/<id>/edit``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # ---- create ----

    async def new(self, asked: Asked) -> Response:
        """``?from=<kind>:<id>``: what gives rise to the new record; the form begins with what that tells."""
        origin = asked.params((FROM,)).get(FROM, "")
        self.demand(asked)
        shapes = {**self.plan.create_fields}
        values = {n: _default(self.plan, n, shape, asked) for n, shape in shapes.items()}
        chosen = [asked.snapshot.sites.node(asked.site).slug] if asked.site else []
        because = None
        if origin:
            because = await write(asked, lambda session: begin(context(asked, session, self.plan), self.plan, origin))
            values |= because.values
            if because.site in creatable(asked, self.plan):
                chosen = [asked.snapshot.sites.node(because.site).slug]
        return await self._form(asked, values, Errors(), chosen, uuid4().hex, because=because)

    def demand(self, asked: Asked) -> None:
        if not creatable(asked, self.plan):
            if not asked.gate.scope(self.plan.resource.permission("read")):
                raise NotFound()
            told = asked.gate.explain(self.plan.resource.permission("create"), asked.site)
            raise Forbidden(told.mend, extra={"explanation": told, "back": self.plan.path})

    def _at_once(self, asked: Asked) -> list[str]:
        """Transitions that this person may take with the creation."""
        return [n for n in self.plan.also if asked.gate.may(self.plan.transitions[n].permission, None)]

    async def _form(
        self,
        asked: Asked,
        values: Mapping[str, str],
        errors: Errors,
        chosen: list[str],
        once: str,
        then: str = "",
        status: int = 200,
        because: Begun | None = None,
    ) -> Response:
        plan = self.plan
        speaker = speaker_of(asked, plan)
        sites = offered(asked, plan)
        nodes = asked.snapshot.sites.by_slug
        offer = [nodes[slug].id for slug, _name in sites]
        here = [nodes[slug].id for slug in chosen if slug in nodes and nodes[slug].id in offer] or offer
        asking = widgets.Asking(
            speaker,
            speaker.zone(here[0] if here else None),
            here,
            relations=plan.resource.relations,
            places=await self._places(asked, here) if len(here) == 1 else list,
            picks=await self._picks(asked, here),
        )
        tail = f"?site={asked.snapshot.sites.node(asked.site).slug}" if asked.site else ""
        form = forms.create_form(
            plan, asking, values, errors,
            sites=sites, chosen=chosen, once=once, then=then, allowed=self._at_once(asked), tail=tail,
        )  # fmt: skip
        if because is not None:
            form.hidden.append((FROM, because.origin))
            form.subtitle = because.words
            form.draft = ""  # it begins with what was told, not with what somebody left here earlier
            form.cancel = because.back
        form.aside = await self._aside(asked)
        return page(asked, "form.html", form, status)

    async def _places(self, asked: Asked, sites: list[UUID]) -> Callable[[], list[tuple[str, str]]]:
        """The register of places of the one site where the record will be; the form of several sites has none."""
        if not any(shape.kind == "location" for shape in self.plan.create_fields.values()):
            return list
        found = await write(asked, lambda session: places(session, asked.snapshot.tenant, sites[0]))
        return lambda: found

    async def _picks(self, asked: Asked, sites: list[UUID]) -> Callable[[Shape], list[tuple[UUID, str, str]]]:
        """What the form's references offer at these sites."""
        asking = [s for s in self.plan.create_fields.values() if s.kind == "record" and s.meta.offers]
        if not asking:
            return lambda _shape: []

        def work(session: Session) -> dict[str, list[tuple[UUID, str, str]]]:
            x = context(asked, session, self.plan)
            return {s.name: options(x, s.target or "", s.meta, sites) for s in asking}

        found = await write(asked, work)
        return lambda shape: found.get(shape.name, [])

    async def _aside(self, asked: Asked) -> list[Any]:
        """Cards that plugins add beside the form; the database is only asked where one of them does."""
        if not slotted(asked.app.registry, asked.snapshot.modules):
            return []
        return await write(asked, lambda s: added(context(asked, s, self.plan), f"form:{self.plan.kind}"))

    async def create(self, asked: Asked) -> Response:
        asked.params()
        self.demand(asked)
        form = await asked.form()
        plan = self.plan
        then = form.get("then", "")
        chosen = [slug for slug in form.getlist("site") if slug]
        values = {s.name: widgets.sent(s, s.name, form) for s in plan.create_fields.values()}
        asked_for = [(s, f"then.{n}.{s.name}") for n in plan.also for s in plan.asked(n).values()]
        extra = {name: widgets.sent(s, name, form) for s, name in asked_for}
        once = form.get("once", "")[:64] or uuid4().hex
        origin = form.get(FROM, "")
        try:
            number, id = await write(
                asked, lambda session: self._create(asked, session, values, extra, chosen, then, once, origin)
            )
        except (Invalid, Conflict) as problem:
            because = None
            if origin:
                because = await write(asked, lambda session: begin(context(asked, session, plan), plan, origin))
            return await self._form(
                asked, {**values, **extra}, Errors(problem), chosen, once, then, problem.status, because
            )
        asked.flash(_CREATED.format(number=number))
        return RedirectResponse(f"{plan.path}/{id}", 303)

    def _create(
        self,
        asked: Asked,
        session: Session,
        values: Mapping[str, str],
        extra: Mapping[str, str],
        chosen: list[str],
        then: str,
        once: str,
        origin: str,
    ) -> tuple[str, UUID]:
        plan = self.plan
        wrong: list[FieldError] = []
        may = {asked.snapshot.sites.node(id).slug: id for id in creatable(asked, plan)}
        places = [may[slug] for slug in chosen if slug in may]
        if not chosen:
            wrong.append(FieldError("site", _("is required")))
        elif len(places) != len(chosen) or (len(chosen) > 1 and plan.scope != "sites"):
            wrong.append(FieldError("site", _("does not exist, or you may not use it here")))
        zone = speaker_of(asked, plan).zone(places[0] if places else None)
        body, bad = widgets.parse(plan.create_fields.values(), values, zone)
        wrong += bad
        resolve_numbers(asked, session, plan, plan.create_fields, body, wrong)
        then_body: dict[str, Any] = {}
        if then:
            if then not in self._at_once(asked):
                raise Invalid(_("This step cannot be taken while creating."))
            asked_for = plan.asked(then)
            mine = {n: extra.get(f"then.{then}.{n}", "") for n in asked_for}
            then_body, bad = widgets.parse(asked_for.values(), mine, zone)
            wrong += [FieldError(f"then_body.{e.path}", e.message) for e in bad]
        x = context(asked, session, plan)
        if wrong:
            raise Invalid(errors=(*wrong, *_more_errors(plan, body, x, wrong)))
        draft = Draft(body, places[0], tuple(places[1:]), then or None, then_body, origin)
        id, _repeated = create(x, plan, draft, key=f"page:{once}")
        record = session.get(plan.record, (x.tenant, id))
        return (record.number if record is not None else ""), id

    # ---- edit ----

    async def edit(self, asked: Asked) -> Response:
        asked.params()

        def load(session: Session) -> FormPage:
            record, shapes = self._editable(asked, session)
            values = self._values(asked, record, shapes)
            return self._edit_form(asked, session, record, shapes, values, values, Errors())

        return page(asked, "form.html", await write(asked, load))

    async def save(self, asked: Asked) -> Response:
        """Only what was changed in the form is changed in the record, so that two people's edits of different fields meet."""
        asked.params()
        form = await asked.form()
        plan, id = self.plan, asked.uuid()
        typed = {s.name: widgets.sent(s, s.name, form) for s in plan.edit_fields.values()}
        was = _was(form.get("was", ""))
        version = version_of(form)

        def change(session: Session) -> str:
            record, shapes = self._editable(asked, session)
            touched = [s for s in shapes.values() if typed[s.name] != was.get(s.name, "")]
            touched = [s for s in touched if not s.meta.mask or typed[s.name]]
            zone = speaker_of(asked, plan).zone(record.site_id)
            body, wrong = widgets.parse(touched, typed, zone)
            empty = [s for s in touched if s.name not in body and s.name not in {e.path for e in wrong}]
            wrong += [FieldError(s.name, _("is required")) for s in empty]
            resolve_numbers(asked, session, plan, shapes, body, wrong)
            if wrong:
                raise Invalid(errors=tuple(wrong))
            done = actions.update(plan.resource, id, body, context(asked, session, plan), version=version)
            return str(done.number)

        try:
            number = await write(asked, change)
        except (Invalid, Conflict, Changed) as problem:
            return await self._edit_again(asked, typed, was, problem, version)
        asked.flash(_SAVED.format(number=number))
        return RedirectResponse(f"{plan.path}/{id}", 303)

    async def _edit_again(
        self, asked: Asked, typed: dict[str, str], was: dict[str, str], problem: Problem, version: int
    ) -> Response:
        def load(session: Session) -> FormPage:
            record, shapes = self._editable(asked, session)
            if not isinstance(problem, Changed):
                return self._edit_form(asked, session, record, shapes, typed, was, Errors(problem), version=version)
            now = self._values(asked, record, shapes)
            # What this person did not touch follows the record; what both touched shows both.
            kept = {n: text if text != was.get(n, "") else now[n] for n, text in typed.items() if n in now}
            note = changed_note(asked, self.plan, session, record)
            made = self._edit_form(asked, session, record, shapes, kept, now, Errors(), note=note)
            speaker, zone = speaker_of(asked, self.plan), speaker_of(asked, self.plan).zone(record.site_id)
            for section in made.sections:
                for each in section.inputs:
                    both = now[each.name] not in (was.get(each.name, ""), kept[each.name])
                    if both:
                        value = speaker.text(shapes[each.name], getattr(record, each.name), zone)
                        each.error = str(_NOW.format(value=value))
            made.errors = Errors().summary(made.sections, self.plan.fields)
            return made

        return page(asked, "form.html", await write(asked, load), problem.status)

    def _editable(self, asked: Asked, session: Session) -> tuple[Any, dict[str, Shape]]:
        """The record and the fields that this person may see open, or replace behind their mask."""
        plan = self.plan
        x = context(asked, session, plan)
        held = judged(x, plan.resource, asked.uuid())
        if held is None or plan.edit is None:
            raise NotFound()
        record, relations = custom.fill(x, held[0]), held[1]
        permission = plan.resource.permission("edit")
        if not asked.gate.may(permission, record.site_id, relations):
            told = asked.gate.explain(permission, record.site_id, relations)
            raise Forbidden(told.mend, extra={"explanation": told, "back": f"{plan.path}/{record.id}"})
        if reason := approval_steps.held(plan.resource, record, x):  # said before anything is typed in vain
            raise Conflict(reason, extra={"back": f"{plan.path}/{record.id}"})
        shapes = {
            n: s
            for n, s in plan.edit_fields.items()
            if rights.seen(s, asked.gate, record.site_id, relations) == rights.OPEN
            or rights.revealable(s, asked.gate, record.site_id, relations)
        }
        return record, shapes

    def _values(self, asked: Asked, record: Any, shapes: Mapping[str, Shape]) -> dict[str, str]:
        zone = speaker_of(asked, self.plan).zone(record.site_id)
        return {n: "" if s.meta.mask else widgets.typed(s, getattr(record, n), zone) for n, s in shapes.items()}

    def _edit_form(
        self,
        asked: Asked,
        session: Session,
        record: Any,
        shapes: Mapping[str, Shape],
        values: Mapping[str, str],
        was: Mapping[str, str],
        errors: Errors,
        *,
        note: Flash | None = None,
        version: int | None = None,
    ) -> FormPage:
        """:param version: what the person saw; None: what stands now."""
        seen = record.row_version if version is None else version
        form = forms.edit_form(
            self.plan, shapes, asking_for(asked, self.plan, record, session), values, errors,
            address=f"{self.plan.path}/{record.id}", number=record.number, note=note,
            hidden=[("row_version", str(seen)), ("was", msgspec.json.encode(dict(was)).decode())],
        )  # fmt: skip
        speaker = speaker_of(asked, self.plan)
        for each in (i for s in form.sections for i in s.inputs):
            shape, raw = shapes[each.name], getattr(record, each.name)
            if shape.meta.mask and raw is not None:
                each.help = str(_KEEP.format(value=speaker.masked(shape, raw).text))
                each.required = False
        return form


def _default(plan: Plan, name: str, shape: Shape, asked: Asked) -> str:
    info = plan.create.model_fields[name]
    zone = speaker_of(asked, plan).zone(asked.site)
    if info.is_required() or info.default is None:
        return widgets.begun(shape, zone)
    return widgets.typed(shape, info.default, zone)


def _was(text: str) -> dict[str, str]:
    """The values that the form was opened with. :raises Changed: the form is not one of ours."""
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        raise Changed(STALE) from None


def _more_errors(plan: Plan, body: Mapping[str, Any], x: Any, had: list[FieldError]) -> list[FieldError]:
    """What else validation would say, so that a person is told everything at once."""
    from ..records.models import validate

    known = {e.path for e in had}
    try:
        validate(plan.create, body, x.settings)
    except Invalid as wrong:
        return [e for e in wrong.errors if e.path not in known]
    return []
