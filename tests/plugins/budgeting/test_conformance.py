"""The module budgeting keeps what every module has to keep. Each part of it gives the bodies of its own kinds."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_budgeting.planning import ledger
from dougong_budgeting.planning.choices import BudgetState, FeeMode, Scenario
from dougong_budgeting.planning.records import Budget
from dougong_budgeting.spending import Planned, balances

PLANNING: dict[str, dict[str, Any]] = {
    "budgeting.account": {"code": "5299", "name": "检测检验", "direction": "expense", "stop": "hard"},
    "budgeting.budget": {"year": 2027, "fee_mode": "lump", "scenario": "base", "area": 176400},
}
SPENDING: dict[str, dict[str, Any]] = {
    "budgeting.actual": {"account": "5299", "posted_on": "2026-01-05", "amount": 120000, "document": "FP", "text": "电梯维保"},
    "budgeting.commitment": {
        "source": "hand", "account": "5299", "due_on": "2026-01-20", "amount": 50000, "title": "更换钢丝绳",
    },
    "budgeting.adjustment": {
        "nature": "supplement", "year": 2026, "account": "5299", "month": 5, "amount": 50000, "reason": "电价上调",
    },
    "budgeting.month": {"month": 1},
}  # fmt: skip
REPORTING: dict[str, dict[str, Any]] = {
    "budgeting.allocation": {
        "title": "区域维修班组工资", "account": "5299", "amount": 90000, "posted_on": "2026-01-05", "document": "ZB-01",
        "divided_by": "area",
    },
    "budgeting.disclosure": {"services": "二级服务标准"},
}  # fmt: skip


class TestConformance(Conformance):
    module = "budgeting"
    bodies = {**PLANNING, **SPENDING, **REPORTING}
    # Codes, versions, documents and months are unique where they were made; commitments need a budget there.
    no_round_trip = tuple(bodies)

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """Codes are unique in a company, documents and months at a site; spending needs a year that is open."""
        body = dict(self.bodies[resource.kind])
        if resource.kind in SPENDING:
            place, system = company.sites[site], x.as_person(None)
            if resource.name == "month":
                body["year"] = self.year = getattr(self, "year", 2100) + 1
                balances.open_balances(system, place, body["year"], [], first=13)
            else:
                balances.open_balances(system, place, 2026, [Planned("5299", [10**9] * 12)], first=1)
            if resource.name == "actual":
                body["document"] = f"FP-{uuid4().hex[:12]}"
        if resource.name == "disclosure":
            body |= self._months(site, x, company)
        if "code" in body:
            body["code"] = f"{body['code']}-{uuid4().hex[:12]}"
        return actions.create(resource, body, x, site=company.sites[site])

    def _months(self, site: str, x: Context[Any], company: Company) -> dict[str, int]:
        """Months of a year with a budget, which no other sheet here has told of."""
        self.sheets = getattr(self, "sheets", -1) + 1
        year, first = 2030 + self.sheets // 12, self.sheets % 12 + 1
        found = ledger.active(x, company.sites[site], year)
        if found is None:
            modes = {"fee_mode": FeeMode.LUMP, "scenario": Scenario.BASE}
            made: Any = x.as_person(None).create(Budget, company.sites[site], year=year, **modes)
            made.status = BudgetState.ACTIVE
            x.session.flush()
        return {"year": year, "first": first, "until": 12}
