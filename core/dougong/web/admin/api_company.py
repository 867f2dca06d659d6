"""The API twins of the pages about the company itself: modules, settings, sites, and the question why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from ...access import configure, places
from ...access.desk import Desk
from ...errors import BadRequest, FieldError, Invalid, NotFound
from ...records.models import Form, given
from ...tenancy.sites import SiteNode
from ...words import translator
from ..api import answer
from ..errors import plain
from ..requests import write
from ..routing import Route
from . import explain, modules, settings, sites
from .api import API, Text, body, fresh
from .common import at_desk, need, need_whole

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")


# ---- modules ----------------------------------------------------------------------------------------


class SwitchedModule(Form):
    """``off_at``: all sites (by short name) where it shall be off; others are on again."""

    enabled: bool | None = None
    off_at: list[Text] | None = Field(default=None, max_length=1000)


def _module(asked: Asked, name: str) -> dict[str, Any]:
    manifest = asked.app.registry.modules[name].manifest
    return {
        "name": name, "label": str(manifest.label), "summary": str(manifest.summary), "version": manifest.version,
        "licence": manifest.licence, "requires": list(manifest.requires), "enhances": list(manifest.enhances),
        "enabled": name in asked.snapshot.modules, "off_at": modules.off_at(asked, name),
    }  # fmt: skip


async def modules_list(asked: Asked) -> Response:
    need(asked, "core.modules.edit")
    asked.params()
    registry = asked.app.registry
    failed = [{"name": f.name, "problem": str(f.problem), "mend": str(f.mend)} for f in registry.failures]
    return answer({"results": [_module(asked, name) for name in registry.modules], "next": None, "failed": failed})


def _module_name(asked: Asked) -> str:
    name = asked.path_params["name"]
    if name not in asked.app.registry.modules:
        raise NotFound
    return name


async def modules_one(asked: Asked) -> Response:
    need(asked, "core.modules.edit")
    asked.params()
    return answer(_module(asked, _module_name(asked)))


async def modules_edit(asked: Asked) -> Response:
    need(asked, "core.modules.edit")
    name, sent, tree = _module_name(asked), await body(asked, SwitchedModule), asked.snapshot.sites
    unknown = [slug for slug in sent.off_at or () if slug not in tree.by_slug]
    if unknown:
        raise Invalid(errors=(FieldError("off_at", _("There is no such site.")),))

    def change(desk: Desk) -> None:
        if sent.enabled is not None:
            configure.switch_module(desk, name, sent.enabled)
        if sent.off_at is not None:
            now = set(modules.off_at(asked, name))
            for slug in sorted(now ^ set(sent.off_at)):
                configure.switch_module_at(desk, name, tree.by_slug[slug].id, slug in now)

    await at_desk(asked, change)
    await fresh(asked)
    return answer(_module(asked, name))


# ---- settings ---------------------------------------------------------------------------------------


def _settings(asked: Asked, name: str) -> dict[str, Any]:
    value = asked.snapshot.settings(name)
    return {"module": name, "values": value.model_dump(mode="json"), "changed": settings.changed(value)}


async def settings_list(asked: Asked) -> Response:
    need_whole(asked, "core.settings.edit")
    asked.params()
    return answer({"results": [_settings(asked, name) for name in settings.names(asked)], "next": None})


def _settings_name(asked: Asked) -> str:
    need_whole(asked, "core.settings.edit")
    name = asked.path_params["module"]
    if name not in settings.names(asked):
        raise NotFound
    return name


async def settings_one(asked: Asked) -> Response:
    asked.params()
    return answer(_settings(asked, _settings_name(asked)))


async def settings_edit(asked: Asked) -> Response:
    """Top-level values that are given replace what was; null goes back to the default."""
    name, sent = _settings_name(asked), await asked.json()
    if not isinstance(sent, dict):
        raise BadRequest(_("Send a JSON object."))
    kept = settings.changed(asked.snapshot.settings(name))
    merged = {k: v for k, v in {**kept, **sent}.items() if k not in sent or sent[k] is not None}
    value = settings.validated(asked.app.registry.settings[name], merged)
    await at_desk(asked, lambda desk: configure.change_settings(desk, name, value))
    await fresh(asked)
    return answer(_settings(asked, name))


# ---- sites ------------------------------------------------------------------------------------------


class NewSite(Form):
    parent: Text
    slug: Text
    name: Text
    type: Text = "project"
    timezone: Text | None = None
    households: int | None = None
    position: int | None = None


class EditedSite(Form):
    parent: Text | None = None
    name: Text | None = None
    type: Text | None = None
    timezone: Text | None = None
    households: int | None = None
    position: int | None = None
    active: bool | None = None


def _site(asked: Asked, one: SiteNode) -> dict[str, Any]:
    above = asked.snapshot.sites.get(one.parent_id)
    return {
        "id": one.id, "slug": one.slug, "name": one.name, "type": one.type, "timezone": one.timezone,
        "parent": above.slug if above else None, "position": one.position, "active": one.active,
        "open": one.id in asked.snapshot.sites.open,
    }  # fmt: skip


async def sites_list(asked: Asked) -> Response:
    """The sites that the person may change, and all where they work."""
    asked.params()
    permitted = asked.app.frames.of(asked).permitted | {n.id for n in sites.editable(asked)}
    found = [_site(asked, n) for n in asked.snapshot.sites.ordered() if n.id in permitted]
    return answer({"results": found, "next": None})


def _site_node(asked: Asked) -> SiteNode:
    need(asked, sites.EDIT)
    found = asked.snapshot.sites.by_slug.get(asked.path_params["slug"])
    if found is None or found not in sites.editable(asked):
        raise NotFound
    return found


async def sites_one(asked: Asked) -> Response:
    asked.params()
    return answer(_site(asked, _site_node(asked)))


def _parent(asked: Asked, slug: str) -> UUID:
    node = asked.snapshot.sites.by_slug.get(slug)
    if node is None or node not in sites.editable(asked):
        raise Invalid(errors=(FieldError("parent", _("There is no such site.")),))
    return node.id


async def sites_create(asked: Asked) -> Response:
    need(asked, sites.EDIT)
    sent = await body(asked, NewSite)
    parent = _parent(asked, sent.parent)
    more = {k: v for k, v in sent.model_dump(exclude={"parent", "slug", "name"}).items() if v is not None}
    await at_desk(
        asked, lambda desk: places.create_site(desk, parent_id=parent, slug=sent.slug, name=sent.name, **more)
    )
    await fresh(asked)
    return answer(_site(asked, asked.snapshot.sites.by_slug[sent.slug]), 201, location=f"{API}/sites/{sent.slug}")


async def sites_edit(asked: Asked) -> Response:
    node, sent = _site_node(asked), await body(asked, EditedSite)
    held = {k: v for k, v in given(sent).items() if v is not None or k == "households"}
    if (parent := held.pop("parent", None)) is not None:
        held["parent_id"] = _parent(asked, parent)
    await at_desk(asked, lambda desk: places.change_site(desk, node.id, **held))
    await fresh(asked)
    return answer(_site(asked, asked.snapshot.sites.node(node.id)))


# ---- explain ----------------------------------------------------------------------------------------


async def explained(asked: Asked) -> Response:
    """``?action=`` (a permission), and if wanted ``person``, ``at`` (a site), ``record`` (number or id)."""
    of = explain.question(asked)
    if of is None:
        raise BadRequest(_("Say which permission is meant: action=…"), errors=(FieldError("action", _("is required")),))
    told = await write(asked, lambda session: explain.answered(asked, of, session))
    return answer(explanation(told))


def explanation(told: Any) -> dict[str, Any]:
    """An explanation as JSON, as refusals carry it."""
    found = plain(told)
    return found if isinstance(found, dict) else {}


ROUTES = [
    Route("GET", f"{API}/modules", modules_list),
    Route("GET", f"{API}/modules/{{name}}", modules_one),
    Route("PATCH", f"{API}/modules/{{name}}", modules_edit),
    Route("GET", f"{API}/settings", settings_list),
    Route("GET", f"{API}/settings/{{module}}", settings_one),
    Route("PATCH", f"{API}/settings/{{module}}", settings_edit),
    Route("GET", f"{API}/sites", sites_list),
    Route("POST", f"{API}/sites", sites_create),
    Route("GET", f"{API}/sites/{{slug}}", sites_one),
    Route("PATCH", f"{API}/sites/{{slug}}", sites_edit),
    Route("GET", f"{API}/explain", explained),
]
