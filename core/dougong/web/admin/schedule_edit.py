"""The form of a schedule: the rule's editor, what a day off, a window and a missed run mean, and the next times beside it.

What was typed stays through every refusal, and through a change that somebody else made meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ...errors import BadRequest, Changed, FieldError, Invalid, Problem
from ...records.context import Context
from ...timing import schedule_desk
from ...timing.rules import Rule
from ...timing.schedules import EDIT, READ, Schedule
from ...timing.tables import ScheduleRow
from ...words import translator
from ..pages import page
from ..refusing import with_problem
from ..requests import Values
from ..signin import redirect
from ..views import AsideCard, Fact, Flash, FormPage, Input, Option, Section, Value
from . import rule_form
from .common import REFUSED, crumbs, in_context, need, number_in, options
from .schedule_words import MISSED, PARTS, PATH, TITLE, minutes, name_of, place, rule_words
from .schedules import TIMES, next_lines

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")


_OWN = "-"  # no short name of a calendar; a browser takes an empty choice for none


@dataclass(frozen=True)
class Held:
    """A schedule as the form needs it. :ivar calendars: of the company, by slug."""

    row: ScheduleRow
    declared: Schedule
    calendars: Mapping[str, Any]


def _held(x: Context[Any], asked: Asked) -> Held:
    row = schedule_desk.one(x, asked.uuid())
    schedule_desk.desk_of(x).need(EDIT, row.site_id)
    return Held(row, schedule_desk.declared(x)[row.name], schedule_desk.calendars(x))


async def edit(asked: Asked) -> Response:
    """``GET /admin/schedules/<id>/edit``."""
    need(asked, READ)
    asked.params()

    def read(x: Context[Any]) -> FormPage:
        held = _held(x, asked)
        made = _form(asked, held, _stored(held.row))
        made.aside = [_preview(asked, x, held, {})]
        return made

    return page(asked, "schedule.html", await in_context(asked, read))


async def save(asked: Asked) -> Response:
    """``POST /admin/schedules/<id>/edit``; with ``preview`` nothing is saved and the next times are shown."""
    need(asked, READ)
    asked.params()
    id, form = asked.uuid(), await asked.form()
    if not form.get("preview"):
        try:
            await in_context(asked, lambda x: _save(x, asked, form))
            asked.flash(_("Saved."))
            return redirect(f"{PATH}/{id}")
        except REFUSED as problem:
            return await _again(asked, form, problem)
    return await _again(asked, form, None)


def _save(x: Context[Any], asked: Asked, form: Values) -> None:
    held = _held(x, asked)
    body, _values, problem = _judged(x, held, form)
    version: list[FieldError] = []
    number = number_in(form, "version", version)
    if problem is not None:
        raise problem
    if version or number is None:
        raise BadRequest(_("The form does not say which version it changes. Open it again."))
    schedule_desk.change(x, held.row.id, body, version=number)


async def _again(asked: Asked, form: Values, problem: Problem | None) -> Response:
    """The form as it was typed, with the refusal, and with what somebody else has saved meanwhile."""

    def read(x: Context[Any]) -> tuple[FormPage, Problem | None]:
        held = _held(x, asked)
        made, told = _form(asked, held, _sent(form)), problem
        _body, values, wrong = _judged(x, held, form)
        made.aside = [_preview(asked, x, held, values)]
        if isinstance(told, Changed):
            made.aside.insert(0, _standing(asked, held))
            made.hidden = [("version", str(held.row.row_version))]
        return made, told or wrong

    made, told = await in_context(asked, read)
    return page(asked, "schedule.html", with_problem(made, told), told.status if told else 200)


def _judged(x: Context[Any], held: Held, form: Values) -> tuple[dict[str, Any], dict[str, Any] | None, Invalid | None]:
    """What was typed as the service takes it, the columns that saving would set, and what it would refuse: all at once."""
    body, wrong = typed(form, held)
    values: dict[str, Any] | None = None
    try:
        values = schedule_desk.checked(x, held.row, body)
    except Invalid as problem:
        wrong += _placed(problem, form.get("kind", "")).errors
    return body, None if wrong else values, Invalid(errors=tuple(wrong)) if wrong else None


# ---- what was typed -----------------------------------------------------------------------------------


def typed(form: Values, held: Held) -> tuple[dict[str, Any], list[FieldError]]:
    """The typed values as the service takes them, and what cannot be read; parts that the module fixed are left out."""
    wrong: list[FieldError] = []
    body: dict[str, Any] = {
        "calendar": None if (calendar := form.get("calendar", "").strip()) in ("", _OWN) else calendar,
        "window": number_in(form, "window", wrong),
        "grace": number_in(form, "grace", wrong, held.row.grace),
        "missed": form.get("missed", ""),
        "active": not form.get("paused"),
        "starts_on": form.get("starts_on", "").strip() or None,
        "ends_on": form.get("ends_on", "").strip() or None,
    }
    if "rule" not in held.declared.fixed:
        try:
            body["rule"] = rule_form.rule_of(form).to_json()
        except Invalid as problem:
            wrong = [*problem.errors, *wrong]
    return {name: value for name, value in body.items() if name not in held.declared.fixed}, wrong


def _placed(problem: Invalid, kind: str) -> Invalid:
    """Refusals of ``rule.…`` at the editor's inputs."""
    of_rule = [FieldError(e.path[5:], e.message) for e in problem.errors if e.path.startswith("rule.")]
    others = tuple(e for e in problem.errors if not e.path.startswith("rule."))
    inner = rule_form.placed(Invalid(errors=tuple(of_rule)), kind).errors if of_rule else ()
    problem.errors = (*inner, *others)
    return problem


