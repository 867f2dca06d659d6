"""Putting a notice into words: the event's template or the company's own, with the record's values in place.

The language of templates is ``{name}`` and nothing else: no expression is ever evaluated, a value that itself looks
like a placeholder stays text. What leaves the house has telephone and identity numbers masked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dougong import Context, Event, Lazy, Matter, MatterKind, Record, headline, stamp, time_left, translator

from .records import Notice, Template

_ = translator("dougong_notify")

PLACEHOLDERS: dict[str, Lazy] = {
    "number": _("number of the record"),
    "record": _("kind of record"),
    "title": _("title of the record"),
    "site": _("site"),
    "status": _("state at that moment"),
    "action": _("what was done"),
    "person": _("who did it"),
    "company": _("company"),
    "clock": _("clock that it is about"),
    "due": _("when that was due"),
    "left": _("time left, or over"),
}
_PLACE = re.compile(r"\{([a-z_]{1,30})\}")
_ACTIONS = {
    "create": _("Registered"),
    "edit": _("Edited"),
    "comment": _("Commented"),
    "attach": _("File added"),
    "detach": _("File removed"),
    "clock": _("Overdue or escalated"),
}
# Mobile numbers, identity numbers, land lines, and any long run of digits.
_DIGITS = re.compile(
    r"(?<![\d-])(?:1[3-9]\d(?:[ -]?\d{4}){2}|\d{17}[\dXx]|0\d{2,3}[- ]\d{7,8}|\d{7,})(?!\d)",
)
TITLE, TEXT = 80, 400  # characters of a message
Templates = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Said:
    title: str
    text: str


def fill(template: str, values: dict[str, str]) -> str:
    """The template with its placeholders filled in, once; what is no known placeholder stays as it stands."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def unknown(template: str) -> list[str]:
    """Names in braces that are no placeholders."""
    return [name for name in dict.fromkeys(_PLACE.findall(template)) if name not in PLACEHOLDERS]


def masked(text: str) -> str:
    """The text without telephone and identity numbers: what is left tells whose it is to nobody who does not know."""
    return _DIGITS.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", text)


def one_line(text: str, most: int) -> str:
    """Without line breaks and control characters, and not longer than this."""
    bare = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return bare if len(bare) <= most else f"{bare[: most - 1]}…"


def own_templates(x: Context[Any]) -> Templates:
    """The company's own words, by event and language."""
    rows = x.session.scalars(sa.select(Template).where(Template.tenant_id == x.tenant))
    return {(row.event, row.locale): (row.title, row.text) for row in rows}


def events(x: Context[Any]) -> dict[str, Event]:
    """What people of this company can be told of, by name, in the order of modules."""
    return {event.name: event for _module, event in x.contributed(Event)}


def delivered(event: Event) -> tuple[str, str]:
    """The words that come with the event, in the present language."""
    return str(event.title), str(event.text)


def values(notice: Notice, record: Record | Matter, x: Context[Any], *, outside: bool) -> dict[str, str]:
    """What the placeholders stand for, in the present language."""
    if isinstance(record, Matter):
        return _matter(notice, record, x)
    resource = x.registry.resources[notice.record_kind]
    site = x.snapshot.sites.get(record.site_id)
    actor = x.snapshot.people.get(notice.actor_id) if notice.actor_id else None
    title = headline(resource, record)
    return {
        "number": record.number,
        "record": str(type(record).label),
        "title": masked(title) if outside else title,
        "site": site.name if site else "",
        "status": _state(notice, record, resource.state),
        "action": action_label(resource, notice.facts.get("action", "")),
        "person": actor.name if actor else str(_("System")),
        "company": x.snapshot.name,
        **_clock(notice, record, resource, x),
    }


def _matter(notice: Notice, matter: Matter, x: Context[Any]) -> dict[str, str]:
    """The same of something that is no record: it has no number, no state, and nobody's own words in its title."""
    due, site = notice.facts.get("due"), x.snapshot.sites.get(matter.site_id)
    zone = x.snapshot.sites.zone(matter.site_id)
    return dict.fromkeys(PLACEHOLDERS, "") | {
        "record": str(matter.label), "title": str(matter.title), "site": site.name if site else "",
        "person": str(_("System")), "company": x.snapshot.name,
        "due": stamp(dt.datetime.fromisoformat(due), zone) if due else "",
    }  # fmt: skip


def _clock(notice: Notice, record: Record, resource: Any, x: Context[Any]) -> dict[str, str]:
    """What is said of a clock: how long it had, or was over, when people were told."""
    known = resource.flow.clocks if resource.flow else {}
    clock = known.get(notice.facts.get("clock"))
    try:
        due = dt.datetime.fromisoformat(notice.facts.get("due", ""))
    except ValueError:
        return {"clock": str(clock.label) if clock else "", "due": "", "left": ""}
    zone = x.snapshot.sites.zone(record.site_id)
    return {
        "clock": str(clock.label) if clock else "", "due": stamp(due, zone), "left": time_left(due, notice.at),
    }  # fmt: skip


def _state(notice: Notice, record: Record, name: str | None) -> str:
    if name is None:
        return ""
    present = getattr(record, name)
    try:
        return str(type(present)(notice.facts["state"]))
    except (KeyError, ValueError):  # a state that the module does not know any more
        return str(present)


def action_label(resource: Any, action: str) -> str:
    step = resource.flow.transitions.get(action) if resource.flow else None
    return str(step.label if step else _ACTIONS.get(action, _("Changed")))


def said(
    notice: Notice, event: Event, record: Record | Matter, x: Context[Any], own: Templates, language: str, *, outside: bool
) -> Said:
    """The message in the present language, which ``language`` names."""
    title, text = own.get((event.name, language)) or delivered(event)
    put = values(notice, record, x, outside=outside)
    return Said(one_line(fill(title, put), TITLE), _shortened(fill(text, put)))


def _shortened(text: str) -> str:
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return lines if len(lines) <= TEXT else f"{lines[: TEXT - 1]}…"


def language_of(person: Any, x: Context[Any]) -> str:
    """Theirs, else the company's."""
    return str((person.locale if person else None) or x.settings_of("core").locale)


def path_of(registry: Any, record: Record | Matter) -> str:
    """The page of what a message is about."""
    return record.path if isinstance(record, Matter) else f"{registry.resources[record.kind].path}/{record.id}"


def icon_of(registry: Any, record: Record | Matter) -> str:
    return record.icon if isinstance(record, Matter) else str(registry.resources[record.kind].icon)


def visible(x: Context[Any], kinds: Iterable[tuple[str, Any]]) -> dict[tuple[str, Any], Record | Matter]:
    """Those of some records and other matters (kind, id) that this context's person may view now, one query a kind."""
    wanted: dict[str, set[Any]] = {}
    for kind, id in kinds:
        wanted.setdefault(kind, set()).add(id)
    found: dict[tuple[str, Any], Record | Matter] = {}
    matters = {one.kind: one for _module, one in x.contributed(MatterKind)}
    for kind, ids in wanted.items():
        if kind in matters:
            found.update({(kind, one.id): one for one in matters[kind].read(x, ids)})
        resource = x.registry.resources.get(kind)
        if resource is None or resource.module not in x.snapshot.modules:
            continue
        rows = x.session.scalars(x.readable(resource.record).where(resource.record.id.in_(ids)))
        found.update({(kind, row.id): row for row in rows})
    return found
