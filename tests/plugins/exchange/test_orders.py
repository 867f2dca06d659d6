"""Work orders of another program come in by their own headings, with what no form asks for; bad cells are named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dougong_workorders.choices import State
from dougong_workorders.records import Order

if TYPE_CHECKING:
    from dougong.testing.companies import Company

HEAD = "报修单号,项目,登记时间,工单类型,紧急程度,来源,报修类别,报修内容,位置,报修人,联系电话,工单状态,完工时间,维修结果"
GOOD = "W-1,n1,2026/1/5,repair,normal,phone,water,龙头滴水,3 号楼,王女士,138 0000 5678,closed,2026/1/6,更换阀芯"


def orders(company: Company) -> list[Order]:
    with company.acting(None, "workorders") as x:
        found = list(x.session.scalars(x.readable(Order).order_by(Order.number)))
        x.session.expunge_all()
        return found


def test_orders_come_in_by_their_own_headings(company: Company, bring: Any, tmp_path: Path) -> None:
    bad = GOOD.replace("W-1", "W-2").replace("water", "没有的类别")
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEAD, GOOD, bad]), encoding="gb18030")
    out = bring("workorders", path, person="service_lead_n1")
    assert (out["created"], out["errors"]) == (1, 1), out
    assert {(f["row"], f["column"]) for f in out["faults"]} == {(3, "报修类别")}
    (order,) = orders(company)
    assert (order.number, order.status, order.result) == ("W-1", State.CLOSED, "更换阀芯")
    assert (order.phone, order.category) == ("13800005678", "water")
    assert order.finished_at is not None
    assert order.finished_at.isoformat() == "2026-01-05T16:00:00+00:00"
