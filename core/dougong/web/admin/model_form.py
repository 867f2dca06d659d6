"""A form out of a pydantic model, and the model's values out of what was typed: settings pages are made of it.

Knows nested models (sections), dictionaries of models (tables), lists (lines), choices, numbers, switches. What it does
not know is asked as JSON. Validates nothing: the model does.
"""

from __future__ import annotations

import datetime as dt
import enum
import secrets
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from ...choices import Choice
from ...records.fields import is_amount
from ...records.models import meta_of
from ...words import Lazy, translator
from ..views import Input, InputTable, Option, Section, TableRow
from ..widgets import YUAN, fen_of

_ = translator("dougong")

Typed = Mapping[str, list[str]]  # what a form holds: name → texts
_NUMBERS = (int, float, Decimal)
_LISTS = (list, tuple, set, frozenset)
ACT = "act"  # name of the buttons that add, remove and reset


@dataclass(frozen=True)
class Kind:
    """How one field is asked. ``kind``: model | table | lines | choice | bool | number | money | date | line | prose | json."""

    kind: str
    optional: bool = False
    model: type[BaseModel] | None = None
    choices: tuple[tuple[str, Lazy | str], ...] = ()


def kind_of(annotation: Any) -> Kind:
    """The kind of a field's annotation."""
    inner, optional = _bare(annotation)
    origin, args = get_origin(inner), get_args(inner)
    if origin is Literal:
        return Kind("choice", optional, choices=tuple((str(a), _CHOICES.get(str(a)) or str(a)) for a in args))
    if origin in _LISTS or inner in _LISTS:
        item = _bare(args[0])[0] if args else str
        return Kind("lines" if item in (str, int, float, dt.date) else "json", optional)
    if origin is dict and len(args) == 2:
        value = _bare(args[1])[0]
        if isinstance(value, type) and issubclass(value, BaseModel):
            return Kind("table", optional, value)
        return Kind("json", optional)
    if not isinstance(inner, type):
        return Kind("json", optional)
    if issubclass(inner, BaseModel):
        return Kind("model", optional, inner)
    if issubclass(inner, enum.Enum):
        found = [(str(m.value), m.label if isinstance(m, Choice) else str(m.value)) for m in inner]
        return Kind("choice", optional, choices=tuple(found))
    return Kind(_SIMPLE.get(inner, "json"), optional)


def _asked_as(info: FieldInfo) -> Kind:
    """The kind of a declared field: an amount is kept in fen and typed in yuan."""
    found = kind_of(info.annotation)
    return replace(found, kind="money") if is_amount(info.metadata) else found


_CHOICES: dict[str, str] = {"zh": "中文", "en": "English"}
_SIMPLE: dict[Any, str] = {bool: "bool", str: "line", dt.date: "date", dt.time: "line"} | dict.fromkeys(
    _NUMBERS, "number"
)


def _bare(annotation: Any) -> tuple[Any, bool]:
    """Without ``Annotated`` and without ``None``; whether it may be empty."""
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            args = get_args(annotation)
            rest = [a for a in args if a is not type(None)]
            optional = optional or len(rest) < len(args)
            if len(rest) != 1:
                return None, optional
            annotation = rest[0]
        else:
            return annotation, optional


def label_of(name: str, info: FieldInfo) -> str:
    meta = meta_of(info)
    if meta is not None:
        return str(meta.label)
    extra = info.json_schema_extra
    label = extra.get("label") if isinstance(extra, dict) else None
    return str(label or info.title or name)


