"""The chain of a record: what gave rise to it and what it gave rise to, over the links of all modules, in both directions.

Every record is judged for whoever asks; what they may not see is absent, and so is what could only be reached through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from .record import Record
from .tables import Link

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

DEPTH, MOST = 8, 60  # steps from the record that is asked of; records of a chain
_EDGES = 400  # links that one step looks at
Key = tuple[str, UUID]


@dataclass
class Node:
    """A record of a chain.

    :ivar origins: the seen records that gave rise to it. :ivar beside: seen records it is only linked with.
    :ivar depth: how many links of origin stand before it, at most.
    """

    record: Record
    resource: Resource[Any]
    origins: list[Key] = field(default_factory=list)
    beside: list[Key] = field(default_factory=list)
    depth: int = 0

    @property
    def key(self) -> Key:
        return self.record.kind, self.record.id


@dataclass(frozen=True)
class Chain:
    """Records in the order in which one gave rise to the next. ``cut``: there are more than are shown."""

    nodes: Sequence[Node]
    cut: bool


def chain_of(x: Context[Any], record: Record) -> Chain:
    """The chain of a record that this person may see; of itself alone where nothing is linked with it."""
    first: Key = (record.kind, record.id)
    seen = {first: Node(record, x.registry.resources[record.kind])}
    refused: set[Key] = set()
    edges: dict[UUID, Link] = {}
    edge, cut = {first}, False
    for _step in range(DEPTH):
        found = _links(x, edge)
        edges |= {one.id: one for one in found}
        near = list(dict.fromkeys(end for one in found for end in _ends(one) if end not in seen and end not in refused))
        room = MOST - len(seen)
        judged = _seen(x, near[:room])
        cut = cut or len(near) > room or len(found) >= _EDGES
        refused |= set(near[:room]) - judged.keys()
        seen |= judged
        edge = set(judged)
        if not edge:
            break
    else:
        cut = cut or any(end not in seen and end not in refused for one in _links(x, edge) for end in _ends(one))
    _join(seen, edges.values())
    return Chain(_ordered(seen), cut)


def _ends(link: Link) -> tuple[Key, Key]:
    return (link.from_kind, link.from_id), (link.to_kind, link.to_id)


def _links(x: Context[Any], keys: Iterable[Key]) -> list[Link]:
    """Links at records, in the order in which they were made."""
    ids: dict[str, list[UUID]] = {}
    for kind, id in keys:
        ids.setdefault(kind, []).append(id)
    here = [
        end
        for kind, some in ids.items()
        for end in (
            sa.and_(Link.from_kind == kind, Link.from_id.in_(some)),
            sa.and_(Link.to_kind == kind, Link.to_id.in_(some)),
        )
    ]
    query = sa.select(Link).where(Link.tenant_id == x.tenant, sa.or_(*here)).order_by(Link.id).limit(_EDGES)
    return list(x.session.scalars(query))


def _seen(x: Context[Any], keys: Sequence[Key]) -> dict[Key, Node]:
    """Those that this person may see and whose modules are on."""
    ids: dict[str, list[UUID]] = {}
    for kind, id in keys:
        ids.setdefault(kind, []).append(id)
    found: dict[Key, Node] = {}
    for kind, some in ids.items():
        resource = x.registry.resources.get(kind)
        if resource is None or resource.module not in x.snapshot.modules:
            continue
        if not x.gate.scope(resource.permission("read")):
            continue
        for one in x.session.scalars(x.readable(resource.record).where(resource.record.id.in_(some))):
            found[kind, one.id] = Node(one, resource)
    return found


def _join(seen: dict[Key, Node], edges: Iterable[Link]) -> None:
    for one in edges:
        ends = _ends(one)
        if not (ends[0] in seen and ends[1] in seen):
            continue
        if one.origin_id is None:
            seen[ends[0]].beside.append(ends[1])
            seen[ends[1]].beside.append(ends[0])
            continue
        before, after = ends if one.origin_id == ends[0][1] else ends[::-1]
        seen[after].origins.append(before)


def _ordered(seen: dict[Key, Node]) -> list[Node]:
    """Each record after what gave rise to it, as a tree is read; a circle of links cannot hang it."""
    for _round in range(DEPTH):
        moved = False
        for node in seen.values():
            depth = min(max((seen[key].depth + 1 for key in node.origins), default=0), DEPTH)
            if depth > node.depth:
                node.depth, moved = depth, True
        if not moved:
            break
    below: dict[Key | None, list[Node]] = {}
    for node in sorted(seen.values(), key=lambda one: (one.record.created_at, one.record.id)):
        above = max(node.origins, key=lambda key: seen[key].depth, default=None)
        below.setdefault(above, []).append(node)
    order: dict[Key, Node] = {}
    waiting = [*reversed(below.get(None, []))]
    while waiting:
        node = waiting.pop()
        if node.key not in order:
            order[node.key] = node
            waiting += reversed(below.get(node.key, []))
    return [*order.values(), *(node for node in seen.values() if node.key not in order)]


__all__ = ["DEPTH", "MOST", "Chain", "Node", "chain_of"]
