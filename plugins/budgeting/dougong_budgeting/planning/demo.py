"""A demo company's budgets of next year: the usual tree, and three sites in three stages of the line."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from . import basis, chart, ledger
from .basis import Based
from .choices import BasisKind
from .ledger import Entry
from .records import Account, Budget

X = Context[Any]
SITES = (("huayuan", "lump", 176_400, 100), ("qicheng", "lump", 98_000, 62), ("hekang", "commission", 64_000, 45))
# What accounts of the first site rest on, in thousandths, fen and hundredths of a per cent: figures that give the amounts above.
BASES: tuple[tuple[str, BasisKind, int, int, int, str], ...] = (
    ("4001", BasisKind.AREA, 176_400_000, 250, 8800, "物业费 2.50 元/m²·月"),
    ("5202", BasisKind.QUANTITY, 38_000, 480_00, 10_000, "电梯 38 台，全包维保"),
    ("5301", BasisKind.QUANTITY, 20_000, 2930_00, 10_000, "保洁外包 20 人"),
    ("5102", BasisKind.PERCENT, 0, 0, 3200, "按缴费基数"),
)


def fill(x: X) -> None:
    """Budgets of the year after the clock's; a company that has accounts already gets none."""
    if x.session.scalar(sa.select(sa.literal(1)).where(Account.tenant_id == x.tenant).limit(1)):
        return
    chart.take_over(x)
    codes = {one.code: one.id for one in ledger.accounts(x)}
    figures = json.loads((files(__package__) / "demo.json").read_text("utf-8"))
    by_slug = {node.slug: node.id for node in x.snapshot.sites.ordered()}
    year = x.now.year + 1
    for slug, mode, area, part in SITES:
        if slug not in by_slug:
            continue
        body = {
            "year": year, "fee_mode": mode, "scenario": "base", "area": area,
            "assumptions": "综合收缴率 88%；工资按当地最低工资标准调整预留 3%；能耗按上年用量，电价不变。",
            "market": "周边同类住宅物业费 2.0～2.6 元/m²·月；保洁外包人工成本比上年上涨约 4%。",
        }  # fmt: skip
        made = x.submit(Budget, by_slug[slug], body)
        values = {
            (codes[c], m): v * part // 1000 * 1000 for c, months in figures.items() for m, v in enumerate(months, 1)
        }
        ledger.store(x, made, [(a, m, Entry(v, v, 1, None, None)) for (a, m), v in values.items()])
        ledger.retotal(x, made, ledger.accounts(x), values)
        if slug == SITES[0][0]:
            _rest_on(x, made, codes)


def _rest_on(x: X, made: Budget, codes: dict[str, UUID]) -> None:
    """The bases of a budget; what they change is marked in the grid."""
    for code, method, quantity, price, share, note in BASES:
        of = codes["5101"] if method is BasisKind.PERCENT else None
        basis.put(x, made, Based(account=codes[code], method=method, quantity=quantity, price=price, share=share, of_account=of,
                                 note=note))  # fmt: skip


__all__ = ["fill"]