def _asked(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The fields of a model that this form asks: not those that have a page of their own."""
    return [(name, info) for name, info in model.model_fields.items() if name not in elsewhere(model)]


def elsewhere(model: type[BaseModel]) -> tuple[str, ...]:
    """Fields that have a page of their own (``json_schema_extra["page"]``); a form leaves them as they are."""
    extras = {name: info.json_schema_extra for name, info in model.model_fields.items()}
    return tuple(name for name, extra in extras.items() if isinstance(extra, dict) and "page" in extra)


# ---- from values to texts and back ------------------------------------------------------------------


def texts(model: type[BaseModel], value: BaseModel, prefix: str = "") -> dict[str, list[str]]:
    """A model's values as its form holds them."""
    found: dict[str, list[str]] = {}
    for name, info in _asked(model):
        path, held, kind = prefix + name, getattr(value, name), _asked_as(info)
        if kind.kind == "model" and kind.model is not None and held is not None:
            found |= texts(kind.model, held, f"{path}.")
        elif kind.kind == "table" and kind.model is not None:
            found[f"{path}.#"] = [str(key) for key in _in_order(model, name, held or {})]
            for key in held or {}:
                found |= texts(kind.model, held[key], f"{path}.{key}.")
        else:
            found[path] = _text(kind, held)
    return found


def _in_order(model: type[BaseModel], name: str, held: Mapping[str, Any]) -> list[str]:
    """Built-in entries in the order of their declaration, the company's own behind them: the database keeps no order."""
    default = model.model_fields[name].get_default(call_default_factory=True) or {}
    return [k for k in default if k in held] + [k for k in held if k not in default]


def _text(kind: Kind, held: Any) -> list[str]:
    if held is None:
        return [""]
    if kind.kind == "bool":
        return ["1"] if held else []
    if kind.kind == "lines":
        return ["\n".join(str(one) for one in held)]
    if kind.kind == "json":
        return [msgspec.json.format(msgspec.json.encode(to_jsonable_python(held))).decode()]
    if kind.kind == "money":
        return [f"{Decimal(held) / 100:.2f}".removesuffix(".00")]
    if isinstance(held, float) and held.is_integer():
        return [str(int(held))]
    return [str(held.value if isinstance(held, enum.Enum) else held)]


def values(model: type[BaseModel], sent: Typed, prefix: str = "") -> dict[str, Any]:
    """What was typed, as the model takes it; a text that fits nothing stays a text, so that the model refuses it."""
    found: dict[str, Any] = {}
    for name, info in _asked(model):
        path, kind = prefix + name, _asked_as(info)
        if kind.kind == "model" and kind.model is not None:
            found[name] = values(kind.model, sent, f"{path}.")
        elif kind.kind == "table" and kind.model is not None:
            keys = dict.fromkeys(sent.get(f"{path}.#", ()))
            found[name] = {key: values(kind.model, sent, f"{path}.{key}.") for key in keys if key}
        elif kind.kind == "bool":
            found[name] = bool(sent.get(path))
        elif path in sent:
            found[name] = _value(kind, sent[path][0].replace("\r\n", "\n"))
    return found


def _value(kind: Kind, text: str) -> Any:
    if kind.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    plain = text.strip()
    if not plain and kind.optional:
        return None
    if kind.kind == "json":
        try:
            return msgspec.json.decode(plain)
        except (msgspec.DecodeError, RecursionError):
            return plain
    if kind.kind == "money":
        fen = fen_of(plain)
        return plain if fen is None else fen
    return plain.replace(",", "") if kind.kind == "number" else plain


# ---- the form ---------------------------------------------------------------------------------------


def sections(
    model: type[BaseModel],
    sent: Typed,
    defaults: Mapping[str, list[str]],
    prefix: str = "",
    title: str = "",
    named: BaseModel | None = None,
) -> list[Section]:
    """Inputs of a model, holding what was typed; values that differ from the default say what that is.

    :param defaults: ``texts`` of the model with its defaults. :param named: the model with its defaults, whose entries
        know what they are called.
    """
    named = named or model()
    first = Section(title, [])
    made, behind = [first], list[Section]()
    for name, info in _asked(model):
        path, kind = prefix + name, _asked_as(info)
        if kind.kind == "model" and kind.model is not None:
            below = getattr(named, name, None)
            behind += sections(kind.model, sent, defaults, f"{path}.", label_of(name, info), below)
        elif kind.kind == "table" and kind.model is not None:
            calls = {k: str(getattr(one, "label", "") or "") for k, one in (getattr(named, name, None) or {}).items()}
            table = _table(kind.model, path, label_of(name, info), sent, calls)
            section = Section(label_of(name, info), [], table=table)
            section.help = _table_help(path, sent, defaults)
            behind.append(section)
        else:
            one = _input(path, name, info, kind, sent)
            _against(one, kind, sent.get(path, []), defaults.get(path, []))
            first.inputs.append(one)
    return [s for s in (*made, *behind) if s.inputs or s.table]


def _input(path: str, name: str, info: FieldInfo, kind: Kind, sent: Typed) -> Input:
    meta = meta_of(info)
    text = (sent.get(path) or [""])[0]
    widget = {"line": "prose" if meta and meta.widget == "prose" else "line", "money": "line"}.get(kind.kind, kind.kind)
    required = kind.kind in ("number", "money", "choice", "date") and not kind.optional
    made = Input(path, label_of(name, info), widget, text, required=required)
    made.help = str(meta.help) if meta and meta.help else str(_("One a line.")) if kind.kind == "lines" else ""
    made.unit = str(meta.unit) if meta and meta.unit else str(YUAN) if kind.kind == "money" else ""
    made.options = [Option(value, str(label), value == text) for value, label in kind.choices]
    made.maxlength = (
        next((m.max_length for m in info.metadata if hasattr(m, "max_length")), None) if widget == "line" else None
    )
    return made


def _against(one: Input, kind: Kind, now: list[str], default: list[str]) -> None:
    """Say the default where the value differs from it, with a button to go back."""
    if _same(now, default):
        return
    text = (default or [""])[0]
    if kind.kind == "bool":
        said = str(_("on") if text else _("off"))
    else:
        said = next((str(label) for value, label in kind.choices if value == text), text.replace("\n", ", "))
    short = said if len(said) <= 60 else f"{said[:57]}…"
    label = _("Back to the default: {value}").format(value=short) if said else _("Back to the default (empty)")
    one.button = (ACT, f"reset:{one.name}", str(label))


def _same(now: list[str], default: list[str]) -> bool:
    return [t.strip() for t in now if t] == [t.strip() for t in default if t]


def _table(model: type[BaseModel], path: str, label: str, sent: Typed, calls: Mapping[str, str]) -> InputTable:
    shown = model.model_fields
    rows = []
    for key in dict.fromkeys(sent.get(f"{path}.#", ())):
        inputs = []
        for name, info in shown.items():
            one = _input(f"{path}.{key}.{name}", name, info, _asked_as(info), sent)
            one.label, one.help, one.unit = _column(one), "", ""
            inputs.append(one)
        called = (inputs[0].value if inputs else "") or calls.get(key, "")
        rows.append(TableRow(called or str(_("New entry")), inputs, (ACT, f"remove:{path}:{key}")))
    columns = [_column(_input(n, n, i, _asked_as(i), {})) for n, i in shown.items()]
    return InputTable(label, columns, rows, (ACT, f"add:{path}", str(_("Add an entry"))), str(_("No entries.")))


def _column(one: Input) -> str:
    """A column's head: the label with its unit, once for all rows."""
    if not one.unit or one.unit in one.label:
        return one.label
    return str(_("{label} ({unit})").format(label=one.label, unit=one.unit))


def _table_help(path: str, sent: Typed, defaults: Mapping[str, list[str]]) -> str:
    mine, standard = set(sent.get(f"{path}.#", ())), set(defaults.get(f"{path}.#", ()))
    prefix = f"{path}."
    changed = sum(
        any(not _same(sent.get(n, []), t) for n, t in defaults.items() if n.startswith(f"{prefix}{key}."))
        for key in mine & standard
    )
    if not changed and mine == standard:
        return str(_("As delivered."))
    said = _("Against the default: {changed} changed, {added} added, {removed} removed.")
    return str(said.format(changed=changed, added=len(mine - standard), removed=len(standard - mine)))


# ---- what the small buttons do ----------------------------------------------------------------------


def act(model: type[BaseModel], what: str, sent: Typed, defaults: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The typed texts after one of the form's small buttons; nothing is stored by it.

    :param what: ``add:<path>``, ``remove:<path>:<key>``, ``reset:<path>`` or ``reset`` for everything.
    """
    found = {name: list(held) for name, held in sent.items()}
    verb, _colon, rest = what.partition(":")
    if verb == "reset" and not rest:
        return {name: list(held) for name, held in defaults.items()}
    if verb == "reset":
        found[rest] = list(defaults.get(rest, []))
    elif verb == "add" and (entry := _entry(model, rest)) is not None:
        key = f"own_{secrets.token_hex(3)}"
        found.setdefault(f"{rest}.#", []).append(key)
        found |= texts(entry, _blank(entry), f"{rest}.{key}.")
    elif verb == "remove":
        path, _colon, key = rest.rpartition(":")
        found[f"{path}.#"] = [k for k in found.get(f"{path}.#", ()) if k != key]
    return found


def _entry(model: type[BaseModel], path: str) -> type[BaseModel] | None:
    for part in path.split("."):
        info = model.model_fields.get(part)
        kind = _asked_as(info) if info else None
        if kind is None or kind.model is None:
            return None
        model = kind.model
        if kind.kind == "table":
            return model
    return None


def _blank(model: type[BaseModel]) -> BaseModel:
    """An entry with its defaults, unchecked: it is to be filled in."""
    given = {n: i.get_default(call_default_factory=True) for n, i in model.model_fields.items() if not i.is_required()}
    return model.model_construct(**{**dict.fromkeys(model.model_fields), **given})
