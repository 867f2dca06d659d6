"""The company's tree of sites as one immutable value: who is above, who is below, which sites stand open.

Owns: ancestry, subtrees, order. Does not know modules, grants or where the rows come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

NOWHERE: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class SiteNode:
    """One site. ``depth`` counts from the company (0); ``active`` is the site's own switch, see ``SiteTree.open``."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name: str
    type: str = "project"
    timezone: str = "Asia/Shanghai"
    active: bool = True
    depth: int = 0
    position: int = 0


class SiteTree:
    """All sites of one company. A site whose parents form a circle, or are missing, is in no tree and counts as absent.

    :param nodes: in any order; ``depth`` is computed here.
    """

    def __init__(self, nodes: Iterable[SiteNode]) -> None:
        below: dict[UUID | None, list[SiteNode]] = {}
        for node in nodes:
            below.setdefault(node.parent_id, []).append(node)
        for siblings in below.values():
            siblings.sort(key=lambda n: (n.position, n.slug))
        self._nodes: dict[UUID, SiteNode] = {}
        self._ancestors: dict[UUID, tuple[UUID, ...]] = {}
        self._subtrees: dict[UUID, frozenset[UUID]] = {}
        stack = list(reversed(below.get(None, [])))
        while stack:
            node = stack.pop()
            above = self._ancestors.get(node.parent_id, ()) if node.parent_id else ()
            self._ancestors[node.id] = (node.id, *above)
            self._nodes[node.id] = _at_depth(node, len(above))
            stack.extend(reversed(below.get(node.id, [])))
        self._fill_subtrees()
        self.by_slug: dict[str, SiteNode] = {node.slug: node for node in self._nodes.values()}

    def _fill_subtrees(self) -> None:
        members: dict[UUID, set[UUID]] = {id: set() for id in self._nodes}
        for id, line in self._ancestors.items():
            for above in line:
                members[above].add(id)
        self._subtrees = {id: frozenset(found) for id, found in members.items()}
        self.open: frozenset[UUID] = frozenset(
            id for id, line in self._ancestors.items() if all(self._nodes[above].active for above in line)
        )
        """Sites that are active themselves and below active sites only."""

    @property
    def root(self) -> UUID:
        """The company itself: the first site without a parent.

        :raises LookupError: the company has no sites yet.
        """
        for id in self._nodes:
            return id
        raise LookupError("this company has no site")

    def node(self, id: UUID) -> SiteNode:
        """:raises KeyError: no such site in this company."""
        return self._nodes[id]

    def get(self, id: UUID | None) -> SiteNode | None:
        return self._nodes.get(id) if id is not None else None

    def zone(self, id: UUID | None = None) -> ZoneInfo:
        """The zone in which times are shown and typed: the site's; the company's for None and for an unknown site."""
        return ZoneInfo((self.get(id) or self.node(self.root)).timezone)

    def subtree(self, id: UUID) -> frozenset[UUID]:
        """The site and everything below it, open or not; empty for an unknown site."""
        return self._subtrees.get(id, NOWHERE)

    def ancestors(self, id: UUID) -> tuple[UUID, ...]:
        """The site itself first, the company last; empty for an unknown site."""
        return self._ancestors.get(id, ())

    def ordered(self) -> list[SiteNode]:
        """Each site before the sites below it, siblings by position."""
        return list(self._nodes.values())

    def __contains__(self, id: object) -> bool:
        return id in self._nodes

    def __len__(self) -> int:
        return len(self._nodes)


def _at_depth(node: SiteNode, depth: int) -> SiteNode:
    return SiteNode(
        node.id, node.parent_id, node.slug, node.name, node.type, node.timezone, node.active, depth, node.position
    )
