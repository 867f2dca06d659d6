"""The way of a report: drafted by schedule, words by its author, submitted and frozen, read, returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    Form,
    Line,
    Occurrence,
    Prose,
    Rule,
    Schedule,
    Section,
    Term,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    speaking,
    translator,
)
from pydantic import Field

from .choices import SENT, WRITING, Period, ReportState
from .filling import days, filled, for_client
from .records import ClientReport, Recipient, Remark, SiteReport
from .settings import UpwardSettings

_ = translator("dougong_tasks")
X = Context[UpwardSettings]
flow = Workflow(SiteReport, SiteReport.status, UpwardSettings)
POSTS = {"project": "project_manager", "region": "regional_director"}


@flow.creating
def begun(r: SiteReport, x: X) -> None:
    r.starts, r.ends = days(r.period, r.starts)
    if r.starts > x.today(r.site_id):
        raise refuse("starts", _("must not lie in the future"))
    known = sa.select(SiteReport.id).where(
        SiteReport.tenant_id == x.tenant, SiteReport.site_id == r.site_id, SiteReport.period == r.period,
        SiteReport.starts == r.starts,
    )  # fmt: skip
    if x.session.scalar(known) is not None:
        raise refuse("starts", _("lies in a period that has its report already"))
    if r.author_id is None:
        r.author_id = x.actor or author_of(r.site_id, x)
    r.title = title(r, x)


def title(r: SiteReport, x: X) -> str:
    """In the company's language, as the sections are."""
    with speaking(x.settings_of("core").locale):
        return f"{x.snapshot.sites.node(r.site_id).name} {r.period.label} {r.starts} – {r.ends}"[:200]


def author_of(site: UUID, x: Context[UpwardSettings]) -> UUID | None:
    """Who writes a site's reports: its project manager, or a region's director."""
    post = POSTS.get(x.snapshot.sites.node(site).type)
    found = x.who(post, site) if post else []
    return found[0].id if found else None


@guard(_("Only the author does this, or their deputy while they are absent."))
def is_author(r: SiteReport, x: X) -> bool:
    if x.actor is None or r.author_id is None:
        return True
    return x.actor == r.author_id or x.actor in {one.id for one in x.snapshot.standing(r.author_id, x.now)}


def recipients(r: SiteReport, x: X) -> list[Recipient]:
    """Whom the last submission went to."""
    rows = x.children(r, Recipient)
    return [one for one in rows if r.submitted_at is not None and one.at >= r.submitted_at]


@guard(_("The report was not sent to you, or you have read it already."), quiet=True)
def is_waiting(r: SiteReport, x: X) -> bool:
    return any(one.person_id == x.actor and one.read_at is None for one in recipients(r, x))


@guard(_("Only those whom the report is for return it."))
def is_reader(r: SiteReport, x: X) -> bool:
    return x.actor is None or any(one.person_id == x.actor for one in recipients(r, x))


class Words(Form):
    """What is not given stays as it is. ``remarks``: by the section's key."""

    summary: Prose | None = asked(_("In short"), default=None)
    problems: Prose | None = asked(_("Problems and what is needed"), default=None)
    plan: Prose | None = asked(_("Next period"), default=None)
    client_text: Prose | None = asked(
        _("Words for the client"),
        default=None,
        help=_("Nothing else that you write goes to the client. No names, no costs."),
    )
    remarks: Annotated[dict[Line, Prose | None], Field(max_length=60)] | None = asked(
        _("Words on sections"), default=None
    )


@flow.on(_("Write"), WRITING, form=Words, guards=[is_author], icon="edit", page="/tasks/writing/{id}")
def remark(r: SiteReport, f: Words, x: X) -> None:
    """The author's words on the whole and on each section."""
    for name in ("summary", "problems", "plan", "client_text"):
        if name in f.model_fields_set:
            setattr(r, name, getattr(f, name))
    said, known = remarks(r, x), {f"{module}.{one.name}": one.label for module, one in x.contributed(Section)}
    for section, text in (f.remarks or {}).items():
        if section not in known and section not in said:
            raise refuse(f"remarks.{section}", _("is no section of this report"))
        if text != said.get(section):
            x.add(r, Remark(section=section, title=str(known.get(section, section))[:200], text=text))


def remarks(r: SiteReport, x: Context[Any]) -> dict[str, str]:
    """What the author says of the sections, by key."""
    last = {one.section: one.text for one in x.children(r, Remark)}
    return {section: text for section, text in last.items() if text}


