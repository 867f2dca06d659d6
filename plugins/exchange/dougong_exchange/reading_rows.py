"""From a file's row to values: words to choices, names to people and sites, texts to dates, by the rules of a mapping.

One ``Reader`` serves many rows of one run: what it looks up it looks up once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from dougong import Context, Location, Shape, speaking, translator, vocabulary

from . import cells
from .cells import Bad
from .mapping import Mapping, Source, fill
from .sources.headings import normal
from .targets import IMPORT, LANGUAGES, Target, Targets

_ = translator("dougong_exchange")

_LONGEST = 200_000  # characters of a value; what a field takes is its own affair


@dataclass
class Cell:
    """A bad cell. :ivar column: heading, or the field's label. :ivar value: as it stands there."""

    column: str
    value: str
    reason: str
    personal: bool = False


@dataclass
class Read:
    """What one row says. :ivar site: None where it names none that there is, :ivar site_name: then what it calls it.

    :ivar counted: which of several like rows it is, where the file does not say so: no part of what it says.
    :ivar missing: vocabulary entries that have to be made first: field → (key, label).
    """

    number: int
    body: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    site: UUID | None = None
    site_name: str = ""
    key: str = ""
    bad: list[Cell] = field(default_factory=list)
    missing: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(msgspec.json.encode([self.body, self.own], order="deterministic")).hexdigest()[:32]


