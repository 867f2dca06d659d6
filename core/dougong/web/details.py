"""The page of one record: head, way, deadlines, facts in sections, links, stream, and what may be done now.

One transaction reads everything; the page is then built from plain values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import NotFound
from ..records import actions, approval_steps, custom, links
from ..records.context import Context
from ..records.naming import named
from ..records.resource import Resource
from ..records.visibility import judged
from ..words import translator
from . import display, following, gallery, rights, timeline
from .approvals import panel
from .cells_out import Speaker
from .chains import chain
from .clockpanel import Clocks
from .pages import page
from .places import place
from .plans import Plan, plan_of
from .requests import write
from .reveal import reveal
from .shapes import Shape
from .slots import added
from .transitions import asking_for, buttons
from .views import Action, Crumb, DetailPage, Fact, FactSection, Line, Progress, Refusal, Step, Value
from .work import NO_SETTINGS, context

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .requests import Asked

_ = translator("dougong")

_BY = _("{person} created it on {when}")
_TITLE = 44  # so much of a long text makes a heading; all of it stands in its section
_NOT_YOURS = _("Another record, which you may not view")
_PRINTED = _("Printed {when}, {person}")


class Details:
    """The endpoints ``…/<id>`` and ``…/<id>/reveal/<field>``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def show(self, asked: Asked) -> Response:
        only = asked.params(("show",)).get("show", "")
        if only not in ("", timeline.HISTORY, timeline.COMMENTS, timeline.FILES, *self.plan.children):
            only = ""
        drawn = await write(asked, lambda session: self._page(asked, session, only, {}))
        return page(asked, "detail.html", drawn)

    async def reveal(self, asked: Asked) -> Response:
        """Open one masked value: as text for a script, else the page with the value in its place. Logged either way."""
        asked.params()
        name = asked.path_params["field"]

        def opened(session: Session) -> DetailPage | str:
            value = reveal(context(asked, session, self.plan), self.plan, asked.uuid(), name)
            if asked.is_script:
                return "" if value is None else str(value)
            return self._page(asked, session, "", {name: value})

        found = await write(asked, opened)
        if isinstance(found, str):
            response = Response(msgspec.json.encode({"value": found}), media_type="application/json")
        else:
            response = page(asked, "detail.html", found)
        response.headers["cache-control"] = "no-store"
        return response

    def _page(self, asked: Asked, session: Session, only: str, opened: dict[str, Any]) -> DetailPage:
        plan = self.plan
        x = context(asked, session, plan)
        held = _read(x, plan, asked.uuid(), opened)
        record, relations, drawing, stories, shelf = held.record, held.relations, held.drawing, held.stories, held.shelf
        offers = actions.choices_for(plan.resource, record, x, relations)
        shown, more, refusals, dialogs = buttons(
            plan, offers, record, asking_for(asked, plan, record, session), drawing.address
        )
        if plan.edit is not None and asked.gate.may(plan.resource.permission("edit"), record.site_id, relations):
            more.insert(0, Action(str(_("Link another record")), f"{drawing.address}/link", "link"))
            if reason := approval_steps.held(plan.resource, record, x):  # what is being signed is not written on
                refusals.insert(0, Refusal(str(_("Edit")), str(reason)))
            else:
                more.insert(0, Action(str(_("Edit")), f"{drawing.address}/edit", "edit"))
        stream = held.stream
        entries = stories.entries(stream)
        tabs = stories.tabs(stream, entries, only, drawing.address)
        made = drawing.page(stories.reached(stream))
        made.actions, made.more, made.refusals, made.dialogs = shown, more, refusals, dialogs
        made.tabs, made.timeline = tabs, stories.entries(stream, only) if only else entries
        made.links, made.files, made.talk = _links(x, plan, record), shelf.box(), shelf.talk()
        given = added(x, f"detail:{plan.kind}", record)
        # the page that a plugin made of the record stands in sight; what else it offers is under "…"
        own = [one for one in given if isinstance(one, Action) and one.main]
        first, then = (own, shown) if own and _over(plan, record) else (shown, own)
        made.actions = [*first, *(replace(one, main=False) for one in then)]
        made.more += [one for one in given if isinstance(one, Action) and not one.main]
        made.chain, made.offers = chain(x, record), following.offered(x, record)
        made.progress = [one for one in given if isinstance(one, Progress)]
        cards = [one for one in given if not isinstance(one, Action | Progress)]
        rounds = panel(x, plan.resource, record, drawing.zone)
        made.slots = {name: found for name, found in (("approvals", rounds), ("aside", cards)) if found}
        return made


