"""The process's cache of snapshots, and how one is read: all of a company's rows in one statement, so in one moment.

Owns loading, forgetting and host names. A snapshot in use is asserted at each transaction's begin (``cells``), so
what is cached here may be old but is never believed when it is.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import orm

from ..tenancy.cells import Bound, Cell
from ..tenancy.custom import COLUMNS, CustomField, added_fields
from ..tenancy.sites import SiteNode, SiteTree
from ..tenancy.tables import Module, ModuleSite, Setting, Site, hosts, tenants, versions
from ..words import Lazy
from . import tables as t
from .people import Person
from .roles import RoleView, effective
from .snapshot import DeputyView, GrantView, Rows, Snapshot, TokenView

if TYPE_CHECKING:
    from ..plugins.registry import Registry

log = structlog.get_logger(__name__)

HOSTS_KEPT = 60.0  # seconds that a host's company is believed
MISSES_KEPT = 30.0  # seconds that a host is believed to be nobody's
HOSTS_MOST = 10_000  # more are forged: the oldest are forgotten


class Snapshots:
    """Snapshots of the companies this process serves, the least used forgotten first.

    :param size: most snapshots kept; about 0.2 MB each.
    """

    def __init__(self, cell: Cell, registry: Registry, *, size: int = 256) -> None:
        self.cell, self.registry, self.size = cell, registry, size
        self._kept: OrderedDict[UUID, Snapshot] = OrderedDict()
        self._hosts: OrderedDict[str, tuple[UUID | None, float]] = OrderedDict()
        self._loading: dict[UUID, threading.Lock] = {}
        self._lock = threading.Lock()

    def peek(self, tenant: UUID) -> Snapshot | None:
        """What is at hand, without touching the database."""
        with self._lock:
            found = self._kept.get(tenant)
            if found is not None:
                self._kept.move_to_end(tenant)
            return found

    def drop(self, tenant: UUID) -> None:
        with self._lock:
            self._kept.pop(tenant, None)

    def get(self, tenant: UUID, *, newer_than: int = 0) -> Snapshot:
        """The company's snapshot, loaded where none (or none newer) is at hand. Blocks: call it in a thread.

        :param newer_than: the version that an assertion has just found stale.
        :raises LookupError: no such company.
        """
        found = self.peek(tenant)
        if found is not None and found.version > newer_than:
            return found
        with self._lock:
            loading = self._loading.setdefault(tenant, threading.Lock())
        with loading:  # many requests find the same version stale at once; one of them loads
            found = self.peek(tenant)
            if found is not None and found.version > newer_than:
                return found
            with self.cell.session(Bound(tenant)) as session:
                made = Snapshot(read_rows(session, tenant, self.registry))
            with self._lock:
                self._loading.pop(tenant, None)
                self._kept.pop(tenant, None)
                if made.status == "active":  # a suspension ends without a new version: do not remember it
                    self._kept[tenant] = made
                while len(self._kept) > self.size:
                    self._kept.popitem(last=False)
        return made

    def peek_host(self, host: str) -> tuple[bool, UUID | None]:
        """(known, company) from memory alone."""
        found = self._hosts.get(host)
        if found is None or found[1] < time.monotonic():
            return False, None
        return True, found[0]

    def tenant_of(self, host: str) -> UUID | None:
        """The company of a host name (lower case, without port); None where it is nobody's. Blocks: call it in a thread."""
        known, tenant = self.peek_host(host)
        if known:
            return tenant
        with self.cell.platform() as connection:
            tenant = connection.scalar(sa.select(hosts.c.tenant_id).where(hosts.c.host == host))
        with self._lock:
            self._hosts.pop(host, None)
            self._hosts[host] = tenant, time.monotonic() + (HOSTS_KEPT if tenant else MISSES_KEPT)
            while len(self._hosts) > HOSTS_MOST:
                self._hosts.popitem(last=False)
        return tenant

    def forget_hosts(self) -> None:
        """After hosts were changed, or may have been: some company's version has risen."""
        with self._lock:
            self._hosts.clear()


def _all(*columns: Any) -> sa.ScalarSelect[Any]:
    """All rows of a table, as one value of lists. One statement sees one moment, whatever the isolation."""
    return sa.select(sa.func.json_agg(sa.func.json_build_array(*columns))).scalar_subquery()


