"""Cursors: where a page of a list ended, so that the next one begins there, however far down."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ..choices import Choice
from ..errors import BadRequest
from ..words import translator
from .ordering import nothing
from .resource import Resource

_ = translator("dougong")


def encode(resource: Resource[Any], sort: str, row: Any) -> str:
    """The cursor behind a row that has the sorted field and ``id``."""
    value = row[sort.lstrip("-")]
    if isinstance(value, Choice):
        value = value.value
    text = msgspec.json.encode(
        [None if value is None else str(value.isoformat() if hasattr(value, "isoformat") else value), str(row["id"])]
    )
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def decode(resource: Resource[Any], sort: str, cursor: str) -> tuple[Any, UUID]:
    """The sorted value and id behind which to go on. :raises BadRequest: not one of our cursors, or of another sort."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, id = msgspec.json.decode(raw, type=tuple[str | None, str])
        return _typed(getattr(resource.record, sort.lstrip("-")).type, value), UUID(id)
    except (ValueError, OverflowError, msgspec.DecodeError, msgspec.ValidationError):
        raise BadRequest(
            _("The address of this page of the list is not valid any more. Go back to its beginning.")
        ) from None


def _typed(kind: Any, text: str | None) -> Any:
    if text is None:
        return nothing(kind)
    if isinstance(kind, sa.DateTime):
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)  # what no zone can hold is refused here
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(text)
    if isinstance(kind, sa.Uuid):
        return UUID(text)
    if isinstance(kind, sa.Boolean):
        return text == "True"
    if isinstance(kind, sa.Integer | sa.Numeric):
        number = int(text)
        if abs(number) >= 2**63:
            raise ValueError(text)
        return number
    if "\x00" in text:
        raise ValueError(text)
    return text
