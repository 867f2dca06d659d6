"""Where a table begins: the row of headings among titles, notes and empty rows before it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from dougong import translator

from . import text, workbook
from .refusals import Unreadable
from .sniffing import kind_of

_ = translator("dougong_exchange")

LOOKED = 30  # rows among which the headings are looked for
COLUMNS, ROWS = 300, 500_000
_PUNCTUATION = re.compile(r"[\s*＊:：_\-（）()\[\]【】/]+")


@dataclass(frozen=True)
class Table:
    """The headings of a file, their row, and the rows below as they come."""

    headings: tuple[str, ...]
    row: int
    rows: Iterator[tuple[int, list[str]]]

    @property
    def signature(self) -> str:
        return signature(self.headings)


def normal(heading: str) -> str:
    """A heading as it is compared: without case, spaces, marks of being required, full-width forms."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def signature(headings: Sequence[str]) -> str:
    """The same for the same headings in any order."""
    return hashlib.sha256("\n".join(sorted({normal(h) for h in headings if h.strip()})).encode()).hexdigest()


def table(path: Path, known: frozenset[str] = frozenset()) -> Table:
    """Read the beginning of a file.

    :param known: headings, as ``normal`` has them, that tell which row it is.
    :raises Unreadable: it cannot be read, or holds no table.
    """
    rows = workbook.rows(path) if kind_of(path) == "workbook" else text.rows(path)
    first = list(islice(rows, LOOKED))
    if not first:
        raise Unreadable(_("The file holds no rows."))
    at = max(range(len(first)), key=lambda i: (_likeness(first[i][1], known), -i))
    number, cells = first[at]
    headings = _named(cells)
    if not headings:
        raise Unreadable(_("No row of headings was found."))
    return Table(headings, number, _bounded(chain(first[at + 1 :], rows), len(headings)))


def _likeness(cells: Sequence[str], known: frozenset[str]) -> tuple[int, int]:
    """How much a row looks like headings: known words, then different short texts that are no numbers."""
    filled = [normal(c) for c in cells if c.strip()]
    words = {c for c in filled if 0 < len(c) <= 40 and not c.replace(".", "").isdigit()}
    return len(words & known), len(words) if len(words) == len(filled) else 0


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings, each unlike the others; a column without one is left unnamed.

    :raises Unreadable: more columns than are sensible.
    """
    if len(cells) > COLUMNS:
        raise Unreadable(_("The table has more than {n} columns.").format(n=COLUMNS))
    seen: dict[str, int] = {}
    found = []
    for cell in cells:
        name = " ".join(cell.replace("\ufeff", "").split())[:200]
        if name:
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        found.append(name)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _bounded(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    for count, (number, cells) in enumerate(rows, 1):
        if count > ROWS:
            raise Unreadable(_("The table has more than {n} rows. Split it.").format(n=ROWS))
        yield number, [*cells[:width], *[""] * (width - len(cells))]