class Reader:
    """:param today: for dates without a year."""

    def __init__(self, x: Context[Any], targets: Targets, mapping: Mapping, headings: list[str]) -> None:
        self.x, self.targets, self.mapping, self.headings = x, targets, mapping, headings
        self.tree = x.snapshot.sites
        self.words: dict[str, dict[str, str]] = {}
        self.sites = self._site_names()
        allowed = x.gate.scope(targets.resource.permission("create")).free & x.gate.scope(IMPORT).free
        self.own = next(iter(allowed)) if len(allowed) == 1 else None  # of whoever imports at one site alone
        self.people = self._people()
        self.places: dict[UUID, dict[str, UUID]] = {}
        self.records: dict[tuple[str, str], UUID | None] = {}
        known = targets.by_name
        self.plan = [(known[name], source) for name, source in mapping.fields.items() if name in known]

    def read(self, number: int, texts: list[str]) -> Read:
        """One row. Nothing is raised: what is wrong stands in ``bad``."""
        row = dict(zip(self.headings, texts, strict=False))
        out = Read(number)
        self._site(row, out)
        zone = self._zone(out.site)
        for target, source in self.plan:
            shown = source.column or str(target.shape.meta.label)
            text = self._text(source, row)
            try:
                value = self._value(target, source, cells.tidy(text), zone, out)
            except Bad as bad:
                personal = target.shape.meta.personal or bool(target.shape.meta.mask)
                out.bad.append(Cell(shown, text[:100], str(bad.why), personal))
                continue
            if value is not None:
                (out.own if target.own else out.body)[target.name] = value
        out.key = (row.get(self.mapping.key, "").strip() if self.mapping.key else "")[:200]
        if not out.key:
            content = msgspec.json.encode([texts])
            out.key = "row:" + hashlib.sha256(content).hexdigest()[:40]
        return out

    def label(self, path: str) -> str:
        """What a person calls the field of an error: its column, else its label."""
        name = path.partition(".")[0]
        source, target = self.mapping.fields.get(name), self.targets.by_name.get(name)
        return (source.column if source else "") or (str(target.shape.meta.label) if target else name)

    def raw(self, path: str, texts: list[str]) -> str:
        source = self.mapping.fields.get(path.partition(".")[0])
        row = dict(zip(self.headings, texts, strict=False))
        return self._text(source, row)[:100] if source else ""

    def known(self, name: str) -> list[str]:
        """Our words for a field, as people see them."""
        shape = self.targets.by_name[name].shape
        if shape.kind == "vocabulary":
            return list(vocabulary(self.x.snapshot, self.targets.resource.module, shape.meta.vocabulary or "").values())
        return (
            [str(one.label) for one in shape.choice]
            if shape.choice
            else [shape.words.get(v, v) for v in shape.literals]
        )

    def unknown(self, name: str, rows: list[tuple[int, list[str]]]) -> list[str]:
        """Words of a column that are none of ours, each once."""
        target, source = self.targets.by_name[name], self.mapping.fields[name]
        found: dict[str, None] = {}
        for number, texts in rows:
            text = self._text(source, dict(zip(self.headings, texts, strict=False))).strip()
            if not text or text in found or len(found) >= 30:
                continue
            out = Read(number)
            try:
                self._value(target, source, cells.tidy(text), self._zone(None), out)
            except Bad:
                found[text] = None
        return list(found)

    # ---- the site ----

    def _site(self, row: Values[str, str], out: Read) -> None:
        said = self.mapping.site
        name = (row.get(said.column, "") if said.column else said.value).strip() or said.missing
        if not name:
            nodes = [n for n in self.tree.ordered() if n.id in self.tree.open]
            only = self.tree.root if len(nodes) == 1 or self.targets.resource.record.scope == "company" else self.own
            out.site = only
            if only is None:
                out.bad.append(Cell(said.column or str(_("Site")), "", str(_("the row names no site"))))
            return
        found = self.sites.get(normal(name))
        if found is not None:
            out.site = found
        elif said.create and len(name) <= 100:
            out.site_name = name
        else:
            out.bad.append(Cell(said.column or str(_("Site")), name[:100], str(_("there is no site of this name"))))

    def _site_names(self) -> dict[str, UUID]:
        found: dict[str, UUID] = {}
        for node in reversed(self.tree.ordered()):
            found[normal(node.name)] = node.id
        return {**found, **{normal(node.slug): node.id for node in self.tree.ordered()}}

    def _zone(self, site: UUID | None) -> ZoneInfo:
        return ZoneInfo(self.mapping.timezone or self.tree.node(site or self.tree.root).timezone)

    # ---- values ----

    @staticmethod
    def _text(source: Source, row: Values[str, str]) -> str:
        text = (
            row.get(source.column, "") if source.column else fill(source.template, dict(row)) if source.template else ""
        )
        return (text if text.strip() else source.value or source.default)[:_LONGEST]

    def _value(self, target: Target, source: Source, text: str, zone: ZoneInfo, out: Read) -> Any:
        if not text:
            return False if target.shape.kind == "bool" and target.required else None
        text = source.values.get(text, text)
        if text == "":
            return None
        shape = target.shape
        if shape.kind == "vocabulary":
            return self._vocabulary(shape, source, text, out)
        today = self.x.now.astimezone(zone).date()
        if shape.kind in ("date", "datetime"):
            given: dict[str, Any] = {"order": self.mapping.dates, "formats": source.formats}
            if shape.kind == "date":
                return cells.day(text, zone, today, **given).isoformat()
            return cells.moment(text, zone, today, **given).astimezone(dt.UTC).isoformat()
        made = _KINDS.get(shape.kind)
        return made(self, shape, text, out) if made else text

    def _choice(self, shape: Shape, text: str, out: Read) -> str:
        if shape.name not in self.words:
            found: dict[str, str] = {}
            for member in shape.choice or ():
                found |= {normal(member.value): member.value, normal(member.name): member.value}
                for language in LANGUAGES:
                    with speaking(language):
                        found.setdefault(normal(str(member.label)), member.value)
            for value in shape.literals:
                found |= {normal(shape.words.get(value, value)): value, normal(value): value}
            self.words[shape.name] = found
        known = self.words[shape.name].get(normal(text))
        if known is None:
            raise Bad(_("is none of the possible values"))
        return known

    def _choices(self, shape: Shape, text: str, out: Read) -> list[str]:
        return [self._choice(shape, one, out) for one in re.split(r"[,，、;；\n]", text) if one.strip()]

    def _vocabulary(self, shape: Shape, source: Source, text: str, out: Read) -> str:
        if shape.name not in self.words:
            found: dict[str, str] = {}
            for language in LANGUAGES:
                with speaking(language):
                    entries = vocabulary(self.x.snapshot, self.targets.resource.module, shape.meta.vocabulary or "")
                    for value, label in entries.items():
                        found |= {normal(value): value}
                        found.setdefault(normal(label), value)
            self.words[shape.name] = found
        known = self.words[shape.name].get(normal(text))
        if known is not None:
            return known
        if source.create is None or len(text) > 60:
            raise Bad(_("is not one of the values that the company uses"))
        key = key_of(text)
        out.missing[shape.name] = (key, text)
        return key

    def _people(self) -> dict[str, UUID | None]:
        """Active people by user name and by name; a name that two people have names nobody."""
        found: dict[str, UUID | None] = {}
        active = [p for p in self.x.snapshot.people.values() if p.active]
        for person in active:
            found[normal(person.name)] = None if normal(person.name) in found else person.id
        return {**found, **{normal(p.username): p.id for p in active}}

    def _person(self, shape: Shape, text: str, out: Read) -> str:
        said = normal(text)
        if said not in self.people:
            raise Bad(_("nobody of this name works here"))
        found = self.people[said]
        if found is None:
            raise Bad(_("several people have this name; write the user name"))
        return str(found)

    def _site_value(self, shape: Shape, text: str, out: Read) -> str:
        found = self.sites.get(normal(text))
        if found is None:
            raise Bad(_("there is no site of this name"))
        return str(found)

    def _place(self, shape: Shape, text: str, out: Read) -> str:
        site = out.site
        if site is None:
            raise Bad(_("there is no such place at the site"))
        if site not in self.places:
            rows = self.x.session.scalars(sa.select(Location).where(Location.site_id == site))
            self.places[site] = {normal(word): one.id for one in rows for word in (one.name, one.code)}
        found = self.places[site].get(normal(text))
        if found is None:
            raise Bad(_("there is no such place at the site"))
        return str(found)

    def _record(self, shape: Shape, text: str, out: Read) -> str:
        kind = shape.target or ""
        if (kind, text) not in self.records:
            other = self.x.registry.resources.get(kind)
            self.records[kind, text] = self.x.meant(other.record, text) if other else None
        found = self.records[kind, text]
        if found is None:
            raise Bad(_("there is no record of this number"))
        return str(found)

    def _json(self, shape: Shape, text: str, out: Read) -> Any:
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            raise Bad(_("cannot be read as JSON")) from None


