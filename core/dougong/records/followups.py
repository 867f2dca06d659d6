"""Follow-ups: what a record gives rise to in another module, by rule of the company (a failed item opens a work order).

Owns the declarations by which modules say what may give rise to something and what may be opened; the rules are
settings (``tenancy.follow_rules``), carried out by ``following``. Modules know nothing of each other: all that crosses
is a ``Telling``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from ..words import Lazy

if TYPE_CHECKING:
    from .context import Context
    from .record import Record

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
Severity = Literal["minor", "major", "critical"]


@dataclass(frozen=True)
class Telling:
    """What the readers of an opened record may know of the one that gave rise to it: no personal data, and nothing that
    only some may see.

    :param title: one line: what is the matter. :param text: more of it.
    :param location_id: of the core's locations; :param location: the place in words, where it is none of them.
    :param severity: ``minor``, ``major`` or ``critical``. :param urgent: whether it cannot wait.
    :param responsible: who answers for it already, if somebody does.
    :param amount: what it costs by now, in fen: a price that was agreed to, material that was used; None: nothing is known.
    """

    title: str
    text: str = ""
    location_id: UUID | None = None
    location: str = ""
    severity: Severity = "minor"
    urgent: bool = False
    responsible: UUID | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Source:
    """Which record gives rise to another: as much of it as the opened record's module is told beside the ``Telling``.

    :param label: what records of its kind are called. :param detail: what the company's rule says besides, where the
        ``FollowUp`` asks for it (an account's code).
    """

    kind: str
    id: UUID
    site_id: UUID
    number: str
    label: Lazy
    detail: str = ""


@dataclass(frozen=True)
class Trigger:
    """Something that may give rise to a record of another module. Contributed by ``dougong_contributions``.

    :param name: ``module.what``, the stable name of a company's rules. :param label: what rules are chosen by.
    :param kind: of the record that gives rise. :param actions: names of actions (``create``, ``edit``, a transition) after
        which rules are looked at.
    :param value: name of a choice or vocabulary field that rules narrow by; a record without a value is not hit. Empty:
        there is nothing to narrow by.
    :param tells: what the readers of the opened record may know.
    :param ends: names of actions with which it is over; what a rule opened is told so (``FollowUp.again``).
    """

    name: str
    label: Lazy
    kind: str
    actions: Sequence[str]
    tells: Callable[[Any, Context[Any]], Telling]
    value: str = ""
    ends: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: a trigger is named 'module.what'")
        if not self.actions:
            raise ValueError(f"{self.name}: a trigger has actions")

    def holds(self, record: Record) -> str | None:
        """The value that rules are compared with, as text; None where the record has none and is not hit."""
        if not self.value:
            return ""
        value = getattr(record, self.value)
        return None if value is None else str(getattr(value, "value", value))


@dataclass(frozen=True)
class FollowUp:
    """A record that may be opened because of another. Contributed by ``dougong_contributions``.

    :param name: ``module.what``, the stable name of a company's rules. :param label: what is opened ("Work order").
    :param kind: of the record that is opened.
    :param fill: values of its creation form, by field, from what is told and the ``Source`` (``kind``, ``id``, ``site_id``,
        ``number``, ``label``, ``detail``). A rule that opens at once needs all that the form requires.
    :param again: the record that a rule opened hears of its source again, after each further action of the trigger and, with
        ``True``, after one that ends it. It acts as the system; a ``Conflict`` refuses the source's action.
    :param asks: what a rule has to say besides, as its ``detail``; none: nothing.
    """

    name: str
    label: Lazy
    kind: str
    fill: Callable[[Telling, Source, Context[Any]], Mapping[str, Any]]
    again: Callable[[Any, Telling, Context[Any], bool], None] | None = None
    asks: Lazy | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: a follow-up is named 'module.what'")


__all__ = ["FollowUp", "Source", "Telling", "Trigger"]
