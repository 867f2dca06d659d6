"""``make bench [ONLY=part,part] [JSON=file]``: the platform beside its floors, in one run.

``works``: W1 to W4, start page and report (``works``). ``lists``: the long list of one company (``lists``). ``exchange``:
imports and exports of 100,000 rows (``exchange``). ``jobs``: the queue, schedules and clocks (``jobs``). ``inspections``: a day's
tasks, a walk with photos, a million results (``inspections``, with sizes of its own).
``clearance``: a leaver's open items over a million records (``clearance``). ``rollup``: a budget year of 300 sites (``rollup``).
``grid``: a budget's page beside W4, and a pasted year saved (``grid``). ``calendar``: the year's
compliance calendar of 300 sites beside W4 (``calendar``).
``COMPANIES``, ``COMPLAINTS``, ``LONG``, ``EXCHANGE_ROWS``, ``SECONDS_EACH`` and ``ROUNDS`` change the size, ``MODULES`` what the
companies have on (all, unless named); ``BENCH_HOME`` keeps the database.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from dougong.config import Config
from dougong.migrations.runner import migrate
from dougong.plugins.loader import load
from dougong.tenancy.embedded import Server
from dougong.tenancy.install import embedded_addresses

from . import calendar, clearance, exchange, grid, inspections, jobs, lists, rollup, works
from .data import Size

PARTS = ("works", "lists", "exchange", "jobs", "inspections", "clearance", "rollup", "grid", "calendar")


def main() -> None:
    wanted = [part for part in (os.environ.get("ONLY") or ",".join(PARTS)).split(",") if part]
    if unknown := [part for part in wanted if part not in PARTS]:
        raise SystemExit(f"ONLY knows {', '.join(PARTS)}, not {', '.join(unknown)}")
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as made:
        home = Path(os.environ.get("BENCH_HOME") or made)
        home.chmod(0o755)
        os.environ["DOUGONG_HOME"] = str(home)
        if {"works", "lists", "inspections", "clearance", "rollup", "grid", "calendar"} & {*wanted}:
            found |= _served(wanted)
    if "exchange" in wanted:
        found["exchange"] = exchange.main()
    if "jobs" in wanted:
        found["jobs"] = jobs.main()
    _load("after")
    if target := os.environ.get("JSON"):
        Path(target).write_text(json.dumps(found))


def _served(wanted: list[str]) -> dict[str, Any]:
    """What is asked of a server, all in one database of its own."""
    registry = load()
    found: dict[str, Any] = {}
    server = Server(Config().home)
    server.start()
    try:
        where = embedded_addresses(server)
        migrate(where.owner, registry)
        size = Size(int(os.environ.get("COMPANIES", "200")), complaints=int(os.environ.get("COMPLAINTS", "200000")))
        _load("before")
        if "works" in wanted:
            found |= works.run(registry, where, size)
        if "lists" in wanted:
            found |= lists.run(registry, where, size)
        if "inspections" in wanted:
            found["inspections"] = inspections.run(registry, where)
        if "clearance" in wanted:
            found["clearance"] = clearance.run(registry, where)
        if "rollup" in wanted:
            found["rollup"] = rollup.run(registry, where)
        if "grid" in wanted:
            found["grid"] = grid.run(registry, where)
        if "calendar" in wanted:
            found["calendar"] = calendar.run(registry, where)
    finally:
        server.stop()
    return found


def _load(when: str) -> None:
    print(f"load of the machine {when}: " + ", ".join(f"{one:.1f}" for one in os.getloadavg()), flush=True)


if __name__ == "__main__":
    main()
