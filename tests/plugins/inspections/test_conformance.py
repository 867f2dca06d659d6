"""Inspections keep what every plugin has to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from dougong.records import actions
from dougong.testing.conformance import Conformance
from dougong_inspections.records import Route, Template
from dougong_inspections.resource import route as route_resource
from dougong_inspections.resource import template as template_resource

from .conftest import ITEMS

if TYPE_CHECKING:
    from dougong import Context, Resource
    from dougong.testing.companies import Company

ROUTE = {"name": "配电房", "trade": "engineering"}


class TestConformance(Conformance):
    module = "inspections"
    bodies: ClassVar = {
        "inspections.template": {"name": "配电房日检", "trade": "engineering"},
        "inspections.route": ROUTE,
        "inspections.plan": {
            "name": "配电房日检", "trade": "engineering", "repeat": "daily", "times": "08:00", "window_minutes": 60,
        },
        "inspections.task": {
            "name": "配电房", "window_from": "2026-03-02T08:00:00+08:00", "window_to": "2026-03-02T10:00:00+08:00",
        },
        "inspections.finding": {"severity": "major", "trade": "engineering", "description": "2 号配电房温度偏高"},
    }  # fmt: skip
    no_round_trip = ("inspections.plan", "inspections.task")  # they name a route, which has to be there first

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        body = dict(self.bodies[resource.kind])
        if resource.kind in ("inspections.plan", "inspections.task"):
            body["route_id"] = str(self._route(site, x, company))
        return actions.create(resource, body, x, site=company.sites[site])

    def _route(self, site: str, x: Context[Any], company: Company) -> UUID:
        """A route with a point at the site; the same for everybody."""
        place = company.sites[site]
        had = x.session.scalar(sa.select(Route.id).where(Route.site_id == place, Route.points > 0))
        if had is not None:
            return had
        system = x.as_person(None)
        template: Template = actions.create(
            template_resource, {"name": "T", "trade": "engineering"}, system, site=company.sites[company.slug]
        )
        template.draft = ITEMS
        actions.transition(template_resource, template.id, "publish", {"note": "1"}, system)
        made: Route = actions.create(route_resource, ROUTE, system, site=place)
        body = {"name": "1", "template_id": str(template.id)}
        actions.transition(route_resource, made.id, "add_point", body, system)
        return made.id
