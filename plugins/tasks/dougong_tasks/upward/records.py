"""The report upwards with its frozen sections, what its author says of each, who read it; and the client's copy of it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Child,
    ClockMemory,
    Day,
    Line,
    Prose,
    Record,
    clock_memory,
    field,
    recorded,
    translator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Period, ReportState

_ = translator("dougong_tasks")


class SiteReport(
    Record,
    kind="tasks.report",
    label=_("Report upward"),
    number="BG",
    scope="site",
    unique=[("site_id", "period", "starts")],
    indexes=[("author_id", "status")],
):
    """``frozen``: the sections as they were when it was submitted, see ``filling``; None: it is being written. Its words are
    written by their own step, so that they stand still with the figures and nobody but the author touches them."""

    title: Mapped[Line] = recorded(_("Title"), default="", listed=True, searched=True)
    status: Mapped[ReportState] = recorded(_("Status"), default=ReportState.DRAFT, listed=True, filtered=True)
    period: Mapped[Period] = field(_("Period"), edit=False, listed=True, filtered=True, start=Period.WEEK)
    starts: Mapped[Day] = field(_("From"), edit=False, listed=True, help=_("Any day of the week or month will do."))
    ends: Mapped[dt.date | None] = mapped_column(sa.Date, default=None)
    author_id: Mapped[UUID | None] = recorded(
        _("Author"), widget="person", listed=True, filtered=True, holds=(ReportState.DRAFT, ReportState.RETURNED)
    )
    summary: Mapped[Prose | None] = recorded(_("In short"))
    problems: Mapped[Prose | None] = recorded(_("Problems and what is needed"))
    plan: Mapped[Prose | None] = recorded(_("Next period"))
    client_text: Mapped[Prose | None] = recorded(_("Words for the client"))
    submit_by: Mapped[dt.datetime | None] = recorded(_("To be submitted by"), listed=True)
    submitted_at: Mapped[dt.datetime | None] = recorded(_("Submitted at"), filtered=True)
    submit_late: Mapped[bool] = recorded(_("Submitted late"), default=False, filtered=True)
    returns: Mapped[int] = recorded(_("Times returned"), default=0)
    returned_because: Mapped[Prose | None] = recorded(_("Returned because"))
    client_at: Mapped[dt.datetime | None] = recorded(_("Sent to the client at"))
    frozen: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Remark(Child, kind="tasks.remark", of=SiteReport, label=_("Words on a section")):
    """What the author says of a section; the last one holds, one without words takes it back."""

    section: Mapped[str] = mapped_column(sa.Text)  # its key
    title: Mapped[Line] = field(_("Section"))
    text: Mapped[Prose | None] = field(_("Words"), default=None)


class Recipient(Child, kind="tasks.recipient", of=SiteReport, label=_("Recipient"), indexes=[("person_id",)]):
    """Somebody whom a submitted report is for. ``read_at``: their receipt; a report that was returned asks anew."""

    person_id: Mapped[UUID] = field(_("Recipient"), widget="person")
    read_at: Mapped[dt.datetime | None] = recorded(_("Read at"))


class ClientReport(
    Record,
    kind="tasks.client_report",
    label=_("Report to the client"),
    number="KB",
    scope="site",
    indexes=[("report_id",)],
):
    """A record of its own, so that nothing of the report upwards can reach a client: it holds what was marked for them."""

    title: Mapped[Line] = recorded(_("Title"), default="", listed=True)
    period: Mapped[Period | None] = recorded(_("Period"), listed=True, filtered=True)
    starts: Mapped[Day | None] = recorded(_("From"), listed=True)
    ends: Mapped[Day | None] = recorded(_("To"), listed=True)
    text: Mapped[Prose | None] = recorded(_("Words"))
    report_id: Mapped[UUID | None] = mapped_column(default=None)
    frozen: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True), default=None)
