"""What is kept of telling people: what happened, whom it was told, what left the house, and who wants to hear what.

No words of records are kept here: a message is put into words when it is shown or sent, in its reader's language, so
that a record's text, a mask or a right that changes holds for old messages too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import Bulk, new_id, now, reference, translator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

_ = translator("dougong_notify")


class Notice(Bulk, kind="notify.notice", label=_("What happened"), indexes=[("at",)]):
    """One event of one record. ``facts``: names of action and state at that moment, nothing of a person."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[UUID]
    site_id: Mapped[UUID]
    actor_id: Mapped[UUID | None] = mapped_column(default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[dt.datetime] = mapped_column(default=now)


class Message(
    Bulk, kind="notify.message", label=_("Message"), indexes=[("person_id", "at", "id"), ("person_id", "read_at")]
):
    """A notice told to one person.

    :ivar shown: whether the person wants it in the inbox. :ivar digest: it waits for the next summary by e-mail.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = reference(Notice)
    person_id: Mapped[UUID]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    shown: Mapped[bool] = mapped_column(default=True)
    read_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    digest: Mapped[bool] = mapped_column(default=False)


class Robot(Bulk, kind="notify.robot", label=_("Group robot")):
    """A group's robot. Address and secret are never shown again; ``tail`` is what tells robots apart.

    :ivar events: names; empty: all that groups may be told. :ivar sites: ids; empty: all.
    :ivar titles: whether the record's title goes along, or only its number and site.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    brand: Mapped[str]
    address: Mapped[str]
    secret: Mapped[str | None] = mapped_column(default=None)
    tail: Mapped[str]
    events: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    sites: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    titles: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class Delivery(
    Bulk, kind="notify.delivery", label=_("Delivery"), indexes=[("created_at", "id"), ("state", "created_at")]
):
    """One message by one channel, from waiting to sent or given up.

    :ivar state: waiting | held (quiet hours) | sent | failed | dropped. :ivar about: message, digest, code or test.
    :ivar messages: ids of the messages that it tells of. :ivar hint: where it goes, masked.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    about: Mapped[str] = mapped_column(default="message")
    event: Mapped[str | None] = mapped_column(default=None)
    notice_id: Mapped[UUID | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    robot_id: Mapped[UUID | None] = mapped_column(default=None)
    messages: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    hint: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    due_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class Preference(Bulk, kind="notify.preference", label=_("Preference")):
    """What a person chose against the default: this event by this channel, or not."""

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]


class RoleWish(Bulk, kind="notify.role_default", label=_("Default of a role")):
    """What the company chose for the holders of a role, against the event's own default."""

    role: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]


class Habit(Bulk, kind="notify.habit", label=_("Hours and addresses")):
    """A person's hours and own e-mail address, which counts once its code was typed in.

    :ivar quiet: ``22:00-07:00``, ``""`` for none, None for the company's. :ivar digest_at: ``08:00, 17:30``; likewise.
    :ivar code: digest of the code under way for ``new_email``.
    """

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    quiet: Mapped[str | None] = mapped_column(default=None)
    digest_at: Mapped[str | None] = mapped_column(default=None)
    zone: Mapped[str | None] = mapped_column(default=None)
    email: Mapped[str | None] = mapped_column(default=None)
    new_email: Mapped[str | None] = mapped_column(default=None)
    code: Mapped[str | None] = mapped_column(default=None)
    code_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    code_tries: Mapped[int] = mapped_column(default=0)
    code_sent: Mapped[dt.datetime | None] = mapped_column(default=None)


class Follow(Bulk, kind="notify.follow", label=_("Followed record")):
    """Who follows a record."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    since: Mapped[dt.datetime] = mapped_column(default=now)


class Template(Bulk, kind="notify.template", label=_("Template")):
    """The company's own words for an event in a language."""

    event: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
