"""The life of a document: its number, its place below the company's document, its yearly review, its end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Day,
    Form,
    Line,
    Prose,
    Step,
    Term,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    remind,
    translator,
)

from . import force, numbering, readings
from .base import Reason, X, in_force, named, owner_of, refuse
from .choices import UNDERWAY, DocumentState, Level, Reach, Standing, Verdict
from .records import Copy, Document, Revision
from .settings import DocumentSettings, months_after

_ = translator("dougong_quality")
flow = Workflow(Document, Document.status, DocumentSettings)
LIVE = (DocumentState.PREPARING, DocumentState.CURRENT)


@flow.creating
def registered(d: Document, x: X) -> None:
    d.reach = Reach.COMPANY if d.site_id == x.snapshot.sites.root else Reach.PROJECT
    above = named(d.above, "above", x) if d.above else None
    if above is not None and d.level is not Level.FORM:
        raise refuse("above", _("is only said of record forms"))
    if d.level is Level.EXTERNAL and d.source is None:
        raise refuse("source", _("is required of an external document"))
    d.above_id = above.id if above else None
    d.number = numbering.take(d, above, x)
    d.own_number = None


@flow.changing
def settled(d: Document, x: X) -> None:
    changed = sa.inspect(d).attrs
    new = sa.inspect(d).key is None
    if d.status is DocumentState.OBSOLETE and not changed.status.history.has_changes():
        raise Conflict(_("The document is obsolete and is not changed any more."))
    if new or changed.parent.history.has_changes():
        _under(d, x)


def _under(d: Document, x: X) -> None:
    """Its place below the company's document, as the number says that was typed."""
    if d.reach is Reach.COMPANY:
        if d.parent is not None:
            raise refuse("parent", _("is only said of a project's document"))
        return
    if d.parent is None:
        if d.level is not Level.EXTERNAL:
            raise refuse("parent", _("is required: a project's document stands below one of the company's"))
        d.parent_id, d.standing = None, Standing.FITS
        return
    parent = named(d.parent, "parent", x)
    if parent.reach is not Reach.COMPANY or parent.id == d.id:
        raise refuse("parent", _("is no document of the company"))
    if parent.status is DocumentState.OBSOLETE:
        raise refuse("parent", _("is obsolete"))
    d.parent_id, d.standing = parent.id, Standing.FITS


class Draft(Form):
    change: Prose = asked(_("What is changed, and why"))
    new_edition: bool = asked(_("New edition"), default=False, help=_("The letter goes on: from A/3 to B/0."))


@guard(_("Another revision is on its way; end that one first."))
def none_underway(d: Document, x: X) -> bool:
    rule = (Revision.tenant_id == x.tenant, Revision.document_id == d.id, Revision.status.in_(UNDERWAY))
    return x.session.scalar(sa.select(Revision.id).where(*rule)) is None


@flow.on(_("Draft a revision"), LIVE, form=Draft, guards=[none_underway], icon="edit")
def revise(d: Document, f: Draft, x: X) -> None:
    draft(d, f.change, x, new_edition=f.new_edition)


def draft(d: Document, change: str, x: X, *, new_edition: bool = False) -> Revision:
    return x.create(Revision, d.site_id, document=d.number, change=change, new_edition=new_edition)


@flow.on(
    _("Choose clauses"), LIVE, form=Form, asks=[Document.answers], icon="check", page="/quality/clauses-of/{id}",
    help=_("One a line, as in 9001:2015 7.5.3; they take the place of those that were chosen."),
)  # fmt: skip
def map_clauses(d: Document, f: Form, x: X) -> None:
    known = x.settings.standards()
    lines = dict.fromkeys(" ".join(one.split()) for one in (d.answers or "").splitlines() if one.strip())
    for one in lines:
        key, _space, clause = one.partition(" ")
        if key not in known or clause not in known[key].clauses:
            raise refuse("answers", _("“{clause}” is no clause of a standard of the company").format(clause=one[:60]))
    d.answers = "\n".join(lines)


class Readers(Form):
    readers: Prose = asked(
        _("Posts"), help=_("Names of posts, one a line; they take the place of those that were chosen.")
    )


