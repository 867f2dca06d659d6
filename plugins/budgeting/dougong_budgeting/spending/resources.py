"""How actuals, commitments and months are shown, and what posts may do with them: finance everywhere, a manager at the own
site, clients nothing at all."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, Resource, RoleDefault, Tab, translator

from . import adjusting, closing, committing, posting, ratifying
from .balances import ALERT, SHARES, X
from .choices import ActualState, AdjustmentState, CommitmentState, MonthState
from .records import Actual, Adjustment, Commitment, Month, VarianceNote
from .settings import SpendingSettings

_ = translator("dougong_budgeting")
GROUP = _("Spending")

actual = Resource(
    Actual,
    _("Actuals"),
    group=GROUP,
    flow=posting.flow,
    settings=SpendingSettings,
    icon="budget",
    title=Actual.text,
    create_label=_("Post an actual"),
    sections=(
        (_("Document"), ("document", "posted_on", "supplier", "text")),
        (_("Amount"), ("account", "amount", "year", "month", "reversal_of_id")),
        (_("Of a commitment"), ("commitment_id", "more", "drawn")),
        (_("Over the limit"), ("emergency", "reason", "ratify_by", "ratified_at", "ratify_late", "reverse_by")),
    ),
    tabs=(
        Tab("all", _("All"), counted=False),
        Tab("ratify", _("To be ratified"), lambda me: Actual.status.in_((ActualState.RATIFYING, ActualState.REFUSED))),
    ),
    columns=("number", "text", "account", "amount", "posted_on", "document", "status", "site_id"),
    likely={
        ActualState.RATIFYING: ("ratify_agree", "ratify_return"),
        ActualState.REFUSED: ("reverse", "ratify_submit"),
    },
)

commitment = Resource(
    Commitment,
    _("Commitments"),
    group=GROUP,
    flow=committing.flow,
    settings=SpendingSettings,
    icon="doc",
    title=Commitment.title,
    create_label=_("Commit an amount"),
    sections=(
        (_("What is promised"), ("title", "source", "account", "amount", "due_on", "left", "year", "month")),
        (_("To whom"), ("supplier", "contract", "until_on", "reason")),
    ),
    tabs=(
        Tab("open", _("Committed"), lambda me: Commitment.status == CommitmentState.OPEN),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "account", "amount", "left", "due_on", "supplier", "status", "site_id"),
    likely={CommitmentState.OPEN: ("settle", "release")},
)

adjustment = Resource(
    Adjustment,
    _("Adjustments"),
    group=GROUP,
    flow=adjusting.flow,
    settings=SpendingSettings,
    icon="budget",
    title=Adjustment.reason,
    create_label=_("Ask for an adjustment"),
    sections=(
        (_("What is asked for"), ("nature", "year", "amount", "reason", "granted_at")),
        (_("Who gets it"), ("account", "month", "until_month", "expires_at")),
        (_("Where a transfer takes it"), ("from_account", "from_month")),
    ),
    tabs=(
        Tab("open", _("Under way"), lambda me: Adjustment.status.in_((AdjustmentState.DRAFT, *adjusting.UNDERWAY))),
        Tab("granted", _("Granted"), lambda me: Adjustment.status == AdjustmentState.GRANTED),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "reason", "nature", "account", "amount", "year", "status", "site_id"),
    steps=(
        AdjustmentState.DRAFT, AdjustmentState.PROJECT, AdjustmentState.FINANCE, AdjustmentState.REGION,
        AdjustmentState.COMPANY, AdjustmentState.GRANTED,
    ),
    likely={AdjustmentState.DRAFT: ("approve_submit", "drop")},
)  # fmt: skip

month: Resource[Month] = Resource(
    Month,
    _("Budget months"),
    group=GROUP,
    flow=closing.flow,
    settings=SpendingSettings,
    icon="cal",
    title=Month.title,
    create_label=_("Begin a month"),
    sections=((_("Month"), ("title", "year", "month", "close_by", "closed_at", "closed_late", "reopened")),),
    timeline=(VarianceNote,),
    tabs=(
        Tab("open", _("Open"), lambda me: Month.status == MonthState.OPEN),
        Tab("overdue", _("Overdue"), lambda me: month.clock_is("overdue", me)),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "status", "close_by", "closed_at", "site_id"),
    likely={MonthState.OPEN: ("close", "note_variance")},
)

RESOURCES = (actual, commitment, adjustment, month)


def _all(*actions: str) -> tuple[str, ...]:
    return tuple(f"{kind.kind}.{action}" for kind in (Actual, Commitment, Adjustment, Month) for action in actions)


READ = _all("read")
WORK = (
    *READ, *_all("comment", "attach"), f"{Actual.kind}.create", f"{Commitment.kind}.create",
    f"{Adjustment.kind}.create", f"{Adjustment.kind}.edit", f"{Adjustment.kind}.approve_submit", adjusting.drop.permission,
    committing.settle.permission, committing.release.permission, closing.note_variance.permission,
    f"{Actual.kind}.ratify_submit",
)  # fmt: skip
SIGN = (ratifying.ratify.permission, adjusting.approve.permission)
ROLES = (
    RoleDefault(
        "finance",
        (
            *WORK,
            f"{Month.kind}.create",
            posting.reverse.permission,
            closing.close.permission,
            closing.reopen.permission,
            committing.end_contract.permission,
            adjusting.approve.permission,
        ),
    ),
    RoleDefault("project_manager", (*WORK, adjusting.approve.permission)),
    RoleDefault("regional_director", (*READ, *_all("comment"), *SIGN)),
    *(RoleDefault(slug, (*READ, *SIGN)) for slug in ("property_director", "general_manager")),
)


def concerned(record: Month, x: X) -> Iterable[UUID | None]:
    """Who answers for the site's money."""
    return [one.id for post in ("project_manager", "finance") for one in x.who(post, record.site_id)]


EVENTS = (*ratifying.EVENTS, *(
    Event(
        f"{ALERT}{share}",
        _("An account has reached {share} % of its budget").format(share=share),
        _("{site}: an account has reached {share} % of its budget ({number})").format(
            share=share, site="{site}", number="{title}"
        ),
        to=concerned,
        text=_("{title}"),
        urgent=share == 100,
    )
    for share in SHARES
))  # fmt: skip
