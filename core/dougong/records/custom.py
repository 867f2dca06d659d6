"""Values of the fields that a company added to a record: their types, how they are stored, read and filtered.

Values stand in a side table, one row each, so that lists filter by an index: an index on ``jsonb`` is not used under
row-level security. Definitions are ``tenancy.custom``; everything else treats these fields like the declared ones.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, Field, create_model
from pydantic_core import PydanticCustomError, PydanticUndefined
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from ..tenancy.custom import PREFIX, Added, CustomField
from ..tenancy.stored import Stored
from ..words import Lazy, translator
from .fields import Day, Fen, Line, Meta, Moment, Prose
from .models import creating, editing, worded
from .numbers import decimal_of
from .record import Record

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")

_PENDING = "x-pending"
OPENS = "core.fields.personal"  # the permission to open masked values of a company's own fields


class CustomValue(
    Stored,
    kind="core.custom_value",
    label=_("Value of a company's field"),
    indexes=[
        ("field_id", "text", "record_id"),
        ("field_id", "number", "record_id"),
        ("field_id", "at", "record_id"),
        ("field_id", "link", "record_id"),
    ],
):
    """One value: in the column of its type, the others are empty."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    field_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": CustomField})
    text: Mapped[str | None] = mapped_column(default=None)
    number: Mapped[Any | None] = mapped_column(sa.Numeric, default=None)
    at: Mapped[dt.datetime | None] = mapped_column(default=None)
    link: Mapped[UUID | None] = mapped_column(default=None)


def _decimal(value: Any) -> Any:
    """A number as JSON or a form has it. Neither infinite nor of a size that only makes trouble."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("number_type", "must be a number")
    try:
        found = decimal_of(str(value).strip().replace(",", ""))
    except ValueError:
        raise PydanticCustomError("number_type", "must be a number") from None
    if abs(found) > 10**15 or -found.as_tuple().exponent > 6:  # type: ignore[operator]
        raise PydanticCustomError("number_range", "must be between -10^15 and 10^15, with at most six decimals")
    return found


Number = Annotated[Decimal, BeforeValidator(_decimal)]

_COLUMN = {
    "text": "text", "prose": "text", "choice": "text", "number": "number", "money": "number", "bool": "number",
    "date": "at", "moment": "at", "person": "link", "site": "link",
}  # fmt: skip
_TYPES: dict[str, Any] = {
    "text": Line, "prose": Prose, "number": Number, "money": Fen, "date": Day, "moment": Moment, "bool": bool,
    "person": UUID, "site": UUID,
}  # fmt: skip


def said(text: str) -> Lazy:
    """Words of the company: the same in every language."""
    return Lazy(text, package="")


def meta_of_added(added: Added) -> Meta:
    """What a definition says, as ``field()`` would have."""
    mask = (added.mask or "all") if added.personal else None
    return Meta(
        said(added.title),
        said(added.help) if added.help else None,
        personal=added.personal,
        mask=mask,
        reads=OPENS if added.personal else None,
        listed=added.listed,
        filtered=added.filtered and not added.personal,
        widget=added.type if added.type in ("person", "site") else None,
        unit=said(added.unit) if added.unit else None,
    )


def stored_here(fields: Iterable[Added]) -> tuple[Added, ...]:
    """Those whose value stands in the side table; files stand among the record's files."""
    return tuple(one for one in fields if one.type in _COLUMN)


# ---- input ----


def creating_with(record: type[Record], fields: tuple[Added, ...]) -> type[BaseModel]:
    """The model of a new record of a company with these fields."""
    return _widened(creating(record), fields, False) if fields else creating(record)


def editing_with(record: type[Record], fields: tuple[Added, ...]) -> type[BaseModel]:
    """The model of an edit in a company with these fields."""
    return _widened(editing(record), fields, True) if fields else editing(record)


@functools.lru_cache(maxsize=1024)
def _widened(base: type[BaseModel], fields: tuple[Added, ...], partial: bool) -> type[BaseModel]:
    made: dict[str, Any] = {}
    for one in stored_here(fields):
        inner = Literal[tuple(v for v, _l in one.options)] if one.type == "choice" else _TYPES[one.type]
        words = worded(meta_of_added(one))
        if one.required:
            made[one.name] = (inner, Field(None if partial else PydanticUndefined, json_schema_extra=words))
        else:
            made[one.name] = (Optional[inner], Field(None, json_schema_extra=words))  # noqa: UP045
    return create_model(base.__name__, __base__=base, **made)


def split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record's own values, and those of the company's fields."""
    own = {n: v for n, v in values.items() if not n.startswith(PREFIX)}
    return own, {n: v for n, v in values.items() if n.startswith(PREFIX)}


# ---- storing and reading ----


def pend(record: Record, values: Mapping[str, Any]) -> None:
    """Values that a drafted record will have as soon as it is written; handlers see them already."""
    if values:
        record.__dict__.update({**values, _PENDING: dict(values)})


def waiting(record: Record) -> dict[str, Any]:
    """What ``pend`` kept and is not written yet."""
    found: dict[str, Any] = record.__dict__.get(_PENDING, {})
    return found


def pending(record: Record) -> dict[str, Any]:
    """The same, once: whoever takes it writes it."""
    found: dict[str, Any] = record.__dict__.pop(_PENDING, {})
    return found


def row_of(added: Added, value: Any) -> dict[str, Any]:
    """The columns of one value's row."""
    empty: dict[str, Any] = {"text": None, "number": None, "at": None, "link": None}
    if added.type == "bool":
        value = int(value)
    elif added.type == "date":
        value = dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return {**empty, _COLUMN[added.type]: value}


