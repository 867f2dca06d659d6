"""The plugin keeps what every plugin has to keep."""

from __future__ import annotations

from typing import Any

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "privacy"
    bodies = {
        "privacy.request": {"wish": "delete", "asker": "王女士", "contact": "13800005678"},
        "privacy.disposal": {
            "target": "complaints.complaint", "what": "投诉", "of": "TS-2020-000001", "term": "3 years", "fate": "erased",
        },
    }  # fmt: skip

    no_round_trip = ("privacy.disposal",)

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """Disposals are noted by the job, never by a form."""
        if resource.kind == "privacy.request":
            return super().create(resource, site, x, company)
        actions.demand(x, resource, resource.permission("create"), company.sites[site])
        return x.create(resource.record, company.sites[site], **self.bodies[resource.kind])
