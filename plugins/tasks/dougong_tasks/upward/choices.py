"""States and periods of reports upwards."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_tasks")


class ReportState(Choice):
    DRAFT = "draft", _("Draft"), "new"
    SUBMITTED = "submitted", _("Submitted"), "visit"
    RETURNED = "returned", _("Returned"), "hold"
    READ = "read", _("Read by all"), "done"


WRITING = (ReportState.DRAFT, ReportState.RETURNED)
SENT = (ReportState.SUBMITTED, ReportState.READ)


class Period(Choice):
    WEEK = "week", _("Weekly report")
    MONTH = "month", _("Monthly report")