def _number(reader: Reader, shape: Shape, text: str, out: Read) -> Any:
    found = cells.number(text)
    return int(found) if found == found.to_integral_value() else float(found)


_KINDS: dict[str, Callable[[Reader, Shape, str, Read], Any]] = {
    "choice": Reader._choice,
    "state": Reader._choice,
    "choices": Reader._choices,
    "person": Reader._person,
    "site": Reader._site_value,
    "location": Reader._place,
    "record": Reader._record,
    "json": Reader._json,
    "number": _number,
    "money": lambda _r, _s, text, _o: cells.fen(text),
    "phone": lambda _r, _s, text, _o: cells.phone(text),
    "bool": lambda _r, _s, text, _o: cells.yes(text),
    "text": lambda _r, _s, text, _o: " ".join(text.split()),
    "lines": lambda _r, _s, text, _o: _lines(text),
}


def _lines(text: str) -> list[str]:
    marks = r"\n" if "\n" in text else "[、;；]"
    return [one.strip() for one in re.split(marks, text) if one.strip()]


def key_of(label: str) -> str:
    """A vocabulary's key made of its label: letters and digits, else a digest."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40]
    return plain or "v_" + hashlib.sha256(label.encode()).hexdigest()[:10]


def slug_of(name: str) -> str:
    """A site's short name made of its name."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:50].strip("-")
    return plain or "s-" + hashlib.sha256(name.encode()).hexdigest()[:10]
