"""One record: facts, steps, clocks, files, timeline, what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .forms import FormDialog
    from .lists import Option, Tab
    from .shell import Action, Crumb, Line, Progress, Value


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
    fields: list[Option] = field(
        default_factory=list
    )  # what the files may be, sent as ``field``; empty: nothing to choose


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
