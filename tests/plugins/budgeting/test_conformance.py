"""The module budgeting keeps what every module has to keep. Each part of it gives the bodies of its own kinds."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance

PLANNING: dict[str, dict[str, Any]] = {
    "budgeting.account": {"code": "5299", "name": "检测检验", "direction": "expense", "stop": "hard"},
    "budgeting.budget": {"year": 2027, "fee_mode": "lump", "scenario": "base", "area": 176400},
}


class TestConformance(Conformance):
    module = "budgeting"
    bodies = {**PLANNING}
    no_round_trip = ("budgeting.account", "budgeting.budget")  # codes and versions are unique where they were made

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """Codes are unique in a company."""
        body = dict(self.bodies[resource.kind])
        if "code" in body:
            body["code"] = f"{body['code']}-{uuid4().hex[:12]}"
        return actions.create(resource, body, x, site=company.sites[site])
