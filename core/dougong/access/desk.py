"""The administrator's desk: whose hands do the administration, how far they reach, and the history of what they did.

Owns the two rules against climbing: nobody gives what they do not hold themselves there, and nobody touches a person
who holds more than they could give. The services are in ``manage`` (people, grants) and ``configure``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import orm

from ..errors import Forbidden
from ..words import translator
from .gate import Gate
from .posts import ADMIN, PERMISSIONS
from .tables import Grant, Role

if TYPE_CHECKING:
    from ..plugins.registry import Registry

_ = translator("dougong")


class Writer(Protocol):
    """``records.history.write``: the records stand above this layer, so their history is handed in."""

    def __call__(
        self,
        session: orm.Session,
        kind: str,
        record_id: UUID,
        action: str,
        *,
        actor: UUID | None,
        at: dt.datetime,
        changes: Mapping[str, tuple[Any, Any]],
        personal: frozenset[str] = frozenset(),
        first: bool = False,
    ) -> object: ...


@dataclass(frozen=True)
class Desk:
    """One administrator in one transaction.

    :param session: of the company of ``gate.snapshot``.
    :param gate: the administrator's rights and the moment; the system's gate may everything.
    :param registry: what the loaded modules declare.
    :param write: ``records.history.write``.
    """

    session: orm.Session
    gate: Gate
    registry: Registry
    write: Writer

    @property
    def now(self) -> dt.datetime:
        return self.gate.at

    @property
    def actor(self) -> UUID | None:
        return self.gate.person.id if self.gate.person else None

    @property
    def root(self) -> UUID:
        return self.gate.snapshot.sites.root

    def need(self, permission: str, site: UUID | None) -> None:
        """:raises Forbidden: not permitted there; ``site`` None is the whole company. Carries the explanation."""
        place = self.judged_at(site)
        if not self.gate.may(permission, place):
            explanation = self.gate.explain(permission, place)
            raise Forbidden(explanation.mend or _("You may not do this here."), extra={"explanation": explanation})

    def judged_at(self, site: UUID | None) -> UUID:
        """Where administration of a site is judged: there, or, where it is closed, at the nearest open site above."""
        tree = self.gate.snapshot.sites
        return next((id for id in tree.ancestors(site or self.root) if id in tree.open), self.root)

    def note(
        self,
        kind: str,
        id: UUID | str,
        action: str,
        changes: Mapping[str, tuple[Any, Any]],
        *,
        personal: frozenset[str] = frozenset(),
        first: bool = False,
    ) -> None:
        """Write the history of one change. Things named by text get a fixed id made from company and name."""
        record = id if isinstance(id, UUID) else named(self.gate.snapshot.tenant, id)
        self.write(
            self.session,
            kind,
            record,
            action,
            actor=self.actor,
            at=self.now,
            changes=changes,
            personal=personal,
            first=first,
        )

    def is_admin(self, site: UUID) -> bool:
        """The system, or a holder of the post of administrator, unlimited, at this site or above.

        A token that was given only part of the administrator's rights is no administrator.
        """
        if self.gate.system:
            return True
        snapshot = self.gate.snapshot
        unscoped = snapshot.gate(self.actor, self.now)
        if any(unscoped.may(p.name, site) and not self.gate.may(p.name, site) for p in PERMISSIONS):
            return False
        return self.actor is not None and any(
            g.role == ADMIN and g.relation is None and g.live(self.now) and site in snapshot.sites.subtree(g.site)
            for g in snapshot.grants_of(self.actor)
        )

    def lacks(self, permissions: frozenset[str], site: UUID) -> frozenset[str]:
        """Which of these the administrator does not hold at all of the site's subtree, so may not give there.

        Where a module is off nobody holds its permissions; those of the role's own grant decide then.
        """
        if self.is_admin(site):
            return frozenset()
        snapshot, held = self.gate.snapshot, set[str]()
        for g in snapshot.grants_of(self.actor) if self.actor else ():
            if (
                g.relation is None
                and g.live(self.now)
                and site in snapshot.sites.subtree(g.site)
                and g.role in snapshot.roles
            ):
                held |= snapshot.roles[g.role].permissions
        return permissions - held

    def may_give(self, role_slug: str, site: UUID) -> bool:
        role, place = self.gate.snapshot.roles.get(role_slug), self.judged_at(site)
        return role is not None and self.gate.may("core.grants.edit", place) and not self.lacks(role.permissions, place)

    def need_above(self, person_id: UUID) -> None:
        """:raises Forbidden: the person holds, or will hold, a role that the administrator could not give."""
        rows = self.session.execute(
            sa.select(Role.slug, Grant.site_id)
            .join(Role, sa.and_(Role.tenant_id == Grant.tenant_id, Role.id == Grant.role_id))
            .where(Grant.person_id == person_id, sa.or_(Grant.ends_at.is_(None), Grant.ends_at > self.now))
        )
        if any(not self.may_give(slug, site) for slug, site in rows):
            raise Forbidden(_("This person holds a role that you could not give. Ask an administrator above you."))


def named(tenant: UUID, name: str) -> UUID:
    """The id under which history keeps what has a name but no id: a module, a module's settings."""
    return uuid5(tenant, name)
