"""The present moment: every part asks here, so that a test can move time in one place, and a demo can live ahead of it."""

from __future__ import annotations

import datetime as dt

_ahead = dt.timedelta()


def now() -> dt.datetime:
    """The current instant, aware, in UTC."""
    return wall() + _ahead


def wall() -> dt.datetime:
    """The machine's own time, whatever this process lives in: only to compare clocks, and to say how far ahead one is."""
    return dt.datetime.now(dt.UTC)


def live_ahead(by: dt.timedelta) -> None:
    """Let this process live ahead of the clock on the wall: ``dougong demo --ahead``. Nothing else may call it.

    :param by: how far, from the wall's time; it replaces what was said before.
    """
    global _ahead
    _ahead = by
