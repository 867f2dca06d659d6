"""The conformance suite accepts approvals of every sort: what it asks of plugins is no more than what the core keeps."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from dougong.plugins.registry import Registry
from dougong.records import actions
from dougong.records.resource import Resource
from dougong.testing.approving import Approved
from dougong.testing.companies import Company
from dougong.testing.intime import InTime

from .papers import resource


class TestSheets(Approved, InTime):
    module = "sheets"
    bodies: ClassVar[dict[str, dict[str, Any]]] = {"sheets.sheet": {"amount": 200_000}}

    @pytest.fixture
    def approved(self) -> list[Resource[Any]]:
        return [resource]

    @pytest.fixture
    def clocked(self) -> list[Resource[Any]]:
        return [resource]

    @pytest.fixture
    def company(self, sheet_companies: list[Company]) -> Company:
        return sheet_companies[0]

    @pytest.fixture
    def other_company(self, sheet_companies: list[Company]) -> Company:
        return sheet_companies[1]

    def create(self, resource: Resource[Any], site: str, x: Any, company: Company) -> Any:
        return actions.create(resource, {"amount": 200_000}, x, site=company.sites[site])

    def test_clocks_and_schedules_have_a_name_in_both_languages(self, registry: Registry) -> None:
        pytest.skip("a module on trial speaks no Chinese")

    def test_schedules_run_once_each_time_and_follow_module_and_site(self) -> None:  # type: ignore[override]
        pytest.skip("it has none")

    def test_steps_of_clocks_are_taken_once_and_in_one_company_only(self) -> None:  # type: ignore[override]
        pytest.skip("its clocks are those of approvals, which run once it is submitted: test_clocks")
