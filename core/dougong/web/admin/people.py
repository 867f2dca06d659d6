"""The company's people: who they are, whether they can sign in, what they may do and where."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from starlette.responses import Response

from ...access.people import Person
from ...access.roles import CORE
from ...access.tables import Person as PersonRow
from ...access.tables import Session
from ...errors import NotFound
from ...words import Lazy, plural, translator
from .. import display
from ..pages import page
from ..requests import write
from ..views import (
    Action,
    Card,
    CardsPage,
    Column,
    Empty,
    Filter,
    Line,
    ListPage,
    Option,
    Row,
    Tab,
    Value,
)
from . import deputies, words
from .common import address, crumbs, need, page_number, zone_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

ROWS = 30
PATH = "/admin/people"
READS = ("core.people.read", "core.people.edit")
LANGUAGES = {"zh": "中文", "en": "English"}
_COLUMNS: tuple[tuple[str, Lazy, str, str], ...] = (
    ("name", _("Full name"), "text", "title"),
    ("username", _("User name"), "text", "id"),
    ("status", _("Status"), "tag", ""),
    ("roles", _("Roles"), "text", "desk"),
    ("sites", _("Sites"), "text", "desk"),
)


def visible(asked: Asked) -> dict[UUID, Person]:
    """The people that this person may see: all for who may edit people or reads the whole company's, else those
    whose grants touch the sites where they may read, and themselves."""
    gate, snapshot = asked.gate, asked.snapshot
    free = gate.scope("core.people.read").free
    if gate.may("core.people.edit", None) or snapshot.sites.root in free:
        return dict(snapshot.people)
    touched = {g.person for g in snapshot.grants if free and snapshot.sites.subtree(g.site) & free}
    if gate.person is not None:
        touched.add(gate.person.id)
    return {id: one for id, one in snapshot.people.items() if id in touched}


def person_of(asked: Asked) -> Person:
    """The person in the address. :raises NotFound: none, or not to be seen by who asks."""
    need(asked, *READS)
    found = visible(asked).get(asked.uuid())
    if found is None:
        raise NotFound
    return found


def ordered(people: dict[UUID, Person]) -> list[Person]:
    return sorted(people.values(), key=lambda p: (p.name, p.username))


def matching(asked: Asked) -> list[Person]:
    """People that fit search, site and role of the address, whatever their status."""
    snapshot = asked.snapshot
    text = asked.query.get("q", "").strip().casefold()
    roles = set(asked.query.getlist("role"))
    chosen = snapshot.sites.subtree(asked.site) if asked.site else None
    found = []
    for person in ordered(visible(asked)):
        if text and text not in person.name.casefold() and text not in person.username.casefold():
            continue
        if roles or chosen is not None:
            grants = [
                g for g in snapshot.grants_of(person.id) if chosen is None or snapshot.sites.subtree(g.site) & chosen
            ]
            if not any(not roles or g.role in roles for g in grants):
                continue
        found.append(person)
    return found


# ---- the list ---------------------------------------------------------------------------------------


async def index(asked: Asked) -> Response:
    """``GET /admin/people``."""
    need(asked, *READS)
    sent = asked.params(("q", "status", "role", "page"))
    found = matching(asked)
    status = sent.get("status", "")
    shown = [p for p in found if status in ("", p.status)]
    number = page_number(asked)
    first = (number - 1) * ROWS
    rows = shown[first : first + ROWS]
    kept = [(k, v) for k, v in sent.multi_items() if v and k not in ("page", "status")]
    narrowed = any(k in ("q", "role") for k, _v in kept)
    made = ListPage(
        title=str(_("People")),
        columns=[Column(name, str(label), kind, role=role) for name, label, kind, role in _COLUMNS],
        rows=[_row(asked, one) for one in rows],
        actions=_actions(asked),
        tabs=[_tab(found, kept, "", _("All"), status)]
        + [_tab(found, kept, name, label, status) for name, (label, _tone) in words.STATUSES.items()],
        filters=[role_filter(asked)],
        hidden=[(k, v) for k, v in sent.multi_items() if v and k in ("status", "site")],
        query=sent.get("q", ""),
        clear_href=address(PATH, [(k, v) for k, v in sent.multi_items() if k in ("status", "site")])
        if narrowed
        else None,
        next_href=address(PATH, [*kept, ("status", status), ("page", number + 1)])
        if len(shown) > first + ROWS
        else None,
        first_href=address(PATH, [*kept, ("status", status)]) if number > 1 else None,
        summary=str(plural(_("{n} person"), _("{n} people"), len(shown))),
    )
    if not rows:
        clear = Action(str(_("Show all")), PATH)
        made.empty = Empty(str(_("Nobody here")), str(_("No person fits what you search for.")), clear)
    primary = made.actions[0] if made.actions else None
    return page(asked, "list.html", made, primary=primary)


def _actions(asked: Asked) -> list[Action]:
    if not asked.gate.may("core.people.edit", None):
        return []
    return [Action(str(_("Add a person")), f"{PATH}/new", "plus", main=True)]


def _tab(found: list[Person], kept: list[tuple[str, str]], name: str, label: Lazy, current: str) -> Tab:
    count = sum(1 for p in found if name in ("", p.status))
    return Tab(str(label), address(PATH, [*kept, ("status", name)]), count, name == current)


def role_filter(asked: Asked) -> Filter:
    """Choose roles, in the order of the line of command."""
    wanted = set(asked.query.getlist("role"))
    roles = sorted(asked.snapshot.roles.values(), key=lambda r: (-r.level, r.label))
    chosen = [r.label for r in roles if r.slug in wanted]
    choices = [Option(r.slug, r.label, r.slug in wanted) for r in roles]
    return Filter("role", str(_("Role")), "choice", choices, summary=", ".join(chosen))


def _row(asked: Asked, person: Person) -> Row:
    snapshot = asked.snapshot
    live = [g for g in snapshot.grants_of(person.id) if g.live(asked.now)]
    roles = str(words.COMMA).join(dict.fromkeys(words.role_name(snapshot, g.role) for g in live))
    sites = list(dict.fromkeys(words.site_name(snapshot, g.site) for g in live))
    said = str(words.COMMA).join(sites[:3]) + (" …" if len(sites) > 3 else "")
    cells = [
        Value("text", person.name),
        Value("text", person.username),
        words.status(person.status),
        Value("text", roles) if roles else Value("empty", ""),
        Value("text", said) if said else Value("empty", ""),
    ]
    return Row(str(person.id), f"{PATH}/{person.id}", person.name, cells)


# ---- one person -------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /admin/people/<id>``: contact, grants, deputy, what they may do."""
    asked.params()
    return await person_page(asked, person_of(asked))


