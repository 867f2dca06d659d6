"""The terms that hold in a company, and which records have come to the end of theirs.

A declared term may be replaced by the company's own, except that a term which the law demands is never shortened.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dougong import Context, LegalHold, Record, Resource, Retention, translator

from .choices import Ending
from .records import Disposal
from .settings import Settings

_ = translator("dougong_privacy")
X = Context[Settings]


@dataclass(frozen=True)
class Holding:
    """The term of one kind in one company. ``own``: the company's, not the declared one."""

    resource: Resource[Any]
    declared: Retention
    months: int
    ending: Ending
    own: bool

    @property
    def words(self) -> str:
        """The term, as people say it."""
        if self.ending is Ending.KEEP:
            return str(_("kept for good"))
        years, months = divmod(self.months, 12)
        parts = [_("{n} years").format(n=years)] if years else []
        parts += [_("{n} months").format(n=months)] if months or not years else []
        return " ".join(str(part) for part in parts)


def holdings(x: X) -> list[Holding]:
    """The terms of all kinds that have one, of the enabled modules."""
    found = []
    for resource in x.registry.resources.values():
        if resource.retention is None or resource.module not in x.snapshot.modules:
            continue
        declared = resource.retention
        own = x.settings.terms.get(resource.kind)
        ending = Ending.DELETE if declared.ends == "delete" else Ending.ERASE
        months = declared.years * 12
        if own is not None:
            ending, months = own.ends, own.years * 12 + own.months
            if declared.duty:
                months = max(months, declared.years * 12)
        found.append(Holding(resource, declared, months, ending, own is not None))
    return found


def without_term(x: X) -> list[Resource[Any]]:
    """Resources of the enabled modules that declare no term: they are kept for good."""
    return [r for r in x.registry.resources.values() if r.retention is None and r.module in x.snapshot.modules]


def back(moment: dt.datetime, months: int) -> dt.datetime:
    """So many months earlier; the last day of the month where the day does not exist there."""
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    if year < 1:
        return dt.datetime.min.replace(tzinfo=moment.tzinfo)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def over(x: X, one: Holding, at: dt.datetime) -> sa.Select[Any]:
    """The records of a kind whose term is over at a moment: ended, under no hold, not disposed of before. Oldest first."""
    kind: type[Record] = one.resource.record
    since = getattr(kind, one.declared.since)
    zone = x.snapshot.sites.zone()
    cut = back(at.astimezone(zone), one.months)
    held = sa.exists().where(
        LegalHold.tenant_id == kind.tenant_id, LegalHold.record_id == kind.id, LegalHold.released_at.is_(None)
    )
    done = sa.exists().where(
        Disposal.tenant_id == kind.tenant_id,
        Disposal.target_id == kind.id,
        Disposal.created_at >= sa.cast(since, sa.DateTime(timezone=True)),
    )
    query = sa.select(kind).where(kind.tenant_id == x.tenant, ~held, ~done)
    query = query.where(since <= (cut.date() if isinstance(since.type, sa.Date) else cut))
    if one.declared.states and one.resource.state:
        query = query.where(getattr(kind, one.resource.state).in_(sorted(one.declared.states, key=lambda s: s.value)))
    return query.order_by(since, kind.id)


def coming(x: X, until: dt.datetime, most: int) -> Iterable[tuple[Holding, Record, dt.datetime | dt.date]]:
    """What would be disposed of until a moment, at most so many of a kind."""
    for one in holdings(x):
        if one.ending is Ending.KEEP:
            continue
        for record in x.session.scalars(over(x, one, until).limit(most)):
            yield one, record, getattr(record, one.declared.since)
