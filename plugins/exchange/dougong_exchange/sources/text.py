"""Rows of a text table: CSV and its cousins, line by line, in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from dougong import translator

from .refusals import Unreadable
from .sniffing import encoding_of, separator_of

_ = translator("dougong_exchange")

CELL = 100_000  # characters of one cell; an unclosed quotation mark would take in the rest of the file


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number (as a spreadsheet would number it) and cells; rows without any content are left out.

    :raises Unreadable: not text, or a cell without end.
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = [line[:CELL] for line in islice(iter(lambda: file.readline(CELL), ""), 30)]
    csv.field_size_limit(CELL)
    with path.open(encoding=encoding, newline="") as file:
        found = csv.reader(file, delimiter=separator_of(sample))
        try:
            for number, cells in enumerate(found, 1):
                if any(cell and not cell.isspace() for cell in cells):
                    yield number, cells
        except csv.Error:
            words = _("Row {n} cannot be read: a quotation mark is not closed, or a cell is far too long.")
            raise Unreadable(words.format(n=found.line_num)) from None