async def person_page(asked: Asked, person: Person, first: Card | None = None, status: int = 200) -> Response:
    """A person's page; ``first`` is what there is to say once, such as a new invitation."""

    def look(session: orm.Session) -> tuple[PersonRow, int]:
        row = session.scalars(sa.select(PersonRow).where(PersonRow.id == person.id)).one()
        living = sa.select(sa.func.count()).where(Session.person_id == person.id, Session.expires_at > asked.now)
        return row, session.scalar(living) or 0

    row, sessions = await write(asked, look)
    cards = [] if first is None else [first]
    cards += [
        _contact(asked, row, sessions),
        _grants(asked, person),
        deputies.card(asked, person),
        *_rights(asked, person),
    ]
    made = CardsPage(
        title=person.name,
        subtitle=str(_("User name {username}").format(username=person.username)),
        crumbs=crumbs((_("People"), PATH), (person.name, None)),
        cards=cards,
        actions=_person_actions(asked, row),
    )
    return page(asked, "cards.html", made, status)


def _person_actions(asked: Asked, row: PersonRow) -> list[Action]:
    if not asked.gate.may("core.people.edit", None):
        return []
    at = f"{PATH}/{row.id}"
    found = [Action(str(_("Edit")), f"{at}/edit", "edit", main=True)]
    if row.status == "disabled":
        return [*found, Action(str(_("Let in again")), f"{at}/enable", "undo", post=True)]
    link = _("New invitation link") if row.status == "invited" else _("Link to a new password")
    found.append(Action(str(link), f"{at}/invite", "key"))
    if asked.person is None or row.id != asked.person.id:
        found.append(Action(str(_("Disable")), f"{at}/disable", "lock", danger=True))
    return found


