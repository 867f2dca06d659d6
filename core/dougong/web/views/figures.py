"""Charts and tables of figures: columns over time (a share as a line above them, or steps of a waterfall), bars that lie.

Plain geometry that whoever draws has worked out: places in percent across and pixels down, so that words keep their size at any
width. The theme's ``parts/figures.html`` makes SVG, lists and tables of them, without a script.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ChartColumn:
    """One time or step of a chart of columns. :ivar x, middle, width: percent. :ivar y, height: pixels.

    :ivar title: all of it in words. :ivar kind: "" | on (the one that counts) | over (bad) | rest (only beside).
    """

    x: str
    middle: str
    width: str
    y: float
    height: float
    title: str
    href: str | None = None
    value: str = ""
    tick: str = ""
    year: str = ""
    kind: str = ""


@dataclass(slots=True)
class ChartPoint:
    """A point of the line. :ivar x: percent. :ivar y: pixels."""

    x: str
    y: float
    label: str = ""
    title: str = ""


@dataclass(slots=True)
class ColumnChart:
    """Columns, and a line in stretches without a gap.

    :ivar label: all of it in words. :ivar key: (kind, words) of what the colours mean; the kind ``line`` for the line.
    """

    title: str
    label: str
    columns: list[ChartColumn]
    line: list[list[ChartPoint]] = field(default_factory=list)
    key: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class BarPiece:
    """A piece of a bar that lies, in percent of the room. :ivar kind: on | soft | over | rest."""

    x: str
    width: str
    kind: str
    title: str


@dataclass(slots=True)
class ChartBar:
    """One group: its name, pieces, its number; in a Pareto chart the share so far and, in percent, where it lies."""

    label: str
    value: str
    href: str | None
    pieces: list[BarPiece]
    share: str = ""
    mark: str = ""


@dataclass(slots=True)
class BarChart:
    title: str
    bars: list[ChartBar]
    key: list[tuple[str, str]] = field(default_factory=list)
    shares: bool = False


@dataclass(slots=True)
class FigureCell:
    """A figure of a table. :ivar label: the column's, for cards on the phone. :ivar note: shown on hovering."""

    text: str
    href: str | None = None
    bad: bool = False
    soft: bool = False
    note: str = ""
    label: str = ""


@dataclass(slots=True)
class FigureHeading:
    """A column. :ivar desk: left out on the phone."""

    label: str
    desk: bool = False


@dataclass(slots=True)
class FigureRow:
    """:ivar depth: how far below others it stands in a tree. :ivar strong: a sum of others."""

    label: str
    href: str | None
    cells: list[FigureCell]
    depth: int = 0
    strong: bool = False


@dataclass(slots=True)
class FigureTable:
    """Groups with their figures. The first heading is that of the labels. :ivar more: what is not shown, in words."""

    title: str
    headings: list[FigureHeading]
    rows: list[FigureRow]
    total: FigureRow | None = None
    more: str = ""


__all__ = [
    "BarChart",
    "BarPiece",
    "ChartBar",
    "ChartColumn",
    "ChartPoint",
    "ColumnChart",
    "FigureCell",
    "FigureHeading",
    "FigureRow",
    "FigureTable",
]
