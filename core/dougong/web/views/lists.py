"""Lists: tabs, filters, columns, saved views; search; what a bulk action came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .shell import Action, Crumb, Flash, Line, Progress, Value


@dataclass(slots=True)
class Tab:
    label: str
    href: str
    count: int | str | None = None  # of what is in it; "999+" where there are very many
    current: bool = False


@dataclass(slots=True)
class Option:
    value: str
    label: str
    selected: bool = False
    note: str = ""  # small, behind the label


@dataclass(slots=True)
class Filter:
    name: str
    label: str
    kind: str  # choice | text | date_range | range (numbers) | person | site; ranges send <name>.from and <name>.to
    options: list[Option] = field(default_factory=list)  # of a date_range: periods by name, one at most
    value: str = ""
    value2: str = ""  # end of a range
    summary: str = ""  # what is chosen, in words; empty: nothing


@dataclass(slots=True)
class FiltersPage:
    """Every filter of a list as one form, which is sent to the list by GET."""

    title: str
    action: str
    filters: list[Filter]
    crumbs: list[Crumb]
    cancel: str
    hidden: list[tuple[str, str]] = field(default_factory=list)
    query: str = ""
    clear_href: str | None = None


@dataclass(slots=True)
class Column:
    name: str
    label: str
    kind: str = "text"
    sort_href: str | None = None
    sorted: str = ""  # ascending | descending
    role: str = ""  # "title": the link to the record · "id" · "wide" · "desk": not on the phone


@dataclass(slots=True)
class Row:
    id: str
    href: str
    name: str  # accessible name: the number
    cells: Sequence[Value]
    tags: Sequence[Value] = ()  # before the title


@dataclass(slots=True)
class Empty:
    title: str
    text: str
    action: Action | None = None


@dataclass(slots=True)
class SavedViews:
    """The menu of saved views. ``label``: the one that is looked at; empty: none."""

    label: str
    views: list[Tab]
    actions: list[Action]
    changed: bool = False


@dataclass(slots=True)
class ListPage:
    title: str
    columns: list[Column]
    rows: list[Row]
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    filters_href: str | None = None  # the page with all filters; None: there are no more
    hidden: list[tuple[str, str]] = field(default_factory=list)  # query kept by the filter form
    query: str = ""  # text searched for
    search: bool = True  # False: this list takes no text
    clear_href: str | None = None
    next_href: str | None = None
    first_href: str | None = None
    summary: str = ""
    empty: Empty | None = None
    bulk: list[Action] = field(default_factory=list)  # for chosen rows: each posts their ids as ``id``, or ``all``
    bulk_all: str = ""  # words for "all that match", where there are more than this page
    notes: list[Flash] = field(default_factory=list)
    shapes: list[Tab] = field(default_factory=list)  # list, board, calendar
    saved: SavedViews | None = None
    columns_href: str = ""  # where the columns are chosen
    slots: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """One record that was found."""

    href: str
    number: str
    title: str
    state: Value
    site: str
    when: Value


@dataclass(slots=True)
class SearchGroup:
    """What was found of one kind. ``more``: address of its list with all."""

    label: str
    found: list[Found]
    more: str | None = None
    more_label: str = ""


@dataclass(slots=True)
class SearchPage:
    title: str
    action: str
    query: str = ""
    groups: list[SearchGroup] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    empty: Empty | None = None


@dataclass(slots=True)
class ColumnChoice:
    name: str
    label: str
    on: bool
    focus: bool = False  # it was just moved


@dataclass(slots=True)
class ColumnsPage:
    """Which columns a list has, in which order. Posts ``order`` (all names), ``on`` (those ticked) and the button:
    ``up`` or ``down`` (a name), ``reset``, or none of them to save."""

    title: str
    action: str
    choices: list[ColumnChoice]
    crumbs: list[Crumb]
    note: str
    cancel: str
    error: str = ""


@dataclass(slots=True)
class BulkReport:
    """How something went that was done to many records. Not finished: ``progress`` says how far it is."""

    title: str
    crumbs: list[Crumb]
    total: int
    done: int
    failed: list[Line]
    finished: bool
    back: Action
    progress: Progress | None = None
