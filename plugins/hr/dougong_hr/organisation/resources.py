"""How posts, employees, holdings, contracts and certificates are shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, translator

from . import holdings, papers, people, posts
from .choices import STAFF, EmployeeState, HoldingKind, HoldingState, PaperState, PositionState
from .records import Certificate, Contract, Employee, Holding, Position
from .settings import OrganisationSettings

_ = translator("dougong_hr")

GROUP = _("Organisation")
SOON = dt.timedelta(days=60)


def own(me: Me) -> sa.ColumnElement[bool]:
    """What is about oneself."""
    return sa.func.coalesce(Employee.person_id == me.id, False)


def _about_me(kind: Any) -> Any:
    def mine(me: Me) -> sa.ColumnElement[bool]:
        me_too = sa.select(Employee.id).where(
            Employee.tenant_id == kind.tenant_id, Employee.id == kind.employee_id, Employee.person_id == me.id
        )
        return me_too.exists()

    return mine


def _running_out(kind: Any) -> Any:
    return lambda me: sa.and_(kind.status == PaperState.VALID, kind.ends_by <= me.now + SOON)


position: Resource[Position] = Resource(
    Position,
    _("Posts"),
    group=GROUP,
    flow=posts.flow,
    settings=OrganisationSettings,
    icon="site",
    title=Position.title,
    create_label=_("Add a post"),
    sections=(
        (_("Post"), ("code", "title", "department", "headcount", "key")),
        (_("Line of command"), ("reports_to", "deputy_id")),
        (_("What goes with it"), ("roles", "certificates", "duties")),
    ),
    tabs=(
        Tab("open", _("In the establishment"), lambda me: Position.status == PositionState.OPEN, sort="number"),
        Tab(
            "key",
            _("Key posts"),
            lambda me: sa.and_(Position.key, Position.status == PositionState.OPEN),
            sort="number",
        ),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "code", "department", "headcount", "key", "site_id", "status"),
    order="number",
    likely={PositionState.OPEN: ("appoint",)},
)

employee: Resource[Employee] = Resource(
    Employee,
    _("Employees"),
    group=GROUP,
    offices=True,
    flow=people.flow,
    settings=OrganisationSettings,
    icon="people",
    title=Employee.name,
    create_label=_("Add an employee"),
    sections=(
        (_("Person"), ("code", "name", "person_id", "identity", "phone")),
        (_("Employment"), ("employment", "employer", "department", "hired_on", "probation_until", "salary")),
        (_("Left"), ("left_on", "left_why")),
    ),
    relations={"mine": own},
    tabs=(
        Tab("staff", _("In service"), lambda me: Employee.status.in_(STAFF), sort="number"),
        Tab("probation", _("On probation"), lambda me: Employee.status == EmployeeState.PROBATION),
        Tab("left", _("Have left"), lambda me: Employee.status == EmployeeState.LEFT, counted=False),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "name", "code", "department", "employment", "status", "site_id", "hired_on"),
    likely={EmployeeState.PROBATION: ("confirm",), EmployeeState.EMPLOYED: ()},
    retention=Retention(
        "left_at",
        years=2,
        basis=_("Labour Contract Law Art. 50: the text of an ended contract is kept for two years at least."),
        states=frozenset({EmployeeState.LEFT}),
    ),
)

holding: Resource[Holding] = Resource(
    Holding,
    _("Posts held"),
    group=GROUP,
    flow=holdings.flow,
    settings=OrganisationSettings,
    icon="user",
    title=Holding.title,
    sections=((_("Post held"), ("employee_id", "position_id", "nature", "starts_on", "ends_on", "ended_why")),),
    relations={"mine": _about_me(Holding)},
    tabs=(
        Tab("held", _("In the post"), lambda me: Holding.status == HoldingState.HELD),
        Tab("acting", _("Acting"), lambda me: sa.and_(Holding.status == HoldingState.HELD, Holding.nature == HoldingKind.ACTING)),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "nature", "starts_on", "ends_on", "site_id", "status"),
    likely={HoldingState.HELD: ("finish",)},
)  # fmt: skip


def _paper(
    kind: Any, label: Any, flow: Any, create: Any, fields: tuple[str, ...], columns: tuple[str, ...]
) -> Resource[Any]:
    return Resource(
        kind,
        label,
        group=GROUP,
        offices=True,
        flow=flow,
        settings=OrganisationSettings,
        icon="doc",
        title="title",
        create_label=create,
        sections=((kind.label, fields), (_("Was late"), ("ends_late",))),
        relations={"mine": _about_me(kind)},
        tabs=(
            Tab("valid", _("Valid"), lambda me: kind.status == PaperState.VALID),
            Tab("soon", _("Ending within 60 days"), _running_out(kind)),
            Tab("all", _("All"), counted=False),
        ),
        columns=("number", "title", *columns, "site_id", "status", "ends_by"),
        likely={PaperState.VALID: ("renew",)},
        calendar="ends_by",
        retention=Retention(
            "closed_at",
            years=2,
            basis=_("Labour Contract Law Art. 50: the text of an ended contract is kept for two years at least."),
            states=frozenset({PaperState.ENDED}),
        ),
    )


contract = _paper(
    Contract,
    _("Employment contracts"),
    papers.contracts,
    _("Enter a contract"),
    ("employee_id", "nature", "paper", "signed_on", "starts_on", "ends_on"),
    ("nature", "paper"),
)
certificate = _paper(
    Certificate,
    _("Certificates"),
    papers.certificates,
    _("Enter a certificate"),
    ("employee_id", "type", "paper", "issuer", "issued_on", "ends_on"),
    ("type", "paper"),
)

RESOURCES: tuple[Resource[Any], ...] = (position, employee, holding, contract, certificate)

__all__ = ["RESOURCES", "certificate", "contract", "employee", "holding", "position"]
