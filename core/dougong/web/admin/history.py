"""The administration's history: who changed people, roles, grants, modules, settings and sites, and how."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from starlette.responses import Response

from ...access.desk import named
from ...errors import BadRequest
from ...records.tables import History, HistoryValue
from ...timing.schedules import Schedule
from ...words import Lazy, plural, translator
from ..display import moment, stamp
from ..pages import page
from ..requests import write
from ..views import Column, Empty, Filter, ListPage, Option, Row, Value
from . import schedule_words, words
from .common import address, need_whole, zone_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/admin/history"
ROWS = 50
KINDS: dict[str, Lazy] = {
    "core.person": _("Person"),
    "core.role": _("Role"),
    "core.grant": _("Roles per site"),
    "core.module": _("Module"),
    "core.setting": _("Settings"),
    "core.site": _("Site"),
    "core.location": _("Location"),
    "core.schedule": _("Schedule"),
    "core.job": _("Background work"),
}
_ACTIONS: dict[str, Lazy] = {
    "create": _("added"),
    "edit": _("changed"),
    "invite": _("invited"),
    "reset": _("link to a new password"),
    "disable": _("disabled"),
    "enable": _("let in again"),
    "signed out": _("signed out everywhere"),
    "deputy": _("deputy named"),
    "deputy ended": _("deputy ended"),
    "revoke": _("taken back"),
    "permissions": _("permissions changed"),
    "on": _("switched on"),
    "off": _("switched off"),
    "on at site": _("switched on at a site"),
    "off at site": _("switched off at a site"),
    "retry": _("tried again"),
    "drop": _("dropped"),
}
_FIELDS: dict[str, Lazy] = {
    "name": _("Name"),
    "username": _("User name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "locale": _("Language"),
    "status": _("Status"),
    "person": _("Person"),
    "role": _("Role"),
    "site": _("Site"),
    "relation": _("Limited to"),
    "from": _("From"),
    "run": _("Run"),
    "until": _("Until"),
    "note": _("Note"),
    "deputy": _("Deputy"),
    "level": _("Level"),
    "permissions": _("Permissions"),
    "enabled": _("State"),
    "slug": _("Short name"),
    "parent": _("Below"),
    "parent_id": _("Below"),
    "type": _("Kind"),
    "timezone": _("Time zone"),
    "households": _("Households"),
    "position": _("Place among its neighbours"),
    "active": _("open"),
    "code": _("Code"),
    "sessions": _("Sessions"),
}


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadRequest(_("This place in the list cannot be read. Begin at its first page.")) from None


def entries(session: orm.Session, kinds: list[str], after: UUID | None) -> list[History]:
    """The newest entries of the core's kinds, one more than a page."""
    query = sa.select(History).where(History.record_kind.in_(kinds or list(KINDS))).order_by(History.id.desc())
    if after is not None:
        query = query.where(History.id < after)
    return list(session.scalars(query.limit(ROWS + 1)))


async def index(asked: Asked) -> Response:
    """``GET /admin/history``: ``?kind=``, the newest first."""
    need_whole(asked, "core.history.read")
    sent = asked.params(("kind", "after"))
    kinds, after = [k for k in sent.getlist("kind") if k in KINDS], _after(sent.get("after", ""))

    def look(session: orm.Session) -> tuple[list[History], dict[tuple[UUID, str], Any]]:
        rows = entries(session, kinds, after)
        kept = sa.select(HistoryValue).where(HistoryValue.history_id.in_([r.id for r in rows]))
        aside = {(v.history_id, v.path): v.value for v in session.scalars(kept)}
        # Personal values are read by whoever may see people, as on a person's own page.
        return rows, aside if asked.gate.may("core.people.read", asked.snapshot.sites.root) else {}

    rows, aside = await write(asked, look)
    more, rows = len(rows) > ROWS, rows[:ROWS]
    speaker = _Speaker(asked, aside)
    options = [Option(k, str(label), k in kinds) for k, label in KINDS.items()]
    pairs = [("kind", k) for k in kinds]
    made = ListPage(
        str(_("History")),
        [
            Column("at", str(_("When"))),
            Column("actor", str(_("By"))),
            Column("kind", str(_("What"))),
            Column("subject", str(_("Which"))),
            Column("changes", str(_("How")), role="wide"),
        ],
        [speaker.row(one) for one in rows],
        filters=[
            Filter("kind", str(_("What")), "choice", options, summary=", ".join(o.label for o in options if o.selected))
        ],
        search=False,
        clear_href=PATH if kinds else None,
        next_href=address(PATH, [*pairs, ("after", str(rows[-1].id))]) if more else None,
        first_href=address(PATH, pairs) if after else None,
        summary=str(plural(_("{n} entry"), _("{n} entries"), len(rows))),
    )
    if not rows:
        made.empty = Empty(
            str(_("Nothing yet")), str(_("Every change of people, roles, modules, settings and sites stands here."))
        )
    return page(asked, "list.html", made)


