"""What is kept of imports and exports: the runs, their rows while they are worked on, bad cells, where records came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Bulk, Line, Prose, Record, field, recorded, translator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import ExportState, Format, RunState

_ = translator("dougong_exchange")


class Run(Record, kind="exchange.run", label=_("Import"), number="DR", scope="site", indexes=[("created_by",)]):
    """One file on its way in. ``mapping`` is the form of ``mapping.Mapping``; ``needs`` what has to be made first."""

    status: Mapped[RunState] = recorded(_("Status"), default=RunState.MAPPING, listed=True, filtered=True)
    file: Mapped[Line] = field(_("File"), create=False, edit=False, listed=True, searched=True, personal=True)
    target: Mapped[Line] = field(_("Records"), create=False, edit=False, filtered=True)  # kind of the records
    what: Mapped[Line] = field(_("Kind"), create=False, edit=False, listed=True)
    rows: Mapped[int] = recorded(_("Rows"), default=0, listed=True)
    done: Mapped[int] = recorded(_("Rows worked off"), default=0)
    created: Mapped[int] = recorded(_("Created"), default=0, listed=True)
    updated: Mapped[int] = recorded(_("Updated"), default=0, listed=True)
    skipped: Mapped[int] = recorded(_("Unchanged"), default=0, listed=True)
    errors: Mapped[int] = recorded(_("With errors"), default=0, listed=True)
    headings: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    heading_row: Mapped[int] = mapped_column(default=1)
    samples: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # the first rows, for the page of columns
    signature: Mapped[str] = mapped_column(default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    proposed: Mapped[str] = mapped_column(default="")  # where the mapping came from: saved, shipped, headings
    needs: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    position: Mapped[int] = mapped_column(default=0)  # the next block
    started_by: Mapped[UUID | None] = mapped_column(default=None)
    token_scope: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)  # of the token that began it
    trouble: Mapped[Prose | None] = recorded(_("Why it stopped"))


class Block(Bulk, kind="exchange.block", label=_("Rows of an import")):
    """Some hundred rows of a file, packed; gone when the import is over."""

    run_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Run})
    number: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Seen(Bulk, kind="exchange.seen", label=_("Keys of an import")):
    """Keys that stood in the file so far, while it is checked; gone when the import is over."""

    run_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Run})
    key: Mapped[str] = mapped_column(primary_key=True)
    row: Mapped[int]


class Fault(Bulk, kind="exchange.fault", label=_("Bad cell")):
    """One thing that is wrong with one row. ``value`` is masked where the field is personal."""

    run_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Run})
    row: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    column: Mapped[str]
    value: Mapped[str]
    reason: Mapped[str]


class Origin(
    Bulk,
    kind="exchange.origin",
    label=_("Origin of a record"),
    indexes=[("record_kind", "record_id"), ("run_id",)],
):
    """Where a record came from: the key of its row in a source, and a digest of what was brought."""

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID]
    run_id: Mapped[UUID]
    row: Mapped[int]
    digest: Mapped[str]


class SavedMapping(Bulk, kind="exchange.mapping", label=_("Saved mapping")):
    """What the company said last of files with the same headings."""

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_by: Mapped[UUID | None] = mapped_column(default=None)


class Export(Record, kind="exchange.export", label=_("Export"), number="DC", scope="site", indexes=[("created_by",)]):
    """One file on its way out: what was asked for, and by whom; the file is attached."""

    status: Mapped[ExportState] = recorded(_("Status"), default=ExportState.WAITING, listed=True, filtered=True)
    target: Mapped[Line] = field(_("Records"), create=False, edit=False, filtered=True)
    what: Mapped[Line] = field(_("Kind"), create=False, edit=False, listed=True)
    format: Mapped[Format] = field(_("Format"), create=False, edit=False, listed=True)
    rows: Mapped[int] = recorded(_("Rows"), default=0, listed=True)
    opened: Mapped[bool] = recorded(_("With personal data opened"), default=False, listed=True)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # fields, parameters, chosen ids
    language: Mapped[str] = mapped_column(default="zh")
    token_scope: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)  # of the token that began it
    trouble: Mapped[Prose | None] = recorded(_("Why it failed"))