def _over(plan: Plan, record: Any) -> bool:
    """Whether the kind says of this state that no step comes next as a rule: what is left is to read it."""
    state = getattr(record, plan.resource.state) if plan.resource.state else None
    return plan.resource.likely.get(state) == ()


def record_page(x: Context[Any], resource: Resource[Any], id: UUID) -> DetailPage:
    """A record's page as this context's person may see it, to be read and not pressed: without buttons, forms and cards
    of plugins, for paper and messages. Masked values stay masked.

    :raises NotFound: there is none, or it may not be seen.
    """
    plan = plan_of(resource, x.snapshot.custom(resource.kind))
    inner = x.with_settings(x.snapshot.settings(plan.module) if resource.settings else NO_SETTINGS)
    held = _read(inner, plan, id, {})
    made = held.drawing.page(held.stories.reached(held.stream))
    made.timeline, made.files = held.stories.entries(held.stream), held.shelf.box()
    made.links = _links(inner, plan, held.record)
    made.chain = chain(inner, held.record)
    return made


@dataclass(slots=True)
class _Held:
    """One record that may be seen, with what draws it."""

    record: Any
    relations: frozenset[str]
    drawing: _Drawing
    stories: timeline.Drawing
    stream: timeline.Stream
    shelf: gallery.Gallery


def _read(x: Context[Any], plan: Plan, id: UUID, opened: dict[str, Any]) -> _Held:
    """:raises NotFound: there is none, or it may not be seen."""
    held = judged(x, plan.resource, id)
    if held is None:
        raise NotFound()
    record, relations = custom.fill(x, held[0]), held[1]
    drawing = _Drawing(plan, x, record, relations, opened)
    stream = timeline.read(x, plan, record.id)
    site, speaker = record.site_id, drawing.speaker
    shelf = gallery.Gallery(plan, speaker, x.gate, stream.added, id=record.id, site=site, relations=relations)
    stories = timeline.Drawing(plan, speaker, drawing.zone, x.gate, site, relations, shelf, following.words_of(x))
    return _Held(record, relations, drawing, stories, stream, shelf)


def _links(x: Context[Any], plan: Plan, record: Any) -> list[Line]:
    made = []
    told = {getattr(record, name) for name, shape in plan.fields.items() if shape.kind == "record"}
    for other in links.linked(x, plan.kind, record.id):
        if other.id in told:  # a field of the record names it already
            continue
        resource = x.registry.resources[other.kind]
        state = str(getattr(other.state, "label", "")) if other.state is not None else ""
        title, address = display.cut(other.title, 60), f"{resource.path}/{other.id}"
        made.append(Line(other.number, title, address, resource.icon, Value("text", state) if state else None))
    return made


