"""Administration of roles, modules and settings: what a company changes of what its modules declare."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from ..errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ..tenancy.tables import Module, ModuleSite, Setting, Site
from ..words import translator
from . import calendars
from .desk import Desk
from .posts import ADMIN
from .roles import effective
from .store import tolerant
from .tables import Role, RolePermission

_ = translator("dougong")

M = TypeVar("M", bound=BaseModel)

_SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
LEVELS = range(100)


def create_role(desk: Desk, *, slug: str, name: str, level: int = 0, permissions: Collection[str] = ()) -> Role:
    """A role of the company's own.

    :param level: 0 to 99, place in the line of command.
    :raises Invalid: slug taken or malformed, unknown permissions. :raises Forbidden: it would hold more than one has.
    """
    desk.need("core.roles.edit", None)
    wrong = []
    if not _SLUG.fullmatch(slug):
        wrong.append(FieldError("slug", _("Lower-case letters, digits and _; a letter first.")))
    if not name.strip() or len(name) > 100 or "\0" in name:
        wrong.append(FieldError("name", _("Give it a name of at most {n} characters.").format(n=100)))
    if level not in LEVELS:
        wrong.append(FieldError("level", _("A whole number from 0 to 99.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    _check(desk, frozenset(permissions), frozenset())
    made = Role(slug=slug, name=name.strip(), level=level)
    try:
        with desk.session.begin_nested():
            desk.session.add(made)
    except IntegrityError:
        raise Invalid(errors=(FieldError("slug", _("This name is taken.")),)) from None
    desk.note("core.role", made.id, "create", {"slug": (None, slug), "name": (None, made.name)}, first=True)
    set_permissions(desk, made.id, permissions)
    return made


def change_role(desk: Desk, role_id: UUID, *, name: str | None, level: int) -> Role:
    """Rename a role and place it in the line of command.

    :param name: None or empty: the declared name, where a module declares one. :param level: 0 to 99.
    :raises NotFound: no such role. :raises Invalid: the name is missing or too long, the level out of range.
    :raises Forbidden: the role may do more than the administrator: above whom it stands is not theirs to say.
    """
    desk.need("core.roles.edit", None)
    role = desk.session.scalar(sa.select(Role).where(Role.id == role_id).with_for_update())
    if role is None:
        raise NotFound(_("There is no such role."))
    new = (name or "").strip() or None
    wrong = []
    if (new is None and role.slug not in desk.registry.roles) or (new and (len(new) > 100 or "\0" in new)):
        wrong.append(FieldError("name", _("Give it a name of at most {n} characters.").format(n=100)))
    if level not in LEVELS:
        wrong.append(FieldError("level", _("A whole number from 0 to 99.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    view = desk.gate.snapshot.roles.get(role.slug)
    if view is not None and desk.lacks(view.permissions, desk.root):
        raise Forbidden(_("This role may do more than you may yourself, so you cannot change it."))
    changes = {k: (getattr(role, k), v) for k, v in (("name", new), ("level", level)) if getattr(role, k) != v}
    role.name, role.level = new, level
    desk.session.flush()
    if changes:
        desk.note("core.role", role_id, "edit", changes)
    return role


def set_permissions(desk: Desk, role_id: UUID, permissions: Collection[str]) -> None:
    """What a role may do from now on, stored as the difference from what the modules declare.

    :raises NotFound: no such role. :raises Invalid: a permission that nothing declares.
    :raises Forbidden: a permission is added that the administrator does not hold for the whole company.
    :raises Conflict: the administrators' role would lose the means to undo it.
    """
    desk.need("core.roles.edit", None)
    role = desk.session.scalar(sa.select(Role).where(Role.id == role_id).with_for_update())
    if role is None:
        raise NotFound(_("There is no such role."))
    rows = list(desk.session.scalars(sa.select(RolePermission).where(RolePermission.role_id == role_id)))
    declared, known = desk.registry.roles.get(role.slug), desk.registry.permissions
    before = effective(declared, {r.permission: r.granted for r in rows}, known)
    # What a module that is not loaded at present had been given stays as it was.
    wanted = frozenset(permissions) | {p for p in before if p not in known}
    _check(desk, wanted, before)
    if role.slug == ADMIN and not {"core.roles.edit", "core.grants.edit"} <= wanted:
        raise Conflict(_("Administrators must be able to change roles and grants, or nobody could undo this."))
    base = effective(declared, {}, known)
    desk.session.execute(sa.delete(RolePermission).where(RolePermission.role_id == role_id))
    desk.session.expunge_all()
    if differs := sorted(wanted ^ base):
        values = [{"role_id": role_id, "permission": p, "granted": p in wanted} for p in differs]
        desk.session.execute(sa.insert(RolePermission), values)
    if before != wanted:
        changes = {"permissions": (sorted(before - wanted), sorted(wanted - before))}
        desk.note("core.role", role_id, "permissions", changes)


def _check(desk: Desk, wanted: frozenset[str], before: frozenset[str]) -> None:
    unknown = sorted(p for p in wanted - before if p not in desk.registry.permissions)
    if unknown:
        message = _("There is no permission {name}.").format(name=unknown[0][:100])
        raise Invalid(errors=(FieldError("permissions", message),))
    if lacking := desk.lacks(wanted - before, desk.root):
        labels = ", ".join(str(desk.registry.permissions[p].label) for p in sorted(lacking)[:3])
        raise Forbidden(_("You cannot give what you may not do yourself: {names}").format(names=labels))


def switch_module(desk: Desk, name: str, on: bool) -> None:
    """Turn a module on or off for the company; its records stay.

    :raises NotFound: not loaded. :raises Conflict: it needs, or is needed by, another module.
    """
    desk.need("core.modules.edit", None)
    _known(desk, name)
    active = set(desk.session.scalars(sa.select(Module.name).where(Module.enabled)))
    if on:
        missing = [
            other for other in desk.registry.needs(name) if other not in active and other in desk.registry.modules
        ]
        if missing:
            raise Conflict(_("First switch on: {names}").format(names=_names(desk, missing)))
    else:
        relying = [other for other in desk.registry.needing(name) if other in active]
        if relying:
            raise Conflict(_("First switch off: {names}").format(names=_names(desk, relying)))
    if (name in active) == on:
        return
    row = insert(Module).values(name=name, enabled=on, changed_at=desk.now)
    desk.session.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "name"], set_={"enabled": on, "changed_at": desk.now})
    )
    desk.note("core.module", name, "on" if on else "off", {"enabled": (not on, on)})


def switch_module_at(desk: Desk, name: str, site_id: UUID, on: bool) -> None:
    """The exception of one site: off there and below, or as everywhere else again.

    :raises NotFound: module not loaded, or no such site.
    """
    if desk.session.scalar(sa.select(Site.id).where(Site.id == site_id)) is None:
        raise NotFound(_("There is no such site."))
    desk.need("core.modules.edit", site_id)
    _known(desk, name)
    if on:
        gone = sa.delete(ModuleSite).where(ModuleSite.name == name, ModuleSite.site_id == site_id)
        changed = desk.session.scalars(gone.returning(ModuleSite.site_id)).all()
    else:
        row = insert(ModuleSite).values(name=name, site_id=site_id).on_conflict_do_nothing()
        changed = desk.session.scalars(row.returning(ModuleSite.site_id)).all()
    if changed:
        desk.note("core.module", name, "on at site" if on else "off at site", {str(site_id): (not on, on)})


def stored(desk: Desk, module: str, model: type[M]) -> M:
    """A company's settings of a module as they stand now, locked until the transaction ends."""
    found = desk.session.scalar(sa.select(Setting.value).where(Setting.module == module).with_for_update())
    return tolerant(model, found or {})[0]  # type: ignore[return-value]


