"""A report as one sheet (page and workbook), of the site and of the client's copy; what stands on the start page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from dougong import Asked, Context, PageRoute, page, stamp, translator, write
from dougong.views import Action, AsideCard, Card, Crumb, Line, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from .assigned.choices import UNFINISHED, State
from .assigned.records import Task
from .upward.choices import WRITING, ReportState
from .upward.filling import changed, filled
from .upward.flow import recipients
from .upward.records import ClientReport, Recipient, Remark, SiteReport

_ = translator("dougong_tasks")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST = 8


@dataclass
class Sheet:
    """One report as people read it. ``changed``: figures whose records are not what they were."""

    title: str
    subtitle: str
    crumbs: list[Crumb]
    actions: list[Action]
    notes: list[str]
    words: list[tuple[str, str]]
    sections: list[dict[str, Any]]
    remarks: dict[str, str] = field(default_factory=dict)
    changed: set[tuple[str, str]] = field(default_factory=set)
    changed_words: str = ""
    empty: str = ""


def _of_site(x: Context[Any], r: SiteReport) -> Sheet:
    """Before it is submitted, as the reader's own rights fill it; then as it was frozen."""
    if r.status in WRITING or r.frozen is None:
        sections, differing = filled(r, x, x.actor), set[tuple[str, str]]()
        notes = [str(_("A draft: the figures are those of now, as far as you may see them. Submitting freezes them."))]
    else:
        sections, notes = r.frozen, []
        differing = changed(sections, filled(r, x, r.author_id)) if r.author_id else set()
        if differing:
            notes.append(
                str(_("Records have changed since it was submitted; the figures marked ≠ are as they were then."))
            )
    on = x.snapshot.modules
    gone = [one for one in sections if one["key"].partition(".")[0] not in on]
    sections = [_unlinked(one) if one in gone else one for one in sections]
    site = x.snapshot.sites.node(r.site_id)
    who = x.snapshot.people.get(r.author_id) if r.author_id else None
    said = [str(r.status.label), who.name if who else "", _receipts(r, x)]
    if r.submitted_at is not None:
        at = stamp(r.submitted_at, x.snapshot.sites.zone(r.site_id))
        said.insert(1, str(_("submitted {at}").format(at=at)))
    return Sheet(
        f"{site.name} {r.period.label} {r.starts} – {r.ends}",
        " · ".join(one for one in said if one),
        [Crumb(str(_("Reports upward")), "/tasks/report"), Crumb(r.number, f"/tasks/report/{r.id}"), Crumb(str(_("Sheet")))],
        [Action(str(_("Workbook (xlsx)")), f"/tasks/sheet/{r.id}/workbook", "export")],
        notes,
        [
            (str(label), text)
            for label, text in (
                (_("In short"), r.summary),
                (_("Problems and what is needed"), r.problems),
                (_("Next period"), r.plan),
            )
            if text
        ],
        sections,
        {one.section: one.text for one in x.children(r, Remark)},
        differing,
        str(_("the records have changed since")),
        str(_("No enabled module has anything to say of this period.")),
    )  # fmt: skip


def _unlinked(section: dict[str, Any]) -> dict[str, Any]:
    return {**section, "figures": [{**one, "href": ""} for one in section["figures"]]}


def _receipts(r: SiteReport, x: Context[Any]) -> str:
    rows = recipients(r, x)
    read = sum(one.read_at is not None for one in rows)
    return str(_("read by {n} of {all}").format(n=read, all=len(rows))) if rows else ""


def _of_client(x: Context[Any], c: ClientReport) -> Sheet:
    return Sheet(
        c.title,
        "",
        [Crumb(str(_("Reports to the client")), "/tasks/client_report"), Crumb(c.number)],
        [Action(str(_("Workbook (xlsx)")), f"/tasks/copy/{c.id}/workbook", "export")],
        [],
        [("", c.text)] if c.text else [],
        c.frozen or [],
        empty=str(_("No section is meant for the client.")),
    )


def _load(asked: Asked, session: Session, client: bool) -> Sheet:
    x = asked.context(session, "tasks")
    if client:
        return _of_client(x, x.get(ClientReport, asked.uuid()))
    return _of_site(x, x.get(SiteReport, asked.uuid()))


async def sheet(asked: Asked) -> Response:
    asked.params()
    return page(asked, "tasks/sheet.html", await write(asked, lambda s: _load(asked, s, client=False)))


async def copy(asked: Asked) -> Response:
    asked.params()
    return page(asked, "tasks/sheet.html", await write(asked, lambda s: _load(asked, s, client=True)))


async def workbook(asked: Asked) -> Response:
    return await _book(asked, client=False)


async def copy_workbook(asked: Asked) -> Response:
    return await _book(asked, client=True)


async def _book(asked: Asked, client: bool) -> Response:
    asked.params()
    found = await write(asked, lambda s: _load(asked, s, client))
    headings = [str(one) for one in (_("Section"), _("Figure"), _("Value"), _("Unit"), _("Note"))]
    body = await asked.app.in_thread(as_xlsx, found, headings)
    headers = {"content-disposition": 'attachment; filename="report.xlsx"', "cache-control": "no-store"}
    return Response(body, 200, headers, XLSX)


def as_xlsx(found: Sheet, headings: list[str]) -> bytes:
    """The sheet as a workbook: numbers as numbers, no cell ever a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    strong, made = book.add_format({"bold": True}), book.add_worksheet()
    rows: list[tuple[list[Any], bool]] = [([found.title], True), ([found.subtitle], False)]
    rows += [([label, text], False) for label, text in found.words]
    rows.append((headings, True))
    for one in found.sections:
        rows.append(([one["label"], one["sentence"], "", "", found.remarks.get(one["key"], "")], True))
        for f in one["figures"]:
            note = found.changed_words if (one["key"], f["label"]) in found.changed else ""
            rows.append((["", f["label"], _number(f["value"]), f["unit"], note], False))
        rows += [(["", *cells], False) for cells in ([one["headings"], *one["rows"]] if one["rows"] else [])]
    for at, (cells, bold) in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                made.write_string(at, column, cell, strong if bold else None)
            else:
                made.write_number(at, column, cell)
    made.set_column(0, 0, 20)
    made.set_column(1, 1, 36)
    made.set_column(2, 4, 14)
    book.close()
    return out.getvalue()


def _number(value: Any) -> Any:
    try:
        return value if isinstance(value, int) else float(value) if value not in ("nan", "inf", "-inf") else value
    except ValueError:
        return value


# ---- beside other pages ----


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    if page == "home" and x.actor is not None:
        return [*_tasks(x), *_reports(x)]
    if page == f"detail:{SiteReport.kind}" and isinstance(subject, SiteReport):
        return [Action(str(_("Read the report")), f"/tasks/sheet/{subject.id}", "doc"), *_card(subject, x)]
    if page == f"detail:{ClientReport.kind}" and isinstance(subject, ClientReport):
        return [Action(str(_("Read the report")), f"/tasks/copy/{subject.id}", "doc")]
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
        Line(f"{x.snapshot.sites.node(r.site_id).name} {r.period.label}", f"{r.starts} – {r.ends}", f"/tasks/report/{r.id}",
             "doc", Value("state", str(r.status.label), tone=r.status.extra[0]))
        for r in found
    ]  # fmt: skip
    return [Card(str(_("Reports upward")), lines)] if lines else []


ROUTES = (
    PageRoute("sheet/{id}", sheet),
    PageRoute("sheet/{id}/workbook", workbook, costly=True),
    PageRoute("copy/{id}", copy),
    PageRoute("copy/{id}/workbook", copy_workbook, costly=True),
)
