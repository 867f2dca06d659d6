"""Pages of cards: start page, approvals, what a role may, why something may not be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .forms import FormPage
    from .lists import Empty, Filter, Tab
    from .shell import Action, Crumb, Line


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