_ROWS = {
    "sites": _all(
        Site.id,
        Site.parent_id,
        Site.slug,
        Site.name,
        Site.type,
        Site.timezone,
        Site.active,
        sa.literal(0),
        Site.position,
    ),
    "modules": sa.select(sa.func.json_agg(Module.name)).where(Module.enabled).scalar_subquery(),
    "off": _all(ModuleSite.name, ModuleSite.site_id),
    "settings": _all(Setting.module, Setting.value),
    "people": _all(t.Person.id, t.Person.username, t.Person.name, t.Person.locale, t.Person.status),
    "roles": _all(t.Role.id, t.Role.slug, t.Role.name, t.Role.level),
    "changes": _all(t.RolePermission.role_id, t.RolePermission.permission, t.RolePermission.granted),
    "grants": _all(
        t.Grant.id,
        t.Grant.person_id,
        t.Grant.role_id,
        t.Grant.site_id,
        t.Grant.relation,
        t.Grant.starts_at,
        t.Grant.ends_at,
    ),
    "deputies": _all(t.Deputy.person_id, t.Deputy.deputy_id, t.Deputy.starts_at, t.Deputy.ends_at),
    "custom": sa.select(
        sa.func.json_agg(
            sa.func.json_build_array(
                CustomField.record_kind, CustomField.position, *(getattr(CustomField, name) for name in COLUMNS)
            )
        )
    )
    .where(CustomField.removed_at.is_(None))
    .scalar_subquery(),
    "tokens": sa.select(
        sa.func.json_agg(sa.func.json_build_array(t.Token.id, t.Token.person_id, t.Token.scope, t.Token.expires_at))
    )
    .where(t.Token.revoked_at.is_(None))
    .scalar_subquery(),
}
_STATEMENT = (
    sa.select(
        tenants.c.slug,
        tenants.c.name,
        tenants.c.status,
        versions.c.version,
        *(q.label(name) for name, q in _ROWS.items()),
    )
    .join_from(tenants, versions, versions.c.tenant_id == tenants.c.id)
    .where(tenants.c.id == sa.bindparam("tenant"))
)


def read_rows(session: orm.Session, tenant: UUID, registry: Registry) -> Rows:
    """A company's rows, read in one statement.

    :param session: bound to that company.
    :raises LookupError: no such company.
    """
    found = session.execute(_STATEMENT, {"tenant": tenant}).mappings().one_or_none()
    if found is None:
        raise LookupError(f"no company {tenant}")
    rows: dict[str, list[Any]] = {name: found[name] or [] for name in _ROWS}
    roles = _roles(rows["roles"], rows["changes"], registry)
    by_id = {role.id: role.slug for role in roles}
    settings, problems = _settings(dict(rows["settings"]), registry)
    for module, problem in problems.items():
        log.warning("settings_not_usable", company=found["slug"], module=module, problem=problem)
    return Rows(
        tenant,
        found["slug"],
        found["name"],
        found["status"],
        found["version"],
        SiteTree(SiteNode(UUID(id), _id(parent), *rest) for id, parent, *rest in rows["sites"]),
        modules=frozenset(rows["modules"]) & frozenset(registry.modules),
        off=frozenset((name, UUID(site)) for name, site in rows["off"]),
        people={UUID(id): Person(UUID(id), *rest) for id, *rest in rows["people"]},
        roles={role.slug: role for role in roles},
        grants=tuple(
            GrantView(UUID(id), UUID(person), by_id[UUID(role)], UUID(site), relation, _moment(starts), _moment(ends))
            for id, person, role, site, relation, starts, ends in rows["grants"]
        ),
        deputies=tuple(
            DeputyView(UUID(p), UUID(d), dt.datetime.fromisoformat(s), dt.datetime.fromisoformat(e))
            for p, d, s, e in sorted(rows["deputies"], key=lambda row: row[2])
        ),
        tokens={
            id: TokenView(id, UUID(person), tuple(scope), dt.datetime.fromisoformat(ends))
            for id, person, scope, ends in rows["tokens"]
        },
        settings=settings,
        problems=problems,
        labels=_labels(registry),
        custom=added_fields(rows["custom"]),
    )


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _roles(rows: list[Any], changes: list[Any], registry: Registry) -> list[RoleView]:
    changed: dict[str, dict[str, bool]] = {}
    for role, permission, granted in changes:
        changed.setdefault(role, {})[permission] = granted
    found = []
    for id, slug, name, level in rows:
        declared = registry.roles.get(slug)
        held = effective(declared, changed.get(id, {}), registry.permissions)
        found.append(RoleView(UUID(id), slug, name, declared.label if declared else None, level, held))
    return found


def _labels(registry: Registry) -> Mapping[str, Lazy]:
    names = {name: loaded.manifest.label for name, loaded in registry.plugins.items()}
    return names | {name: permission.label for name, permission in registry.permissions.items()}


def _settings(stored: Mapping[str, Any], registry: Registry) -> tuple[dict[str, BaseModel], dict[str, str]]:
    """Every declared model over what the company stored, and what was not usable of it."""
    made, problems = {}, {}
    for module, model in registry.settings.items():
        made[module], problem = tolerant(model, stored.get(module) or {})
        if problem:
            problems[module] = problem
    return made, problems


def tolerant(model: type[BaseModel], stored: Mapping[str, Any]) -> tuple[BaseModel, str]:
    """The model over stored values; keys that no longer fit are left at their defaults and named in the second value.

    Settings outlive the code that declared them: an old value must not take a company's platform down.
    """
    try:
        return model.model_validate(stored), ""
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        wrong = {str(e["loc"][0]) for e in error.errors() if e["loc"]}
    try:
        return model.model_validate({k: v for k, v in stored.items() if k not in wrong}), problem
    except ValidationError:
        return model(), problem
