"""A site with two shifts and three people in its roster of March 2026."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from dougong.records import actions
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong_hr.organisation.records import Employee
from dougong_hr.roster import cells
from dougong_hr.roster.records import Roster, Shift, Turn
from dougong_hr.roster.resources import RESOURCES

KIND = {one.record: one for one in RESOURCES}
MARCH = "2026-03"


def day(n: int) -> dt.date:
    return dt.date(2026, 3, n)


class Month:
    """Short ways through one roster; everything is committed."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.staff = {name: self.hire(name) for name in ("wang", "li", "zhao")}
        self.early = self.shift("早", "08:00", "16:00")
        self.night = self.shift("夜", "20:00", "08:00")
        self.roster = self.make(Roster, "n1", month=MARCH)

    def make(self, kind: Any, site: str, by: str | None = None, **body: Any) -> UUID:
        with self.company.acting(by, "hr") as x:
            id: UUID = actions.create(KIND[kind], body, x, site=self.company.sites[site]).id
            return id

    def shift(self, sign: str, starts: str, ends: str, site: str = "n1", **over: Any) -> UUID:
        body = {
            "title": f"{sign}班", "sign": sign, "post": "technician", "starts": starts, "ends": ends, "least": 1,
            "break_minutes": 60, **over,
        }  # fmt: skip
        return self.make(Shift, site, **body)

    def hire(self, name: str, site: str = "n1") -> UUID:
        self.company.add_person(name, ("technician", site))
        with self.company.acting(None, "hr") as x:
            made = x.create(
                Employee, self.company.sites[site], code=name, name=name, department="engineering", hired_on=day(1),
                employment="own", person_id=self.company.people[name],
            )  # fmt: skip
            return made.id

    def put(self, who: str, days: list[int], what: Any, roster: UUID | None = None) -> int:
        """:param what: id of a shift, an absence or None."""
        with self.company.acting(None, "hr") as x:
            found = x.session.get_one(Shift, (x.tenant, what)) if isinstance(what, UUID) else what
            book = x.session.get_one(Roster, (x.tenant, roster or self.roster))
            return cells.put(x, book, {(self.staff[who], day(n)): found for n in days})

    def do(self, by: str | None, kind: Any, id: UUID, step: str, **body: Any) -> None:
        with self.company.acting(by, "hr") as x:
            actions.transition(KIND[kind], id, step, body, x)

    def publish(self) -> None:
        self.do(None, Roster, self.roster, "publish", despite=True)

    def publish_with(self, n: int, who: str = "wang") -> None:
        """The roster, with somebody on the early shift of a day."""
        self.put(who, [n], self.early)
        self.publish()

    def stands(self, who: str, n: int) -> UUID | None:
        with self.company.acting(None, "hr") as x:
            found = x.session.get(Turn, (x.tenant, self.roster, self.staff[who], day(n)))
            return found.shift_id if found else None


@pytest.fixture
def month(company: Company, clock: Clock) -> Month:
    clock.at(dt.datetime(2026, 3, 1, 0, 0, tzinfo=dt.UTC))
    return Month(company)
