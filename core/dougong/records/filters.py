"""Filters, search, sort: from a query's text to SQL with parameters, for every declared field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..choices import ChoiceType
from ..errors import BadRequest, FieldError, Invalid
from ..words import translator
from . import clockfilter
from .fields import Meta, metas
from .numbers import decimal_of
from .ordering import order_key
from .record import Record
from .resource import TAKEN, Me, Resource, Tab
from .vocabulary import entries

if TYPE_CHECKING:
    from .reads import ListQuery

_ = translator("dougong")
EMPTY = "-"
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_FILTERABLE: dict[type[Record], dict[str, sa.Column[Any]]] = {}
_ALL = Tab("all", _("All"))
_ME = Me()
CLOCK, CLOCK_UNTIL = clockfilter.PARAMETER, f"{clockfilter.PARAMETER}.to"  # the end of today, which the words bring


def filterable(resource: Resource[Any]) -> dict[str, sa.Column[Any]]:
    """The fields that a list can be filtered by: all that everybody may read who sees the record, but for free text, which
    is searched. Those declared ``filtered`` are offered first."""
    kind = resource.record
    found = _FILTERABLE.get(kind)
    if found is None:
        found = _FILTERABLE[kind] = _filterable(kind)
    return found


def _filterable(kind: type[Record]) -> dict[str, sa.Column[Any]]:
    return {n: c for n, (c, m) in metas(kind).items() if m.filtered or (n not in TAKEN and _open(c, m))}


def _open(column: sa.Column[Any], meta: Meta) -> bool:
    if meta.personal or meta.mask or meta.reads:
        return False
    if isinstance(column.type, sa.Text) and not isinstance(column.type, ChoiceType):
        return meta.vocabulary is not None
    return isinstance(column.type, ChoiceType | sa.Uuid | sa.Boolean) or ranged(column)


def ranged(column: sa.Column[Any]) -> bool:
    """Whether a field is filtered by from and to."""
    return isinstance(column.type, sa.DateTime | sa.Date | sa.Numeric | sa.Integer)


def parameter_names(resource: Resource[Any]) -> set[str]:
    """Every query parameter that filters this list."""
    out = set()
    for name, column in filterable(resource).items():
        out |= {name, f"{name}.from", f"{name}.to"} if ranged(column) else {name}
    return out | {CLOCK} if resource.deadlines else out


def parse(
    resource: Resource[Any], raw: Mapping[str, tuple[str, ...]], settings: Any
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Which filters are in use, and their parameters.

    :raises BadRequest: no such filter. :raises Invalid: a value that the field cannot have.
    """
    known = filterable(resource)
    plain = {key: given for key, given in raw.items() if key not in (CLOCK, CLOCK_UNTIL)}
    names, values = judge(
        plain,
        {name: ranged(column) for name, column in known.items()},
        lambda name, text: _value(resource, name, known[name], text, settings),
        lambda name, text, end: _bound(known[name], text, end),
    )
    if any(clocks := raw.get(CLOCK, ())):
        key, more = clockfilter.parse(resource, clocks, next(iter(raw.get(CLOCK_UNTIL, ())), None))
        names, values = (*names, key), {**values, **more}
    return names, values


