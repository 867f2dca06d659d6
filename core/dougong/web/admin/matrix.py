"""Who has which role where: people × sites with chips, narrowed by person, role and site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from starlette.responses import Response

from ...access.people import Person
from ...access.snapshot import GrantView
from ...tenancy.sites import SiteNode
from ...words import plural, translator
from ..pages import page
from ..views import Action, Crumb, Empty, Filter, MatrixChip, MatrixPage, MatrixRow
from . import words
from .common import address, crumbs, need, page_number, zone_of
from .people import ordered, role_filter

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/admin/grants"
ROWS = 40
READS = ("core.grants.read", "core.grants.edit")


def readable(asked: Asked) -> frozenset[UUID]:
    """The sites whose grants this person may see."""
    return frozenset().union(*(asked.gate.scope(one).free for one in READS))


def seen(asked: Asked) -> list[GrantView]:
    """The grants at those sites, and those from above that reach them."""
    sites, tree = readable(asked), asked.snapshot.sites
    return [g for g in asked.snapshot.grants if g.site in sites or tree.subtree(g.site) & sites]


async def show(asked: Asked) -> Response:
    """``GET /admin/grants``."""
    need(asked, *READS)
    sent = asked.params(("q", "role", "page", "ended"))
    columns = _columns(asked)
    people = _people(asked, columns)
    number = page_number(asked)
    first = (number - 1) * ROWS
    rows = people[first : first + ROWS]
    kept = [(k, v) for k, v in sent.multi_items() if v and k != "page"]
    text = sent.get("q", "").strip()
    narrowed = any(k in ("q", "role") for k, _v in kept)
    made = MatrixPage(
        title=str(_("Roles per site")),
        subtitle=str(_("A role holds at its site and at all below; grey names come from above.")),
        corner=str(_("Person")),
        columns=[
            Crumb(n.name, address(PATH, [*((k, v) for k, v in kept if k != "site"), ("site", n.slug)])) for n in columns
        ],
        rows=[_row(asked, one, columns) for one in rows],
        filters=[Filter("q", str(_("Person")), "text", value=text, summary=text), role_filter(asked)],
        crumbs=crumbs((_("Roles per site"), None)),
        actions=_actions(asked),
        hidden=[("site", sent["site"])] if sent.get("site") else [],
        clear_href=address(PATH, [("site", sent.get("site"))]) if narrowed else None,
        next_href=address(PATH, [*kept, ("page", number + 1)]) if len(people) > first + ROWS else None,
        first_href=address(PATH, kept) if number > 1 else None,
        summary=str(plural(_("{n} person"), _("{n} people"), len(people))),
    )
    if not rows:
        action = Action(str(_("Show all")), PATH) if narrowed or asked.site else None
        made.empty = Empty(str(_("Nobody here")), str(_("No grant fits what you look for.")), action)
    primary = made.actions[0] if made.actions else None
    return page(asked, "matrix.html", made, primary=primary)


def _actions(asked: Asked) -> list[Action]:
    if not asked.gate.scope("core.grants.edit"):
        return []
    tail = {"site": asked.snapshot.sites.node(asked.site).slug} if asked.site else {}
    return [
        Action(str(_("Give a role")), address(f"{PATH}/new", tail), "plus", main=True),
        Action(str(_("Give to several")), address(f"{PATH}/bulk", tail), "people"),
    ]


def _columns(asked: Asked) -> list[SiteNode]:
    """The readable sites, in the chosen subtree, in the tree's order."""
    sites, tree = readable(asked), asked.snapshot.sites
    chosen = tree.subtree(asked.site) if asked.site else None
    return [n for n in tree.ordered() if n.id in sites and (chosen is None or n.id in chosen)]


def _people(asked: Asked, columns: list[SiteNode]) -> list[Person]:
    """People with a grant that reaches a column and fits the filters."""
    snapshot, sent = asked.snapshot, asked.query
    text, roles = sent.get("q", "").strip().casefold(), set(sent.getlist("role"))
    shown = {n.id for n in columns}
    reaching = {
        g.person for g in seen(asked) if (not roles or g.role in roles) and snapshot.sites.subtree(g.site) & shown
    }
    people = ordered({id: one for id, one in snapshot.people.items() if id in reaching})
    return [p for p in people if not text or text in p.name.casefold() or text in p.username.casefold()]


def _row(asked: Asked, person: Person, columns: list[SiteNode]) -> MatrixRow:
    snapshot = asked.snapshot
    grants = snapshot.grants_of(person.id)
    label, _tone = words.STATUSES[person.status]
    small = person.username if person.active else f"{person.username} · {label}"
    cells, add = [], []
    for node in columns:
        line = snapshot.sites.ancestors(node.id)
        chips = [_chip(asked, g, inherited=False) for g in grants if g.site == node.id]
        above = [g for g in grants if g.site in line[1:] and g.live(asked.now)]
        held = {g.role for g in grants if g.site == node.id and g.live(asked.now)}
        # What stands in this very row already needs no second mention at every site below.
        shown = {n.id for n in columns}
        chips += [_chip(asked, g, inherited=True) for g in above if g.role not in held and g.site not in shown]
        if not chips or all(c.inherited for c in chips):
            chips += [_chip(asked, g, inherited=True) for g in above if g.role not in held and g.site in shown]
        cells.append(chips)
        may = asked.gate.may("core.grants.edit", node.id) and person.status != "disabled"
        add.append(address(f"{PATH}/new", {"person": person.id, "at": node.slug}) if may else "")
    return MatrixRow(person.name, small, f"/admin/people/{person.id}", cells, add)


def _chip(asked: Asked, grant: GrantView, *, inherited: bool) -> MatrixChip:
    snapshot = asked.snapshot
    limit = words.relation(grant.relation, asked.app.registry) if grant.relation else ""
    said = [words.span_of(grant, zone_of(asked, grant.site)), limit]
    if inherited:
        said.insert(0, str(_("from {site}").format(site=words.site_name(snapshot, grant.site))))
    tone = words.tone_of(grant, asked.now)
    remove = None
    if not inherited and asked.gate.may("core.grants.edit", grant.site):
        remove = f"{PATH}/{grant.id}/revoke"
    label = words.role_name(snapshot, grant.role)
    return MatrixChip(label, words.also(*said), tone, inherited, remove)
