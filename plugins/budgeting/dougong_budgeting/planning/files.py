"""A budget as a file: workbooks and text with separators into rows of cells, and a budget's grid as a workbook.

Reads what is shown in cells and writes nothing; what the cells mean is said by ``sheet``.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import xlsxwriter
from dougong import Invalid, refuse, translator
from xlsxwriter.utility import xl_rowcol_to_cell

from . import ledger, workbook_child
from .records import Account, Budget

_ = translator("dougong_budgeting")
MOST = 2_000_000  # bytes: a sheet of five hundred accounts has a hundred thousand
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls


def cells_of(data: bytes) -> tuple[list[list[str]], int]:
    """The rows of a file's first sheet, and by how many fen a sum may differ from its months: a workbook's cells are rounded
    as they are shown.

    :raises Invalid: damaged, far too large, or no text.
    """
    if data.startswith(_BINARY):
        return _workbook(data), 6
    return _separated(_decoded(data)), 0


def _workbook(data: bytes) -> list[list[str]]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-X", "utf8", workbook_child.__file__],
            input=data,
            capture_output=True,
            timeout=30,
            check=True,
        )
        found: list[list[str]] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise _damaged() from error
    return found


def _damaged() -> Invalid:
    return refuse("file", _("The file is damaged or far too large. Save it anew as .xlsx or .csv."))


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _damaged()


def _separated(text: str) -> list[list[str]]:
    head = text[:4000]
    separator = max("\t,;", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[: workbook_child.ROWS + 1]
    except csv.Error as error:
        raise _damaged() from error


def as_xlsx(b: Budget, title: str, found: Sequence[Account], own: Mapping[UUID, Sequence[int]]) -> bytes:
    """The grid as people have it: codes, accounts, months, the year. Sums are formulas, and it can be imported again."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    strong = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    sums = book.add_format({"num_format": "#,##0.00", "bold": True})
    page = book.add_worksheet(str(b.year))
    page.write_string(0, 0, title, strong)
    heads = [_("Code"), _("Account"), *(_("M{n}").format(n=month) for month in ledger.MONTHS), _("Whole year")]
    for column, head in enumerate(heads):
        page.write_string(2, column, str(head), strong)
    every = ledger.added(found, own)
    at = {one.id: n for n, one in enumerate(found, 3)}
    below: dict[UUID, list[int]] = {}
    for one in found:
        if one.parent_id in at:
            below.setdefault(one.parent_id, []).append(at[one.id])
    for one in found:
        row, months, style = at[one.id], every[one.id], sums if one.id in below else money
        page.write_string(row, 0, one.code)
        page.write_string(row, 1, one.name, strong if one.id in below else None)
        for column, amount in enumerate(months, 2):
            _amount(page, row, column, amount, style, below.get(one.id, ()))
        page.write_formula(row, 14, f"=SUM(C{row + 1}:N{row + 1})", sums, sum(months) / 100)
    page.set_column(1, 1, 24)
    page.set_column(2, 14, 13)
    page.freeze_panes(3, 2)
    book.close()
    return out.getvalue()


def _amount(page: Any, row: int, column: int, amount: int, style: Any, below: Sequence[int]) -> None:
    """A sum of at most a hundred accounts is a formula; one of more is its figure."""
    if below and len(below) <= 100:
        page.write_formula(
            row, column, f"=SUM({','.join(xl_rowcol_to_cell(n, column) for n in below)})", style, amount / 100
        )
    else:
        page.write_number(row, column, amount / 100, style)


__all__ = ["MOST", "XLSX", "as_xlsx", "cells_of"]
