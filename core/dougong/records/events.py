"""Events to tell people of, and channels to tell them by: what modules say to whichever module does the telling.

Owns the declarations and the shape of what is sent. Who wants to hear what, by which channel and when, and the
sending itself belong to the module that contributes a ``Herald`` (``plugins/notify``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..words import Lazy
from .fields import metas
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

INBOX, EMAIL, DIGEST = "inbox", "email", "digest"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,2}")


@dataclass(frozen=True)
class Event:
    """Something that people are told of. Contributed by ``dougong_contributions``.

    :param name: ``module.event``, the stable name of preferences and templates; those that follow from a record's clocks are
        named ``module.record.event``.
    :param label: what people choose by ("A complaint was escalated").
    :param kind: of the record that it is about; empty: of any record.
    :param actions: names of actions (``create``, ``edit``, a transition, ``comment``, …) after which it is told of; none:
        only by ``context.tell``.
    :param to: ids of the people who are to hear of it, after such an action. Who may not view the record and who did it
        are left out whatever it returns.
    :param title, text: the message as delivered, with placeholders: ``{number}`` ``{record}`` ``{title}`` ``{site}``
        ``{status}`` ``{action}`` ``{person}`` (who did it) ``{company}``, and of a clock ``{clock}`` ``{due}`` ``{left}`` (time
        left, or over). A company may put its own words.
    :param urgent: told at once, through quiet hours too.
    :param channels: by which it goes where neither person nor company have chosen: ``inbox``, ``email``, ``digest`` or
        the name of a ``Channel``.
    :param groups: whether a group's robot may be told; or a function of record and context that says so. What some
        members of a group may not see (a complaint against one of them) must not be.
    """

    name: str
    label: Lazy
    title: Lazy
    kind: str = ""
    actions: Sequence[str] = ()
    to: Callable[[Any, Context[Any]], Iterable[UUID | None]] | None = None
    text: Lazy = field(default_factory=lambda: Lazy(""))
    urgent: bool = False
    channels: Sequence[str] = (INBOX,)
    groups: bool | Callable[[Any, Context[Any]], bool] = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: an event is named 'module.event'")
        if self.actions and (self.to is None or not self.kind):
            raise ValueError(f"{self.name}: actions need the kind of their record, and people to tell")


@dataclass(frozen=True)
class Matter:
    """Something that is no record but that people are told of: a schedule.

    :param kind, id: as a notice keeps them. :param site_id: where it belongs; the company's own site for what belongs to all.
    :param label: what things of its kind are called. :param title: this one. :param path: of the page that shows it.
    """

    kind: str
    id: UUID
    site_id: UUID
    label: Lazy
    title: Lazy | str
    path: str
    icon: str = "bell"


@dataclass(frozen=True)
class MatterKind:
    """Things that are no records, of which people are told. Contributed by ``dougong_contributions``.

    :param kind: that of an ``Event``. :param read: those of some ids that the context's person may see now.
    :param may: whether the context's person may see any at all.
    """

    kind: str
    read: Callable[[Context[Any], Collection[UUID]], Iterable[Matter]]
    may: Callable[[Context[Any]], bool]


@dataclass(frozen=True)
class Letter:
    """One message on its way to one person, in their language, with personal values masked.

    :param key: the same at every try of the same message: the receiving side can drop what it has already.
    :param address: where it goes, as the channel's ``address`` said. :param name: whom it greets.
    :param link: absolute address of the page it is about; empty where the company has not said its own address.
    :param sender: name of the company as it wants to be named.
    """

    key: str
    address: str
    title: str
    text: str
    name: str = ""
    link: str = ""
    locale: str = "zh"
    sender: str = ""
    urgent: bool = False


class NotSent(Exception):
    """A channel could not send.

    :param words: why, for administrators; no secret of the channel belongs in it.
    :param again: whether trying later can help. :param wait: seconds that the other side asks to wait.
    """

    def __init__(self, words: Lazy | str, *, again: bool = True, wait: int | None = None) -> None:
        super().__init__(str(words))
        self.words, self.again, self.wait = words, again, wait


@dataclass(frozen=True)
class Channel:
    """A way to reach people outside the pages: text messages, service messages of WeChat. Contributed by modules.

    :param name: short, of small letters. :param label: what people choose by.
    :param address: where a person is reached, or None where they are not.
    :param send: sends one letter; blocks for seconds at most. It may be called twice with the same ``key``.
        Raises ``NotSent``.
    :param ready: whether it is set up at all; people are only offered channels that are.
    """

    name: str
    label: Lazy
    address: Callable[[UUID, Context[Any]], str | None]
    send: Callable[[Letter, Context[Any]], None]
    ready: Callable[[Context[Any]], bool] = lambda x: True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.name) or self.name in (INBOX, DIGEST):
            raise ValueError(f"{self.name!r} is no name of a channel")


@dataclass(frozen=True)
class Herald:
    """Takes what modules tell by ``context.tell``, in the same transaction. Contributed by the module that tells people.

    :param tell: called with the event's name, the record, the people named by the caller (None: those of the event's
        ``to``), the context, and facts that go into the words: ``clock`` (name of a clock) with ``due`` (ISO moment).
    """

    tell: Callable[[str, Record | Matter, Sequence[UUID] | None, Context[Any], Mapping[str, str]], None]


def persons(record: Record) -> dict[str, UUID]:
    """The people whom a record names in its own fields, by field; who created it is not among them."""
    held = {
        name: getattr(record, name)
        for name, (_column, meta) in metas(type(record)).items()
        if meta.widget == "person" and name != "created_by"
    }
    return {name: value for name, value in held.items() if isinstance(value, UUID)}


def headline(resource: Resource[Any], record: Record) -> str:
    """A record's title for a message, as one line; empty where the title is its number or a personal value."""
    name = str(resource.title)
    if name == "number" or metas(type(record))[name][1].personal:
        return ""
    value = getattr(record, name)
    return "" if value is None else " ".join(str(value).split())


__all__ = ["Channel", "Event", "Herald", "Letter", "Matter", "MatterKind", "NotSent", "headline", "persons"]
