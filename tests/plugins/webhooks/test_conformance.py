"""Webhooks keep what every plugin has to keep."""

from __future__ import annotations

from typing import Any

from dougong.records import actions
from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "webhooks"
    bodies = {
        "webhooks.subscription": {
            "name": "报表系统",
            "address": "https://example.com/hook",
            "events": ["*"],
        }
    }

    def create(self, resource: Any, site: str, x: Any, company: Any) -> Any:
        body = {**self.bodies[resource.kind], "person_id": str(company.people["admin"])}
        return actions.create(resource, body, x, site=company.sites[site])
