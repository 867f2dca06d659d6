"""What is done every morning: new staff get what they must read, leavers are struck off, copies at closed sites are recalled."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Occurrence, Rule, Schedule, speaking, translator

from . import copies, readings
from .base import X, in_force
from .choices import DocumentState, ReadingState
from .records import Document, Reading

_ = translator("dougong_quality")


def every_morning(x: X, _run: Occurrence | None = None) -> None:
    with speaking(x.settings_of("core").locale):
        copies.recall(copies.at_closed_sites(x), str(_("The site is closed.")), x)
    rule = (Document.tenant_id == x.tenant, Document.status == DocumentState.CURRENT, Document.readers.is_not(None))
    for d in x.session.scalars(sa.select(Document).where(*rule)).all():
        current = in_force(d.id, x)
        if current is None or not x.snapshot.module_on("quality", d.site_id):
            continue
        readings.ask(d, current, x)
        gone = _gone(current.id, x)
        if gone:
            readings.drop(current, x, gone)


def _gone(revision: UUID, x: X) -> frozenset[UUID]:
    """Readers who are not with the company any more."""
    rule = (Reading.tenant_id == x.tenant, Reading.revision_id == revision, Reading.status == ReadingState.OPEN)
    waiting = x.session.scalars(sa.select(Reading.person_id).where(*rule))
    known = x.snapshot.people
    return frozenset(one for one in waiting if one not in known or not known[one].active)


SCHEDULE = Schedule(
    "quality.reading_lists",
    _("Reading lists and copies"),
    every_morning,
    Rule.daily("06:00"),
    spread=60,
    grace=720,
    help=_("Puts documents on the lists of new staff, and recalls paper copies from closed sites."),
)