def judge(
    raw: Mapping[str, tuple[str, ...]],
    known: Mapping[str, bool],
    value: Callable[[str, str], Any],
    bound: Callable[[str, str, str], Any],
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Which filters are in use, and their parameters: ``f_<name>`` and ``f_<name>_empty``, or ``f_<name>_<end>``.

    :param raw: by parameter. :param known: the filters there are, and whether each has from and to.
    :param value: one value of a filter from its text. :param bound: the end ``from`` or ``to`` of one; both raise
        ValueError or ArithmeticError where the text says nothing possible.
    :raises BadRequest: no such filter. :raises Invalid: values that their fields cannot have.
    """
    names, values, wrong = [], dict[str, Any](), []
    for key, given in sorted(raw.items()):
        name, _dot, end = key.partition(".")
        if name not in known or (end and (end not in ("from", "to") or not known[name])):
            raise BadRequest(_("There is no filter “{name}” here.").format(name=key))
        texts = [t for t in given if t]
        if not texts:
            continue
        try:
            if end:
                values[f"f_{name}_{end}"] = bound(name, texts[-1], end)
            elif not known[name]:
                values[f"f_{name}"] = [value(name, t) for t in texts if t != EMPTY]
                values[f"f_{name}_empty"] = EMPTY in texts
            elif texts != [EMPTY]:  # periods and single values became bounds before (web.filterwords)
                raise ValueError(texts)
        except (ValueError, ArithmeticError):
            wrong.append(FieldError(key, _("is not a possible value")))
        names.append(key)
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return tuple(names), values


def yes_or_no(text: str) -> bool:
    """:raises ValueError: neither."""
    if text not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS[text]


def moment(text: str, end: str, *, whole_days: bool = True) -> dt.datetime:
    """A bound of moments: a date's end is the end of that day; UTC where the text says no zone.

    :param whole_days: False: of days, where both ends are included. :raises ValueError: it is none.
    """
    when = dt.datetime.fromisoformat(text)
    if whole_days and len(text) == 10 and end == "to":
        when += dt.timedelta(days=1)
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)


def _value(resource: Resource[Any], name: str, column: sa.Column[Any], text: str, settings: Any) -> Any:
    if isinstance(column.type, ChoiceType):
        return column.type.choice(text).value  # type: ignore[call-arg]
    if isinstance(column.type, sa.Uuid):
        return UUID(text)
    if isinstance(column.type, sa.Boolean):
        return yes_or_no(text)
    meta = metas(resource.record)[name][1]
    if "\x00" in text or len(text) > 200:
        raise ValueError(text)
    if meta.vocabulary and settings is not None and text not in entries(settings, meta.vocabulary):
        raise ValueError(text)
    return text


def _bound(column: sa.Column[Any], text: str, bound: str) -> Any:
    if isinstance(column.type, sa.DateTime):
        return moment(text, bound)
    if isinstance(column.type, sa.Date):
        return dt.date.fromisoformat(text)
    number = Decimal(int(text)) if isinstance(column.type, sa.Integer) else decimal_of(text)
    if not abs(number) <= 2**53:
        raise ValueError(text)
    return int(number) if isinstance(column.type, sa.Integer) else number


def clauses(resource: Resource[Any], names: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    """The rules for the filters in use, with parameters as ``parse`` names them."""
    out: list[sa.ColumnElement[bool]] = []
    for key in names:
        if key.startswith(f"{CLOCK}="):
            out.append(clockfilter.clause(resource, key, _ME))
            continue
        name, _dot, bound = key.partition(".")
        column = getattr(resource.record, name)
        if bound:
            limit = sa.bindparam(f"f_{name}_{bound}", type_=column.type)
            out.append(
                column >= limit
                if bound == "from"
                else column < limit
                if isinstance(column.type, sa.DateTime)
                else column <= limit
            )
            continue
        plain = sa.Text() if isinstance(column.type, ChoiceType) else column.type
        if ranged(column):
            out.append(column.is_(None))
            continue
        values = sa.bindparam(f"f_{name}", type_=sa.ARRAY(plain))
        any_of = sa.type_coerce(column, plain) == sa.any_(values)
        out.append(sa.or_(any_of, sa.and_(sa.bindparam(f"f_{name}_empty", type_=sa.Boolean), column.is_(None))))
    return out


def tab_of(resource: Resource[Any], query: ListQuery) -> Tab:
    """The tab that is asked for, or the first. :raises BadRequest: there is none of that name."""
    if not query.tab:
        return resource.tabs[0] if resource.tabs else _ALL
    found = tab_named(resource, query.tab)
    if found is None:
        raise BadRequest(_("There is no part “{name}” of this list.").format(name=query.tab))
    return found


def tab_named(resource: Resource[Any], name: str) -> Tab | None:
    return next((t for t in (*resource.tabs, _ALL) if t.name == name), None)


def sortable(resource: Resource[Any]) -> set[str]:
    """Fields that a list can be sorted by: those with an index for it, so that no page of a long list is slow."""
    return {"number", "created_at", *resource.record.sorts}


def sort_of(resource: Resource[Any], query: ListQuery) -> str:
    """The sort that is asked for, else the tab's, else the resource's. :raises BadRequest: not a field to sort by."""
    sort = query.sort or tab_of(resource, query).sort or resource.order
    if sort.lstrip("-") not in sortable(resource) or sort.startswith("--"):
        raise BadRequest(_("The list cannot be sorted by “{name}”.").format(name=sort))
    return sort


def sort_key(resource: Resource[Any], name: str) -> sa.ColumnElement[Any]:
    """The expression that a list is ordered by: never NULL, so that a cursor can compare with it."""
    column = getattr(resource.record, name)
    key: sa.ColumnElement[Any] = order_key(column, bool(sa.inspect(resource.record).columns[name].nullable))
    return key
