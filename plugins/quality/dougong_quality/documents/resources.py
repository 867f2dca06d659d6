"""How documents, revisions, copies, readings and filled forms are shown, and which of their rows only some may see."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, everybody, translator

from . import copies, documents, forms, readings, revisions
from .base import CONTROL, OVERSEE, WORK
from .choices import (
    IN_FORCE,
    SIGNING,
    UNDERWAY,
    CopyState,
    DocumentState,
    FormStanding,
    Level,
    ReadingState,
    Standing,
    State,
)
from .records import Copy, Document, FormRecord, Reading, Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")

GROUP = _("System documents")


document: Resource[Document] = Resource(
    Document,
    _("Documents"),
    group=GROUP,
    flow=documents.flow,
    settings=DocumentSettings,
    icon="doc",
    title=Document.title,
    create_label=_("Register a document"),
    sections=(
        (_("Document"), ("title", "level", "system", "department", "own_number", "reach", "owner_post", "review_months")),
        (_("Place in the system"), ("parent", "parent_id", "standing", "checked_revision", "above", "above_id")),
        (_("From outside"), ("source", "source_number", "source_edition")),
        (_("In force"), ("revision", "effective_on", "reviewed_on", "answers")),
        (_("Was late"), ("review_late", "check_late")),
    ),
    relations={"mine": everybody},
    tabs=(
        Tab("live", _("In use"), lambda me: Document.status != DocumentState.OBSOLETE, sort="number"),
        Tab("current", _("In force"), lambda me: Document.status == DocumentState.CURRENT, sort="number"),
        Tab("preparing", _("Being prepared"), lambda me: Document.status == DocumentState.PREPARING),
        Tab("external", _("External documents"), lambda me: Document.level == Level.EXTERNAL),
        Tab("check", _("To be checked"), lambda me: Document.standing != Standing.FITS),
        Tab("overdue", _("Review overdue"), lambda me: document.clock_is("overdue", me, "review")),
        Tab("all", _("All")),
    ),
    columns=("number", "title", "level", "status", "revision", "owner_post", "site_id", "review_by"),
    badges=("standing",),
    order="number",
    likely={
        DocumentState.PREPARING: ("revise", "map_clauses", "choose_readers"),
        DocumentState.CURRENT: ("confirm", "revise", "review", "distribute", "map_clauses", "choose_readers"),
    },
    calendar="review_by",
)


def is_obsolete(me: Me) -> sa.ColumnElement[bool]:
    return Revision.status.in_((State.OBSOLETE, State.DROPPED))


def is_underway(me: Me) -> sa.ColumnElement[bool]:
    """Before it is approved, and not one's own."""
    theirs = sa.func.coalesce(Revision.drafter_id != me.id, True)
    return sa.and_(Revision.status.in_((State.DRAFT, *SIGNING)), theirs)


revision = Resource(
    Revision,
    _("Revisions"),
    group=GROUP,
    flow=revisions.flow,
    settings=DocumentSettings,
    icon="doc",
    title=Revision.title,
    create_label=_("Draft a revision"),
    sections=(
        (_("Revision"), ("document", "document_id", "title", "revision", "new_edition", "emergency", "drafter_id")),
        (_("Content"), ("change", "body")),
        (_("In force"), ("effective_on", "effective_at", "ratified_at", "former_id", "obsolete_at")),
        (_("Against the company's document"), ("consistent", "against")),
        (_("Was late"), ("sign_late", "ratify_late")),
    ),
    relations={"mine": everybody},
    restricted=((is_obsolete, CONTROL), (is_underway, WORK)),
    tabs=(
        Tab("underway", _("On their way"), lambda me: Revision.status.in_(UNDERWAY)),
        Tab("current", _("Current"), lambda me: Revision.status.in_(IN_FORCE)),
        Tab("obsolete", _("Obsolete"), lambda me: Revision.status == State.OBSOLETE, counted=False),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "document", "revision", "status", "drafter_id", "effective_on", "site_id"),
    steps=(State.DRAFT, State.COSIGN, State.CHECK, State.APPROVE, State.PENDING, State.CURRENT, State.OBSOLETE),
)


def not_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(Copy.holder_id != me.id, True)


copy = Resource(
    Copy,
    _("Controlled copies"),
    group=GROUP,
    flow=copies.flow,
    settings=DocumentSettings,
    icon="doc",
    title=Copy.title,
    create_label=_("Hand out a copy"),
    sections=(
        (_("Copy"), ("document", "document_id", "revision_id", "title", "revision", "copy_no")),
        (_("Holder"), ("holder_id", "holder", "held_at", "received_on", "returned_on", "replaces_id")),
        (_("Recall"), ("recalled_at", "recall_why", "recall_late")),
    ),
    relations={"mine": lambda me: Copy.holder_id == me.id},
    restricted=((not_mine, OVERSEE),),
    tabs=(
        Tab("open", _("Not back yet"), lambda me: Copy.status.in_((CopyState.OUT, CopyState.RECALL))),
        Tab("recall", _("To be recalled"), lambda me: Copy.status == CopyState.RECALL),
        Tab("kept", _("Kept as obsolete"), lambda me: Copy.status == CopyState.KEPT, counted=False),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "revision", "status", "holder_id", "holder", "held_at", "recall_by"),
    steps=(CopyState.OUT, CopyState.RECALL, CopyState.RETURNED),
    likely={CopyState.RECALL: ("take_back", "lose", "destroy", "keep"), CopyState.RETURNED: ("keep", "destroy")},
)

reading: Resource[Reading] = Resource(
    Reading,
    _("Reading list"),
    group=GROUP,
    flow=readings.flow,
    settings=DocumentSettings,
    icon="eye",
    title=Reading.title,
    create_label=_("Have somebody read a document"),
    sections=(
        (_("Reading"), ("document", "document_id", "revision_id", "title", "revision", "person_id", "read_at", "read_late")),
    ),
    relations={"mine": readings.mine},
    restricted=((lambda me: sa.func.coalesce(Reading.person_id != me.id, True), OVERSEE),),
    tabs=(
        Tab("open", _("Not read yet"), lambda me: Reading.status == ReadingState.OPEN),
        Tab("mine", _("Mine"), lambda me: sa.and_(readings.mine(me), Reading.status == ReadingState.OPEN)),
        Tab("overdue", _("Overdue"), lambda me: reading.clock_is("overdue", me)),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "revision", "status", "person_id", "site_id", "read_by", "read_at"),
    likely={ReadingState.OPEN: ("acknowledge",)},
    retention=Retention(
        "read_at",
        years=3,
        basis=_("Company default: who read which document is kept for three years."),
        states=frozenset({ReadingState.READ}),
    ),
)

form_record = Resource(
    FormRecord,
    _("Filled forms"),
    group=GROUP,
    flow=forms.flow,
    settings=DocumentSettings,
    icon="doc",
    title=FormRecord.title,
    create_label=_("File a filled form"),
    sections=((_("Filled form"), ("title", "form", "form_id", "revision", "standing", "made_on")), (_("Content"), ("body",))),
    relations={"mine": lambda me: FormRecord.created_by == me.id},
    tabs=(
        Tab("all", _("All")),
        Tab("old", _("On an old form"), lambda me: FormRecord.standing == FormStanding.OLD),
    ),
    columns=("number", "title", "form", "revision", "site_id", "made_on", "created_by"),
    badges=("standing",),
    retention=Retention(
        "made_on", years=3, basis=_("Company default: records are kept for three years; key fire and equipment files for life.")
    ),
)

RESOURCES = (document, revision, copy, reading, form_record)
