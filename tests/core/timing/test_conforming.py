"""The conformance suite accepts schedules of every sort, and sees where one is run although its module is off."""

from __future__ import annotations

import pytest
from dougong.plugins.registry import Registry
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong.testing.intime import InTime
from dougong.timing import occurrences, planning
from dougong.timing.schedules import Schedule


class Suite(InTime):
    module = "rounds"

    @pytest.fixture
    def scheduled(self, rounds_registry: Registry) -> list[Schedule]:
        found = [one for of, one in rounds_registry.contributed(Schedule, frozenset(["rounds"])) if of == "rounds"]
        return [one for one in found if one.scope != "record"]

    def test_clocks_and_schedules_have_a_name_in_both_languages(self, rounds_registry: Registry) -> None:
        with pytest.raises(AssertionError, match="Nightly"):  # a module on trial speaks no Chinese
            super().test_clocks_and_schedules_have_a_name_in_both_languages(rounds_registry)


class TestRounds(Suite):
    """As they are."""


class TestFaults(Suite):
    @pytest.fixture(params=["run twice", "closed sites go on"])
    def fault(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        if request.param == "run twice":
            monkeypatch.setattr(occurrences, "_end", lambda x, run, state, reason: None)
        else:
            monkeypatch.setattr(planning, "rest", lambda *_a: None)
            monkeypatch.setattr("dougong.timing.following._rest", lambda *_a: None)
        return str(request.param)

    def test_schedules_run_once_each_time_and_follow_module_and_site(  # type: ignore[override]
        self, scheduled: list[Schedule], company: Company, other_company: Company, clock: Clock, fault: str
    ) -> None:
        with pytest.raises(AssertionError):
            super().test_schedules_run_once_each_time_and_follow_module_and_site(
                scheduled, company, other_company, clock
            )
