"""The conformance suite finds what it is there to find: each test here breaks one thing and expects it to be seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.plugins.registry import Registry
from dougong.records import actions, visibility
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance

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
            monkeypatch.setattr(actions, "NotFound", actions.Forbidden)
        return str(request.param)

    def test_every_person_site_and_action_obeys_the_gate(  # type: ignore[override]
        self, company: Company, resources: list[Resource[Any]], records: Records, registry: Registry, fault: str
    ) -> None:
        company.people = {name: id for name, id in company.people.items() if name.endswith("_s1")}
        with pytest.raises(AssertionError, match=r"may not|without permission|does not see"):
            super().test_every_person_site_and_action_obeys_the_gate(company, resources, records, registry)


for _name in dir(Conformance):
    if _name.startswith("test_") and _name not in vars(TestFaults):
        setattr(TestFaults, _name, None)
