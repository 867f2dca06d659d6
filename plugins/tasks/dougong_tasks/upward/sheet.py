"""A report as one sheet, whatever it is shown on: what page, paper and workbook have in common, of the site's report and of
the client's copy."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Transition, stamp, translator
from dougong.views import Action, Crumb, Flash

from .choices import SENT, WRITING, ReportState
from .filling import changed, filled, valued
from .flow import acknowledge, give_back, recipients, release, remark, remarks, submit
from .records import ClientReport, SiteReport

_ = translator("dougong_tasks")
Key = tuple[str, str]


@dataclass
class Sheet:
    """One report as people read it.

    :ivar far: its days. :ivar words: (heading, text) in the author's words.
    :ivar receipts: (what they did, post, name, when): the author, then everybody it was for.
    :ivar sections: as they are kept, each figure with ``text`` and ``before_text``, and ``before`` where there was
        a period before.
    :ivar changed: figures whose records are not what they were, by section and label.
    """

    title: str
    heading: str
    site: str
    far: str
    subtitle: str = ""
    crumbs: list[Crumb] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    alert: Flash | None = None
    facts: list[Key] = field(default_factory=list)
    words: list[Key] = field(default_factory=list)
    sections: list[dict[str, Any]] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    receipts: list[tuple[str, str, str, str]] = field(default_factory=list)
    changed: set[Key] = field(default_factory=set)
    changed_words: str = ""
    receipts_words: str = ""
    empty: str = ""


def of_site(x: Context[Any], r: SiteReport, *, compare: bool = True) -> Sheet:
    """Before it is submitted, as the reader's own rights fill it; then as it was frozen.

    :param compare: whether frozen figures are counted again, to say which of them would be others today.
    """
    writing = r.status in WRITING or r.frozen is None
    differing: set[Key] = set()
    notes = []
    if writing:
        sections = filled(r, x, x.actor)
        notes.append(
            str(_("A draft: the figures are those of now, as far as you may see them. Submitting freezes them."))
        )
    else:
        sections = r.frozen or []
        differing = changed(sections, filled(r, x, r.author_id)) if r.author_id and compare else set()
        if differing:
            said = _("Records have changed since it was submitted; the figures marked ≠ are as they were then.")
            notes.append(str(said))
    site, receipts = x.snapshot.sites.node(r.site_id), _receipts(r, x)
    made = Sheet(f"{site.name} {r.period.label}", str(r.period.label), site.name, f"{r.starts} – {r.ends}")
    made.crumbs = [
        Crumb(str(_("Reports upward")), "/tasks/report"), Crumb(r.number, f"/tasks/report/{r.id}"), Crumb(str(_("Sheet")))
    ]  # fmt: skip
    made.actions, made.notes, made.receipts = _actions(r, x), notes, receipts
    if r.returned_because:
        made.alert = Flash("warn", str(_("Returned: {reason}").format(reason=r.returned_because)))
    made.facts = [(str(label), text) for label, text in _facts(r, x) if text]
    made.subtitle = " · ".join((made.far, *(f"{label} {text}" for label, text in made.facts)))
    texts = ((_("In short"), r.summary), (_("Problems and what is needed"), r.problems), (_("Next period"), r.plan))
    made.words = [(str(label), text) for label, text in texts if text]
    before, on = _before(SiteReport, r, x), x.snapshot.modules
    made.sections = [_drawn(one, before, one["key"].partition(".")[0] in on) for one in sections]
    made.remarks, made.changed = remarks(r, x), differing
    made.receipts_words = str(_("Submitted and read"))
    made.changed_words = str(_("the records have changed since"))
    made.empty = str(_("No enabled module has anything to say of this period."))
    return made


def of_client(x: Context[Any], c: ClientReport) -> Sheet:
    """What was marked for the client, and nothing of the report that it was made of."""
    label, site = c.period.label if c.period else _("Report"), x.snapshot.sites.node(c.site_id)
    made = Sheet(f"{site.name} {label}", str(label), site.name, f"{c.starts} – {c.ends}", f"{c.starts} – {c.ends}")
    made.crumbs = [Crumb(str(_("Reports to the client")), "/tasks/client_report"), Crumb(c.number)]
    made.actions = _files(ClientReport.kind, c.id, "copy", x)
    made.facts = [(str(_("Number")), c.number), (str(_("Made on")), made_on(c, x))]
    made.words = [("", c.text)] if c.text else []
    before = _before(ClientReport, c, x)
    made.sections = [_drawn(one, before, False) for one in c.frozen or []]
    made.empty = str(_("No section is meant for the client."))
    return made


def made_on(c: ClientReport, x: Context[Any]) -> str:
    return str(c.created_at.astimezone(x.snapshot.sites.zone(c.site_id)).date())


def _files(kind: str, id: UUID, sheet: str, x: Context[Any]) -> list[Action]:
    """The sheet as a file: paper, where the printing module is on, and a workbook."""
    made = [Action(str(_("Workbook (xlsx)")), f"/tasks/{sheet}/{id}/workbook", "export")]
    if x.snapshot.module_on("papers"):
        made.insert(0, Action("PDF", f"/papers/{kind.replace('.', '/')}/{id}/{sheet}.pdf", "print"))
    return made


def _actions(r: SiteReport, x: Context[Any]) -> list[Action]:
    """What this person may do with the report now, the next first: what has words is submitted, what was sent is read
    and then, if it is to go there, sent to the client. To return it is never the next."""
    written = (submit, remark) if r.status is ReportState.DRAFT and r.summary else (remark, submit)
    steps = [s for s in (*written, acknowledge, release, give_back) if open_to(s, r, x)]
    at = f"/tasks/report/{r.id}"
    made = [Action(str(s.label), s.page.format(id=r.id) or f"{at}/do/{s.name}", s.icon) for s in steps]
    if made and steps[0] is not give_back and (steps[0] is not release or r.status is ReportState.READ):
        made[0].main = True
    return [*made, *_files(SiteReport.kind, r.id, "sheet", x)]


def open_to(step: Transition[Any, Any, Any], r: SiteReport, x: Context[Any]) -> bool:
    """Whether this person could take a step now."""
    may = x.gate.may(step.permission, r.site_id)
    return may and step.open_from(r.status) and all(one.test(r, x) for one in step.guards)


def _facts(r: SiteReport, x: Context[Any]) -> list[tuple[Any, str]]:
    zone = x.snapshot.sites.zone(r.site_id)
    rows = recipients(r, x)
    read = _("{n} of {all}").format(n=sum(one.read_at is not None for one in rows), all=len(rows)) if rows else ""
    return [
        (_("Status"), str(r.status.label)),
        (_("Author"), named(r.author_id, r.site_id, x)),
        (_("Submitted"), stamp(r.submitted_at, zone) if r.submitted_at and r.status in SENT else ""),
        (_("Read by"), str(read)),
    ]


def _receipts(r: SiteReport, x: Context[Any]) -> list[tuple[str, str, str, str]]:
    zone, rows = x.snapshot.sites.zone(r.site_id), recipients(r, x)
    if r.status not in SENT or r.submitted_at is None:
        return []
    who = x.snapshot.people.get(r.author_id) if r.author_id else None
    post = post_of(who.id, r.site_id, x) if who else ""
    made = [(str(_("Author")), post, who.name if who else "–", stamp(r.submitted_at, zone))]
    for one in rows:
        who = x.snapshot.people.get(one.person_id)
        read = stamp(one.read_at, zone) if one.read_at else str(_("not read yet"))
        made.append((str(_("Recipient")), post_of(one.person_id, r.site_id, x), who.name if who else "–", read))
    return made


def named(person: UUID | None, site: UUID, x: Context[Any]) -> str:
    """Somebody with their post: 王强（项目经理）."""
    who = x.snapshot.people.get(person) if person else None
    post = post_of(person, site, x) if person else ""
    if who is None or post in who.name:  # some call people by their posts
        return who.name if who else ""
    return str(_("{name} ({post})").format(name=who.name, post=post))


def post_of(person: UUID, site: UUID, x: Context[Any]) -> str:
    """The highest role that somebody holds for a site."""
    tree, snapshot = x.snapshot.sites, x.snapshot
    held = [g.role for g in snapshot.grants_of(person) if g.live(x.now) and site in tree.subtree(g.site)]
    found = [snapshot.roles[role] for role in held if role in snapshot.roles]
    return max(found, key=lambda one: one.level).label if found else ""


def _drawn(section: dict[str, Any], before: dict[Key, Any], reachable: bool) -> dict[str, Any]:
    """A section with its figures as they are read.

    :param reachable: whether the lists behind them can be opened: those of a module that is off are not there.
    """
    figures = []
    for f in section["figures"]:
        made = {
            **f,
            "text": number(f["value"]),
            "bad": f["alarm"] and (as_number(f["value"]) or 0) > 0,
            "before_text": "",
        }
        if (at := (section["key"], f["label"])) in before:
            made["before"] = before[at]
            made["before_text"] = str(_("period before: {value}").format(value=number(before[at])))
        figures.append(made if reachable else {**made, "href": ""})
    return {**section, "figures": figures}


def as_number(value: Any) -> int | float | None:
    """What a workbook counts with; None: it is words."""
    if isinstance(value, int):
        return value
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def number(value: Any) -> str:
    """With separators of thousands, decimals as they were kept."""
    if as_number(value) is None:
        return str(value)
    whole, dot, rest = str(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() else str(value)


def _before(kind: type[SiteReport | ClientReport], r: SiteReport | ClientReport, x: Context[Any]) -> dict[Key, Any]:
    """The frozen figures of the last report before this one of the same site and kind, where this person may see it."""
    query = x.readable(kind).where(
        kind.site_id == r.site_id, kind.period == r.period, kind.starts < r.starts, kind.frozen.is_not(None)
    )
    last = x.session.scalars(query.order_by(sa.desc(kind.starts)).limit(1)).first()
    return valued(last.frozen or []) if last is not None else {}
