"""Making a company: its row, hosts, sites, modules and roles in one transaction, without demo data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.exc import IntegrityError

from ..errors import Conflict, FieldError, Invalid
from ..tenancy import tables as t
from ..tenancy.cells import Bound, Cell
from ..tenancy.stored import new_id
from ..words import translator
from .configure import differing
from .tables import Role

if TYPE_CHECKING:
    from ..plugins.registry import Registry

_ = translator("dougong")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class NewSite:
    """A site to be made. ``parent`` is the slug of one that stands before it in the list; None: the company itself."""

    slug: str
    name: str
    parent: str | None = None
    type: str = "project"
    timezone: str = "Asia/Shanghai"
    households: int | None = None


def create_company(
    owner: Cell,
    registry: Registry,
    *,
    slug: str,
    name: str,
    hosts: Sequence[str],
    sites: Sequence[NewSite] = (),
    modules: Sequence[str] = (),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> UUID:
    """A company with its declared roles and nobody in it.

    :param owner: the cell as the owner's role: only it writes the tables outside companies.
    :param sites: the first is the company itself; without any it is made from slug and name.
    :param settings: by module, only what differs from the defaults.
    :raises Invalid: malformed or unknown names, a parent that is not there, settings that do not fit.
    :raises Conflict: the slug or a host is taken.
    """
    tenant = new_id()
    try:
        with owner.session(Bound(tenant)) as session:
            insert_company(
                session,
                registry,
                tenant,
                slug=slug,
                name=name,
                hosts=hosts,
                sites=sites,
                modules=modules,
                settings=settings,
            )
    except IntegrityError as error:
        raise Conflict(_("The company's short name or one of its hosts is taken already.")) from error
    return tenant


def insert_company(
    session: orm.Session,
    registry: Registry,
    tenant: UUID,
    *,
    slug: str,
    name: str,
    hosts: Sequence[str],
    sites: Sequence[NewSite] = (),
    modules: Sequence[str] = (),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """The same within a transaction of yours: the owner's, bound to ``tenant``.

    :raises IntegrityError: the slug or a host is taken.
    """
    places = list(sites) or [NewSite(slug, name, type="company")]
    _check(registry, slug, hosts, sites, modules)
    checked = {m: _settings(registry, m, given) for m, given in (settings or {}).items()}
    session.execute(sa.insert(t.tenants), {"id": tenant, "slug": slug, "name": name})
    session.execute(sa.insert(t.versions), {"tenant_id": tenant})
    if hosts:
        session.execute(sa.insert(t.hosts), [{"host": h, "tenant_id": tenant} for h in hosts])
    _fill(session, registry, places, modules, checked)


def _fill(
    session: orm.Session,
    registry: Registry,
    places: Sequence[NewSite],
    modules: Sequence[str],
    settings: Mapping[str, dict[str, Any]],
) -> None:
    ids: dict[str, UUID] = {}
    rows: list[dict[str, Any]] = []
    for position, site in enumerate(places):
        ids[site.slug] = new_id()
        rows.append(
            {
                "id": ids[site.slug],
                "parent_id": ids[site.parent or places[0].slug] if position else None,
                "slug": site.slug,
                "name": site.name,
                "type": site.type,
                "timezone": site.timezone,
                "position": position,
                "households": site.households,
            }
        )
    session.execute(sa.insert(t.Site), rows)
    session.execute(sa.insert(Role), [{"slug": r.slug, "level": r.level} for r in registry.roles.values()])
    if modules:
        session.execute(sa.insert(t.Module), [{"name": m} for m in dict.fromkeys(modules)])
    if settings:
        session.execute(sa.insert(t.Setting), [{"module": m, "value": v} for m, v in settings.items()])


def _check(
    registry: Registry, slug: str, hosts: Sequence[str], sites: Sequence[NewSite], modules: Sequence[str]
) -> None:
    wrong: list[FieldError] = []
    if not _SLUG.fullmatch(slug):
        wrong.append(FieldError("slug", _("Lower-case letters, digits and -; at most {n} characters.").format(n=62)))
    for index, host in enumerate(hosts):
        if len(host) > 253 or not _HOST.fullmatch(host):
            wrong.append(FieldError(f"hosts.{index}", _("Not a host name: lower case, without port.")))
    seen: set[str] = set()
    for index, site in enumerate(sites):
        if site.slug in seen or not _SLUG.fullmatch(site.slug):
            wrong.append(FieldError(f"sites.{index}.slug", _("Malformed, or used twice.")))
        if site.parent is not None and site.parent not in seen:
            wrong.append(FieldError(f"sites.{index}.parent", _("There is no such site before this one.")))
        seen.add(site.slug)
    for index, module in enumerate(modules):
        if module not in registry.modules:
            wrong.append(FieldError(f"modules.{index}", _("There is no such module.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _settings(registry: Registry, module: str, given: Mapping[str, Any]) -> dict[str, Any]:
    model = registry.settings.get(module)
    if model is None:
        raise Invalid(errors=(FieldError(f"settings.{module}", _("This module has no settings.")),))
    try:
        return differing(model.model_validate(given))
    except ValueError as error:  # pydantic's ValidationError is one
        raise Invalid(errors=(FieldError(f"settings.{module}", str(error)),)) from error
