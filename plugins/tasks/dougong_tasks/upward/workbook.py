"""A report as a workbook: numbers as numbers, nothing that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from .sheet import Sheet, as_number

Row = tuple[Sequence[Any], str]  # cells and how they look: "" | head | strong
WIDTHS = (22, 34, 14, 12, 16, 30)


def as_xlsx(found: Sheet, headings: Sequence[str]) -> bytes:
    """:param headings: of the table of figures: section, figure, value, unit, period before, note."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        "": book.add_format({"text_wrap": True, "valign": "top"}),
        "strong": book.add_format({"bold": True, "valign": "top", "text_wrap": True}),
        "head": book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }
    page = book.add_worksheet()
    for at, (cells, look) in enumerate(_rows(found, headings)):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(at, column, cell, looks[look])
            else:
                page.write_number(at, column, cell, looks[look])
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def _rows(found: Sheet, headings: Sequence[str]) -> Iterator[Row]:
    yield [f"{found.title} {found.far}"], "title"
    for label, text in found.facts:
        yield [label, text], ""
    for label, text in found.words:
        yield [label, text], ""
    yield headings, "head"
    for one in found.sections:
        yield [one["label"], one["sentence"], "", "", "", found.remarks.get(one["key"], "")], "strong"
        for f in one["figures"]:
            at = (one["key"], f["label"])
            note = found.changed_words if at in found.changed else ""
            yield ["", f["label"], _cell(f["value"]), f["unit"], _cell(f.get("before", "")), note], ""
        if one["rows"]:
            yield ["", *one["headings"]], "head"
            yield from ((["", *row], "") for row in one["rows"])


def _cell(value: Any) -> int | float | str:
    found = as_number(value)
    return str(value) if found is None else found
