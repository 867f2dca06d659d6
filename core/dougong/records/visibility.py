"""Who may see which rows, as SQL: permission per site, relations of grants, and the record's own rule.

One builder for lists, details, counts, exports, jobs and plugin code. Only bind parameters depend on the person, so
that a statement is compiled once for each combination of relations.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.util import identity_key

from ..access.gate import Gate, Scope
from ..tenancy.stored import Stored
from .record import Record
from .resource import Me, Resource
from .tables import RecordSite

if TYPE_CHECKING:
    from .context import Context

R = TypeVar("R", bound=Record)
_SITES = sa.ARRAY(sa.Uuid)
ME = Me()


def _at_sites(kind: type[Record], parameter: str) -> sa.ColumnElement[bool]:
    sites = sa.bindparam(parameter, type_=_SITES)
    if kind.scope == "sites":
        return sa.exists().where(
            RecordSite.tenant_id == kind.tenant_id,
            RecordSite.record_kind == kind.kind,
            RecordSite.record_id == kind.id,
            RecordSite.site_id == sa.any_(sites),
        )
    return kind.site_id == sa.any_(sites)


def clause(resource: Resource[Any], relations: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """The rows that a person whose grants are limited by these relations may see.

    Parameters: ``tenant``, ``sites``, one ``sites_<relation>`` each, those of ``Me``, and of each restriction the sites where
    its permission holds.
    """
    kind = resource.record
    by_sites = [_at_sites(kind, "sites")]
    by_sites += [sa.and_(_at_sites(kind, f"sites_{name}"), resource.relations[name](ME)) for name in relations]
    rules = [kind.tenant_id == sa.bindparam("tenant", type_=sa.Uuid), sa.or_(*by_sites)]
    if resource.visible is not None:
        rules.append(resource.visible(ME))
    for n, (rule, _permission) in enumerate(resource.restricted):
        held = [_at_sites(kind, f"restricted_{n}")]
        held += [
            sa.and_(_at_sites(kind, f"restricted_{n}_{name}"), relation(ME))
            for name, relation in sorted(resource.relations.items())
        ]
        rules.append(sa.or_(sa.not_(rule(ME)), *held))
    return sa.and_(*rules)


def known_relations(resource: Resource[Any], scope: Scope) -> tuple[str, ...]:
    """The relations of a scope that this record declares; a grant limited by any other relation opens nothing here."""
    return tuple(sorted({name for name, _sites in scope.related if name in resource.relations}))


def parameters(
    resource: Resource[Any], gate: Gate, scope: Scope, *, site: frozenset[UUID] | None = None
) -> dict[str, Any]:
    """Values for the parameters of ``clause``. :param site: only these sites (a chosen subtree)."""
    out: dict[str, Any] = {"tenant": gate.snapshot.tenant, "sites": _sites(resource, gate, scope.free, site)}
    merged = _by_relation(scope)
    for name in known_relations(resource, scope):
        out[f"sites_{name}"] = _sites(resource, gate, merged[name], site)
    for n, (_rule, permission) in enumerate(resource.restricted):
        held = gate.scope(permission)
        related = _by_relation(held)
        out[f"restricted_{n}"] = _sites(resource, gate, held.free, None)
        for name in resource.relations:
            out[f"restricted_{n}_{name}"] = _sites(resource, gate, related.get(name, frozenset()), None)
    out.update(me(gate))
    return out


def _by_relation(scope: Scope) -> dict[str, frozenset[UUID]]:
    merged: dict[str, frozenset[UUID]] = {}
    for name, sites in scope.related:
        merged[name] = merged.get(name, frozenset()) | sites
    return merged


def me(gate: Gate) -> dict[str, Any]:
    """Values of ``Me``; the system is nobody, and in nobody's line."""
    who = gate.person.id if gate.person else None
    return {
        "me": who,
        "me_chain": list(gate.chain()),
        "me_people": list(gate.people()),
        "me_posts": list(gate.posts()),
        "me_now": gate.at,
    }


