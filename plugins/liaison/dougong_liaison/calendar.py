"""The compliance calendar as a page: a year of sites × months, each figure the way to its list.

A small company shows all its sites, a large one what lies directly below the site that is looked at; each row counts all that is
below it, so that nothing is out of sight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dougong import Asked, BadRequest, Context, FieldError, NotFound, page, translator, write
from dougong.views import Action, Crumb, Empty, Filter, Option, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from . import takeover
from .records import Filing
from .resources import filing
from .yearly import KINDS, Asking, Count, Counts, counts, places

_ = translator("dougong_liaison")

HERE = "/liaison/year"
MOST = 24  # rows of one page
FIRST, LAST = 2000, 2200
Pairs = list[tuple[str, str]]


@dataclass(slots=True)
class Mark:
    """So many of a kind in a month. ``tone``: good (all done), bad (some late), or empty."""

    label: str
    text: str
    tone: str
    href: str


@dataclass(slots=True)
class Month:
    label: str
    marks: list[Mark]
    current: bool = False


@dataclass(slots=True)
class SiteYear:
    """A row. ``href``: the same page of this site, where there is more below it. ``depth``: how far it stands in."""

    name: str
    months: list[Month]
    href: str = ""
    depth: int = 0


@dataclass(slots=True)
class YearPage:
    title: str
    subtitle: str
    months: list[str]
    rows: list[SiteYear]
    filters: list[Filter]
    hidden: Pairs
    clear_href: str | None
    years: list[Tab]
    actions: list[Action]
    crumbs: list[Crumb]
    empty: Empty
    note: str = ""
    next_href: str = ""


@dataclass(slots=True)
class Look:
    """One page in one person's words: what is asked for, which sites are its rows, what was counted."""

    x: Context[Any]
    asking: Asking
    start: int
    nodes: list[Any]
    more: bool
    found: Counts

    def address(self, **changed: object) -> str:
        """The same page with something else; empty: without it."""
        a, site = self.asking, self.x.snapshot.sites.get(self.x.site)
        own: dict[str, object] = {
            "year": a.year, "site": site.slug if site else "", "agency_kind": a.agencies,
            "what": a.whats, **changed,
        }  # fmt: skip
        return f"{HERE}?{urlencode({k: v for k, v in own.items() if v}, doseq=True)}"


