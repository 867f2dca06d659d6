"""Tables on their way out: xlsx and csv, row by row, in bounded memory, with nothing in them that a program would run."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from dougong import harmless

from .choices import Format

LONGEST = 32_767  # characters that a cell of a workbook holds
ROWS = 1_048_575  # of a sheet, below the headings


class Sheet(Protocol):
    """Takes rows of texts, numbers and moments (on the wall clock)."""

    def row(self, values: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


class Csv:
    """UTF-8 with its mark, so that Excel reads it right. A text that would be a formula gets an apostrophe before it."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._out = csv.writer(self._file)
        self.row(headings)

    def row(self, values: Sequence[Any]) -> None:
        self._out.writerow([self._text(value) for value in values])

    @staticmethod
    def _text(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S")
        return harmless(value) if isinstance(value, str) else value

    def close(self) -> None:
        self._file.close()


class Xlsx:
    """Texts are written as texts, whatever they look like; sheets follow each other where one is full."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "use_zip64": True}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._bold = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._headings = headings
        self._begin()

    def _begin(self) -> None:
        self._sheet, self._at = self._book.add_worksheet(), 0
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(self._headings) - 1), 18)
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, heading[:LONGEST], self._bold)

    def row(self, values: Sequence[Any]) -> None:
        if self._at >= ROWS:
            self._begin()
        self._at += 1
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, dt.datetime):
                self._sheet.write_datetime(self._at, column, value, self._moment)
            elif isinstance(value, dt.date):
                self._sheet.write_datetime(self._at, column, dt.datetime(value.year, value.month, value.day), self._day)
            elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:
                self._sheet.write_number(self._at, column, value)
            else:
                self._sheet.write_string(self._at, column, str(value)[:LONGEST])

    def close(self) -> None:
        self._book.close()


def sheet(path: Path, format: Format, headings: Sequence[str]) -> Sheet:
    """A file to be written; close it."""
    return Xlsx(path, headings) if format is Format.XLSX else Csv(path, headings)


def table(path: Path, format: Format, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a whole table."""
    made = sheet(path, format, headings)
    for row in rows:
        made.row(row)
    made.close()
