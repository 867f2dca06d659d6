"""What people are told of documents. What waits for a signature, and what is due or overdue, is told by the core."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .base import X
from .copies import RECALLED
from .force import EFFECTIVE, PARENT
from .records import Copy, Document, Reading, Revision

_ = translator("dougong_quality")
_WHERE = _("{title}\n{site} · {status}")


def reader(r: Reading, x: X) -> Iterable[UUID | None]:
    return [r.person_id]


EVENTS = (
    Event(
        "quality.to_read", _("A document is to be read"), _("Please read: {title}"), Reading.kind, ("create",), reader,
        _WHERE, channels=("inbox",),
    ),
    Event(EFFECTIVE, _("A revision came into force"), _("Now in force: {title}"), Revision.kind, text=_WHERE),
    Event(
        PARENT, _("The company's document above one's own changed"),
        _("Check against the company's document: {title}"), Document.kind, text=_WHERE, channels=("inbox", "email"),
    ),
    Event(
        RECALLED, _("A paper copy is recalled"), _("Please give back the old copy {number}"), Copy.kind, text=_WHERE,
        channels=("inbox", "email"),
    ),
)  # fmt: skip
