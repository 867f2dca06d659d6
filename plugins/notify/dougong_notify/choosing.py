"""Who wants to hear what by which channel: a person's own choice, else that of their roles, else the event's default.

Also the hours and addresses that hold for a person. Sends nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dougong import Channel, Context, Event

from .hours import next_time, quiet_until
from .records import Habit, Preference, RoleWish
from .settings import Settings

INBOX, DIGEST, EMAIL = "inbox", "digest", "email"


class Wishes:
    """The choices of some people, read once."""

    def __init__(self, x: Context[Any], people: Iterable[UUID]) -> None:
        self._x = x
        self._people = list(people)

    @cached_property
    def _own(self) -> dict[tuple[UUID, str, str], bool]:
        query = sa.select(Preference).where(
            Preference.tenant_id == self._x.tenant, Preference.person_id.in_(self._people)
        )
        return {(p.person_id, p.event, p.channel): p.wanted for p in self._x.session.scalars(query)}

    @cached_property
    def _roles(self) -> dict[tuple[str, str, str], bool]:
        query = sa.select(RoleWish).where(RoleWish.tenant_id == self._x.tenant)
        return {(r.role, r.event, r.channel): r.wanted for r in self._x.session.scalars(query)}

    def default(self, person: UUID, event: Event, channel: str) -> bool:
        """What holds for a person who has not chosen: yes if one of their roles says so."""
        live = {g.role for g in self._x.snapshot.grants_of(person) if g.live(self._x.now)}
        said = [self._roles[key] for role in live if (key := (role, event.name, channel)) in self._roles]
        return any(said) if said else channel in event.channels

    def of_role(self, role: str, event: Event, channel: str) -> bool:
        """What the company's default for a role is."""
        return self._roles.get((role, event.name, channel), channel in event.channels)

    def wanted(self, person: UUID, event: Event, channel: str) -> bool:
        """Whether this person hears of this event by this channel."""
        chosen = self._own.get((person, event.name, channel))
        return self.default(person, event, channel) if chosen is None else chosen


def channels(x: Context[Any]) -> dict[str, Channel]:
    """The channels to people that are set up here, by name, e-mail first."""
    found = {one.name: one for _module, one in x.contributed(Channel) if one.ready(x)}
    return dict(sorted(found.items(), key=lambda pair: pair[0] != EMAIL))


class Hours:
    """The hours that hold for one person."""

    def __init__(self, habit: Habit | None, settings: Settings, zone: str) -> None:
        self.quiet = settings.quiet if habit is None or habit.quiet is None else habit.quiet
        self.digest_at = settings.digest_at if habit is None or habit.digest_at is None else habit.digest_at
        self.zone = ZoneInfo((habit.zone if habit else None) or zone)

    def due(self, now: dt.datetime, *, urgent: bool) -> dt.datetime:
        """When something may go out: now, or when the quiet hours end."""
        return now if urgent else quiet_until(now, self.quiet, self.zone) or now

    def next_digest(self, now: dt.datetime) -> dt.datetime | None:
        return next_time(now, self.digest_at, self.zone)


def hours(x: Context[Any], person: UUID, habit: Habit | None = None) -> Hours:
    found = habit or x.session.get(Habit, (x.tenant, person))
    sites = x.snapshot.sites
    return Hours(found, x.settings_of("notify"), sites.node(sites.root).timezone)


def email_of(person: UUID, x: Context[Any]) -> str | None:
    """A person's e-mail address: the one they have proved to be theirs, else the administration's."""
    habit = x.session.get(Habit, (x.tenant, person))
    return (habit.email if habit else None) or x.contact(person)[0] or None
