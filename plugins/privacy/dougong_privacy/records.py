"""The request of a data subject with its reports, the log of disposals, and searches without a request."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import (
    Bulk,
    Child,
    ClockMemory,
    Line,
    Moment,
    Prose,
    Record,
    clock_memory,
    field,
    new_id,
    now,
    recorded,
    translator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Fate, Proof, State, Wish

_ = translator("dougong_privacy")

IDENTITY, HANDLE = "privacy.identity", "privacy.handle"


class Request(
    Record,
    kind="privacy.request",
    label=_("Request about personal data"),
    number="GX",
    scope="site",
    indexes=[("status",), ("handler_id", "status")],
    sorts=("due_by",),
):
    """``terms``: what was searched for, one a line. ``order``: what a job is to do, by ids; empty: nothing."""

    status: Mapped[State] = recorded(_("Status"), default=State.REGISTERED, listed=True, filtered=True)
    wish: Mapped[Wish] = field(_("What they ask for"), listed=True, filtered=True)
    asker: Mapped[Line] = field(_("Who asks"), personal=True, mask="name", reads=IDENTITY)
    contact: Mapped[Line] = field(
        _("How they are reached"), personal=True, mask="all", reads=IDENTITY, help=_("Phone number or e-mail address.")
    )
    statement: Mapped[Prose | None] = field(
        _("In their words"), personal=True, mask="all", reads=IDENTITY, default=None
    )
    received_at: Mapped[Moment | None] = field(
        _("Received at"), default=None, filtered=True, help=_("Empty: now. The time to answer runs from here.")
    )
    due_by: Mapped[dt.datetime | None] = recorded(_("Answer due"), listed=True, filtered=True)
    extended: Mapped[bool] = recorded(_("Extended"), default=False, filtered=True)
    handler_id: Mapped[UUID | None] = recorded(_("Handled by"), widget="person", listed=True, filtered=True, holds=True)
    proof: Mapped[Proof | None] = recorded(_("Identity checked"))
    answer: Mapped[Prose | None] = recorded(_("What was answered"), personal=True, mask="all", reads=IDENTITY)
    refusal: Mapped[Prose | None] = recorded(_("Why it is refused"), personal=True, mask="all", reads=IDENTITY)
    appeal: Mapped[Prose | None] = recorded(
        _("Where they can complain"), help=_("个人信息保护法 Art. 50: who is refused may go to court.")
    )
    answered_at: Mapped[dt.datetime | None] = recorded(_("Answered at"))
    answer_late: Mapped[bool] = recorded(_("Answered late"), default=False, filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"))
    terms: Mapped[Prose | None] = recorded(_("Searched for"), personal=True, reads=HANDLE)
    package: Mapped[Line | None] = recorded(_("Handed over"), personal=True, reads=HANDLE)
    order: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Account(Child, kind="privacy.account", of=Request, label=_("What became of it")):
    """What was handed over or erased, and what was not and why. ``rows``: number or name, fate, reason; no values."""

    text: Mapped[Prose] = field(_("In short"), create=False)
    rows: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class Disposal(
    Record,
    kind="privacy.disposal",
    label=_("Disposal"),
    number="XC",
    scope="site",
    indexes=[("target_id",)],
):
    """One record whose term was over."""

    target: Mapped[Line] = field(_("Kind"), create=False, edit=False, filtered=True)  # kind of the record
    what: Mapped[Line] = field(_("What it was"), create=False, edit=False, listed=True)
    of: Mapped[Line] = field(_("Number of the record"), create=False, edit=False, listed=True, searched=True)
    target_id: Mapped[UUID] = mapped_column(default=new_id)
    term: Mapped[Line] = field(_("Term"), create=False, edit=False, listed=True)
    fate: Mapped[Fate] = recorded(_("What was done"), default=Fate.ERASED, listed=True, filtered=True)
    why: Mapped[Prose | None] = recorded(_("Remark"))


class Lookup(Bulk, kind="privacy.lookup", label=_("Search for a person"), indexes=[("at", "id")]):
    """That somebody searched without a request, and why; never for whom."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    why: Mapped[str]
    found: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(default=now)
