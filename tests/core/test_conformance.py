"""The conformance suite finds what it is there to find: each test here breaks one thing and expects it to be seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access.snapshot import Snapshot
from dougong.errors import Forbidden
from dougong.plugins.registry import Registry
from dougong.records import actions, visibility
from dougong.records.resource import Resource
from dougong.records.tables import ClockStep
from dougong.tenancy.stored import new_id
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong.timing import clockwork

Records = dict[tuple[str, str], UUID]
BODY = {
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "category": "water_leak",
    "location": "3 号楼 2 单元 1801",
    "statement": "卫生间顶棚渗水",
    "severity": "minor",
    "urgency": "normal",
}


class Suite(Conformance):
    module = "complaints"
    bodies = {"complaints.complaint": BODY}


class TestFaults(Suite):
    """Inherits the suite's fixtures; its own tests are replaced by ones with a fault."""

    @pytest.fixture(params=["nobody asks the gate", "sites are forgotten", "unseen is forbidden instead of absent"])
    def fault(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        if request.param == "nobody asks the gate":
            monkeypatch.setattr(actions, "demand", lambda *_a, **_k: None)
        elif request.param == "sites are forgotten":
            monkeypatch.setattr(visibility, "_at_sites", lambda *_a: sa.true())
        else:
            monkeypatch.setattr(actions, "NotFound", Forbidden)
        return str(request.param)

    def test_every_person_site_and_action_obeys_the_gate(  # type: ignore[override]
        self, company: Company, resources: list[Resource[Any]], records: Records, registry: Registry, fault: str
    ) -> None:
        company.people = {name: id for name, id in company.people.items() if name.endswith("_s1")}
        with pytest.raises(AssertionError, match=r"may not|without permission|does not see"):
            super().test_every_person_site_and_action_obeys_the_gate(company, resources, records, registry)


class TestFaultsOfTime(Suite):
    """The same of clocks: nothing but the fault's own test is run."""

    @pytest.fixture(params=["taken twice", "a disabled module goes on", "whoever is named is told"])
    def fault(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        if request.param == "taken twice":
            monkeypatch.setattr(clockwork, "_catch_up", lambda *_a: None)
            monkeypatch.setattr(clockwork, "_mark", _marks_anew)
        elif request.param == "a disabled module goes on":
            monkeypatch.setattr(Snapshot, "module_on", lambda *_a: True)
        else:
            monkeypatch.setattr(clockwork, "_people", lambda _r, _c, _d, x: list(x.snapshot.people))
        return str(request.param)

    def test_steps_of_clocks_are_taken_once_and_in_one_company_only(  # type: ignore[override]
        self, clocked: list[Resource[Any]], company: Company, other_company: Company, clock: Clock, fault: str
    ) -> None:
        with pytest.raises(AssertionError, match=r"did something twice|its module is off|was told by"):
            super().test_steps_of_clocks_are_taken_once_and_in_one_company_only(clocked, company, other_company, clock)


def _marks_anew(resource: Resource[Any], record: Any, due: Any, run: int, x: Any) -> UUID:
    made = ClockStep(
        record_kind=resource.kind, record_id=record.id, clock=due.clock.name, run=run, step=f"{due.mark} {new_id()}",
        due_at=due.at, at=x.now, people=[],
    )  # fmt: skip
    x.session.add(made)
    x.session.flush()
    return made.id


for _class in (TestFaults, TestFaultsOfTime):
    for _name in dir(Conformance):
        if _name.startswith("test_") and _name not in vars(_class):
            setattr(_class, _name, None)
