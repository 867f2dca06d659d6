"""Steps of a record as buttons, dialogs and pages: what may be done now, and what may not and why.

The taking itself is ``records.actions``; a refused or overtaken step comes back as its form with all that was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..errors import Changed, Conflict, FieldError, Invalid, NotFound, Problem
from ..records import actions
from ..records.approval_words import WITHDRAW
from ..records.journal import STALE
from ..records.offering import options
from ..records.visibility import judged
from ..words import translator
from . import forms, widgets
from .cells_out import Speaker
from .forms import Errors
from .pages import page
from .places import places
from .plans import Plan
from .requests import Values, write
from .views import Action, Crumb, ExplainPage, Flash, FormDialog, FormPage, Refusal
from .views import Check as CheckView
from .work import context

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_OPEN_BUTTONS = 3  # more stand under "…"
_CHANGED = _("{person} changed this record {when}. What you typed is kept; look at the record, then send it again.")
_DONE = _("{number}: {step} – done")


def speaker_of(asked: Asked, plan: Plan) -> Speaker:
    return Speaker(asked.snapshot, plan.module, asked.now)


def asking_for(asked: Asked, plan: Plan, record: Any, session: Session) -> widgets.Asking:
    """Inputs for a record at its site."""
    speaker, site = speaker_of(asked, plan), record.site_id
    return widgets.Asking(
        speaker,
        speaker.zone(site),
        [site],
        record=record,
        relations=plan.resource.relations,
        places=lambda: places(session, asked.snapshot.tenant, site),
        picks=lambda shape: options(context(asked, session, plan), shape.target or "", shape.meta, [site]),
    )


def current_values(plan: Plan, name: str, record: Any, zone: ZoneInfo) -> dict[str, str]:
    """What a transition's own fields hold already; masked values are never put into a form."""
    step = plan.transitions[name]
    shapes = plan.asked(name)
    stored = {n: getattr(record, n) for n in step.asks if not shapes[n].meta.mask}
    defaults = {
        n: info.default for n, info in step.form.model_fields.items() if n not in stored and not info.is_required()
    }
    found = {n: widgets.typed(shapes[n], value, zone) for n, value in {**defaults, **stored}.items()}
    return {**found, **{n: widgets.begun(s, zone) for n, s in shapes.items() if not found.get(n)}}


def buttons(
    plan: Plan, offers: Sequence[actions.Offer], record: Any, asking: widgets.Asking, address: str
) -> tuple[list[Action], list[Action], list[Refusal], list[FormDialog]]:
    """Open buttons, those under "…", refusals, and the dialogs that belong to the buttons.

    The likeliest next step comes first; what makes no sense now for anybody is not even refused.
    """
    state = getattr(record, plan.resource.state) if plan.resource.state else None
    likely = {name: place for place, name in enumerate(plan.resource.likely.get(state, ()))}
    offers = sorted(offers, key=lambda o: (o.transition.danger, likely.get(o.transition.name, len(likely))))
    allowed = [o.transition for o in offers if o.allowed]
    shown: list[Action] = []
    more: list[Action] = []
    dialogs: list[FormDialog] = []
    for step in allowed:
        if step.page:
            own = Action(str(step.label), step.page.format(id=record.id), step.icon, danger=step.danger)
            (more if step.danger or len(shown) >= _OPEN_BUTTONS else shown).append(own)
            continue
        form = forms.transition_form(
            plan, step.name, asking, current_values(plan, step.name, record, asking.zone), Errors(),
            address=address, number=record.number, version=record.row_version,
        )  # fmt: skip
        dialogs.append(forms.dialog(form, step.name))
        button = Action(
            str(step.label), f"{address}/do/{step.name}", step.icon, danger=step.danger, dialog=f"do-{step.name}"
        )
        (more if step.danger or len(shown) >= _OPEN_BUTTONS else shown).append(button)
    if shown and _is_next(plan, state, allowed[0].name):
        shown[0].main = True
    refusals = [
        Refusal(str(o.transition.label), str(o.reason or ""), f"{address}/explain?action={o.transition.name}")
        for o in sorted(offers, key=lambda o: not o.permitted)  # first what is only missing, then what is others' work
        if not o.allowed and not o.quiet
    ]
    return shown, more, refusals, dialogs


