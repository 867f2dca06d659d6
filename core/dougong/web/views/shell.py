"""What every page has: its shell and menu, links and buttons, a value, a line, progress; the pages that stand alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...words import translator

if TYPE_CHECKING:
    from .cards import Check
    from .forms import FormPage

_ = translator("dougong")
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
    folds: bool = False  # whether it can be folded under its heading
    open: bool = True  # how a group that folds begins


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
    depth: int  # at most 5
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


@dataclass(slots=True)
class Value:
    """One value ready to show.

    ``kind``: text | number | state | tag | clock | person | date | datetime | link | prose | masked | bool | empty.
    """

    kind: str
    text: str
    tone: str = ""  # state: new acc doing hold visit done · tag, clock: good warn bad info over soon left none · bool: yes
    href: str | None = None
    title: str | None = None  # the exact time, the full text
    datetime: str | None = None  # machine-readable


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
class Line:
    """A row of a card: icon, text, small text, value at the end."""

    text: str
    small: str = ""
    href: str | None = None
    icon: str = "case"
    end: Value | None = None
    actions: list[Action] = field(default_factory=list)


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
