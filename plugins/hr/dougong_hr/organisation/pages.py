"""Two pages: the organisation as a tree, and establishment against actual site by site."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import Asked, Context, PageRoute, page, translator, write
from dougong.views import Crumb, Empty, Figure, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from . import establishment
from .choices import HoldingKind
from .establishment import Post, Totals
from .resources import employee, position

_ = translator("dougong_hr")

TREE, TABLE = "/hr/organisation", "/hr/establishment"
YEAR = dt.timedelta(days=365)
DEEPEST = 40  # levels drawn below each other; what stands deeper begins a tree of its own


@dataclass(slots=True)
class Node:
    """A post of the tree. ``people``: name, address, and tags (words with their tone)."""

    title: str
    href: str
    small: str
    heads: str
    tone: str
    note: str
    key: bool
    people: list[tuple[str, str, list[tuple[str, str]]]]
    below: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class TreePage:
    title: str
    subtitle: str
    figures: list[Figure]
    nodes: list[Node]
    crumbs: list[Crumb]
    tabs: list[Tab]
    empty: Empty


@dataclass(slots=True)
class TablePage:
    """A row a site: name, address, figures."""

    title: str
    subtitle: str
    columns: list[str]
    rows: list[tuple[str, str, list[str]]]
    crumbs: list[Crumb]
    tabs: list[Tab]
    empty: Empty


async def tree(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> TreePage:
        return _tree(asked.context(session, "hr"))

    return page(asked, "hr/organisation.html", await write(asked, load))


def _posts(x: Context[Any]) -> list[Post]:
    return establishment.read(x, None if x.site is None else list(x.snapshot.sites.subtree(x.site)))


def _tree(x: Context[Any]) -> TreePage:
    posts = _posts(x)
    found = {one.row.id: one for one in posts}
    below: dict[UUID | None, list[Post]] = defaultdict(list)
    for one in posts:
        above = one.row.reports_to
        below[above if above in found else None].append(one)
    drawn: set[UUID] = set()
    nodes = [_node(one, below, drawn, x) for one in below[None]]
    nodes += [_node(one, below, drawn, x) for one in posts if one.row.id not in drawn]  # in a circle, or very deep
    total = establishment.totals(posts)
    return TreePage(
        str(_("Organisation")),
        _sentence(total),
        _figures(total, x),
        nodes,
        _crumbs(str(_("Organisation"))),
        _tabs(TREE),
        Empty(str(_("No posts yet")), str(_("Add the posts of the establishment, or import them."))),
    )


def _node(one: Post, below: dict[UUID | None, list[Post]], drawn: set[UUID], x: Context[Any], depth: int = 1) -> Node:
    p = one.row
    drawn.add(p.id)
    settings = x.snapshot.settings("hr")
    departments = settings.departments  # type: ignore[attr-defined]
    department = str(departments[p.department].label) if p.department in departments else p.department
    site = x.snapshot.sites.node(p.site_id).name
    people = [_person(seat, settings) for seat in one.seats]
    made = Node(
        p.title,
        f"{position.path}/{p.id}",
        " · ".join((p.code, site, department)),
        f"{one.filled}/{p.headcount}",
        "bad" if one.missing and p.key else "warn" if one.missing or one.over else "good",
        _note(one),
        p.key,
        people,
    )
    if depth < DEEPEST:
        made.below = [_node(each, below, drawn, x, depth + 1) for each in below[p.id] if each.row.id not in drawn]
    return made


def _person(seat: establishment.Seat, settings: Any) -> tuple[str, str, list[tuple[str, str]]]:
    tags = [(str(seat.nature.label), "info")] if seat.nature is not HoldingKind.MAIN else []
    for name in seat.lacks:
        label = settings.certificates[name].label if name in settings.certificates else name
        tags.append((str(_("lacks: {certificate}").format(certificate=label)), "bad"))
    name = seat.name or str(_("Somebody of another site"))
    return name, f"{employee.path}/{seat.employee}" if seat.name else "", tags


def _note(one: Post) -> str:
    if one.vacant is not None:
        return str(_("vacant for {n} days").format(n=one.vacant))
    if one.missing:
        return str(_("{n} vacant").format(n=one.missing))
    return str(_("{n} above the establishment").format(n=one.over)) if one.over else ""


def _sentence(t: Totals) -> str:
    said = str(
        _("{filled} of {heads} heads are there, {missing} are vacant, of these {key} key posts.").format(
            filled=t.filled, heads=t.heads, missing=t.missing, key=t.key_vacant
        )
    )
    return f"{said} {partial()}" if t.partial else said


def partial() -> str:
    """Said where figures leave something out."""
    return str(_("Only the first {n} posts are counted: choose a site.").format(n=establishment.MOST))


def _figures(t: Totals, x: Context[Any]) -> list[Figure]:
    sites = list(x.snapshot.sites.subtree(x.site or x.snapshot.sites.root))
    today = x.today(x.snapshot.sites.root)
    _came, left, rate = establishment.turnover(x, sites, today - YEAR, today + dt.timedelta(days=1))
    covered = t.coverage
    return [
        Figure(str(_("Actual against headcount")), f"{t.filled}/{t.heads}", "", _over(t), TABLE),
        Figure(
            str(_("Vacant")), str(t.missing), "", str(_("{n} days in all").format(n=t.vacant_days)), TABLE,
            "warn" if t.missing else "",
        ),
        Figure(
            str(_("Certificates held")), "–" if covered is None else str(covered), "" if covered is None else "%",
            str(_("{n} lacking").format(n=t.lacking)), "/hr/certificate", "bad" if t.lacking else "",
        ),
        Figure(
            str(_("Turnover of a year")), "–" if rate is None else f"{rate:g}", "" if rate is None else "%",
            str(_("{n} have left").format(n=left)), "/hr/employee?tab=left",
        ),
    ]  # fmt: skip


def _over(t: Totals) -> str:
    return str(_("{n} above the establishment").format(n=t.over)) if t.over else ""


def _crumbs(title: str) -> list[Crumb]:
    return [Crumb(str(position.label), position.path), Crumb(title)]


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(str(_("Tree")), TREE, current=current == TREE),
        Tab(str(_("Establishment by site")), TABLE, current=current == TABLE),
    ]


async def table(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> TablePage:
        return _table(asked.context(session, "hr"))

    return page(asked, "hr/establishment.html", await write(asked, load))


def _table(x: Context[Any]) -> TablePage:
    by_site: dict[UUID, list[Post]] = defaultdict(list)
    posts = _posts(x)
    for one in posts:
        by_site[one.row.site_id].append(one)
    order = [node for node in x.snapshot.sites.ordered() if node.id in by_site]
    rows = [_row(node.name, node.id, establishment.totals(by_site[node.id])) for node in order]
    if len(rows) > 1:
        rows.append(_row(str(_("Together")), None, establishment.totals(posts)))
    heads = (
        _("Headcount"), _("Actual"), _("Vacant"), _("Above"), _("Key posts vacant"), _("Days vacant"), _("Certificates held"),
    )  # fmt: skip
    title = str(_("Establishment against actual"))
    none = Empty(str(_("No posts yet")), str(_("Add the posts of the establishment, or import them.")))
    sentence = _sentence(establishment.totals(posts))
    return TablePage(title, sentence, [str(one) for one in heads], rows, _crumbs(title), _tabs(TABLE), none)


def _row(name: str, site: UUID | None, t: Totals) -> tuple[str, str, list[str]]:
    covered = "–" if t.coverage is None else f"{t.coverage} %"
    href = f"{position.path}?site={site}" if site else position.path
    numbers = (t.heads, t.filled, t.missing, t.over, t.key_vacant, t.vacant_days)
    return name, href, [*map(str, numbers), covered]


ROUTES = (PageRoute("organisation", tree), PageRoute("establishment", table))

__all__ = ["ROUTES", "TABLE", "TREE"]
