"""What is kept of a print that takes longer: who wants what of which records; the PDF is attached."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Form, Line, Me, Record, Resource, Workflow, everybody, field, recorded, translator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import PrintState, What

_ = translator("dougong_papers")


class Print(Record, kind="papers.print", label=_("Print"), number="DY", scope="site", indexes=[("created_by",)]):
    """Forms or labels of many records. ``asked``: their ids and what was chosen."""

    status: Mapped[PrintState] = recorded(_("Status"), default=PrintState.WAITING, listed=True, filtered=True)
    target: Mapped[Line] = field(_("Records"), create=False, edit=False, filtered=True)
    what: Mapped[Line] = field(_("Kind"), create=False, edit=False, listed=True)
    printed_as: Mapped[What] = field(_("Printed as"), create=False, edit=False, listed=True)
    count: Mapped[int] = recorded(_("Number of records"), default=0, listed=True)
    trouble: Mapped[Line | None] = recorded(_("Why it failed"))
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    language: Mapped[str] = mapped_column(default="zh")


flow = Workflow(Print, Print.status, Form)
ready = flow.step("ready", _("Made"), PrintState.WAITING, PrintState.READY, automatic=True, icon="check")
failed = flow.step("failed", _("Failed"), PrintState.WAITING, PrintState.FAILED, automatic=True, icon="close")


def own(me: Me) -> sa.ColumnElement[bool]:
    """A print holds what others may not read: it is its maker's. The system sees all."""
    return sa.or_(Print.created_by == me.id, me.id.is_(None))


resource = Resource(
    Print,
    _("Prints"),
    flow=flow,
    icon="print",
    title=Print.what,
    sections=((_("Print"), ("what", "printed_as", "count", "trouble")),),
    visible=own,
    relations={"mine": everybody},
    columns=("what", "printed_as", "count", "status", "created_at"),
)
