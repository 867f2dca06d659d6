"""A company with posts, employees and every role held, and one way to do things with moves as somebody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access.tables import Grant, Person
from dougong.instant import now
from dougong.records import actions
from dougong_hr.moves.records import Change, Requisition
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Holding, Position

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

HR, GM, DIRECTOR, REGION = "hr", "general_manager", "property_director", "regional_director"
MANAGER, LEAD, AGENT, TECHNICIAN = "project_manager_n1", "service_lead_n1", "service_agent_n1", "technician_n1"

MANAGER2 = "manager_of_n2"


class World:
    """Short ways through moves of one company; everything is committed."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def acting(self, by: str | None) -> Any:
        return self.company.acting(by, "hr")

    def id(self, name: str) -> str:
        return str(self.company.people[name])

    @property
    def today(self) -> dt.date:
        with self.acting(None) as x:
            return x.today(self.company.sites["n1"])

    def day(self, n: int) -> str:
        return (self.today + dt.timedelta(days=n)).isoformat()

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

    def edit(self, by: str | None, record: Any, **body: Any) -> Any:
        with self.acting(by) as x:
            version = x.get(type(record), record.id).row_version
            actions.update(x.registry.resources[record.kind], record.id, body, x, version=version)
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

    def post(self, code: str, site: str = "n1", **over: Any) -> Position:
        body = {"code": code, "title": code, "department": "service", "headcount": 1, **over}
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

    def seat(self, employee: Employee, post: Position, **more: Any) -> None:
        with self.acting(None) as x:
            holdings.take_up(x, employee.id, post.id, dt.date(2026, 1, 5), **more)

    def held(self, employee: Employee) -> dict[UUID, tuple[dt.date, dt.date | None]]:
        return {h.position_id: (h.starts_on, h.ends_on) for h in self.all(Holding, employee_id=employee.id)}

    def roles(self, name: str, at: dt.datetime | None = None, site: str = "n1") -> bool:
        """Whether somebody may create a complaint at a site: what an agent's role gives."""
        return self.company.gate(name, at).may("complaints.complaint.create", self.company.sites[site])

    def grants(self, name: str) -> int:
        """Roles that hold now or later."""
        with self.acting(None) as x:
            open_ones = sa.or_(Grant.ends_at.is_(None), Grant.ends_at > now())
            query = sa.select(sa.func.count()).where(Grant.person_id == self.company.people[name], open_ones)
            return int(x.session.scalar(query) or 0)

    def status(self, name: str) -> str:
        with self.acting(None) as x:
            return str(x.session.get_one(Person, (x.tenant, self.company.people[name])).status)

    # ---- ways ----

    def propose(
        self, employee: Employee, to: Position | None = None, site: str = "n1", by: str = HR, **over: Any
    ) -> Change:
        body: dict[str, Any] = {
            "type": "transfer", "employee_id": str(employee.id), "effective_on": self.day(10), "why": "工作需要", **over
        }  # fmt: skip
        if to is not None:
            body["to_id"] = str(to.id)
        made: Change = self.make(Change, by, site, **body)
        return made

    def approved(self, c: Any, by: str = MANAGER) -> Any:
        self.do(HR, c, "approve_submit")
        return self.do(by, c, "approve_agree")

    def opened(self, post: Position, **over: Any) -> Requisition:
        r = self.make(
            Requisition, HR, position_id=str(post.id), reason="replaced", heads=1, wanted_on=self.day(30), **over
        )
        made: Requisition = self.approved(r)
        return made


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    company.add_person(MANAGER2, ("project_manager", "n2"))
    return World(company, clock)
