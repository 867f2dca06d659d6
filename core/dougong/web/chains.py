"""A record's chain as its page and the API show it: 来龙去脉. The walk itself is ``records.chains``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ..errors import NotFound
from ..records.chains import Chain, Node, chain_of
from ..records.visibility import judged
from ..words import translator
from . import display, rights
from .answers import answer
from .cells_out import Speaker
from .plans import plan_of
from .requests import write
from .views import ChainLink
from .work import context

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from ..records.context import Context
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

_BECAUSE = _("because of {numbers}")
_BESIDE = _("linked with {numbers}")
_COMMA = _(", ")


def chain(x: Context[Any], record: Any) -> list[ChainLink]:
    """The chain of a record for its page; empty where it stands alone."""
    found = chain_of(x, record)
    if len(found.nodes) < 2:
        return []
    return [_drawn(x, node, found, record) for node in found.nodes]


def _drawn(x: Context[Any], node: Node, whole: Chain, current: Any) -> ChainLink:
    one, resource = node.record, node.resource
    plan = plan_of(resource)
    numbers = {other.key: other.record.number for other in whole.nodes}
    words, keys = (_BECAUSE, node.origins) if node.origins else (_BESIDE, node.beside)
    because = str(words.format(numbers=str(_COMMA).join(numbers[key] for key in keys[:3]))) if keys else ""
    zone, speaker = x.snapshot.sites.zone(one.site_id), Speaker(x.snapshot, plan.module, x.now)
    name = resource.state
    state = speaker.value(plan.fields[name], getattr(one, name), zone) if name else None
    return ChainLink(
        number=one.number, what=str(plan.one), title=display.cut(title_of(node), 60), href=f"{resource.path}/{one.id}",
        icon=resource.icon, state=state, when=display.stamp(one.created_at, zone), because=because,
        depth=min(node.depth, 4), current=one.id == current.id, at_iso=one.created_at.isoformat(),
    )  # fmt: skip


def title_of(node: Node) -> str:
    """The record's title, or nothing where it is its number."""
    name = str(node.resource.title)
    value = getattr(node.record, name)
    return "" if name == "number" or value is None else " ".join(str(value).split())


class Chains:
    """The endpoint ``…/<id>/chain`` of one resource."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def show(self, asked: Asked) -> Response:
        """The records of the chain in order, each with what gave rise to it; ``cut``: there are more."""
        asked.params()

        def load(session: Session) -> dict[str, Any]:
            x = context(asked, session, self.plan)
            held = judged(x, self.plan.resource, asked.uuid())
            if held is None:
                raise NotFound()
            found = chain_of(x, held[0])
            return {"results": [_told(node) for node in found.nodes], "cut": found.cut}

        return answer(await write(asked, load))


def _told(node: Node) -> dict[str, Any]:
    one, state = node.record, node.resource.state
    return {
        "kind": one.kind,
        "id": one.id,
        "number": one.number,
        "title": title_of(node),
        "state": rights.stored(getattr(one, state)) if state else None,
        "created_at": one.created_at,
        "origins": [{"kind": kind, "id": id} for kind, id in node.origins],
        "linked": [{"kind": kind, "id": id} for kind, id in node.beside],
        "address": f"/api/v1/{one.kind.replace('.', '/')}/{one.id}",
    }


__all__ = ["Chains", "chain", "title_of"]
