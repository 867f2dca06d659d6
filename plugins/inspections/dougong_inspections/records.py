"""What inspections keep: templates with revisions, routes with points, plans, tasks with results, findings.

Rules stand in ``flow``, what an item is in ``items``, lengths of clocks in ``settings``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Bulk,
    Child,
    ClockMemory,
    Day,
    Line,
    Moment,
    Prose,
    Record,
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    reference,
    translator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import (
    WALKABLE,
    Criticality,
    Exemption,
    FindingState,
    LateState,
    Method,
    Outcome,
    PlanState,
    PointState,
    Repeat,
    RouteState,
    Severity,
    TaskState,
    TemplateState,
    Trade,
)

_ = translator("dougong_inspections")


class Template(
    Record,
    kind="inspections.template",
    label=_("Inspection template"),
    number="XJM",
    scope="company",
    indexes=[("status",)],
):
    """What is looked at. People edit the draft; publishing makes a revision, which never changes."""

    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    status: Mapped[TemplateState] = recorded(_("Status"), default=TemplateState.DRAFT, listed=True, filtered=True)
    trade: Mapped[Trade] = field(_("Trade"), listed=True, filtered=True)
    purpose: Mapped[Prose | None] = field(_("Purpose and basis"), default=None)
    scored: Mapped[bool] = field(
        _("Scored"), default=False, help=_("Each item counts with its weight; the task gets a score out of 100.")
    )
    revision: Mapped[int] = recorded(_("Revision"), default=0, listed=True)
    published_at: Mapped[dt.datetime | None] = recorded(_("Published at"), listed=True)
    current_id: Mapped[UUID | None] = mapped_column(default=None)  # the revision that new tasks pin
    draft: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # items, as ``items.Item`` writes them


class Revision(Child, kind="inspections.revision", of=Template, label=_("Revision"), unique=[("parent_id", "version")]):
    """A template as it was published. The application may not change or delete it.

    :ivar items: as ``items.Item`` writes them. :ivar scored: as the template was then.
    """

    privileges = "SELECT, INSERT"

    version: Mapped[int] = field(_("Revision"), create=False)
    note: Mapped[Prose] = field(_("What changed"))
    scored: Mapped[bool] = mapped_column(default=False)
    items: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class Route(Record, kind="inspections.route", label=_("Inspection route"), number="XJL", indexes=[("status",)]):
    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    status: Mapped[RouteState] = recorded(_("Status"), default=RouteState.ACTIVE, listed=True, filtered=True)
    trade: Mapped[Trade] = field(_("Trade"), listed=True, filtered=True)
    minutes: Mapped[Whole] = field(
        _("Shortest plausible walk"),
        default=0,
        unit=_("minutes"),
        help=_("A task that was walked faster is flagged. 0: reckoned from the points by the company's settings."),
    )
    note: Mapped[Prose | None] = field(_("Note"), default=None)
    points: Mapped[int] = recorded(_("Points"), default=0, listed=True)


class Point(
    Child,
    kind="inspections.point",
    of=Route,
    label=_("Point"),
    unique=[("code",)],
    indexes=[("nfc",), ("template_id",)],
):
    """A place on a route where one template is gone through. A point that was taken off a route stays for its results.

    :ivar code: stands in the address of its QR label, for good. :ivar position: order on the route, from 1.
    :ivar stopped_by: an open severe finding, for which it is out of use.
    """

    name: Mapped[Line] = field(_("Name"))
    position: Mapped[int] = field(_("Position"), create=False, default=0)
    template_id: Mapped[UUID] = ref(
        Template, _("Template"), offers=lambda _me: Template.status != TemplateState.RETIRED
    )
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("In the register of places"), widget="location", default=None
    )
    location: Mapped[Line | None] = field(_("Location"), default=None)
    code: Mapped[str] = mapped_column()
    nfc: Mapped[Line | None] = field(_("Text on the NFC tag"), default=None)
    latitude: Mapped[float | None] = field(_("Latitude"), default=None)
    longitude: Mapped[float | None] = field(_("Longitude"), default=None)
    radius: Mapped[int | None] = field(_("Radius"), default=None, unit=_("metres"))
    active: Mapped[bool] = mapped_column(default=True)
    stopped_by: Mapped[UUID | None] = mapped_column(default=None)


class Layout(Child, kind="inspections.layout", of=Route, label=_("Route as walked"), unique=[("parent_id", "digest")]):
    """A route with its points and their templates' revisions at one time: what tasks pin. Never changes.

    :ivar points: in order, as ``layouts.Stop`` writes them. :ivar digest: of the points: equal ones are kept once.
    """

    privileges = "SELECT, INSERT"

    digest: Mapped[str]
    points: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class Plan(
    Record,
    kind="inspections.plan",
    label=_("Inspection plan"),
    number="XJP",
    indexes=[("status",), ("route_id",), ("person_id", "status")],
):
    """When a route is walked and by whom.

    :ivar made_to: windows that begin up to here have their tasks.
    """

    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    status: Mapped[PlanState] = recorded(_("Status"), default=PlanState.DRAFT, listed=True, filtered=True)
    trade: Mapped[Trade] = field(_("Trade"), listed=True, filtered=True)
    route_id: Mapped[UUID] = ref(
        Route, _("Route"), listed=True, offers=lambda _me: Route.status == RouteState.ACTIVE
    )
    window_minutes: Mapped[Whole] = field(
        _("Window"),
        default=60,
        unit=_("minutes"),
        help=_("From the moment of the rule on; the walk has to begin and end in it."),
    )
    grace_minutes: Mapped[Whole | None] = field(
        _("Grace"),
        default=None,
        unit=_("minutes"),
        help=_("After the window. Empty: the company's."),
    )
    post: Mapped[Line | None] = field(
        _("Post"),
        vocabulary="posts",
        default=None,
        listed=True,
        help=_("Whoever holds it then, or their deputy."),
    )
    person_id: Mapped[UUID | None] = field(
        _("Or a person"), widget="person", may="inspections.task.read", holds=True, default=None
    )
    calendar: Mapped[str | None] = field(
        _("Calendar"), widget="calendar", default=None, help=_("One of the company's own. Empty: the site's.")
    )
    statutory: Mapped[bool] = field(_("Required by law"), default=False, filtered=True)
    basis: Mapped[Prose | None] = field(_("Basis"), default=None, help=_("Law, standard or contract that demands it."))
    review: Mapped[bool] = field(_("Needs a review"), default=True)
    repeat: Mapped[Repeat] = field(_("Repeats"), start=Repeat.DAILY)
    times: Mapped[Line | None] = field(
        _("Times"), default=None, help=_("As in 08:00 14:00: each is the start of a window. Not for shifts.")
    )
    weekdays: Mapped[Line | None] = field(
        _("Days of the week"), default=None, help=_("As in 1 3 5, 1 is Monday; for a weekly plan.")
    )
    month_day: Mapped[Whole | None] = field(
        _("Day of the month"), default=None, help=_("1 to 31, -1 is the last; for a monthly plan.")
    )
    every: Mapped[Whole] = field(_("Only each so-many-th time"), default=1, help=_("2: every second week."))
    rule_words: Mapped[Line | None] = recorded(_("When"))
    made_to: Mapped[dt.datetime | None] = mapped_column(default=None)


class Task(
    Record,
    kind="inspections.task",
    label=_("Inspection task"),
    number="XJ",
    unique=[("plan_id", "window_from")],
    indexes=[
        ("site_id", "status"),
        ("assignee_id", "status"),
        ("claimed_by", "status"),
        ("site_id", "business_date"),
        ("business_date",),
        ("window_from",),
    ],
    sorts=("window_from", "due_by"),
):
    """One walk of a route. It pins the route and the templates as they were when it was made.

    :ivar business_date: day of the shift's start at the site. :ivar due_by: end of the window and the grace.
    :ivar late_sync: done in time by the device's clock, came later. :ivar skewed: the device's clock was off.
    :ivar made_up: for good: left out of on-time figures, no evidence of a patrol required by law.
    """

    name: Mapped[Line] = field(_("Route"), edit=False, listed=True, searched=True)
    status: Mapped[TaskState] = recorded(_("Status"), default=TaskState.PENDING, listed=True, filtered=True)
    trade: Mapped[Trade] = recorded(_("Trade"), default=Trade.QUALITY, listed=True, filtered=True)
    route_id: Mapped[UUID] = ref(
        Route, _("Inspection route"), edit=False, offers=lambda _me: Route.status == RouteState.ACTIVE
    )
    plan_id: Mapped[UUID | None] = ref(Plan, _("Plan"), create=False, edit=False, default=None)
    layout_id: Mapped[UUID | None] = reference(Layout, default=None)
    business_date: Mapped[Day | None] = recorded(_("Business date"), listed=True, filtered=True)
    window_from: Mapped[Moment] = field(_("Window from"), edit=False, listed=True, filtered=True)
    window_to: Mapped[Moment] = field(_("Window to"), edit=False, listed=True)
    post: Mapped[Line | None] = field(_("Post"), vocabulary="posts", edit=False, listed=True, default=None)
    assignee_id: Mapped[UUID | None] = field(
        _("Assigned to"),
        widget="person",
        may="inspections.task.read",
        holds=WALKABLE,
        edit=False,
        listed=True,
        filtered=True,
        default=None,
    )
    substitute: Mapped[bool] = recorded(_("By a substitute"), default=False)
    claimed_by: Mapped[UUID | None] = recorded(
        _("Walked by"), widget="person", may="inspections.task.read", holds=WALKABLE, listed=True, filtered=True
    )
    statutory: Mapped[bool] = recorded(_("Required by law"), default=False, filtered=True)
    review: Mapped[bool] = recorded(_("Needs a review"), default=True)
    item_count: Mapped[int] = recorded(_("Items"), default=0)
    point_count: Mapped[int] = recorded(_("Points"), default=0)
    answered: Mapped[int] = recorded(_("Items answered"), default=0)
    failed: Mapped[int] = recorded(_("Items failed"), default=0, listed=True)
    skipped: Mapped[int] = recorded(_("Points skipped"), default=0)
    score: Mapped[float | None] = recorded(_("Score"))

    started_at: Mapped[dt.datetime | None] = recorded(_("Started at"))
    finished_at: Mapped[dt.datetime | None] = recorded(_("Walked until"))
    submitted_at: Mapped[dt.datetime | None] = recorded(_("Submitted at"))
    submission_id: Mapped[UUID | None] = mapped_column(default=None)  # the device's own id of what it sent
    on_time: Mapped[bool | None] = recorded(_("On time"), filtered=True)
    late_sync: Mapped[bool] = recorded(_("Sent late"), default=False, filtered=True)
    skewed: Mapped[bool] = recorded(_("The device's clock was off"), default=False, filtered=True)
    too_fast: Mapped[bool] = recorded(_("Implausibly fast"), default=False, filtered=True)
    off_place: Mapped[bool] = recorded(_("Away from a point"), default=False, filtered=True)
    made_up: Mapped[bool] = recorded(_("Made up afterwards"), default=False, filtered=True)
    was_missed: Mapped[bool] = recorded(_("Was missed"), default=False, filtered=True)
    note: Mapped[Prose | None] = recorded(_("Note"))

    due_by: Mapped[dt.datetime | None] = recorded(_("Missed after"))
    missed_at: Mapped[dt.datetime | None] = recorded(_("Missed at"))
    make_up_by: Mapped[dt.datetime | None] = recorded(_("Make up until"))
    make_up_reason: Mapped[Prose | None] = recorded(_("Reason for making it up"))
    make_up_asked_by: Mapped[UUID | None] = mapped_column(default=None)
    exemption: Mapped[Exemption | None] = recorded(_("Exempt because of"))
    exempt_reason: Mapped[Prose | None] = recorded(_("Reason for the exemption"))
    exempt_by: Mapped[UUID | None] = recorded(_("Exempted by"), widget="person")
    reviewed_by: Mapped[UUID | None] = recorded(_("Reviewed by"), widget="person")
    reviewed_at: Mapped[dt.datetime | None] = recorded(_("Reviewed at"))
    review_by: Mapped[dt.datetime | None] = recorded(_("Review due"))
    review_late: Mapped[bool] = recorded(_("The review was late"), default=False)
    returned: Mapped[int] = recorded(_("Times returned"), default=0)
    timing: Mapped[ClockMemory | None] = clock_memory()


class ItemResult(
    Bulk,
    kind="inspections.result",
    label=_("Result"),
    indexes=[("site_id", "business_date"), ("business_date",), ("template_id", "item", "business_date")],
):
    """The answer to one item at one point of one task. It carries what reports count by, so that they join nothing.

    :ivar item: the item's own id in its template, the same through all revisions. :ivar value: the answer as text.
    :ivar severity: of a failed item, as the inspector chose it; None: as the company's settings say.
    :ivar number: of a number; None otherwise. :ivar photos: ids of files of the task.
    :ivar device_at: by the device's clock; :ivar server_at: when it came here.
    """

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column()
    business_date: Mapped[dt.date]
    template_id: Mapped[UUID]
    revision_id: Mapped[UUID]
    trade: Mapped[Trade]
    criticality: Mapped[Criticality]
    outcome: Mapped[Outcome]
    severity: Mapped[Severity | None] = mapped_column(default=None)
    value: Mapped[str | None] = mapped_column(default=None)
    number: Mapped[float | None] = mapped_column(default=None)
    weight: Mapped[int] = mapped_column(default=1)
    note: Mapped[str | None] = mapped_column(default=None)
    photos: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    device_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    server_at: Mapped[dt.datetime]
    by_id: Mapped[UUID | None] = mapped_column(default=None)


class PointScan(
    Bulk,
    kind="inspections.scan",
    label=_("Point reached"),
    indexes=[("site_id", "business_date"), ("point_id", "business_date"), ("state", "business_date")],
):
    """What became of one point of one task: checked, skipped with a reason, or missed with the whole task.

    :ivar hour: of the window's start at the site, 0 to 23. :ivar distance: metres from the point's place, if both are known.
    """

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column()
    business_date: Mapped[dt.date]
    hour: Mapped[int] = mapped_column(sa.SmallInteger)
    trade: Mapped[Trade]
    state: Mapped[PointState]
    method: Mapped[Method | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    distance: Mapped[int | None] = mapped_column(default=None)
    off_place: Mapped[bool] = mapped_column(default=False)
    device_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    server_at: Mapped[dt.datetime]
    by_id: Mapped[UUID | None] = mapped_column(default=None)


class LateSubmission(
    Child,
    kind="inspections.late",
    of=Task,
    label=_("Late submission"),
    unique=[("submission_id",)],
):
    """A walk that came when its task was no longer to be done: missed meanwhile, or submitted by another. Nothing is lost.

    :ivar body: the submission as it came, ``submission.Submission`` as JSON.
    """

    state: Mapped[LateState] = field(_("Decision"), create=False, default=LateState.WAITING)
    why: Mapped[Line] = field(_("Why it was kept apart"), create=False)
    in_window: Mapped[bool] = field(_("In the window by the device's clock"), create=False, default=False)
    submission_id: Mapped[UUID] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    decided_by: Mapped[UUID | None] = field(_("Decided by"), widget="person", create=False, default=None)
    decided_at: Mapped[dt.datetime | None] = field(_("Decided at"), create=False, default=None)


class Finding(
    Record,
    kind="inspections.finding",
    label=_("Finding"),
    number="ZG",
    indexes=[("site_id", "status"), ("responsible_id", "status"), ("task_id",), ("point_id",)],
    sorts=("rectify_by",),
):
    """Something that was found wrong, until somebody else than the rectifier has seen that it is right."""

    status: Mapped[FindingState] = recorded(_("Status"), default=FindingState.NEW, listed=True, filtered=True)
    severity: Mapped[Severity] = field(_("Severity"), listed=True, filtered=True, start=Severity.MAJOR)
    trade: Mapped[Trade] = field(_("Trade"), listed=True, filtered=True)
    description: Mapped[Prose] = field(_("What was found"), listed=True, searched=True)
    location: Mapped[Line | None] = field(_("Location"), searched=True, default=None)
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("In the register of places"), widget="location", default=None
    )
    item: Mapped[Line | None] = recorded(_("Item"))
    item_code: Mapped[str | None] = mapped_column(default=None)
    template_id: Mapped[UUID | None] = mapped_column(default=None)
    point_id: Mapped[UUID | None] = mapped_column(default=None)
    task_id: Mapped[UUID | None] = ref(Task, _("Found in task"), create=False, edit=False, default=None)
    responsible_id: Mapped[UUID | None] = field(
        _("Responsible"),
        widget="person",
        may="inspections.finding.read",
        holds=True,
        edit=False,
        listed=True,
        filtered=True,
        default=None,
    )
    stop_use: Mapped[bool] = recorded(_("Out of use"), default=False, filtered=True)
    rectification: Mapped[Prose | None] = recorded(_("What was done"))
    rectified_by: Mapped[UUID | None] = recorded(_("Rectified by"), widget="person")
    rectified_at: Mapped[dt.datetime | None] = recorded(_("Rectified at"))
    verified_by: Mapped[UUID | None] = recorded(_("Rechecked by"), widget="person")
    returned: Mapped[int] = recorded(_("Failed rechecks"), default=0, listed=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    extension_asked: Mapped[Day | None] = recorded(_("Extension asked to"))
    extended_to: Mapped[Day | None] = recorded(_("Extended to"))

    assign_by: Mapped[dt.datetime | None] = recorded(_("Assignment due"))
    assigned_at: Mapped[dt.datetime | None] = recorded(_("Assigned at"))
    assign_late: Mapped[bool] = recorded(_("Assignment was late"), default=False)
    rectify_by: Mapped[dt.datetime | None] = recorded(_("Rectification due"), listed=True)
    rectify_late: Mapped[bool] = recorded(_("Rectification was late"), default=False, filtered=True)
    recheck_by: Mapped[dt.datetime | None] = recorded(_("Recheck due"))
    recheck_late: Mapped[bool] = recorded(_("Recheck was late"), default=False)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Recheck(Child, kind="inspections.recheck", of=Finding, label=_("Recheck")):
    passed: Mapped[bool] = field(_("It is right now"))
    words: Mapped[Prose] = field(_("What was seen"))
