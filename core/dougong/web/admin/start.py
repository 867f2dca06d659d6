"""The administration's start page: what to do first, and the way to every page that this person may use."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from starlette.responses import Response

from ...words import translator
from ..menu import ADMIN
from ..pages import page
from ..views import Action, Card, CardsPage, Line, Value
from . import words
from .common import need, zone_of
from .schedule_alarm import alarm

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_MOST = 6
_HELP = {
    "/admin/people": _("Add, invite, disable; what each may do"),
    "/admin/grants": _("Who has which role where, and until when"),
    "/admin/roles": _("What each role may do"),
    "/admin/modules": _("On and off, for the company and at single sites"),
    "/admin/settings": _("Working hours, look, and what each module lets you choose"),
    "/admin/calendars": _("Working hours, shifts, holidays, and where they hold"),
    "/admin/follow-ups": _("Which failed item, cause or finding opens a work order or a nonconformity"),
    "/admin/fields": _("Add to forms and lists what your company notes"),
    "/admin/sites": _("The site tree and its locations"),
    "/admin/schedules": _("What happens again and again, what is ahead, what failed or was missed"),
    "/admin/jobs": _("What waits, runs and failed"),
    "/admin/history": _("Who changed what"),
    "/explain": _("Why somebody may or may not do something"),
}


_GROUPS = (
    (_("Who may do what"), ("/admin/people", "/admin/grants", "/admin/roles", "/explain")),
    (
        _("The company"),
        (
            "/admin/sites", "/admin/modules", "/admin/settings", "/admin/calendars", "/admin/follow-ups", "/admin/fields",
            "/admin/schedules", "/admin/jobs", "/admin/history",
        ),
    ),
)


async def show(asked: Asked) -> Response:
    """``GET /admin``."""
    asked.params()
    offered = [(label, href, icon) for permission, label, href, icon in ADMIN if asked.gate.scope(permission)]
    need(asked, *(permission for permission, *_rest in ADMIN))
    made = CardsPage(str(_("Administration")), [*await alarm(asked), *_first(asked)])
    for heading, addresses in _GROUPS:
        ways = [Line(str(label), str(_HELP[href]), href, icon) for label, href, icon in offered if href in addresses]
        if ways:
            made.cards.append(Card(str(heading), ways))
    if asked.gate.may("core.people.edit", None):
        made.actions = [Action(str(_("Add a person")), "/admin/people/new", "plus", main=True)]
    return page(asked, "cards.html", made, primary=made.actions[0] if made.actions else None)


def _first(asked: Asked) -> list[Card]:
    """What asks for a decision: nothing is shown of what the person may not see."""
    gate, snapshot = asked.gate, asked.snapshot
    lines: list[Line] = []
    if gate.may("core.modules.edit", None):
        lines += [
            Line(f.name, str(f.problem), "/admin/modules", "warn", Value("tag", str(_("did not load")), tone="bad"))
            for f in asked.app.registry.failures
        ]
    if gate.may("core.settings.edit", None):
        lines += [
            Line(
                str(snapshot.label(name)),
                str(_("Some stored settings no longer fit.")),
                f"/admin/settings/{name}",
                "set",
                Value("tag", str(_("look")), tone="warn"),
            )
            for name in snapshot.problems
        ]
    cards = [Card(str(_("To be mended")), lines, count=len(lines), tone="bad")] if lines else []
    todo: list[Line] = []
    if gate.may("core.people.edit", None):
        todo += _invited(asked)
        todo += _without_role(asked)
    if gate.scope("core.grants.edit"):
        todo += _ending(asked)
    if todo:
        cards.append(Card(str(_("To see to")), todo, count=len(todo)))
    return cards


def _invited(asked: Asked) -> list[Line]:
    waiting = [p for p in asked.snapshot.people.values() if p.status == "invited"]
    found = [
        Line(
            p.name, str(_("Has not used the invitation yet")), f"/admin/people/{p.id}", "user", words.status("invited")
        )
        for p in waiting[:_MOST]
    ]
    if len(waiting) > _MOST:
        found.append(
            Line(
                str(_("All who are invited: {n}").format(n=len(waiting))),
                href="/admin/people?status=invited",
                icon="people",
            )
        )
    return found


def _without_role(asked: Asked) -> list[Line]:
    snapshot = asked.snapshot
    idle = [p for p in snapshot.people.values() if p.active and not snapshot.grants_of(p.id)]
    return [
        Line(
            p.name,
            str(_("Has no role and can do nothing")),
            f"/admin/people/{p.id}",
            "key",
            Value("tag", str(_("no role")), tone="warn"),
        )
        for p in idle[:_MOST]
    ]


def _ending(asked: Asked) -> list[Line]:
    snapshot, free = asked.snapshot, asked.gate.scope("core.grants.edit").free
    soon = [
        g for g in snapshot.grants
        if g.site in free and g.ends is not None and dt.timedelta(0) < g.ends - asked.now < words.ENDS_SOON
    ]  # fmt: skip
    made = []
    for g in sorted(soon, key=lambda g: g.ends or asked.now)[:_MOST]:
        text = f"{words.person_name(snapshot, g.person)} · {words.role_name(snapshot, g.role)}"
        small = words.also(words.site_name(snapshot, g.site), words.span_of(g, zone_of(asked, g.site)))
        made.append(Line(text, small, f"/admin/people/{g.person}", "clock", words.state_of(g, asked)))
    return made
