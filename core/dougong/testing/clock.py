"""A clock that stands still until a test moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine

from ..instant import now

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 9:00 on a working Monday in Shanghai, far from any holiday


class Clock:
    """Moves the time that ``dougong.instant.now`` (and all of Python) tells; monotonic clocks run on."""

    def __init__(self, coordinates: time_machine.Traveller) -> None:
        self._coordinates = coordinates

    @property
    def now(self) -> dt.datetime:
        """The present moment, aware, in UTC."""
        return now()

    def at(self, moment: dt.datetime) -> dt.datetime:
        """Set the time; ``moment`` must be aware. Going back is allowed.

        :raises ValueError: a naive moment.
        """
        if moment.tzinfo is None:
            raise ValueError("the moment must carry a time zone")
        self._coordinates.move_to(moment, tick=False)
        return now()

    def move(
        self,
        by: dt.timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> dt.datetime:
        """Let time pass; returns the new moment. ``clock.move(hours=2)``, ``clock.move(timedelta(days=1))``."""
        passed = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) + (by or dt.timedelta())
        return self.at(now() + passed)


@contextmanager
def stopped(at: dt.datetime = MONDAY) -> Iterator[Clock]:
    """Stop the time at ``at`` for the block."""
    with time_machine.travel(at, tick=False) as coordinates:
        yield Clock(coordinates)


__all__ = ["MONDAY", "Clock", "stopped"]
