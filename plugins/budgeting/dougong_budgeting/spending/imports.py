"""Actuals from a file of the bookkeeping program: its headings name the fields; what stands already is refused.

A voucher may have several lines for one account: each is known by its number, from a column or counted in the file. Each row
takes its money as if it were posted by hand, in a unit of its own: a refused row leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Importable

from .records import Actual


def _lines_of(body: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Lines that are counted together: of a voucher, for an account; voucher numbers begin anew each month."""
    document, account, day = (str(body.get(name) or "") for name in ("document", "account", "posted_on"))
    return (document, account, day[:7]) if document and account and day else None


importable = Importable(
    Actual,
    fields=("line",),
    aliases={
        "document": (
            "凭证号", "凭证编号", "凭证字号", "单据号", "单据编号", "发票号", "发票号码", "voucher no", "voucher", "invoice",
        ),
        "posted_on": ("日期", "凭证日期", "记账日期", "制单日期", "业务日期", "date"),
        "account": ("科目编码", "科目代码", "科目编号", "会计科目", "account code"),
        "text": ("摘要", "用途", "事由", "description"),
        "amount": ("金额", "借方金额", "发生额", "支出金额"),
        "line": ("分录号", "分录序号", "分录行号", "凭证行号", "line no", "voucher line"),
        "supplier": ("供应商", "往来单位", "收款单位", "对方单位"),
    },
    singly=True,
    counted="line",
    within=_lines_of,
)  # fmt: skip

__all__ = ["importable"]
