"""A person as the snapshot knows them. Contact details stay in the database; ``tables.Person`` is the row."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be granted a role. Only ``active`` people may do anything or stand for anyone."""

    id: UUID
    username: str
    name: str
    locale: str | None = None
    status: str = ACTIVE

    @property
    def active(self) -> bool:
        return self.status == ACTIVE
