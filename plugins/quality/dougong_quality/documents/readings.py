"""Who must read a revision, by posts and sites, and who has: one record a person, with a clock, ticked off with one tap."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from dougong import Form, Me, Step, Term, Workflow, escalate, guard, overdue, remind, translator

from .base import Reason, X, in_force, named, refuse
from .choices import ReadingState, State
from .records import Document, Reading, Revision
from .settings import DocumentSettings

_ = translator("dougong_quality")
flow = Workflow(Reading, Reading.status, DocumentSettings)
MOST = 5_000  # readers of one revision


def mine(me: Me) -> sa.ColumnElement[bool]:
    return Reading.person_id == me.id


@flow.creating
def asked_for(r: Reading, x: X) -> None:
    d = named(r.document, "document", x)
    asked = x.session.get(Revision, (x.tenant, r.revision_id)) if r.revision_id else None  # one that comes into force just now
    revision = asked or in_force(d.id, x) or _approved(d, x)
    if revision is None:
        raise refuse("document", _("has no revision in force"))
    known = sa.select(Reading.id).where(
        Reading.tenant_id == x.tenant, Reading.revision_id == revision.id, Reading.person_id == r.person_id
    )
    if x.session.scalar(known) is not None:
        raise refuse("person_id", _("has this revision to read already"))
    _fill(r, d, revision)


def _fill(r: Reading, d: Document, revision: Revision) -> None:
    r.document, r.document_id, r.revision_id = d.number, d.id, revision.id
    r.title, r.revision = d.title, revision.revision


def _approved(d: Document, x: X) -> Revision | None:
    pending = (Revision.tenant_id == x.tenant, Revision.document_id == d.id, Revision.status == State.PENDING)
    return x.session.scalar(sa.select(Revision).where(*pending))


@guard(_("Everybody ticks off for themselves."))
def is_reader(r: Reading, x: X) -> bool:
    return x.actor == r.person_id


@flow.on(_("I have read it"), ReadingState.OPEN, ReadingState.READ, form=Form, guards=[is_reader], icon="check")
def acknowledge(r: Reading, f: Form, x: X) -> None:
    r.read_at = x.now


@flow.on(_("Need not read it"), ReadingState.OPEN, ReadingState.DROPPED, form=Reason, icon="close")
def excuse(r: Reading, f: Reason, x: X) -> None:
    pass


def _steps(settings: DocumentSettings) -> list[Step[Reading, DocumentSettings]]:
    return [remind(0.7), overdue(), escalate(0.5)]


flow.clock(
    "reading",
    _("Reading"),
    due=Reading.read_by,
    met=Reading.read_at,
    late=Reading.read_late,
    runs=ReadingState.OPEN,
    term=lambda r, x: Term(hours=24 * x.settings.document_reading_days, always=True),
    owner=Reading.person_id,
    steps=_steps,
    step=acknowledge,
    personal=True,
)


def posts(d: Document) -> list[str]:
    """The posts that must read it."""
    return (d.readers or "").split()


def readers(d: Document, x: X) -> Iterator[tuple[UUID, UUID]]:
    """Who must read it: person and site, each person once, at the open sites below the document's own."""
    seen: set[UUID] = set()
    tree = x.snapshot.sites
    for node in (n for n in tree.ordered() if n.id in tree.subtree(d.site_id) and x.snapshot.module_on("quality", n.id)):
        for post in posts(d):
            for person in x.who(post, node.id):
                if person.id not in seen and len(seen) < MOST:
                    seen.add(person.id)
                    yield person.id, node.id


def ask(d: Document, revision: Revision, x: X) -> int:
    """Put the revision on the list of everybody who must read it and has it not yet. :returns: how many."""
    known = set(x.session.scalars(
        sa.select(Reading.person_id).where(Reading.tenant_id == x.tenant, Reading.revision_id == revision.id)
    ))  # fmt: skip
    made = 0
    for person, site in readers(d, x):
        if person not in known:
            x.create(Reading, site, document=d.number, person_id=person, revision_id=revision.id)
            made += 1
    return made


def drop(revision: Revision, x: X, people: frozenset[UUID] | None = None) -> None:
    """Nobody (of these people) has to read it any more."""
    rule = (Reading.tenant_id == x.tenant, Reading.revision_id == revision.id, Reading.status == ReadingState.OPEN)
    for r in x.session.scalars(sa.select(Reading).where(*rule)).all():
        if people is None or r.person_id in people:
            r.status = ReadingState.DROPPED
            x.reckon(r)
