"""The fields that a company adds to its records: one page of all, a form for each, away and back again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ...access.desk import Desk
from ...errors import NotFound
from ...records import custom_desk
from ...records.resource import Resource
from ...tenancy.custom import TYPES, CustomField
from ...words import plural, translator
from ..pages import page
from ..signin import redirect
from ..views import ADMINISTRATION, TOOLS, Action, Card, CardsPage, FormPage, Input, Line, Option, Section, Value
from .common import REFUSED, ask_again, at_desk, crumbs, form_page, need_whole, options

if TYPE_CHECKING:
    from ...errors import Problem
    from ..requests import Asked, Values

_ = translator("dougong")

PATH = "/admin/fields"
_TRAIL = (_("Own fields"), PATH)
_TYPES = {
    "text": _("One line of text"), "prose": _("Longer text"), "number": _("Number"), "money": _("Amount in yuan"),
    "date": _("Date"), "moment": _("Date and time"), "bool": _("Yes or no"), "choice": _("Choice"),
    "person": _("Person of the company"), "site": _("Site"), "file": _("File or photo"),
}  # fmt: skip
_MASKS = {"all": _("hidden"), "phone": _("as a phone number"), "name": _("as a name")}
_FLAGS = (
    ("required", _("Required"), _("Nobody can create a record without it; records that exist may be without.")),
    ("listed", _("A column of the list"), None),
    ("filtered", _("A filter of the list"), None),
    ("personal", _("Personal value"), _("Masked; opening it needs a permission and is logged. It can be erased.")),
)


def resources(asked: Asked) -> list[Resource[Any]]:
    """Records of the enabled modules, in the order of the menu."""
    return [r for r in asked.app.registry.resources.values() if r.module in asked.snapshot.modules]


async def index(asked: Asked) -> Response:
    """``GET /admin/fields``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()

    def read(desk: Desk) -> list[Card]:
        return [card for resource in resources(asked) if (card := _card(desk, resource)).lines or _worked_on(asked, resource)]

    made = CardsPage(
        str(_("Own fields")),
        await at_desk(asked, read),
        subtitle=str(_("What your company notes beyond what a module asks. They are there at once, everywhere.")),
        crumbs=crumbs((_TRAIL[0], None)),
    )
    return page(asked, "cards.html", made)


def _worked_on(asked: Asked, resource: Resource[Any]) -> bool:
    """What people write, and not what a tool or the administration keeps: nobody adds fields to an export."""
    return asked.app.registry.modules[resource.module].manifest.group not in (TOOLS, ADMINISTRATION)


def _card(desk: Desk, resource: Resource[Any]) -> Card:
    lines = [_line(desk, one) for one in custom_desk.listed(desk, resource.kind)]
    lines += [_line(desk, one) for one in custom_desk.listed(desk, resource.kind, removed=True)]
    return Card(
        str(resource.label),
        lines,
        more=Action(str(_("Add a field")), f"{PATH}/new/{resource.kind}", "plus"),
        empty=str(_("No fields of your own yet.")),
    )


def _line(desk: Desk, one: CustomField) -> Line:
    count = custom_desk.used(desk, one.id)
    filled = plural(_("{n} record has a value"), _("{n} records have a value"), count)
    end = Value("tag", str(_("put away")), tone="warn") if one.removed_at else None
    return Line(one.title, f"{_TYPES[one.type]} · {one.name} · {filled}", f"{PATH}/{one.id}", "edit", end, _posts(one))


async def new(asked: Asked) -> Response:
    """``GET /admin/fields/new/<kind>``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    return form_page(asked, _form(asked, _resource(asked), {"type": "text"}, None))


async def create(asked: Asked) -> Response:
    """``POST /admin/fields/new/<kind>``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    resource, form = _resource(asked), await asked.form()
    body = {**_body(form), "type": form.get("type", ""), "name": form.get("name", "").strip() or None}
    try:
        made = await at_desk(asked, partial(custom_desk.add, kind=resource.kind, body=body))
    except REFUSED as problem:
        return form_page(asked, _form(asked, resource, form, None), _told(problem))
    asked.flash(_("“{title}” is there now, in forms, lists and the API.").format(title=made.title))
    return redirect(PATH)


async def show(asked: Asked) -> Response:
    """``GET /admin/fields/<id>``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    held = await at_desk(asked, partial(custom_desk.one, id=asked.uuid()))
    return form_page(asked, _form(asked, _named(asked, held.record_kind), _stored(held), held))


async def save(asked: Asked) -> Response:
    """``POST /admin/fields/<id>``."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    id, form = asked.uuid(), await asked.form()
    try:
        await at_desk(asked, partial(custom_desk.change, id=id, body=_body(form)))
    except REFUSED as problem:
        held = await at_desk(asked, partial(custom_desk.one, id=id))
        return form_page(asked, _form(asked, _named(asked, held.record_kind), form, held), _told(problem))
    asked.flash(_("Saved."))
    return redirect(PATH)