def asking(sent: Any, x: Context[Any]) -> tuple[Asking, int]:
    """What is asked for, and from which row on. :raises BadRequest: a year, a choice or a row that there is not."""
    text, start = sent.get("year", ""), sent.get("from", "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST <= int(text) <= LAST):
        raise _wrong("year")
    if start and not (start.isascii() and start.isdigit() and len(start) < 6):
        raise _wrong("from")
    whats, agencies = (tuple(one for one in sent.getlist(name) if one) for name in ("what", "agency_kind"))
    if not set(whats) <= set(KINDS):
        raise _wrong("what")
    if not set(agencies) <= set(x.settings.agency_kinds):
        raise _wrong("agency_kind")
    year = int(text) if text else x.today(x.snapshot.sites.root).year
    return Asking(year, tuple(dict.fromkeys(agencies)), tuple(dict.fromkeys(whats))), int(start or 0)


def _wrong(name: str) -> BadRequest:
    return BadRequest(errors=(FieldError(name, _("is not one of the possible choices")),))


async def show(asked: Asked) -> Response:
    sent = asked.params(("year", "agency_kind", "what", "from"))

    def load(session: Session) -> YearPage:
        x = asked.context(session, "liaison")
        if not any(x.gate.scope(one.resource.permission("read")) for one in KINDS.values()):
            raise NotFound
        return _page(look(x, *asking(sent, x)))

    return page(asked, "liaison/year.html", await write(asked, load))


def look(x: Context[Any], wanted: Asking, start: int = 0) -> Look:
    """Count what this person may see of a year at the site that is looked at, else of the whole company."""
    tree, seen = x.snapshot.sites, places(x, KINDS)
    base = x.site or tree.root
    inside = tree.subtree(base)
    below = [n for n in tree.ordered() if n.id in inside and n.id in seen and n.id != base]
    more = False
    if len(below) > MOST:
        direct = _topmost(x, below)
        below, more = direct[start : start + MOST], start + MOST < len(direct)
    nodes = [tree.node(base), *below]
    found = counts(x, wanted, [n.id for n in nodes])
    return Look(x, wanted, start, _worth(x, nodes, found, seen), more, found)


def _topmost(x: Context[Any], nodes: list[Any]) -> list[Any]:
    """Those of these sites that none of the others stands above; where that is one alone, those directly below it."""
    ids, tree = {n.id for n in nodes}, x.snapshot.sites
    top = [n for n in nodes if ids.isdisjoint(tree.ancestors(n.id)[1:])]
    return _topmost(x, [n for n in nodes if n is not top[0]]) if len(top) == 1 < len(nodes) else top


def _worth(x: Context[Any], nodes: Sequence[Any], found: Counts, seen: frozenset[UUID]) -> list[Any]:
    """Rows with something in them; a row above a single one that says the same is left out."""
    said: dict[UUID, dict[tuple[int, str], Count]] = {}
    for (site, month, kind), one in found.items():
        said.setdefault(site, {})[month, kind] = one
    full = [n for n in nodes if n.id in said and n.id in seen]
    inside = x.snapshot.sites.subtree

    def echoes(n: Any) -> bool:
        below = [m for m in full if m.id != n.id and m.id in inside(n.id)]
        return bool(below) and said[below[0].id] == said[n.id] and all(m.id in inside(below[0].id) for m in below)

    return [n for n in full if not echoes(n)]


def _page(at: Look) -> YearPage:
    x, wanted = at.x, at.asking
    base = x.site or x.snapshot.sites.root
    all_of_it = [one for (site, _month, _kind), one in at.found.items() if site == base]
    total, late = sum(c.total for c in all_of_it), sum(c.late for c in all_of_it)
    said = _("{n} are due in {year}, {late} of them are late.").format(n=total, year=wanted.year, late=late)
    today = x.today(x.snapshot.sites.root)
    now_month = today.month if today.year == wanted.year else 0
    actions = []
    if "feeds" in x.snapshot.modules:
        actions.append(Action(str(_("Subscribe as a calendar")), f"/feeds/new?kind={Filing.kind}", "cal"))
    narrowed, ends = bool(wanted.agencies or wanted.whats), Ends(wanted)
    return YearPage(
        str(_("Compliance calendar")),
        str(said),
        ends.months,
        [_row(at, node, now_month, ends) for node in at.nodes],
        _filters(at),
        [
            (n, v)
            for n, v in (("year", str(wanted.year)), ("site", x.snapshot.sites.node(base).slug if x.site else ""))
            if v
        ],
        at.address(agency_kind="", what="") if narrowed else None,
        [Tab(str(y), at.address(year=y), current=y == wanted.year) for y in range(wanted.year - 1, wanted.year + 2)],
        actions,
        [Crumb(str(filing.label), filing.path), Crumb(str(_("Compliance calendar")))],
        Empty(
            str(_("Nothing is due in this year")),
            str(_("Take over the template of obligations, or add your own.")),
            Action(str(_("Template of obligations")), takeover.HERE, "check") if takeover.sites(x) else None,
        ),
        _note(at),
        at.address(**{"from": at.start + MOST}) if at.more else "",
    )


def _note(at: Look) -> str:
    """How the figures are read."""
    if _folded(at):
        return str(_("Figures say done / due. Each row counts everything below it; open a row to see its sites."))
    return str(_("Figures say done / due; of permits, how many end. Open one to see its records.")) if at.nodes else ""


def _folded(at: Look) -> bool:
    return any(_deeper(at, node) for node in at.nodes)


def _deeper(at: Look, node: Any) -> bool:
    """Whether sites below it are not rows of this page."""
    here = {n.id for n in at.nodes}
    return node.id != at.x.site and node.depth > 0 and bool(at.x.snapshot.sites.subtree(node.id) - here)


_MONTHS = (
    _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
)  # fmt: skip


def _row(at: Look, node: Any, current: int, ends: Ends) -> SiteYear:
    shown = {n.id for n in at.nodes}
    depth = sum(1 for a in at.x.snapshot.sites.ancestors(node.id)[1:] if a in shown)
    months = [
        Month(
            ends.months[m - 1],
            [_mark(c, name, node, m, ends) for name in at.asking.kinds if (c := at.found.get((node.id, m, name)))],
            m == current,
        )
        for m in range(1, 13)
    ]
    return SiteYear(node.name, months, at.address(site=node.slug) if _deeper(at, node) else "", min(depth, 3))


class Ends:
    """What many figures of a page share, made once: words, and the end of an address by kind and month."""

    def __init__(self, wanted: Asking) -> None:
        self.months = [str(one) for one in _MONTHS]
        self.labels = {name: str(KINDS[name].label) for name in wanted.kinds}
        self.tails = {(name, m): _tail(name, m, wanted) for name in wanted.kinds for m in range(1, 13)}


def _tail(name: str, month: int, wanted: Asking) -> str:
    owed, first = KINDS[name], dt.date(wanted.year, month, 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    sent: Pairs = [(f"{owed.day}.from", str(first)), (f"{owed.day}.to", str(last))]
    sent += [("status", one.value) for one in owed.states]
    sent += [("agency_kind", one) for one in wanted.agencies]
    return urlencode(sent)


def _mark(c: Count, name: str, node: Any, month: int, ends: Ends) -> Mark:
    owed = KINDS[name]
    if c.late:
        tone, text = "bad", str(_("{done}/{total}, {late} late").format(done=c.done, total=c.total, late=c.late))
    elif owed.done:
        tone, text = "good" if c.done == c.total else "", f"{c.done}/{c.total}"
    else:
        tone, text = "", str(c.total)
    return Mark(
        ends.labels[name], text, tone, f"{owed.resource.path}?tab=all&site={node.slug}&{ends.tails[name, month]}"
    )


def _filters(at: Look) -> list[Filter]:
    agencies: Mapping[str, Any] = at.x.settings.agency_kinds
    return [
        _filter(
            "agency_kind", str(_("Kind of agency")), {k: str(v.label) for k, v in agencies.items()}, at.asking.agencies
        ),
        _filter("what", str(_("What")), {k: str(v.label) for k, v in KINDS.items()}, at.asking.whats),
    ]


def _filter(name: str, label: str, words: Mapping[str, str], chosen: Sequence[str]) -> Filter:
    summary = str(_(", ")).join(words[one] for one in chosen[:2]) + ("…" if len(chosen) > 2 else "")
    return Filter(name, label, "choice", [Option(k, v, k in chosen) for k, v in words.items()], summary=summary)
