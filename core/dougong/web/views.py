"""What a page is made of: plain data between the code that decides and the theme that draws.

A template gets ``shell`` (every page) and ``page`` (one of the classes below) and decides nothing. All texts
here are already in the person's language. A theme may rely on every field; a field is never removed within
a major version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..words import translator

_ = translator("dougong")

# ---- the shell -------------------------------------------------------------------------------------


# Headings of the menu below the daily work, for ``Manifest.group`` and ``MenuItem.group``: what is used now and then
# (imports, exports, feeds), and what few people set up.
TOOLS = _("Tools")
ADMINISTRATION = _("Administration")


@dataclass(slots=True)
class MenuItem:
    label: str
    href: str
    icon: str = "mods"  # name in the theme's sprite
    current: bool = False
    count: int | None = None
    group: str = ""  # the heading that it stands under; empty: the daily work


@dataclass(slots=True)
class MenuGroup:
    label: str
    items: list[MenuItem]


@dataclass(slots=True)
class Tool:
    """An icon of the top bar (the bell). ``count``: address that answers ``{"count": 3}``, asked by a script after the page."""

    label: str
    href: str
    icon: str
    count: str | None = None


@dataclass(slots=True)
class SiteOption:
    label: str
    href: str
    depth: int
    current: bool = False
    selectable: bool = True  # False: shown for the tree's sake only


@dataclass(slots=True)
class Flash:
    kind: str  # good | warn | bad | info
    text: str


@dataclass(slots=True)
class Shell:
    company: str
    locale: str  # zh | en
    csrf: str
    path: str  # path and query of this page, for coming back
    request_id: str
    brand: str | None = None  # CSS colour of the company, else the theme's
    logo: str | None = None  # address of the company's logo, else the theme's mark
    person: str | None = None  # None: nobody signed in
    where: str = ""  # short name of the current module, for the phone's top bar
    menu: list[MenuGroup] = field(default_factory=list)
    sites: list[SiteOption] = field(default_factory=list)
    site_label: str = ""
    flashes: list[Flash] = field(default_factory=list)
    primary: Action | None = None  # the phone's middle button
    overdue: int = 0
    search: str | None = None  # address of the global search, None: not offered
    tools: list[Tool] = field(default_factory=list)


@dataclass(slots=True)
class Action:
    """A button or link. ``dialog`` names a FormDialog of the same page; ``href`` is the way without JavaScript."""

    label: str
    href: str
    icon: str | None = None
    main: bool = False
    danger: bool = False
    dialog: str | None = None
    post: bool = False  # a one-button form (POST) instead of a link


@dataclass(slots=True)
class Crumb:
    label: str
    href: str | None = None


# ---- values ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Value:
    """One value ready to show.

    ``kind``: text | number | state | tag | clock | person | date | datetime | link | prose | masked | bool | empty.
    """

    kind: str
    text: str
    tone: str = ""  # state: new acc doing hold visit done · tag, clock: good warn bad info over soon left none
    href: str | None = None
    title: str | None = None  # the exact time, the full text
    datetime: str | None = None  # machine-readable


# ---- list ------------------------------------------------------------------------------------------


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


# ---- search -----------------------------------------------------------------------------------------


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


# ---- forms -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Input:
    """One field of a form. ``widget``: line | prose | choice | radios | vocabulary | number | date | datetime | bool |
    phone | person | site | location | password | email | hidden | lines | json | checks | files (``accept``)."""

    name: str
    label: str
    widget: str
    value: str = ""
    values: list[str] = field(default_factory=list)  # checks
    options: list[Option] = field(default_factory=list)
    required: bool = False
    help: str = ""
    unit: str = ""
    error: str = ""
    readonly: bool = False
    autocomplete: str = ""
    min: str = ""
    max: str = ""
    maxlength: int | None = None
    button: tuple[str, str, str] | None = None  # one more submit button at this input: (name, value, label)
    accept: str = ""  # of files: media types or extensions


@dataclass(slots=True)
class TableRow:
    """One entry of an input table. ``name`` is its accessible name."""

    name: str
    inputs: list[Input]
    remove: tuple[str, str] | None = None  # submit button (name, value)


@dataclass(slots=True)
class InputTable:
    """Entries of one shape, a row each; rows come and go by submit buttons, so that no script is needed."""

    label: str
    columns: list[str]
    rows: list[TableRow]
    add: tuple[str, str, str] | None = None  # submit button (name, value, label)
    empty: str = ""


@dataclass(slots=True)
class Section:
    title: str
    inputs: list[Input]
    help: str = ""
    table: InputTable | None = None


@dataclass(slots=True)
class FormPage:
    title: str
    action: str
    submit: str
    sections: list[Section]
    crumbs: list[Crumb] = field(default_factory=list)
    subtitle: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)  # (input name, message); name "" for the whole form
    hidden: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str, str]] = field(default_factory=list)  # more submit buttons: (name, value, label)
    cancel: str | None = None
    danger: bool = False
    draft: str | None = None  # key under which the browser keeps a draft
    aside: list[AsideCard] = field(default_factory=list)
    note: Flash | None = None


@dataclass(slots=True)
class FormDialog:
    id: str
    form: FormPage


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
class Progress:
    """How far work in the background is. While it is ``live`` a script looks again every few seconds; without one the page
    offers a link that does."""

    done: int
    of: int  # 0: nobody knows how much it will be
    text: str
    note: str = ""
    tone: str = ""  # warn: it is tried again; bad: it has stopped
    live: bool = True


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


# ---- detail ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Fact:
    label: str
    value: Value
    reveal: str | None = None  # POST here opens the masked value, which is logged


@dataclass(slots=True)
class FactSection:
    title: str
    facts: list[Fact]


@dataclass(slots=True)
class Step:
    label: str
    tone: str
    done: bool = False
    current: bool = False
    note: str = ""


@dataclass(slots=True)
class Due:
    """One of the record's due times."""

    label: str
    value: Value  # kind clock
    note: str = ""
    work: str = ""  # what is left in working hours, where that is another length
    passed: int | None = None  # per cent of its span; None: it does not run, or has no span


