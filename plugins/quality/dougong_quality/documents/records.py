"""Documents, their revisions, paper copies, readings, and records made on forms. Rules stand in ``flow`` and beside it.

All but readings and filled forms are kept at the company or a project and read below it. A document is named by its number, which
is typed where a record refers to one; the reference itself is kept beside.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import ClockMemory, Day, Line, Prose, Record, Whole, clock_memory, field, recorded, ref, translator
from sqlalchemy.orm import Mapped, mapped_column

from .choices import (
    CopyState,
    DocumentState,
    FormStanding,
    Level,
    Reach,
    ReadingState,
    Standing,
    State,
)

_ = translator("dougong_quality")
_NUMBER = _("Its number, as in AH/QEO-CX-01.")


class Document(
    Record,
    kind="quality.document",
    label=_("Document"),
    number="WJ",
    scope="company",
    indexes=[("status",), ("site_id", "level")],
    sorts=("review_by",),
):
    """A document of the system. Its text stands in its revisions; this is what stays the same."""

    status: Mapped[DocumentState] = recorded(_("Status"), default=DocumentState.PREPARING, listed=True, filtered=True)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    level: Mapped[Level] = field(_("Document level"), listed=True, filtered=True, edit=False, start=Level.PROCEDURE)
    system: Mapped[Line] = field(
        _("Management system"), vocabulary="document_systems", filtered=True, edit=False, start="QEO"
    )
    reach: Mapped[Reach] = recorded(_("Scope"), default=Reach.COMPANY, listed=True, filtered=True)
    department: Mapped[Line | None] = field(
        _("Department"), vocabulary="document_departments", filtered=True, default=None
    )
    own_number: Mapped[Line | None] = field(
        _("Number of your own"), default=None, edit=False, help=_("Empty: the next by the company's pattern.")
    )
    parent: Mapped[Line | None] = field(
        _("Company's document above it"),
        default=None,
        help=_("For a project's document: the number of the company's that it may not contradict."),
    )
    parent_id: Mapped[UUID | None] = ref("self", _("Company's document"), create=False, edit=False, default=None)
    above: Mapped[Line | None] = field(
        _("Belongs to"), default=None, edit=False, help=_("For a record form: the number of its procedure or instruction.")
    )
    above_id: Mapped[UUID | None] = ref("self", _("Belongs to document"), create=False, edit=False, default=None)
    owner_post: Mapped[Line] = field(
        _("Owner"), vocabulary="document_posts", listed=True, filtered=True, start="quality",
        help=_("The post that answers for it."),
    )
    review_months: Mapped[Whole | None] = field(
        _("Reviewed every"), default=None, unit=_("months"), help=_("Empty: as the company has set it.")
    )
    source: Mapped[Line | None] = field(_("Issued by"), default=None, help=_("Of an external document."))
    source_number: Mapped[Line | None] = field(_("Number at its issuer"), default=None, searched=True)
    source_edition: Mapped[Line | None] = field(_("Edition"), default=None)
    answers: Mapped[Prose | None] = recorded(_("Clauses that it answers"), help=_("One a line, as in 9001:2015 7.5.3."))
    readers: Mapped[str | None] = mapped_column(default=None)  # names of posts that must read it, one a line
    revision: Mapped[Line | None] = recorded(_("Current revision"), listed=True)
    effective_on: Mapped[Day | None] = recorded(_("In force since"), listed=True)
    standing: Mapped[Standing] = recorded(_("Against the company's document"), default=Standing.FITS, filtered=True)
    checked_revision: Mapped[Line | None] = recorded(_("Checked against revision"))
    checked_from: Mapped[dt.datetime | None] = mapped_column(default=None)
    check_by: Mapped[dt.datetime | None] = recorded(_("Check due"))
    check_late: Mapped[bool] = recorded(_("Check was late"), default=False)
    reviewed_on: Mapped[Day | None] = recorded(_("Reviewed on"))
    review_by: Mapped[dt.datetime | None] = recorded(_("Review due"), listed=True)
    review_late: Mapped[bool] = recorded(_("A review was late"), default=False)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Revision(
    Record,
    kind="quality.revision",
    label=_("Document revision"),
    number="XD",
    scope="company",
    indexes=[("document_id", "status"), ("status",), ("drafter_id", "status")],
):
    """One revision of a document: its text or file, what changed, its way to being current and to being obsolete."""

    status: Mapped[State] = recorded(_("Status"), default=State.DRAFT, listed=True, filtered=True)
    document: Mapped[Line] = field(_("Document number"), edit=False, help=_NUMBER, searched=True)
    document_id: Mapped[UUID] = ref(Document, _("Revision of"), create=False, edit=False, default=None)
    title: Mapped[Line | None] = recorded(_("Title"), listed=True, searched=True)
    revision: Mapped[Line | None] = recorded(_("Revision"), listed=True, searched=True)
    new_edition: Mapped[bool] = field(
        _("New edition"), default=False, edit=False, help=_("The letter goes on: from A/3 to B/0.")
    )
    change: Mapped[Prose] = field(_("What is changed, and why"))
    body: Mapped[Prose | None] = field(
        _("Text"), default=None, help=_("Lines that begin with # are headings. A file can be attached instead.")
    )
    drafter_id: Mapped[UUID | None] = recorded(_("Drafter"), widget="person", listed=True, holds=(State.DRAFT,))
    effective_on: Mapped[Day | None] = field(
        _("Effective from"), default=None, listed=True, help=_("Empty: the day of its approval.")
    )
    consistent: Mapped[Prose | None] = field(
        _("Checked against the company's document"),
        default=None,
        help=_("For a project's document: how it keeps to the company's, point by point."),
    )
    against: Mapped[Line | None] = recorded(_("Revision of the company's document"))
    former_id: Mapped[UUID | None] = ref("self", _("Takes the place of"), create=False, edit=False, default=None)
    emergency: Mapped[bool] = recorded(_("Emergency revision"), default=False, filtered=True)
    effective_at: Mapped[dt.datetime | None] = recorded(_("Effective at"))
    ratified_at: Mapped[dt.datetime | None] = recorded(_("Approved afterwards at"))
    obsolete_at: Mapped[dt.datetime | None] = recorded(_("Obsolete since"))
    sign_by: Mapped[dt.datetime | None] = recorded(_("Signature due"))
    sign_late: Mapped[bool] = recorded(_("A signature was late"), default=False)
    force_by: Mapped[dt.datetime | None] = recorded(_("Comes into force"))
    ratify_by: Mapped[dt.datetime | None] = recorded(_("Approval afterwards due"))
    ratify_late: Mapped[bool] = recorded(_("Was not approved in time"), default=False)
    again_by: Mapped[dt.datetime | None] = mapped_column(default=None)
    timing: Mapped[ClockMemory | None] = clock_memory()


_T = Revision.__table__.c
# What the database itself keeps, however many people press at once: one revision in force, one on its way.
sa.Index(
    "uq_revision_in_force", _T.tenant_id, _T.document_id, unique=True,
    postgresql_where=sa.literal_column("status = ANY (ARRAY['current'::text, 'emergency'::text])"),
)  # fmt: skip
sa.Index(
    "uq_revision_label", _T.tenant_id, _T.document_id, _T.revision, unique=True,
    postgresql_where=sa.literal_column("status <> 'dropped'::text"),
)  # fmt: skip


class Copy(
    Record,
    kind="quality.copy",
    label=_("Controlled copy"),
    number="FS",
    scope="company",
    unique=[("revision_id", "copy_no")],
    indexes=[("document_id", "status"), ("holder_id", "status")],
):
    """A numbered paper copy of a revision, and where it is."""

    status: Mapped[CopyState] = recorded(_("Status"), default=CopyState.OUT, listed=True, filtered=True)
    document: Mapped[Line] = field(_("Document number"), edit=False, help=_NUMBER, searched=True)
    document_id: Mapped[UUID] = ref(Document, _("Copy of"), create=False, edit=False, default=None)
    revision_id: Mapped[UUID] = ref(Revision, _("Revision of"), create=False, edit=False, default=None)
    title: Mapped[Line | None] = recorded(_("Title"), listed=True, searched=True)
    revision: Mapped[Line | None] = recorded(_("Revision"), listed=True)
    copy_no: Mapped[int] = recorded(_("Copy number"), default=0, listed=True)
    holder_id: Mapped[UUID | None] = field(
        _("Holder"),
        widget="person",
        default=None,
        listed=True,
        filtered=True,
        holds=(CopyState.OUT, CopyState.RECALL),
        help=_("A person, or else a post or a place."),
    )
    holder: Mapped[Line | None] = field(_("Post or place"), default=None, listed=True)
    held_at: Mapped[UUID | None] = field(_("Kept at site"), widget="site", default=None, filtered=True)
    received_on: Mapped[Day | None] = field(_("Received on"), default=None)
    returned_on: Mapped[Day | None] = recorded(_("Returned on"))
    replaces_id: Mapped[UUID | None] = ref("self", _("In the place of the lost copy"), create=False, edit=False, default=None)
    recalled_at: Mapped[dt.datetime | None] = recorded(_("Recalled at"))
    recall_why: Mapped[Line | None] = recorded(_("Recalled because"))
    recall_by: Mapped[dt.datetime | None] = recorded(_("Return due"), listed=True)
    recall_late: Mapped[bool] = recorded(_("Came back late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Reading(
    Record,
    kind="quality.reading",
    label=_("Reading"),
    number="YD",
    unique=[("revision_id", "person_id")],
    indexes=[("person_id", "status"), ("document_id", "status")],
):
    """One person's acknowledgement that they have read a revision."""

    status: Mapped[ReadingState] = recorded(_("Status"), default=ReadingState.OPEN, listed=True, filtered=True)
    document: Mapped[Line] = field(_("Document number"), edit=False, help=_NUMBER, searched=True)
    document_id: Mapped[UUID] = ref(Document, _("To read"), create=False, edit=False, default=None)
    revision_id: Mapped[UUID] = ref(Revision, _("Its revision"), create=False, edit=False, default=None)
    title: Mapped[Line | None] = recorded(_("Title"), listed=True)
    revision: Mapped[Line | None] = recorded(_("Revision"), listed=True)
    person_id: Mapped[UUID] = field(_("Reader"), widget="person", edit=False, listed=True, filtered=True)
    read_at: Mapped[dt.datetime | None] = recorded(_("Read at"), listed=True)
    read_by: Mapped[dt.datetime | None] = recorded(_("To be read by"), listed=True)
    read_late: Mapped[bool] = recorded(_("Was read late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class FormRecord(
    Record,
    kind="quality.form_record",
    label=_("Filled form"),
    number="JL",
    indexes=[("form_id",), ("site_id", "made_on")],
):
    """A record made on a form of the system. It keeps the form's revision; photos and scans are attached."""

    form: Mapped[Line] = field(_("Form number"), edit=False, help=_("Its number, as in AH/QEO-JL-CX01-01."), searched=True)
    form_id: Mapped[UUID] = ref(Document, _("Record form"), create=False, edit=False, default=None)
    revision_id: Mapped[UUID] = ref(Revision, _("Its revision"), create=False, edit=False, default=None)
    revision: Mapped[Line | None] = field(
        _("Revision on the sheet"), default=None, edit=False, listed=True, help=_("As printed on it; empty: the current one.")
    )
    standing: Mapped[FormStanding] = recorded(_("Form"), default=FormStanding.CURRENT, filtered=True)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    made_on: Mapped[Day] = field(_("Made on"), listed=True, filtered=True)
    body: Mapped[Prose | None] = field(_("What it says"), default=None)


__all__ = ["Copy", "Document", "FormRecord", "Reading", "Revision"]
