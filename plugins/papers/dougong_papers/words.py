"""Texts made fit for paper: without what a printer cannot show, with a place to break in what has none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_LONGEST_RUN = 30  # letters without a place to break; a narrow column holds about as many
_RUN = re.compile(rf"[!-~\u00a1-\u024f]{{{_LONGEST_RUN},}}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_BREAK = "\u200b"


def tidy(text: str) -> str:
    """One line: no control characters, nothing that turns the reading direction, breaks in long runs."""
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") and c not in _TURNING)
    return _RUN.sub(_broken, kept)


def lines(text: str) -> list[str]:
    """The lines of a text."""
    return [one.expandtabs(4) for one in text.replace("\r\n", "\n").split("\n")]


def fit(data: Any) -> Any:
    """Whatever goes to a form, with each text made fit."""
    if isinstance(data, str):
        return tidy(data)
    if isinstance(data, Mapping):
        return {name: fit(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [fit(value) for value in data]
    return data


def _broken(run: re.Match[str]) -> str:
    text = run[0]
    return _BREAK.join(text[n : n + _LONGEST_RUN] for n in range(0, len(text), _LONGEST_RUN))


__all__ = ["fit", "lines", "tidy"]
