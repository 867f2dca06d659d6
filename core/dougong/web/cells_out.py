"""From stored values to what a page shows, in the person's language and the site's zone.

Owns ``Speaker``: one request's words for people, sites, vocabularies, zones. Decides nothing about who may read what.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ..choices import Choice
from ..records.masks import masked
from ..records.vocabulary import entries
from ..words import translator
from . import display
from .shapes import Shape
from .views import Value

if TYPE_CHECKING:
    from ..access.snapshot import Snapshot

_ = translator("dougong")

_UNKNOWN_PERSON = _("A former colleague")
_SYSTEM = _("System")
_REPEATED = frozenset({"state", "choice", "vocabulary", "person", "site", "bool"})


def member(choice: type[Choice], stored: str) -> Choice:
    """The choice of a stored text. :raises ValueError: there is none."""
    return choice(stored)  # type: ignore[call-arg]  # typed by its constructor; called, an enum looks up


class Speaker:
    """Turns values into words for one request.

    :param module: whose settings hold the vocabularies.
    """

    def __init__(self, snapshot: Snapshot, module: str, now: dt.datetime) -> None:
        self.snapshot, self.module, self.now = snapshot, module, now
        self._vocabularies: dict[str, dict[str, str]] = {}
        self._made: dict[tuple[str, Any], Value] = {}  # a list shows few choices, people and sites many times

    @cached_property
    def settings(self) -> Any:
        return self.snapshot.settings(self.module)

    def zone(self, site: UUID | None) -> ZoneInfo:
        """The site's zone; a record of the whole company is shown in the root's."""
        return self.snapshot.sites.zone(site)

    def person(self, id: UUID | None) -> str:
        if id is None:
            return str(_SYSTEM)
        person = self.snapshot.people.get(id)
        return person.name if person else str(_UNKNOWN_PERSON)

    def site(self, id: UUID) -> str:
        node = self.snapshot.sites.get(id)
        return node.name if node else "–"

    def words(self, name: str) -> dict[str, str]:
        """Keys and labels of one vocabulary."""
        if name not in self._vocabularies:
            self._vocabularies[name] = entries(self.settings, name)
        return self._vocabularies[name]

    def calendars(self) -> dict[str, str]:
        """Slugs and names of the company's own calendars."""
        return {slug: str(one.name) for slug, one in self.snapshot.company.calendars.items()}

    def value(self, shape: Shape, raw: Any, zone: ZoneInfo) -> Value:
        """One stored value, as a page shows it."""
        if raw is None or raw == "":
            return display.EMPTY
        if shape.kind not in _REPEATED:
            return self._value(shape, raw, zone)
        made = self._made.get((shape.name, raw))
        if made is None:
            made = self._made[shape.name, raw] = self._value(shape, raw, zone)
        return made

    def _value(self, shape: Shape, raw: Any, zone: ZoneInfo) -> Value:
        match shape.kind:
            case "state" | "choice":
                return self._choice(shape, raw)
            case "datetime":
                return display.moment(raw, zone, self.now)
            case "date":
                return display.date(raw)
            case "person":
                return Value("person", self.person(raw))
            case "bool":
                return display.boolean(raw)
            case "prose":
                return Value("prose", str(raw))
            case "lines" if isinstance(raw, list):
                return Value("prose", "\n".join(str(one) for one in raw))
        return Value("number" if shape.kind in ("money", "number") else "text", self.text(shape, raw, zone))

    def text(self, shape: Shape, raw: Any, zone: ZoneInfo) -> str:
        """One stored value as plain text, for changes in the history and conflicts; times are exact."""
        if raw is None or raw == "":
            return "–"
        if isinstance(raw, list | tuple):
            return str(_(", ")).join(self._listed(shape, one, zone) for one in raw) or "–"
        match shape.kind:
            case "vocabulary":
                return self.words(shape.meta.vocabulary or "").get(str(raw), str(raw))
            case "calendar":
                return self.calendars().get(str(raw), str(raw))
            case "money":
                return display.money(raw)
            case "phone":
                return display.phone(raw)
            case "number" if shape.name == "year" or shape.name.endswith("_year"):  # which year it is, not how many
                return str(raw)
            case "number":
                return f"{raw:,} {shape.meta.unit}" if shape.meta.unit else f"{raw:,}"
            case "state" | "choice":
                return self._choice(shape, raw).text
            case "person":
                return self.person(raw)
            case "site":
                return self.site(raw)
            case "datetime":
                return display.stamp(raw, zone)
            case "bool":
                return display.boolean(raw).text
        return str(raw)

    def _listed(self, shape: Shape, raw: Any, zone: ZoneInfo) -> str:
        if shape.kind == "lines" and shape.meta.vocabulary:
            return self.words(shape.meta.vocabulary).get(str(raw), str(raw))
        return self._choice(shape, raw).text if shape.kind == "choices" else self.text(shape, raw, zone)

    def masked(self, shape: Shape, raw: Any) -> Value:
        """What stands in the place of a value that is only opened on request."""
        return display.EMPTY if raw is None else Value("masked", str(masked(str(raw), shape.meta.mask or "all")))

    def _choice(self, shape: Shape, raw: Any) -> Value:
        stored = raw.value if isinstance(raw, Choice) else str(raw)
        try:
            label = str(member(shape.choice, stored).label) if shape.choice else shape.words.get(stored, stored)
        except ValueError:  # stored by a newer or older version of the plugin
            label = stored
        tone = shape.tones.get(stored, "")
        return Value("state" if shape.kind == "state" else "tag" if tone else "text", label, tone=tone)
