"""How long files of imports and exports are kept: the job that takes them is enqueued with each of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dougong import Context

SWEEP = "exchange.sweep"


def sweep_later(x: Context[Any]) -> None:
    """See to it that what is made today goes in time."""
    if x.jobs is not None:
        x.enqueue(SWEEP, key=SWEEP, at=x.now + dt.timedelta(days=x.settings_of("exchange").keep_days))
