"""Posts of a company drawn as a line of command, and one way to put people of the test company into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.records import actions, journal
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Holding, Position
from dougong_hr.organisation.resources import employee, position

TODAY = dt.date(2026, 3, 2)


class Organisation:
    """Short ways through the organisation of one company; everything is committed."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.posts: dict[str, UUID] = {}
        self.staff: dict[str, UUID] = {}

    def post(self, code: str, site: str, above: str | None = None, by: str | None = None, **over: Any) -> UUID:
        body: dict[str, Any] = {"code": code, "title": code, "department": "management", "headcount": 1, **over}
        if above is not None:
            body["reports_to"] = str(self.posts[above])
        if "deputy_id" in body:
            body["deputy_id"] = str(self.posts[body["deputy_id"]])
        with self.company.acting(by, "hr") as x:
            self.posts[code] = actions.create(position, body, x, site=self.company.sites[site]).id
        return self.posts[code]

    def hire(self, code: str, account: str | None = None, site: str = "n1", **over: Any) -> UUID:
        body = {
            "code": code, "name": code, "employment": "own", "department": "service", "hired_on": "2024-03-01", **over
        }  # fmt: skip
        with self.company.acting(None, "hr") as x:
            made = actions.create(employee, body, x, site=self.company.sites[site])
            if account is not None:
                made.person_id = self.company.people[account]
            self.staff[code] = made.id
        return self.staff[code]

    def seat(self, code: str, post: str, on: dt.date = TODAY, **more: Any) -> UUID:
        with self.company.acting(None, "hr") as x:
            made = holdings.take_up(x, self.staff[code], self.posts[post], on, **more)
            journal.settle(x)  # as the step does of which this is a part
            return made.id

    def leave(self, holding: UUID, on: dt.date) -> None:
        with self.company.acting(None, "hr") as x:
            holdings.leave_post(x, holding, on)

    def do(self, by: str | None, resource: Any, id: UUID, step: str, **body: Any) -> None:
        with self.company.acting(by, "hr") as x:
            actions.transition(resource, id, step, body, x)

    def edit(self, by: str | None, resource: Any, id: UUID, body: Mapping[str, Any]) -> None:
        with self.company.acting(by, "hr") as x:
            found = x.get(resource.record, id)
            actions.update(resource, id, body, x, version=found.row_version)

    def held(self, id: UUID) -> Holding:
        with self.company.acting(None, "hr") as x:
            found = x.session.get_one(Holding, (x.tenant, id))
            x.session.expunge(found)
            return found

    def may(self, account: str, permission: str, site: str, at: dt.datetime | None = None) -> bool:
        return self.company.gate(account, at).may(permission, self.company.sites[site])

    def line(self, account: str, site: str) -> list[tuple[str, list[str]]]:
        names = {id: name for name, id in self.company.people.items()}
        with self.company.acting(None, "hr") as x:
            found = x.line(self.company.people[account], self.company.sites[site])
            return [(label, [names[p.id] for p in people]) for label, people in found]

    def force(self, code: str, above: str) -> None:
        """What no form lets in."""
        with self.company.session() as session:
            mine = Position.tenant_id == self.company.tenant, Position.id == self.posts[code]
            session.execute(sa.update(Position).where(*mine).values(reports_to=self.posts[above]))

    def of(self, code: str) -> Employee:
        with self.company.acting(None, "hr") as x:
            found = x.session.get_one(Employee, (x.tenant, self.staff[code]))
            x.session.expunge(found)
            return found


@pytest.fixture
def organisation(company: Company, clock: Clock) -> Organisation:
    company.add_person("wang")
    company.add_person("li")
    return Organisation(company)
