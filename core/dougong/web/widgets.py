"""Inputs of a form: from a field's shape to a widget with its options, and from what was typed back to values.

The API's body and a form's fields meet here: after ``parse`` both take the same way. Validates nothing itself
except what only a form can get wrong (amounts, local times).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from ..access.snapshot import Snapshot
from ..choices import Choice
from ..errors import FieldError
from ..instant import now
from ..records.offering import FEW
from ..words import translator
from .cells_out import Speaker
from .shapes import Shape
from .views import Input, Option

if TYPE_CHECKING:
    from .requests import Values

_ = translator("dougong")

RADIOS = 6  # up to so many choices all stand open
MAXLENGTH = {"text": 200, "prose": 20_000, "email": 254, "phone": 20}
_AMOUNT = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
YUAN = _("yuan")
_AS_IT_WAS = _("As it is now")
_WIDGETS = {
    "prose": "prose", "choice": "choice", "state": "choice", "choices": "checks",
    "vocabulary": "vocabulary", "calendar": "vocabulary",
    "person": "person", "site": "site", "location": "location", "money": "line", "number": "number", "date": "date",
    "datetime": "datetime",
    "bool": "bool", "phone": "phone", "email": "email", "lines": "lines", "json": "json",
}  # fmt: skip


def typed(shape: Shape, raw: Any, zone: ZoneInfo) -> str:
    """A stored value as it stands in an input."""
    if raw is None:
        return ""
    match shape.kind:
        case "choice" | "state":
            return str(raw.value if isinstance(raw, Choice) else raw)
        case "money":
            return f"{Decimal(raw) / 100:.2f}"
        case "datetime":
            return str(raw.astimezone(zone).strftime("%Y-%m-%dT%H:%M"))
        case "bool":
            return "1" if raw else ""
        case "lines" | "choices":
            found = msgspec.json.decode(raw) if isinstance(raw, str) else raw
            return "\n".join(str(v.value if isinstance(v, Choice) else v) for v in found)
        case "json":
            return raw if isinstance(raw, str) else msgspec.json.encode(raw).decode()
    return str(raw)


def begun(shape: Shape, zone: ZoneInfo) -> str:
    """What an empty form begins with in this field."""
    start = shape.meta.start
    return typed(shape, start(now().astimezone(zone).date()) if callable(start) else start, zone)


def sent(shape: Shape, name: str, form: Values) -> str:
    """What was typed into one input, as text to be shown again."""
    if shape.kind in ("choices",):
        return "\n".join(form.getlist(name))
    return form.get(name, "").replace("\r\n", "\n")


def parse(
    shapes: Iterable[Shape], values: Mapping[str, str], zone: ZoneInfo
) -> tuple[dict[str, Any], list[FieldError]]:
    """Typed texts as the body of an action, and what only the form can say is wrong.

    An empty input is left out where a value is needed (so that it "is required"), else it empties the field.
    """
    body: dict[str, Any] = {}
    errors: list[FieldError] = []
    for shape in shapes:
        text = values.get(shape.name, "")
        if shape.kind == "bool":
            body[shape.name] = bool(text)
        elif shape.kind in ("choices", "lines"):
            body[shape.name] = [line for line in text.split("\n") if line.strip()]
        elif not text.strip():
            if shape.optional:
                body[shape.name] = None
        else:
            try:
                body[shape.name] = _value(shape, text, zone)
            except _Wrong as wrong:
                errors.append(FieldError(shape.name, wrong.words))
    return body, errors


def fen_of(text: str) -> int | None:
    """An amount in yuan as people type it, ``¥1,234.50``, in fen; None: it is none."""
    plain = text.strip().replace(",", "").removeprefix("¥").strip()
    return int(Decimal(plain) * 100) if _AMOUNT.fullmatch(plain) else None


class _Wrong(Exception):
    def __init__(self, words: Any) -> None:
        super().__init__()
        self.words = words


def _value(shape: Shape, text: str, zone: ZoneInfo) -> Any:
    match shape.kind:
        case "money":
            if (fen := fen_of(text)) is None:
                raise _Wrong(_("must be an amount in yuan, as in 1234.50"))
            return fen
        case "datetime":
            try:
                moment = dt.datetime.fromisoformat(text.strip())
            except ValueError:
                return text
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()
        case "json":
            try:
                return msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                return text
        case "text" | "number" | "date" | "email" | "phone" | "person" | "site" | "location" | "uuid" | "record":
            return text.strip()
    return text


class Asking:
    """Makes inputs for one request.

    :param sites: where the record may be (its people are offered); None: anywhere that the company has.
    :param record: the record that a step is taken with; None: there is none yet.
    :param relations: of the resource: a person may be offered who holds a permission only under one of them.
    :param places: reads the locations of the record's site, as (id, name); asked once, where a form has such a field.
    :param picks: reads what a reference offers, as (id, number, title).
    """

    def __init__(
        self,
        speaker: Speaker,
        zone: ZoneInfo,
        sites: Iterable[UUID] | None = None,
        *,
        record: Any = None,
        relations: Iterable[str] = (),
        places: Callable[[], list[tuple[str, str]]] = list,
        picks: Callable[[Shape], list[tuple[UUID, str, str]]] = lambda _shape: [],
    ) -> None:
        self.speaker, self.zone = speaker, zone
        self.sites = None if sites is None else tuple(sites)
        self.record, self.relations = record, frozenset(relations)
        self._read_places, self._picks = places, picks
        self._people: dict[str | None, list[tuple[str, str]]] = {}

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        return self._read_places()

    def asks(self, shape: Shape) -> bool:
        """Whether there is anything to ask: a site without a register of places has none to choose from."""
        if shape.meta.when and self.record is not None and not any(getattr(self.record, n) for n in shape.meta.when):
            return False
        return shape.kind != "location" or bool(self.places)

    def input(
        self, shape: Shape, *, prefix: str = "", value: str = "", error: str = "", required: bool | None = None
    ) -> Input:
        """One input, holding ``value`` as it was typed or stored."""
        widget = _WIDGETS.get(shape.kind, "line")
        if shape.kind in ("choice", "state") and not shape.optional and len(shape.choice or shape.literals) <= RADIOS:
            widget = "radios"
        if shape.meta.widget in ("prose", "radios", "lines", "line"):
            widget = str(shape.meta.widget)
        needs = (not shape.optional and shape.kind != "bool") if required is None else required
        made = Input(
            prefix + shape.name,
            str(shape.label),
            widget,
            value=value,
            required=needs,
            help=str(shape.meta.help or ""),
            unit=str(shape.meta.unit or (YUAN if shape.kind == "money" else "")),
            error=error,
            maxlength=MAXLENGTH.get(shape.kind),
        )
        if widget == "checks":
            made.values = value.split("\n") if value else []
        chosen = set(made.values) | {value}
        if shape.kind == "record" and shape.meta.offers:
            self._pick(made, shape)
        else:
            made.options = [Option(v, label, v in chosen) for v, label in self.options(shape)]
        return made

    def _pick(self, made: Input, shape: Shape) -> None:
        """A reference: few to choose from are listed; of many one types number or title, and the browser searches."""
        found = self._picks(shape)
        if len(found) <= FEW:
            made.widget = "pick"
            known = {str(id) for id, _number, _title in found}
            if made.value and made.value not in known:  # by its number, or what it was and is no longer offered
                made.value = next((str(id) for id, number, _t in found if number == made.value), made.value)
                if made.value not in known:
                    made.options = [Option(made.value, made.value if len(made.value) < 36 else str(_AS_IT_WAS), True)]
            rows = [Option(str(id), f"{number} {title}".strip(), str(id) == made.value) for id, number, title in found]
            made.options = [*made.options, *rows]
            return
        made.widget = "search"
        made.value = next((number for id, number, _t in found if str(id) == made.value), made.value)
        made.options = [Option(number, f"{number} {title}".strip()) for _id, number, title in found]

    def options(self, shape: Shape) -> list[tuple[str, str]]:
        """Values and labels to choose from; empty where the input is free."""
        match shape.kind:
            case "choice" | "state" | "choices":
                return (
                    [(m.value, str(m.label)) for m in shape.choice]
                    if shape.choice
                    else [(v, shape.words.get(v, v)) for v in shape.literals]
                )
            case "vocabulary":
                return list(self.speaker.words(shape.meta.vocabulary or "").items())
            case "calendar":
                return list(self.speaker.calendars().items())
            case "person":
                return self.people(shape.meta.may)
            case "location":
                return self.places
            case "site":
                return self._targets(shape)
        return []

    def _targets(self, shape: Shape) -> list[tuple[str, str]]:
        """Sites where work is done and this module is on; a record's own site is no news to itself."""
        snapshot = self.speaker.snapshot
        own = self.sites if shape.name == "site_id" and self.sites is not None and len(self.sites) == 1 else ()
        nodes = [n for n in snapshot.sites.ordered() if n.id in snapshot.sites.open and n.id not in own]
        nodes = [n for n in nodes if snapshot.module_on(self.speaker.module, n.id)]
        return [(str(n.id), n.name) for n in [n for n in nodes if n.type == "project"] or nodes]

    def people(self, may: str | None = None) -> list[tuple[str, str]]:
        """People with a post at these sites (residents and clients are none), by name.

        :param may: only those who hold this permission at one of the sites.
        """
        if may not in self._people:
            snapshot, now = self.speaker.snapshot, self.speaker.now
            found = staff(snapshot, self.sites, now)
            if may is not None:
                places = self.sites or (None,)
                gates = {id: snapshot.gate(id, now) for id in found}
                found = {
                    id: name
                    for id, name in found.items()
                    if any(gates[id].may(may, place, self.relations) for place in places)
                }
            self._people[may] = [(str(id), name) for id, name in sorted(found.items(), key=lambda pair: pair[1])]
        return self._people[may]


def staff(snapshot: Snapshot, sites: Iterable[UUID] | None, now: dt.datetime) -> dict[UUID, str]:
    """Ids and names of active people who hold a post (level above 0) covering one of the sites, or any site."""
    covering = None if sites is None else {above for site in sites for above in snapshot.sites.ancestors(site)}
    found: dict[UUID, str] = {}
    for grant in snapshot.grants:
        role = snapshot.roles.get(grant.role)
        if (
            role is None
            or role.level <= 0
            or not grant.live(now)
            or (covering is not None and grant.site not in covering)
        ):
            continue
        person = snapshot.people.get(grant.person)
        if person is not None and person.active:
            found[person.id] = person.name
    return found
