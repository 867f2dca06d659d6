"""Amounts as people write them: cells of a spreadsheet into fen, and fen into words. Reads text only, no records."""

from __future__ import annotations

import re
import unicodedata

from dougong import Lazy, translator

_ = translator("dougong_budgeting")

MOST = 10**13  # fen in one cell: a hundred thousand million yuan, beyond any site
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2}0*)?\.?")
_DASHES = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "―": "-", "，": ",", "¥": "", "￥": "", "元": "", "\u00a0": "", " ": ""}
)


class Unreadable(ValueError):
    """A cell that is no amount; ``why`` in words."""

    def __init__(self, why: Lazy) -> None:
        super().__init__(str(why))
        self.why = why


def fen(text: str) -> int:
    """An amount in yuan as a spreadsheet shows it, in fen; empty and a dash are nothing.

    Takes separators of thousands, full-width digits, ¥ and 元, and brackets for what is negative.

    :raises Unreadable: text, an exponent, more than two decimals, or more than a cell holds.
    """
    shown = text.strip()[:40]
    if len(text.strip()) > 40:
        raise Unreadable(_("“{text}” is not an amount.").format(text=shown))
    found = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    negative = found.startswith("(") and found.endswith(")")
    if negative:
        found = found[1:-1]
    if found in ("", "-"):
        return 0
    if not found.isascii() or not _NUMBER.fullmatch(found) or (negative and found.startswith("-")):
        if re.fullmatch(r"-?[\d,]+\.\d{3,}", found):
            raise Unreadable(_("“{text}” has more than two decimals.").format(text=shown))
        raise Unreadable(_("“{text}” is not an amount.").format(text=shown))
    minus = negative or found.startswith("-")
    whole, _dot, rest = found.lstrip("-").replace(",", "").partition(".")
    value = int(whole) * 100 + int(rest[:2].ljust(2, "0"))
    if value > MOST:
        raise Unreadable(_("“{text}” is more than a cell holds.").format(text=shown))
    return -value if minus else value


def yuan(amount: int, nothing: str = "–") -> str:
    """Fen as a cell shows them: 14,400 or 14,400.50."""
    if amount == 0:
        return nothing
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}{f'.{rest:02}' if rest else ''}"


def exact(amount: int, nothing: str = "–") -> str:
    """Fen as a column of a statement shows them, one below the other: 14,400.00 or 14,400.50."""
    if amount == 0:
        return nothing
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}.{rest:02}"


def rows(text: str) -> list[list[str]]:
    """The cells of what was copied from a spreadsheet: lines of cells with tabs between; ends of lines of any kind."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.split("\t") for line in lines]


__all__ = ["MOST", "Unreadable", "exact", "fen", "rows", "yuan"]
