"""How shared costs and owners' sheets are shown, and what posts may do with them: finance divides costs, projects and finance
draw up sheets. A client sees none unless the company gives the role ``budgeting.disclosure.read``, and then published ones."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Event, Me, Permission, Resource, RoleDefault, Tab, translator

from . import allocating, disclosing
from .choices import PUBLIC, UNDERWAY, AllocationState, DisclosureState
from .records import Allocation, Disclosure, Share
from .settings import ReportingSettings

_ = translator("dougong_budgeting")
DRAFTS = f"{Disclosure.kind}.drafts"
GROUP = _("Costs shared, owners told")


def unpublished(me: Me) -> sa.ColumnElement[bool]:
    return Disclosure.status.not_in(PUBLIC)


allocation: Resource[Allocation] = Resource(
    Allocation,
    _("Shared costs"),
    group=GROUP,
    flow=allocating.flow,
    settings=ReportingSettings,
    icon="budget",
    title=Allocation.title,
    create_label=_("Prepare a shared cost"),
    sections=(
        (_("What is shared"), ("title", "account", "amount", "divided_by", "sites")),
        (_("Document"), ("document", "posted_on", "source_id", "reason", "divided_at")),
    ),
    timeline=(Share,),
    tabs=(
        Tab("open", _("Prepared"), lambda me: Allocation.status == AllocationState.DRAFT),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "account", "amount", "divided_by", "posted_on", "status", "site_id"),
    likely={AllocationState.DRAFT: ("distribute", "set_share", "drop"), AllocationState.DIVIDED: ()},
)

disclosure: Resource[Disclosure] = Resource(
    Disclosure,
    _("Owners' sheets"),
    group=GROUP,
    flow=disclosing.flow,
    settings=ReportingSettings,
    icon="doc",
    title=Disclosure.title,
    create_label=_("Draw up an owners' sheet"),
    sections=(
        (_("What it covers"), ("title", "year", "first", "until", "fee_mode", "version", "correction")),
        (_("In words"), ("services", "repairs", "words")),
        (_("Publishing"), ("published_at", "place", "publish_by", "publish_late")),
    ),
    restricted=((unpublished, DRAFTS),),
    tabs=(
        Tab("all", _("All"), counted=False),
        Tab("open", _("On their way"), lambda me: Disclosure.status.in_(UNDERWAY)),
        Tab("published", _("Published"), lambda me: Disclosure.status == DisclosureState.PUBLISHED, counted=False),
    ),
    columns=("number", "title", "year", "fee_mode", "version", "publish_by", "published_at", "status", "site_id"),
    badges=("fee_mode",),
    steps=(DisclosureState.DRAFT, DisclosureState.REVIEW, DisclosureState.APPROVED, DisclosureState.PUBLISHED),
    likely={
        DisclosureState.DRAFT: ("approve_submit",),
        DisclosureState.APPROVED: ("publish",),
        DisclosureState.PUBLISHED: (),
    },
)

RESOURCES = (allocation, disclosure)
PERMISSIONS = (Permission(DRAFTS, _("See owners' sheets that are not published"), "budgeting"),)


def _steps(flow: object) -> tuple[str, ...]:
    found = {t.permission: None for t in flow.transitions.values() if not t.automatic}  # type: ignore[attr-defined]
    return tuple(found)


READ = (allocation.permission("read"), disclosure.permission("read"), DRAFTS)
TELLS = (
    *READ,
    *(disclosure.permission(one) for one in ("create", "edit", "comment", "attach")),
    *_steps(disclosing.flow),
)
ROLES = (
    RoleDefault(
        "finance",
        (
            *TELLS, *_steps(allocating.flow),
            *(allocation.permission(one) for one in ("create", "edit", "comment", "attach")),
        ),
    ),
    RoleDefault("project_manager", TELLS),  # of shared costs they see what their own sites bear
    *(
        RoleDefault(slug, (*READ, disclosing.approve.permission))
        for slug in ("regional_director", "property_director", "general_manager")
    ),
)  # fmt: skip


def concerned(record: Disclosure, x: Context[ReportingSettings]) -> Iterable[UUID | None]:
    """Who answers for the site and its money."""
    return [one.id for post in ("project_manager", "finance") for one in x.who(post, record.site_id)]


EVENTS = (
    Event(
        "budgeting.published", _("An owners' sheet is published"), _("{site}: the owners' sheet is published ({number})"),
        kind=Disclosure.kind, actions=("publish",), to=concerned, text=_("{title}"),
    ),
)  # fmt: skip

__all__ = ["DRAFTS", "EVENTS", "PERMISSIONS", "RESOURCES", "ROLES", "allocation", "disclosure"]
