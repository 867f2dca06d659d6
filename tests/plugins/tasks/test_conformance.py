"""The module tasks keeps what every module has to keep."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_tasks.upward.records import ClientReport

WEEKS = count()


class TestConformance(Conformance):
    module = "tasks"
    bodies = {
        "tasks.task": {
            "title": "整理消防通道",
            "criteria": "通道畅通，附照片",
            "source": "meeting",
            "deadline": "2099-12-31",
        },
        "tasks.report": {"period": "week", "starts": "2020-01-06"},
        "tasks.client_report": {},
    }
    no_round_trip = ("tasks.client_report",)  # made of a report, which is kept where it was made

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """A task is for somebody who may do it at all sites."""
        body = dict(self.bodies[resource.kind])
        if resource.record is ClientReport and x.actor is None:
            return x.create(ClientReport, company.sites[site], title="周报", report_id=company.sites[site], frozen=[])
        if resource.name == "task":
            body["owner_id"] = str(company.people["property_director"])
        if resource.name == "report":  # a site has one of each period
            body["starts"] = str(dt.date(2015, 1, 5) + dt.timedelta(weeks=next(WEEKS) % 400))
        return actions.create(resource, body, x, site=company.sites[site])
