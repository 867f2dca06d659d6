"""Carrying out a company's file: explicit, in one transaction, only what the file mentions, deleting nothing.

Every step goes through the services that the pages use, so it is checked, and noted in the history, in the same way.
A trial run is the same transaction, rolled back: its plan cannot differ from what would happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import orm
from sqlalchemy.exc import IntegrityError

from ..access import configure
from ..access import tables as a
from ..access.companies import NewSite, insert_company
from ..access.desk import Desk
from ..errors import Conflict, FieldError, Invalid
from ..plugins.registry import Registry
from ..tenancy import tables as t
from ..tenancy.cells import Bound, Cell
from ..tenancy.stored import new_id
from ..words import translator
from .company_fields import put_fields
from .company_file import CompanyFile, RolePart
from .company_people import put_people
from .company_sites import put_sites
from .place import desk_in
from .told import told_at

_ = translator("dougong")


@dataclass(frozen=True)
class Change:
    """One thing that was, or would be, done. ``action``: ``create`` or ``change``."""

    action: str
    what: str
    name: str
    detail: str = ""


@dataclass
class Work:
    """A file being carried out in one transaction."""

    session: orm.Session
    registry: Registry
    tenant: UUID
    file: CompanyFile
    changes: list[Change] = field(default_factory=list)

    def desk(self) -> Desk:
        """The system's desk, by what this transaction has made so far."""
        return desk_in(self.session, self.tenant, self.registry)

    def did(self, action: str, what: str, name: str, detail: object = "") -> None:
        self.changes.append(Change(action, what, name, str(detail)))


class _OnlyTried(Exception):
    pass


def apply(
    owner: Cell,
    registry: Registry,
    file: CompanyFile,
    *,
    dry_run: bool = False,
    then: Callable[[Work], None] | None = None,
) -> list[Change]:
    """Bring a company to what its file says; one that is not there yet is made.

    :param owner: the cell as the owner's role.
    :param dry_run: roll everything back at the end.
    :param then: more to do in the same transaction.
    :raises Problem: something does not fit, with the key's path; nothing was done.
    """
    with owner.platform() as connection:
        found = connection.scalar(sa.select(t.tenants.c.id).where(t.tenants.c.slug == file.slug))
    tenant = found or new_id()
    work: Work | None = None
    try:
        with owner.session(Bound(tenant)) as session:
            work = Work(session, registry, tenant, file)
            _company(work, new=found is None)
            for step in (put_sites, _modules, _modules_at, _roles, _settings, put_fields, put_people):
                step(work)
                session.flush()
            if then is not None:
                then(work)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    except IntegrityError as error:
        raise Conflict(_("Somebody made the same company at this moment. Please try again.")) from error
    assert work is not None
    return work.changes


def _company(work: Work, *, new: bool) -> None:
    file, session = work.file, work.session
    taken = sa.select(t.hosts.c.host, t.hosts.c.tenant_id).where(t.hosts.c.host.in_(file.hosts))
    owners: dict[str, UUID] = {row.host: row.tenant_id for row in session.execute(taken)}
    foreign = [host for host, tenant in owners.items() if tenant != work.tenant]
    if foreign:
        said = _("{host} belongs to another company.").format(host=", ".join(foreign))
        raise Invalid(errors=(FieldError("hosts", said),))
    if new:
        root = next((site for site in file.sites if site.parent is None), None)
        name = file.name or (root.name if root else None) or file.slug
        place = NewSite(root.slug, root.name or name, None, root.type, root.timezone, root.households) if root else None
        insert_company(
            session,
            work.registry,
            work.tenant,
            slug=file.slug,
            name=name,
            hosts=file.hosts,
            sites=[place] if place else [],
        )
        work.did("create", "company", file.slug, name)
        return
    if file.name is not None:
        renamed = sa.update(t.tenants).where(t.tenants.c.id == work.tenant, t.tenants.c.name != file.name)
        if session.scalars(renamed.values(name=file.name).returning(t.tenants.c.id)).all():
            raise_version(session, work.tenant)
            work.did("change", "company", file.slug, file.name)
    for host in file.hosts:
        if host not in owners:
            session.execute(sa.insert(t.hosts), {"host": host, "tenant_id": work.tenant})
            work.did("create", "host", host)
    add_declared_roles(work.desk())


def raise_version(session: orm.Session, tenant: UUID) -> None:
    """What the company's triggers cannot see changed (its name): every process must load it again."""
    session.execute(
        sa.update(t.versions).where(t.versions.c.tenant_id == tenant).values(version=t.versions.c.version + 1)
    )


