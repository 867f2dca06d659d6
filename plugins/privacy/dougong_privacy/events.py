"""Of what people are told: a request came in, its time was extended, what was ordered is done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .flow import X
from .records import Request

_ = translator("dougong_privacy")
DONE = "privacy.done"
_WHERE = _("{title}\n{site} · {status}")


def officers(r: Request, x: X) -> Iterable[UUID | None]:
    return [person.id for person in x.who("privacy_officer", r.site_id)]


def whoever_registered(r: Request, x: X) -> Iterable[UUID | None]:
    return [r.created_by]


EVENTS = (
    Event(
        "privacy.registered",
        _("Somebody asked about their personal data"),
        _("Request {number} at {site} waits for an answer"),
        Request.kind,
        ("create",),
        officers,
        _WHERE,
        channels=("inbox", "email"),
    ),
    Event(
        "privacy.moved",
        _("A request about personal data was answered or refused"),
        _("Request {number}: {status}"),
        Request.kind,
        ("reply", "decline", "extend"),
        whoever_registered,
        _WHERE,
    ),
    Event(
        DONE,
        _("What was ordered for a request is done"),
        _("Request {number}: what you ordered is done"),
        Request.kind,
        text=_WHERE,
    ),
)