def _is_next(plan: Plan, state: Any, name: str) -> bool:
    """Whether a step is what the page is about now: one of those that the kind expects in this state, or of an approval,
    unless it withdraws what was submitted. The others can be done, and are not pressed upon anybody."""
    flow, expected = plan.resource.flow, plan.resource.likely.get(state)
    if flow is not None and name in flow.approval_steps:
        return bool(flow.approval_steps[name][1] != WITHDRAW)
    return expected is None or name in expected


class Moves:
    """The endpoints ``…/<id>/do/<transition>`` and ``…/<id>/explain``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def show(self, asked: Asked) -> Response:
        """The form as a page, for those without JavaScript, and for those who come from a board or list."""
        back = back_of(self.plan, asked.params(("back",)).get("back", ""))
        name = self._step(asked)
        if own := self.plan.transitions[name].page:
            return RedirectResponse(own.format(id=asked.uuid()), 303)

        def load(session: Session) -> FormPage:
            record, _relations = self._record(asked, session)
            x = context(asked, session, self.plan)
            offers = {o.transition.name: o for o in actions.choices_for(self.plan.resource, record, x, _relations)}
            offer = offers.get(name)
            if offer is None or not offer.allowed:
                # The action itself says it best: without permission, from this state, or by a guard.
                actions.transition(self.plan.resource, record.id, name, {}, x)
                raise NotFound()
            return returning(self._form(asked, session, record, name, None, Errors()), back)

        return page(asked, "form.html", await write(asked, load))

    async def take(self, asked: Asked) -> Response:
        """Do it; afterwards the record is shown again."""
        asked.params()
        name, id = self._step(asked), asked.uuid()
        form = await asked.form()
        typed = {s.name: widgets.sent(s, s.name, form) for s in self.plan.asked(name).values()}
        version, back = version_of(form), back_of(self.plan, form.get("back", ""))

        def move(session: Session) -> str:
            record, _relations = self._record(asked, session)
            zone = speaker_of(asked, self.plan).zone(record.site_id)
            body, wrong = widgets.parse(self.plan.asked(name).values(), typed, zone)
            self._numbers(asked, session, body, wrong)
            if wrong:
                raise Invalid(errors=tuple(wrong))
            x = context(asked, session, self.plan)
            done = actions.transition(self.plan.resource, id, name, body, x, version=version)
            return str(done.number)

        try:
            number = await write(asked, move)
        except (Invalid, Conflict, Changed) as problem:
            return await self._again(asked, name, typed, problem, version, back)
        asked.flash(_DONE.format(number=number, step=self.plan.transitions[name].label))
        return RedirectResponse(back or f"{self.plan.path}/{id}", 303)

    def _numbers(self, asked: Asked, session: Session, body: dict[str, Any], wrong: list[FieldError]) -> None:
        resolve_numbers(asked, session, self.plan, self.plan.asked(self._step(asked)), body, wrong)

    async def _again(
        self, asked: Asked, name: str, typed: dict[str, str], problem: Problem, version: int, back: str | None
    ) -> Response:
        def load(session: Session) -> tuple[FormPage, int]:
            record, relations = self._record(asked, session)
            changed = isinstance(problem, Changed)
            over = self._over(asked, session, record, relations, name) if changed else None
            note = changed_note(asked, self.plan, session, record) if changed else None
            errors = Errors(over if changed else problem)
            seen = record.row_version if changed else version
            made = self._form(asked, session, record, name, typed, errors, note, seen)
            return returning(made, back), (over or problem).status

        shown, status = await write(asked, load)
        return page(asked, "form.html", shown, status)

    def _over(
        self, asked: Asked, session: Session, record: Any, relations: frozenset[str], name: str
    ) -> Conflict | None:
        """Why a step that somebody wanted to take is not possible any more, since another was quicker."""
        x = context(asked, session, self.plan)
        offers = {o.transition.name: o for o in actions.choices_for(self.plan.resource, record, x, relations)}
        if name not in offers:
            state = getattr(record, str(self.plan.resource.state), None)
            return Conflict(actions.NOT_FROM_HERE.format(state=getattr(state, "label", state)))
        return None if offers[name].allowed else Conflict(offers[name].reason or "")

    def _form(
        self,
        asked: Asked,
        session: Session,
        record: Any,
        name: str,
        typed: dict[str, str] | None,
        errors: Errors,
        note: Flash | None = None,
        version: int | None = None,
    ) -> FormPage:
        """:param version: what the person saw; None: what stands now."""
        seen = record.row_version if version is None else version
        asking = asking_for(asked, self.plan, record, session)
        values = typed if typed is not None else current_values(self.plan, name, record, asking.zone)
        return forms.transition_form(
            self.plan, name, asking, values, errors,
            address=f"{self.plan.path}/{record.id}", number=record.number, version=seen, note=note,
        )  # fmt: skip

    def _step(self, asked: Asked) -> str:
        name = asked.path_params["transition"]
        if name not in self.plan.transitions:
            raise NotFound()
        return name

    def _record(self, asked: Asked, session: Session) -> tuple[Any, frozenset[str]]:
        held = judged(context(asked, session, self.plan), self.plan.resource, asked.uuid())
        if held is None:
            raise NotFound()
        return held

    async def explain(self, asked: Asked) -> Response:
        """Why this person may, or may not, take a step with a record that they may view."""
        from .rights import explain

        plan, action = self.plan, asked.params(("action",)).get("action", "")
        if action not in ("read", "edit", *plan.transitions):
            raise NotFound()

        def ask(session: Session) -> ExplainPage:
            record, relations = self._record(asked, session)
            told = explain(context(asked, session, plan), plan, record, relations, action)
            words = {"read": _("See"), "edit": _("Edit")}
            what = plan.transition_label(action) if action in plan.transitions else str(words[action])
            address = f"{plan.path}/{record.id}"
            yes, no = str(_("Passed")), str(_("Stopped here"))
            checks = [CheckView(str(c.text), str(c.small), c.ok, yes if c.ok else no) for c in told.checks]
            return ExplainPage(
                str(_("{step}: may I?").format(step=what)),
                str(_("Yes, you may do this now.") if told.allowed else _("No, not now.")),
                checks,
                [Crumb(str(plan.label), plan.path), Crumb(record.number, address), Crumb(what)],
                str(told.mend),
                [str(grant) for grant in told.grants],
                [Action(str(_("Back to the record")), address)],
            )

        return page(asked, "explain.html", await write(asked, ask))


def back_of(plan: Plan, back: str) -> str | None:
    """An address of this resource's own list, board or calendar, or of the approvals, to come back to; None for any other."""
    path = back.partition("?")[0]
    known = (plan.path, f"{plan.path}/board", f"{plan.path}/calendar", "/approvals")
    return back if path in known and back.isprintable() else None