@dataclass(slots=True)
class ClockEvent:
    """A step of one of the record's clocks, to come or taken. ``people``: whom it tells, or has told."""

    at: str
    at_iso: str
    clock: str
    what: str
    people: str = ""


@dataclass(slots=True)
class FileTile:
    """A file of the record. ``thumb``: address of its small picture; ``remove``: POST here takes it away."""

    name: str
    href: str
    small: str = ""  # size, by whom
    thumb: str | None = None
    remove: str | None = None
    width: int = 0  # of the small picture, so that the page does not jump
    height: int = 0


@dataclass(slots=True)
class FileBox:
    """The gallery of a record. ``action``: POST files here as ``file``; None: this person may not."""

    tiles: list[FileTile]
    action: str | None = None
    api: str = ""  # the same for a script, answers JSON
    accept: str = ""
    help: str = ""
    fields: list[Option] = field(default_factory=list)  # what the files may be, sent as ``field``; empty: nothing to choose


@dataclass(slots=True)
class TalkBox:
    """The form for comments: POST ``text`` to ``action``; ``people?q=`` answers whom one may mention."""

    action: str
    people: str
    longest: int


@dataclass(slots=True)
class Entry:
    """One line of the timeline. ``group``: history, comments, files, or the child's kind name."""

    title: str
    by: str
    at: str
    at_iso: str
    icon: str
    tone: str = ""  # brand good warn bad
    text: str = ""
    facts: list[Fact] = field(default_factory=list)
    day: str = ""  # heading before this entry, when the day changes
    group: str = "history"
    files: list[FileTile] = field(default_factory=list)
    remove: str | None = None  # POST here takes it back
    href: str | None = None  # its own page


@dataclass(slots=True)
class Refusal:
    """A transition that the state allows, but not to this person now."""

    label: str
    reason: str
    href: str | None = None  # explanation


@dataclass(slots=True)
class AsideCard:
    title: str
    facts: list[Fact] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True)
class ChainLink:
    """A record of a chain. ``because``: words on what gave rise to it; ``depth``: how far it is set in."""

    number: str
    what: str
    title: str
    href: str
    icon: str
    state: Value | None
    when: str
    because: str = ""
    depth: int = 0
    current: bool = False  # the record whose page this is
    at_iso: str = ""


