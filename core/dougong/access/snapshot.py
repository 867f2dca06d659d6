"""A company's rights as one immutable value, compiled from its rows at one version.

Owns: which sites a person's grants open for a permission at a moment, who holds a role, who stands above whom.
Grants are judged one by one; from and until are judged at the moment asked about, never at the moment of loading.
Does not load rows (``store``) and judges no record's state or fields (records).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from pydantic import BaseModel

from ..scheduling.held import Calendars
from ..tenancy.custom import Added, AddedFields
from ..tenancy.settings import CoreSettings
from ..tenancy.sites import NOWHERE, SiteTree
from ..words import Lazy
from .gate import Everything, Gate, Rights, Scope
from .people import Person
from .roles import CORE, RoleView, matches, module_of

_EVER = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class GrantView:
    """Person × role × site subtree, from (inclusive) until (exclusive), narrowed by a relation or by none."""

    id: UUID
    person: UUID
    role: str
    site: UUID
    relation: str | None = None
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None

    def live(self, at: dt.datetime) -> bool:
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class DeputyView:
    """While ``person`` is away, ``deputy`` stands in their place; from inclusive, until exclusive."""

    person: UUID
    deputy: UUID
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class TokenView:
    """A bearer token that was not revoked. ``id`` is its SHA-256."""

    id: str
    person: UUID
    scope: tuple[str, ...]
    ends: dt.datetime


@dataclass(frozen=True)
class Rows:
    """What a snapshot and the policy are made from: one consistent reading of a company's rows.

    :param modules: enabled by the company and loaded by this process, without the core.
    :param off: (module, site): the module is off at that site and below.
    :param settings: by module, validated; ``problems`` says which stored values were not usable.
    :param labels: of modules and permissions by name, for explanations.
    :param custom: fields that the company added, by kind of record.
    """

    tenant: UUID
    slug: str
    name: str
    status: str
    version: int
    sites: SiteTree
    modules: frozenset[str] = frozenset()
    off: frozenset[tuple[str, UUID]] = frozenset()
    people: Mapping[UUID, Person] = field(default_factory=dict)
    roles: Mapping[str, RoleView] = field(default_factory=dict)
    grants: tuple[GrantView, ...] = ()
    deputies: tuple[DeputyView, ...] = ()
    tokens: Mapping[str, TokenView] = field(default_factory=dict)
    settings: Mapping[str, BaseModel] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Lazy] = field(default_factory=dict)
    custom: AddedFields = field(default_factory=dict)


class Snapshot:
    """Decisions for one company at one version. Safe to share between threads: what it remembers is only ever replaced."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.tenant, self.slug, self.name = rows.tenant, rows.slug, rows.name
        self.status, self.version = rows.status, rows.version
        self.modules, self.sites = rows.modules, rows.sites
        self.people, self.roles, self.grants = rows.people, rows.roles, rows.grants
        self.tokens, self.problems = rows.tokens, rows.problems
        self._by_person: dict[UUID, list[GrantView]] = {}
        self._by_site: dict[UUID, list[GrantView]] = {}
        for grant in rows.grants:
            self._by_person.setdefault(grant.person, []).append(grant)
            self._by_site.setdefault(grant.site, []).append(grant)
        self._moments = _changes(rows.grants)
        self._rights: dict[tuple[UUID, tuple[str, ...] | None], Rights] = {}
        self._tables: dict[tuple[tuple[str, UUID, str | None], ...], dict[str, Scope]] = {}
        self._reach: dict[tuple[str, UUID], frozenset[UUID]] = {}
        self._chains: dict[UUID, tuple[dt.datetime, dt.datetime, tuple[UUID, ...]]] = {}
        self._deputies = frozenset(d.deputy for d in rows.deputies)
        self._answering: dict[UUID, tuple[dt.datetime, dt.datetime, frozenset[UUID]]] = {}

    def label(self, name: str) -> Lazy | str:
        """What people call a module or permission; the name itself where nothing declares it."""
        return self.rows.labels.get(name, name)

    def settings(self, module: str) -> BaseModel:
        """The module's settings as the company has them.

        :raises KeyError: the module declares none, or is not loaded.
        """
        return self.rows.settings[module]

    def custom(self, kind: str) -> tuple[Added, ...]:
        """The fields that the company added to a kind of record, in its order."""
        return self.rows.custom.get(kind, ())

    @cached_property
    def company(self) -> CoreSettings:
        """What the company set for the platform itself (brand, language, calendars, files); the defaults before it set any."""
        own = self.rows.settings.get(CORE)
        return own if isinstance(own, CoreSettings) else CoreSettings()

    @cached_property
    def calendars(self) -> Calendars:
        """The company's working calendars, and which of them holds where."""
        return Calendars(self.company, self.sites)

    @cached_property
    def shape(self) -> tuple[frozenset[str], tuple[tuple[str, tuple[Added, ...]], ...]]:
        """What addresses and forms are made from: the enabled modules and the company's own fields."""
        return self.modules, tuple(sorted(self.rows.custom.items()))

    def module_on(self, module: str, site: UUID | None = None) -> bool:
        """Is the module on for the company, and (where a site is given) at that open site?"""
        if module != CORE and module not in self.modules:
            return False
        return site is None or site in self.open_sites(module)

    def open_sites(self, module: str) -> frozenset[UUID]:
        """The open sites where the module is on; none where the company has it off."""
        return self._open.get(module, NOWHERE)

    @cached_property
    def _open(self) -> dict[str, frozenset[UUID]]:
        found = dict.fromkeys((CORE, *self.modules), self.sites.open)
        for module, site in self.rows.off:
            if module in found and module != CORE:
                found[module] = found[module] - self.sites.subtree(site)
        return found

    def gate(self, person_id: UUID | None, at: dt.datetime, only: tuple[str, ...] | None = None) -> Gate:
        """What one person may at one moment.

        :param person_id: None is the system, which may everything of enabled modules; an unknown or disabled person may nothing.
        :param at: the moment of the decision; from and until are judged by it.
        :param only: a token's scope; it narrows and never widens.
        """
        person = self.people.get(person_id) if person_id else None
        if person_id is None:
            return Gate(self, None, at, Everything(self, only), only)
        key = (person_id, only)
        rights = self._rights.get(key)
        if rights is None or not rights.since <= at < rights.until:
            rights = self._rights_of(person, at, only)
            if person is not None:
                if len(self._rights) >= _REMEMBERED:
                    self._rights.clear()
                self._rights[key] = rights
        return Gate(self, person, at, rights, only)

    def _rights_of(self, person: Person | None, at: dt.datetime, only: tuple[str, ...] | None) -> Rights:
        if person is None or not person.active:
            return Rights({}, *_EVER)
        grants = self._by_person.get(person.id, [])
        since, until = _span(_changes(grants), at)
        live = sorted({(g.role, g.site, g.relation) for g in grants if g.live(at)}, key=str)
        table = self._table(tuple(live))
        if only is not None:
            table = {p: scope for p, scope in table.items() if any(matches(o, p) for o in only)}
        return Rights(table, since, until)

    def _table(self, live: tuple[tuple[str, UUID, str | None], ...]) -> dict[str, Scope]:
        """Permission → sites, for a set of live grants; people with the same grants share one table."""
        table = self._tables.get(live)
        if table is None:
            holders: dict[str, list[int]] = {}
            for index, (role, _site, _relation) in enumerate(live):
                for permission in self.roles[role].permissions if role in self.roles else ():
                    holders.setdefault(permission, []).append(index)
            made: dict[tuple[str, tuple[int, ...]], Scope] = {}
            table = {}
            for permission, indexes in holders.items():
                key = module_of(permission), tuple(indexes)
                scope = made.get(key)
                if scope is None:
                    scope = made[key] = self._merge(key[0], [live[i] for i in indexes])
                if scope:
                    table[permission] = scope
            self._tables[live] = table
        return table

    def _merge(self, module: str, grants: list[tuple[str, UUID, str | None]]) -> Scope:
        """Any one grant suffices: free sites together, limited ones together per relation, never one with the other."""
        free: set[UUID] = set()
        limited: dict[str, set[UUID]] = {}
        for _role, site, relation in grants:
            if relation is None:
                free |= self._reached(module, site)
            elif module != CORE:  # the core's own permissions know no relation: a limited grant gives none of them
                limited.setdefault(relation, set()).update(self._reached(module, site))
        related = ((name, frozenset(sites - free)) for name, sites in sorted(limited.items()))
        return Scope(frozenset(free), tuple(pair for pair in related if pair[1]))

    def _reached(self, module: str, site: UUID) -> frozenset[UUID]:
        key = (module, site)
        found = self._reach.get(key)
        if found is None:
            found = self._reach[key] = self.sites.subtree(site) & self.open_sites(module)
        return found

    def grants_of(self, person_id: UUID) -> list[GrantView]:
        """All grants of a person, live or not."""
        return list(self._by_person.get(person_id, ()))

    def grants_at(self, site: UUID) -> list[GrantView]:
        """All grants that were made at this very site, live or not."""
        return self._by_site.get(site, [])

    def who(self, role: str, site: UUID, at: dt.datetime) -> list[Person]:
        """Holders of a role whose grants cover the site, nearest first; deputies stand in the place of the absent."""
        holders = self.holders(role, site, at)
        return list({one.id: one for id in holders for one in self.standing(id, at)}.values())

    def holders(self, role: str, site: UUID, at: dt.datetime) -> list[UUID]:
        """Who holds a role by grants of their own that cover the site, nearest first, whether they are there or away."""
        grants = (grant for above in self.sites.ancestors(site) for grant in self._by_site.get(above, ()))
        return list(dict.fromkeys(grant.person for grant in grants if grant.role == role and grant.live(at)))

    def line(self, person: UUID, site: UUID, at: dt.datetime) -> list[tuple[str, list[Person]]]:
        """The line of command from a person upward at a site: roles above their own level there, lowest first.

        Roles of one level stand nearest site first; a role's holders likewise; the person is never in their own line.
        """
        own, nearest = 0, dict[str, int]()
        for distance, above in enumerate(self.sites.ancestors(site)):
            for grant in self._by_site.get(above, ()):
                if grant.live(at) and grant.role in self.roles:
                    nearest.setdefault(grant.role, distance)
                    if grant.person == person:
                        own = max(own, self.roles[grant.role].level)
        roles = [self.roles[slug] for slug in nearest if self.roles[slug].level > own]
        roles.sort(key=lambda r: (r.level, nearest[r.slug], r.slug))
        steps = ((r.slug, [p for p in self.who(r.slug, site, at) if p.id != person]) for r in roles)
        return [(slug, people) for slug, people in steps if people]

    def standing(self, person_id: UUID, at: dt.datetime, *, without: Iterable[UUID] = ()) -> list[Person]:
        """The person, or who stands for them: deputies of deputies are followed, circles end in nobody.

        :param without: nobody of these stands for anybody, and nobody whom only they chose.
        """
        found: list[Person] = []
        waiting, seen = [person_id], set(without)
        first = self.people.get(person_id)
        if first is None or not first.active:
            return found
        while waiting:
            id = waiting.pop(0)
            if id in seen:
                continue
            seen.add(id)
            deputies = [d.deputy for d in self.rows.deputies if d.person == id and d.starts <= at < d.ends]
            person = self.people.get(id)
            if deputies:
                waiting.extend(deputies)
            elif person is not None and person.active:
                found.append(person)
        return found

    def chain(self, person_id: UUID, at: dt.datetime) -> tuple[UUID, ...]:
        """The person and everybody above them: whoever holds a higher level over a site where the person has a grant.

        Level 0 (residents, clients, administrators) stands outside the line of command and has nobody above.
        """
        known = self._chains.get(person_id)
        if known is None or not known[0] <= at < known[1]:
            above = dict.fromkeys([person_id])
            for mine in self._by_person.get(person_id, ()):
                if mine.live(at) and (level := self._level(mine)):
                    for site in self.sites.ancestors(mine.site):
                        above.update(
                            (g.person, None)
                            for g in self._by_site.get(site, ())
                            if self._level(g) > level and g.live(at)
                        )
            known = (*_span(self._moments, at), tuple(above))
            self._chains[person_id] = known
        return known[2]

    def answering_for(self, person_id: UUID, at: dt.datetime) -> frozenset[UUID]:
        """Whose work is this person's too: their own, that of everybody below them in line (see ``chain``), and of those for
        whom they stand in."""
        known = self._answering.get(person_id)
        if known is None or not known[0] <= at < known[1]:
            found = {person_id}
            for mine in self._by_person.get(person_id, ()):
                level = self._level(mine) if mine.live(at) else 0
                for site in self.sites.subtree(mine.site) if level else ():
                    found.update(g.person for g in self._by_site.get(site, ()) if 0 < self._level(g) < level and g.live(at))
            known = (*_span(self._moments, at), frozenset(found))
            self._answering[person_id] = known
        return known[2].union(self.stands_for(person_id, at))

    def stands_for(self, person_id: UUID, at: dt.datetime) -> tuple[UUID, ...]:
        """The absent people in whose place this person stands (see ``standing``)."""
        if person_id not in self._deputies:  # asked at every read, and nearly always true
            return ()
        away = dict.fromkeys(d.person for d in self.rows.deputies if d.starts <= at < d.ends)
        return tuple(one for one in away if one != person_id and any(p.id == person_id for p in self.standing(one, at)))

    def posts(self, person_id: UUID, at: dt.datetime) -> tuple[str, ...]:
        """The posts that a person holds by grants limited by a relation, as ``role@site``, at every site below each grant's:
        what a relation by post ("orders of the trade that I lead") is judged by. Who holds a post without a limit needs none.
        """
        mine = [g for g in self._by_person.get(person_id, ()) if g.relation is not None and g.live(at)]
        return tuple(sorted({f"{g.role}@{site}" for g in mine for site in self.sites.subtree(g.site)}))

    def _level(self, grant: GrantView) -> int:
        role = self.roles.get(grant.role)
        return role.level if role else 0


def _changes(grants: Iterable[GrantView]) -> list[dt.datetime]:
    """The moments at which any of these grants begins or ends, in order."""
    return sorted({moment for g in grants for moment in (g.starts, g.ends) if moment is not None})


def _span(moments: list[dt.datetime], at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From the last change at or before ``at`` to the next one: what is true at ``at`` is true in all of it."""
    index = bisect_right(moments, at)
    return moments[index - 1] if index else _EVER[0], moments[index] if index < len(moments) else _EVER[1]


__all__ = ["DeputyView", "GrantView", "Rows", "Snapshot", "TokenView"]
