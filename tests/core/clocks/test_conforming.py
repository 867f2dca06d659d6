"""The conformance suite accepts clocks of every sort: what it asks of plugins is no more than what the core keeps."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.plugins.registry import Registry
from dougong.records import actions
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.intime import InTime

from .errands import resource


class TestErrands(InTime):
    module = "errands"

    @pytest.fixture
    def clocked(self) -> list[Resource[Any]]:
        return [resource]

    @pytest.fixture
    def company(self, errand_companies: list[Company]) -> Company:
        return errand_companies[0]

    @pytest.fixture
    def other_company(self, errand_companies: list[Company]) -> Company:
        return errand_companies[1]

    def create(self, resource: Resource[Any], site: str, x: Any, company: Company) -> Any:
        return actions.create(resource, {"valid_until": "2026-06-30"}, x, site=company.sites[site])

    def test_clocks_and_schedules_have_a_name_in_both_languages(self, registry: Registry) -> None:
        pytest.skip("a module on trial speaks no Chinese")

    def test_schedules_run_once_each_time_and_follow_module_and_site(self) -> None:  # type: ignore[override]
        pytest.skip("it has none")
