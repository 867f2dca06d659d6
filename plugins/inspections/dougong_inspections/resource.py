"""How templates, routes, plans, tasks and findings are shown: tabs, sections, columns, their way."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, everybody, translator

from .choices import DONE, WALKABLE, FindingState, LateState, PlanState, RouteState, Severity, TaskState, TemplateState
from .flow import findings, plans, routes, tasks, templates
from .records import Finding, LateSubmission, Plan, Point, Recheck, Revision, Route, Task, Template
from .relations import MINE, my_finding, my_plan, my_route, my_task, my_walks
from .settings import Settings

_ = translator("dougong_inspections")

GROUP = _("Inspections")


template = Resource(
    Template,
    _("Inspection templates"),
    group=GROUP,
    flow=templates.flow,
    settings=Settings,
    icon="doc",
    title=Template.name,
    create_label=_("New template"),
    sections=((_("Template"), ("name", "trade", "scored", "purpose", "revision", "published_at")),),
    timeline=(Revision,),
    relations={MINE: everybody},
    tabs=(
        Tab("current", _("Current"), lambda me: Template.status != TemplateState.RETIRED),
        Tab("draft", _("Drafts"), lambda me: Template.status == TemplateState.DRAFT),
        Tab("all", _("All")),
    ),
    columns=("number", "name", "trade", "status", "revision", "published_at"),
    badges=("trade",),
    steps=(TemplateState.DRAFT, TemplateState.ACTIVE, TemplateState.RETIRED),
    likely={TemplateState.DRAFT: ("items_of", "publish"), TemplateState.ACTIVE: ("items_of", "publish")},
)

route = Resource(
    Route,
    _("Inspection routes"),
    group=GROUP,
    flow=routes.flow,
    settings=Settings,
    icon="site",
    title=Route.name,
    create_label=_("New route"),
    sections=((_("Route"), ("name", "trade", "points", "minutes", "note")),),
    relations={MINE: my_route},
    tabs=(Tab("active", _("In use"), lambda me: Route.status == RouteState.ACTIVE), Tab("all", _("All"))),
    columns=("number", "name", "trade", "status", "site_id", "points"),
    badges=("trade",),
    likely={RouteState.ACTIVE: ("add_point", "change_point", "move_point")},
)

plan = Resource(
    Plan,
    _("Inspection plans"),
    group=GROUP,
    flow=plans.flow,
    settings=Settings,
    icon="cal",
    title=Plan.name,
    create_label=_("New plan"),
    sections=(
        (_("What"), ("name", "trade", "route_id")),
        (
            _("When"),
            ("rule_words", "repeat", "times", "weekdays", "month_day", "every", "window_minutes", "grace_minutes", "calendar"),
        ),
        (_("Who"), ("post", "person_id", "review")),
        (_("Required by law"), ("statutory", "basis")),
    ),
    relations={MINE: my_plan},
    tabs=(
        Tab("current", _("Current"), lambda me: Plan.status != PlanState.ENDED),
        Tab("draft", _("Drafts"), lambda me: Plan.status == PlanState.DRAFT),
        Tab("all", _("All")),
    ),
    columns=("number", "name", "trade", "rule_words", "post", "status", "site_id"),
    badges=("trade",),
    likely={PlanState.DRAFT: ("activate",), PlanState.ACTIVE: ("pause", "end"), PlanState.PAUSED: ("activate", "end")},
)


def evidence(me: Me) -> sa.ColumnElement[bool]:
    """What a client's representative sees: walks that were done."""
    return Task.status.in_(DONE)


def is_due(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Task.status.in_(WALKABLE), Task.window_from <= me.now)


def is_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(my_walks(me), Task.status.in_(WALKABLE))


def waits(me: Me) -> sa.ColumnElement[bool]:
    """Submitted, or with a late submission that nobody has decided on."""
    late = sa.exists().where(
        LateSubmission.tenant_id == Task.tenant_id,
        LateSubmission.parent_id == Task.id,
        LateSubmission.state == LateState.WAITING,
    )
    return sa.or_(Task.status == TaskState.SUBMITTED, late)


