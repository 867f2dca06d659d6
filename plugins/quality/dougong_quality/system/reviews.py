"""Management review: planned, its inputs gathered and frozen, held with minutes and decisions, approved, and due again."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Day, Form, Level, Prose, Workflow, asked, guard, translator

from .choices import DecisionState, ReviewState
from .common import LEADERS, Reason, Settings, X, months_after, refuse, steps
from .gathering import gathered
from .records import Decision, ManagementReview

_ = translator("dougong_quality")

reviews = Workflow(ManagementReview, ManagementReview.status, Settings)
decisions = Workflow(Decision, Decision.status, Settings)

AGENDA = _(
    "1. What became of the decisions of earlier reviews\n"
    "2. What has changed outside and inside, in law and in what others expect of us\n"
    "3. Satisfaction, complaints and other voices of owners, tenants and clients\n"
    "4. How far the objectives were reached\n"
    "5. How the services went: inspections, work orders, their conformity\n"
    "6. Nonconformities and corrective action; incidents\n"
    "7. Results of internal and external audits\n"
    "8. Compliance with law and other obligations\n"
    "9. Suppliers and contractors\n"
    "10. Environmental aspects, hazards and what was done about them\n"
    "11. Resources\n"
    "12. Consultation with the staff\n"
    "13. Risks and chances, and what to improve"
)


@reviews.creating
def planned(r: ManagementReview, x: X) -> None:
    r.agenda = r.agenda or str(AGENDA)


@reviews.changing
def dated(r: ManagementReview, x: X) -> None:
    if r.until_on < r.from_on:
        raise refuse("until_on", _("must not lie before the first day"))


@reviews.on(
    _("Gather the inputs"),
    ReviewState.PLANNED,
    form=Form,
    icon="history",
    help=_("Figures of all modules that are on, frozen as they are now. Gathering again replaces them."),
)
def gather(r: ManagementReview, f: Form, x: X) -> None:
    r.inputs, r.gathered_at = gathered(r, x), x.now


@guard(_("Gather the inputs first."))
def has_inputs(r: ManagementReview, x: X) -> bool:
    return r.gathered_at is not None


@reviews.on(
    _("Held"),
    ReviewState.PLANNED,
    ReviewState.HELD,
    form=Form,
    asks=[ManagementReview.attendees, ManagementReview.minutes, ManagementReview.conclusion],
    guards=[has_inputs],
    icon="people",
)
def hold(r: ManagementReview, f: Form, x: X) -> None:
    r.held_at = x.now
    earlier = sa.select(ManagementReview).where(
        ManagementReview.tenant_id == x.tenant,
        ManagementReview.id != r.id,
        ManagementReview.site_id == r.site_id,
        ManagementReview.status == ReviewState.CLOSED,
        ManagementReview.followed_at.is_(None),
    )
    for one in x.session.scalars(earlier):
        one.followed_at = x.now
        x.reckon(one)


class Decided(Form):
    statement: Prose = asked(_("What was decided"))
    owner_id: UUID = asked(_("Owner"), widget="person")
    due_on: Day = asked(_("To be done by"))


@reviews.on(_("Add a decision"), ReviewState.HELD, form=Decided, icon="plus")
def decide(r: ManagementReview, f: Decided, x: X) -> None:
    if f.due_on < x.today(r.site_id):
        raise refuse("due_on", _("has passed already"))
    made = x.create(
        Decision, _place(f.owner_id, r, x), review_id=r.id, statement=f.statement, owner_id=f.owner_id, due_on=f.due_on
    )
    x.link(r, made)


approve = reviews.approval(
    "approve",
    _("Minutes"),
    sources=ReviewState.HELD,
    levels=lambda r, x: [
        Level("leaders", _("Company leaders"), roles=LEADERS, need="any", state=ReviewState.APPROVING)
    ],
    granted=ReviewState.CLOSED,
    returned=ReviewState.HELD,
    due=ManagementReview.approve_by,
    late=ManagementReview.approve_late,
    hours=lambda settings: settings.mreview_hours,
)


def _place(owner: UUID, r: ManagementReview, x: X) -> UUID:
    """Where a decision belongs: the highest place below the review's at which its owner can carry it out."""
    gate = x.snapshot.gate(owner, x.now)
    below = x.snapshot.sites.subtree(r.site_id)
    for node in x.snapshot.sites.ordered():
        if node.id in below and gate.may("quality.decision.done", node.id, frozenset({"mine"})):
            return node.id
    raise refuse("owner_id", _("has no role in which decisions are carried out"))


reviews.clock(
    "held",
    _("Holding the review"),
    due=ManagementReview.held_by,
    met=ManagementReview.held_at,
    late=ManagementReview.held_late,
    runs=ReviewState.PLANNED,
    term=lambda r, x: r.planned_on,
    depends=(ManagementReview.planned_on,),
    owner=ManagementReview.chair_id,
    steps=steps(lambda settings: 14),
    step=hold,
    imports=True,
)
reviews.clock(
    "again",
    _("Next review"),
    due=ManagementReview.again_by,
    met=ManagementReview.followed_at,
    late=ManagementReview.again_late,
    runs=ReviewState.CLOSED,
    term=lambda r, x: months_after(held_on(r, x), x.settings.mreview_months),
    depends=(ManagementReview.held_at,),
    owner=ManagementReview.created_by,
    steps=steps(lambda settings: 30),
    imports=True,
)


def held_on(r: ManagementReview, x: X) -> Day:
    """The day on which it was held."""
    return (r.held_at or x.now).astimezone(x.snapshot.sites.zone(r.site_id)).date()


# ---- decisions ----


@decisions.on(_("Done"), DecisionState.OPEN, DecisionState.DONE, form=Form, asks=[Decision.result], icon="check")
def done(d: Decision, f: Form, x: X) -> None:
    d.done_at = x.now


@guard(_("Whoever carried it out does not confirm it."))
def not_owner(d: Decision, x: X) -> bool:
    return x.actor is None or x.actor != d.owner_id


confirm = decisions.step(
    "confirm", _("Confirm"), DecisionState.DONE, DecisionState.CLOSED, guards=[not_owner], icon="check"
)


@decisions.on(_("Not done yet"), DecisionState.DONE, DecisionState.OPEN, form=Reason, icon="left")
def reopen(d: Decision, f: Reason, x: X) -> None:
    d.done_at = None


decisions.clock(
    "done",
    _("Decision of a review"),
    due=Decision.done_by,
    met=Decision.done_at,
    late=Decision.done_late,
    runs=DecisionState.OPEN,
    term=lambda d, x: d.due_on,
    depends=(Decision.due_on,),
    owner=Decision.owner_id,
    steps=steps(),
    step=done,
    imports=True,
)
