"""The life of a revision: 编写→会签→审核→批准→待生效→现行→作废, and the emergency one that is approved afterwards."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Form, Level, Term, Workflow, act, guard, overdue, remind, translator

from . import force, numbering, readings
from .base import Reason, X, document_of, keeper_of, locked, named, refuse
from .choices import IN_FORCE, UNDERWAY, DocumentState, State
from .records import Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")
flow = Workflow(Revision, Revision.status, DocumentSettings)
SIGNED = ("change", "body", "effective_on", "consistent")  # what signatures stand for
SETTLED = _("What is signed or in force is not changed. Have it returned, or draft the next revision.")


@flow.creating
def drafted(r: Revision, x: X) -> None:
    d = locked(named(r.document, "document", x).id, x)
    if d.status is DocumentState.OBSOLETE:
        raise refuse("document", _("is obsolete"))
    if d.site_id != r.site_id:
        raise refuse("document", _("belongs to another site: draft its revision there"))
    rule = (Revision.tenant_id == x.tenant, Revision.document_id == d.id, Revision.status != State.DROPPED)
    before = list(x.session.scalars(sa.select(Revision).where(*rule)))
    if any(one.status in UNDERWAY for one in before):
        raise refuse("document", _("has another revision on its way; end that one first"))
    last = max((one.revision or "" for one in before), key=numbering.order, default=None)
    current = next((one for one in before if one.status in IN_FORCE), None)
    r.revision = numbering.following(last, new_edition=r.new_edition, most=x.settings.document_changes)
    r.document_id, r.title, r.drafter_id = d.id, d.title, x.actor
    r.former_id = current.id if current else None
    r.body = r.body or (current.body if current else None)


@flow.changing
def settled(r: Revision, x: X) -> None:
    state = sa.inspect(r)
    if state.key is None or r.status is State.DRAFT or state.attrs.status.history.has_changes():
        return
    if any(state.attrs[name].history.has_changes() for name in SIGNED):
        raise Conflict(SETTLED)


def files_changed(r: Revision, x: X) -> None:
    """A file is as much of a revision as its text. :raises Conflict: signatures stand for it already, or are being given."""
    if r.status is not State.DRAFT and not x.imported:
        raise Conflict(SETTLED)


@guard(_("There is nothing to sign yet: write the text, or attach the file."))
def has_content(r: Revision, x: X) -> bool:
    return bool(r.body) or bool(x.files(r))


@guard(_("Say first how it keeps to the company's document."))
def is_consistent(r: Revision, x: X) -> bool:
    return bool(r.consistent) or document_of(r, x).parent_id is None


# ---- signatures ----


def levels(r: Revision, x: X) -> list[Level]:
    """Who signs: co-signers all, then the check, then the approval. A post that nobody but an author holds there co-signs
    nothing; check and approval climb the line."""
    reach, known, own = document_of(r, x).reach, x.settings, {*authors(r, x), r.created_by, x.actor}
    posts = known.signers(reach, "cosign")
    cosigners = tuple(post for post in posts if any(one.id not in own for one in x.who(post, r.site_id)))
    return [
        Level("cosign", _("Co-sign"), roles=cosigners, need="all", state=State.COSIGN, when=bool(cosigners)),
        Level("check", _("Check"), roles=known.signers(reach, "check"), state=State.CHECK),
        Level("approve", _("Approve"), roles=known.signers(reach, "approve"), state=State.APPROVE),
    ]


def levels_afterwards(r: Revision, x: X) -> list[Level]:
    """An emergency revision is in force: the check and the approval are made up for."""
    return [Level(one.name, one.label, roles=one.roles) for one in levels(r, x)[1:]]


def authors(r: Revision, x: X) -> set[UUID]:
    return {r.drafter_id} if r.drafter_id else set()


release = flow.approval(
    "release",
    _("Release"),
    sources=State.DRAFT,
    levels=levels,
    granted=(State.PENDING, State.CURRENT),
    returned=State.DRAFT,
    authors=authors,
    due=Revision.sign_by,
    late=Revision.sign_late,
    hours=lambda settings: settings.document_sign_hours,
    guards=(has_content, is_consistent),
)


@release.when_granted
def granted(r: Revision, x: X) -> State:
    d = document_of(r, x)
    r.against = force.against(d, x)
    if r.effective_on is None or r.effective_on <= x.today(r.site_id):
        return _current(r, x)
    readings.ask(d, r, x)
    return State.PENDING


def _current(r: Revision, x: X) -> State:
    force.take(r, x)
    readings.ask(document_of(r, x), r, x)
    return State.CURRENT


@flow.on(_("Comes into force"), State.PENDING, State.CURRENT, form=Form, automatic=True)
def take_force(r: Revision, f: Form, x: X) -> State:
    return _current(r, x)


@flow.on(_("Drop the draft"), State.DRAFT, State.DROPPED, form=Reason, icon="close", danger=True)
def drop(r: Revision, f: Reason, x: X) -> None:
    r.obsolete_at = x.now


@flow.on(_("Stop before it takes effect"), State.PENDING, State.DRAFT, form=Reason, icon="undo")
def hold_back(r: Revision, f: Reason, x: X) -> None:
    readings.drop(r, x)


# ---- in force before it is approved ----


@flow.on(
    _("Put into force at once"), State.DRAFT, State.EMERGENCY, form=Reason, guards=[has_content, is_consistent], icon="up",
    danger=True, help=_("For an emergency: it is approved afterwards, or the former revision comes back."),
)  # fmt: skip
def enforce(r: Revision, f: Reason, x: X) -> None:
    r.emergency = True
    r.against = force.against(document_of(r, x), x)
    _current(r, x)


ratify = flow.approval(
    "ratify",
    _("Approve afterwards"),
    sources=State.EMERGENCY,
    levels=levels_afterwards,
    granted=State.CURRENT,
    returned=State.OBSOLETE,
    authors=authors,
)


@ratify.when_granted
def ratified(r: Revision, x: X) -> State:
    r.ratified_at = x.now
    return State.CURRENT


@ratify.when_returned
def refused(r: Revision, x: X, reason: str) -> State:
    force.fall_back(r, x)
    return State.OBSOLETE


@flow.on(_("Falls back"), State.EMERGENCY, State.OBSOLETE, form=Form, automatic=True)
def fall_back(r: Revision, f: Form, x: X) -> State:
    force.fall_back(r, x)
    return State.OBSOLETE


def _effective(r: Revision, x: X) -> dt.datetime | None:
    if r.effective_on is None:
        return None
    return dt.datetime.combine(r.effective_on, dt.time(), x.snapshot.sites.zone(r.site_id)).astimezone(dt.UTC)


flow.clock(
    "force",
    _("Comes into force"),
    due=Revision.force_by,
    runs=State.PENDING,
    term=_effective,
    depends=(Revision.effective_on,),
    owner=Revision.drafter_id,
    steps=[act(lambda r, x: x.take(r, take_force.name), name="take_force", label=_("Comes into force"))],
)
flow.clock(
    "ratification",
    _("Approval afterwards"),
    due=Revision.ratify_by,
    late=Revision.ratify_late,
    runs=State.EMERGENCY,
    term=lambda r, x: Term(hours=24 * x.settings.document_ratify_days, always=True),
    owner=lambda r, x: r.drafter_id or keeper_of(r, x),
    steps=[
        remind(0.5),
        overdue(),
        act(lambda r, x: x.take(r, fall_back.name), after=dt.timedelta(minutes=1), name="fall_back", label=_("Falls back")),
    ],
)
