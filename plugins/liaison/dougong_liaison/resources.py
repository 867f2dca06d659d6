"""How liaison's records are shown: groups, tabs, columns, relations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import Resource, Retention, Tab, translator

from . import agencies, obligations, orders, permits, policies
from .choices import (
    LIVE,
    OPEN_ORDER,
    OWED,
    AgencyState,
    ContactState,
    DeclarationState,
    FilingState,
    InteractionState,
    ItemState,
    ObligationState,
    OrderState,
    PermitState,
    PolicyState,
    SupportState,
)
from .records import (
    Action,
    Agency,
    Contact,
    Declaration,
    Deferral,
    Filing,
    Interaction,
    Item,
    Obligation,
    Order,
    Penalty,
    Permit,
    Policy,
    Renewal,
    Step,
    Support,
)
from .settings import Settings

_ = translator("dougong_liaison")

DUTIES, PARTNERS, WATCH = _("Compliance"), _("Agencies"), _("Policies and support")
SOON = dt.timedelta(days=30)


def _all() -> Tab:
    return Tab("all", _("All"), counted=False)


def _own(column: Any) -> dict[str, Any]:
    """What one has on hand oneself."""
    return {"mine": lambda me: sa.func.coalesce(column == me.id, False)}


agency: Resource[Agency] = Resource(
    Agency,
    _("Agencies"),
    group=PARTNERS,
    flow=agencies.agencies,
    settings=Settings,
    icon="gov",
    title=Agency.name,
    create_label=_("Add an agency"),
    sections=((_("Agency"), ("nature", "name", "former", "aliases", "jurisdiction", "office", "phone", "remark")),),
    tabs=(Tab("active", _("In contact"), lambda me: Agency.status == AgencyState.ACTIVE), _all()),
    columns=("number", "name", "nature", "jurisdiction", "status"),
)
contact: Resource[Contact] = Resource(
    Contact,
    _("Contacts"),
    group=PARTNERS,
    offices=True,
    flow=agencies.contacts,
    settings=Settings,
    icon="user",
    title=Contact.duty,
    create_label=_("Add a contact"),
    sections=(
        (_("Contact"), ("agency_id", "duty", "office_phone", "owner_id")),
        (_("Person"), ("name", "mobile")),
    ),
    relations=_own(Contact.owner_id),
    tabs=(
        Tab("active", _("In office"), lambda me: Contact.status == ContactState.ACTIVE),
        Tab("mine", _("Mine"), lambda me: sa.and_(Contact.owner_id == me.id, Contact.status == ContactState.ACTIVE)),
        _all(),
    ),
    columns=("number", "duty", "office_phone", "owner_id", "site_id", "status"),
    likely={ContactState.ACTIVE: ("give", "left")},
    retention=Retention(
        "left_at",
        years=1,
        basis=_("Personal Information Protection Law Art. 19: no longer than the purpose needs."),
        states=frozenset({ContactState.LEFT}),
    ),
)
interaction: Resource[Interaction] = Resource(
    Interaction,
    _("Interactions"),
    group=PARTNERS,
    offices=True,
    flow=agencies.interactions,
    settings=Settings,
    icon="chat",
    title=Interaction.title,
    create_label=_("Log an interaction"),
    sections=(
        (_("Interaction"), ("nature", "title", "agency_id", "held_at", "surprise", "participants")),
        (_("Outcome"), ("conclusion", "owner_id", "afterwards", "closed_at")),
    ),
    timeline=(Step,),
    relations=_own(Interaction.owner_id),
    badges=("nature",),
    tabs=(Tab("open", _("To follow up"), lambda me: Interaction.status == InteractionState.OPEN), _all()),
    columns=("number", "title", "nature", "held_at", "owner_id", "site_id", "status"),
    likely={InteractionState.OPEN: ("followed", "add_step")},
    calendar="held_at",
)
declaration: Resource[Declaration] = Resource(
    Declaration,
    _("Integrity declarations"),
    group=PARTNERS,
    flow=agencies.declarations,
    settings=Settings,
    icon="check",
    title=Declaration.title,
    sections=((_("Declaration"), ("title", "person_id", "year", "sign_by", "signed_at", "late")),),
    relations=_own(Declaration.person_id),
    tabs=(Tab("due", _("To be signed"), lambda me: Declaration.status == DeclarationState.DUE), _all()),
    columns=("number", "title", "person_id", "sign_by", "status"),
    likely={DeclarationState.DUE: ("sign",)},
)
obligation: Resource[Obligation] = Resource(
    Obligation,
    _("Obligations"),
    group=DUTIES,
    offices=True,
    flow=obligations.obligations,
    settings=Settings,
    icon="todo",
    title=Obligation.title,
    create_label=_("Add an obligation"),
    sections=(
        (_("Obligation"), ("title", "agency_kind", "agency_id", "basis", "checked")),
        (_("When"), ("repeat", "month", "day", "on_closed")),
        (_("Who and with what"), ("owner_id", "evidence", "files", "ended_why")),
    ),
    badges=("checked",),
    tabs=(
        Tab("active", _("In force"), lambda me: Obligation.status == ObligationState.ACTIVE, sort="number"),
        Tab(
            "check",
            _("To be verified"),
            lambda me: sa.and_(Obligation.status == ObligationState.ACTIVE, Obligation.checked == "pending"),
        ),
        _all(),
    ),
    columns=("number", "title", "agency_kind", "repeat", "owner_id", "site_id", "checked", "status"),
)
filing: Resource[Filing] = Resource(
    Filing,
    _("Filings"),
    group=DUTIES,
    flow=obligations.filings,
    settings=Settings,
    icon="doc",
    title=Filing.title,
    sections=(
        (_("Filing"), ("title", "obligation_id", "agency_kind", "basis", "due_on", "owner_id")),
        (_("Evidence"), ("evidence", "files", "submitted_at", "receipt", "returned", "returned_why", "late")),
    ),
    relations=_own(Filing.owner_id),
    steps=(FilingState.TODO, FilingState.PREPARING, FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.ARCHIVED),
    tabs=(
        Tab("open", _("To hand in"), lambda me: Filing.status.in_(OWED), sort="due_by"),
        Tab(
            "soon",
            _("Due within 30 days"),
            lambda me: sa.and_(Filing.status.in_(OWED), Filing.due_by <= me.now + SOON),
            sort="due_by",
        ),
        Tab("mine", _("Mine"), lambda me: sa.and_(Filing.status.in_(OWED), Filing.owner_id == me.id), sort="due_by"),
        Tab("late", _("Overdue"), lambda me: sa.and_(Filing.status.in_(OWED), Filing.due_by < me.now), sort="due_by"),
        Tab("sent", _("Handed in"), lambda me: Filing.status.in_((FilingState.SUBMITTED, FilingState.ACCEPTED))),
        _all(),
    ),
    columns=("number", "title", "agency_kind", "due_on", "due_by", "owner_id", "site_id", "status"),
    likely={
        FilingState.TODO: ("prepare",),
        FilingState.PREPARING: ("submit",),
        FilingState.SUBMITTED: ("accept", "send_back"),
        FilingState.ACCEPTED: ("archive",),
    },
    calendar="due_by",
)
permit: Resource[Permit] = Resource(
    Permit,
    _("Permits"),
    group=DUTIES,
    offices=True,
    flow=permits.flow,
    settings=Settings,
    icon="lock",
    title=Permit.title,
    create_label=_("Enter a permit"),
    sections=(
        (_("Permit"), ("title", "nature", "paper", "former", "agency_id", "owner_id")),
        (_("Validity"), ("issued_on", "expires_on", "apply_by", "applied_at", "applied_late", "expired", "ended_why")),
    ),
    timeline=(Renewal,),
    relations=_own(Permit.owner_id),
    tabs=(
        Tab("valid", _("Valid"), lambda me: Permit.status.in_(LIVE)),
        Tab(
            "soon",
            _("Ending within 60 days"),
            lambda me: sa.and_(Permit.status.in_(LIVE), Permit.expires_by <= me.now + 2 * SOON),
        ),
        _all(),
    ),
    columns=("number", "title", "nature", "paper", "expires_by", "owner_id", "site_id", "status"),
    likely={PermitState.VALID: ("apply", "renew"), PermitState.RENEWING: ("renew",)},
    calendar="expires_by",
)
order: Resource[Order] = Resource(
    Order,
    _("Rectification orders"),
    group=DUTIES,
    offices=True,
    flow=orders.flow,
    settings=Settings,
    icon="warn",
    title=Order.title,
    create_label=_("Sign for an order"),
    sections=(
        (
            _("Order"),
            (
                "title",
                "agency_id",
                "agency_name",
                "agency_kind",
                "document",
                "received_on",
                "received_at",
                "deadline_on",
                "items",
                "owner_id",
            ),
        ),
        (_("Answer"), ("reply", "replied_at", "rechecks", "penalty", "late", "closed_at")),
    ),
    timeline=(Deferral, Penalty),
    relations=_own(Order.owner_id),
    steps=(
        OrderState.SIGNED,
        OrderState.ASSIGNED,
        OrderState.FIXING,
        OrderState.REPLIED,
        OrderState.RECHECK,
        OrderState.CLOSED,
    ),
    tabs=(
        Tab("open", _("Open"), lambda me: Order.status.in_(OPEN_ORDER), sort="due_by"),
        Tab(
            "late",
            _("Overdue"),
            lambda me: sa.and_(
                Order.status.in_((OrderState.SIGNED, OrderState.ASSIGNED, OrderState.FIXING)), Order.due_by < me.now
            ),
        ),
        _all(),
    ),
    columns=("number", "title", "agency_name", "due_by", "owner_id", "site_id", "status"),
    likely={
        OrderState.SIGNED: ("assign",),
        OrderState.ASSIGNED: ("begin",),
        OrderState.FIXING: ("answer",),
        OrderState.REPLIED: ("recheck",),
        OrderState.RECHECK: ("close", "failed"),
        OrderState.CLOSED: (),
    },
    calendar="due_by",
)
item: Resource[Item] = Resource(
    Item,
    _("Items of orders"),
    group=DUTIES,
    flow=orders.items,
    settings=Settings,
    icon="case",
    title=Item.text,
    sections=((_("Item"), ("order_id", "text", "owner_id", "result", "done_at")),),
    relations=_own(Item.owner_id),
    tabs=(
        Tab("open", _("To be rectified"), lambda me: Item.status == ItemState.OPEN),
        Tab("mine", _("Mine"), lambda me: sa.and_(Item.status == ItemState.OPEN, Item.owner_id == me.id)),
        _all(),
    ),
    columns=("number", "text", "owner_id", "site_id", "status"),
    likely={ItemState.OPEN: ("rectify",)},
)
policy: Resource[Policy] = Resource(
    Policy,
    _("Policies"),
    group=WATCH,
    flow=policies.policies,
    settings=Settings,
    icon="doc",
    title=Policy.title,
    create_label=_("Collect a policy"),
    sections=(
        (_("Policy"), ("title", "source", "document", "effective_on", "summary", "owner_id")),
        (_("What it means here"), ("impact", "assessment", "outcome")),
    ),
    timeline=(Action,),
    tabs=(Tab("open", _("Open"), lambda me: Policy.status.in_((PolicyState.COLLECTED, PolicyState.ASSESSED))), _all()),
    columns=("number", "title", "source", "effective_on", "impact", "status"),
    likely={PolicyState.COLLECTED: ("assess",), PolicyState.ASSESSED: ("put_into_practice", "add_action")},
    calendar="effective_on",
)
support: Resource[Support] = Resource(
    Support,
    _("Support applications"),
    group=WATCH,
    offices=True,
    flow=policies.supports,
    settings=Settings,
    icon="budget",
    title=Support.title,
    create_label=_("Begin an application"),
    sections=(
        (_("Application"), ("title", "agency_id", "policy_id", "amount", "closes_on", "owner_id")),
        (_("Result"), ("submitted_at", "late", "granted", "result")),
    ),
    tabs=(
        Tab(
            "open",
            _("Open"),
            lambda me: Support.status.in_((SupportState.PREPARING, SupportState.SUBMITTED, SupportState.GRANTED)),
        ),
        _all(),
    ),
    columns=("number", "title", "amount", "granted", "owner_id", "site_id", "status"),
    likely={
        SupportState.PREPARING: ("apply",),
        SupportState.SUBMITTED: ("grant", "turn_down"),
        SupportState.GRANTED: ("pay",),
    },
)

RESOURCES: tuple[Resource[Any], ...] = (
    filing,
    order,
    item,
    permit,
    obligation,
    agency,
    contact,
    interaction,
    declaration,
    policy,
    support,
)
