"""A company whose posts report to each other, a round at its first project, and one way to do things as somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.scheduling.jobs import JobContext, Jobs
from dougong_hr.appraisal import rounds
from dougong_hr.appraisal.records import Appraisal, Rating, Round
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Position

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

HR, GM, REGION = "hr", "general_manager", "property_director"
MANAGER, LEAD, AGENT, TECHNICIAN = "project_manager_n1", "service_lead_n1", "service_agent_n1", "technician_n1"
OTHER = "project_manager_of_n2"
GOALS = [
    {"title": "按时办结率", "weight": 60, "target": "不低于 95%"},
    {"title": "一次修复率", "weight": 40, "target": "不低于 90%"},
]
OWN = {"results": 90, "methods": 80, "attitude": 85, "cooperation": 85}
GIVEN = {"results": 81, "methods": 75, "attitude": 70, "cooperation": 77}


class World:
    """Short ways through appraisals of one company; everything is committed."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    @contextmanager
    def acting(self, by: str | None) -> Iterator[Any]:
        """As somebody, with the queue that a step puts its job into."""
        with self.company.acting(by, "hr") as x:
            x.jobs = Jobs(x.registry.jobs)
            yield x

    def id(self, name: str) -> str:
        return str(self.company.people[name])

    @property
    def today(self) -> dt.date:
        with self.acting(None) as x:
            return x.today(self.company.sites["n1"])

    def make(self, kind: type[Any], by: str | None = HR, site: str = "n1", **body: Any) -> Any:
        with self.acting(by) as x:
            made = x.submit(kind, self.company.sites[site], body)
            x.session.flush()
            x.session.refresh(made)
            x.session.expunge(made)
            return made

    def do(self, by: str | None, record: Any, step: str, /, **body: Any) -> Any:
        with self.acting(by) as x:
            x.take(x.get(type(record), record.id), step, **body)
        return self.see(record)

    def see(self, record: Any) -> Any:
        with self.acting(None) as x:
            found = x.session.get_one(type(record), (x.tenant, record.id))
            x.session.expunge(found)
            return found

    def sees(self, by: str, record: Any) -> bool:
        with self.acting(by) as x:
            return x.session.scalar(x.readable(type(record)).where(type(record).id == record.id)) is not None

    def all(self, kind: type[Any], **rules: Any) -> list[Any]:
        with self.acting(None) as x:
            query = sa.select(kind).where(*(getattr(kind, name) == value for name, value in rules.items()))
            found = list(x.session.scalars(query.order_by(kind.id)))
            for one in found:
                x.session.expunge(one)
            return found

    # ---- the organisation ----

    def post(self, code: str, above: Position | None = None, site: str = "n1") -> Position:
        body: dict[str, Any] = {"code": code, "title": code, "department": "service", "headcount": 9}
        if above is not None:
            body["reports_to"] = str(above.id)
        made: Position = self.make(Position, None, site, **body)
        return made

    def employee(self, code: str, account: str | None = None, site: str = "n1", **over: Any) -> Employee:
        body = {
            "code": code,
            "name": code,
            "employment": "own",
            "department": "service",
            "hired_on": "2024-03-01",
            **over,
        }
        made: Employee = self.make(Employee, None, site, **body)
        if account is not None:
            with self.acting(None) as x:
                x.session.get_one(Employee, (x.tenant, made.id)).person_id = self.company.people[account]
        return made

    def seat(self, employee: Employee, post: Position) -> None:
        with self.acting(None) as x:
            holdings.take_up(x, employee.id, post.id, dt.date(2026, 1, 5))

    def line(self) -> dict[str, Employee]:
        """Agent under lead under manager under the regional director under the general manager, at the first project."""
        above, staff = None, {}
        places = (("总经理", GM), ("物业总监", REGION), ("项目经理", MANAGER), ("客服主管", LEAD), ("客服专员", AGENT))
        for code, account in places:
            above = self.post(code, above)
            staff[account] = self.employee(code, account)
            self.seat(staff[account], above)
        return staff

    # ---- rounds ----

    def round(self, site: str = "n1", **over: Any) -> Round:
        """One whose self-rating is open already."""
        body = {
            "title": "年度考核",
            "year": self.today.year,
            "span": "year",
            "opens_on": self.today.isoformat(),
            **over,
        }
        made: Round = self.make(Round, HR, site, **body)
        return made

    def started(self, **over: Any) -> Round:
        r = self.round(**over)
        self.do(HR, r, "start")
        self.clock.run()
        return r

    def run(self, r: Round, **more: Any) -> None:
        """The job as a worker does it, with the steps that follow."""
        with self.acting(None) as x:
            rounds.make(JobContext(1, rounds.MAKE, x.tenant, 1, x), r.id, **more)

    def of(self, account: str) -> Appraisal:
        (found,) = self.all(Appraisal, person_id=self.company.people[account])
        assert isinstance(found, Appraisal)
        return found

    def rating(self, a: Appraisal) -> Rating:
        (found,) = self.all(Rating, appraisal_id=a.id)
        assert isinstance(found, Rating)
        return found

    # ---- the way of one appraisal ----

    def goals(self, a: Appraisal, by: str = AGENT, superior: str = LEAD) -> Any:
        self.do(by, a, "set_goals", goals=GOALS)
        return self.do(superior, a, "agree_goals")

    def rated_self(self, a: Appraisal, by: str = AGENT, superior: str = LEAD) -> Any:
        self.goals(a, by, superior)
        return self.do(by, a, "rate_self", scores=OWN, outcomes=["96%", "91%"], words="全年无有责投诉")

    def given(self, a: Appraisal, scores: dict[str, int] | None = None) -> Any:
        self.rated_self(a)
        return self.do(LEAD, self.rating(a), "give", scores=scores or GIVEN, words="办结率达标")

    def told(self, a: Appraisal) -> Any:
        self.do(MANAGER, self.given(a), "confirm")
        return self.do(LEAD, a, "talk", on=self.today.isoformat(), words="夜班交接要加强")


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    company.add_person(OTHER, ("project_manager", "n2"))
    return World(company, clock)
