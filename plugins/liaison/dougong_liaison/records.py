"""What liaison keeps: agencies, contacts, interactions, declarations, obligations and their filings, permits, orders, policies.

There is no field for gifts or entertainment, on purpose: only the yearly integrity declaration.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Child,
    ClockMemory,
    Day,
    Fen,
    Line,
    Moment,
    Phone,
    Prose,
    Record,
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from pydantic import Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import (
    AgencyState,
    Checked,
    ContactState,
    DeclarationState,
    FilingState,
    Impact,
    InteractionKind,
    InteractionState,
    ItemState,
    ObligationState,
    OnClosed,
    OrderState,
    PermitState,
    PolicyState,
    Repeat,
    SupportState,
)

_ = translator("dougong_liaison")

IDENTITY = "liaison.identity"

MonthDay = Annotated[Whole, Field(ge=1, le=31)]
Month = Annotated[Whole, Field(ge=1, le=12)]
Few = Annotated[Whole, Field(ge=0, le=20)]
Money = Annotated[Fen, Field(ge=0, le=10**13)]


def _state(first: Any) -> Any:
    return recorded(_("Status"), default=first, listed=True, filtered=True)


def _owner(label: Any, kind: str, **more: Any) -> Any:
    """Whoever has it on hand: somebody who may see it."""
    may = f"liaison.{kind}.read"
    return field(label, widget="person", may=may, listed=True, filtered=True, holds=True, **more)


def _agency(**more: Any) -> Any:
    """An agency to choose from: one that was merged or abolished is not offered any more."""
    return ref(Agency, _("Agency"), offers=lambda _me: Agency.status == AgencyState.ACTIVE, **more)


class Agency(Record, kind="liaison.agency", label=_("Agency"), number="JG", scope="company"):
    """An authority that the company deals with; found by the names that it had, too."""

    status: Mapped[AgencyState] = _state(AgencyState.ACTIVE)
    nature: Mapped[Line] = field(_("Kind of agency"), vocabulary="agency_kinds", listed=True, filtered=True)
    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    former: Mapped[Line | None] = field(
        _("Former names"), searched=True, default=None, help=_("It is found by them too.")
    )
    aliases: Mapped[str] = recorded(_("Also found by"), default="", searched=True)
    jurisdiction: Mapped[Line] = field(_("Jurisdiction"), listed=True, searched=True, help=_("The district or matter."))
    office: Mapped[Line | None] = field(_("Address"), default=None)
    phone: Mapped[Phone | None] = field(_("Office phone"), default=None)
    remark: Mapped[Prose | None] = field(_("Remark"), default=None)


class Contact(
    Record, kind="liaison.contact", label=_("Contact"), number="LX", indexes=[("owner_id", "status"), ("agency_id",)]
):
    """Somebody at an agency. Personal data stays masked; the owner here keeps the contact and hands it over."""

    status: Mapped[ContactState] = _state(ContactState.ACTIVE)
    agency_id: Mapped[UUID] = _agency(listed=True)
    duty: Mapped[Line] = field(_("Duty"), listed=True, searched=True, help=_("What this post answers for."))
    office_phone: Mapped[Phone] = field(_("Office phone"), listed=True)
    name: Mapped[Line | None] = field(_("Name"), personal=True, mask="name", reads=IDENTITY, default=None)
    mobile: Mapped[Phone | None] = field(_("Mobile"), personal=True, mask="phone", reads=IDENTITY, default=None)
    owner_id: Mapped[UUID] = _owner(_("Kept by"), "contact", help=_("Whoever leaves hands the contact over."))
    left_at: Mapped[dt.datetime | None] = recorded(_("Left the office at"), filtered=True)


class Interaction(
    Record,
    kind="liaison.interaction",
    label=_("Interaction"),
    number="JD",
    indexes=[("owner_id", "status"), ("held_at",)],
):
    """A visit, inspection, meeting, letter or call, logged at once or afterwards."""

    status: Mapped[InteractionState] = _state(InteractionState.OPEN)
    nature: Mapped[InteractionKind] = field(_("Kind"), listed=True, filtered=True)
    title: Mapped[Line] = field(_("Matter"), listed=True, searched=True)
    agency_id: Mapped[UUID] = _agency()
    held_at: Mapped[Moment] = field(_("Took place at"), listed=True, filtered=True)
    surprise: Mapped[bool] = field(_("Unannounced"), listed=True, filtered=True, default=False)
    participants: Mapped[Prose] = field(_("Participants"), help=_("Posts and offices."))
    conclusion: Mapped[Prose] = field(_("Conclusion"), searched=True)
    owner_id: Mapped[UUID] = _owner(_("Follows up"), "interaction")
    afterwards: Mapped[bool] = recorded(_("Logged afterwards"), default=False, listed=True, filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Followed up at"))


class Step(Child, kind="liaison.step", label=_("Follow-up"), of=Interaction):
    """Something that was done, or has to be done, because of an interaction."""

    text: Mapped[Prose] = field(_("What"))
    until: Mapped[Day | None] = field(_("Until"), default=None)


class Declaration(
    Record,
    kind="liaison.declaration",
    label=_("Integrity declaration"),
    number="LZ",
    unique=[("person_id", "year")],
    indexes=[("person_id", "status")],
):
    """That somebody who deals with agencies gives and takes nothing: signed by themselves, once a year."""

    status: Mapped[DeclarationState] = _state(DeclarationState.DUE)
    title: Mapped[Line] = recorded(_("Declaration"), default="", listed=True)
    person_id: Mapped[UUID] = recorded(_("Person"), widget="person", listed=True, filtered=True)
    year: Mapped[Whole] = recorded(_("Year"), listed=True, default=2000)
    sign_by: Mapped[dt.datetime | None] = recorded(_("Sign by"), listed=True)
    signed_at: Mapped[dt.datetime | None] = recorded(_("Signed at"), filtered=True)
    late: Mapped[bool] = recorded(_("Signed late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Obligation(
    Record,
    kind="liaison.obligation",
    label=_("Obligation"),
    number="HG",
    indexes=[("owner_id", "status"), ("status", "id"), ("site_id", "code")],
):
    """What a site owes an agency again and again. Its filings are made ahead by the company's schedule."""

    status: Mapped[ObligationState] = _state(ObligationState.ACTIVE)
    title: Mapped[Line] = field(_("Obligation"), listed=True, searched=True)
    agency_id: Mapped[UUID | None] = _agency(default=None)
    agency_kind: Mapped[Line] = field(_("Kind of agency"), vocabulary="agency_kinds", listed=True, filtered=True)
    basis: Mapped[Line] = field(_("Legal basis"), searched=True)
    checked: Mapped[Checked] = field(_("Basis verified"), listed=True, filtered=True, start=Checked.PENDING)
    repeat: Mapped[Repeat] = field(_("Recurrence"), listed=True, filtered=True)
    month: Mapped[Month] = field(
        _("Month"), default=1, help=_("Of a yearly one; of a quarterly or half-yearly one the first month in the year.")
    )
    day: Mapped[MonthDay] = field(_("Day of the month"), help=_("31: the last day of each month."))
    on_closed: Mapped[OnClosed] = field(_("On a day off"), default=OnClosed.AS_IS)
    evidence: Mapped[Prose] = field(_("Evidence required"))
    files: Mapped[Few] = field(
        _("Files required"), default=1, help=_("So many files before it counts as submitted; 0: none.")
    )
    owner_id: Mapped[UUID] = _owner(_("Owner"), "obligation")
    code: Mapped[str | None] = mapped_column(sa.Text, default=None)  # of the template that it was taken over from
    made_to: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)
    ended_why: Mapped[Prose | None] = recorded(_("Why it ended"))