async def put(asked: Asked) -> Response:
    """``POST /admin/fields/<id>/<remove, restore or purge>``; purging is asked once more in words."""
    need_whole(asked, custom_desk.PERMISSION)
    asked.params()
    id, what = asked.uuid(), asked.path_params["what"]
    steps = {"remove": custom_desk.remove, "restore": custom_desk.restore, "purge": custom_desk.purge}
    if what not in steps:
        raise NotFound
    if what == "purge" and not (await asked.form()).get("sure"):
        held = await at_desk(asked, partial(custom_desk.one, id=id))
        count = await at_desk(asked, partial(custom_desk.used, id=id))
        text = _("“{title}” and its values in {n} records are deleted for good.").format(title=held.title, n=count)
        return ask_again(
            asked, _("Purge the field"), text, action=f"{PATH}/{id}/purge", submit=_("Purge"), back=f"{PATH}/{id}",
            trail=crumbs(_TRAIL),
        )  # fmt: skip
    try:
        await at_desk(asked, partial(steps[what], id=id))
    except REFUSED as problem:
        held = await at_desk(asked, partial(custom_desk.one, id=id))
        return form_page(asked, _form(asked, _named(asked, held.record_kind), _stored(held), held), problem)
    asked.flash(_("Done."))
    return redirect(PATH)


def _resource(asked: Asked) -> Resource[Any]:
    return _named(asked, asked.path_params["kind"])


def _named(asked: Asked, kind: str) -> Resource[Any]:
    found = next((one for one in resources(asked) if one.kind == kind), None)
    if found is None:
        raise NotFound
    return found


def _body(form: Values) -> dict[str, Any]:
    """What was typed, as the API takes it. A choice a line: its words, or value = words."""
    body: dict[str, Any] = {n: form.get(n, "").strip() for n in ("title", "help", "section", "unit")}
    pairs = [line.partition("=") for line in form.get("options", "").splitlines() if line.strip()]
    body["options"] = [
        {"value": value.strip(), "label": (label if equals else value).strip()} for value, equals, label in pairs
    ]
    body |= {name: bool(form.get(name)) for name, _label, _help in _FLAGS}
    body["mask"] = form.get("mask") if body["personal"] else None
    position = form.get("position", "").strip()
    body["position"] = (
        int(position) if position.isascii() and position.isdigit() and len(position) <= 4 else position or 0
    )
    return body | {"mask": body["mask"] or None}


def _told(problem: Problem) -> Problem:
    """Errors of single choices belong to the one input where all of them are typed."""
    problem.errors = tuple(
        type(e)("options", e.message) if e.path.startswith("options.") else e for e in problem.errors
    )
    return problem


def _stored(held: CustomField) -> dict[str, str]:
    found = {n: getattr(held, n) or "" for n in ("title", "help", "section", "unit", "mask")}
    found["options"] = "\n".join(value if value == label else f"{value} = {label}" for value, label in held.options)
    found["position"] = str(held.position)
    return found | {name: "1" if getattr(held, name) else "" for name, _label, _help in _FLAGS} | {"type": held.type}


def _form(asked: Asked, resource: Resource[Any], sent: Values | dict[str, str], held: CustomField | None) -> FormPage:
    chosen = sent.get("type", "text")
    first = [Input("title", str(_("Label")), "line", sent.get("title", ""), required=True, maxlength=100)]
    if held is None:
        known = [(name, _TYPES[name]) for name in TYPES]
        first.append(Input("type", str(_("Kind")), "choice", chosen, required=True, options=options(known, chosen)))
        first.append(Input("name", str(_("Key")), "line", sent.get("name", ""), maxlength=40, help=str(_KEY)))
    first.append(Input("help", str(_("Help below the field")), "line", sent.get("help", ""), maxlength=300))
    if held is None or held.type == "choice":
        first.append(Input("options", str(_("Choices")), "prose", sent.get("options", ""), help=str(_CHOICES)))
    first += [
        Input(
            "section", str(_("Under the heading")), "line", sent.get("section", ""), maxlength=100, help=str(_SECTION)
        ),
        Input("unit", str(_("Unit")), "line", sent.get("unit", ""), maxlength=20),
        Input("position", str(_("Order")), "number", sent.get("position", ""), min="0", max="9999"),
    ]
    flags = [
        Input(name, str(label), "bool", "1" if sent.get(name) else "", help=str(note or ""))
        for name, label, note in _FLAGS
    ]
    mask = sent.get("mask", "") or "all"
    flags.append(Input("mask", str(_("Mask")), "choice", mask, options=[
        Option(value, str(label), value == mask) for value, label in _MASKS.items()
    ]))  # fmt: skip
    title = str(held.title if held else _("Add a field: {record}").format(record=resource.record.label))
    return FormPage(
        title,
        f"{PATH}/{held.id}" if held else f"{PATH}/new/{resource.kind}",
        str(_("Save")),
        [Section("", first), Section(str(_("Use")), flags)],
        crumbs=crumbs(_TRAIL, (title, None)),
        subtitle=f"{_TYPES[held.type]} · {held.name}" if held else "",
        cancel=PATH,
    )


def _posts(held: CustomField) -> list[Action]:
    at = f"{PATH}/{held.id}"
    if held.removed_at is None:
        return [Action(str(_("Put away")), f"{at}/remove", post=True)]
    away = Action(str(_("Purge")), f"{at}/purge", danger=True, post=True)
    return [Action(str(_("Bring back")), f"{at}/restore", post=True), away]


_KEY = _("For the API and imports, as x_lift_no. Left empty, one is made. It cannot be changed later.")
_CHOICES = _("One a line; if the stored value is to differ: value = words.")
_SECTION = _("One of the form's headings, or a new one; empty: at the end.")