def add_declared_roles(desk: Desk) -> None:
    """Rows for roles that a plugin declares which came after the company."""
    missing = [role for role in desk.registry.roles.values() if role.slug not in desk.gate.snapshot.roles]
    if missing:
        desk.session.execute(sa.insert(a.Role), [{"slug": role.slug, "level": role.level} for role in missing])


# ---- modules and settings ----


def _modules(work: Work) -> None:
    said = dict(work.file.modules)
    everything = said.pop("*", None)
    _all_known(work, "modules", said)
    wanted = dict.fromkeys(work.registry.modules, everything) if everything is not None else {}
    wanted |= said
    desk = work.desk()
    ordered = [name for name in work.registry.modules if name in wanted]  # required ones first
    turns = [name for name in ordered if wanted[name]] + [name for name in reversed(ordered) if not wanted[name]]
    for name in turns:
        on = bool(wanted[name])
        if (name in desk.gate.snapshot.modules) != on:
            with told_at(f"modules.{name}"):
                configure.switch_module(desk, name, on)
            work.did("change", "module", name, _("on") if on else _("off"))


def _modules_at(work: Work) -> None:
    desk = work.desk()
    off = desk.gate.snapshot.rows.off
    for site in work.file.sites:
        _all_known(work, f"sites.{site.slug}.modules", site.modules)
        id = desk.gate.snapshot.sites.by_slug[site.slug].id
        for name, on in site.modules.items():
            if ((name, id) not in off) != on:
                configure.switch_module_at(desk, name, id, on)
                work.did("change", "module", f"{name} @ {site.slug}", _("on") if on else _("off"))


def _all_known(work: Work, path: str, names: Mapping[str, bool]) -> None:
    unknown = [name for name in names if name not in work.registry.modules]
    if unknown:
        installed = ", ".join(work.registry.modules)
        said = _("There is no such module. Installed are: {names}").format(names=installed)
        raise Invalid(errors=tuple(FieldError(f"{path}.{name}", said) for name in unknown))


def _settings(work: Work) -> None:
    given: dict[str, dict[str, Any]] = {name: dict(values) for name, values in work.file.settings.items()}
    if look := work.file.look.said("brand", "logo", "theme", "locale"):
        given["core"] = {**given.get("core", {}), **look}
    desk = work.desk()
    for module, values in given.items():
        if module not in work.registry.settings:
            raise Invalid(errors=(FieldError(f"settings.{module}", _("This module has no settings.")),))
        before = desk.gate.snapshot.settings(module)
        merged = _merged(before.model_dump(mode="json"), values)
        with told_at(f"settings.{module}"):
            after = configure.change_settings(desk, module, merged)
        if after != before:
            work.did("change", "settings", module, ", ".join(_differing(before, after)))


def _merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Given values over present ones, key by key. TOML has no null: an empty table empties a value."""
    found = dict(before)
    for key, value in given.items():
        present = found.get(key)
        if isinstance(value, Mapping) and isinstance(present, Mapping):
            found[key] = _merged(present, value)
        elif value == {} and not isinstance(present, Mapping):
            found[key] = None
        else:
            found[key] = value
    return found


def _differing(before: BaseModel, after: BaseModel) -> list[str]:
    return [name for name in type(after).model_fields if getattr(before, name) != getattr(after, name)]


# ---- roles ----


def _roles(work: Work) -> None:
    desk = work.desk()
    for slug, part in work.file.roles.items():
        with told_at(f"roles.{slug}"):
            known = desk.gate.snapshot.roles.get(slug)
            if known is None:
                if part.name is None:
                    raise Invalid(errors=(FieldError("name", _("A new role needs a name.")),))
                configure.create_role(desk, slug=slug, name=part.name, level=part.level, permissions=part.add)
                work.did("create", "role", slug, part.name)
            else:
                _change_role(work, desk, slug, part)


def _change_role(work: Work, desk: Desk, slug: str, part: RolePart) -> None:
    known = desk.gate.snapshot.roles[slug]
    said = part.said("name", "level")
    named = {key: value for key, value in said.items() if getattr(known, key) != value}
    if named:
        configure.change_role(desk, known.id, name=part.name or known.name, level=said.get("level", known.level))
    wanted = (known.permissions | set(part.add)) - set(part.remove)
    if wanted != known.permissions:
        configure.set_permissions(desk, known.id, wanted)
    more = [f"+{name}" for name in sorted(wanted - known.permissions)]
    less = [f"-{name}" for name in sorted(known.permissions - wanted)]
    if named or more or less:
        work.did("change", "role", slug, ", ".join([*map(str, named.values()), *more, *less]))


__all__ = ["Change", "Work", "add_declared_roles", "apply"]