def _sites(resource: Resource[Any], gate: Gate, sites: frozenset[UUID], chosen: frozenset[UUID] | None) -> list[UUID]:
    if chosen is not None:
        sites = sites & chosen
    if resource.record.scope == "company":  # kept above, read below: whoever reads at a site reads what stands over it
        tree = gate.snapshot.sites
        sites = frozenset(a for s in sites for a in tree.ancestors(s))
    return list(sites)


def readable(x: Context[Any], kind: type[R]) -> sa.Select[R]:
    """A query that begins with what this person may see of a kind."""
    resource = resource_of(x.registry.resources, kind)
    scope = x.gate.scope(resource.permission("read"))
    relations = known_relations(resource, scope)
    values = parameters(resource, x.gate, scope)
    rule = clause(resource, relations)
    return sa.select(kind).where(rule).params(**values)


def record_sites(kind: type[Record]) -> sa.Subquery:
    """Where the records of a kind with scope ``sites`` stand, to be joined where they are counted by site.

    :returns: columns ``record_id`` and ``site_id``, one row for each site of each record; not all of them are sites that the
        reader may see.
    """
    stands = sa.select(RecordSite.record_id, RecordSite.site_id).where(RecordSite.record_kind == kind.kind)
    return stands.subquery("stands")


def judged(x: Context[Any], resource: Resource[R], id: UUID) -> tuple[R, frozenset[str]] | None:
    """A record as this person may see it, and which of its relations hold for them; None where they may not."""
    scope = x.gate.scope(resource.permission("read"))
    values = {**parameters(resource, x.gate, scope), "id": id}
    held: R | None = x.session.identity_map.get(identity_key(resource.record, (x.tenant, id)))
    statement = _judging(Shown(resource), known_relations(resource, scope), held is not None)
    row = x.session.execute(statement, values).first()
    if row is None:
        return None
    return held or row[0], frozenset(
        name for name, holds in zip(sorted(resource.relations), row[1:], strict=True) if holds
    )


def holding(x: Context[Any], resource: Resource[Any], id: UUID) -> frozenset[str]:
    """Which relations hold between this person and a record that was written, whether they may see it or not."""
    names = sorted(resource.relations)
    if not names:
        return frozenset()
    flags = [sa.func.coalesce(resource.relations[name](ME), False).label(f"is_{name}") for name in names]
    record = resource.record
    found = sa.select(*flags).where(record.tenant_id == x.tenant, record.id == id).params(**me(x.gate))
    row = x.session.execute(found).one()
    return frozenset(name for name, holds in zip(names, row, strict=True) if holds)


class Shown:
    """A resource as part of a cache key: the same object is the same key."""

    __slots__ = ("resource",)

    def __init__(self, resource: Resource[Any]) -> None:
        self.resource = resource

    def __hash__(self) -> int:
        return id(self.resource)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and other.resource is self.resource


@functools.lru_cache(maxsize=512)
def _judging(shown: Shown, relations: tuple[str, ...], held: bool) -> sa.Select[*tuple[Any, ...]]:
    """One statement for each combination of relations: composing it again costs more than the database's answer.

    :param held: this unit of work has the record already, so that only the judgement is asked.
    """
    resource = shown.resource
    flags = [rule(ME).label(f"is_{name}") for name, rule in sorted(resource.relations.items())]
    mine = resource.record.id == sa.bindparam("id", type_=sa.Uuid)
    wanted = resource.record.id if held else resource.record
    return sa.select(wanted, *flags).where(clause(resource, relations), mine)


def resource_of(resources: Mapping[str, Resource[Any]], kind: type[Stored]) -> Resource[Any]:
    """The declared resource of a record class. :raises LookupError: the module's plugin did not declare one."""
    try:
        return resources[kind.kind]
    except KeyError:
        raise LookupError(f"no resource is declared for {kind.kind}") from None


__all__ = [
    "ME", "clause", "holding", "judged", "known_relations", "me", "parameters", "readable", "record_sites", "resource_of",
]  # fmt: skip
