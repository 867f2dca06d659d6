"""How imports and exports are shown: their lists, sections and steps."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Me, Resource, Tab, translator

from .choices import RunState
from .flow import export_flow, flow, own, own_export
from .records import Export, Run
from .settings import Settings

_ = translator("dougong_exchange")


def under_way(me: Me) -> sa.ColumnElement[bool]:
    return Run.status.not_in((RunState.DONE, RunState.DISCARDED))


runs = Resource(
    Run,
    _("Imports"),
    flow=flow,
    settings=Settings,
    icon="import",
    title=Run.file,
    sections=(
        (_("File"), ("file", "what", "rows")),
        (_("Result"), ("done", "created", "updated", "skipped", "errors", "trouble")),
    ),
    visible=own,
    tabs=(Tab("open", _("Under way"), under_way), Tab("all", _("All"))),
    columns=("file", "what", "status", "rows", "created", "updated", "skipped", "errors", "created_at"),
    steps=(RunState.MAPPING, RunState.CHECKED, RunState.IMPORTING, RunState.DONE),
    likely={
        RunState.MAPPING: ("check",),
        RunState.CHECKED: ("start", "check"),
        RunState.STOPPED: ("resume",),
        RunState.IMPORTING: ("stop",),
    },
)
exports = Resource(
    Export,
    _("Exports"),
    flow=export_flow,
    settings=Settings,
    icon="export",
    title=Export.what,
    sections=((_("File"), ("what", "format", "rows", "opened", "trouble")),),
    visible=own_export,
    columns=("what", "format", "rows", "status", "created_at"),
)
