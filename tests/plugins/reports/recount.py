"""The same figures counted slowly, in Python, over the rows that a person may see: what the SQL is held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from dougong.testing.companies import Company
from dougong_complaints.choices import ACTIVE, CONTENT, OPEN, Cause, Result, Route, State
from dougong_complaints.records import Complaint, Escalation, Visit
from dougong_complaints.timers import RESOLVING

from .conftest import NOW

Row = Any
DEAD = (State.MERGED, State.UNFOUNDED)


class Slow:
    """All that one person may see of a company."""

    def __init__(self, company: Company, person: str) -> None:
        with company.acting(person, "complaints") as x:
            self.rows: list[Row] = list(x.session.scalars(x.readable(Complaint)))
            self.visits: dict[Any, list[Visit]] = {}
            for visit in x.session.scalars(sa.select(Visit).order_by(Visit.at, Visit.id)):
                self.visits.setdefault(visit.parent_id, []).append(visit)
            self.reports: dict[Any, list[Escalation]] = {}
            for report in x.session.scalars(sa.select(Escalation)):
                self.reports.setdefault(report.parent_id, []).append(report)

    def within(self, start: dt.datetime, end: dt.datetime) -> list[Row]:
        return [c for c in self.rows if start <= c.registered_at < end]

    # ---- rules ----

    def late(self, c: Row) -> bool:
        runs = c.status in RESOLVING and c.resolved_at is None and c.resolve_by is not None and c.resolve_by < NOW
        slow = c.resolved_at is not None and c.resolve_by is not None and c.resolved_at > c.resolve_by
        return bool(c.resolve_late or slow or runs)

    def judged(self, c: Row) -> bool:
        return (c.resolve_by is not None and c.resolved_at is not None) or self.late(c)

    def contact_late(self, c: Row) -> bool:
        waits = c.contacted_at is not None or c.status in OPEN
        return bool(c.contact_late or (waits and c.contact_by is not None and (c.contacted_at or NOW) > c.contact_by))

    def contact_judged(self, c: Row) -> bool:
        return (c.contact_by is not None and c.contacted_at is not None) or self.contact_late(c)

    def progress_late(self, c: Row) -> bool:
        return bool(c.progress_late or (c.status in ACTIVE and c.progress_by is not None and c.progress_by < NOW))

    def visit_late(self, c: Row) -> bool:
        runs = c.status is State.VISIT and c.visited_at is None and c.visit_by is not None and c.visit_by < NOW
        slow = c.visited_at is not None and c.visit_by is not None and c.visited_at > c.visit_by
        return bool(c.visit_late or slow or runs)

    def visit_judged(self, c: Row) -> bool:
        return (c.visit_by is not None and c.visited_at is not None) or self.visit_late(c)

    def overdue(self, c: Row) -> bool:
        def past(by: dt.datetime | None) -> bool:
            return by is not None and by < NOW

        return (
            (c.status in RESOLVING and c.resolved_at is None and past(c.resolve_by))
            or (c.status in ACTIVE and past(c.progress_by))
            or (c.status in OPEN and c.contacted_at is None and past(c.contact_by))
            or (c.status is State.VISIT and c.visited_at is None and past(c.visit_by))
            or (c.status in OPEN and past(c.receipt_by))
        )

    def told(self, c: Row, route: Route, level: int | None = None) -> bool:
        return any(e.route is route and level in (None, e.level) for e in self.reports.get(c.id, []))

    def repeated(self, c: Row) -> bool:
        def same_place(e: Row) -> bool:
            if c.location_id is not None and e.location_id is not None:
                return bool(c.location_id == e.location_id)
            return bool(c.location.strip().lower() == e.location.strip().lower())

        return c.status not in DEAD and any(
            e.site_id == c.site_id
            and e.category == c.category
            and e.status not in DEAD
            and c.registered_at - dt.timedelta(days=30) <= e.registered_at < c.registered_at
            and same_place(e)
            for e in self.everything(c)
        )

    def everything(self, c: Row) -> list[Row]:
        return self.rows

    def word(self, c: Row) -> Result | None:
        said = [v.result for v in self.visits.get(c.id, []) if v.about is None and v.result is not Result.NOT_REACHED]
        return said[-1] if said else None

    # ---- figures: (rows behind it, value) ----

    def figures(self, rows: Iterable[Row]) -> dict[str, tuple[int, float | None]]:
        rows = list(rows)

        def count(rule: Callable[[Row], bool]) -> tuple[int, float]:
            n = sum(1 for c in rows if rule(c))
            return n, n

        def share(rule: Callable[[Row], bool], of: Callable[[Row], bool] = lambda c: True) -> tuple[int, float | None]:
            among = [c for c in rows if of(c)]
            n = sum(1 for c in among if rule(c))
            return n, n * 100 / len(among) if among else None

        times = [(c.resolved_at - c.registered_at).total_seconds() for c in rows if c.resolved_at]
        upwards = [len(self.reports[c.id]) for c in rows if c.id in self.reports]
        return {
            "volume": count(lambda c: True),
            "late": count(lambda c: self.judged(c) and self.late(c)),
            "in_time": share(lambda c: not self.late(c), self.judged),
            "contact": share(lambda c: not self.contact_late(c), self.contact_judged),
            "time": (len(times), sum(times) / len(times) if times else None),
            "repeated": count(self.repeated),
            "reopened": share(lambda c: c.reopened > 0, lambda c: c.resolved_at is not None or c.reopened > 0),
            "content": share(lambda c: self.word(c) in CONTENT, lambda c: self.word(c) is not None),
            "overdue_now": count(self.overdue),
            "progress": share(lambda c: not self.progress_late(c), lambda c: not c.imported),
            "visit": share(lambda c: not self.visit_late(c), self.visit_judged),
            "level_1": count(lambda c: self.told(c, Route.OVERDUE, 1)),
            "level_2": count(lambda c: self.told(c, Route.OVERDUE, 2)),
            "level_3": count(lambda c: self.told(c, Route.OVERDUE, 3)),
            "to_leaders": count(lambda c: self.told(c, Route.LEADERS)),
            "solved": count(lambda c: c.cause is not None),
            "founded": share(lambda c: c.cause is not Cause.INVALID, lambda c: c.cause is not None),
            "escalated": count(lambda c: c.id in self.reports),
            "share": share(lambda c: c.id in self.reports),
            "reports": (len(upwards), sum(upwards)),
            "unreceived": count(
                lambda c: any((e.acknowledged_at or NOW) > e.acknowledge_by for e in self.reports.get(c.id, []))
            ),
        }
