"""A clock that stands still until a test moves it; on the way it runs what is due, and it shows what would fire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import time_machine

from ..instant import now

if TYPE_CHECKING:
    from ..scheduling.stepping import Ran
    from ..timing.upcoming import Upcoming
    from .companies import Company

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 9:00 on a working Monday in Shanghai, far from any holiday


class Clock:
    """Moves the time that ``dougong.instant.now`` (and all of Python) tells; monotonic clocks run on.

    :param home: gives what ``run`` and ``through`` run the jobs of, as ``run_due`` takes it: the test's own, for the fixture.
    :param company: gives the company of ``upcoming``.
    """

    def __init__(
        self,
        coordinates: time_machine.Traveller,
        home: Callable[[], Any] | None = None,
        company: Callable[[], Company] | None = None,
    ) -> None:
        self._coordinates, self._home, self._company = coordinates, home, company

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
        """Jump; returns the new moment. ``clock.move(hours=2)``, ``clock.move(timedelta(days=1))``. Nothing runs meanwhile, as
        if no worker did: ``through`` lets time pass with one.
        """
        passed = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) + (by or dt.timedelta())
        return self.at(now() + passed)

    def run(self, of: Any = None, *, failing: bool = False) -> list[Ran]:
        """Run what is due now: schedules, steps of clocks, jobs, of all companies, until nothing is.

        :param of: as of ``dougong.testing.running.run_due``; None: the database and the modules of this test.
        :param failing: keep going where a job fails, and list its error; else the first error is raised.
        :returns: the jobs that were tried, in order, each with ``name``, ``at`` and ``error``.
        """
        from .running import run_due

        return run_due(self._found(of), failing=failing)

    def through(
        self,
        by: dt.timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        until: dt.datetime | None = None,
        of: Any = None,
        failing: bool = False,
    ) -> list[Ran]:
        """Let time pass, stopping wherever something is due and running it there, so that all happens in its order:
        ``clock.through(days=7)``.

        :param by, days, hours, minutes, seconds: how long, added up. :param until: or to this moment, which must not be past.
        :param of, failing, returns: as of ``run``. :raises ValueError: back in time.
        """
        from .running import stepper

        passed = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) + (by or dt.timedelta())
        end = (until or now()) + passed
        if end < now():
            raise ValueError("time goes through what is due forwards only: `at` goes back")
        return list(stepper(self._found(of)).through(end, self.at, failing=failing))

    def upcoming(self, days: int = 30, *, of: Company | None = None, by: str | None = None) -> list[Upcoming]:
        """What would fire in the next days, in order: each with ``at``, ``name`` (of the schedule or the clock), ``step``,
        ``site``, ``kind`` and ``id`` of the record. Schedules stand there once ``run`` has planned them.

        :param of: whose; None: the test's ``company``. :param by: as far as this person may see it; None: all.
        """
        from ..timing.upcoming import upcoming

        company = of or (self._company() if self._company else None)
        if company is None:
            raise ValueError("of which company? Say of=")
        with company.acting(by) as x:
            return upcoming(x, days=days)

    def _found(self, of: Any) -> Any:
        if of is None and self._home is None:
            raise ValueError("of what? Say of=")
        return of if of is not None or self._home is None else self._home()


@contextmanager
def stopped(
    at: dt.datetime = MONDAY,
    *,
    home: Callable[[], Any] | None = None,
    company: Callable[[], Company] | None = None,
) -> Iterator[Clock]:
    """Stop the time at ``at`` for the block. :param home, company: as of ``Clock``."""
    with time_machine.travel(at, tick=False) as coordinates:
        yield Clock(coordinates, home, company)


__all__ = ["MONDAY", "Clock", "stopped"]
