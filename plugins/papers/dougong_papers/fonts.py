"""Which Chinese font of this machine is printed with. None is shipped: where none is there, it is said in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typst
from dougong import Finding, translator

_ = translator("dougong_papers")

# Families with all of GB 2312 and more, the best for print first. Names as the fonts have them themselves.
FAMILIES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "PingFang SC", "Microsoft YaHei",
    "HarmonyOS Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "Source Han Serif SC",
    "Noto Serif SC", "Heiti SC", "SimHei", "SimSun", "Songti SC",
)  # fmt: skip
_AGAIN = 60.0  # seconds after which a machine without a font is looked at anew

MISSING = _("There is no Chinese font on this server, so nothing can be printed as PDF.")
MEND = _("Install one, on Debian and Ubuntu: apt-get install fonts-noto-cjk, on Fedora: dnf install google-noto-sans-cjk-fonts.")


@dataclass(frozen=True)
class Font:
    """A family, and the files that hold it. ``folders``: those that the files lie in."""

    family: str
    folders: tuple[str, ...]


class _Kept:
    font: Font | None = None
    looked: float | None = None


_kept, _lock = _Kept(), threading.Lock()


def font() -> Font | None:
    """The Chinese font to print with; None: there is none. What was found is kept, what is missing is looked for again."""
    with _lock:
        moment = time.monotonic()
        if _kept.font is None and (_kept.looked is None or moment - _kept.looked >= _AGAIN):
            _kept.font, _kept.looked = _found(), moment
        return _kept.font


def _found() -> Font | None:
    """Looks through the system's folders itself, with fontconfig or without."""
    folders: dict[str, set[str]] = {}
    for one in typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts():
        if one.family in FAMILIES and one.path:
            folders.setdefault(one.family, set()).add(str(Path(one.path).parent))
    family = next((name for name in FAMILIES if name in folders), None)
    return Font(family, tuple(sorted(folders[family]))) if family else None


def look() -> Iterator[Finding]:
    """For ``dougong doctor``."""
    if _found() is None:
        yield Finding("warn", MISSING, MEND)


__all__ = ["MEND", "MISSING", "Font", "font", "look"]
