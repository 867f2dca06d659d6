"""Posts, employees, who holds which post from when until when, contracts and certificates. Rules stand beside."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    ClockMemory,
    Day,
    Fen,
    Line,
    Me,
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
from pydantic import Field, StringConstraints
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import ContractKind, EmployeeState, Employment, HoldingKind, HoldingState, PaperState, PositionState

_ = translator("dougong_hr")

IDENTITY, SALARY = "hr.identity", "hr.salary"
KEY_POSTS = "hr.key_posts"

Code = Annotated[str, mapped_column(sa.Text), StringConstraints(strip_whitespace=True, pattern=r"^[\w./-]{1,40}$")]
Identity = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z()-]{5,24}$"),
]
Heads = Annotated[Whole, Field(ge=0, le=10_000)]
Pay = Annotated[Fen, Field(ge=0, le=10**11)]


def _state(first: Any) -> Any:
    return recorded(_("Status"), default=first, listed=True, filtered=True)


class Position(
    Record,
    kind="hr.position",
    label=_("Post"),
    number="GW",
    scope="company",
    unique=[("code",)],
    known_by=("code",),
    indexes=[("site_id", "status"), ("reports_to",)],
):
    """A post of a site: so many heads, who it reports to, which roles of the platform go with it."""

    status: Mapped[PositionState] = _state(PositionState.OPEN)
    code: Mapped[Code] = field(_("Code"), listed=True, searched=True, help=_("Of your own: AH-HY-01."))
    title: Mapped[Line] = field(_("Title of the post"), listed=True, searched=True)
    department: Mapped[Line] = field(_("Department"), vocabulary="departments", listed=True, filtered=True)
    headcount: Mapped[Heads] = field(_("Headcount"), listed=True, start=1)
    key: Mapped[bool] = field(
        _("Key post"),
        listed=True,
        filtered=True,
        default=False,
        help=_("Whoever is appointed is filed with the company, which alone takes the mark off again."),
    )
    reports_to: Mapped[UUID | None] = ref(
        "self", _("Reports to"), default=None, reach="company",
        offers=lambda _me: Position.status == PositionState.OPEN,
    )  # fmt: skip
    deputy_id: Mapped[UUID | None] = ref(
        "self", _("Deputy post"), default=None, help=_("Answers while nobody holds this post."), reach="company",
        offers=lambda _me: Position.status == PositionState.OPEN,
    )  # fmt: skip
    roles: Mapped[Prose | None] = field(
        _("Roles that go with it"),
        default=None,
        help=_(
            "Slugs, one a line, as in project_manager, or technician:mine where it is limited. They hold here and below."
        ),
    )
    certificates: Mapped[Prose | None] = field(
        _("Certificates required"), default=None, help=_("Kinds from the settings, one a line, as in fire_operator.")
    )
    duties: Mapped[Prose | None] = field(_("Duties"), searched=True, default=None)


class Employee(
    Record,
    kind="hr.employee",
    label=_("Employee"),
    number="YG",
    unique=[("code",)],
    known_by=("code",),
    indexes=[("site_id", "status"), ("person_id",), ("left_at",)],
):
    """Somebody who works here, with an account of the platform or without."""

    status: Mapped[EmployeeState] = _state(EmployeeState.EMPLOYED)
    code: Mapped[Code] = field(_("Employee number"), listed=True, searched=True)
    name: Mapped[Line] = field(_("Full name"), listed=True, searched=True)
    person_id: Mapped[UUID | None] = field(
        _("Account"), widget="person", listed=True, default=None, create=False, edit=False
    )
    employment: Mapped[Employment] = field(_("Employment"), listed=True, filtered=True, start=Employment.OWN)
    employer: Mapped[Line | None] = field(
        _("Agency or contractor"), default=None, help=_("Where the person is not on the company's own payroll.")
    )
    department: Mapped[Line] = field(_("Department"), vocabulary="departments", listed=True, filtered=True)
    hired_on: Mapped[Day] = field(_("Hired on"), listed=True)
    probation_until: Mapped[Day | None] = field(_("On probation until"), default=None)
    identity: Mapped[Identity | None] = field(
        _("Identity number"), personal=True, mask="all", reads=IDENTITY, default=None
    )
    phone: Mapped[Phone | None] = field(_("Phone"), personal=True, mask="phone", reads=IDENTITY, default=None)
    salary: Mapped[Pay | None] = field(_("Monthly salary"), personal=True, reads=SALARY, default=None)
    probation_by: Mapped[dt.datetime | None] = recorded(_("End of probation"), listed=True)
    probation_late: Mapped[bool] = recorded(_("Probation decided late"), default=False, filtered=True)
    hired_at: Mapped[dt.datetime | None] = recorded(_("In service since"), filtered=True)
    left_on: Mapped[Day | None] = recorded(_("Left on"))
    left_at: Mapped[dt.datetime | None] = recorded(_("Left at"), filtered=True)
    left_why: Mapped[Prose | None] = recorded(_("Reason for leaving"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Holding(
    Record,
    kind="hr.holding",
    label=_("Post held"),
    number="RZ",
    indexes=[("employee_id", "status"), ("position_id", "status"), ("site_id", "status")],
):
    """An employee in a post, from a day (inclusive) until a day (exclusive) or open. Made by ``holdings.take_up`` alone."""

    status: Mapped[HoldingState] = _state(HoldingState.HELD)
    employee_id: Mapped[UUID] = ref(Employee, _("Employee"), create=False, edit=False, default=None)
    position_id: Mapped[UUID] = ref(Position, _("Post"), create=False, edit=False, default=None)
    title: Mapped[Line] = recorded(_("Who holds what"), default="", listed=True, searched=True)
    nature: Mapped[HoldingKind] = recorded(_("Kind"), default=HoldingKind.MAIN, listed=True, filtered=True)
    starts_on: Mapped[dt.date] = recorded(_("From"), listed=True)
    ends_on: Mapped[dt.date | None] = recorded(_("No longer from"), listed=True)
    ends_by: Mapped[dt.datetime | None] = recorded(_("End of the post"), listed=True)
    ended_why: Mapped[Prose | None] = recorded(_("Why it ended"))
    granted: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # slug of the role → id of the grant
    timing: Mapped[ClockMemory | None] = clock_memory()


def _staff(_me: Me) -> sa.ColumnElement[bool]:
    return Employee.status != EmployeeState.LEFT


class Contract(
    Record,
    kind="hr.contract",
    label=_("Employment contract"),
    number="HT",
    indexes=[("employee_id", "status"), ("site_id", "status")],
):
    """A contract of an employee. Its end is watched."""

    status: Mapped[PaperState] = _state(PaperState.VALID)
    employee_id: Mapped[UUID] = ref(Employee, _("Employee"), edit=False, offers=_staff)
    title: Mapped[Line] = recorded(_("Whose"), default="", listed=True, searched=True)
    nature: Mapped[ContractKind] = field(_("Kind"), listed=True, filtered=True, start=ContractKind.FIXED)
    paper: Mapped[Line] = field(_("Number of the contract"), listed=True, searched=True)
    signed_on: Mapped[Day | None] = field(_("Signed on"), default=None)
    starts_on: Mapped[Day] = field(_("From"), listed=True)
    ends_on: Mapped[Day | None] = field(
        _("Until"), listed=True, default=None, help=_("The last day; empty where it is open-ended.")
    )
    ends_by: Mapped[dt.datetime | None] = recorded(_("End of the contract"), listed=True)
    ends_late: Mapped[bool] = recorded(_("Ran out unanswered"), default=False, filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Certificate(
    Record,
    kind="hr.certificate",
    label=_("Certificate"),
    number="ZS",
    indexes=[("employee_id", "status"), ("site_id", "status"), ("type", "status")],
):
    """A certificate of an employee. Its expiry is watched."""

    status: Mapped[PaperState] = _state(PaperState.VALID)
    employee_id: Mapped[UUID] = ref(Employee, _("Employee"), edit=False, offers=_staff)
    title: Mapped[Line] = recorded(_("Whose"), default="", listed=True, searched=True)
    type: Mapped[Line] = field(_("Kind"), vocabulary="certificates", listed=True, filtered=True)
    paper: Mapped[Line] = field(_("Number of the certificate"), listed=True, searched=True)
    issuer: Mapped[Line | None] = field(_("Issued by"), default=None)
    issued_on: Mapped[Day | None] = field(_("Issued on"), default=None)
    ends_on: Mapped[Day | None] = field(
        _("Valid until"), listed=True, default=None, help=_("The last day; empty where it never expires.")
    )
    ends_by: Mapped[dt.datetime | None] = recorded(_("Expires"), listed=True)
    ends_late: Mapped[bool] = recorded(_("Ran out unanswered"), default=False, filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()
