"""Modules of the company: what they are, on or off, off at single sites, and what did not load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ...access import configure
from ...errors import NotFound, Problem
from ...plugins.manifest import Loaded
from ...words import Lazy, translator
from ..pages import page
from ..signin import redirect
from ..views import Action, Card, CardsPage, FormPage, Input, Line, Section, Value
from . import words
from .common import REFUSED, ask_again, at_desk, crumbs, form_page, indented, need, need_whole, options

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/admin/modules"
_TRAIL = (_("Modules"), PATH)
_EDIT = "core.modules.edit"


def off_at(asked: Asked, name: str) -> list[str]:
    """Slugs of the sites where the company has switched a module off, in the tree's order."""
    off = {site for module, site in asked.snapshot.rows.off if module == name}
    return [n.slug for n in asked.snapshot.sites.ordered() if n.id in off]


def unreachable(asked: Asked, name: str) -> list[str]:
    """Names of the record kinds that nobody reaches while a module is off."""
    return [str(r.label) for r in asked.app.registry.resources.values() if r.module == name]


async def index(asked: Asked) -> Response:
    """``GET /admin/modules``."""
    need(asked, _EDIT)
    asked.params()
    return _page(asked)


def _page(asked: Asked) -> Response:
    registry = asked.app.registry
    cards = [_card(asked, one) for one in registry.modules.values()]
    failed = [
        Line(
            failure.name,
            str(_("{problem} To mend it: {mend}").format(problem=failure.problem, mend=failure.mend)),
            icon="warn",
        )
        for failure in registry.failures
    ]
    if failed:
        cards.insert(0, Card(str(_("Did not load")), failed, count=len(failed), tone="bad"))
    others = [one for one in registry.plugins.values() if one.name not in registry.modules]
    lines = [
        Line(str(one.manifest.label), _about(one), icon="mods", end=Value("text", one.manifest.version))
        for one in others
    ]
    cards.append(Card(str(_("Always on")), lines))
    made = CardsPage(
        str(_("Modules")),
        cards,
        subtitle=str(_("What is switched off is hidden, not deleted.")),
        crumbs=crumbs((_("Modules"), None)),
    )
    return page(asked, "cards.html", made)


def _about(one: Loaded) -> str:
    return str(one.manifest.summary)


def _labels(asked: Asked, names: list[str]) -> str:
    plugins = asked.app.registry.plugins
    return ", ".join(str(plugins[n].manifest.label) if n in plugins else n for n in names)


def _card(asked: Asked, one: Loaded) -> Card:
    registry, name = asked.app.registry, one.name
    on = name in asked.snapshot.modules
    state = Value("tag", str(_("on") if on else _("off")), tone="good" if on else "")
    whole = asked.gate.may(_EDIT, asked.snapshot.sites.root)
    switch: list[Action] = []
    if whole and on:
        switch = [Action(str(_("Switch off")), f"{PATH}/{name}/off", danger=True)]
    elif whole:
        switch = [Action(str(_("Switch on")), f"{PATH}/{name}/on", main=True, post=True)]
    manifest = one.manifest
    lines = [
        Line(str(_("State")), icon="mods", end=state, actions=switch),
        Line(str(_("Version")), _licence(manifest.licence), icon="info", end=Value("text", manifest.version)),
    ]
    if needs := [n for n in registry.needs(name) if n in registry.modules]:
        lines.append(Line(str(_("Needs")), _labels(asked, needs), icon="link"))
    if relying := [n for n in registry.needing(name) if n in registry.modules]:
        lines.append(Line(str(_("Needed by")), _labels(asked, relying), icon="link"))
    if manifest.enhances:
        lines.append(Line(str(_("Adds to")), _labels(asked, list(manifest.enhances)), icon="plus"))
    if on:
        lines += _sites(asked, name)
        if name in registry.settings and asked.gate.may("core.settings.edit", asked.snapshot.sites.root):
            lines.append(Line(str(_("Settings")), icon="set", href=f"/admin/settings/{name}"))
    return Card(str(manifest.label), lines, text=_about(one))


def _licence(name: str) -> str:
    return str(_("Licence {name}").format(name=name)) if name else ""


def _sites(asked: Asked, name: str) -> list[Line]:
    tree, found = asked.snapshot.sites, []
    for slug in off_at(asked, name):
        node = tree.by_slug[slug]
        back = (
            [Action(str(_("On again")), f"{PATH}/{name}/sites/{slug}/on", post=True)]
            if asked.gate.may(_EDIT, node.id)
            else []
        )
        found.append(
            Line(str(_("Off at {site}").format(site=node.name)), str(_("and below")), icon="site", actions=back)
        )
    if asked.gate.scope(_EDIT):
        found.append(Line(str(_("Switch off at single sites")), icon="site", href=f"{PATH}/{name}/sites"))
    return found


