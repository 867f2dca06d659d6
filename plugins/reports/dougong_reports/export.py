"""A report's table as a file: CSV that a spreadsheet opens as UTF-8, or XLSX. No cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from dougong import Asked, BadRequest, FieldError, Measure, harmless, translator
from starlette.responses import Response

from . import words
from .asking import Answered

_ = translator("dougong_reports")

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | float | None


def kind_of(text: str) -> str:
    """The kind of file. :raises BadRequest: none that we write."""
    if (text or "csv") in KINDS:
        return text or "csv"
    raise BadRequest(
        _("“format” must be csv or xlsx."), errors=(FieldError("format", _("is not one of the possible choices")),)
    )


async def response(asked: Asked, kind: str, answer: Answered) -> Response:
    """The file, as an attachment."""
    one = answer.wanted
    rows = list(lines(answer))
    body = as_csv(rows) if kind == "csv" else await asked.app.in_thread(as_xlsx, rows, str(one.report.label))
    name = f"{one.module}-{one.report.name}-{one.period.start}-{one.period.last}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, 200, headers, KINDS[kind])


def lines(answer: Answered) -> Iterator[list[Cell]]:
    """Headings, the groups, the total: numbers as numbers."""
    one, now = answer.wanted, answer.now
    measures = [m for m in one.report.measures if m.listed]
    yield [str(one.report.label_of(one.grouping)), *(_heading(m) for m in measures)]
    for group in now.groups:
        if one.grouping.kind == "time" or any(part.rows for part in group.parts.values()):
            yield [words.group(one.grouping, group), *(_number(m, now.value(m, group)) for m in measures)]
    yield [str(_("Total")), *(_number(m, now.value(m)) for m in measures)]


def _heading(measure: Measure) -> str:
    unit = {"percent": "%", "duration": str(_("hours")), "money": str(_("yuan"))}.get(measure.kind, words.unit(measure))
    return f"{measure.label} ({unit})" if unit else str(measure.label)


def _number(measure: Measure, value: float | None) -> Cell:
    if value is None:
        return None
    value = value / {"duration": 3600, "money": 100}.get(measure.kind, 1)
    return int(value) if value == int(value) else round(value, 2)


def as_csv(rows: list[list[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(rows: list[list[Cell]], title: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    strong = book.add_format({"bold": True})
    for at, row in enumerate(rows):
        form = strong if at in (0, len(rows) - 1) else None
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, form)
            elif cell is not None:
                sheet.write_number(at, column, cell, form)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, max(len(rows[0]) - 1, 1), 16)
    sheet.freeze_panes(1, 1)
    book.set_properties({"title": title})
    book.close()
    return out.getvalue()