def returning(form: FormPage, back: str | None) -> FormPage:
    """The same form, which afterwards leads back to where it was opened from."""
    if back is not None:
        form.hidden.append(("back", back))
        form.cancel = back
    return form


def version_of(form: Values) -> int:
    """The row version that a form carries. :raises Changed: none that we could have put there."""
    text = form.get("row_version", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Changed(STALE)
    return int(text)


def changed_note(asked: Asked, plan: Plan, session: Session, record: Any) -> Flash:
    """Who changed the record, and when."""
    from . import display, timeline

    speaker = speaker_of(asked, plan)
    stream = timeline.read(context(asked, session, plan), plan, record.id)
    last = stream.history[0] if stream.history else None
    when = display.moment(last.at if last else record.updated_at, speaker.zone(record.site_id), asked.now).text
    return Flash("warn", str(_CHANGED.format(person=speaker.person(last.actor_id if last else None), when=when)))


def resolve_numbers(
    asked: Asked, session: Session, plan: Plan, shapes: Any, body: dict[str, Any], wrong: list[FieldError]
) -> None:
    """References to other records are typed as their numbers; the action wants ids."""
    x = context(asked, session, plan)
    for name, shape in shapes.items():
        text = body.get(name)
        if shape.kind != "record" or not isinstance(text, str):
            continue
        resource = asked.app.registry.resources.get(shape.target or "")
        if resource is None:
            continue
        found = session.scalar(x.readable(resource.record).where(resource.record.number == text))
        if found is not None:
            body[name] = str(found.id)
        else:
            try:
                UUID(text)
            except ValueError:
                wrong.append(FieldError(name, _("There is no record with this number, or you may not view it.")))
