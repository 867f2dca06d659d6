"""Commands about rights: ``dougong role …``, ``dougong grant …``, ``dougong explain``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from ..words import translator
from .base import Command, Failed, Group, Wrong, as_json, of_tenant, of_user, option, show, show_rows
from .place import Place, find_person, find_role, find_site

if TYPE_CHECKING:
    from ..access.snapshot import GrantView, Snapshot

_ = translator("dougong")

role = Group("role", words=_("Roles: what each post may do."))
grant = Group("grant", words=_("Grants: who has which role, at which site, from when until when."))


@role.command("list", words=_("The roles of a company."))
@of_tenant
@as_json
def list_roles(tenant: str, as_json: bool) -> None:
    with Place() as place, place.desk(tenant) as desk:
        roles = sorted(desk.gate.snapshot.roles.values(), key=lambda each: (-each.level, each.slug))
        rows = [
            {"slug": r.slug, "name": r.label, "level": r.level, "permissions": sorted(r.permissions), "id": str(r.id)}
            for r in roles
        ]
    if not as_json:
        rows = [{**row, "permissions": len(row["permissions"])} for row in rows]  # type: ignore[arg-type]
    columns = (("slug", _("Short name")), ("name", _("Name")), ("level", _("Level")), ("permissions", _("Permissions")))
    show_rows(rows, columns, as_json, none=_("No roles."))


@grant.command("list", words=_("All grants of a company, or of one person."))
@of_tenant
@option("--user", "-u", metavar="NAME", words=_("Only of this person."))
@as_json
def list_grants(tenant: str, user: str | None, as_json: bool) -> None:
    with Place() as place, place.desk(tenant) as desk:
        snapshot = desk.gate.snapshot
        only = find_person(desk, user).id if user else None
        rows = [_grant_row(snapshot, one) for one in snapshot.grants if only in (None, one.person)]
    columns = (
        ("username", _("Person")),
        ("role", _("Role")),
        ("site", _("Site")),
        ("relation", _("Relation")),
        ("from", _("From")),
        ("until", _("Until")),
        ("id", _("Id")),
    )
    show_rows(rows, columns, as_json, none=_("No grants."))


def _grant_row(snapshot: Snapshot, one: GrantView) -> dict[str, Any]:
    person = snapshot.people.get(one.person)

    zone = snapshot.sites.zone(one.site)
    return {
        "username": person.username if person else str(one.person),
        "role": one.role,
        "site": snapshot.sites.node(one.site).slug,
        "relation": one.relation,
        "from": one.starts.astimezone(zone).isoformat(timespec="minutes") if one.starts else None,
        "until": one.ends.astimezone(zone).isoformat(timespec="minutes") if one.ends else None,
        "id": str(one.id),
    }


@grant.command("add", words=_("Give a person a role, at a site and below."))
@of_tenant
@of_user
@option("--role", "role_slug", required=True, metavar="ROLE", words=_("The role; see “dougong role list”."))
@option("--site", metavar="SLUG", words=_("The site; without it the whole company."))
@option("--relation", words=_("Only records to which the person has this relation, as “mine”."))
@option("--from", "starts", metavar="TIME", words=_("From this moment, as 2026-11-22 or 2026-11-22T08:00+08:00."))
@option("--until", metavar="TIME", words=_("Until this moment, which is not included any more."))
@as_json
def add_grant(
    tenant: str,
    user: str,
    role_slug: str,
    site: str | None,
    relation: str | None,
    starts: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    from ..access import manage

    with Place() as place, place.desk(tenant) as desk:
        person, at = find_person(desk, user), find_site(desk, site)
        zone = desk.gate.snapshot.sites.node(at).timezone
        made = manage.grant(
            desk,
            person.id,
            find_role(desk, role_slug).id,
            at,
            relation=relation,
            starts_at=_moment(starts, zone),
            ends_at=_moment(until, zone),
        )
        data = {"id": str(made.id), "username": person.username, "role": role_slug, "site": site or tenant}
    show(data, _("{username} is {role} at {site} now: {id}").format(**data), as_json)


def _moment(text: str | None, zone: str) -> dt.datetime | None:
    """A moment as written: a date is its midnight, and without an offset it is the site's time."""
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(_("“{text}” is no time, as 2026-11-22 or 2026-11-22T08:00+08:00 are.").format(text=text)) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


@grant.command("revoke", words=_("Take a grant away at once; its history stays."))
@of_tenant
@option("--id", "grant_id", required=True, type=click.UUID, words=_("Its id; see “dougong grant list”."))
@as_json
def revoke_grant(tenant: str, grant_id: UUID, as_json: bool) -> None:
    from ..access import manage

    with Place() as place, place.desk(tenant) as desk:
        manage.revoke(desk, grant_id)
    show({"id": str(grant_id), "revoked": True}, _("The grant is taken away."), as_json)


@click.command("explain", cls=Command, words=_("Why a person may or may not do something, and what would change it."))
@of_tenant
@of_user
@option("--permission", required=True, metavar="NAME", words=_("What they want to do, as complaints.complaint.close."))
@option("--site", metavar="SLUG", words=_("Where; without it: anywhere."))
@option(
    "--relation", "relations", multiple=True, words=_("A relation to the record, as “mine”; several times for several.")
)
@as_json
def explain(
    tenant: str, user: str, permission: str, site: str | None, relations: tuple[str, ...], as_json: bool
) -> None:
    with Place() as place, place.desk(tenant) as desk:
        if permission not in desk.registry.permissions:
            names = ", ".join(n for n in desk.registry.permissions if n.startswith(permission.partition(".")[0] + "."))
            raise Failed(
                _("Nothing declares the permission “{name}”. There are: {names}").format(
                    name=permission, names=names or ", ".join(desk.registry.modules)
                )
            )
        gate = desk.gate.snapshot.gate(find_person(desk, user).id, desk.now)
        told = gate.explain(permission, find_site(desk, site) if site else None, frozenset(relations))
        data: dict[str, Any] = {
            "allowed": told.allowed,
            "checks": [{"ok": c.ok, "text": str(c.text), "small": str(c.small)} for c in told.checks],
            "mend": str(told.mend),
            "grants": [str(each) for each in told.grants],
        }
    lines = [f"{'✓' if c.ok else '✗'} {c.text}" + (f" — {c.small}" if str(c.small) else "") for c in told.checks]
    answer = str(_("Allowed.") if told.allowed else _("Not allowed."))
    show(data, [*lines, f"{answer} {data['mend']}".strip(), *(f"  {each}" for each in data["grants"])], as_json)


COMMANDS = (role, grant, explain)
