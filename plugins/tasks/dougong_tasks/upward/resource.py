"""How reports upwards are shown, who may do what with them, what people are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Event, Me, Resource, RoleDefault, Tab, Workflow, everybody, translator

from .choices import SENT, WRITING
from .flow import SCHEDULE, X, flow, readers
from .paper import PAPERS
from .records import ClientReport, Recipient, Remark, SiteReport
from .settings import UpwardSettings

_ = translator("dougong_tasks")
OF, COPY = SiteReport.kind, ClientReport.kind


def _to_write(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(SiteReport.author_id == me.id, SiteReport.status.in_(WRITING))


def _unread(me: Me) -> sa.ColumnElement[bool]:
    asked = sa.exists().where(
        Recipient.tenant_id == SiteReport.tenant_id, Recipient.parent_id == SiteReport.id, Recipient.person_id == me.id,
        Recipient.read_at.is_(None), Recipient.at >= SiteReport.submitted_at,
    )  # fmt: skip
    return sa.and_(SiteReport.status.in_(SENT), asked)


resource = Resource(
    SiteReport,
    _("Reports upward"),
    flow=flow,
    settings=UpwardSettings,
    icon="doc",
    title=SiteReport.title,
    create_label=_("Begin a report"),
    sections=(
        (
            _("Period"),
            ("title", "period", "starts", "author_id", "submitted_at", "returns", "returned_because", "client_at"),
        ),
        (_("In the author's words"), ("summary", "problems", "plan", "client_text")),
    ),
    timeline=(Remark, Recipient),
    tabs=(Tab("all", _("All")), Tab("write", _("To write"), _to_write), Tab("read", _("To read"), _unread)),
    columns=("number", "title", "author_id", "status", "submit_by"),
    badges=("period",),
    likely=dict.fromkeys(SENT, ()),  # what is left is to read it, and to say so there
    group=_("Reports upward"),
)

copy_flow = Workflow[ClientReport, Any, UpwardSettings](ClientReport, None, UpwardSettings)


@copy_flow.creating
def of_a_report(c: ClientReport, x: X) -> None:
    if c.report_id is None:
        raise Conflict(_("It is made of a submitted report, by “Send to the client”."))


copies = Resource(
    ClientReport,
    _("Reports to the client"),
    flow=copy_flow,
    settings=UpwardSettings,
    icon="doc",
    title=ClientReport.title,
    sections=((_("Report"), ("period", "starts", "ends", "text")),),
    columns=("number", "title", "period", "starts", "ends", "site_id"),
    relations={"raised": everybody},  # a copy is made for all who represent the client
    group=_("Reports upward"),
)

_READ = (f"{OF}.read", f"{OF}.comment", f"{OF}.acknowledge", f"{OF}.give_back", f"{COPY}.read")
_WRITE = (*_READ, f"{OF}.create", f"{OF}.edit", f"{OF}.attach", *(f"{OF}.{s}" for s in ("remark", "submit", "release")))
ROLES = (
    *(RoleDefault(post, _WRITE) for post in ("project_manager", "regional_director")),
    *(RoleDefault(post, _READ) for post in ("property_director", "general_manager")),
    RoleDefault("client", (f"{COPY}.read",)),
)


def _author(r: SiteReport, x: X) -> Iterable[UUID | None]:
    return [r.author_id]


_WHERE = _("{title}\n{site} · {status}")
EVENTS = (
    Event("tasks.drafted", _("A report is to be written"), _("Draft {number}: please write and submit"), OF, ("create",), _author,
          _WHERE),
    Event("tasks.submitted", _("A report was submitted"), _("Report {number} is there to be read"), OF, ("submit",), readers,
          _WHERE),
    Event("tasks.returned", _("A report was returned"), _("Report {number} was returned"), OF, ("give_back",), _author, _WHERE),
)  # fmt: skip
CONTRIBUTIONS = (*EVENTS, *PAPERS, SCHEDULE)