class Filing(
    Record,
    kind="liaison.filing",
    label=_("Filing"),
    number="BS",
    indexes=[
        ("owner_id", "status"),
        ("obligation_id", "status"),
        ("site_id", "due_on"),
        ("due_on", "site_id", "status", "due_by"),  # all that the year's figures ask
    ],
    sorts=["due_by"],
):
    """One time that an obligation is due. Made by the schedule."""

    status: Mapped[FilingState] = _state(FilingState.TODO)
    obligation_id: Mapped[UUID] = ref(Obligation, _("Obligation"), create=False, edit=False, default=None)
    title: Mapped[Line] = recorded(_("What is due"), default="", listed=True, searched=True)
    agency_kind: Mapped[Line] = recorded(
        _("Kind of agency"), default="other", vocabulary="agency_kinds", listed=True, filtered=True
    )
    basis: Mapped[Line | None] = recorded(_("Legal basis"))
    evidence: Mapped[Prose | None] = recorded(_("Evidence required"))
    files: Mapped[Few] = recorded(_("Files required"), default=1)
    owner_id: Mapped[UUID | None] = _owner(_("Owner"), "filing", default=None, create=False)
    due_on: Mapped[Day] = recorded(_("Due on"), listed=True, filtered=True)
    due_by: Mapped[dt.datetime | None] = recorded(_("Due"), listed=True, filtered=True)
    submitted_at: Mapped[dt.datetime | None] = recorded(_("Submitted at"), filtered=True)
    receipt: Mapped[Line | None] = recorded(_("Receipt number"))
    returned: Mapped[Whole] = recorded(_("Times returned"), default=0)
    returned_why: Mapped[Prose | None] = recorded(_("Why it was returned"))
    late: Mapped[bool] = recorded(_("Was late"), default=False, listed=True, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Permit(
    Record,
    kind="liaison.permit",
    label=_("Permit"),
    number="XK",
    scope="sites",
    indexes=[("owner_id", "status"), ("expires_by",), ("expires_on",)],
):
    """A permit, licence or report that runs out, for one site or several."""

    status: Mapped[PermitState] = _state(PermitState.VALID)
    title: Mapped[Line] = field(_("Permit"), listed=True, searched=True)
    nature: Mapped[Line] = field(_("Kind of permit"), vocabulary="permit_kinds", listed=True, filtered=True)
    paper: Mapped[Line] = field(_("Number of the permit"), listed=True, searched=True, edit=False)
    former: Mapped[Prose | None] = recorded(_("Earlier numbers"), searched=True)
    agency_id: Mapped[UUID | None] = _agency(default=None)
    issued_on: Mapped[Day | None] = field(_("Issued on"), default=None, edit=False)
    expires_on: Mapped[Day] = field(_("Valid until"), listed=True, filtered=True, edit=False, help=_("The last day."))
    owner_id: Mapped[UUID] = _owner(_("Owner"), "permit")
    expires_by: Mapped[dt.datetime | None] = recorded(_("Expires"), listed=True, filtered=True)
    expired: Mapped[bool] = recorded(_("Ran out"), default=False, filtered=True)
    apply_by: Mapped[dt.datetime | None] = recorded(_("Apply for renewal by"))
    applied_at: Mapped[dt.datetime | None] = recorded(_("Renewal applied for at"))
    applied_late: Mapped[bool] = recorded(_("Applied late"), default=False, filtered=True)
    ended_why: Mapped[Prose | None] = recorded(_("Why it ended"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Renewal(Child, kind="liaison.renewal", label=_("Renewal"), of=Permit):
    """A permit as it was before and after a renewal."""

    paper: Mapped[Line] = field(_("New number"))
    issued_on: Mapped[Day | None] = field(_("Issued on"), default=None)
    until: Mapped[Day] = field(_("Valid until"))
    old_paper: Mapped[Line | None] = recorded(_("Old number"))
    old_until: Mapped[Day | None] = recorded(_("Old end"))


class Order(
    Record,
    kind="liaison.order",
    label=_("Rectification order"),
    number="ZL",
    indexes=[("owner_id", "status"), ("agency_id",), ("received_at",), ("deadline_on",)],
    sorts=["due_by"],
):
    """What an agency orders to be put right. Only a document of the agency moves its deadline."""

    status: Mapped[OrderState] = _state(OrderState.SIGNED)
    title: Mapped[Line] = field(_("Matter"), listed=True, searched=True)
    agency_id: Mapped[UUID] = _agency(edit=False)
    agency_name: Mapped[Line | None] = recorded(_("Agency's name"), listed=True, searched=True)
    agency_kind: Mapped[Line] = recorded(
        _("Kind of agency"), default="other", vocabulary="agency_kinds", listed=True, filtered=True
    )
    document: Mapped[Line] = field(_("Document number"), listed=True, searched=True, edit=False)
    received_on: Mapped[Day] = field(_("Received on"), edit=False)
    deadline_on: Mapped[Day] = field(
        _("Legal deadline"), listed=True, filtered=True, edit=False, help=_("As the document says; the last day.")
    )
    items: Mapped[Prose] = field(_("Items"), edit=False, help=_("What has to be put right, one item a line."))
    owner_id: Mapped[UUID] = _owner(_("Owner"), "order")
    due_by: Mapped[dt.datetime | None] = recorded(_("Due"), listed=True, filtered=True)
    received_at: Mapped[dt.datetime | None] = recorded(_("Received at"), filtered=True)
    replied_at: Mapped[dt.datetime | None] = recorded(_("Answered at"), filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    reply: Mapped[Prose | None] = recorded(_("Reply"))
    rechecks: Mapped[Whole] = recorded(_("Failed rechecks"), default=0)
    penalty: Mapped[Money] = recorded(_("Penalties"), default=0)
    late: Mapped[bool] = recorded(_("Was late"), default=False, listed=True, filtered=True)
    # ids of files that have served: as scan, as reply, as the document of a new deadline
    used: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Deferral(Child, kind="liaison.deferral", label=_("New deadline by the agency"), of=Order):
    """A document of the agency by which an order's deadline changed."""

    document: Mapped[Line] = field(_("Document number"))
    until: Mapped[Day] = field(_("New legal deadline"))
    before: Mapped[Day | None] = recorded(_("Old legal deadline"))
    file_name: Mapped[Line | None] = recorded(_("File of the document"))


class Penalty(Child, kind="liaison.penalty", label=_("Penalty"), of=Order):
    """What an agency fined because of an order."""

    document: Mapped[Line] = field(_("Document number"))
    amount: Mapped[Money] = field(_("Amount"))
    reason: Mapped[Prose] = field(_("Reason"))


class Item(
    Record,
    kind="liaison.item",
    label=_("Item of an order"),
    number="ZX",
    indexes=[("owner_id", "status"), ("order_id", "status")],
):
    """One point of an order, which may open a work order, a nonconformity or a task by the company's rules."""

    status: Mapped[ItemState] = _state(ItemState.OPEN)
    order_id: Mapped[UUID] = ref(Order, _("Rectification order"), create=False, edit=False, default=None)
    text: Mapped[Prose] = recorded(_("Item"), default="", listed=True, searched=True)
    owner_id: Mapped[UUID | None] = _owner(_("Responsible"), "item", default=None, create=False)
    result: Mapped[Prose | None] = recorded(_("Result"))
    done_at: Mapped[dt.datetime | None] = recorded(_("Rectified at"))


class Policy(
    Record, kind="liaison.policy", label=_("Policy"), number="ZC", scope="company", indexes=[("owner_id", "status")]
):
    """A policy or rule that was noticed: what it means here, and what was done."""

    status: Mapped[PolicyState] = _state(PolicyState.COLLECTED)
    title: Mapped[Line] = field(_("Policy"), listed=True, searched=True)
    source: Mapped[Line] = field(_("Source"), listed=True, searched=True)
    document: Mapped[Line | None] = field(_("Document number"), searched=True, default=None)
    effective_on: Mapped[Day] = field(_("Takes effect on"), listed=True)
    summary: Mapped[Prose | None] = field(_("Summary"), default=None)
    owner_id: Mapped[UUID] = _owner(_("Owner"), "policy")
    impact: Mapped[Impact | None] = field(
        _("Impact"), listed=True, filtered=True, default=None, create=False, edit=False
    )
    assessment: Mapped[Prose | None] = field(_("Assessment"), default=None, create=False, edit=False)
    outcome: Mapped[Prose | None] = field(_("Outcome"), default=None, create=False, edit=False)


class Action(Child, kind="liaison.action", label=_("Action"), of=Policy):
    """What is done because of a policy."""

    text: Mapped[Prose] = field(_("What"))
    owner_id: Mapped[UUID | None] = field(_("Responsible"), widget="person", default=None)
    until: Mapped[Day | None] = field(_("Until"), default=None)


class Support(
    Record, kind="liaison.support", label=_("Support application"), number="FC", indexes=[("owner_id", "status")]
):
    """An application for a subsidy or other support, with what became of it."""

    status: Mapped[SupportState] = _state(SupportState.PREPARING)
    title: Mapped[Line] = field(_("Matter"), listed=True, searched=True)
    agency_id: Mapped[UUID | None] = _agency(default=None)
    policy_id: Mapped[UUID | None] = ref(Policy, _("Policy"), default=None, offers=True)
    amount: Mapped[Money] = field(_("Amount applied for"), listed=True)
    closes_on: Mapped[Day | None] = field(_("Apply by"), default=None)
    owner_id: Mapped[UUID] = _owner(_("Owner"), "support")
    apply_by: Mapped[dt.datetime | None] = recorded(_("Applications close"), listed=True)
    submitted_at: Mapped[dt.datetime | None] = recorded(_("Applied at"), filtered=True)
    late: Mapped[bool] = recorded(_("Was late"), default=False)
    granted: Mapped[Money | None] = field(_("Amount granted"), default=None, create=False, edit=False, listed=True)
    result: Mapped[Prose | None] = field(_("Result"), default=None, create=False, edit=False)
    timing: Mapped[ClockMemory | None] = clock_memory()
