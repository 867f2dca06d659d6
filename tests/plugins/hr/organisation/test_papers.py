"""Contracts, certificates and probation remind on their days; what is not for everybody reaches nobody without the right."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from dougong.errors import Invalid
from dougong.records import actions
from dougong.testing.clients import Running, legible
from dougong.testing.clock import Clock
from dougong_hr.organisation.choices import EmployeeState, PaperState
from dougong_hr.organisation.resources import certificate, contract, employee

from .conftest import TODAY, Organisation

CERTIFICATE = {"type": "electrician", "paper": "DG-01", "issued_on": "2024-03-01"}
CONTRACT = {"nature": "fixed", "paper": "LD-01", "starts_on": "2024-03-01"}


def _paper(o: Organisation, resource: Any, body: dict[str, Any]) -> UUID:
    with o.company.acting(None, "hr") as x:
        body = {"employee_id": str(o.staff["E1"]), **body}
        return actions.create(resource, body, x, site=o.company.sites["n1"]).id


def _see(o: Organisation, resource: Any, id: UUID) -> Any:
    with o.company.acting(None, "hr") as x:
        found = x.session.get_one(resource.record, (x.tenant, id))
        x.session.expunge(found)
        return found


@pytest.mark.parametrize(
    ("resource", "body", "days"),
    [(certificate, CERTIFICATE, (60, 30, 7)), (contract, CONTRACT, (45, 30))],
    ids=["certificate", "contract"],
)
def test_papers_remind_on_their_days_and_run_out(
    organisation: Organisation, clock: Clock, resource: Any, body: dict[str, Any], days: tuple[int, ...]
) -> None:
    o = organisation
    o.hire("E1")
    last = TODAY + dt.timedelta(days=100)
    id = _paper(o, resource, {**body, "ends_on": last.isoformat()})
    found = _see(o, resource, id)
    assert found.ends_by == dt.datetime.combine(
        last + dt.timedelta(days=1), dt.time(), dt.timezone(dt.timedelta(hours=8))
    )
    names = [one.name for one in resource.flow.clocks["term"].steps_for(o.company.snapshot.settings("hr"))]
    assert [name for name in names if name.startswith("remind")] == [f"remind_{n}" for n in sorted(days)]
    clock.move(days=98)
    clock.run()
    clock.through(days=4)
    assert _see(o, resource, id).ends_late
    o.do("hr", resource, id, "renew", until=(last + dt.timedelta(days=400)).isoformat())
    assert _see(o, resource, id).ends_by > clock.now
    o.do("hr", resource, id, "end", reason="不再需要")
    assert _see(o, resource, id).status is PaperState.ENDED


def test_papers_that_cannot_be_are_refused(organisation: Organisation) -> None:
    o = organisation
    o.hire("E1")
    wrong: list[tuple[Any, dict[str, Any]]] = [
        (contract, {**CONTRACT, "ends_on": "2024-02-01"}),
        (contract, CONTRACT),
        (certificate, {**CERTIFICATE, "ends_on": "2024-02-01"}),
        (certificate, {**CERTIFICATE, "type": "driving"}),
    ]
    for resource, body in wrong:
        with pytest.raises(Invalid):
            _paper(o, resource, body)
    id = _paper(o, certificate, {**CERTIFICATE, "ends_on": "2027-03-01"})
    with pytest.raises(Invalid):
        o.do("hr", certificate, id, "renew", until="2027-03-01")


def test_probation_ends_by_a_decision_and_is_late_without_one(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    id = o.hire("E1", hired_on="2026-03-02", probation_until="2026-05-31")
    assert o.of("E1").status is EmployeeState.PROBATION
    clock.move(days=90)
    clock.run()
    clock.through(days=5)
    assert o.of("E1").probation_late
    o.do("hr", employee, id, "confirm")
    assert o.of("E1").status is EmployeeState.EMPLOYED
    assert o.of("E1").probation_by is None
    with pytest.raises(Invalid):
        o.hire("E2", hired_on="2026-03-02", probation_until="2026-02-01")


SECRETS = {"identity": "330106199001010011", "phone": "13800005678", "salary": 523_456}


@pytest.mark.parametrize("who", ["project_manager_n1", "general_manager", "quality", "service_lead_n1"])
def test_identity_and_pay_reach_nobody_but_hr_and_finance(
    organisation: Organisation, platform: Running, who: str
) -> None:
    o = organisation
    id = o.hire("E1", **SECRETS)
    for allowed in ("hr", "finance"):
        told = platform.program(o.company, allowed).api("GET", f"/hr/employee/{id}")
        assert told.json()["salary"] == 523_456
    reader = platform.program(o.company, who)
    for address in (f"/hr/employee/{id}", "/hr/employee", f"/hr/employee/{id}/history", "/hr/employee?q=523456"):
        text = legible(reader.api("GET", address).text)
        assert "523456" not in text
        assert "330106199001010011" not in text
        assert "13800005678" not in text
    assert reader.api("GET", "/hr/employee?sort=salary").status_code in (400, 403, 404, 422)
    assert reader.api("GET", "/hr/employee?salary=523456").status_code in (400, 403, 404, 422)


def test_another_company_sees_none_of_it(organisation: Organisation, platform: Running, other_company: Any) -> None:
    o = organisation
    id = o.hire("E1")
    other = platform.program(other_company, "hr")
    assert other.api("GET", f"/hr/employee/{id}").status_code == 404
    assert other.api("GET", "/hr/employee").json()["results"] == []


def test_a_program_says_whose_a_paper_is_by_the_employees_own_number(organisation: Organisation, platform: Running) -> None:
    o = organisation
    o.hire("E1")
    body = {"site": "n1", "employee_id": " E1 ", **CERTIFICATE}
    made = platform.program(o.company, "hr").api("POST", "/hr/certificate", body)
    assert made.status_code == 201, made.text
    assert made.json()["employee_id"] == str(o.staff["E1"])
    for said in ("E2", "e1\x00", "E" * 300):
        refused = platform.program(o.company, "hr").api("POST", "/hr/certificate", {**body, "employee_id": said})
        assert refused.status_code == 422, refused.text
        assert [error["path"] for error in refused.json()["errors"]] == ["employee_id"]
