"""Paper copies: numbered, with a holder; recalled when their revision is obsolete, and open until each came to its end."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Day, Form, Line, Step, Term, Workflow, asked, escalate, guard, overdue, remind, translator

from .base import Reason, X, in_force, keeper_of, locked, named, refuse
from .choices import CopyState, DocumentState
from .records import Copy, Document, Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")
flow = Workflow(Copy, Copy.status, DocumentSettings)

RECALLED = "quality.recalled"


@flow.creating
def handed_out(c: Copy, x: X) -> None:
    d = locked(named(c.document, "document", x).id, x)
    current = in_force(d.id, x)
    if d.status is not DocumentState.CURRENT or current is None:
        raise refuse("document", _("has no revision in force"))
    if c.site_id != d.site_id:
        raise refuse("document", _("belongs to another site: hand its copies out there"))
    if c.holder_id is None and c.holder is None:
        raise refuse("holder", _("is needed unless a person holds it"))
    highest = sa.select(sa.func.max(Copy.copy_no)).where(Copy.tenant_id == x.tenant, Copy.document_id == d.id)
    c.copy_no = (x.session.scalar(highest) or 0) + 1
    c.number = f"{d.number}#{c.copy_no:02d}"
    c.document_id, c.revision_id, c.revision, c.title = d.id, current.id, current.revision, d.title
    c.held_at = c.held_at or c.site_id


class Returned(Form):
    note: Line | None = asked(_("Note"), default=None)
    on: Day | None = asked(_("On"), default=None, help=_("Empty: today."))


@flow.on(_("Taken back"), (CopyState.OUT, CopyState.RECALL), CopyState.RETURNED, form=Returned, icon="check")
def take_back(c: Copy, f: Returned, x: X) -> None:
    if f.on is not None and f.on > x.today(c.site_id):
        raise refuse("on", _("lies in the future"))
    c.returned_on = f.on or x.today(c.site_id)


class Lost(Reason):
    replace: bool = asked(_("Hand out another one"), default=True)


@flow.on(
    _("Lost"), (CopyState.OUT, CopyState.RECALL), CopyState.LOST, form=Lost, icon="close",
    help=_("With the reason. Another one gets a number of its own; the lost number is never used again."),
)  # fmt: skip
def lose(c: Copy, f: Lost, x: X) -> None:
    current = in_force(c.document_id, x)
    if f.replace and current is not None and current.id == c.revision_id and c.status is CopyState.OUT:
        held = {"holder_id": c.holder_id, "holder": c.holder, "held_at": c.held_at}
        x.create(Copy, c.site_id, document=c.document, replaces_id=c.id, **held)


@flow.on(_("Destroyed"), (CopyState.RECALL, CopyState.RETURNED), CopyState.DESTROYED, form=Reason, icon="close", danger=True)
def destroy(c: Copy, f: Reason, x: X) -> None:
    c.returned_on = c.returned_on or x.today(c.site_id)


@guard(_("The revision of this copy is still in force."))
def is_obsolete(c: Copy, x: X) -> bool:
    current = in_force(c.document_id, x)
    return current is None or current.id != c.revision_id


@flow.on(
    _("Keep as obsolete"), (CopyState.RECALL, CopyState.RETURNED), CopyState.KEPT, form=Reason, guards=[is_obsolete],
    icon="doc", help=_("For the file: it is stamped and never used."),
)  # fmt: skip
def keep(c: Copy, f: Reason, x: X) -> None:
    c.returned_on = c.returned_on or x.today(c.site_id)


@flow.changing
def ended(c: Copy, x: X) -> None:
    changed = sa.inspect(c).attrs
    if c.status not in (CopyState.OUT, CopyState.RECALL) and not changed.status.history.has_changes():
        raise Conflict(_("This copy has come to its end and is not changed any more."))


def _steps(settings: DocumentSettings) -> list[Step[Copy, DocumentSettings]]:
    return [remind(0.6), overdue(), escalate(1.0)]


flow.clock(
    "recall",
    _("Return of an old copy"),
    due=Copy.recall_by,
    late=Copy.recall_late,
    runs=CopyState.RECALL,
    starts=lambda c, x: c.recalled_at,
    term=lambda c, x: Term(days=x.settings.document_recall_days),
    owner=lambda c, x: c.holder_id or keeper_of(x.session.get_one(Document, (x.tenant, c.document_id)), x),
    steps=_steps,
    step=take_back,
)


def recall(copies: sa.Select[Copy], why: str, x: X) -> None:
    """Have copies brought back; who holds one is told."""
    for c in x.session.scalars(copies.where(Copy.status == CopyState.OUT)).all():
        c.status, c.recalled_at, c.recall_why = CopyState.RECALL, x.now, why[:200]
        x.reckon(c)
        x.tell(RECALLED, c, [c.holder_id] if c.holder_id else [])


def of_revision(r: Revision, x: X) -> sa.Select[Copy]:
    return sa.select(Copy).where(Copy.tenant_id == x.tenant, Copy.revision_id == r.id)


def give_again(r: Revision, x: X) -> None:
    """Its revision is in force again: copies that were not back yet need not come back."""
    for c in x.session.scalars(of_revision(r, x).where(Copy.status == CopyState.RECALL)).all():
        c.status, c.recalled_at, c.recall_why = CopyState.OUT, None, None
        x.reckon(c)


def at_closed_sites(x: X) -> sa.Select[Copy]:
    """Copies that are kept where the module is not on any more."""
    sites: set[UUID] = {n.id for n in x.snapshot.sites.ordered() if not x.snapshot.module_on("quality", n.id)}
    return sa.select(Copy).where(Copy.tenant_id == x.tenant, Copy.held_at.in_(sites)).limit(1000)
