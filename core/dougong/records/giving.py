"""Roles given and ended by a module on behalf of what it recorded: an appointment, a transfer, a leaving.

Owns the limits of that: no administrator is ever made so, and no role by which others could be given roles; nothing reaches
back before now. Who may have such a record written is the module's to ask, with ``may_give_role``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..access import manage
from ..access.desk import Desk
from ..access.posts import ADMIN
from ..access.tables import Grant, Role
from ..errors import Forbidden, refuse
from ..words import translator
from . import history

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")
CLIMBING = frozenset({"core.grants.edit", "core.roles.edit"})  # whoever holds these could give themselves the rest


def give_role(
    x: Context[Any],
    person_id: UUID,
    role_slug: str,
    site_id: UUID,
    *,
    relation: str | None = None,
    starts: dt.datetime | None = None,
    ends: dt.datetime | None = None,
    note: str = "",
) -> UUID:
    """Give a role at a site and below, as the system, on behalf of a record that was approved. The history says so.

    :param relation: limits it to records to which the person stands so, as ``mine``; None: no limit.
    :param starts: inclusive; None or a moment that has passed: from now, never earlier.
    :param ends: exclusive; None: open. :param note: what it was given for, as the number of the record; at most 300 characters.
    :returns: the grant's id, for ``end_role``.
    :raises Forbidden: the role makes an administrator, or lets its holders give roles.
    :raises Invalid: unknown person, role or site, or an end that is not after the start.
    """
    role = x.session.scalar(sa.select(Role).where(Role.tenant_id == x.tenant, Role.slug == role_slug))
    if role is None:
        raise refuse("role", _("There is no such role."))
    _need_harmless(x, role_slug)
    later = max(starts or x.now, x.now)
    made = manage.grant(
        _system(x),
        person_id,
        role.id,
        site_id,
        relation=relation,
        starts_at=later,
        ends_at=ends,
        note=note or None,
    )
    return made.id


def end_role(x: Context[Any], grant_id: UUID, at: dt.datetime | None = None) -> None:
    """End a grant that ``give_role`` made: what was done under it stays, what it would have opened later does not.

    :param at: the moment, exclusive; None or one that has passed: now. A grant that would begin only then is taken away. One that
        somebody has taken away meanwhile, or that ended earlier, is left alone.
    :raises Forbidden: it is an administrator's.
    """
    found = x.session.scalar(sa.select(Grant).where(Grant.tenant_id == x.tenant, Grant.id == grant_id))
    if found is None:
        return
    role = x.session.scalars(sa.select(Role).where(Role.tenant_id == x.tenant, Role.id == found.role_id)).one()
    _need_harmless(x, role.slug)
    moment = max(at or x.now, x.now)
    if found.ends_at is not None and found.ends_at <= moment:
        return
    if found.starts_at is not None and found.starts_at >= moment:
        manage.revoke(_system(x), grant_id)
        return
    before, found.ends_at = found.ends_at, moment
    _system(x).note("core.grant", grant_id, "end", {"until": (before, moment)})
    x.session.flush()


def may_give_role(x: Context[Any], role_slug: str, site_id: UUID) -> bool:
    """Whether this context's person could give the role at that site themselves. Ask before they may have a module do it:
    nobody climbs by way of a module."""
    return not _climbs(x, role_slug) and _desk(x).may_give(role_slug, site_id)


def _climbs(x: Context[Any], slug: str) -> bool:
    role = x.snapshot.roles.get(slug)
    return slug == ADMIN or (role is not None and bool(role.permissions & CLIMBING))


def _need_harmless(x: Context[Any], slug: str) -> None:
    if _climbs(x, slug):
        raise Forbidden(_("This role can give roles itself, so only an administrator gives and takes it."))


def _desk(x: Context[Any]) -> Desk:
    return Desk(x.session, x.gate, x.registry, history.write)


def _system(x: Context[Any]) -> Desk:
    return Desk(x.session, x.snapshot.gate(None, x.now), x.registry, history.write)


__all__ = ["end_role", "give_role", "may_give_role"]
