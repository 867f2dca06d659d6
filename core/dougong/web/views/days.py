"""Records by state and by day: board, month, agenda, the year of a working calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cards import Card
    from .forms import FormPage
    from .lists import Empty, Filter, SavedViews, Tab
    from .shell import Action, Crumb, Flash, Value


@dataclass(slots=True)
class BoardMove:
    """A way for a card to another column. ``form``: it asks something first, so ``href`` is a page; else it is posted."""

    label: str
    to: str
    href: str
    form: bool


@dataclass(slots=True)
class BoardCard:
    id: str
    href: str
    number: str
    title: str
    tags: Sequence[Value]
    values: Sequence[Value]
    clock: Value | None
    moves: list[BoardMove]
    version: int


@dataclass(slots=True)
class BoardColumn:
    name: str
    label: str
    tone: str
    cards: list[BoardCard]
    count: str  # "12", "30+"
    more_href: str | None = None  # the rest of them, as a list


@dataclass(slots=True)
class CalendarEntry:
    text: str
    href: str
    at: str  # "15:30"; empty for a whole day
    tone: str  # of the clock
    title: str


@dataclass(slots=True)
class CalendarDay:
    date: str
    label: str  # "22"
    heading: str  # "今天 11 月 22 日 周日", for the phone's agenda
    inside: bool  # of this month
    today: bool
    entries: list[CalendarEntry]


@dataclass(slots=True)
class BoardPage:
    title: str
    columns: list[BoardColumn]
    back: str  # where a move comes back to
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    query: str = ""
    clear_href: str | None = None
    notes: list[Flash] = field(default_factory=list)
    shapes: list[Tab] = field(default_factory=list)
    saved: SavedViews | None = None


@dataclass(slots=True)
class CalendarPage:
    title: str
    month: str  # "2026 年 11 月"
    by: str  # what puts a record on its day, in words
    weekdays: list[str]
    weeks: list[list[CalendarDay]]
    before: str
    after: str
    now: str
    zone: str
    note: str = ""
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    query: str = ""
    clear_href: str | None = None
    notes: list[Flash] = field(default_factory=list)
    shapes: list[Tab] = field(default_factory=list)
    saved: SavedViews | None = None


@dataclass(slots=True)
class AgendaEntry:
    """One thing of a day. ``time``: when, in words ("08:00", "24 times"); ``note``: why it is not when one would expect it."""

    time: str
    text: str
    small: str = ""  # where, of what
    href: str | None = None
    icon: str = "clock"
    note: str = ""
    tag: Value | None = None


@dataclass(slots=True)
class AgendaDay:
    date: str
    label: str  # "22"
    heading: str  # "今天 11 月 22 日 周日"
    note: str = ""  # what kind of day it is: a holiday's name, a make-up day
    off: bool = False  # nobody works
    today: bool = False
    count: int = 0
    entries: list[AgendaEntry] = field(default_factory=list)


@dataclass(slots=True)
class AgendaPage:
    """What is ahead, day by day, with all days at a glance above. ``weeks``: seven days each, None outside the span."""

    title: str
    subtitle: str
    weekdays: list[str]
    weeks: list[list[AgendaDay | None]]
    days: list[AgendaDay]  # those with entries
    daily: list[AgendaEntry]  # what comes on each of these days, said once
    zone: str
    crumbs: list[Crumb] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    shapes: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    clear_href: str | None = None
    notes: list[Flash] = field(default_factory=list)
    empty: Empty | None = None
    saved: SavedViews | None = None


@dataclass(slots=True)
class YearDay:
    """A day of a working calendar. ``kind``: usual rest holiday make_up off on. ``mark``: its sign beside the colour."""

    date: str
    label: str
    kind: str
    mark: str
    title: str  # what it is, why, and its hours
    today: bool = False


@dataclass(slots=True)
class YearMonth:
    label: str
    weeks: list[list[YearDay | None]]  # None: of another month


@dataclass(slots=True)
class WorkCalendarPage:
    """A question that is asked by GET, its answer, cards; and, where there are ``months``, a year of a working calendar.

    ``legend``: (kind, mark, words, how many days).
    """

    title: str
    crumbs: list[Crumb]
    form: FormPage
    subtitle: str = ""
    actions: list[Action] = field(default_factory=list)
    notes: list[Flash] = field(default_factory=list)
    answer: Flash | None = None
    cards: list[Card] = field(default_factory=list)
    side: list[Card] = field(default_factory=list)
    year: str = ""
    before: str = ""
    after: str = ""
    weekdays: list[str] = field(default_factory=list)
    months: list[YearMonth] = field(default_factory=list)
    legend: list[tuple[str, str, str, int]] = field(default_factory=list)