@flow.on(_("Submit"), WRITING, ReportState.SUBMITTED, form=Form, guards=[is_author], icon="right")
def submit(r: SiteReport, f: Form, x: X) -> None:
    """Freeze the figures with the author's rights, and ask the line above for their receipts."""
    author = r.author_id or x.actor
    with speaking(x.settings_of("core").locale):
        r.frozen = filled(r, x, author)
    r.submitted_at, r.returned_because = x.now, None
    for person in above(r, author, x):
        x.add(r, Recipient(person_id=person))


def above(r: SiteReport, author: UUID | None, x: X) -> list[UUID]:
    """The next levels of the line above the author who may read reports there."""
    if author is None:
        return []
    may = [
        [p.id for p in people if x.snapshot.gate(p.id, x.now).may(f"{SiteReport.kind}.read", r.site_id)]
        for _role, people in x.line(author, r.site_id)
    ]
    levels = [level for level in may if level][: x.settings.report_levels]
    return list(dict.fromkeys(person for level in levels for person in level))


@flow.on(
    _("I have read it"), SENT, (ReportState.SUBMITTED, ReportState.READ), form=Form, guards=[is_waiting], icon="check"
)
def acknowledge(r: SiteReport, f: Form, x: X) -> ReportState:
    rows = recipients(r, x)
    for one in rows:
        if one.person_id == x.actor and one.read_at is None:
            one.read_at = x.now
    return ReportState.READ if all(one.read_at is not None for one in rows) else ReportState.SUBMITTED


class Reason(Form):
    reason: Prose = asked(_("Reason"))


@flow.on(_("Return"), SENT, ReportState.RETURNED, form=Reason, guards=[is_reader], icon="undo")
def give_back(r: SiteReport, f: Reason, x: X) -> None:
    r.returns, r.returned_because = r.returns + 1, f.reason


@guard(_("It has gone to the client already."), quiet=True)
def not_at_client(r: SiteReport, x: X) -> bool:
    return r.client_at is None


@flow.on(_("Send to the client"), SENT, form=Form, guards=[is_author, not_at_client], icon="right")
def release(r: SiteReport, f: Form, x: X) -> None:
    """The client gets a record of its own, with what is marked for them."""
    x.create(
        ClientReport, r.site_id, title=title(r, x), period=r.period, starts=r.starts, ends=r.ends, text=r.client_text,
        report_id=r.id, frozen=for_client(r.frozen or []),
    )  # fmt: skip
    r.client_at = x.now


def _opens(r: SiteReport, x: X) -> dt.datetime:
    """The time limit runs from the end of the period, or from now where that is past."""
    end = dt.datetime.combine((r.ends or r.starts) + dt.timedelta(days=1), dt.time(), x.snapshot.sites.zone(r.site_id))
    return max(end.astimezone(dt.UTC), x.now)


flow.clock(
    "submission", _("Submitting"), due=SiteReport.submit_by, met=SiteReport.submitted_at, late=SiteReport.submit_late,
    runs=WRITING, starts=_opens,
    term=lambda r, x: Term(days=x.settings.weekly_days if r.period is Period.WEEK else x.settings.monthly_days),
    owner=SiteReport.author_id, steps=(remind(0.5), overdue(), escalate(0.0, level=1), escalate(0.5, level=2)), step=submit,
    personal=True,
)  # fmt: skip


def draft(x: Context[UpwardSettings], _run: Occurrence | None = None) -> None:
    """Drafts of the weeks and months that ended within the last three days, once each, where somebody is there to write them."""
    settings = x.settings_of("tasks")
    wanted = [p for p, on in ((Period.WEEK, settings.weekly_reports), (Period.MONTH, settings.monthly_reports)) if on]
    for node in x.snapshot.sites.ordered():
        if node.type not in POSTS or not x.snapshot.module_on("tasks", node.id) or author_of(node.id, x) is None:
            continue
        for period in wanted:
            today = x.today(node.id)
            first, last = days(period, days(period, today)[0] - dt.timedelta(days=1))
            if (today - last).days <= 3 and not _there(node.id, period, first, x):
                x.create(SiteReport, node.id, period=period, starts=first)


def _there(site: UUID, period: Period, first: dt.date, x: Context[UpwardSettings]) -> bool:
    rule = (SiteReport.tenant_id == x.tenant, SiteReport.site_id == site, SiteReport.period == period)
    return x.session.scalar(sa.select(SiteReport.id).where(*rule, SiteReport.starts == first)) is not None


SCHEDULE = Schedule(
    "tasks.draft_reports", _("Drafts of weekly and monthly reports"), draft, Rule.daily("00:40"), spread=60, grace=720,
    help=_("At the end of a week or month, each project and region gets the draft of its report."),
)  # fmt: skip


def readers(r: SiteReport, x: X) -> Iterable[UUID | None]:
    return [one.person_id for one in recipients(r, x)]
