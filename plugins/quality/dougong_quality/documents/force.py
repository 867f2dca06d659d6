"""What coming into force and becoming obsolete mean: one revision current, the former obsolete, its copies recalled, those below
told to check, the readers asked. Decides nothing about who may.
"""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Conflict, translator

from . import copies, readings
from .base import X, in_force, locked, owner_of
from .choices import DocumentState, Standing, State
from .records import Document, Revision

_ = translator("dougong_quality")
EFFECTIVE, PARENT = "quality.effective", "quality.parent_changed"
_SUPERSEDED = _("Revision {new} of {number} took its place.")
_WITHDRAWN = _("{number} is obsolete.")
_FELL = _("Revision {old} of {number} was not approved.")


def take(r: Revision, x: X) -> None:
    """Bring a revision into force; whoever calls it sets its state.

    :raises Conflict: the document is obsolete.
    """
    d = locked(r.document_id, x)
    if d.status is DocumentState.OBSOLETE:
        raise Conflict(_("The document is obsolete."))
    former = in_force(d.id, x)
    if former is not None and former.id != r.id:
        _retire(former, str(_SUPERSEDED.format(new=r.revision, number=d.number)), x)
        r.former_id = former.id
        x.session.flush()  # before the new one is current: the database takes no two
    r.effective_at, r.effective_on = x.now, x.today(r.site_id)  # never backdated
    d.status, d.revision, d.effective_on = DocumentState.CURRENT, r.revision, x.today(r.site_id)
    x.reckon(d)
    if former is not None:
        _have_checked(d, x)
    x.tell(EFFECTIVE, r, [one for one in (owner_of(d, x),) if one])


def _retire(r: Revision, why: str, x: X) -> None:
    r.status, r.obsolete_at = State.OBSOLETE, x.now
    x.reckon(r)
    copies.recall(copies.of_revision(r, x), why, x)
    readings.drop(r, x)


def _below(d: Document, x: X) -> list[Document]:
    rule = (Document.tenant_id == x.tenant, Document.parent_id == d.id, Document.status != DocumentState.OBSOLETE)
    return list(x.session.scalars(sa.select(Document).where(*rule)))


def _have_checked(d: Document, x: X) -> None:
    """A new revision of a company's document: each project's document below it is checked against it."""
    for child in _below(d, x):
        child.standing, child.checked_from = Standing.CHECK, x.now
        x.reckon(child)
        x.tell(PARENT, child, [one for one in (owner_of(child, x),) if one])


def fall_back(r: Revision, x: X) -> None:
    """An emergency revision that nobody approved: the former one is in force again, if there was one."""
    d = locked(r.document_id, x)
    former = x.session.get(Revision, (x.tenant, r.former_id)) if r.former_id else None
    _retire(r, str(_FELL.format(old=r.revision, number=d.number)), x)
    x.session.flush()
    if former is None:
        d.status, d.revision, d.effective_on = DocumentState.PREPARING, None, None
        x.reckon(d)
        return
    former.status, former.obsolete_at = State.CURRENT, None
    copies.give_again(former, x)
    d.revision, d.effective_on = former.revision, x.today(d.site_id)
    x.reckon(d)
    _have_checked(d, x)


def withdraw(d: Document, x: X) -> None:
    """The whole document becomes obsolete."""
    current = in_force(locked(d.id, x).id, x)
    if current is not None:
        _retire(current, str(_WITHDRAWN.format(number=d.number)), x)
    for child in _below(d, x):
        child.standing = Standing.ORPHAN
        x.reckon(child)
        x.tell(PARENT, child, [one for one in (owner_of(child, x),) if one])


def against(d: Document, x: X) -> str | None:
    """The revision in force of the company's document above it."""
    above = in_force(d.parent_id, x) if d.parent_id else None
    return above.revision if above else None
