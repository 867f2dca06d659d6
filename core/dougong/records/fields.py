"""Fields: what a plugin says once about a value, and the types that carry its rules.

Owns ``field()``, ``ref()`` and the annotated types. One ``Meta`` a column serves table, form, list, API and history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast, get_args

import sqlalchemy as sa
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import mapped_column

from ..choices import Choice
from ..tenancy.stored import Stored
from ..words import Lazy

META = "dougong"
MISSING: Any = ...
Reach = Literal["site", "line", "company"]


@dataclass(frozen=True, slots=True)
class Meta:
    """What ``field()`` says beyond the column.

    :param personal: a value about a natural person; kept beside the history, erasable.
    :param mask: name of a mask (``phone``, ``name``); the value is shown masked until it is revealed, which is logged.
    :param reads: permission without which the value is not shown (or cannot be revealed, if it has a mask).
    :param vocabulary: attribute of the module's settings that lists the values.
    :param start: what an empty form begins with, or a function of the site's day that says it (``lambda day: day.year``); a
        program must still say the value.
    :param when: names of the parent's fields: a child's form asks for this only where one of them is set.
    :param may: of a person: the permission that the people offered hold at the record's site, under any relation.
    :param holds: of a person: they have the record on hand (``open_items``, ``hand_over``): in the states named, or with
        ``True`` in every state that is not drawn as done and leads on. Such a field has an index that begins with it.
    :param offers: of a reference to a record: forms offer what the person may see there, by number and title, and programs may
        say the number too. A rule of ``Me`` in SQL narrows it (``lambda me: Route.status == State.ACTIVE``); what it does
        not offer is refused.
    :param reach: with ``offers``: records of the record's own site, of the sites above and below it too, or of all.
    :param named: of a code: what it stands for, as SQL of the column (``lambda code: sa.select(Account.name).where(…)``, of the
        same company, one row at most). Lists and pages say it after the code; files and programs get the code alone.
    """

    label: Lazy
    help: Lazy | None = None
    personal: bool = False
    mask: str | None = None
    reads: str | None = None
    listed: bool = False
    filtered: bool = False
    searched: bool = False
    create: bool = True
    edit: bool = True
    widget: str | None = None
    vocabulary: str | None = None
    unit: Lazy | None = None
    start: Any = None
    may: str | None = None
    when: tuple[str, ...] = ()
    holds: bool | Collection[Choice] = False
    offers: bool | Callable[[Any], sa.ColumnElement[bool]] = False
    reach: Reach = "line"
    named: Callable[[Any], sa.Select[str]] | None = None


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "contains a character that cannot be stored")
    return text


def _whole(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise PydanticCustomError("int_type", "must be a whole number")
    return value


def _written(value: Any) -> Any:
    if not isinstance(value, str | dt.date | dt.datetime):
        raise PydanticCustomError("date_type", "must be written as text")
    return value


def _sensible(value: Any) -> Any:
    if not 1900 <= value.year <= 2200:
        raise PydanticCustomError("date_range", "must lie between 1900 and 2200")
    return value


Line = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*$"),
    AfterValidator(_no_nul),
]
Prose = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_no_nul),
]
Phone = Annotated[
    str, mapped_column(sa.Text), StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{4,19}$")
]
Email = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"),
]
Whole = Annotated[int, mapped_column(sa.BigInteger), BeforeValidator(_whole), Field(ge=-(2**53), le=2**53)]
Fen = Annotated[int, mapped_column(sa.BigInteger), BeforeValidator(_whole), Field(ge=-(10**15), le=10**15)]
Moment = Annotated[
    AwareDatetime, mapped_column(sa.DateTime(timezone=True)), BeforeValidator(_written), AfterValidator(_sensible)
]
Day = Annotated[dt.date, mapped_column(sa.Date), BeforeValidator(_written), AfterValidator(_sensible)]


def is_amount(said: Iterable[Any]) -> bool:
    """Whether a field is an amount in fen, by what its annotation says; limits of its own may stand beside it."""
    return any(one is get_args(Fen)[1] for one in said)


# What a bare annotation means in a derived model: bounded, and strict where pydantic is lenient.
BARE: dict[Any, Any] = {int: Whole, dt.datetime: Moment, dt.date: Day, str: Prose}


def field(
    label: Lazy,
    *,
    default: Any = MISSING,
    help: Lazy | None = None,
    personal: bool = False,
    mask: str | None = None,
    reads: str | None = None,
    listed: bool = False,
    filtered: bool = False,
    searched: bool = False,
    create: bool = True,
    edit: bool = True,
    widget: str | None = None,
    vocabulary: str | None = None,
    unit: Lazy | None = None,
    start: Any = None,
    may: str | None = None,
    when: tuple[str, ...] = (),
    holds: bool | Collection[Choice] = False,
    offers: bool | Callable[[Any], sa.ColumnElement[bool]] = False,
    reach: Reach = "line",
    named: Callable[[Any], sa.Select[str]] | None = None,
    sort_order: int = 0,
    init: bool = True,
) -> Any:
    """A column that people see. Parameters as in :class:`Meta`; ``default`` may be a value or a function without arguments."""
    meta = Meta(
        label, help, personal, mask, reads, listed, filtered, searched, create, edit, widget, vocabulary, unit,
        start, may, when, holds if isinstance(holds, bool) else tuple(holds), offers, reach, named,
    )  # fmt: skip
    options: dict[str, Any] = {} if default is MISSING else {"default": default}
    return mapped_column(info={META: meta}, sort_order=sort_order, **options)


def recorded(label: Lazy, *, default: Any = None, **options: Any) -> Any:
    """A field that no form asks for and the flow sets: a state, a moment, whether it was late. Options as in :func:`field`."""
    return field(label, default=default, create=False, edit=False, **options)


def ref(target: type[Stored] | str, label: Lazy, *, default: Any = MISSING, init: bool = True, **options: Any) -> Any:
    """A field that points to another record of the same company: a class, a kind or ``"self"``."""
    made = field(label, default=default, **options)
    made.column.info["ref"] = target
    return made


def metas(kind: type[Stored]) -> dict[str, tuple[sa.Column[Any], Meta]]:
    """The declared fields of a class by name, in the order of declaration."""
    found = _METAS.get(kind)
    if found is None:
        columns = [(a.key, cast("sa.Column[Any]", a.columns[0])) for a in sa.inspect(kind).column_attrs]
        found = _METAS[kind] = {key: (c, c.info[META]) for key, c in columns if META in c.info}
    return found


def meta(kind: type[Stored], name: str) -> Meta:
    """What was declared of one field. :raises KeyError: no such field."""
    return metas(kind)[name][1]


def target_of(column: sa.Column[Any], kind: type[Stored]) -> type[Stored] | None:
    """The class a reference points to."""
    from ..tenancy.stored import KINDS

    target = column.info.get("ref")
    return kind if target == "self" else KINDS[target] if isinstance(target, str) else target


_METAS: dict[type[Stored], dict[str, tuple[sa.Column[Any], Meta]]] = {}

__all__ = [
    "BARE", "META", "Day", "Email", "Fen", "Line", "Meta", "Moment", "Phone", "Prose", "Whole",
    "field", "meta", "metas", "recorded", "ref", "target_of",
]  # fmt: skip
