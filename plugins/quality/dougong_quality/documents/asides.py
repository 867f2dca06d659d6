"""What documents add to pages: their revisions, what lies below them, who has not read, the text to be read, the reading list of
the start page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import Action, AsideCard, Card, Line, MenuItem, Value

from . import matrix, readings
from .base import OVERSEE, in_force
from .choices import CopyState, ReadingState
from .records import Copy, Document, Reading, Revision
from .resources import GROUP

_ = translator("dougong_quality")

_PATHS = {kind: "/" + kind.kind.replace(".", "/") for kind in (Document, Revision, Copy, Reading)}
_SHOWN = 12
_MARKS = re.compile(r"(?m)^#{1,3}\s*")  # of headings


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[Any]:
    """Cards, buttons and menu items for a page."""
    if page == "home":
        return _mine(x)
    if page == "shell" and x.gate.scope(f"{Document.kind}.read"):
        return [MenuItem(str(_("Clause matrix")), matrix.HERE, "check", group=str(GROUP))]
    if page == f"list:{Document.kind}":
        return [Action(str(_("Clause matrix")), matrix.HERE, "check")]
    if page == f"detail:{Document.kind}":
        return [card for card in (_revisions(subject, x), _below(subject, x), _copies(subject, x), _unread(subject, x)) if card]
    if page == f"detail:{Reading.kind}":
        return _to_read(subject, x)
    return ()


def _revisions(d: Document, x: Context[Any]) -> AsideCard | None:
    query = x.readable(Revision).where(Revision.document_id == d.id).order_by(Revision.created_at.desc()).limit(_SHOWN)
    lines = []
    for r in x.session.scalars(query):
        since = Value("text", f"{r.effective_on}") if r.effective_on else None
        lines.append(Line(f"{r.revision} {r.status}", r.change[:80], f"{_PATHS[Revision]}/{r.id}", "doc", since))
    return AsideCard(str(_("Revisions")), lines=lines) if lines else None


def _below(d: Document, x: Context[Any]) -> AsideCard | None:
    rule = sa.or_(Document.parent_id == d.id, Document.above_id == d.id)
    query = x.readable(Document).where(rule).order_by(Document.number).limit(_SHOWN)
    lines = []
    for one in x.session.scalars(query):
        small = str(one.standing if one.parent_id else one.level)
        lines.append(Line(f"{one.number} {one.title}", small, f"{_PATHS[Document]}/{one.id}", "doc"))
    return AsideCard(str(_("Below this document")), lines=lines) if lines else None


def _copies(d: Document, x: Context[Any]) -> AsideCard | None:
    open_ones = (CopyState.OUT, CopyState.RECALL)
    query = x.readable(Copy).where(Copy.document_id == d.id, Copy.status.in_(open_ones)).order_by(Copy.copy_no)
    lines = [_copy(c, x) for c in x.session.scalars(query.limit(_SHOWN))]
    return AsideCard(str(_("Paper copies")), lines=lines) if lines else None


def _copy(c: Copy, x: Context[Any]) -> Line:
    person = x.snapshot.people.get(c.holder_id) if c.holder_id else None
    holder = c.holder or (person.name if person else "–")
    small = f"{c.revision} · {c.status}"
    return Line(f"#{c.copy_no:02d} {holder}", small, f"{_PATHS[Copy]}/{c.id}", "doc")


def _unread(d: Document, x: Context[Any]) -> AsideCard | None:
    """Who has not read the current revision, for those who see to it."""
    posts = x.settings_of("quality").document_posts
    chosen = "、".join(str(posts.get(one, one)) for one in readings.posts(d))
    current = in_force(d.id, x)
    if not chosen:
        return None
    if current is None or not x.gate.may(OVERSEE, d.site_id):
        return AsideCard(str(_("Who must read it")), text=chosen)
    rule = (Reading.revision_id == current.id, Reading.status == ReadingState.OPEN)
    total = x.session.scalar(sa.select(sa.func.count()).select_from(x.readable(Reading).where(*rule).subquery())) or 0
    people = x.snapshot.people
    lines = [
        Line(people[r.person_id].name if r.person_id in people else "–", r.number, f"{_PATHS[Reading]}/{r.id}", "user")
        for r in x.session.scalars(x.readable(Reading).where(*rule).order_by(Reading.read_by).limit(_SHOWN))
    ]
    said = _("{n} have not read revision {revision} yet.").format(n=total, revision=current.revision)
    return AsideCard(str(_("Who must read it")), lines=lines, text=f"{chosen}\n{said}")


def _to_read(r: Reading, x: Context[Any]) -> list[AsideCard]:
    revision = x.session.scalar(x.readable(Revision).where(Revision.id == r.revision_id))
    if revision is None:
        return []
    lines = [Line(str(_("Open the revision, with its files")), href=f"{_PATHS[Revision]}/{revision.id}", icon="doc")]
    text = _MARKS.sub("", revision.body or revision.change)
    return [AsideCard(f"{r.document} {revision.revision}", lines=lines, text=text)]


def _mine(x: Context[Any]) -> list[Card]:
    """What this person has to read, the first to be due on top, each ticked off with one tap."""
    if x.actor is None or not x.gate.scope(readings.acknowledge.permission):
        return []
    rule = (Reading.person_id == x.actor, Reading.status == ReadingState.OPEN)
    found = list(x.session.scalars(x.readable(Reading).where(*rule).order_by(Reading.read_by).limit(_SHOWN)))
    if not found:
        return []
    return [Card(str(_("To be read")), [_line(r, x) for r in found], len(found))]


def _line(r: Reading, x: Context[Any]) -> Line:
    due = ""
    if r.read_by is not None:
        local = r.read_by.astimezone(x.snapshot.sites.zone(r.site_id))
        due = str(_("by {day}").format(day=f"{local:%m-%d}"))
    tap = Action(str(_("I have read it")), f"/quality/read/{r.id}", post=True)
    small = " · ".join(one for one in (r.document, r.revision or "", due) if one)
    return Line(r.title or r.document, small, f"{_PATHS[Reading]}/{r.id}", "eye", actions=[tap])
