"""A revision on paper: a controlled copy with its number and holder, an uncontrolled print, an obsolete one kept for the file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from dougong import Paper, approval_of, stamp, translator

from .base import X, document_of
from .choices import IN_FORCE, SIGNING, CopyState, State
from .records import Copy, Document, Revision

_ = translator("dougong_quality")

GOOD, BAD, PLAIN = "#b3261e", "#555555", "#777777"
_HEADING = re.compile(r"(#{1,3})\s*(\S.*)")
CONTROLLED, UNCONTROLLED, KEPT = _("Controlled"), _("Uncontrolled"), _("Obsolete, kept for the file")
_STATES = {State.PENDING: _("Not yet effective"), State.OBSOLETE: KEPT, State.DROPPED: _("Dropped")}


def _form() -> str:
    return resources.files(__package__).joinpath("controlled.typ").read_text("utf-8")


def of_revision(r: Revision, x: X) -> Mapping[str, Any]:
    """A print that is not controlled, or of what is not in force."""
    if r.status in IN_FORCE:
        said, mark = str(UNCONTROLLED), str(_("For information only; the system's page is what holds."))
    else:
        draft = str(_("Draft"))
        said, mark = (draft if r.status in (State.DRAFT, *SIGNING) else str(_STATES[r.status])), ""
    return _sheet(r, x, said, [one for one in (mark,) if one], PLAIN if r.status in IN_FORCE else BAD)


def of_copy(c: Copy, x: X) -> Mapping[str, Any]:
    """The copy itself, to be signed for: stamped with its number, its holder and the day."""
    r = x.session.get_one(Revision, (x.tenant, c.revision_id))
    person = x.snapshot.people.get(c.holder_id) if c.holder_id else None
    holder = c.holder or (person.name if person else "–")
    zone = x.snapshot.sites.zone(c.site_id)
    lines = [
        str(_("Copy {number}").format(number=f"{c.copy_no:02d}")),
        holder,
        f"{c.received_on or c.created_at.astimezone(zone).date()}",
    ]
    if c.status is CopyState.OUT and r.status in IN_FORCE:
        return _sheet(r, x, str(CONTROLLED), lines, GOOD)
    return _sheet(r, x, str(KEPT if c.status is CopyState.KEPT else _("Obsolete")), lines, BAD)


def _sheet(r: Revision, x: X, said: str, stamped: list[str], ink: str) -> dict[str, Any]:
    d = document_of(r, x)
    return {
        "title": d.title, "number": d.number, "revision": str(_("Revision {revision}").format(revision=r.revision)),
        "watermark": said, "stamp": said, "stamped": stamped, "ink": ink, "facts": _facts(d, r, x),
        "signed": _signed(r, x), "words": [str(_("Step")), str(_("Who")), str(_("When"))], "text": _text(r.body or ""),
        "files": [str(_("Attached: {name}").format(name=file.name)) for file in x.files(r)],
    }  # fmt: skip


def _facts(d: Document, r: Revision, x: X) -> list[dict[str, str]]:
    posts, known = x.settings_of("quality").document_posts, x.settings_of("quality").document_systems
    above = x.session.get(Document, (x.tenant, d.parent_id)) if d.parent_id else None
    found = [
        (_("Number"), d.number), (_("Revision"), r.revision or ""), (_("Document level"), str(d.level.label)),
        (_("System"), known[d.system].name if d.system in known else d.system),
        (_("Owner"), str(posts.get(d.owner_post, d.owner_post))),
        (_("Effective from"), f"{r.effective_on or '–'}"),
    ]  # fmt: skip
    if above is not None:
        found += [(_("Below"), above.number), (_("Its revision"), r.against or "–")]
    return [{"label": str(label), "text": text} for label, text in found]


def _signed(r: Revision, x: X) -> list[dict[str, str]]:
    """Who drafted, co-signed, checked and approved it, and when."""
    zone, people = x.snapshot.sites.zone(r.site_id), x.snapshot.people

    def line(step: str, who: Any, at: dt.datetime | None) -> dict[str, str]:
        return {"step": step, "who": people[who].name if who in people else "–", "at": stamp(at, zone) if at else "–"}

    made = [line(str(_("Drafted")), r.drafter_id, r.created_at)]
    for name in ("release", "ratify"):
        found = approval_of(x, r, name)
        for seat in found.seats if found is not None else ():
            if found is not None and seat.outcome == "agreed":
                made.append(line(found.label(seat.level), seat.signed_by, seat.signed_at))
    return made


def _text(body: str) -> list[dict[str, Any]]:
    """Paragraphs; a line that begins with # is a heading."""
    made = []
    for one in body.replace("\r\n", "\n").split("\n"):
        if not one.strip():
            continue
        found = _HEADING.fullmatch(one.strip())
        made.append({"level": len(found[1]), "text": found[2]} if found else {"level": 0, "text": one.expandtabs(4)})
    return made


PAPERS = (
    Paper("print", Revision.kind, _("Print the document"), _form, of_revision),
    Paper(
        "controlled", Copy.kind, _("Print this copy"), _form, of_copy,
        lambda c, x: c.status in (CopyState.OUT, CopyState.KEPT, CopyState.RECALL),
    ),
)  # fmt: skip