@dataclass(slots=True)
class DetailPage:
    title: str
    number: str
    crumbs: list[Crumb]
    state: Value | None
    badges: list[Value]
    subtitle: str
    actions: list[Action]  # the first is main
    more: list[Action]
    refusals: list[Refusal]
    steps: list[Step]
    dues: list[Due]
    sections: list[FactSection]
    links: list[Line]
    tabs: list[Tab]  # timeline filters
    timeline: list[Entry]
    dialogs: list[FormDialog]
    print_title: str = ""
    printed: str = ""
    signatures: list[str] = field(default_factory=list)
    slots: dict[str, list[Any]] = field(default_factory=dict)
    place: str = ""  # the record's site, for the head of the printed form
    files: FileBox | None = None
    talk: TalkBox | None = None  # None: this person reads no comments and writes none
    progress: list[Progress] = field(default_factory=list)  # of work in the background about this record
    ahead: list[ClockEvent] = field(default_factory=list)  # steps of the clocks to come, for colleagues
    behind: list[ClockEvent] = field(default_factory=list)  # and those taken, the newest first
    timeline_title: str = ""  # "Timeline" where the page has no word of its own
    chain: list[ChainLink] = field(default_factory=list)  # what gave rise to it, and to what it did; empty: to nothing
    offers: list[Action] = field(default_factory=list)  # what may be opened because of it


# ---- home, administration, others -------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """A row of a card: icon, text, small text, value at the end."""

    text: str
    small: str = ""
    href: str | None = None
    icon: str = "case"
    end: Value | None = None
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class Figure:
    label: str
    value: str
    unit: str
    note: str
    href: str
    tone: str = ""


@dataclass(slots=True)
class Card:
    title: str
    lines: list[Line] = field(default_factory=list)
    count: int | None = None
    more: Action | None = None
    empty: str = ""
    text: str = ""
    tone: str = ""


@dataclass(slots=True)
class HomePage:
    title: str
    subtitle: str
    figures: list[Figure]
    main: list[Card]  # left, wide
    side: list[Card]
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class CardsPage:
    """A head and cards: modules, the administration's start page, the list of demo companies, one's own account."""

    title: str
    cards: list[Card]
    subtitle: str = ""
    crumbs: list[Crumb] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    forms: list[FormPage] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)


@dataclass(slots=True)
class ApprovalsPage:
    """What waits for a person, or what they submitted or signed: a line each, with what they may do to it."""

    title: str
    lines: list[Line]
    tabs: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    clear_href: str | None = None
    next_href: str | None = None
    first_href: str | None = None
    empty: Empty | None = None


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


@dataclass(slots=True)
class MatrixChip:
    label: str
    title: str = ""  # from, until, relation, by whom
    tone: str = ""  # "" | soon (ends within 30 days) | future | ended | related
    inherited: bool = False  # granted at a site above
    remove: str | None = None  # POST here takes it back


@dataclass(slots=True)
class MatrixRow:
    name: str
    small: str
    href: str
    cells: list[list[MatrixChip]]
    add: list[str]  # address of the grant form, a cell each


@dataclass(slots=True)
class MatrixPage:
    """People × sites with role chips."""

    title: str
    corner: str
    columns: list[Crumb]
    rows: list[MatrixRow]
    filters: list[Filter]
    subtitle: str = ""
    crumbs: list[Crumb] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    empty: Empty | None = None
    hidden: list[tuple[str, str]] = field(default_factory=list)  # query kept by the filter form
    clear_href: str | None = None
    next_href: str | None = None
    first_href: str | None = None
    summary: str = ""


@dataclass(slots=True)
class Check:
    text: str
    small: str
    ok: bool
    verdict: str


@dataclass(slots=True)
class ExplainPage:
    title: str
    subtitle: str
    checks: list[Check]
    crumbs: list[Crumb]
    mend: str
    grants: list[str]  # the smallest grants that would change it, in words
    actions: list[Action]
    form: FormPage | None = None  # who, what, which record: the administrator's question


@dataclass(slots=True)
class AlonePage:
    """A page without the shell's navigation: sign-in, password reset, suspended company, errors before sign-in."""

    title: str
    subtitle: str = ""
    form: FormPage | None = None
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    links: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class ErrorPage:
    status: int
    title: str
    text: str
    mend: str
    back: Action
    checks: list[Check] = field(default_factory=list)
