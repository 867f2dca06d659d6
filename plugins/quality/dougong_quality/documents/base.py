"""What the rules of documents share: refusals, finding a document by its number, its revision in force, who answers for it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Form, Person, Prose, asked, translator
from dougong import refuse as refuse

from .choices import IN_FORCE
from .records import Document, Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")

X = Context[DocumentSettings]
CONTROL = "quality.document.control"  # obsolete revisions, copies, stamps
WORK = "quality.revision.work"  # revisions on their way
OVERSEE = "quality.document.oversee"  # who has read what, where copies are


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def named(number: str, path: str, x: X) -> Document:
    """The document with a number, if this person may see it. :raises Invalid: there is none."""
    found = x.session.scalar(x.readable(Document).where(Document.number == number))
    if found is None:
        raise refuse(path, _("is the number of no document that you may use here"))
    return found


def document_of(r: Revision, x: X) -> Document:
    return x.session.get_one(Document, (x.tenant, r.document_id))


def locked(document: UUID, x: X) -> Document:
    """The document, held until this piece of work is done: what is decided by its revisions and copies is decided once."""
    return x.session.get_one(Document, (x.tenant, document), with_for_update=True, populate_existing=False)


def in_force(document: UUID, x: X) -> Revision | None:
    """Its revision in force."""
    rule = (Revision.tenant_id == x.tenant, Revision.document_id == document, Revision.status.in_(IN_FORCE))
    return x.session.scalar(sa.select(Revision).where(*rule))


def owners(d: Document, x: X) -> list[Person]:
    """Who holds the post that answers for it."""
    return x.who(d.owner_post, d.site_id)


def owner_of(d: Document, x: X) -> UUID | None:
    found = owners(d, x)
    return found[0].id if found else None


def keeper_of(d: Document | Revision, x: X) -> UUID | None:
    """Who controls documents there: the quality officer, else nobody."""
    found = x.who("quality", d.site_id)
    return found[0].id if found else None
