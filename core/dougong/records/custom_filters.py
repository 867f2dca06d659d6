"""Filters by the fields that a company added: the same words as for declared fields, judged by the side table's indexes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import BadRequest, FieldError, Invalid
from ..tenancy.custom import PREFIX, Added
from ..words import translator
from .custom import CustomValue, having
from .numbers import decimal_of
from .record import Record

_ = translator("dougong")

EMPTY = "-"
RANGED = frozenset({"number", "money", "date", "moment"})
_LINKS = frozenset({"person", "site"})
_TEXTS = frozenset({"text", "prose", "choice"})


def filterable(fields: tuple[Added, ...]) -> dict[str, Added]:
    """Those that a list may be filtered by: whoever sees the record may see them."""
    return {one.name: one for one in fields if not one.personal and one.type != "file"}


def parameter_names(fields: tuple[Added, ...]) -> set[str]:
    """Every query parameter that filters by them."""
    out = set()
    for name, one in filterable(fields).items():
        out |= {name, f"{name}.from", f"{name}.to"} if one.type in RANGED else {name}
    return out


def apart(raw: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Filters by declared fields, and those by the company's."""
    own = {n: v for n, v in raw.items() if not n.startswith(PREFIX)}
    return own, {n: v for n, v in raw.items() if n.startswith(PREFIX)}


def parse(fields: tuple[Added, ...], raw: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Which of them are in use, and their parameters.

    :raises BadRequest: no such filter. :raises Invalid: a value that the field cannot have.
    """
    known, names, values, wrong = filterable(fields), [], {}, []
    for key, given in sorted(raw.items()):
        name, _dot, bound = key.partition(".")
        one = known.get(name)
        if one is None or (bound and (bound not in ("from", "to") or one.type not in RANGED)):
            raise BadRequest(_("There is no filter “{name}” here.").format(name=key))
        texts = [t for t in given if t]
        if not texts:
            continue
        try:
            if one.type in RANGED and not bound:
                if texts != [EMPTY]:  # periods and single values became bounds before (web.filterwords)
                    raise ValueError(texts)
            elif bound:
                values[f"f_{name}_{bound}"] = _bound(one, texts[-1], bound)
            else:
                values[f"f_{name}"] = [_value(one, t) for t in texts if t != EMPTY]
                values[f"f_{name}_empty"] = EMPTY in texts
        except (ValueError, OverflowError, ArithmeticError):
            wrong.append(FieldError(key, _("is not a possible value")))
        names.append(key)
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return tuple(names), values


def _value(one: Added, text: str) -> Any:
    if one.type in _LINKS:
        return UUID(text)
    if one.type == "bool":
        return {"true": 1, "1": 1, "false": 0, "0": 0}[text] if text in ("true", "1", "false", "0") else int("x")
    if "\x00" in text or len(text) > 200 or (one.type == "choice" and text not in dict(one.options)):
        raise ValueError(text)
    return text


def _bound(one: Added, text: str, bound: str) -> Any:
    if one.type in ("number", "money"):
        number = decimal_of(text)
        if abs(number) > 10**15:
            raise ValueError(text)
        return number
    when = dt.datetime.fromisoformat(text)
    if len(text) == 10 and bound == "to" and one.type == "moment":  # a date's end is the end of that day
        when += dt.timedelta(days=1)
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def clauses(record: type[Record], fields: tuple[Added, ...], names: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    """The rules for those in use, with parameters as ``parse`` names them."""
    known = filterable(fields)
    out: list[sa.ColumnElement[bool]] = []
    for key in names:
        name, _dot, bound = key.partition(".")
        one = known[name]
        if bound:
            out.append(having(record, one, _limit(one, name, bound)))
            continue
        if one.type in RANGED:
            out.append(sa.not_(having(record, one)))
            continue
        column, kind = _column(one)
        chosen = having(record, one, column == sa.any_(sa.bindparam(f"f_{name}", type_=sa.ARRAY(kind))))
        empty = sa.and_(sa.bindparam(f"f_{name}_empty", type_=sa.Boolean), sa.not_(having(record, one)))
        out.append(sa.or_(chosen, empty))
    return out


def _column(one: Added) -> tuple[sa.ColumnElement[Any], Any]:
    if one.type in _LINKS:
        return CustomValue.link.expression, sa.Uuid()
    return (
        (CustomValue.text.expression, sa.Text())
        if one.type in _TEXTS
        else (CustomValue.number.expression, sa.Numeric())
    )


def _limit(one: Added, name: str, bound: str) -> sa.ColumnElement[bool]:
    column: Any = CustomValue.at if one.type in ("date", "moment") else CustomValue.number
    limit = sa.bindparam(f"f_{name}_{bound}", type_=column.type)
    if bound == "from":
        found: sa.ColumnElement[bool] = column >= limit
    else:
        found = column < limit if one.type == "moment" else column <= limit
    return found


__all__ = ["apart", "clauses", "filterable", "parameter_names", "parse"]