def flagged(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(
        Task.status.in_(DONE), sa.or_(Task.late_sync, Task.skewed, Task.too_fast, Task.off_place, Task.skipped > 0)
    )


task = Resource(
    Task,
    _("Inspection tasks"),
    group=GROUP,
    flow=tasks.flow,
    settings=Settings,
    icon="inspect",
    title=Task.name,
    create_label=_("New task"),
    sections=(
        (_("Task"), ("name", "route_id", "plan_id", "trade", "business_date", "window_from", "window_to")),
        (_("Who"), ("post", "assignee_id", "substitute", "claimed_by")),
        (
            _("Result"),
            (
                "point_count",
                "item_count",
                "answered",
                "failed",
                "skipped",
                "score",
                "started_at",
                "finished_at",
                "submitted_at",
                "on_time",
                "note",
            ),
        ),
        (_("Flags"), ("statutory", "made_up", "was_missed", "late_sync", "skewed", "too_fast", "off_place")),
        (_("Review"), ("review", "reviewed_by", "reviewed_at", "returned")),
        (
            _("Missed or exempt"),
            ("missed_at", "make_up_reason", "exemption", "exempt_reason", "exempt_by"),
        ),
    ),
    timeline=(LateSubmission,),
    relations={MINE: my_task, "raised": evidence},
    tabs=(
        Tab("due", _("Due now"), is_due, sort="due_by"),
        Tab("mine", _("Mine"), is_mine, sort="window_from"),
        Tab("review", _("To be decided"), waits),
        Tab("missed", _("Missed"), lambda me: Task.status.in_((TaskState.MISSED, TaskState.ASKED))),
        Tab("flagged", _("Flagged"), flagged, counted=False),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "name", "status", "site_id", "window_from", "window_to", "assignee_id", "failed"),
    badges=("trade",),
    steps=(TaskState.PENDING, TaskState.WORKING, TaskState.SUBMITTED, TaskState.REVIEWED),
    likely={
        TaskState.PENDING: ("start", "hand_over", "exempt"),
        TaskState.WORKING: ("submit", "hand_over"),
        TaskState.SUBMITTED: ("review", "send_back"),
        TaskState.RETURNED: ("start",),
        TaskState.MISSED: ("accept_late", "make_up_submit"),
        TaskState.MAKE_UP: ("start",),
    },
    calendar="window_from",
    order="-window_from",
    form_title=_("Inspection record"),
    signatures=(_("Walked by"), _("Reviewed by")),
)


def is_open(me: Me) -> sa.ColumnElement[bool]:
    return Finding.status.in_(findings.OPEN)


def is_overdue(me: Me) -> sa.ColumnElement[bool]:
    return finding.clock_is("overdue", me)


finding = Resource(
    Finding,
    _("Findings"),
    group=GROUP,
    flow=findings.flow,
    settings=Settings,
    icon="warn",
    title=Finding.description,
    create_label=_("Report a finding"),
    sections=(
        (
            _("What was found"),
            ("description", "severity", "trade", "location_id", "location", "item", "task_id", "stop_use"),
        ),
        (_("Who rectifies it"), ("responsible_id", "assigned_at", "extended_to")),
        (_("What was done"), ("rectification", "rectified_by", "rectified_at", "verified_by", "returned", "closed_at")),
        (_("Was late"), ("assign_late", "rectify_late", "recheck_late")),
    ),
    timeline=(Recheck,),
    relations={MINE: my_finding},
    tabs=(
        Tab("open", _("Open"), is_open),
        Tab("mine", _("Mine"), lambda me: sa.and_(my_finding(me), is_open(me))),
        Tab("severe", _("Severe"), lambda me: sa.and_(Finding.severity == Severity.CRITICAL, is_open(me))),
        Tab("overdue", _("Overdue"), is_overdue),
        Tab("all", _("All")),
    ),
    columns=("number", "description", "severity", "status", "site_id", "responsible_id", "rectify_by"),
    badges=("severity", "trade"),
    steps=(FindingState.NEW, FindingState.FIXING, FindingState.RECHECK, FindingState.CLOSED),
    likely={
        FindingState.NEW: ("assign",),
        FindingState.FIXING: ("rectify", "extension_submit", "assign"),
        FindingState.RECHECK: ("recheck",),
    },
    calendar="rectify_by",
    retention=Retention(
        "closed_at",
        years=3,
        basis=_("Company default: inspections and findings are kept for three years after they were closed."),
        states=frozenset({FindingState.CLOSED}),
    ),
    form_title=_("Rectification notice"),
    signatures=(_("Found by"), _("Rectified by"), _("Rechecked by")),
)

RESOURCES = (task, finding, plan, route, template)

__all__ = ["RESOURCES", "Point", "finding", "plan", "route", "task", "template"]
