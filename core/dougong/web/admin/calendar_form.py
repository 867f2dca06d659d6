"""Making, changing and taking away a calendar: weekday hours, shifts that come and go by buttons, holidays, own days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ...access import calendars as services
from ...errors import FieldError, Invalid, Problem
from ...tenancy.hours import DEFAULT, MOST_SHIFTS, WEEKDAYS, CoreCalendar, NamedCalendar
from ...words import Lazy, translator
from ..pages import company
from ..signin import redirect
from ..views import Flash, FormPage, Input, Section
from .calendar_words import EDIT, KINDS, PATH, SHORT, TITLE, name_of, ranges, typed_days
from .calendar_year import found
from .common import REFUSED, ask_again, at_desk, crumbs, form_page, need_whole, options
from .model_form import ACT, label_of
from .settings import validated

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

_ADD = "add"
_HOURS = _("As in 08:30-12:00, 13:30-18:00; empty: off. 22:00-06:00 ends on the next day.")
_SHIFT_HOURS = _(
    "With its breaks, in the order of work: 22:00-02:00, 02:30-06:00. 24:00-08:00 belongs to the day before."
)
_DAYS = _("A date or a range a line, as in 2026-12-31 or 2027-02-15 – 2027-02-21.")
_HOLIDAYS = _("The company's own days off and working days then hold here too.")
_NEW_SHIFTS = (
    (_("Early shift"), "08:00-16:00"), (_("Middle shift"), "16:00-24:00"), (_("Night shift"), "24:00-08:00"),
)  # fmt: skip

Sent = dict[str, Any]  # name of an input → what it holds; the weekdays of a shift are a list


# ---- a new one --------------------------------------------------------------------------------------


def _new_form(sent: Values | dict[str, str]) -> FormPage:
    kind = sent.get("kind") or "week"
    inputs = [
        Input("name", str(_("Name")), "line", sent.get("name", ""), required=True, maxlength=40),
        Input(
            "slug", str(_("Short name")), "line", sent.get("slug", ""), required=True, maxlength=40,
            help=str(_("For files and programs: lower-case letters, digits, _ and -. It stays.")),
        ),
        Input("kind", str(_("Kind")), "radios", kind, required=True, options=options(list(KINDS.items()), kind)),
    ]  # fmt: skip
    return FormPage(
        str(_("Add a calendar")),
        f"{PATH}/new",
        str(_("Add")),
        [Section("", inputs, help=str(_("Hours and days are set on the next page.")))],
        crumbs=crumbs((TITLE, PATH), (_("Add a calendar"), None)),
        cancel=PATH,
    )


async def new(asked: Asked) -> Response:
    """``GET /admin/calendars/new``."""
    need_whole(asked, EDIT)
    asked.params()
    return form_page(asked, _new_form({}))


async def create(asked: Asked) -> Response:
    """``POST /admin/calendars/new``."""
    need_whole(asked, EDIT)
    asked.params()
    form = await asked.form()
    slug, kind = form.get("slug", "").strip(), form.get("kind", "")
    given: dict[str, Any] = {"name": form.get("name", ""), "kind": kind}
    if kind == "shifts":  # round the clock as a property company does it; guards do not stop for a holiday
        given |= {
            "public_holidays": False,
            "shifts": [{"name": str(name), "hours": hours} for name, hours in _NEW_SHIFTS],
        }
    try:
        made = validated(NamedCalendar, given)
        await at_desk(asked, lambda desk: services.put_calendar(desk, slug, made, new=True))
    except REFUSED as problem:
        return form_page(asked, _new_form(form), _at_slug(problem, slug))
    asked.flash(_("The calendar is there. Look over its hours, then say where it holds."))
    return redirect(f"{PATH}/{slug}/edit" if kind != "always" else f"{PATH}/{slug}")


def _at_slug(problem: Problem, slug: str) -> Problem:
    """What the settings as a whole find wrong with a new entry belongs to its short name."""
    known = ("name", "slug", "kind")
    problem.errors = tuple(FieldError(e.path if e.path in known else "", e.message) for e in problem.errors)
    return problem


# ---- changing ---------------------------------------------------------------------------------------


def _held(own: CoreCalendar) -> Sent:
    """A calendar as its form holds it."""
    sent: Sent = {name: getattr(own, name) for name in WEEKDAYS}
    sent |= {"public_holidays": own.public_holidays, "name": getattr(own, "name", "")}
    sent |= {"days_off": ranges(own.days_off), "working_days": ranges(own.working_days)}
    sent["shifts"] = [{"name": s.name, "hours": s.hours, "days": list(s.days)} for s in getattr(own, "shifts", ())]
    return sent


def _typed(form: Values) -> Sent:
    sent: Sent = {name: form.get(name, "") for name in (*WEEKDAYS, "name", "days_off", "working_days")}
    sent["public_holidays"] = bool(form.get("public_holidays"))
    numbers = [n for n in range(MOST_SHIFTS + 1) if f"shifts.{n}.name" in form]
    sent["shifts"] = [
        {part: form.get(f"shifts.{n}.{part}", "") for part in ("name", "hours")}
        | {"days": form.getlist(f"shifts.{n}.days")}
        for n in numbers
    ]
    return sent


def _given(own: CoreCalendar, sent: Sent, wrong: list[FieldError]) -> dict[str, Any]:
    """The typed values as the model takes them; what this kind of calendar does not ask stays at its default."""
    given: dict[str, Any] = {}
    kind = own.kind if isinstance(own, NamedCalendar) else "week"
    if isinstance(own, NamedCalendar):
        given |= {"name": sent["name"], "kind": kind}
    if kind == "always":
        return given
    if kind == "shifts":
        given["shifts"] = sent["shifts"]
    else:
        given |= {name: sent[name] for name in WEEKDAYS}
    given["public_holidays"] = sent["public_holidays"]
    return given | {name: typed_days(sent[name], name, wrong) for name in ("days_off", "working_days")}


def _form(asked: Asked, slug: str, own: CoreCalendar, sent: Sent) -> FormPage:
    kind = own.kind if isinstance(own, NamedCalendar) else "week"
    at, title = f"{PATH}/{slug}", name_of(company(asked), slug)
    sections = []
    if isinstance(own, NamedCalendar):
        name = Input("name", str(_("Name")), "line", str(sent["name"]), required=True, maxlength=40)
        sections.append(
            Section("", [name], help=str(_("{kind}. Its short name is {slug}.").format(kind=KINDS[kind], slug=slug)))
        )
    if kind == "shifts":
        sections += [_shift(number, one) for number, one in enumerate(sent["shifts"])]
    if kind == "week":
        hours = [Input(name, _label(name), "line", str(sent[name]), maxlength=100) for name in WEEKDAYS]
        sections.append(Section(str(_("Hours")), hours, help=str(_HOURS)))
    if kind != "always":
        sections.append(_days(own, sent))
    form = FormPage(
        str(_("Edit {name}").format(name=title)), f"{at}/edit", str(_("Save")), sections,
        crumbs=crumbs((TITLE, PATH), (title, at), (_("Edit"), None)), cancel=at,
    )  # fmt: skip
    if kind == "shifts" and len(sent["shifts"]) < MOST_SHIFTS:
        form.others = [(ACT, _ADD, str(_("Add a shift")))]
    return form


def _label(name: str) -> str:
    return label_of(name, CoreCalendar.model_fields[name])


def _shift(number: int, one: dict[str, Any]) -> Section:
    chosen = one["days"]
    days = [(name, SHORT[n]) for n, name in enumerate(WEEKDAYS)]
    inputs = [
        Input(f"shifts.{number}.name", str(_("Name")), "line", one["name"], required=True, maxlength=40),
        Input(
            f"shifts.{number}.hours",
            str(_("Hours")),
            "line",
            one["hours"],
            required=True,
            maxlength=100,
            help=str(_SHIFT_HOURS),
        ),
        Input(f"shifts.{number}.days", str(_("Weekdays")), "checks", values=chosen, options=options(days, chosen)),
    ]
    inputs[2].button = (ACT, f"remove:{number}", str(_("Remove this shift")))
    inputs[2].required = True
    return Section(str(_("Shift {n}: {name}").format(n=number + 1, name=one["name"] or "…")), inputs)


def _days(own: CoreCalendar, sent: Sent) -> Section:
    holidays = Input("public_holidays", _label("public_holidays"), "bool", "1" if sent["public_holidays"] else "")
    if isinstance(own, NamedCalendar):
        holidays.help = str(_HOLIDAYS)
    lines = [Input(name, _label(name), "lines", sent[name], help=str(_DAYS)) for name in ("days_off", "working_days")]
    words: Lazy = _("These go before public holidays and weekdays. A working day on a day without hours has Monday's.")
    return Section(str(_("Holidays and own days")), [holidays, *lines], help=str(words))


async def edit(asked: Asked) -> Response:
    """``GET /admin/calendars/<slug>/edit``."""
    need_whole(asked, EDIT)
    asked.params()
    slug, own = found(asked)
    return form_page(asked, _form(asked, slug, own, _held(own)))


async def save(asked: Asked) -> Response:
    """``POST /admin/calendars/<slug>/edit``; with ``act`` only the form changes and nothing is stored yet."""
    need_whole(asked, EDIT)
    asked.params()
    slug, own = found(asked)
    form = await asked.form()
    sent = _typed(form)
    if what := form.get(ACT):
        _act(what, sent)
        shown = _form(asked, slug, own, sent)
        shown.note = Flash("info", str(_("Not saved yet. Look it over, then press “Save”.")))
        return form_page(asked, shown)
    try:
        wrong: list[FieldError] = []
        given = _given(own, sent, wrong)
        if wrong:
            raise Invalid(errors=tuple(wrong))
        made = validated(type(own), given)
        await at_desk(asked, lambda desk: services.put_calendar(desk, slug, made))
    except REFUSED as problem:
        return form_page(asked, _form(asked, slug, own, sent), _at_inputs(problem))
    asked.flash(_("Saved. Due times and schedules follow within seconds."))
    return redirect(f"{PATH}/{slug}")


def _act(what: str, sent: Sent) -> None:
    verb, _colon, which = what.partition(":")
    if verb == _ADD and len(sent["shifts"]) < MOST_SHIFTS:
        sent["shifts"].append({"name": "", "hours": "", "days": list(WEEKDAYS)})
    elif verb == "remove":
        sent["shifts"] = [one for number, one in enumerate(sent["shifts"]) if str(number) != which]


def _at_inputs(problem: Problem) -> Problem:
    """The errors of the settings as a whole, at the inputs of this form."""
    placed = []
    for e in problem.errors:
        path = e.path.split(".")
        if path[0] in ("calendar", "calendars"):
            path = path[1 if path[0] == "calendar" else 2 :]
        keep = 3 if path[:1] == ["shifts"] else 1
        placed.append(FieldError(".".join(path[:keep]), e.message))
    problem.errors = tuple(placed)
    return problem


# ---- taking away ------------------------------------------------------------------------------------


def _ask(asked: Asked, slug: str, problem: Problem | None = None) -> Response:
    at, title = f"{PATH}/{slug}", name_of(company(asked), slug)
    return ask_again(
        asked,
        _("Delete {name}?").format(name=title),
        _("The calendar “{name}” with its hours and days is deleted. History keeps what it was.").format(name=title),
        action=f"{at}/delete",
        submit=_("Delete"),
        back=at,
        trail=crumbs((TITLE, PATH), (title, at)),
        problem=problem,
    )


async def confirm_delete(asked: Asked) -> Response:
    """``GET /admin/calendars/<slug>/delete``."""
    need_whole(asked, EDIT)
    asked.params()
    return _ask(asked, found(asked)[0])


async def delete(asked: Asked) -> Response:
    """``POST /admin/calendars/<slug>/delete``."""
    need_whole(asked, EDIT)
    asked.params()
    slug, _own = found(asked)
    if (await asked.form()).get("sure") != "1":
        return _ask(asked, slug)
    try:
        if slug == DEFAULT:
            raise Invalid(_("The company's own hours cannot be deleted."))
        await at_desk(asked, lambda desk: services.drop_calendar(desk, slug))
    except REFUSED as problem:
        return _ask(asked, slug, problem)
    asked.flash(_("The calendar is deleted."))
    return redirect(PATH)