def _contact(asked: Asked, row: PersonRow, sessions: int) -> Card:
    def line(label: Lazy, text: str | None, icon: str) -> Line:
        return Line(str(label), icon=icon, end=Value("text", text) if text else Value("empty", ""))

    lines = [
        Line(str(_("Status")), icon="user", end=words.status(row.status)),
        line(_("Phone"), display.phone(row.phone) if row.phone else None, "phone"),
        line(_("E-mail"), row.email, "send"),
        line(_("Language"), LANGUAGES.get(row.locale or "") or str(_("as the company's")), "lang"),
        line(_("Added on"), display.stamp(row.created_at, zone_of(asked)), "cal"),
    ]
    end = Value("text", str(sessions))
    actions = []
    if sessions and asked.gate.may("core.people.edit", None) and not (asked.person and asked.person.id == row.id):
        actions = [Action(str(_("End all")), f"{PATH}/{row.id}/signout", danger=True, post=True)]
    lines.append(Line(str(_("Signed in at present")), icon="screen", end=end, actions=actions))
    return Card(str(_("Person")), lines)


def _grants(asked: Asked, person: Person) -> Card:
    gate, snapshot = asked.gate, asked.snapshot
    own = asked.person is not None and asked.person.id == person.id
    reads = gate.scope("core.grants.read").free | gate.scope("core.grants.edit").free
    shown = [
        g for g in snapshot.grants_of(person.id) if own or snapshot.sites.subtree(g.site) & reads or g.site in reads
    ]
    lines = []
    for g in sorted(shown, key=lambda g: (not g.live(asked.now), words.role_name(snapshot, g.role))):
        said = [words.site_name(snapshot, g.site), words.span_of(g, zone_of(asked, g.site))]
        said.append(words.relation(g.relation, asked.app.registry) if g.relation else "")
        actions = []
        if gate.may("core.grants.edit", g.site):
            actions = [Action(str(_("Take back")), f"/admin/grants/{g.id}/revoke")]
        small = words.also(*said)
        role = words.role_name(snapshot, g.role)
        lines.append(Line(role, small, icon="key", end=words.state_of(g, asked), actions=actions))
    more = None
    if gate.scope("core.grants.edit"):
        more = Action(str(_("Give a role")), address("/admin/grants/new", {"person": person.id}))
    return Card(
        str(_("Roles")), lines, count=len(lines), more=more, empty=str(_("No role: this person can do nothing yet."))
    )


def _rights(asked: Asked, person: Person) -> list[Card]:
    """What the person may do now, one card a module: permissions that hold at the same sites on one line."""
    snapshot, registry = asked.snapshot, asked.app.registry
    gate = snapshot.gate(person.id, asked.now)
    own = asked.person is not None and asked.person.id == person.id
    if not own and not asked.gate.may("core.explain", None) and not asked.gate.may("core.grants.read", None):
        return []
    made = []
    for module in (CORE, *(m for m in registry.modules if m in snapshot.modules)):
        by_place: dict[str, list[str]] = {}
        for one in registry.permissions.values():
            if one.module != module:
                continue
            scope = gate.scope(one.name)
            where = words.places(snapshot, scope.free) if scope.free else []
            for name, sites in scope.related:
                where += [f"{place} ({words.relation(name, registry)})" for place in words.places(snapshot, sites - scope.free)]
            if where:
                by_place.setdefault(str(words.COMMA).join(where), []).append(str(one.label))
        lines = [Line(where, words.grouped(labels), icon="site") for where, labels in by_place.items()]
        if lines:
            title = _("May do: {module}").format(module=snapshot.label(module))
            made.append(Card(str(title), lines, more=_why(asked, person)))
    return made


def _why(asked: Asked, person: Person) -> Action:
    return Action(str(_("Why?")), address("/explain", {"person": person.username}))
