"""Commands about modules of a company and plugins of the installation: ``dougong module|plugin|theme …``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..words import Lazy, translator
from .base import Failed, Group, as_json, of_tenant, option, show, show_rows
from .place import Place, find_site, need_module

if TYPE_CHECKING:
    from ..plugins.manifest import Failure, Loaded

_ = translator("dougong")

module = Group("module", words=_("Modules of a company: on and off."))
plugin = Group("plugin", words=_("Plugins of this installation."))
theme = Group("theme", words=_("Themes of this installation."))


@module.command("list", words=_("The installed modules, and which of them a company has switched on."))
@of_tenant
@as_json
def list_modules(tenant: str, as_json: bool) -> None:
    with Place() as place, place.desk(tenant) as desk:
        snapshot = desk.gate.snapshot
        off: dict[str, list[str]] = {}
        for name, site in snapshot.rows.off:
            off.setdefault(name, []).append(snapshot.sites.node(site).slug)
        rows = [
            {
                "name": name,
                "label": str(one.manifest.label),
                "enabled": name in snapshot.modules,
                "off_at": sorted(off.get(name, [])),
            }
            for name, one in desk.registry.modules.items()
        ]
    columns = (("name", _("Module")), ("label", _("Name")), ("enabled", _("On")), ("off_at", _("Off at")))
    show_rows(rows, columns, as_json, none=_("No module is installed."))


@module.command("enable", words=_("Switch a module on for a company, or at one site again."))
@click.argument("name")
@of_tenant
@option("--site", metavar="SLUG", words=_("Only at this site and below."))
@as_json
def enable(name: str, tenant: str, site: str | None, as_json: bool) -> None:
    _switch(name, tenant, site, True, _("{name} is on.").format(name=name), as_json)


@module.command("disable", words=_("Switch a module off for a company, or at one site; its records stay."))
@click.argument("name")
@of_tenant
@option("--site", metavar="SLUG", words=_("Only at this site and below."))
@as_json
def disable(name: str, tenant: str, site: str | None, as_json: bool) -> None:
    _switch(name, tenant, site, False, _("{name} is off.").format(name=name), as_json)


def _switch(name: str, tenant: str, site: str | None, on: bool, said: Lazy, as_json: bool) -> None:
    from ..access.configure import switch_module, switch_module_at
    from .applying import add_declared_roles

    with Place() as place:
        need_module(place, name)
        with place.desk(tenant) as desk:
            if site is None:
                add_declared_roles(desk)
                switch_module(desk, name, on)
            else:
                switch_module_at(desk, name, find_site(desk, site), on)
    show({"name": name, "tenant": tenant, "site": site, "enabled": on}, said, as_json)


@plugin.command("list", words=_("The installed modules, and what is off because it is broken."))
@as_json
def list_plugins(as_json: bool) -> None:
    with Place() as place:
        rows = [*map(_plugin_row, place.registry.modules.values()), *map(_failure_row, place.registry.failures)]
    columns = (
        ("name", _("Plugin")),
        ("label", _("Name")),
        ("version", _("Version")),
        ("loaded", _("Loaded")),
        ("problem", _("Problem")),
        ("mend", _("Mend")),
    )
    show_rows(rows, columns, as_json, none=_("No plugin is installed."))


def _plugin_row(one: Loaded) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": str(one.manifest.label),
        "version": one.manifest.version,
        "package": one.package,
        "licence": one.manifest.licence,
        "loaded": True,
        "problem": None,
        "mend": None,
    }


def _failure_row(one: Failure) -> dict[str, Any]:
    unknown = dict.fromkeys(("label", "version", "package", "licence"))
    return {"name": one.name, **unknown, "loaded": False, "problem": str(one.problem), "mend": str(one.mend)}


@theme.command("list", words=_("The installed themes."))
@as_json
def list_themes(as_json: bool) -> None:
    with Place() as place:
        rows = [_plugin_row(one) for one in place.registry.plugins.values() if one.manifest.kind == "theme"]
    columns = (("name", _("Theme")), ("label", _("Name")), ("version", _("Version")))
    show_rows(rows, columns, as_json, none=_("No theme is installed."))


@plugin.command(
    "migration",
    words=_(
        "Write what separates a plugin's declaration from its migrations as its next migration file (for developers)."
    ),
)
@click.argument("name")
@option("--message", "-m", required=True, words=_("What changes, in a few words."))
@as_json
def migration(name: str, message: str, as_json: bool) -> None:
    from ..migrations.author import write_migration

    with Place() as place:
        if name != "core":
            need_module(place, name)
        if not message.strip():
            raise Failed(_("Say in a few words what changes."))
        path = write_migration(place.registry, name, message, place.addresses.owner)
    said = (
        _("Written: {file}").format(file=path)
        if path
        else _("Declaration and migrations of {name} agree.").format(name=name)
    )
    show({"name": name, "file": str(path) if path else None}, said, as_json)


COMMANDS = (module, plugin, theme)
