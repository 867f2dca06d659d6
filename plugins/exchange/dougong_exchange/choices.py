"""The states of an import and of an export, and the formats of what comes out."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_exchange")


class RunState(Choice):
    MAPPING = "mapping", _("Columns to be assigned"), "new"
    CHECKING = "checking", _("Being checked"), "doing"
    CHECKED = "checked", _("Checked"), "acc"
    IMPORTING = "importing", _("Being imported"), "doing"
    STOPPED = "stopped", _("Stopped"), "hold"
    DONE = "done", _("Imported"), "done"
    DISCARDED = "discarded", _("Discarded"), "done"


class ExportState(Choice):
    WAITING = "waiting", _("Being written"), "doing"
    READY = "ready", _("Ready"), "done"
    FAILED = "failed", _("Failed"), "hold"


class Format(Choice):
    XLSX = "xlsx", _("Excel workbook (.xlsx)")
    CSV = "csv", _("CSV (UTF-8)")