class _Speaker:
    """Entries in words."""

    def __init__(self, asked: Asked, aside: dict[tuple[UUID, str], Any]) -> None:
        self.asked, self.aside, self.snapshot = asked, aside, asked.snapshot
        self.zone = zone_of(asked)
        self.roles = {r.id: r.label for r in asked.snapshot.roles.values()}
        tenant, plugins = asked.snapshot.tenant, asked.app.registry.plugins
        self.modules = {named(tenant, n): str(one.manifest.label) for n, one in plugins.items()}
        self.schedules = {s.name: str(s.label) for _module, s in asked.app.registry.contributed(Schedule, asked.snapshot.modules)}
        self.modules |= {named(tenant, f"settings:{n}"): str(one.manifest.label) for n, one in plugins.items()}

    def row(self, one: History) -> Row:
        by = words.person_name(self.snapshot, one.actor_id) if one.actor_id else str(_("System"))
        own = schedule_words.ACTIONS if one.record_kind == "core.schedule" else _ACTIONS
        action = str(own.get(one.action) or _ACTIONS.get(one.action) or one.action)
        href, subject = self._subject(one)
        cells = [
            moment(one.at, self.zone, self.asked.now),
            Value("text", by),
            Value("text", f"{KINDS[one.record_kind]}: {action}"),
            Value("link", subject, href=href) if href else Value("text", subject),
            Value("text", self._changes(one)),
        ]
        return Row(str(one.id), href or PATH, action, cells)

    def _subject(self, one: History) -> tuple[str | None, str]:
        id = one.record_id
        match one.record_kind:
            case "core.person":
                return f"/admin/people/{id}", words.person_name(self.snapshot, id)
            case "core.role":
                return None, self.roles.get(id, "")
            case "core.grant":
                pair = one.changes.get("person") or [None, None]
                person = UUID(pair[1] or pair[0]) if any(pair) else None
                return (f"/admin/people/{person}", words.person_name(self.snapshot, person)) if person else (None, "")
            case "core.site":
                node = self.snapshot.sites.get(id)
                return (f"/admin/sites/{node.slug}", node.name) if node else (None, "")
            case "core.schedule":
                name = str((one.changes.get("schedule") or [None, ""])[1])
                return f"{schedule_words.PATH}/{id}", self.schedules.get(name, name)
            case "core.module" | "core.setting":
                return None, self.modules.get(id, "")
        pair = one.changes.get("name") or [None, ""]
        return None, str(pair[1] or "")

    def _changes(self, one: History) -> str:
        said = []
        for name, (before, after) in one.changes.items():
            if name == "schedule":  # which one it was stands beside it
                continue
            old, new = (self._value(one, name, which, v) for which, v in enumerate((before, after)))
            fields = {**_FIELDS, **schedule_words.PARTS} if one.record_kind == "core.schedule" else _FIELDS
            label = str(fields.get(name) or self._site(name) or name)
            if name == "permissions":
                said += [f"+ {p}" for p in self._permissions(after)] + [f"− {p}" for p in self._permissions(before)]
            elif before is None:
                said.append(f"{label}: {new}")
            elif after is None:
                said.append(f"{label}: {old}")
            else:
                said.append(f"{label}: {old} → {new}")
        text = words.also(*said)
        return text if len(text) <= 400 else f"{text[:397]}…"

    def _permissions(self, held: Any) -> list[str]:
        return [str(self.snapshot.label(p)) for p in held or ()]

    def _site(self, text: str) -> str | None:
        try:
            return words.site_name(self.snapshot, UUID(text))
        except ValueError:
            return None

    def _value(self, one: History, name: str, which: int, value: Any) -> str:
        if isinstance(value, dict) and set(value) == {"digest"}:
            return str(self.aside.get((one.id, f"{name}.{which}"), "***"))
        if isinstance(value, bool):
            return str(_("on") if value else _("off"))
        if name in ("person", "deputy") and isinstance(value, str):
            return words.person_name(self.snapshot, UUID(value))
        if name in ("site", "parent", "parent_id") and isinstance(value, str):
            return words.site_name(self.snapshot, UUID(value))
        if name == "role" and isinstance(value, str):
            return words.role_name(self.snapshot, value)
        if name in ("from", "until", "run") and isinstance(value, str):
            return stamp(dt.datetime.fromisoformat(value), self.zone)
        if name == "status" and value in words.STATUSES:
            return str(words.STATUSES[value][0])
        if one.record_kind == "core.schedule" and (told := schedule_words.told(name, value)) is not None:
            return told
        if isinstance(value, (dict, list)):
            return str(_("{n} entries").format(n=len(value)))
        return "–" if value is None else str(value)


__all__ = ["KINDS", "entries", "index"]
