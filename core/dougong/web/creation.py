"""Where a new record may be: the sites that a person may name. The same answer for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from .plans import Plan
    from .requests import Asked


def creatable(asked: Asked, plan: Plan) -> list[UUID]:
    """Sites at which this person may create such a record, in the order of the tree."""
    scope = asked.gate.scope(plan.resource.permission("create"))
    known = frozenset(plan.resource.relations)
    sites = scope.free.union(*(sites for name, sites in scope.related if name in known))
    return [node.id for node in asked.snapshot.sites.ordered() if node.id in sites]


def offered(asked: Asked, plan: Plan) -> list[tuple[str, str]]:
    """Slugs and names of the sites that a form offers: the projects, where work is done, else whatever there is; after them
    the offices above, for what belongs to those, too.

    Below the site that the person looks at, where there are any; so a region offers its own.
    """
    nodes = [asked.snapshot.sites.node(id) for id in creatable(asked, plan)]
    projects = [n for n in nodes if n.type == "project"] if plan.scope != "company" else []
    found = projects or nodes
    if plan.resource.offices:
        found = [*projects, *(n for n in nodes if n.type != "project")]
    if asked.site and plan.scope == "site":
        below = asked.snapshot.sites.subtree(asked.site)
        found = [n for n in found if n.id in below] or found
    return [(n.slug, n.name) for n in found]


def site_named(asked: Asked, plan: Plan, named: Any) -> UUID | None:
    """A site by slug or id, if this person may see records there; None for one that they may not know of."""
    if not isinstance(named, str):
        return None
    tree = asked.snapshot.sites
    node = tree.by_slug.get(named)
    if node is None:
        try:
            node = tree.get(UUID(named))
        except ValueError:
            return None
    if node is None:
        return None
    reading = asked.gate.scope(plan.resource.permission("read"))
    known = reading.free.union(*(sites for _name, sites in reading.related), creatable(asked, plan))
    return node.id if node.id in known else None
