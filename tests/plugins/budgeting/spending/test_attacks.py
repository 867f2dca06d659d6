"""What somebody might try with spending: signing their own by another post or a deputy, amounts beyond numbers, others' sites."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.access import manage
from dougong.access.desk import Desk
from dougong.records import history
from dougong_budgeting.planning import chart
from dougong_budgeting.spending.balances import Planned, open_balances

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

ACTUAL, MANAGER, REGION = "/budgeting/actual", "project_manager_n1", "regional_director_north"
BODY = {
    "site": "n1",
    "account": "5201",
    "posted_on": "2026-03-10",
    "amount": 100_00,
    "document": "FP-1",
    "text": "维修",
}


@pytest.fixture
def year(company: Company, clock: Clock) -> Company:
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    with company.acting("finance", "budgeting") as x:
        chart.take_over(x)
        for site in ("n1", "s1"):
            open_balances(x, company.sites[site], 2026, [Planned("5201", [1_000_00] * 12, "hard")])
    return company


def post(by: Client, **over: Any) -> Any:
    return by.api("POST", ACTUAL, {**BODY, **over})


def act(by: Client, id: str, step: str, **body: Any) -> int:
    return by.api("POST", f"{ACTUAL}/{id}/transitions/{step}", body).status_code


def test_nobody_ratifies_their_own_emergency(year: Company, platform: Running) -> None:
    """Not by a second post, not as somebody's deputy, not with many at once."""
    year.grant(MANAGER, "regional_director", "north")
    year.add_person("region2", ("regional_director", "north"))
    manager = platform.program(year, MANAGER)
    made = post(manager, amount=90_000_00, emergency=True, reason="爆管")
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    assert act(manager, id, "ratify_agree") in (403, 409)
    with year.acting(None) as x:
        desk = Desk(x.session, x.snapshot.gate(None, x.now), x.registry, history.write)
        for away in (REGION, "region2"):
            end = x.now + dt.timedelta(days=5)
            manage.appoint_deputy(desk, year.people[away], year.people[MANAGER], starts_at=x.now, ends_at=end)
    manager = platform.program(year, MANAGER)
    assert act(manager, id, "ratify_agree") in (403, 409)
    many = manager.api("POST", f"{ACTUAL}/bulk", {"action": "ratify_agree", "ids": [id], "body": {}})
    assert many.status_code >= 400 or all(one["status"] >= 400 for one in many.json()["results"])
    assert manager.api("GET", f"{ACTUAL}/{id}").json()["status"] == "ratifying"


def test_odd_amounts_and_days_are_refused_by_their_field(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    for wrong in (
        {"amount": 0}, {"amount": -1}, {"amount": 2**63}, {"amount": 10**13 + 1}, {"amount": 1.5}, {"amount": "x"},
        {"posted_on": "2026-02-30"}, {"posted_on": "9999-01-01"}, {"posted_on": "2200-01-01"}, {"posted_on": "1900-01-01"},
        {"account": "5201\n"}, {"account": "' or 1=1"}, {"account": "51"}, {"document": "a\x00b"}, {"text": "x" * 201},
        {"commitment_id": "a\x00b"}, {"commitment_id": "x"}, {"drawn": 5}, {"status": "posted"}, {"year": 2025},
        {"reversal_of_id": "00000000-0000-0000-0000-000000000000"}, {"ratified_at": "2026-01-01T00:00:00Z"},
    ):  # fmt: skip
        answer = post(finance, **wrong)
        if wrong == {"account": "5201\n"}:
            assert answer.status_code in (201, 422)  # trimmed
            continue
        assert answer.status_code in (409, 422), (wrong, answer.status_code)


def test_what_is_anothers_sites_is_not_reached(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    id = post(finance).json()["id"]
    promised = {"site": "s1", "source": "hand", "account": "5201", "due_on": "2026-04-02", "amount": 1, "title": "远"}
    far = finance.api("POST", "/budgeting/commitment", promised).json()
    for stranger in ("project_manager_s1", "client_n1", "technician_n1", "nobody"):
        program, browser = platform.program(year, stranger), platform.browser(year, stranger)
        assert program.api("GET", f"{ACTUAL}/{id}").status_code in (403, 404), stranger
        assert act(program, id, "reverse", document="R", reason="x") in (403, 404), stranger
        assert browser.get(f"{ACTUAL}/{id}").status_code in (403, 404), stranger
        assert post(program).status_code in (403, 404, 422), stranger
        told = program.api("GET", f"/budgeting/figures?year=2026{'&site=n1' if stranger == 'client_n1' else ''}")
        assert told.status_code == 404 or ("n1" not in told.text and str(year.sites["n1"]) not in told.text), stranger
    manager = platform.program(year, MANAGER)
    for name in (far["id"], far["number"]):
        assert post(manager, document=f"F-{name}"[:100], commitment_id=name).status_code == 422
    assert platform.program(year, MANAGER).api("GET", "/budgeting/figures?year=2026&site=s1").status_code == 404


def test_an_actual_is_reversed_once(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    id = post(finance).json()["id"]
    assert act(finance, id, "reverse", document="R-1", reason="错") == 200
    assert act(finance, id, "reverse", document="R-2", reason="错") == 409
    (back,) = [one for one in finance.api("GET", f"{ACTUAL}?tab=all").json()["results"] if one["amount"] < 0]
    assert act(finance, back["id"], "reverse", document="R-3", reason="错") == 409
    assert act(finance, id, "ratify_submit") in (403, 409)
