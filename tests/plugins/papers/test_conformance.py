"""Paper keeps what every plugin has to keep."""

from __future__ import annotations

from typing import Any

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "papers"
    no_round_trip = ("papers.print",)  # the file is what counts, and it is attached
    bodies = {"papers.print": {"target": "complaints.complaint", "what": "Complaints", "printed_as": "forms"}}

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """They are made of chosen records, never by a form."""
        actions.demand(x, resource, resource.permission("create"), company.sites[site])
        return x.create(resource.record, company.sites[site], **self.bodies[resource.kind])
