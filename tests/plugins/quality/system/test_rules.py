"""A company's rules on what the system finds: an audit's finding, a missed target, a law not met open a nonconformity."""

from __future__ import annotations

from typing import Any

import pytest
from dougong_quality.corrective.choices import Severity, Source
from dougong_quality.corrective.records import Nonconformity
from dougong_quality.system.records import AuditFinding, LegalItem, Objective

from .conftest import LAW, OBJECTIVE, QUALITY


def rule(trigger: str, value: str) -> dict[str, str]:
    return {"trigger": f"quality.{trigger}", "value": value, "opens": Nonconformity.kind, "mode": "open"}


@pytest.fixture
def ruled(world: Any) -> Any:
    rules = [rule("audit_finding", "minor"), rule("objective_missed", "missed"), rule("law_not_met", "fails")]
    world.company.settings("core", follow_ups=rules)
    return world


def chain(world: Any, nc: Nonconformity, kind: type[Any]) -> None:
    """The nonconformity knows what gave rise to it, at the same site."""
    (origin,) = world.all(kind)
    assert nc.site_id == origin.site_id
    assert origin.number in (nc.found_by or "")


def test_a_finding_of_an_audit_opens_one_and_an_observation_none(ruled: Any) -> None:
    id = ruled.reported(c9_1_3="observation")
    assert ruled.see(ruled.all(AuditFinding)[0].__class__, ruled.all(AuditFinding)[0].id).audit_id == id
    assert ruled.all(Nonconformity) == []
    ruled.reported("n2", c7_5_3="nonconforming")
    (nc,) = ruled.all(Nonconformity)
    found = next(one for one in ruled.all(AuditFinding) if one.clause == "7.5.3")
    assert (nc.source, nc.severity, nc.site_id) == (Source.AUDIT, Severity.MINOR, ruled.company.sites["n2"])
    assert found.number in (nc.found_by or "")
    assert found.statement in nc.statement


def test_a_missed_objective_opens_one_and_a_reached_one_none(ruled: Any) -> None:
    id = ruled.make(Objective, OBJECTIVE, "n1")
    ruled.do(QUALITY, Objective, id, "record", of="2026-01-15", value=96)
    assert ruled.all(Nonconformity) == []
    ruled.do(QUALITY, Objective, id, "record", of="2026-02-01", value=90)
    (nc,) = ruled.all(Nonconformity)
    assert (nc.source, nc.severity) == (Source.OBJECTIVE, Severity.MINOR)
    assert OBJECTIVE["title"] in nc.statement
    chain(ruled, nc, Objective)


def test_a_law_that_is_not_met_opens_a_major_one_and_a_kept_one_none(ruled: Any) -> None:
    id = ruled.make(LegalItem, LAW, "n1")
    ruled.do(QUALITY, LegalItem, id, "evaluate", result="complies", evidence="检测报告有效")
    assert ruled.all(Nonconformity) == []
    ruled.do(QUALITY, LegalItem, id, "evaluate", result="fails", evidence="检测报告过期")
    (nc,) = ruled.all(Nonconformity)
    assert nc.severity is Severity.MAJOR
    assert LAW["title"] in nc.statement
    chain(ruled, nc, LegalItem)


def test_without_a_rule_nothing_is_opened(world: Any) -> None:
    id = world.make(LegalItem, LAW, "n1")
    world.do(QUALITY, LegalItem, id, "evaluate", result="fails", evidence="检测报告过期")
    world.reported(c7_5_3="nonconforming")
    assert world.all(Nonconformity) == []
