"""Reads one sheet of a workbook and writes its rows as lines of JSON. Runs as a process of its own.

A workbook may be made to take all memory or to break its reader. This process has limits of its own, so that the one
that asked stays small and stands. It imports nothing of Dougong, so that it starts at once.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 1_200_000_000  # bytes of address space
SECONDS = 120
MERGED = 20_000  # merged ranges that are filled
ROW = 1_000_000  # characters of one row: a small file can say one long text over and over
ALL = 1_000_000_000  # of all rows


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, moments as ISO."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        whole = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if whole else value.replace(microsecond=0).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\x00", "")


class Fill:
    """Cells merged downwards have their value in each row; those merged sideways only in the first column."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        tall = [(first, last) for first, last in ranges[:MERGED] if last[0] > first[0]]
        self.waiting = sorted(tall, reverse=True)
        self.held: dict[int, tuple[int, str]] = {}

    def row(self, at: int, cells: list[str], column0: int) -> None:
        for column, (end, value) in list(self.held.items()):
            if at > end:
                del self.held[column]
            elif 0 <= column - column0 < len(cells) and not cells[column - column0]:
                cells[column - column0] = value
        while self.waiting and self.waiting[-1][0][0] <= at:
            (top, left), (bottom, _right) = self.waiting.pop()
            if top == at and 0 <= left - column0 < len(cells):
                self.held[left] = (bottom, cells[left - column0])


def rows(path: str, wanted: int) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineWorkbook

    with open(path, "rb") as file:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(wanted)
        start = sheet.start or (0, 0)
        fill = Fill(list(sheet.merged_cell_ranges or ()))
        for offset, cells in enumerate(sheet.iter_rows()):
            found = ["" if value == "" else text_of(value) for value in cells]
            fill.row(start[0] + offset, found, start[1])
            while found and not found[-1].strip():
                found.pop()
            if found:
                yield start[0] + offset + 1, [""] * start[1] + found


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out, total = sys.stdout, 0
    for number, cells in rows(path, 0):
        size = sum(map(len, cells))
        total += size
        if size > ROW or total > ALL:
            sys.exit(1)
        out.write(json.dumps([number, cells], ensure_ascii=False))
        out.write("\n")
    out.write("null\n")  # the end, so that a process that was killed does not look like a short file


if __name__ == "__main__":
    main(sys.argv[1])
