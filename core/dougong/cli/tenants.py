"""Commands about companies: ``dougong tenant …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..words import Lazy, translator
from .base import Group, as_json, option, show, show_rows
from .place import Place, need_module

if TYPE_CHECKING:
    from ..access.desk import Desk

_ = translator("dougong")

tenant = Group("tenant", words=_("Companies."))


@tenant.command("list", words=_("All companies of this installation."))
@as_json
def list_tenants(as_json: bool) -> None:
    import sqlalchemy as sa

    from ..tenancy.tables import hosts, tenants

    with Place() as place, place.cell.platform() as connection:
        known: dict[Any, list[str]] = {}
        for host, id in connection.execute(sa.select(hosts.c.host, hosts.c.tenant_id).order_by(hosts.c.host)):
            known.setdefault(id, []).append(host)
        columns = (tenants.c.id, tenants.c.slug, tenants.c.name, tenants.c.status, tenants.c.created_at)
        rows = [
            {
                **row,
                "id": str(row["id"]),
                "hosts": known.get(row["id"], []),
                "created_at": row["created_at"].isoformat(),
            }
            for row in connection.execute(sa.select(*columns).order_by(tenants.c.slug)).mappings()
        ]
    shown = (("slug", _("Short name")), ("name", _("Name")), ("status", _("Status")), ("hosts", _("Hosts")))
    show_rows(rows, shown, as_json, none=_("There is no company yet. Make one: dougong tenant create"))


@tenant.command("create", words=_("Make a company with its posts, and nobody in it."))
@click.argument("slug")
@option("--name", required=True, words=_("Its full name."))
@option("--host", "hosts", multiple=True, words=_("Host name without port; several times for several."))
@option("--module", "modules", multiple=True, words=_("Switch this module on; several times for several."))
@as_json
def create(slug: str, name: str, hosts: tuple[str, ...], modules: tuple[str, ...], as_json: bool) -> None:
    from ..access.companies import create_company

    with Place() as place:
        for module in modules:
            need_module(place, module)
        id = create_company(place.owner, place.registry, slug=slug, name=name, hosts=hosts, modules=modules)
    said = _("Made {name}. Now its administrator: dougong user create --tenant {slug} --user admin --role admin")
    show({"id": str(id), "slug": slug, "name": name, "hosts": list(hosts)}, said.format(name=name, slug=slug), as_json)


@tenant.command(
    "apply",
    words=_(
        "Bring a company to what a file says.\n\nOnly the keys in the file are touched, and nothing is deleted. A company "
        "that is not there is made. Applying the same file again does nothing."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--dry-run", is_flag=True, words=_("Show what would be done, and do nothing."))
@as_json
def apply_file(file: Path, dry_run: bool, as_json: bool) -> None:
    from .applying import apply
    from .company_file import read

    wanted = read(file)
    with Place() as place:
        changes = apply(place.owner, place.registry, wanted, dry_run=dry_run)
    data = {
        "slug": wanted.slug,
        "dry_run": dry_run,
        "changes": [{"action": c.action, "what": c.what, "name": c.name, "detail": c.detail} for c in changes],
    }
    marks = {"create": "+", "change": "~"}
    text: list[Lazy | str] = [
        f"{marks[c.action]} {c.what} {c.name}" + (f" ({c.detail})" if c.detail else "") for c in changes
    ]
    if not changes:
        text.append(_("{slug} is as the file says: nothing to do.").format(slug=wanted.slug))
    elif dry_run:
        text.append(_("Nothing was done: this was a trial run."))
    show(data, text, as_json)


@tenant.command("show", words=_("One company: hosts, modules, sites and settings that differ from the defaults."))
@click.argument("slug")
@as_json
def show_tenant(slug: str, as_json: bool) -> None:
    import sqlalchemy as sa

    from ..tenancy.tables import Setting, hosts

    with Place() as place:
        tenant_id = place.tenant(slug)
        with place.desk(slug) as desk:
            changed = {row.module: row.value for row in desk.session.scalars(sa.select(Setting)) if row.value}
            data = _as_data(desk, changed)
        with place.cell.platform() as connection:
            found = connection.scalars(
                sa.select(hosts.c.host).where(hosts.c.tenant_id == tenant_id).order_by(hosts.c.host)
            )
            data["hosts"] = list(found)
    show(data, _as_text(data), as_json)


def _as_data(desk: Desk, changed: dict[str, Any]) -> dict[str, Any]:
    snapshot = desk.gate.snapshot
    tree = snapshot.sites
    sites = [
        {
            "slug": node.slug,
            "name": node.name,
            "type": node.type,
            "parent": tree.node(node.parent_id).slug if node.parent_id else None,
            "active": node.active,
            "depth": node.depth,
        }
        for node in tree.ordered()
    ]
    return {
        "slug": snapshot.slug,
        "name": snapshot.name,
        "status": snapshot.status,
        "hosts": [],
        "modules": sorted(snapshot.modules),
        "people": len(snapshot.people),
        "sites": sites,
        "settings": changed,
    }


def _as_text(data: dict[str, Any]) -> list[str]:
    sites = [f"  {'  ' * site['depth']}{site['slug']}  {site['name']}" for site in data["sites"]]
    settings = [f"  {module}: {', '.join(values)}" for module, values in data["settings"].items()]
    return [
        f"{data['slug']}  {data['name']}  {data['status']}",
        f"{_('Hosts')}: {', '.join(data['hosts'])}",
        f"{_('Modules')}: {', '.join(data['modules'])}",
        f"{_('People')}: {data['people']}",
        f"{_('Sites')}:",
        *sites,
        *([f"{_('Changed settings')}:", *settings] if settings else []),
    ]


@tenant.command("suspend", words=_("Close a company's platform to everybody; its data stays."))
@click.argument("slug")
@as_json
def suspend(slug: str, as_json: bool) -> None:
    _set_status(
        slug, "suspended", _("{slug} is suspended: its addresses show one plain page.").format(slug=slug), as_json
    )


@tenant.command("resume", words=_("Open a suspended company again."))
@click.argument("slug")
@as_json
def resume(slug: str, as_json: bool) -> None:
    _set_status(slug, "active", _("{slug} is open again.").format(slug=slug), as_json)


def _set_status(slug: str, status: str, said: Lazy, as_json: bool) -> None:
    import sqlalchemy as sa

    from ..tenancy.tables import tenants

    with Place() as place:
        id = place.tenant(slug)
        with place.owner.platform() as connection:
            connection.execute(sa.update(tenants).where(tenants.c.id == id).values(status=status))
    show({"slug": slug, "status": status}, said, as_json)


COMMANDS = (tenant,)
