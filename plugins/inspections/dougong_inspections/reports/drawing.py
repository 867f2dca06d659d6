"""Plain objects of the pages of results, for ``inspections/figures.html``: the question, the sentence, map, bars and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dougong import PERIODS, Asked, translator
from dougong.views import Action, Crumb, Empty, Figure, Option, Tab

from ..choices import Trade
from .asking import BY_HAND, OFFERED, Wanted

_ = translator("dougong_inspections")

HERE = "/inspections/reports"
LIST = "/inspections/task"
PAGES = {"missed": _("Missed map"), "failures": _("Failures by item"), "scores": _("Scores of sites")}


@dataclass(slots=True)
class Choosing:
    """One box of the form above."""

    name: str
    label: str
    options: list[Option]


@dataclass(slots=True)
class Said:
    """A piece of the sentence. :ivar strong: a figure. :ivar bad: bad news."""

    text: str
    href: str | None = None
    strong: bool = False
    bad: bool = False


@dataclass(slots=True)
class Spot:
    """A cell of the map. :ivar heat: 0 (nothing missed) to 4; the words say the same. :ivar text: empty: never to be reached."""

    text: str
    label: str
    said: str = ""
    href: str | None = None
    heat: int = 0


@dataclass(slots=True)
class Row:
    label: str
    small: str
    cells: list[Spot]
    href: str | None = None


@dataclass(slots=True)
class Bar:
    """:ivar width: of the bar, in percent. :ivar mark: where the share so far lies, in percent; None: no such share."""

    label: str
    value: str
    width: str
    title: str
    href: str | None = None
    mark: str | None = None
    share: str = ""


@dataclass(slots=True)
class Table:
    """Rows of words and figures. :ivar headings: the first one is of the rows' labels."""

    title: str
    headings: list[str]
    rows: list[Row]
    total: Row | None = None
    heated: bool = False
    more: str = ""


@dataclass(slots=True)
class FiguresPage:
    title: str
    subtitle: str
    action: str
    crumbs: list[Crumb]
    tabs: list[Tab]
    actions: list[Action]
    choosing: list[Choosing]
    hidden: list[tuple[str, str]]
    own: tuple[str, str, bool]  # first and last day, and whether they were chosen by hand
    kept: list[tuple[str, str]]  # what the form of one's own days keeps
    finding: list[Said]
    empty: Empty | None = None
    figures: list[Figure] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    bars_title: str = ""
    shares: bool = False
    map: Table | None = None
    legend: list[tuple[int, str]] = field(default_factory=list)
    table: Table | None = None


def framed(asked: Asked, wanted: Wanted, which: str, finding: Sequence[Said]) -> FiguresPage:
    """A page with everything but its figures."""
    path = f"{HERE}/{which}"
    tail = [("site", wanted.site)] if wanted.site else []
    return FiguresPage(
        str(PAGES[which]),
        f"{wanted.place} · {wanted.label}",
        path,
        [
            Crumb(str(_("Inspection tasks")), LIST + (f"?site={wanted.site}" if wanted.site else "")),
            Crumb(str(PAGES[which])),
        ],
        tabs(wanted, which),
        [Action(str(_("As a table (CSV)")), f"{path}.csv?{wanted.query}", "export")],
        _choosing(wanted),
        tail,
        (wanted.start.isoformat(), wanted.last.isoformat(), wanted.period == BY_HAND),
        [*([("trade", wanted.trade.value)] if wanted.trade else []), *tail],
        list(finding),
    )


def tabs(wanted: Wanted, current: str) -> list[Tab]:
    """The three pages, with the days and the site kept."""
    return [Tab(str(label), f"{HERE}/{name}?{wanted.query}", current=name == current) for name, label in PAGES.items()]


def _choosing(wanted: Wanted) -> list[Choosing]:
    periods = [Option(name, str(PERIODS[name]), name == wanted.period) for name in OFFERED]
    if wanted.period == BY_HAND:
        periods.insert(0, Option("", wanted.label, True))
    trades = [Option("", str(_("All")), wanted.trade is None)]
    trades += [Option(one.value, str(one.label), one is wanted.trade) for one in Trade]
    return [Choosing("period", str(_("Period")), periods), Choosing("trade", str(_("Trade")), trades)]


def percent(part: int, whole: int) -> str:
    """A share with its sign; a dash where there is nothing to divide."""
    return f"{100 * part / whole:.1f}%" if whole else "–"


def none() -> Empty:
    """What a page says where nothing was walked."""
    return Empty(
        str(_("Nothing was walked in these days")), str(_("Choose other days, another trade or another site."))
    )
