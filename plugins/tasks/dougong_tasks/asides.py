"""What tasks and reports say on other pages: the start page, a report's own page, the head of the list of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, stamp, translator
from dougong.views import Action, AsideCard, Card, Line, MenuItem, Value

from .assigned import minutes
from .assigned.choices import UNFINISHED, State
from .assigned.records import Task
from .upward.choices import WRITING, ReportState
from .upward.flow import recipients
from .upward.records import ClientReport, Recipient, SiteReport

_ = translator("dougong_tasks")
_MOST = 8
TASKS = _("Tasks")


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    if page == "home" and x.actor is not None:
        return [*_tasks(x), *_reports(x)]
    if page == "shell" and x.gate.scope(minutes.CREATE):
        return [MenuItem(str(minutes.TITLE), minutes.HERE, "plus", group=str(TASKS))]
    if page == f"list:{Task.kind}" and minutes.sites(x):
        return [Action(str(minutes.TITLE), minutes.HERE, "plus")]
    if page == f"detail:{SiteReport.kind}" and isinstance(subject, SiteReport):
        return [Action(str(_("Read the report")), f"/tasks/sheet/{subject.id}", "doc", main=True), *_card(subject, x)]
    if page == f"detail:{ClientReport.kind}" and isinstance(subject, ClientReport):
        return [Action(str(_("Read the report")), f"/tasks/copy/{subject.id}", "doc", main=True)]
    return ()


def _card(r: SiteReport, x: Context[Any]) -> list[AsideCard]:
    lines = [
        Line(
            str(_("Read the report")),
            str(_("All sections, with figures that can be opened")),
            f"/tasks/sheet/{r.id}",
            "doc",
        )
    ]
    zone = x.snapshot.sites.zone(r.site_id)
    for one in recipients(r, x):
        who = x.snapshot.people.get(one.person_id)
        read = str(_("read {at}").format(at=stamp(one.read_at, zone))) if one.read_at else str(_("not read yet"))
        lines.append(Line(who.name if who else "–", read, icon="people"))
    return [AsideCard(str(_("Report")), lines=lines)]


def _tasks(x: Context[Any]) -> list[Card]:
    mine = (Task.owner_id == x.actor) & Task.status.in_(UNFINISHED) | (Task.assigner_id == x.actor) & (
        Task.status == State.REPORTED
    )
    if not x.gate.scope(f"{Task.kind}.read"):
        return []
    found = x.session.scalars(x.readable(Task).where(mine).order_by(Task.deadline, Task.number).limit(_MOST))
    lines = [
        Line(t.title, f"{t.number} · {_('until {day}').format(day=t.deadline)}", f"/tasks/task/{t.id}", "todo",
             Value("state", str(t.status.label), tone=t.status.extra[0]))
        for t in found
    ]  # fmt: skip
    return [Card(str(_("My tasks")), lines, more=Action(str(_("All")), "/tasks/task"))] if lines else []


def _reports(x: Context[Any]) -> list[Card]:
    if not x.gate.scope(f"{SiteReport.kind}.read"):
        return []
    unread = SiteReport.id.in_(
        x.readable(SiteReport).join(Recipient, Recipient.parent_id == SiteReport.id).where(
            Recipient.tenant_id == x.tenant, Recipient.person_id == x.actor, Recipient.read_at.is_(None),
            Recipient.at >= SiteReport.submitted_at, SiteReport.status == ReportState.SUBMITTED,
        ).with_only_columns(SiteReport.id)
    )  # fmt: skip
    mine = (SiteReport.author_id == x.actor) & SiteReport.status.in_(WRITING)
    found = x.session.scalars(
        x.readable(SiteReport).where(mine | unread).order_by(SiteReport.created_at.desc()).limit(_MOST)
    )
    lines = [
        Line(f"{x.snapshot.sites.node(r.site_id).name} {r.period.label}", f"{r.starts} – {r.ends}", f"/tasks/sheet/{r.id}",
             "doc", Value("state", str(r.status.label), tone=r.status.extra[0]))
        for r in found
    ]  # fmt: skip
    return [Card(str(_("Reports upward")), lines)] if lines else []
