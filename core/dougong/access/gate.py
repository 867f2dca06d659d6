"""One person at one moment: the decision itself, a couple of look-ups in a table compiled by the snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from ..tenancy.sites import NOWHERE
from .people import Person
from .roles import matches, module_of

if TYPE_CHECKING:
    from .explain import Explanation
    from .snapshot import Snapshot

UNRELATED: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a permission holds: at ``free`` sites for every record, at the sites of ``related`` where that relation holds."""

    free: frozenset[UUID] = NOWHERE
    related: tuple[tuple[str, frozenset[UUID]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.free or self.related)


NOTHING = Scope()


class Rights:
    """A person's table, true from ``since`` until (exclusive) ``until``."""

    __slots__ = ("since", "table", "until")

    def __init__(self, table: Mapping[str, Scope], since: dt.datetime, until: dt.datetime) -> None:
        self.table, self.since, self.until = table, since, until

    def get(self, permission: str) -> Scope | None:
        return self.table.get(permission)


class Everything:
    """The system's rights: everything at the open sites of enabled modules, narrowed by ``only``."""

    __slots__ = ("_only", "_snapshot")

    def __init__(self, snapshot: Snapshot, only: tuple[str, ...] | None) -> None:
        self._snapshot, self._only = snapshot, only

    def get(self, permission: str) -> Scope | None:
        if self._only is not None and not any(matches(one, permission) for one in self._only):
            return None
        free = self._snapshot.open_sites(module_of(permission))
        return Scope(free) if free else None


class Gate:
    """What ``person`` may at ``at``; ``person`` None is the system or, where nothing is allowed, nobody that we know.

    :ivar only: the scope of the token that acts, which is in these rights already; None: all that the person may.
    """

    __slots__ = ("_rights", "at", "only", "person", "snapshot")

    def __init__(
        self,
        snapshot: Snapshot,
        person: Person | None,
        at: dt.datetime,
        rights: Rights | Everything,
        only: tuple[str, ...] | None = None,
    ) -> None:
        self.snapshot, self.person, self.at, self._rights, self.only = snapshot, person, at, rights, only

    @property
    def system(self) -> bool:
        return isinstance(self._rights, Everything)

    def may(self, permission: str, site: UUID | None, relations: frozenset[str] = UNRELATED) -> bool:
        """Module and permission at the site, with the relations that hold between the person and the record.

        :param site: None asks "anywhere at all", for menus; it says nothing of any record.
        """
        scope = self._rights.get(permission)
        if scope is None:
            return False
        if site is None or site in scope.free:
            return True
        for relation, sites in scope.related:  # noqa: SIM110 (any() with a generator doubles the time of a decision)
            if relation in relations and site in sites:
                return True
        return False

    def scope(self, permission: str) -> Scope:
        """Where the permission holds; filters lists, counts, search and exports."""
        return self._rights.get(permission) or NOTHING

    def chain(self) -> tuple[UUID, ...]:
        """Me and everybody above me in line; empty for the system. See ``Snapshot.chain``."""
        return self.snapshot.chain(self.person.id, self.at) if self.person else ()

    def people(self) -> tuple[UUID, ...]:
        """Me and the absent in whose place I stand; empty for the system. See ``Snapshot.stands_for``."""
        return (self.person.id, *self.snapshot.stands_for(self.person.id, self.at)) if self.person else ()

    def posts(self) -> tuple[str, ...]:
        """The posts of my limited grants, as ``role@site``; empty for the system. See ``Snapshot.posts``."""
        return self.snapshot.posts(self.person.id, self.at) if self.person else ()

    def explain(self, permission: str, site: UUID | None, relations: frozenset[str] = UNRELATED) -> Explanation:
        """Which gate says no and the smallest grant that would change it. On behalf of others: ``explain.ask``."""
        from .explain import explain

        return explain(self, permission, site, relations)
