"""Why somebody may or may not do something: the gates in their order, and the least that would change the answer.

Reads the same snapshot that decides, so that the explanation cannot differ from the decision. Gates of state and
field belong to records, which append them with ``Explanation.then``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from ..errors import NotFound
from ..words import Lazy, translator
from .gate import UNRELATED, Gate
from .roles import CORE, RoleView, module_of
from .snapshot import GrantView, Snapshot

_ = translator("dougong")
Words = Lazy | str

_OUTSIDE = 1000  # posts outside the line (the client's, the administrator's) are offered last


@dataclass(frozen=True, slots=True)
class Check:
    """One gate: did it let through, what it asked, and the detail of it."""

    ok: bool
    text: Words
    small: Words = ""


@dataclass(frozen=True)
class Explanation:
    """The gates up to the first that says no, what mends it, and the smallest grants that would."""

    allowed: bool
    checks: tuple[Check, ...]
    mend: Words = ""
    grants: tuple[Words, ...] = field(default=())

    def then(self, ok: bool, text: Words, small: Words = "", mend: Words = "") -> Explanation:
        """A later gate (state, field). It changes nothing where an earlier one has said no already."""
        if not self.allowed:
            return self
        return replace(self, allowed=ok, checks=(*self.checks, Check(ok, text, small)), mend="" if ok else mend)


def ask(
    asker: Gate,
    about: Gate,
    permission: str,
    site: UUID | None,
    relations: frozenset[str] = UNRELATED,
    *,
    reads: str | None = None,
    asker_relations: frozenset[str] = UNRELATED,
) -> Explanation:
    """The explanation about somebody, for who may have it.

    People may ask about themselves; about others with ``core.explain`` at the site. Where a record is meant, the
    asker must be able to read it.

    :param reads: permission that reading the record takes; None where no record is meant.
    :param asker_relations: relations between the asker and the record, which are not those of the other person.
    :raises NotFound: the asker may not view the record or may not ask: both look like a record that does not exist.
    """
    own = asker.person is not None and about.person is not None and asker.person.id == about.person.id
    if reads is not None and not asker.may(reads, site, asker_relations):
        raise NotFound
    if not own and not asker.may("core.explain", site):
        raise NotFound
    sees = None if own or asker.system else asker.scope("core.explain").free
    return explain(about, permission, site, relations, sees=sees)


def explain(
    gate: Gate,
    permission: str,
    site: UUID | None,
    relations: frozenset[str] = UNRELATED,
    *,
    sees: frozenset[UUID] | None = None,
) -> Explanation:
    """The gates of module, permission and relation for one person at one site.

    :param sees: sites of which the explanation may name grants; None for all.
    """
    snapshot, module = gate.snapshot, module_of(permission)
    checks: list[Check] = []
    stopped = _person(gate, checks) or _module(snapshot, module, site, checks)
    if stopped is not None:
        return Explanation(False, tuple(checks), stopped)
    scope = gate.scope(permission)
    free = bool(scope.free) if site is None else site in scope.free
    limited = [name for name, sites in scope.related if site is None or site in sites]
    grants = [] if gate.person is None else snapshot.grants_of(gate.person.id)
    holding = [g for g in grants if _holds(snapshot, g, permission) and (sees is None or g.site in sees)]
    asked = _("Permission: {permission}").format(permission=snapshot.label(permission))
    if not free and not limited:
        small = _named(snapshot, holding, gate.at) or _("No role of this person includes it")
        checks.append(Check(False, asked, small))
        return _mended(gate, permission, site, checks)
    giving = [g for g in holding if g.live(gate.at) and (site is None or site in snapshot.sites.subtree(g.site))]
    small = _named(snapshot, giving, gate.at) or (_("The system may everything") if gate.system else "")
    checks.append(Check(True, asked, small))
    if free or site is None or any(name in relations for name in limited):
        if not free:
            checks.append(Check(True, _("Relation to the record"), ", ".join(limited)))
        return Explanation(True, tuple(checks))
    checks.append(
        Check(False, _("Relation to the record"), _("Only where: {relations}").format(relations=", ".join(limited)))
    )
    return _mended(gate, permission, site, checks)


def _person(gate: Gate, checks: list[Check]) -> Words | None:
    if gate.system or (gate.person is not None and gate.person.active):
        return None
    checks.append(Check(False, _("The person"), _("Is not active")))
    return _("Activate the person first")


def _module(snapshot: Snapshot, module: str, site: UUID | None, checks: list[Check]) -> Words | None:
    """The mend where the module or the site itself is closed; else None, with the gate noted as passed."""
    label = snapshot.label(module)
    asked = _("Module: {module}").format(module=label)
    node = snapshot.sites.get(site)
    if not snapshot.module_on(module):
        checks.append(Check(False, asked, _("Is off for this company")))
        return _("Switch the module {module} on").format(module=label)
    if site is not None and (node is None or site not in snapshot.sites.open):
        checks.append(Check(False, _("The site"), _("Is closed")))
        return _("Open the site again")
    if node is not None and not snapshot.module_on(module, site):
        checks.append(Check(False, asked, _("Is off at {site}").format(site=node.name)))
        return _("Switch the module {module} on at {site}").format(module=label, site=node.name)
    checks.append(Check(True, asked, _("Is on")))
    return None


def _mended(gate: Gate, permission: str, site: UUID | None, checks: list[Check]) -> Explanation:
    """The smallest roles that hold the permission, at the lowest site: the site itself."""
    snapshot = gate.snapshot
    place = snapshot.sites.get(site) or snapshot.sites.node(snapshot.sites.root)
    roles = smallest_roles(snapshot, permission)
    if not roles:
        mend = _("No role includes this permission yet; add it to one").format()
        return Explanation(False, tuple(checks), mend)
    grants = tuple(_("{role} at {site}").format(role=_role(r), site=place.name) for r in roles)
    return Explanation(False, tuple(checks), _("This grant would change it: {grant}").format(grant=grants[0]), grants)


def smallest_roles(snapshot: Snapshot, permission: str, most: int = 3) -> list[RoleView]:
    """Roles that hold a permission: the lowest post first, and of equals the one that gives the least besides."""
    holding = [role for role in snapshot.roles.values() if permission in role.permissions]
    return sorted(holding, key=lambda r: (r.level or _OUTSIDE, len(r.permissions), r.slug))[:most]


def _holds(snapshot: Snapshot, grant: GrantView, permission: str) -> bool:
    if grant.relation is not None and module_of(permission) == CORE:
        return False
    role = snapshot.roles.get(grant.role)
    return role is not None and permission in role.permissions


def _named(snapshot: Snapshot, grants: list[GrantView], at: dt.datetime) -> str:
    return "; ".join(str(_grant(snapshot, g, at)) for g in grants)


def _grant(snapshot: Snapshot, grant: GrantView, at: dt.datetime) -> Lazy:
    node = snapshot.sites.get(grant.site)
    words = _("{role} at {site}").format(
        role=_role(snapshot.roles[grant.role]), site=node.name if node else str(grant.site)
    )
    zone = ZoneInfo(node.timezone) if node else dt.UTC
    if grant.ends is not None and grant.ends <= at:
        return _("{grant}, ended {when}").format(grant=words, when=_clock(grant.ends, zone))
    if grant.starts is not None and at < grant.starts:
        return _("{grant}, begins {when}").format(grant=words, when=_clock(grant.starts, zone))
    if grant.relation is not None:
        return _("{grant}, only where: {relations}").format(grant=words, relations=grant.relation)
    return words


def _clock(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _role(role: RoleView) -> Words:
    return role.name or role.declared or role.slug
