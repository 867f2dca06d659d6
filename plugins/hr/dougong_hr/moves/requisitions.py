"""The life of a requisition: 申请→审批→招聘中→关闭, held against the establishment of its post."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Conflict, Level, Workflow, escalate, guard, overdue, refuse, remind, translator

from ..organisation.choices import HoldingState
from ..organisation.records import Holding, Position
from . import effect
from .base import Reason, X, locked, of, open_post
from .choices import APPOINTING, RUNNING, UNDERWAY, ChangeState, ChangeType, Need, RequisitionState
from .records import Candidate, Change, Requisition
from .settings import MovesSettings

_ = translator("dougong_hr")
flow = Workflow(Requisition, Requisition.status, MovesSettings)
ASKED = (RequisitionState.APPROVAL, RequisitionState.OPEN)


@flow.creating
def drafted(r: Requisition, x: X) -> None:
    post = open_post(x, r.position_id, "position_id")
    if post.site_id != r.site_id:
        raise refuse("position_id", _("is a post of another site: ask for heads there"))
    r.title = post.title


@flow.changing
def settled(r: Requisition, x: X) -> None:
    state = sa.inspect(r)
    if not state.persistent or r.status is RequisitionState.DRAFT or state.attrs.status.history.has_changes():
        return
    if any(state.attrs[name].history.has_changes() for name in ("heads", "reason", "wanted_on")):
        raise Conflict(_("What was submitted is not changed. Withdraw it, or have it returned."))


def room(x: X, post: Position, without: Requisition | None = None) -> int:
    """Heads of a post that nobody holds for good, is promised or has asked for; below nothing where it is overfull."""
    going = sa.select(Change.holding_id).where(
        Change.tenant_id == x.tenant,
        Change.holding_id.is_not(None),
        Change.status.in_(UNDERWAY),
        Change.status.not_in((ChangeState.DRAFT, ChangeState.APPROVAL)),
        Change.type.in_((ChangeType.LEAVE, *APPOINTING)),
    )
    held = sa.select(sa.func.count()).where(
        Holding.tenant_id == x.tenant,
        Holding.position_id == post.id,
        Holding.status == HoldingState.HELD,
        Holding.ends_on.is_(None),
        Holding.id.not_in(going),
    )
    asked = sa.select(sa.func.coalesce(sa.func.sum(Requisition.heads - Requisition.filled), 0)).where(
        Requisition.tenant_id == x.tenant,
        Requisition.position_id == post.id,
        Requisition.status.in_(ASKED),
        Requisition.id != (without.id if without else None),
    )
    taken = sum(int(x.session.scalar(query) or 0) for query in (held, asked))
    return post.headcount - taken - effect.promised(x, post.id)


def check_room(r: Requisition, x: X) -> None:
    """:raises Invalid: the establishment has no room for so many heads."""
    post = open_post(x, r.position_id, "position_id")
    free = room(x, post, r)
    if r.heads > free:
        raise refuse(
            "heads",
            _("The establishment of this post is {n}, of which {free} are free: raise it first.").format(
                n=post.headcount, free=max(free, 0)
            ),
        )


def levels(r: Requisition, x: X) -> list[Level]:
    """The project; beyond a replacement the region or the company too."""
    above = ("regional_director", "property_director", "general_manager")
    return [
        Level("project", _("Project"), roles=("project_manager",), state=RequisitionState.APPROVAL),
        Level(
            "above", _("Region or company"), roles=above, state=RequisitionState.APPROVAL, when=r.reason is Need.ADDED
        ),
    ]


approve = flow.approval(
    "approve",
    _("Requisition"),
    sources=RequisitionState.DRAFT,
    levels=levels,
    granted=RequisitionState.OPEN,
    returned=RequisitionState.DRAFT,
    due=Requisition.sign_by,
    late=Requisition.sign_late,
    hours=lambda settings: settings.move_sign_hours,
)


@approve.when_submitted
def submitted(r: Requisition, form: object, x: X) -> None:
    check_room(r, x)


@approve.when_granted
def granted(r: Requisition, x: X) -> None:
    check_room(r, x)
    r.opened_at = x.now


@guard(_("Candidates are still in the selection: take or reject them first."))
def nobody_waits(r: Requisition, x: X) -> bool:
    waiting = sa.select(sa.func.count()).where(
        Candidate.tenant_id == x.tenant, Candidate.requisition_id == r.id, Candidate.status.in_(RUNNING)
    )
    return not x.session.scalar(waiting)


@flow.on(
    _("Close"), (RequisitionState.DRAFT, RequisitionState.OPEN), RequisitionState.CLOSED, form=Reason,
    guards=[nobody_waits], icon="close", danger=True,
)  # fmt: skip
def close(r: Requisition, f: Reason, x: X) -> None:
    r.closed_at, r.closed_why = x.now, f.reason


def fill(x: X, requisition: Requisition) -> None:
    """Somebody reported for work; with the last head it is filled and closed."""
    r = locked(x, Requisition, requisition.id)
    r.filled += 1
    if r.filled >= r.heads and r.status is RequisitionState.OPEN:
        r.status, r.filled_at, r.closed_at = RequisitionState.CLOSED, x.now, x.now
    x.reckon(r)


flow.clock(
    "filling",
    _("Filling"),
    due=Requisition.fill_by,
    met=Requisition.filled_at,
    late=Requisition.fill_late,
    runs=RequisitionState.OPEN,
    term=lambda r, x: r.wanted_on,
    depends=(Requisition.wanted_on,),
    owner=Requisition.created_by,
    steps=[remind(0.7), overdue(), escalate(0.5)],
)

__all__ = ["check_room", "fill", "flow", "of", "room"]
