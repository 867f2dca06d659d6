"""The fishbone as a drawing: six bones on a spine, the head is what happened. One SVG for page and paper.

Owns geometry and words only; what people wrote is escaped, cut into lines, and never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .choices import Factor

WIDTH, HEAD = 1120, 190
FIRST = 140  # where the first bone's name stands: its causes reach to the left
BONE = 262  # between two bones
LINE = 17  # height of a line of causes
ROW = 16  # so much text stands in a line of a cause, in widths of a Chinese letter
TOP = (Factor.PEOPLE, Factor.MACHINE, Factor.MATERIAL)
BELOW = (Factor.METHOD, Factor.PLACE, Factor.GAUGE)


def drawing(title: str, bones: Sequence[Mapping[str, Any]], *, paper: bool = False) -> str:
    """An SVG document. :param title: what happened, in the head. :param paper: with its own ink, as a picture has no styles."""
    wrapped = {factor: _causes(factor, bones) for factor in Factor}
    up = max(4, *(len(wrapped[one]) for one in TOP)) * LINE + 46
    down = max(4, *(len(wrapped[one]) for one in BELOW)) * LINE + 46
    height, spine = up + down, up
    parts = [f'<line class="spine" x1="10" x2="{WIDTH - HEAD}" y1="{spine}" y2="{spine}"/>']
    for n, factor in enumerate(TOP):
        parts += _bone(factor, wrapped[factor], FIRST + n * BONE, spine, -1, up)
    for n, factor in enumerate(BELOW):
        parts += _bone(factor, wrapped[factor], FIRST + n * BONE, spine, 1, down)
    parts += _head(title, spine)
    ink, size = (_INK, _SIZE.format(height=height)) if paper else ("", "")
    label = escape(title[:200], quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fishbone" viewBox="-24 0 {WIDTH + 24} {height}" role="img"'
        f' aria-label="{label}"{size}>{ink}{"".join(parts)}</svg>'
    )


_SIZE = f' width="{WIDTH}" height="{{height}}"'
_INK = (
    "<style>line{stroke:#333;stroke-width:1.5}.spine{stroke-width:3}rect{fill:#fff;stroke:#333}"
    "text{font-size:13px;fill:#000}.name{font-weight:bold}.root{font-weight:bold}</style>"
)


def _bone(factor: Factor, lines: list[tuple[str, bool]], x: int, spine: int, side: int, room: int) -> list[str]:
    """One bone: a slanted line from its name to the spine, its causes beside it."""
    end = spine + side * (room - 24)
    foot = x + 190
    out = [f'<line x1="{x + 30}" y1="{end}" x2="{foot}" y2="{spine}"/>']
    box = end - 20 if side < 0 else end - 4
    out.append(f'<rect x="{x - 20}" y="{box}" width="100" height="24" rx="4"/>')
    out.append(
        f'<text class="name" x="{x + 30}" y="{box + 16}" text-anchor="middle">{escape(str(factor.label))}</text>'
    )
    first = spine - 12 - (len(lines) - 1) * LINE if side < 0 else spine + 24
    for n, (text, root) in enumerate(lines):
        y = first + n * LINE
        edge = y - 15 if side < 0 else y + 5  # of the letters, where they come nearest to the slanted bone
        share = abs(edge - spine) / max(1, abs(end - spine))
        at = foot - share * (foot - x - 30) - 10
        cls = ' class="root"' if root else ""
        out.append(f'<text{cls} x="{at:.0f}" y="{y}" text-anchor="end">{escape(text)}</text>')
    return out


def _head(title: str, spine: int) -> list[str]:
    lines = wrap(" ".join(title.split()), 12)[:5]
    top, x = spine - 16 * len(lines) - 6, WIDTH - HEAD
    out = [f'<rect class="head" x="{x}" y="{top}" width="{HEAD - 6}" height="{32 * len(lines) / 1 + 12:.0f}" rx="6"/>']
    middle = spine - (len(lines) - 1) * 9 + 5
    for n, line in enumerate(lines):
        out.append(
            f'<text class="name" x="{x + (HEAD - 6) / 2:.0f}" y="{middle + n * 18}" text-anchor="middle">{escape(line)}</text>'
        )
    return out


def _causes(factor: Factor, bones: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Lines of a bone's causes, each with whether it is a root; a long cause takes several lines."""
    out: list[tuple[str, bool]] = []
    for one in bones:
        if one["factor"] == factor.value:
            mark = "★ " if one["root"] else "· "
            for n, line in enumerate(wrap(str(one["cause"]), ROW - 2)):
                out.append(((mark if n == 0 else "") + line, bool(one["root"])))
    return out


def wrap(text: str, width: int) -> list[str]:
    """Text in lines of about so many Chinese letters; a letter of ASCII counts half."""
    out, line, used = [], "", 0.0
    for letter in text:
        size = 0.55 if letter.isascii() else 1.0
        if used + size > width:
            out.append(line.strip())
            line, used = "", 0.0
        line, used = line + letter, used + size
    return [*out, line.strip()] if line.strip() else out
