"""A demo company's figures beside the one year that spending makes: two more sites in execution, so that there is something to
compare, a cost that is shared among them, and what the owners of one were told of the first half-year."""

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
from ..spending.demo import Year
from ..spending.records import Actual, Ledger
from .disclosing import approve as approve_sheet
from .records import Allocation, Disclosure

X = Context[Any]
CODES = {
    "4001": "物业费收缴", "4003": "电梯广告与公共场地收入", "5101": "项目员工工资", "5201": "日常维修", "5205": "公共区域水电费",
    "5301": "保洁外包费", "5304": "绿化养护", "5401": "保安外包费", "59": "物业管理酬金",
}  # fmt: skip
OTHERS = (
    ("qicheng", "lump", 98_000, 58, 104),
    ("hekang", "commission", 64_000, 41, 98),
)  # part of the plan, % as it went
HALF = 6


def fill(x: X) -> None:
    """Its share of a demo company; one whose year spending did not make gets none."""
    x = x.with_settings(x.settings_of("budgeting"))
    by_slug = {node.slug: node.id for node in x.snapshot.sites.ordered()}
    first = sa.select(Ledger.year).where(Ledger.tenant_id == x.tenant, Ledger.site_id == by_slug.get("huayuan"))
    year = x.session.scalar(first.limit(1))
    finance = x.who("finance", x.snapshot.sites.root)
    if (
        year is None
        or not finance
        or x.session.scalar(sa.select(Allocation.id).where(Allocation.tenant_id == x.tenant).limit(1))
    ):
        return
    today = x.today(x.snapshot.sites.root)
    through = today.month - 1 if today.year == year else 12
    for slug, mode, area, part, went in OTHERS:
        site = by_slug.get(slug)
        if site is None or x.session.get(Ledger, (x.tenant, site, year)) is not None:
            continue
        managers = x.who("project_manager", site)
        one = Other(x, site, year, through, managers[0].id if managers else finance[0].id, finance[0].id)
        one.live_as(mode, area, part, went)
        if mode == "commission" and managers and through > HALF:
            one.tell()
    _share(x, finance[0].id)


class Other(Year):
    """A site's year in rough strokes."""

    def live_as(self, mode: str, area: int, part: int, went: int) -> None:
        figures = json.loads((files("dougong_budgeting.planning") / "demo.json").read_text("utf-8"))
        figures["59"] = [24_000] * 12 if mode == "commission" else [0] * 12
        self.plan = {code: [amount * part for amount in figures[code]] for code in CODES if code in figures}
        drawn = self.at(self.finance, 0, 4)
        body = {"year": self.year, "fee_mode": mode, "scenario": "base", "area": area}
        made = drawn.submit(Budget, self.site, body)
        codes = {one.code: one.id for one in ledger.accounts(drawn)}
        values = {(codes[c], m): v for c, months in self.plan.items() for m, v in enumerate(months, 1)}
        ledger.store(drawn, made, [(a, m, Entry(v, v, 1, None, None)) for (a, m), v in values.items()])
        ledger.retotal(drawn, made, ledger.accounts(drawn), values)
        drawn.take(made, "approve_submit")
        self._signed(approve_budget, made, "approve", 0, 7)
        if mode == "commission":
            day = dt.date(self.year - 1, 12, 20).isoformat()
            self.at(self.finance, 0, 21).take(
                made, "owners_agreed", on=day, basis="业主（医院）书面复函同意本年度物业服务资金预算。"
            )  # fmt: skip
        rows = [self._row(code, month, went) for month in range(1, self.through + 1) for code in self.plan]
        make_many(self.at(self.finance, self.through, 28), Actual, [row for row in rows if row[1]["amount"]])
        for month in range(1, self.through):
            self._close(month)

    def _row(self, code: str, month: int, went: int) -> tuple[UUID, dict[str, Any]]:
        percent = went if code[0] == "5" and code != "59" else 100 if code == "59" else 97
        values = {
            "account": code, "posted_on": dt.date(self.year, month, 25), "amount": self.plan[code][month - 1] * percent // 100,
            "document": f"记-{self.year}{month:02d}-{code}", "text": f"{month} 月{CODES[code]}", "supplier": None,
            "more": False, "emergency": False, "reason": None, "commitment_id": None, "reversal_of_id": None,
        }  # fmt: skip
        return self.site, values

    def tell(self) -> None:
        """The first half-year, signed and published."""
        then = self.at(self.manager, HALF + 1, 8)
        body = {
            "year": self.year, "first": 1, "until": HALF,
            "services": "按服务合同约定的标准执行，物业服务费按收费面积逐月计收。电梯月度维保、消防年度检测按期完成。",
            "repairs": "上半年未使用维修资金。", "words": "公共区域照明改用节能灯具，能耗低于预算；结余转入下半年。",
        }  # fmt: skip
        made = then.submit(Disclosure, self.site, body)
        then.take(made, "approve_submit")
        self._signed(approve_sheet, made, "approve", HALF + 1, 9)
        self.at(self.manager, HALF + 1, 14).take(made, "publish", place="各楼栋公告栏、业主服务平台")


def _share(x: X, finance: UUID) -> None:
    """One that is posted, one that is still prepared."""
    then, root = x.as_person(finance), x.snapshot.sites.root
    day = x.today(root).replace(day=1).isoformat()
    body = {
        "account": "5101", "posted_on": day, "divided_by": "area", "amount": 48_000_00, "title": "区域维修班组工资",
        "document": "ZB-GZ-01", "reason": "区域班组按收费面积分摊。",
    }  # fmt: skip
    made = then.submit(Allocation, root, body)
    then.take(made, "distribute")
    waiting = {
        "title": "秩序维护体系外审费",
        "document": "ZB-WS-02",
        "account": "5201",
        "amount": 12_000_00,
        "divided_by": "income",
        "reason": None,
    }
    then.submit(Allocation, root, {**body, **waiting})


__all__ = ["fill"]
