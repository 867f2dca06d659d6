"""Settings of the company and of each module: forms made from their declaration; only what differs is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from ...access import configure
from ...access.roles import CORE
from ...errors import FieldError, Invalid, NotFound, Problem
from ...records.messages import message
from ...words import Lazy, translator
from ..pages import page
from ..signin import redirect
from ..views import Card, CardsPage, Flash, FormPage, Input, Line, Section, Value
from . import model_form
from .common import REFUSED, at_desk, crumbs, form_page, need, need_whole, options
from .model_form import ACT, Typed

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")
M = TypeVar("M", bound=BaseModel)

PATH = "/admin/settings"
_EDIT = "core.settings.edit"
_TRAIL = (_("Settings"), PATH)
_COMPANY = _("The company")
_HELP: dict[str, Lazy] = {
    "brand": _("As in #1c6078; empty: the theme's own colour. Contrast is kept for every colour."),
    "logo": _("A file on this server, as in /static/…/logo.svg; empty: the company's name."),
    "locale": _("For whoever has not chosen one."),
    "calendar.monday": _("Hours as in 08:30-12:00, 13:30-18:00; empty: no work on this day."),
    "calendar.days_off": _("One date a line, as in 2026-12-31."),
    "calendar.working_days": _("One date a line, as in 2026-12-26."),
}


def names(asked: Asked) -> list[str]:
    """The company and the modules that have settings and are on."""
    found = [name for name in asked.app.registry.settings if name == CORE or name in asked.snapshot.modules]
    return sorted(found, key=lambda name: name != CORE)


def label(asked: Asked, name: str) -> str:
    return str(_COMPANY if name == CORE else asked.app.registry.plugins[name].manifest.label)


def changed(value: BaseModel) -> dict[str, object]:
    """What differs from the defaults, as it is stored."""
    return configure.differing(value)


async def index(asked: Asked) -> Response:
    """``GET /admin/settings``."""
    need(asked, _EDIT)
    asked.params()
    lines = []
    for name in names(asked):
        count = len(changed(asked.snapshot.settings(name)))
        end = (
            Value("tag", str(_("changed: {n}").format(n=count)), tone="info")
            if count
            else Value("text", str(_("as delivered")))
        )
        summary = (
            _("Colour, logo, language, working hours")
            if name == CORE
            else asked.app.registry.plugins[name].manifest.summary
        )
        problem = asked.snapshot.problems.get(name)
        small = str(_("Stored values that no longer fit: {problem}").format(problem=problem) if problem else summary)
        lines.append(Line(label(asked, name), small, f"{PATH}/{name}", "warn" if problem else "set", end))
    made = CardsPage(str(_("Settings")), [Card(str(_("Settings")), lines)], crumbs=crumbs((_("Settings"), None)))
    return page(asked, "cards.html", made)


def _model(asked: Asked) -> tuple[str, type[BaseModel]]:
    name = asked.path_params["module"]
    if name not in names(asked):
        raise NotFound
    return name, asked.app.registry.settings[name]


def _form(asked: Asked, name: str, model: type[BaseModel], sent: Typed) -> FormPage:
    defaults = model_form.texts(model, model())
    made = model_form.sections(model, sent, defaults)
    hidden = [(n, key) for n, keys in sent.items() if n.endswith(".#") for key in dict.fromkeys(keys)]
    form = FormPage(
        label(asked, name),
        f"{PATH}/{name}",
        str(_("Save")),
        made,
        crumbs=crumbs(_TRAIL, (label(asked, name), None)),
        subtitle=str(_("Only what differs from the default is kept; the rest follows the module.")),
        hidden=hidden,
        others=[(ACT, "reset", str(_("All back to the default")))],
        cancel=PATH,
    )
    if name == CORE:
        _company(asked, made)
    return form


def _company(asked: Asked, made: list[Section]) -> None:
    """What the company's own settings say beyond their declaration."""
    labels = {one.package: str(one.manifest.label) for one in asked.app.registry.plugins.values()}
    themes = [(n, labels.get(theme.package, n)) for n, theme in asked.app.registry.themes.items()]
    for section in made:
        for one in section.inputs:
            if one.name in _HELP:
                one.help = str(_HELP[one.name])
            if one.name == "theme":
                one.widget, one.options = "choice", options(themes, one.value)


def _typed(form: Values) -> dict[str, list[str]]:
    return {name: form.getlist(name) for name in form if name not in (ACT, "sure")}


async def show(asked: Asked) -> Response:
    """``GET /admin/settings/<module>``."""
    need_whole(asked, _EDIT)
    asked.params()
    name, model = _model(asked)
    form = _form(asked, name, model, model_form.texts(model, asked.snapshot.settings(name)))
    if problem := asked.snapshot.problems.get(name):
        form.note = Flash("warn", str(_("Stored values that no longer fit: {problem}").format(problem=problem)))
    return form_page(asked, form)


async def save(asked: Asked) -> Response:
    """``POST /admin/settings/<module>``; with ``act`` only the form changes and nothing is stored yet."""
    need_whole(asked, _EDIT)
    name, model = _model(asked)
    form = await asked.form()
    sent = _typed(form)
    if what := form.get(ACT):
        after = model_form.act(model, what, sent, model_form.texts(model, model()))
        shown = _form(asked, name, model, after)
        shown.note = Flash("info", str(_("Not saved yet. Look it over, then press “Save”.")))
        return form_page(asked, shown)
    try:
        value = validated(model, model_form.values(model, sent))
        if name == CORE and getattr(value, "theme", "") not in asked.app.registry.themes:
            raise Invalid(errors=(FieldError("theme", _("Choose one of the list.")),))
        kept = model_form.elsewhere(model)
        await at_desk(asked, lambda desk: configure.change_settings(desk, name, value, keep=kept))
    except REFUSED as problem:
        shown = _form(asked, name, model, sent)
        return form_page(asked, shown, _at_inputs(problem, shown))
    asked.flash(_("Saved. It holds from everybody's next click on."))
    return redirect(f"{PATH}/{name}")


def validated(model: type[M], given: Mapping[str, object]) -> M:
    """:raises Invalid: one entry per value that does not fit, in the person's language."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        wrong = []
        for e in error.errors():
            words = e["msg"] if e["type"] == "dougong" else message(e)
            wrong.append(FieldError(".".join(str(p) for p in e["loc"]), words))
        raise Invalid(errors=tuple(wrong)) from None


def _at_inputs(problem: Problem, form: FormPage) -> Problem:
    """An error of a whole entry goes to its first input, one of a line to the box with the lines."""
    inputs: list[Input] = [
        i for s in form.sections for i in (*s.inputs, *(x for r in (s.table.rows if s.table else ()) for x in r.inputs))
    ]
    placed = []
    for e in problem.errors:
        at = next((i.name for i in inputs if i.name == e.path), None)
        at = at or next((i.name for i in inputs if e.path and e.path.startswith(f"{i.name}.")), None)
        at = at or next((i.name for i in inputs if e.path and i.name.startswith(f"{e.path}.")), None)
        placed.append(FieldError(at or "", e.message))
    problem.errors = tuple(placed)
    return problem
