"""Whether a clock can be as it is declared: said in words, when the module is loaded, to whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import QueryableAttribute

from ..choices import ChoiceType
from .clocks import MEMORY, Clock
from .fields import metas
from .record import Record

R = TypeVar("R", bound=Record)
C = TypeVar("C", bound=BaseModel)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def declared(
    record: type[Record], state: str | None, known: Iterable[Clock[Any, Any]], clock: Clock[R, C]
) -> Clock[R, C]:
    """The clock, once it is sure that it can be.

    :raises TypeError: it cannot; in words for whoever wrote it.
    """
    problem = next(_problems(record, state, list(known), clock), None)
    if problem is not None:
        raise TypeError(f"{record.kind}: clock {clock.name!r} {problem}")
    return clock


def _problems(
    record: type[Record], state: str | None, known: list[Clock[Any, Any]], clock: Clock[Any, Any]
) -> Iterator[str]:
    if not _NAME.fullmatch(clock.name):
        yield "needs a name of small letters, digits and _, at most 40"
    if clock.name in [one.name for one in known]:
        yield "is declared twice"
    if MEMORY not in {a.key for a in sa.inspect(record).column_attrs}:
        yield f"needs a memory: {record.__name__} declares `timing: Mapped[ClockMemory | None] = clock_memory()`"
    yield from _bad_fields(record, known, clock)
    yield from _bad_states(record, state, clock)
    for child in (*clock.met_by, *clock.again):
        if getattr(child, "parent_kind", None) is not record:
            yield f"cannot hear of {child.__name__}, which is no child of {record.__name__}"
    if clock.most_pauses is not None and not clock.pauses:
        yield "limits pauses, but pauses in no state"
    if not callable(clock.steps):
        try:
            clock.steps_for(None)
        except TypeError as error:
            yield str(error)


def _bad_fields(record: type[Record], known: list[Clock[Any, Any]], clock: Clock[Any, Any]) -> Iterator[str]:
    fields = metas(record)
    for name, what, kind in (
        (clock.due, "due", sa.DateTime),
        (clock.met, "met", sa.DateTime),
        (clock.late, "late", sa.Boolean),
    ):
        if name is None:
            continue
        found = fields.get(name)
        if found is None or not isinstance(found[0].type, kind):
            yield f"keeps {what} in {name!r}, which is no {'yes/no' if kind is sa.Boolean else 'moment'} field of the record"
            continue
        meta = found[1]
        if meta.personal or meta.mask or meta.reads:
            yield f"keeps {what} in {name!r}, which is not for everybody"
        if what != "met" and (meta.create or meta.edit):
            yield f"keeps {what} in {name!r}, which people may fill in: it needs create=False, edit=False"
        if name in [used for one in known for used in (one.due, one.met, one.late)]:
            yield f"keeps {what} in {name!r}, which another clock uses"
    for name in clock.depends:
        if name not in {a.key for a in sa.inspect(record).column_attrs}:
            yield f"depends on {name!r}, which is no field of the record"


def _bad_states(record: type[Record], state: str | None, clock: Clock[Any, Any]) -> Iterator[str]:
    named = (clock.runs, clock.pauses, clock.ends)
    if not any(named):
        return
    column = metas(record)[state][0] if state else None
    if column is None or not isinstance(column.type, ChoiceType):
        yield "speaks of states, but the record has none"
        return
    for one in frozenset().union(*named):
        if not isinstance(one, column.type.choice):
            yield f"speaks of {one!r}, which is no state of the record"
    if not clock.runs:
        yield "pauses or ends in states, but runs in none"
    if clock.runs & clock.pauses or clock.runs & clock.ends or clock.pauses & clock.ends:
        yield "runs, pauses and ends in states that must differ"


def column_of(record: type[Record], given: QueryableAttribute[Any] | None) -> str | None:
    """Name of a field given as the class's attribute. :raises TypeError: it is another class's."""
    if given is None:
        return None
    if not issubclass(record, sa.inspect(given.class_).class_):
        raise TypeError(f"{record.kind}: {given} is no field of {record.__name__}")
    return given.key


__all__ = ["column_of", "declared"]
