"""What a page is made of: plain data between the code that decides and the theme that draws.

A template gets ``shell`` (every page) and ``page`` (one of the classes below) and decides nothing. All texts
here are already in the person's language. A theme may rely on every field; a field is never removed within
a major version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# ---- the shell -------------------------------------------------------------------------------------


@dataclass(slots=True)
class MenuItem:
    label: str
    href: str
    icon: str = "mods"  # name in the theme's sprite
    current: bool = False
    count: int | None = None


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
    count: int | None = None
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
    options: list[Option] = field(default_factory=list)
    value: str = ""
    value2: str = ""  # end of a range
    summary: str = ""  # what is chosen, in words; empty: nothing


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
class ListPage:
    title: str
    columns: list[Column]
    rows: list[Row]
    actions: list[Action] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)  # query kept by the filter form
    query: str = ""  # text searched for
    search: bool = True  # False: this list takes no text
    clear_href: str | None = None
    next_href: str | None = None
    first_href: str | None = None
    summary: str = ""
    empty: Empty | None = None
    bulk: list[Action] = field(default_factory=list)  # for chosen rows: each posts their ids as ``id``
    slots: dict[str, list[Any]] = field(default_factory=dict)


# ---- forms -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Input:
    """One field of a form. ``widget``: line | prose | choice | radios | vocabulary | number | date | datetime | bool |
    phone | person | site | location | password | email | hidden | lines | json | checks."""

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


@dataclass(slots=True)
class Entry:
    """One line of the timeline. ``group``: history, or the child's kind name."""

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
