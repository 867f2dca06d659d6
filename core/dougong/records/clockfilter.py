"""Filtering by how clocks stand: ``clock=resolution:overdue``, ``clock=any:today``; the same for lists, counts and reports.

Owns the names of these states and their rules in SQL, one for each deadline of a resource. What a clock is and when it is due
is said elsewhere; here it is only compared with the moment at which somebody looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..errors import FieldError, Invalid
from ..words import Lazy, translator

if TYPE_CHECKING:
    from .resource import Deadline, Me, Resource

_ = translator("dougong")

PARAMETER = "clock"
ANY = "any"
SOON = dt.timedelta(hours=1)  # from then on a clock is amber, and due soon

STATES: Mapping[str, Lazy] = {
    "overdue": _("Overdue now"),
    "soon": _("Due within an hour"),
    "today": _("Due today, not overdue"),
    "running": _("Time runs"),
    "paused": _("On hold (clock stopped)"),
    "late": _("Was overdue once"),
    "met": _("Met in time"),
}
_UNTIL = sa.bindparam("f_clock_until", type_=sa.DateTime(timezone=True))
_MANY = 20  # conditions of one list


def runs(resource: Resource[Any], one: Deadline) -> sa.ColumnElement[bool]:
    """The clock counts: it has a due time, was not met, and the state is one of its own."""
    return sa.and_(*_waits(resource, one), *_among(resource, one.states))


def rule(resource: Resource[Any], one: Deadline, state: str, me: Me) -> sa.ColumnElement[bool]:
    """Records of which this clock stands so at ``me.now``. Never NULL. :param state: one of ``STATES``."""
    due = getattr(resource.record, one.due)
    match state:
        case "overdue":
            found = sa.and_(runs(resource, one), due < me.now)
        case "soon":
            found = sa.and_(runs(resource, one), due >= me.now, due < me.now + sa.literal(SOON, sa.Interval))
        case "today":
            found = sa.and_(runs(resource, one), due >= me.now, due < _UNTIL)
        case "running":
            found = runs(resource, one)
        case "paused":
            found = sa.and_(*_waits(resource, one), *_among(resource, one.pauses)) if one.pauses else sa.false()
        case "late":
            found = _late(resource, one, me)
        case _:
            found = sa.not_(_late(resource, one, me))
            met = (getattr(resource.record, name).is_not(None) for name in (one.due, one.done) if name)
            found = sa.and_(found, *met) if one.done else sa.false()
    return sa.func.coalesce(found, sa.false())


def _waits(resource: Resource[Any], one: Deadline) -> list[sa.ColumnElement[bool]]:
    record = resource.record
    found = [getattr(record, one.due).is_not(None)]
    return [*found, getattr(record, one.done).is_(None)] if one.done else found


def _among(resource: Resource[Any], states: Iterable[Any]) -> list[sa.ColumnElement[bool]]:
    names = sorted(states, key=lambda s: str(s.value))
    return [getattr(resource.record, resource.state).in_(names)] if names and resource.state else []


def _late(resource: Resource[Any], one: Deadline, me: Me) -> sa.ColumnElement[bool]:
    record = resource.record
    due = getattr(record, one.due)
    found = [sa.and_(runs(resource, one), due < me.now)]
    found += [getattr(record, one.done) > due] if one.done else []
    found += [getattr(record, one.late)] if one.late else []
    return sa.func.coalesce(sa.or_(*(sa.func.coalesce(each, sa.false()) for each in found)), sa.false())


def offered(resource: Resource[Any], one: Deadline | None = None) -> list[str]:
    """The states by which a clock can be asked for, in order. :param one: None: any of them."""
    clocks = [one] if one else resource.deadlines
    lacking = {"paused"} if not any(each.pauses for each in clocks) else set[str]()
    lacking |= {"met"} if not any(each.done for each in clocks) else set()
    return [state for state in STATES if state not in lacking]


def known(resource: Resource[Any]) -> list[str]:
    """Every value of the parameter; empty where the resource has no clock."""
    if not resource.deadlines:
        return []
    named = [f"{each.name}:{state}" for each in resource.deadlines for state in offered(resource, each)]
    return [f"{ANY}:{state}" for state in offered(resource)] + named


def parse(resource: Resource[Any], texts: Sequence[str], until: str | None) -> tuple[str, dict[str, Any]]:
    """The filter as part of a statement's shape, and its parameters.

    :param until: the end of the reader's day, which ``today`` needs. :raises Invalid: no such clock or state.
    """
    given = list(dict.fromkeys(text for text in texts if text))
    possible = set(known(resource))
    if len(given) > _MANY or any(text not in possible for text in given):
        raise Invalid(errors=(FieldError(PARAMETER, _("is not a possible value")),))
    values: dict[str, Any] = {}
    if any(text.endswith(":today") for text in given):
        if until is None:
            raise Invalid(errors=(FieldError(PARAMETER, _("is not a possible value")),))
        values["f_clock_until"] = dt.datetime.fromisoformat(until)
    return f"{PARAMETER}={','.join(sorted(given))}", values


def clause(resource: Resource[Any], key: str, me: Me) -> sa.ColumnElement[bool]:
    """What ``parse`` has made of the filter, as a rule: any of what was asked for."""
    wanted: list[sa.ColumnElement[bool]] = []
    for text in key.partition("=")[2].split(","):
        name, _colon, state = text.partition(":")
        wanted += [rule(resource, one, state, me) for one in resource.deadlines if name in (ANY, one.name)]
    return sa.or_(*wanted)


__all__ = ["ANY", "PARAMETER", "SOON", "STATES", "clause", "known", "offered", "parse", "rule", "runs"]
