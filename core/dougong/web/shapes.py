"""How the fields of a declaration are shown and asked: one ``Shape`` a field, made once, never per request.

Owns the reading of types and ``Meta`` into kinds of display; holds no values and decides no rights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from ..choices import Choice
from ..records.custom import meta_of_added
from ..records.fields import Day, Email, Fen, Line, Meta, Moment, Phone, Prose, Whole, metas, target_of
from ..records.models import hints, meta_of, value_type
from ..tenancy.custom import Added
from ..tenancy.stored import Stored
from ..words import Lazy

STATE_TONES = ("new", "acc", "doing", "hold", "visit", "done")
TAG_TONES = ("good", "warn", "bad", "info")

# Each annotated type carries its own column object, which survives further annotation: that identifies it.
_ALIASES: tuple[tuple[Any, str], ...] = (
    (Line, "text"), (Prose, "prose"), (Phone, "phone"), (Email, "email"), (Whole, "number"), (Fen, "money"),
    (Moment, "datetime"), (Day, "date"),
)  # fmt: skip
_NAMED = {id(alias.__metadata__[0]): kind for alias, kind in _ALIASES}
_BARE: dict[Any, str] = {
    str: "text", int: "number", float: "number", Decimal: "number", bool: "bool", dt.datetime: "datetime", dt.date: "date",
    UUID: "uuid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How one field is shown and asked.

    :param kind: choice | choices | state | vocabulary | calendar | person | site | location | record | money | phone |
        email | date | datetime | bool | number | text | prose | lines | json | uuid.
    :param tones: of a choice: stored value → tone.
    :param target: of a reference to a record: its kind.
    """

    name: str
    label: Lazy
    kind: str
    meta: Meta
    optional: bool = False
    choice: type[Choice] | None = None
    tones: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    literals: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)  # labels of literals, where they have any


def _inner(annotation: Any) -> tuple[str, Any]:
    """Kind and, for choices, the class (or the literal values)."""
    if get_origin(annotation) is Annotated:
        for extra in annotation.__metadata__:
            if id(extra) in _NAMED:
                return _NAMED[id(extra)], None
        return _inner(get_args(annotation)[0])
    origin = get_origin(annotation)
    if origin is Literal:
        return "choice", tuple(str(a) for a in get_args(annotation))
    if origin in (list, tuple, set, frozenset):
        kind, more = _inner(get_args(annotation)[0])
        return ("choices", more) if kind == "choice" else ("lines" if kind in ("text", "prose") else "json", None)
    if origin is Union:
        return "json", None
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        return "choice", annotation
    return _BARE.get(annotation, "json"), None


def _shape(name: str, meta: Meta, annotation: Any, target: str | None = None, state: bool = False) -> Shape:
    inner, optional = value_type(annotation)
    kind, more = _inner(inner)
    choice = more if isinstance(more, type) else None
    if meta.vocabulary and kind != "lines":  # several of a vocabulary stay a list
        kind = "vocabulary"
    elif meta.widget in ("person", "site", "calendar"):
        kind = meta.widget
    elif target:
        kind = {"core.person": "person", "core.site": "site", "core.location": "location"}.get(target, "record")
    elif state:
        kind = "state"
    tones = tag_tones(choice) if choice else {}
    literals = more if isinstance(more, tuple) else ()
    return Shape(name, meta.label, kind, meta, optional, choice, tones, target, literals)


def fields_of(kind: type[Stored], state: str | None = None) -> dict[str, Shape]:
    """The declared fields of a record or child, by name, in the order of declaration.

    :param state: name of the field that holds the workflow's state.
    """
    types = hints(kind)
    made: dict[str, Shape] = {}
    for name, (column, meta) in metas(kind).items():
        target = target_of(column, kind)
        made[name] = _shape(name, meta, types[name], target.kind if target else None, name == state)
    return made


def asked_of(form: type[BaseModel], kind: type[Stored] | None = None) -> dict[str, Shape]:
    """The fields of a form, by name. ``kind``: whose fields it was derived from, for what only columns know."""
    known = fields_of(kind) if kind else {}
    types = get_type_hints(form, include_extras=True)
    made: dict[str, Shape] = {}
    for name, info in form.model_fields.items():
        meta = meta_of(info) or Meta(Lazy(name))
        shared = known.get(name)
        target = shared.target if shared and shared.label == meta.label else None
        made[name] = _shape(name, meta, types[name], target)
    return made


_ADDED = {
    "text": "text", "prose": "prose", "number": "number", "money": "money", "date": "date", "moment": "datetime",
    "bool": "bool", "choice": "choice", "person": "person", "site": "site", "file": "file",
}  # fmt: skip


def shapes_of(added: tuple[Added, ...]) -> dict[str, Shape]:
    """The fields that a company added, by name."""
    return {
        one.name: Shape(
            one.name, meta_of_added(one).label, _ADDED[one.type], meta_of_added(one), not one.required,
            literals=tuple(value for value, _label in one.options), words=dict(one.options),
        )
        for one in added
    }  # fmt: skip


def state_tones(choice: type[Choice], first: Any, ends: frozenset[Any]) -> dict[str, str]:
    """Tones of a workflow's states: what the choice itself says after its label, else by place: the first is new,
    those that nothing leaves are done, the rest are being worked on."""
    said = {member: next((e for e in member.extra if e in STATE_TONES), None) for member in choice}
    return {
        member.value: tone or ("done" if member in ends else "new" if member is first else "doing")
        for member, tone in said.items()
    }


def tag_tones(choice: type[Choice]) -> dict[str, str]:
    """Tones of a plain choice: what it says after its label, else none."""
    return {member.value: next((str(e) for e in member.extra if e in TAG_TONES), "") for member in choice}
