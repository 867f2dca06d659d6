"""Reads the first sheet of a workbook and writes its rows as one JSON text. Runs as a process of its own with limits of its own:
a file may be made to take all memory or to break its reader. Imports nothing of Dougong.
"""

from __future__ import annotations

import json
import resource
import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MEMORY, SECONDS = 800_000_000, 20
ROWS, COLUMNS, TEXT = 2000, 60, 200


def text_of(value: Any) -> str:
    """A cell as it is shown: numbers with two decimals at most, as a budget's format has them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)[:TEXT]
    if value != value or abs(value) > 1e15:
        return str(value)
    return f"{Decimal(repr(value)).quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def main() -> None:
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sheet = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    start = (sheet.start or (0, 0))[1]
    out: list[list[str]] = []
    for cells in sheet.iter_rows():
        if len(out) == ROWS:
            sys.exit(2)
        out.append([""] * min(start, COLUMNS) + [text_of(value) for value in cells[:COLUMNS]])
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