def change_settings(
    desk: Desk, module: str, values: BaseModel | Mapping[str, Any], *, keep: Collection[str] = ()
) -> BaseModel:
    """Replace a company's settings of a module; only what differs from the defaults is stored.

    :param values: a validated model (a page validates with its own words), or plain values.
    :param keep: fields that stay as they are stored, whatever the model holds.
    :raises NotFound: the module has none. :raises Invalid: one entry per value that does not fit.
    """
    desk.need("core.settings.edit", None)
    model = desk.registry.settings.get(module)
    if model is None:
        raise NotFound(_("This module has no settings."))
    if not isinstance(values, model):
        try:
            values = model.model_validate(values)
        except ValidationError as error:
            wrong = (FieldError(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors())
            raise Invalid(errors=tuple(wrong)) from None
    before = stored(desk, module, model)
    values = values.model_copy(update={name: getattr(before, name) for name in keep})
    calendars.check(desk, before, values)
    diff = differing(values)
    row = insert(Setting).values(module=module, value=diff)
    desk.session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "module"], set_={"value": diff}))
    old, new = before.model_dump(mode="json"), values.model_dump(mode="json")
    changes = {key: (old.get(key), value) for key, value in new.items() if old.get(key) != value}
    if changes:
        calendars.settled(desk, module, changes)
        desk.note("core.setting", f"settings:{module}", "edit", _each(changes, "calendars"))
    return values


def _each(changes: dict[str, tuple[Any, Any]], name: str) -> dict[str, tuple[Any, Any]]:
    """A field that is a dictionary stands in history entry by entry."""
    old, new = changes.pop(name, ({}, {}))
    entries = {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}
    return changes | {f"{name}.{key}": pair for key, pair in entries.items()}


def differing(values: BaseModel) -> dict[str, Any]:
    """What of some settings differs from the defaults, as it is stored.

    Compared as JSON: models may keep things of their own beside their fields, which pydantic's comparison minds.
    """
    now, default = values.model_dump(mode="json"), type(values)().model_dump(mode="json")
    slim = values.model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in slim.items() if now[key] != default[key]}


def _known(desk: Desk, name: str) -> None:
    if name not in desk.registry.modules:
        raise NotFound(_("There is no such module."))


def _names(desk: Desk, modules: list[str]) -> str:
    return ", ".join(str(desk.registry.modules[m].manifest.label) for m in modules)
