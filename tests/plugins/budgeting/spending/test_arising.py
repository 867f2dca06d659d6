"""What work orders cost is committed by the company's rules, refused where the money is out, and spent when they are done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.testing.clients import legible
from dougong_budgeting.planning import chart
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.choices import ActualState, CommitmentState
from dougong_budgeting.spending.records import Actual, Balance, Commitment

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

ORDERS, RULES = "/workorders/order", "/core/settings/core"
MANAGER, TECH = "project_manager_n1", "technician_n1"
USED = {"trigger": "workorders.used", "opens": "budgeting.commitment", "mode": "open", "detail": "5201"}
AGREED = {**USED, "trigger": "workorders.agreed"}
BODY = {
    "site": "n1", "nature": "repair", "urgency": "normal", "source": "staff", "category": "water", "title": "更换水泵",
    "location": "泵房",
}  # fmt: skip


class Orders:
    """n1 with 1,000 yuan on 5201 in 2026, and work orders on their way."""

    def __init__(self, platform: Running, company: Company) -> None:
        self.platform, self.company = platform, company
        with company.acting(None, "budgeting") as x:
            chart.take_over(x.as_person(None))
            open_balances(x, company.sites["n1"], 2026, [Planned("5201", [0] * 2 + [1_000_00] + [0] * 9)])
        company.settings("workorders", photos=False)

    def rules(self, *rules: dict[str, Any]) -> None:
        self.company.settings("core", follow_ups=list(rules))

    def order(self, **more: Any) -> str:
        made = self.platform.program(self.company, MANAGER).api("POST", ORDERS, {**BODY, **more})
        assert made.status_code == 201, made.text
        self.step(made.json()["id"], MANAGER, "dispatch", owner_id=str(self.company.people[TECH]))
        for name in ("accept", "arrive"):
            self.step(made.json()["id"], TECH, name)
        return str(made.json()["id"])

    def step(self, id: str, who: str, name: str, ok: bool = True, /, **body: Any) -> Any:
        answer = self.platform.program(self.company, who).api("POST", f"{ORDERS}/{id}/transitions/{name}", body)
        assert not ok or answer.status_code == 200, answer.text
        return answer

    def use(self, id: str, yuan: int, who: str = TECH, ok: bool = True) -> Any:
        return self.step(id, who, "use", ok, name="水泵", quantity="1", measure="台", price=yuan * 100)

    def close(self, id: str, ok: bool = True) -> Any:
        self.step(id, TECH, "finish", result="已更换", minutes=30)
        self.step(id, MANAGER, "check")
        return self.step(id, MANAGER, "close", ok)

    def kept(self, kind: Any) -> list[Any]:
        with self.company.acting(None, "budgeting") as x:
            found = list(x.session.scalars(sa.select(kind).where(kind.tenant_id == x.tenant).order_by(kind.number)))
            x.session.expunge_all()
            return found

    def balance(self) -> tuple[int, int]:
        """Committed and spent of the year."""
        with self.company.acting(None, "budgeting") as x:
            here = (Balance.tenant_id == x.tenant, Balance.year == 2026, Balance.period == 0)
            row = x.session.execute(sa.select(Balance.committed, Balance.spent).where(*here)).one()
            return row.committed, row.spent


@pytest.fixture
def orders(company: Company, platform: Running, clock: Clock) -> Orders:
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    return Orders(platform, company)


def test_material_is_committed_as_it_is_used_and_spent_when_the_order_closes(orders: Orders) -> None:
    orders.rules(USED)
    id = orders.order()
    orders.use(id, 300)
    assert orders.balance() == (300_00, 0)
    orders.use(id, 200)
    (made,) = orders.kept(Commitment)
    assert (made.amount, made.left, made.account, made.created_by) == (500_00, 500_00, "5201", None)
    orders.close(id)
    assert orders.balance() == (0, 500_00)
    (spent,) = orders.kept(Actual)
    assert (spent.amount, spent.document, spent.status) == (500_00, made.number, ActualState.POSTED)
    assert orders.kept(Commitment)[0].status is CommitmentState.SETTLED


def test_a_hard_stop_refuses_the_step_in_words_and_writes_nothing(orders: Orders) -> None:
    orders.rules(USED)
    id = orders.order()
    refused = orders.use(id, 1001, MANAGER, ok=False)
    assert refused.status_code == 409
    assert "5201" in refused.text
    orders.use(id, 900, MANAGER)
    again = orders.use(id, 101, MANAGER, ok=False)
    assert again.status_code == 409
    assert "100.00" in again.text
    assert orders.balance() == (900_00, 0)
    with orders.company.acting(None, "workorders") as x:
        from dougong_workorders.records import Material, Order

        assert (
            x.session.scalar(sa.select(sa.func.count()).select_from(Material).where(Material.tenant_id == x.tenant))
            == 1
        )
        assert x.session.scalar(sa.select(Order.cost).where(Order.tenant_id == x.tenant)) == 900_00


def test_whoever_may_not_read_budgets_is_refused_without_their_amounts(orders: Orders) -> None:
    orders.rules(USED)
    refused = orders.use(orders.order(), 1001, TECH, ok=False)
    assert refused.status_code == 409
    assert "5201" not in legible(refused.text)
    assert "1,000.00" not in refused.text
    assert "1,001.00" not in refused.text


def test_a_cancelled_order_frees_what_it_did_not_use(orders: Orders) -> None:
    orders.rules(AGREED)
    id = orders.order(nature="paid")
    orders.step(id, MANAGER, "quote", amount=400_00, text="更换水泵")
    orders.step(id, MANAGER, "agree", by="signed", price=400_00)
    assert orders.balance() == (400_00, 0)
    orders.step(id, MANAGER, "cancel", reason="业主不做了")
    assert orders.balance() == (0, 0)
    assert orders.kept(Commitment)[0].status is CommitmentState.RELEASED


def test_what_was_paid_by_hand_meanwhile_is_not_paid_again(orders: Orders) -> None:
    orders.rules(USED)
    id = orders.order()
    orders.use(id, 300)
    (made,) = orders.kept(Commitment)
    program = orders.platform.program(orders.company, MANAGER)
    sent = {
        "site": "n1",
        "account": "5201",
        "posted_on": "2026-03-25",
        "amount": 310_00,
        "text": "水泵",
        "document": "FP-1",
    }
    answer = program.api("POST", "/budgeting/actual", {**sent, "commitment_id": made.number})
    assert answer.status_code == 201, answer.text
    orders.close(id)
    assert orders.balance() == (0, 310_00)


def test_a_later_month_takes_the_promise_with_it(orders: Orders, clock: Clock) -> None:
    orders.rules(USED)
    id = orders.order()
    orders.use(id, 300)
    clock.at(dt.datetime(2026, 4, 2, 2, tzinfo=dt.UTC))
    orders.use(id, 100)
    (made,) = orders.kept(Commitment)
    assert (made.month, made.left) == (4, 400_00)
    assert orders.balance() == (400_00, 0)


def test_where_the_site_has_no_budget_nothing_is_stopped(orders: Orders, clock: Clock) -> None:
    clock.at(dt.datetime(2025, 3, 25, 2, tzinfo=dt.UTC))
    orders.rules(USED)
    orders.use(orders.order(), 5000)
    assert orders.kept(Commitment) == []


def test_with_budgeting_off_work_orders_are_as_before(orders: Orders) -> None:
    orders.rules(USED)
    first = orders.order()
    orders.use(first, 300)
    orders.company.switch("budgeting", False)
    orders.use(first, 5000)
    orders.close(first)
    second = orders.order()
    orders.use(second, 5000)
    orders.close(second)
    assert orders.balance() == (300_00, 0)


def test_a_rule_that_names_no_account_is_not_taken(orders: Orders) -> None:
    browser = orders.platform.browser(orders.company, "admin")
    assert "科目" in browser.get("/admin/follow-ups/new").text
    sent = {"what": "workorders.used ", "opens": "budgeting.commitment", "mode": "open"}
    for wrong in ("", "5" * 81):
        answer = browser.post("/admin/follow-ups/new", {**sent, "detail": wrong})
        assert answer.status_code == 422, answer.text[:500]
    assert browser.post("/admin/follow-ups/new", {**sent, "detail": "5201"}).status_code == 303
    assert "5201" in browser.get("/admin/follow-ups").text