def value_of(added: Added, row: Any) -> Any:
    """The value in a row, as the model had it."""
    raw = getattr(row, _COLUMN[added.type])
    if raw is None:
        return None
    if added.type in ("bool", "money"):
        return bool(raw) if added.type == "bool" else int(raw)
    if added.type == "number":
        return plain_number(raw)
    return raw.astimezone(dt.UTC).date() if added.type == "date" else raw


def plain_number(value: Decimal) -> int | float:
    """A number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain_value(value: Any) -> Any:
    """A validated value as the record, its history and JSON have it."""
    return plain_number(value) if isinstance(value, Decimal) else value


def read(x: Context[Any], kind: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The values of records that the caller has judged, by record and name; what is empty is absent."""
    fields = {one.id: one for one in stored_here(x.snapshot.custom(kind))}
    found: dict[UUID, dict[str, Any]] = {id: {} for id in ids}
    if fields and ids:
        query = sa.select(CustomValue).where(
            CustomValue.tenant_id == x.tenant, CustomValue.record_id.in_(ids), CustomValue.field_id.in_(fields)
        )
        for row in x.session.scalars(query):
            added = fields[row.field_id]
            found[row.record_id][added.name] = value_of(added, row)
    return found


def fill(x: Context[Any], record: Record) -> Record:
    """Give a loaded record its values as plain attributes, so that it is read like any other field."""
    fields = x.snapshot.custom(record.kind)
    if fields:
        values = read(x, record.kind, [record.id])[record.id]
        for one in fields:
            setattr(record, one.name, values.get(one.name))
    return record


def write(
    x: Context[Any], record: Record, values: Mapping[str, Any], *, new: bool = False
) -> dict[str, tuple[Any, Any]]:
    """Store values of the company's fields. :returns: what changed, for the history: name → (before, after)."""
    had = {} if new or not values else read(x, record.kind, [record.id])[record.id]
    changes: dict[str, tuple[Any, Any]] = {}
    known = {one.name: one for one in stored_here(x.snapshot.custom(record.kind))}
    rows, gone = [], []
    for name, raw in values.items():
        value = plain_value(raw)
        setattr(record, name, value)
        if had.get(name) == value:
            continue
        changes[name] = (had.get(name), value)
        if value is None:
            gone.append(known[name].id)
        else:
            key = {"tenant_id": x.tenant, "record_id": record.id, "field_id": known[name].id}
            rows.append({**key, **row_of(known[name], raw)})
    if rows:
        put_rows(x, rows)
    if gone:
        mine = CustomValue.tenant_id == x.tenant, CustomValue.record_id == record.id, CustomValue.field_id.in_(gone)
        x.session.execute(sa.delete(CustomValue).where(*mine))
    return changes


def put_rows(x: Context[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace values, as many as there are in one statement (imports)."""
    made = insert(CustomValue).values(list(rows))
    columns = {name: getattr(made.excluded, name) for name in ("text", "number", "at", "link")}
    keys = [CustomValue.tenant_id, CustomValue.record_id, CustomValue.field_id]
    x.session.execute(made.on_conflict_do_update(index_elements=keys, set_=columns))


# ---- SQL ----


def expression(record: type[Record], added: Added) -> sa.ColumnElement[Any]:
    """The value of a field beside its record, as a column of a query; typed as the model has it."""
    raw: Any = getattr(CustomValue, _COLUMN[added.type])
    if added.type == "bool":
        raw = raw == 1
    elif added.type == "money":
        raw = sa.cast(raw, sa.BigInteger)
    elif added.type == "number":
        raw = sa.cast(raw, sa.Double)
    elif added.type == "date":
        raw = sa.cast(sa.func.timezone("UTC", raw), sa.Date)
    return (
        sa.select(raw)
        .where(
            CustomValue.tenant_id == record.tenant_id,
            CustomValue.record_id == record.id,
            CustomValue.field_id == sa.bindparam(None, added.id, sa.Uuid, unique=True),
        )
        .scalar_subquery()
        .label(added.name)
    )


def having(record: type[Record], added: Added, *tests: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Records that have a value of this field which meets the tests (on ``CustomValue``); without tests: any value."""
    found = sa.select(CustomValue.record_id).where(
        CustomValue.tenant_id == sa.bindparam("tenant", type_=sa.Uuid),
        CustomValue.field_id == sa.bindparam(None, added.id, sa.Uuid, unique=True),
        *tests,
    )
    return record.id.in_(found)


__all__ = [
    "CustomValue", "creating_with", "editing_with", "expression", "fill", "having", "meta_of_added", "pend", "pending",
    "plain_value", "put_rows", "read", "row_of", "split", "stored_here", "value_of", "waiting", "write",
]  # fmt: skip