def _stored(row: ScheduleRow) -> dict[str, Any]:
    found = rule_form.typed(Rule.from_json(row.rule))
    return found | {
        "calendar": row.calendar or "", "window": "" if row.window is None else str(row.window), "grace": str(row.grace),
        "missed": row.missed, "paused": "" if row.active else "1", "version": str(row.row_version),
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }  # fmt: skip


def _sent(form: Values) -> dict[str, Any]:
    return {**{name: form.get(name, "") for name in form}, "weekdays": form.getlist("weekdays")}


# ---- the form -----------------------------------------------------------------------------------------


def _form(asked: Asked, held: Held, sent: Mapping[str, Any]) -> FormPage:
    row, fixed = held.row, held.declared.fixed
    name = name_of(held.declared, row)
    sections = [] if "rule" in fixed else [rule_form.section(sent)]
    sections += [s for s in (_running(held, sent), _holds(sent)) if s.inputs]
    for one in sections:
        one.inputs = [i for i in one.inputs if {"paused": "active"}.get(i.name, i.name) not in fixed]
    return FormPage(
        str(_("Edit: {name}").format(name=name)),
        f"{PATH}/{row.id}/edit",
        str(_("Save")),
        [one for one in sections if one.inputs],
        crumbs=crumbs((TITLE, PATH), (name, f"{PATH}/{row.id}"), (_("Edit"), None)),
        subtitle=f"{asked.snapshot.label(held.declared.module)} · {place(asked, row.site_id)}",
        hidden=[("version", str(sent.get("version") or row.row_version))],
        others=[("preview", "1", str(_("Preview")))],
        cancel=f"{PATH}/{row.id}",
        note=_note(fixed),
    )


def _note(fixed: frozenset[str]) -> Flash | None:
    if not fixed:
        return None
    named = str(_(", ")).join(str(PARTS[name]) for name in PARTS if name in fixed)
    return Flash("info", str(_("The module has fixed this; it cannot be changed here: {parts}.").format(parts=named)))


def _running(held: Held, sent: Mapping[str, Any]) -> Section:
    missed = str(sent.get("missed") or "once")
    choices = [Option(value, str(label), value == missed, str(note)) for value, (label, note) in MISSED.items()]
    calendar = str(sent.get("calendar") or _OWN)
    named = [(_OWN, _("the site's own")), *((slug, name) for slug, name in held.calendars.items())]
    if calendar not in (_OWN, *held.calendars):
        named.append((calendar, calendar))
    unit = str(_("minutes"))
    inputs = [
        Input("missed", str(_("What a missed run means")), "radios", missed, options=choices, required=True),
        Input("grace", str(_("Grace")), "number", str(sent.get("grace") or ""), unit=unit, help=str(_GRACE), required=True),
        Input("window", str(_("Window")), "number", str(sent.get("window") or ""), unit=unit, help=str(_WINDOW)),
    ]  # fmt: skip
    if held.calendars or calendar != _OWN:
        inputs.insert(0, Input("calendar", str(_("Calendar")), "choice", calendar, options=options(named, calendar),
                               required=True, help=str(_CALENDAR)))  # fmt: skip
    return Section(str(_("Calendar and missed runs")), inputs)


def _holds(sent: Mapping[str, Any]) -> Section:
    return Section(
        str(_("From and until")),
        [
            Input("starts_on", str(_("From")), "date", str(sent.get("starts_on") or "")),
            Input("ends_on", str(_("Until")), "date", str(sent.get("ends_on") or ""), help=str(_("This day included."))),
            Input("paused", str(_("Pause")), "bool", str(sent.get("paused") or ""), help=str(_PAUSED)),
        ],
    )


# ---- beside it ----------------------------------------------------------------------------------------


def _preview(asked: Asked, x: Context[Any], held: Held, values: dict[str, Any] | None) -> AsideCard:
    """The next times with these values; None: they cannot be, as they stand."""
    title = str(_("The next {n} times").format(n=TIMES))
    if values is None:
        return AsideCard(title, text=str(_("They come here when what is marked is mended.")))
    said = rule_words(values.get("rule", held.row.rule))
    lines = next_lines(asked, x, held.row, values)
    if not lines:
        said = f"{said}\n{_('It does not run any more: it ends before its next time.')}"
    return AsideCard(title, lines=lines, text=said)


def _standing(asked: Asked, held: Held) -> AsideCard:
    """What somebody else has saved meanwhile."""
    row = held.row
    label, _note_of = MISSED[row.missed]
    span = [day.isoformat() if day else "…" for day in (row.starts_on, row.ends_on)]
    shown = {
        "rule": rule_words(row.rule), "calendar": str(held.calendars.get(row.calendar or "", _("the site's own"))),
        "missed": str(label), "grace": minutes(row.grace), "window": minutes(row.window),
        "active": str(_("active") if row.active else _("paused")), "starts_on": " – ".join(span),
    }  # fmt: skip
    facts = [Fact(str(PARTS[name]), Value("text", text)) for name, text in shown.items()]
    text = str(_("Your own entries are still in the form. Save once more to put them in the place of these."))
    return AsideCard(str(_("Saved by somebody else meanwhile")), facts, text=text)


_GRACE = _("A run that has not begun so long after its time counts as missed.")
_WINDOW = _("Within which the work is to be done, from its time on; empty: no window.")
_CALENDAR = _("Whose working days and shifts count.")
_PAUSED = _("It does not run until this is taken away. What falls into the pause is not made up.")
