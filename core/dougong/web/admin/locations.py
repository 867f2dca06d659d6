"""The locations inside a site: buildings, floors, rooms and points, as a simple tree."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import Response

from ...access import places
from ...access.desk import Desk
from ...errors import FieldError, Invalid, NotFound
from ...tenancy.sites import SiteNode
from ...tenancy.tables import Location
from ...words import translator
from ..signin import redirect
from ..views import FormPage, Input, Section
from . import words
from .common import REFUSED, at_desk, crumbs, form_page, id_in, need, number_in, options
from .sites import EDIT, PATH, TRAIL, node_of

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")


def _form(
    node: SiteNode, all_of: list[tuple[int, Location]], sent: Values | dict[str, str], own: UUID | None
) -> FormPage:
    at = f"{PATH}/{node.slug}"
    above = [(str(one.id), "　" * depth + one.name) for depth, one in all_of if one.id != own]
    types = [(t, words.LOCATION_TYPES[t]) for t in places.LOCATION_TYPES]
    inputs = [
        Input("name", str(_("Name")), "line", sent.get("name", ""), required=True, maxlength=100),
        Input(
            "code",
            str(_("Code")),
            "line",
            sent.get("code", ""),
            required=True,
            maxlength=40,
            help=str(_("As on the door or in the drawing; once per site.")),
        ),
        Input(
            "type",
            str(_("Kind")),
            "radios",
            sent.get("type") or "building",
            required=True,
            options=options(types, sent.get("type") or "building"),
        ),
        Input("parent_id", str(_("Inside")), "location", options=options(above, sent.get("parent_id", ""))),
        Input("households", str(_("Households")), "number", sent.get("households", "")),
    ]
    title = str(_("Add a location") if own is None else _("Edit the location"))
    if not above:
        inputs[3].widget = "hidden"
    return FormPage(
        title,
        f"{at}/locations/{own or 'new'}",
        str(_("Save")),
        [Section("", inputs)],
        crumbs=crumbs(TRAIL, (node.name, at), (title, None)),
        cancel=at,
    )


def _id(asked: Asked) -> UUID | None:
    return None if asked.path_params["id"] == "new" else asked.uuid()


def _own(desk: Desk, node: SiteNode, own: UUID | None) -> list[tuple[int, Location]]:
    found = places.locations(desk, node.id)
    if own is not None and all(one.id != own for _depth, one in found):
        raise NotFound
    return found


async def show(asked: Asked) -> Response:
    """``GET /admin/sites/<slug>/locations/<id or new>``."""
    need(asked, EDIT)
    asked.params()
    node, own = node_of(asked), _id(asked)
    found = await at_desk(asked, lambda desk: _own(desk, node, own))
    row = next((one for _depth, one in found if one.id == own), None)
    held = {k: getattr(row, k) for k in ("name", "code", "type", "parent_id", "households")} if row else {}
    return form_page(asked, _form(node, found, {k: "" if v is None else str(v) for k, v in held.items()}, own))


async def save(asked: Asked) -> Response:
    """``POST /admin/sites/<slug>/locations/<id or new>``."""
    need(asked, EDIT)
    node, own, form = node_of(asked), _id(asked), await asked.form()
    try:
        wrong: list[FieldError] = []
        given: dict[str, Any] = {k: form.get(k, "") for k in ("name", "code", "type")}
        given["parent_id"] = id_in(form, "parent_id", wrong) if form.get("parent_id") else None
        given["households"] = number_in(form, "households", wrong)
        if wrong:
            raise Invalid(errors=tuple(wrong))
        await at_desk(asked, partial(_store, node, own, given))
    except REFUSED as problem:
        found = await at_desk(asked, lambda desk: _own(desk, node, own))
        return form_page(asked, _form(node, found, form, own), problem)
    asked.flash(_("Saved."))
    return redirect(f"{PATH}/{node.slug}")


def _store(node: SiteNode, own: UUID | None, given: dict[str, Any], desk: Desk) -> None:
    if own is None:
        places.create_location(desk, node.id, **given)
    else:
        _own(desk, node, own)
        places.change_location(desk, own, **given)