@flow.on(
    _("Choose readers"), LIVE, form=Readers, icon="people", page="/quality/readers-of/{id}",
)  # fmt: skip
def choose_readers(d: Document, f: Readers, x: X) -> None:
    chosen = list(dict.fromkeys(f.readers.split()))
    for one in chosen:
        if one not in x.settings.document_posts:
            raise refuse("readers", _("“{post}” is no post of the company").format(post=one[:60]))
    d.readers = "\n".join(chosen)
    current = in_force(d.id, x)
    if current is not None:
        readings.ask(d, current, x)


class Review(Form):
    result: Verdict = asked(_("Result"))
    note: Prose = asked(_("What was looked at"))


@flow.on(_("Record a review"), DocumentState.CURRENT, form=Review, icon="check")
def review(d: Document, f: Review, x: X) -> None:
    d.reviewed_on = x.today(d.site_id)
    if f.result is Verdict.REVISE and none_underway.test(d, x):
        draft(d, f.note, x)


@guard(_("There is nothing to be checked against the company's document."), quiet=True)
def to_be_checked(d: Document, x: X) -> bool:
    return d.standing is not Standing.FITS


class Checked(Form):
    note: Prose = asked(
        _("How it keeps to the company's document"), help=_("Point by point; what contradicts it needs a revision.")
    )


@guard(_("The company's document is obsolete: name another one above this first."))
def has_parent(d: Document, x: X) -> bool:
    return d.standing is not Standing.ORPHAN


@flow.on(_("Checked: it fits"), LIVE, form=Checked, guards=[to_be_checked, has_parent], icon="check")
def confirm(d: Document, f: Checked, x: X) -> None:
    d.standing, d.checked_revision = Standing.FITS, force.against(d, x)


class HandOut(Form):
    holder_id: UUID | None = asked(_("Holder"), default=None, widget="person", help=_("A person, or else a post or a place."))
    holder: Line | None = asked(_("Post or place"), default=None)
    held_at: UUID | None = asked(_("Kept at site"), default=None, widget="site")
    received_on: Day | None = asked(_("Received on"), default=None)


@flow.on(_("Hand out a copy"), DocumentState.CURRENT, form=HandOut, icon="doc", help=_("A numbered paper copy, to be recalled."))
def distribute(d: Document, f: HandOut, x: X) -> None:
    given = {name: getattr(f, name) for name in HandOut.model_fields}
    x.create(Copy, d.site_id, document=d.number, **given)


@flow.on(
    _("Make obsolete"), LIVE, DocumentState.OBSOLETE, form=Reason, guards=[none_underway], icon="close", danger=True,
    help=_("Without another in its place. Its copies are recalled."),
)  # fmt: skip
def withdraw(d: Document, f: Reason, x: X) -> None:
    force.withdraw(d, x)


def _next_review(d: Document, x: X) -> dt.date:
    since = max(filter(None, (d.reviewed_on, d.effective_on)), default=x.today(d.site_id))
    return months_after(since, d.review_months or x.settings.document_review_months)


def _review_steps(settings: DocumentSettings) -> list[Step[Document, DocumentSettings]]:
    return [remind(before=dt.timedelta(days=settings.document_review_remind)), overdue(), escalate(after=dt.timedelta(days=30))]


flow.clock(
    "review",
    _("Review"),
    due=Document.review_by,
    late=Document.review_late,
    runs=DocumentState.CURRENT,
    term=_next_review,
    depends=(Document.reviewed_on, Document.effective_on, Document.review_months),
    owner=owner_of,
    steps=_review_steps,
    step=review,
    imports=True,
)
flow.clock(
    "check",
    _("Check against the company's document"),
    due=Document.check_by,
    late=Document.check_late,
    runs=LIVE,
    starts=lambda d, x: d.checked_from,
    term=lambda d, x: Term(days=x.settings.document_check_days) if d.standing is Standing.CHECK else None,
    depends=(Document.standing,),
    owner=owner_of,
    steps=lambda settings: [remind(0.6), overdue(), escalate(0.5)],
    step=confirm,
)