class _Drawing:
    """One record in one person's words."""

    def __init__(
        self, plan: Plan, x: Context[Any], record: Any, relations: frozenset[str], opened: dict[str, Any]
    ) -> None:
        self.plan, self.x, self.record, self.relations, self.opened = plan, x, record, relations, opened
        self.speaker = Speaker(x.snapshot, plan.module, x.now)
        self.zone: ZoneInfo = self.speaker.zone(record.site_id)
        self.address = f"{plan.path}/{record.id}"
        self.gate: Gate = x.gate

    def value(self, name: str) -> Value:
        shape = self.plan.fields[name]
        if shape.kind == "record":
            return self._reference(shape)
        if shape.kind == "location" and getattr(self.record, name) is not None:
            return Value("text", place(self.x.session, self.x.tenant, getattr(self.record, name)))
        if shape.kind == "datetime" and getattr(self.record, name) is not None:  # a file says when, on paper too
            at = getattr(self.record, name)
            return Value("datetime", display.stamp(at, self.zone), datetime=at.isoformat())
        value = self.speaker.value(shape, getattr(self.record, name), self.zone)
        return display.coded(value, named(self.x, self.record, name)) if shape.meta.named else value

    def _reference(self, shape: Shape) -> Value:
        """A link to another record, by its number and title, for those who may view it."""
        id: UUID | None = getattr(self.record, shape.name)
        resource = self.x.registry.resources.get(shape.target or "")
        if id is None:
            return display.EMPTY
        if resource is None:
            return Value("text", str(id))
        found = self.x.session.scalar(self.x.readable(resource.record).where(resource.record.id == id))
        if found is None:
            return Value("text", str(_NOT_YOURS))
        title = display.cut(str(getattr(found, str(resource.title))), 40)
        return Value("link", f"{found.number} {title}", href=f"{resource.path}/{id}")

    def fact(self, shape: Shape) -> Fact | None:
        """One field; None where it is empty or not for this person."""
        raw = getattr(self.record, shape.name)
        counted = shape.meta.create or shape.meta.edit  # what the rules count is only worth saying from one on
        if raw is None or raw == "" or raw is False or (raw == 0 and not counted):
            return None
        how = rights.seen(shape, self.gate, self.record.site_id, self.relations)
        if how == rights.ABSENT:
            return None
        if how == rights.OPEN or shape.name in self.opened:
            value = self.value(shape.name)
            return Fact(str(shape.label), value if display.pressing(value) else Value("text", value.text))
        may = rights.revealable(shape, self.gate, self.record.site_id, self.relations)
        return Fact(
            str(shape.label), self.speaker.masked(shape, raw), f"{self.address}/reveal/{shape.name}" if may else None
        )

    def page(self, reached: dict[str, Any]) -> DetailPage:
        plan, record = self.plan, self.record
        title = self.speaker.text(plan.fields[plan.title], getattr(record, plan.title), self.zone)
        state = self.value(plan.resource.state) if plan.resource.state else None
        badges = [self.value(n) for n in plan.resource.badges if getattr(record, n) is not None]
        inner = self.gate.may(plan.resource.permission("comment"), record.site_id, self.relations)
        clocks = Clocks(plan, self.x, record, self.speaker, self.zone, inner=inner)
        return DetailPage(
            title=display.cut(title, _TITLE),
            number=record.number,
            crumbs=[Crumb(str(plan.label), plan.path), Crumb(record.number)],
            state=state,
            badges=[b for b in badges if display.pressing(b)],
            subtitle=self._subtitle(),
            actions=[], more=[], refusals=[],
            steps=self._steps(reached),
            dues=clocks.dues(), ahead=clocks.ahead(), behind=clocks.behind(),
            sections=self._sections(),
            links=[], tabs=[], timeline=[], dialogs=[],
            print_title=f"{self.x.snapshot.name}　{plan.resource.form_title or plan.one}",
            place=self.speaker.site(record.site_id),
            printed=str(_PRINTED.format(when=display.stamp(self.x.now, self.zone), person=self._me())),
            signatures=[str(words) for words in plan.resource.signatures],
        )  # fmt: skip

    def _me(self) -> str:
        return self.x.person.name if self.x.person else ""

    def _subtitle(self) -> str:
        when = display.stamp(self.record.created_at, self.zone)
        by = _BY.format(person=self.speaker.person(self.record.created_by), when=when)
        return f"{self.speaker.site(self.record.site_id)} · {by}"

    def _steps(self, reached: dict[str, Any]) -> list[Step]:
        name = self.plan.resource.state
        if name is None or not self.plan.resource.steps:
            return []
        shape, now = self.plan.fields[name], rights.stored(getattr(self.record, name))
        order = [s.value for s in self.plan.resource.steps]
        at = order.index(now) if now in order else max((i for i, s in enumerate(order) if s in reached), default=0)
        made = []
        for index, state in enumerate(self.plan.resource.steps):
            current = state.value == now
            # one that was gone past without ever standing there was not needed; without a history all before are done
            left = index < at and (state.value in reached or not reached.keys() - {now})
            done = left or (index == at and not current) or (current and shape.tones.get(now) == "done")
            note = ""
            if index <= at and state.value in reached:
                here = reached[state.value].astimezone(self.zone)
                note = f"{here:%m-%d %H:%M}"
            made.append(Step(str(state.label), shape.tones.get(state.value, ""), done, current, note))
        return made

    def _sections(self) -> list[FactSection]:
        made = []
        pressing = [n for n in self.plan.resource.badges if display.pressing(self.value(n))]
        shown = {self.plan.resource.state, *pressing}  # in the head already
        for label, names in self.plan.sections:
            facts = [self.fact(self.plan.fields[n]) for n in names if n not in shown]
            found = [fact for fact in facts if fact is not None]
            if found:
                made.append(FactSection(str(label or self.plan.one), found))
        return made
