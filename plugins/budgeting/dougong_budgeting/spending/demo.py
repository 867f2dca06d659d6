"""A demo company's year in execution: an approved budget at one site, spent until last month, closed until the month before.

Small and always the same: a summer dearer than planned, an emergency after a storm, a supplement, and what is committed until the
end of the year.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, make_many

from ..planning import ledger
from ..planning.budgets import approve as approve_budget
from ..planning.ledger import Entry
from ..planning.records import Budget
from .adjusting import approve as approve_adjustment
from .closing import unexplained
from .ratifying import ratify
from .records import Actual, Adjustment, Commitment, Ledger, Month

X = Context[Any]
TEXTS = {
    "4001": "物业费收缴", "5101": "项目员工工资", "5201": "日常维修材料", "5205": "公共区域水电费", "5301": "保洁外包费",
}  # fmt: skip
SUMMER = {7: 118, 8: 121}  # % of the plan for energy
NOTES = {
    "5205": (
        "夏季用电超出计划。",
        "高温天数比上年多 11 天，地下车库通风和水泵运行时间延长。",
        "调整通风时段，9 月起按时段启停，逐周抄表。",
    ),
    "5201": ("含应急抢修支出。", "暴雨后地下车库进水，抢排水并更换 2 台水泵。", "雨季前检修排水泵，备件列入明年预算。"),
}
OTHER = ("与计划有差异。", "结算时间与计划月份不一致。", "按合同节点付款，次月核对。")


def fill(x: X) -> None:
    """Its share of a demo company; one that executes a budget already gets none."""
    x = x.with_settings(x.settings_of("budgeting"))
    site = next((node.id for node in x.snapshot.sites.ordered() if node.slug == "huayuan"), None)
    if site is None or x.session.scalar(sa.select(Ledger.year).where(Ledger.tenant_id == x.tenant).limit(1)):
        return
    managers, finance = x.who("project_manager", site), x.who("finance", site)
    today = x.today(site)
    year, through = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    if managers and finance and ledger.accounts(x):
        Year(x, site, year, through, managers[0].id, finance[0].id).live()


class Year:
    """:ivar through: the last month that is over."""

    def __init__(self, x: X, site: UUID, year: int, through: int, manager: UUID, finance: UUID) -> None:
        self.x, self.site, self.year, self.through = x, site, year, through
        self.manager, self.finance = manager, finance
        figures = json.loads((files("dougong_budgeting.planning") / "demo.json").read_text("utf-8"))
        self.plan = {code: [amount * 97 for amount in figures[code]] for code in TEXTS}

    def live(self) -> None:
        """From the budget's approval to yesterday."""
        self._budget()
        for month in range(1, self.through + 1):
            self._spend(month)
            if month == max(self.through - 1, 1):
                self._emergency(month)
            if month < self.through:
                self._close(month)
        if self.through < 12:
            self._adjustment()
            self._commitments()

    def at(self, person: UUID, month: int, day: int) -> X:
        """Somebody at ten in the morning of a day; month 0 is last December, 13 next January."""
        zone = self.x.snapshot.sites.zone(self.site)
        year, month = self.year + (month - 1) // 12, (month - 1) % 12 + 1
        moment = dt.datetime(year, month, day, 10, tzinfo=zone).astimezone(dt.UTC)
        with self.x.at(min(moment, self.x.now)) as then:
            return then.as_person(person)

    def _signed(self, what: Any, record: Any, step: str, month: int, day: int) -> None:
        """All who have to, one after the other, each on a day of their own."""
        for later in range(8):
            then = self.at(self.manager, month, day + later)
            waited = what.waited_for(record, then)
            if not waited:
                return
            self.at(waited[0].person, month, day + later).take(record, f"{step}_agree")

    def _budget(self) -> None:
        drawn = self.at(self.finance, 0, 4)
        body = {
            "year": self.year, "fee_mode": "lump", "scenario": "base", "area": 176_400,
            "assumptions": "收缴率 96%；能耗按上年用量；外包合同价不变。", "market": "周边同类住宅物业费 2.0～2.6 元/m²·月。",
        }  # fmt: skip
        made = drawn.submit(Budget, self.site, body)
        codes = {one.code: one.id for one in ledger.accounts(drawn)}
        values = {(codes[c], m): v for c, months in self.plan.items() for m, v in enumerate(months, 1)}
        ledger.store(drawn, made, [(a, m, Entry(v, v, 1, None, None)) for (a, m), v in values.items()])
        ledger.retotal(drawn, made, ledger.accounts(drawn), values)
        drawn.take(made, "approve_submit")
        self._signed(approve_budget, made, "approve", 0, 7)

    def _spend(self, month: int) -> None:
        """Near the plan, never quite on it; income as it is collected."""
        day, rows = dt.date(self.year, month, 25), []
        for n, (code, text) in enumerate(TEXTS.items()):
            percent = 92 + (month * 5) % 7 if code == "4001" else 97 + (n * 5 + month * 3) % 7
            if code == "5201":  # the rest of the year is kept for what a storm costs
                percent -= 7
            if code == "5205":
                percent = SUMMER.get(month, percent)
            values = {
                "account": code, "posted_on": day, "amount": self.plan[code][month - 1] * percent // 100,
                "document": f"记-{self.year}{month:02d}-{n + 1:03d}", "text": f"{month} 月{text}", "supplier": None,
                "more": False, "emergency": False, "reason": "累计超出计划，见月度差异说明。", "commitment_id": None,
                "reversal_of_id": None,
            }  # fmt: skip
            rows.append((self.site, values))
        make_many(self.at(self.finance, month, 27), Actual, rows)

    def _emergency(self, month: int) -> None:
        body = {
            "account": "5201", "posted_on": dt.date(self.year, month, 18).isoformat(), "amount": 9_800_00, "emergency": True,
            "document": f"YJ-{self.year}{month:02d}-01", "text": "暴雨后地下车库抢排水、更换水泵", "supplier": "排水抢险单位",
            "reason": "地下车库进水，不立即抢排将危及配电房。",
        }  # fmt: skip
        made = self.at(self.manager, month, 18).submit(Actual, self.site, body)
        self._signed(ratify, made, "ratify", month, 19)

    def _close(self, month: int) -> None:
        then = self.at(self.finance, month + 1, 4)
        query = sa.select(Month).where(Month.tenant_id == then.tenant, Month.site_id == self.site)
        found = then.session.scalars(query.where(Month.year == self.year, Month.month == month)).one()
        for account in unexplained(found, then):
            text, cause, action = NOTES.get(account, OTHER)
            then.take(found, "note_variance", account=account, text=text, cause=cause, action=action)
        then.take(found, "close")

    def _adjustment(self) -> None:
        asked = self.at(self.manager, self.through, 20)
        body = {
            "nature": "supplement", "year": self.year, "account": "5205", "month": self.through + 1, "until_month": 12,
            "amount": 20_000_00, "reason": "夏季高温用电超支，追加公共区域水电费。",
        }  # fmt: skip
        made = asked.submit(Adjustment, self.site, body)
        asked.take(made, "approve_submit")
        self._signed(approve_adjustment, made, "approve", self.through, 21)

    def _commitments(self) -> None:
        then, first = self.at(self.manager, self.through, 26), dt.date(self.year, self.through + 1, 1)
        contract = {
            "source": "contract", "account": "5301", "due_on": first.isoformat(), "amount": self.plan["5301"][0],
            "title": "保洁外包服务", "supplier": "保洁外包单位", "contract": f"HT-{self.year}-BJ-01",
            "until_on": dt.date(self.year + 1, 2, 28).isoformat(),
        }  # fmt: skip
        then.submit(Commitment, self.site, contract)
        pump = {
            "source": "hand", "account": "5201", "due_on": first.replace(day=28).isoformat(), "amount": 4_600_00,
            "title": "生活水泵大修", "supplier": "水泵维修单位",
        }  # fmt: skip
        then.submit(Commitment, self.site, pump)


__all__ = ["fill"]
