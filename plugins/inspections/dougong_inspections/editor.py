"""The page on which a template's draft is written: an item a section, rows come and go by submit buttons, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong import Asked, BadRequest, Conflict, FieldError, Invalid, PageRoute, page, translator, with_problem, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import items
from .base import X
from .choices import Criticality, ItemType
from .records import Template

_ = translator("dougong_inspections")

LIST = "/inspections/template"
PATH = "/inspections/templates/{id}/items"
FAILING = "!"  # before an option that fails
_NEW: Mapping[str, Mapping[str, Any]] = {"option": {"options": []}}
_STALE = _("Somebody changed this template after you opened it. Open it again, then change it.")

KINDS: Mapping[str, ItemType] = {str(one.value): one for one in ItemType}

Raw = dict[str, Any]


# ---- what was typed ----


def raw_items(form: Mapping[str, str]) -> list[Raw]:
    """The items as typed, in the order of their positions, without those that are to go.

    :raises BadRequest: an item is of no kind.
    """
    found = []
    for n in range(items.MOST + 1):
        if f"i{n}_type" not in form:
            break
        if form[f"i{n}_type"] not in KINDS:
            raise BadRequest(_("There is no such kind of item."))
        if not form.get(f"i{n}_remove"):
            found.append((_whole(form.get(f"i{n}_position", ""), n + 1), n, _raw(form, n)))
    return [raw for _position, _n, raw in sorted(found, key=lambda one: one[:2])]


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 6 else otherwise


def _raw(form: Mapping[str, str], n: int) -> Raw:
    """One item as JSON would send it; what cannot be a number stays text and is refused with its path."""
    kind = form[f"i{n}_type"]

    def said(name: str) -> str:
        return form.get(f"i{n}_{name}", "").strip()

    raw: Raw = {
        "id": said("id"),
        "type": kind,
        "text": said("text"),
        "help": said("help") or None,
        "criticality": said("criticality") or Criticality.NORMAL.value,
        "weight": said("weight") or "1",
        "photo_on_fail": bool(said("photo_on_fail")),
        "optional": bool(said("optional")),
    }
    if kind == "yes_no":
        raw["good"] = said("good") != "no"
    elif kind == "option":
        lines = [line.strip() for line in said("options").splitlines() if line.strip(" !！")]
        raw["options"] = [line.lstrip("!！ ") for line in lines]
        raw["failing"] = [line.lstrip("!！ ") for line in lines if line[0] in "!！"]
    elif kind == "number":
        raw |= {"low": said("low") or None, "high": said("high") or None, "unit": said("unit")}
    elif kind == "photo":
        raw["least"] = said("least") or "1"
    return raw


def fresh(kind: str, taken: Sequence[Raw]) -> Raw:
    """An empty item of a kind, with an id that no other has."""
    ids = {one.get("id") for one in taken}
    n = len(taken) + 1
    while f"item_{n}" in ids:
        n += 1
    return {"id": f"item_{n}", "type": kind, "text": "", "criticality": "normal", "weight": 1, **_NEW.get(kind, {})}


# ---- what is shown ----


def _choice(name: str, label: Any, value: str, options: Sequence[tuple[str, str]]) -> Input:
    several = [Option(v, words, v == value) for v, words in options]
    return Input(name, str(label), "choice", value, options=several, required=True)


def _section(n: int, raw: Raw) -> Section:
    at = f"i{n}_"
    kind = KINDS[raw["type"]]
    critical = [(one.value, str(one.label)) for one in Criticality]
    made = [
        Input(f"{at}id", "", "hidden", str(raw["id"])),
        Input(f"{at}type", "", "hidden", kind.value),
        Input(f"{at}text", str(_("What to look at")), "line", raw.get("text") or "", required=True, maxlength=200),
        *_own(at, kind, raw),
        _choice(f"{at}criticality", _("Criticality"), str(raw.get("criticality")), critical),
        Input(f"{at}weight", str(_("Weight")), "number", str(raw.get("weight", 1))),
        Input(f"{at}help", str(_("Help")), "line", raw.get("help") or "", maxlength=500),
        Input(f"{at}position", str(_("Position")), "number", str(n + 1)),
        _check(f"{at}photo_on_fail", _("Needs a photo if it fails"), raw),
        _check(f"{at}optional", _("May be left out"), raw),
        Input(f"{at}remove", str(_("Remove this item")), "bool"),
    ]
    title = f"{n + 1} · {raw['text'] or _('New item')} · {kind.label}"
    return Section(title, made)


def _check(name: str, label: Any, raw: Raw) -> Input:
    return Input(name, str(label), "bool", "1" if raw.get(name.partition("_")[2]) else "")


def _own(at: str, kind: ItemType, raw: Raw) -> list[Input]:
    """The inputs that only this kind of item has."""
    if kind is ItemType.YES_NO:
        both = [("yes", str(_("Yes passes"))), ("no", str(_("No passes")))]
        return [_choice(f"{at}good", _("Which answer passes"), "yes" if raw.get("good", True) else "no", both)]
    if kind is ItemType.OPTION:
        failing = raw.get("failing") or []
        text = "\n".join(f"{FAILING} {one}" if one in failing else one for one in raw.get("options") or [])
        words = str(_("One a line; with ! before those that fail."))
        return [Input(f"{at}options", str(_("Options")), "lines", text, required=True, help=words)]
    if kind is ItemType.NUMBER:
        return [
            Input(f"{at}low", str(_("At least")), "number", _number(raw.get("low"))),
            Input(f"{at}high", str(_("At most")), "number", _number(raw.get("high"))),
            Input(f"{at}unit", str(_("Unit")), "line", raw.get("unit") or "", maxlength=20),
        ]
    if kind is ItemType.PHOTO:
        return [Input(f"{at}least", str(_("Photos at least")), "number", str(raw.get("least", 1)))]
    return []


def _number(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _form(t: Template, raws: Sequence[Raw], version: str) -> FormPage:
    adding = [("add", one.value, str(_("Add: {kind}").format(kind=one.label))) for one in ItemType]
    return FormPage(
        str(_("Items of “{name}”").format(name=t.name)),
        PATH.format(id=t.id),
        str(_("Save the draft")),
        [_section(n, raw) for n, raw in enumerate(raws)],
        crumbs=[Crumb(str(_("Inspection templates")), LIST), Crumb(t.name, f"{LIST}/{t.id}"), Crumb(str(_("Items")))],
        subtitle=str(_("Revision {n} holds until this draft is published.").format(n=t.revision)) if t.revision else "",
        hidden=[("version", version)],
        others=adding,
        cancel=f"{LIST}/{t.id}",
    )


# ---- the addresses ----


def _read(asked: Asked, session: Session, id: UUID) -> Template:
    """The template, for those who may edit it. :raises Forbidden, NotFound: otherwise."""
    x: X = asked.context(session, "inspections")
    found = x.get(Template, id)
    x.demand(f"{Template.kind}.edit", found)
    session.expunge(found)
    return found


async def show(asked: Asked) -> Response:
    """``GET /inspections/templates/{id}/items``."""
    asked.params()
    id = asked.uuid()
    t = await write(asked, lambda session: _read(asked, session, id))
    raws = list(t.draft) or [fresh("yes_no", ())]
    return page(asked, "form.html", _form(t, raws, str(t.row_version)))


async def save(asked: Asked) -> Response:
    """``POST``: keeps the draft, or draws the page again with one more item, or with what is wrong."""
    id, form = asked.uuid(), await asked.form()
    raws, version = raw_items(form), form.get("version", "")
    t = await write(asked, lambda session: _read(asked, session, id))
    if (kind := form.get("add")) in KINDS:
        return page(asked, "form.html", _form(t, [*raws, fresh(str(kind), raws)], version))

    def keep(session: Session) -> None:
        x: X = asked.context(session, "inspections")
        found = x.get(Template, id)
        if str(found.row_version) != version:
            raise Conflict(_STALE)
        found.draft = items.stored(items.read(raws))
        x.take(found, "items_of")

    try:
        await write(asked, keep)
    except Invalid as problem:
        wrong = Invalid(errors=tuple(FieldError(_input(e.path), e.message) for e in problem.errors))
        return page(asked, "form.html", with_problem(_form(t, raws, version), wrong), wrong.status)
    asked.flash(_("The draft is kept. It holds once it is published."))
    return RedirectResponse(f"{LIST}/{id}", 303)


def _input(path: str) -> str:
    """The input of an item's field: ``items.3.low`` is ``i3_low``."""
    parts = path.split(".")
    return f"i{parts[1]}_{parts[2]}" if len(parts) > 2 else f"i{parts[1]}_text" if len(parts) == 2 else ""


ROUTES = (
    PageRoute("templates/{id}/items", show),
    PageRoute("templates/{id}/items", save, "POST"),
)
