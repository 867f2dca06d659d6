"""Imports and exports keep what every plugin has to keep."""

from __future__ import annotations

from typing import Any

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance

BODIES: dict[str, dict[str, Any]] = {
    "exchange.run": {"file": "a.csv", "target": "complaints.complaint", "what": "Complaints"},
    "exchange.export": {"target": "complaints.complaint", "what": "Complaints", "format": "csv"},
}


class TestConformance(Conformance):
    module = "exchange"
    bodies = BODIES

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """They are made of a file or a list, never by a form."""
        actions.demand(x, resource, resource.permission("create"), company.sites[site])
        return x.create(resource.record, company.sites[site], **self.bodies[resource.kind])
