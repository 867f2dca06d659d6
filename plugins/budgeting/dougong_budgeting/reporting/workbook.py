"""Tables of figures as a workbook: numbers as numbers, no cell ever a formula or a link."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from dougong.views import FigureTable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def as_xlsx(title: str, subtitle: str, tables: Sequence[FigureTable]) -> bytes:
    """One sheet for each table, as it stands on the page and with all its rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    strong, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    for n, table in enumerate(tables):
        sheet = book.add_worksheet(f"{n + 1} {re.sub(r'[^ 0-9A-Za-z一-鿿]', '', table.title)[:25]}")
        sheet.write_string(0, 0, f"{title} {subtitle}", strong)
        for column, heading in enumerate(table.headings):
            sheet.write_string(2, column, heading.label, strong)
        rows = [*table.rows, *([table.total] if table.total else [])]
        for at, row in enumerate(rows, 3):
            sheet.write_string(at, 0, "  " * row.depth + row.label, strong if row.strong else None)
            for column, cell in enumerate(row.cells, 1):
                _write(sheet, at, column, cell.text, money)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, len(table.headings), 14)
        sheet.freeze_panes(3, 1)
    if not tables:
        book.add_worksheet().write_string(0, 0, f"{title} {subtitle}", strong)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, text: str, money: Any) -> None:
    if _NUMBER.fullmatch(text):
        sheet.write_number(row, column, float(text.replace(",", "")), money)
    else:
        sheet.write_string(row, column, text)


__all__ = ["XLSX", "as_xlsx"]
