"""The subscription, its secrets, its health and its deliveries.

Only the subscription is a record that people edit, with number and history. Secrets lie apart, so that no history, list
or answer of the API ever holds one.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from dougong import Identified, Line, Record, Stored, field, now, recorded, reference, translator
from pydantic import Field, StringConstraints
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Outcome, State

_ = translator("dougong_webhooks")

Address = Annotated[
    str,
    mapped_column(),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\s\x00]*$"),
]
Events = Annotated[
    list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]],
    mapped_column(JSONB),
    Field(min_length=1, max_length=100),
]


class Subscription(
    Record, kind="webhooks.subscription", label=_("Webhook"), number="WH", scope="site", indexes=[("status",)]
):
    """Tells one address of changes at its site and below."""

    status: Mapped[State] = recorded(_("Status"), default=State.ON, listed=True, filtered=True)
    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    address: Mapped[Address] = field(
        _("Address"),
        listed=True,
        widget="line",
        help=_("Begins with https://. It is called whenever something happens."),
    )
    events: Mapped[Events] = field(
        _("What it hears of"),
        help=_(
            "One a line, as complaints.complaint:create; a star takes in all: complaints.complaint:*, complaints.*, *."
        ),
    )
    person_id: Mapped[UUID] = field(
        _("Acts for"),
        widget="person",
        listed=True,
        help=_("It hears of nothing that this person may not see at that moment; best a service account of its own."),
    )
    with_fields: Mapped[bool] = field(
        _("With the record's fields"),
        default=False,
        help=_("Otherwise only kind, number, action and a link. Personal and masked values are never sent."),
    )
    # Of the token that set it up: what may not be read by it is not told to an address of its choice either.
    token_scope: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)


class Secret(Identified, kind="webhooks.secret", label=_("Secret of a webhook")):
    """Signs what is sent. ``ends_at`` None: the present one; it was shown to somebody once, or to nobody yet."""

    subscription_id: Mapped[UUID] = reference(Subscription)
    secret: Mapped[str]
    shown: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    ends_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class Health(Stored, kind="webhooks.health", label=_("Health of a webhook")):
    """How calling went lately; apart from the record, so that deliveries side by side do not wait for one another."""

    subscription_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Subscription})
    fails: Mapped[int] = mapped_column(default=0)  # in a row
    failing_since: Mapped[dt.datetime | None] = mapped_column(default=None)
    rest_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    good_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    why: Mapped[str] = mapped_column(default="")  # it was stopped


class Delivery(
    Identified,
    kind="webhooks.delivery",
    label=_("Delivery"),
    indexes=[("subscription_id", "id"), ("at",)],
):
    """One message to one address. Its id is the message's: the same at every attempt and replay."""

    subscription_id: Mapped[UUID] = reference(Subscription)
    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    site_id: Mapped[UUID]
    number: Mapped[str]
    action: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    state: Mapped[Outcome] = mapped_column(default=Outcome.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)  # since it was made or replayed
    tried_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    due_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    code: Mapped[int | None] = mapped_column(default=None)  # HTTP status of the last attempt
    milliseconds: Mapped[int | None] = mapped_column(default=None)
    answer: Mapped[str] = mapped_column(default="")  # what came back, the beginning; or why nothing did

    @property
    def message(self) -> str:
        """The message's id."""
        return f"msg_{self.id.hex}"

    @property
    def event(self) -> str:
        """What happened, as subscriptions name it."""
        return f"{self.record_kind}:{self.action}"