def _module(asked: Asked) -> Loaded:
    found = asked.app.registry.modules.get(asked.path_params["name"])
    if found is None:
        raise NotFound
    return found


# ---- for the company --------------------------------------------------------------------------------


async def switch_on(asked: Asked) -> Response:
    """``POST /admin/modules/<name>/on``."""
    need_whole(asked, _EDIT)
    one = _module(asked)
    try:
        await at_desk(asked, lambda desk: configure.switch_module(desk, one.name, True))
    except REFUSED as problem:
        asked.flash(problem.detail, "bad")
        return redirect(PATH)
    asked.flash(_("{module} is on.").format(module=one.manifest.label))
    return redirect(PATH)


def _ask_off(asked: Asked, one: Loaded, problem: Problem | None = None) -> Response:
    kinds = unreachable(asked, one.name)
    text: Lazy = _("Nothing is deleted: switched on again, everything is there as before.")
    if kinds:
        text = _(
            "Out of reach for everybody from the next click on: {kinds}, with their pages, their API and their tasks. {text}"
        ).format(kinds=", ".join(kinds), text=text)
    return ask_again(
        asked,
        _("Switch off {module}?").format(module=one.manifest.label),
        text,
        action=f"{PATH}/{one.name}/off",
        submit=_("Switch off"),
        back=PATH,
        trail=crumbs(_TRAIL),
        problem=problem,
    )


async def confirm_off(asked: Asked) -> Response:
    """``GET /admin/modules/<name>/off``: says what becomes unreachable."""
    need_whole(asked, _EDIT)
    asked.params()
    return _ask_off(asked, _module(asked))


async def switch_off(asked: Asked) -> Response:
    """``POST /admin/modules/<name>/off``."""
    need_whole(asked, _EDIT)
    one, form = _module(asked), await asked.form()
    if form.get("sure") != "1":
        return _ask_off(asked, one)
    try:
        await at_desk(asked, lambda desk: configure.switch_module(desk, one.name, False))
    except REFUSED as problem:
        return _ask_off(asked, one, problem)
    asked.flash(_("{module} is off. Its data stays.").format(module=one.manifest.label))
    return redirect(PATH)


# ---- at single sites --------------------------------------------------------------------------------


def _sites_form(asked: Asked, one: Loaded) -> FormPage:
    free = asked.gate.scope(_EDIT).free
    off = set(off_at(asked, one.name))
    nodes = [
        n for n in asked.snapshot.sites.ordered() if n.id in free and n.slug not in off and n.parent_id is not None
    ]
    where = Input("at", str(_("Site")), "site", required=True)
    where.options = options([(n.slug, indented(n, nodes)) for n in nodes])
    where.help = str(_("It is off at this site and at all below. Nothing is deleted."))
    return FormPage(
        str(_("{module}: off at a site").format(module=one.manifest.label)),
        f"{PATH}/{one.name}/sites",
        str(_("Switch off there")),
        [Section("", [where])],
        crumbs=crumbs(_TRAIL, (one.manifest.label, None)),
        cancel=PATH,
        danger=True,
    )  # fmt: skip


async def sites(asked: Asked) -> Response:
    """``GET /admin/modules/<name>/sites``."""
    need(asked, _EDIT)
    asked.params()
    return form_page(asked, _sites_form(asked, _module(asked)))


async def off_at_site(asked: Asked) -> Response:
    """``POST /admin/modules/<name>/sites``."""
    need(asked, _EDIT)
    one, form = _module(asked), await asked.form()
    return await _switch_at(asked, one, form.get("at", ""), False)


async def on_at_site(asked: Asked) -> Response:
    """``POST /admin/modules/<name>/sites/<slug>/on``."""
    need(asked, _EDIT)
    return await _switch_at(asked, _module(asked), asked.path_params["slug"], True)


async def _switch_at(asked: Asked, one: Loaded, slug: str, on: bool) -> Response:
    node = asked.snapshot.sites.by_slug.get(slug)
    if node is None:
        raise NotFound
    await at_desk(asked, lambda desk: configure.switch_module_at(desk, one.name, node.id, on))
    names = {"module": one.manifest.label, "site": words.site_name(asked.snapshot, node.id)}
    asked.flash((_("{module} is on at {site} again.") if on else _("{module} is off at {site}.")).format(**names))
    return redirect(PATH)
