"""A worker of the fault test: real queue, real tenant transactions, jobs that count how often they had an effect."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from dougong.records.tables import Number
from dougong.scheduling.jobs import Job, JobContext, Jobs
from dougong.scheduling.process import run_worker
from dougong.scheduling.worker import Pace
from dougong.tenancy.cells import Bound, Cell

PACE = Pace(heartbeat=1, stalled=4, rescue=1, backoff=0.5, longest=5, grace=10)


class Opened:
    def __init__(self, session: Any) -> None:
        self.session = session


def effect(x: JobContext, n: int) -> None:
    """Counts in a row of its own, before and after a while: a kill in between must leave nothing, a second run shows."""
    series = f"n{n}"
    found = x.session.get(Number, (x.tenant, series, 2025))
    if found is None:
        found = Number(series=series, year=2025, last=0)
        x.session.add(found)
    x.session.flush()
    time.sleep(random.random() * 0.2)
    found.last += 1
    if random.random() < 0.02:
        raise OSError("as it happens")


JOBS = Jobs([Job("soak.effect", effect, retries=10)])


def main(address: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    cell = Cell(address)

    @contextmanager
    def opener(tenant: UUID, module: str) -> Iterator[Opened]:
        with cell.session(Bound(tenant)) as session:
            yield Opened(session)

    run_worker(JOBS, address, opener, pace=PACE, pause=0.2)


if __name__ == "__main__":
    main(sys.argv[1])
