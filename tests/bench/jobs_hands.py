"""A worker of the benchmark of jobs: ``dougong worker`` with one job more, and a note of when each began."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from dougong.app import configure_logging, opener, parts
from dougong.config import Config
from dougong.records.tables import Number
from dougong.scheduling.jobs import Job, JobContext, Jobs
from dougong.scheduling.process import run_worker
from dougong.scheduling.worker import Pace
from dougong.tenancy.install import Addresses
from dougong.timing import dispatch


def effect(x: JobContext, n: int) -> None:
    """A real transaction of a company: one row that was not there."""
    x.session.add(Number(series=f"bench{n}", year=2025, last=1))


def clock(x: Any, id: Any) -> None:
    """As much as taking a step writes at least: one row."""
    x.session.add(Number(series=str(id), year=2025, last=1))


def nothing(x: JobContext, n: int) -> None:
    """For lines that are not worked off."""


def main(address: str, notes: str, slots: int) -> None:
    configure_logging()
    of = parts(Config(), where=Addresses(address, address, address))
    out = Path(notes).open("a", buffering=1, encoding="ascii")  # noqa: SIM115

    def note(name: str, id: object) -> None:
        out.write(f"{name} {id} {time.time():.6f}\n")

    def noted(x: JobContext, n: int) -> None:
        note("effect", n)
        effect(x, n)

    def due(x: JobContext, kind: str, id: Any) -> None:
        note(kind, id)
        if kind == "bench.clock":
            clock(x.context, id)
        else:
            dispatch.due(x, kind, id)

    jobs = Jobs({**of.registry.jobs, "core.effect": Job("core.effect", noted), "core.due": Job("core.due", due)})
    run_worker(jobs, address, opener(of), pace=Pace(concurrency=slots))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
