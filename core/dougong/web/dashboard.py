"""What a process keeps of start pages: the parts that plugins add, and how much is overdue, each for a short while.

A part that fails or takes too long is left out, and the transaction goes on without it. Kept per person, site and version
of the company, so that a changed grant or setting is never answered by what was kept before.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.orm import Session

from .requests import write
from .slots import added, slotted

if TYPE_CHECKING:
    from .requests import Asked

T = TypeVar("T")

LIFE = dt.timedelta(seconds=30)  # of the plugins' parts: figures, not what is to be done now
REMEMBERED = dt.timedelta(minutes=10)  # of the number beside the bell, on pages that do not count
EACH = 400  # milliseconds that the database may take for one plugin's statement
_KEPT = 2048


class Dashboards:
    """The kept parts of one process; what is not used falls out."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], tuple[dt.datetime, Any]] = OrderedDict()
        self._done: OrderedDict[tuple[object, ...], int] = OrderedDict()

    async def parts(self, asked: Asked) -> list[Any]:
        """Cards and figures of plugins; the database is only asked where a module adds any, and not at every visit."""
        if not slotted(asked.app.registry, asked.snapshot.modules):
            return []
        done = self._done.get(_who(asked), 0)
        key = (*_whose(asked), "parts", asked.site, asked.locale, done)
        found = self._get(key, asked.now, LIFE)
        if found is None:

            def collect(session: Session) -> list[Any]:
                return added(asked.context(session), "home", limit=EACH)

            found = self._keep(key, asked.now, await write(asked, collect))
        return list(found)

    async def kept(self, asked: Asked, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """Something of the core's own for start pages, as long as what plugins add. :param name: what it is."""
        key = (*_whose(asked), name, asked.site, self._done.get(_who(asked), 0))
        found: T | None = self._get(key, asked.now, LIFE)
        return self._keep(key, asked.now, await make()) if found is None else found

    def forget(self, asked: Asked) -> None:
        """This person has done something: their parts are collected anew, so that what they finished does not stand there."""
        who = _who(asked)
        self._done[who] = self._done.pop(who, 0) + 1
        if len(self._done) > _KEPT:
            self._done.popitem(last=False)

    def overdue(self, asked: Asked) -> int:
        """How much was overdue when this person's work was last counted; 0 where it was not, lately."""
        return self._get((*_whose(asked), "overdue"), asked.now, REMEMBERED) or 0

    def remember(self, asked: Asked, overdue: int) -> int:
        """Note how much is overdue at all of this person's sites."""
        return int(self._keep((*_whose(asked), "overdue"), asked.now, overdue))

    def _get(self, key: tuple[object, ...], now: dt.datetime, life: dt.timedelta) -> Any:
        found = self._known.get(key)
        if found is None or not found[0] <= now < found[0] + life:
            return None
        self._known.move_to_end(key)
        return found[1]

    def _keep(self, key: tuple[object, ...], now: dt.datetime, value: T) -> T:
        self._known[key] = now, value
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return value


def _who(asked: Asked) -> tuple[object, ...]:
    return asked.snapshot.tenant, asked.person and asked.person.id


def _whose(asked: Asked) -> tuple[object, ...]:
    return *_who(asked), asked.snapshot.version, asked.token_scope


__all__ = ["EACH", "LIFE", "Dashboards"]
