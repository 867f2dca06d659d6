"""What a complaint tells of itself to what it gives rise to; the chain with the real modules, and with one of them off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.testing.clients import legible

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

COMPLAINTS, ORDERS, FINDINGS, FLAWS = (
    "/complaints/complaint",
    "/workorders/order",
    "/inspections/finding",
    "/quality/nonconformity",
)
BODY: dict[str, Any] = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "room": "3-2-1801", "category": "water_leak", "location": "3号楼2单元1801", "statement": "王女士说顶棚渗水",
    "severity": "important", "urgency": "urgent",
}  # fmt: skip
SECRETS = ("王女士", "13800005678", "1801", "顶棚渗水")
MANAGER, LEAD, TECHNICIAN = "project_manager_n1", "service_lead_n1", "technician_n1"
EQUIPMENT = {"trigger": "complaints.cause", "value": "equipment", "opens": "workorders.order", "mode": "open"}
SEVERE = [
    {"trigger": "inspections.finding", "value": "critical", "opens": opens, "mode": "open"}
    for opens in ("quality.nonconformity", "workorders.order")
]


class Loop:
    def __init__(self, platform: Running, company: Company) -> None:
        self.platform, self.company = platform, company

    def by(self, who: str = MANAGER) -> Client:
        return self.platform.program(self.company, who)

    def rules(self, *rules: dict[str, Any]) -> None:
        self.company.settings("core", follow_ups=list(rules))

    def solved(self, cause: str = "equipment", **over: Any) -> dict[str, Any]:
        made = self.by().api("POST", COMPLAINTS, {**BODY, **over})
        assert made.status_code == 201, made.text
        sent = {"cause": cause, "solution": "更换接头"}
        answer = self.by().api("POST", f"{COMPLAINTS}/{made.json()['id']}/transitions/on_the_spot", sent)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def all(self, path: str, who: str = MANAGER) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.by(who).api("GET", path).json()["results"]
        return found

    def kinds(self, path: str, id: str, who: str = MANAGER) -> list[str]:
        return [one["kind"] for one in self.by(who).api("GET", f"{path}/{id}/chain").json()["results"]]


@pytest.fixture
def loop(platform: Running, company: Company) -> Loop:
    return Loop(platform, company)


def test_a_cause_opens_a_work_order_that_tells_nothing_personal(loop: Loop) -> None:
    loop.rules(EQUIPMENT)
    found = loop.solved()
    (order,) = loop.all(ORDERS)
    told = (
        loop.by().api("GET", f"{ORDERS}/{order['id']}").text
        + loop.by().api("GET", f"{ORDERS}/{order['id']}/history").text
    )
    assert found["number"] in told
    assert not [secret for secret in SECRETS if secret in legible(told)]
    assert loop.kinds(ORDERS, order["id"]) == ["complaints.complaint", "workorders.order"]


def test_another_cause_opens_none(loop: Loop) -> None:
    loop.rules(EQUIPMENT)
    loop.solved("process")
    assert loop.all(ORDERS) == []


def test_a_complaint_against_somebody_does_not_show_through_what_it_opened(loop: Loop) -> None:
    loop.rules(EQUIPMENT)
    found = loop.solved(against_id=str(loop.company.people[LEAD]))
    (order,) = loop.all(ORDERS, LEAD)
    told = loop.by(LEAD).api("GET", f"{ORDERS}/{order['id']}")
    whole = told.json()
    assert "equipment" not in told.text
    assert (whole["statement"], whole["urgency"], whole["location_id"]) == (None, "normal", None)
    assert loop.kinds(ORDERS, order["id"], LEAD) == ["workorders.order"]
    assert loop.by(LEAD).api("GET", f"{COMPLAINTS}/{found['id']}/chain").status_code == 404
    page = loop.platform.browser(loop.company, LEAD).get(f"{ORDERS}/{order['id']}").text
    assert found["id"] not in page
    assert not [secret for secret in SECRETS if secret in legible(page)]
    assert len(loop.kinds(ORDERS, order["id"])) == 2


def test_a_severe_finding_with_quality_off_and_on_again(loop: Loop) -> None:
    loop.rules(*SEVERE)
    body = {
        "site": "n1",
        "description": "消防栓箱门锁死",
        "severity": "critical",
        "trade": "security",
        "location": "3号楼",
    }
    first = loop.by().api("POST", FINDINGS, body)
    assert first.status_code == 201, first.text
    id = first.json()["id"]
    everything = {"inspections.finding", "quality.nonconformity", "workorders.order"}
    assert set(loop.kinds(FINDINGS, id)) == everything
    (flaw,) = loop.all(FLAWS)
    browser = loop.platform.browser(loop.company, MANAGER)
    assert flaw["number"] in browser.get(f"{FINDINGS}/{id}").text
    loop.company.switch("quality", False)
    assert flaw["number"] not in browser.get(f"{FINDINGS}/{id}").text
    assert set(loop.kinds(FINDINGS, id)) == everything - {"quality.nonconformity"}
    second = loop.by().api("POST", FINDINGS, body)
    assert second.status_code == 201, second.text
    for one in (id, second.json()["id"]):
        page = browser.get(f"{FINDINGS}/{one}")
        assert page.status_code == 200
        assert "/quality/" not in page.text
    assert set(loop.kinds(FINDINGS, second.json()["id"])) == everything - {"quality.nonconformity"}
    loop.company.switch("quality", True)
    assert set(loop.kinds(FINDINGS, id)) == everything
    assert len(loop.all(FLAWS)) == 1
