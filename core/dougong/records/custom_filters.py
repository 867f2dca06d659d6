"""Filters by the fields that a company added: the same words as for declared fields, judged by the side table's indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..tenancy.custom import PREFIX, Added
from .custom import CustomValue, having
from .filters import judge, moment, yes_or_no
from .numbers import decimal_of
from .record import Record

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
    known = filterable(fields)
    return judge(
        raw,
        {name: one.type in RANGED for name, one in known.items()},
        lambda name, text: _value(known[name], text),
        lambda name, text, end: _bound(known[name], text, end),
    )


def _value(one: Added, text: str) -> Any:
    if one.type in _LINKS:
        return UUID(text)
    if one.type == "bool":
        return int(yes_or_no(text))  # stored as a number
    if "\x00" in text or len(text) > 200 or (one.type == "choice" and text not in dict(one.options)):
        raise ValueError(text)
    return text


def _bound(one: Added, text: str, bound: str) -> Any:
    if one.type in ("number", "money"):
        number = decimal_of(text)
        if abs(number) > 10**15:
            raise ValueError(text)
        return number
    return moment(text, bound, whole_days=one.type == "moment")


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
