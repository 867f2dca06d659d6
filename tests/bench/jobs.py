"""Jobs: how many a worker does beside a bare loop, how long after it is due something starts, what a tick costs, how long one
company's line holds up another. ``JOB_COMPANIES`` (10,000), ``JOB_CLOCKS`` (100,000) and ``JOB_LINE`` (50,000) change the size.

Each job is a whole transaction of a company, as the application's role. The floor is what a program could do at best: a bare
loop on one table, one hand-written statement a job (``SKIP LOCKED``, the effect within), as the superuser, without companies,
retries, fairness or workers that are taken over from.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from dougong.migrations.runner import migrate
from dougong.plugins.loader import load
from dougong.scheduling.jobs import Job, Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.embedded import Server
from dougong.tenancy.install import Addresses, embedded_addresses
from dougong.tenancy.stored import new_id
from dougong.testing.server import open_folder

from .jobs_hands import nothing
from .serving import cpu, postgres_cpu

COMPANIES = int(os.environ.get("JOB_COMPANIES") or "10000")
CLOCKS = int(os.environ.get("JOB_CLOCKS") or "100000")
LINE = int(os.environ.get("JOB_LINE") or "50000")
SCHEDULES, BUSY, RATE, WINDOW, BURST = 5, 200, 60, 40, 5000
EFFECTS = Jobs([Job("core.effect", nothing)])
LEFT = "SELECT count(*) FROM platform.procrastinate_jobs WHERE status <> 'failed'"


class Place:
    """The database of the benchmark, with companies in it."""

    def __init__(self, where: Addresses, notes: Path) -> None:
        assert where.superuser is not None
        self.where, self.notes = where, notes
        self.owner = psycopg.connect(where.superuser, autocommit=True)
        self.cell = Cell(where.app, pool=2)
        self.tenants = [new_id() for _i in range(COMPANIES)]

    def ask(self, query: str, *given: Any) -> Any:
        row = self.owner.execute(query, given).fetchone()
        return row[0] if row else None

    def fill(self) -> None:
        """Companies with one site and the core's module: what a job needs to be judged."""
        tables: dict[str, list[tuple[Any, ...]]] = {
            "platform.tenant (id, slug, name)": [(t, f"b{n}", "Bench") for n, t in enumerate(self.tenants)],
            "platform.tenant_version (tenant_id)": [(t,) for t in self.tenants],
            "core.site (tenant_id, id, slug, name, type, timezone, position, active)": [
                (t, new_id(), "company", "Company", "company", "Asia/Shanghai", 0, True) for t in self.tenants
            ],
        }
        for into, rows in tables.items():
            with self.owner.cursor().copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def empty(self) -> None:
        self.owner.execute("TRUNCATE platform.procrastinate_jobs, platform.due, core.number CASCADE")
        self.owner.execute("VACUUM ANALYZE")
        self.notes.unlink(missing_ok=True)

    def begun(self) -> dict[str, float]:
        """Id → when it began."""
        if not self.notes.exists():
            return {}
        lines = (line.split() for line in self.notes.read_text("ascii").splitlines())
        return {id: float(at) for _name, id, at in lines}

    @contextmanager
    def workers(self, count: int, slots: int = 4) -> Iterator[list[int]]:
        command = [sys.executable, "-m", "tests.bench.jobs_hands", self.where.app, str(self.notes), str(slots)]
        before = self.ask("SELECT coalesce(max(id), 0) FROM platform.procrastinate_workers")
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _i in range(count)]
        try:
            while self.ask("SELECT count(*) FROM platform.worker WHERE id > %s", before) < count:
                time.sleep(0.05)
            yield [one.pid for one in running]
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(30)

    def rest(self) -> None:
        while self.ask(LEFT):
            time.sleep(0.1)


def main() -> dict[str, Any]:
    home = open_folder("dougong-jobs-")
    server = Server(home)
    server.start()
    try:
        where = embedded_addresses(server)
        migrate(where.owner, load())
        with tempfile.TemporaryDirectory() as folder:
            place = Place(where, Path(folder) / "notes")
            place.fill()
            parts = (ticks, rates, spread, burst, line)
            found = {part.__name__: part(place) for part in parts}
            place.owner.close()
            place.cell.engine.dispose()
            return found
    finally:
        server.erase()


# ---- parts ----


def ticks(place: Place) -> dict[str, float]:
    """Milliseconds of a tick at which nothing is due, beside so many rows that are due later."""
    found = {}
    for rows in (0, 100_000, 1_000_000):
        place.empty()
        later(place, rows)
        took = []
        with psycopg.connect(place.where.app, autocommit=True) as connection:
            for _i in range(200):
                begun = time.perf_counter()
                connection.execute("SELECT platform.tick(now(), 1000)")
                took.append((time.perf_counter() - begun) * 1000)
        found[f"{rows} rows"] = statistics.median(took)
        print(
            f"tick beside {rows:>9,} rows that are not due: {found[f'{rows} rows']:.2f} ms (median of 200)", flush=True
        )
    return found


def later(place: Place, rows: int) -> None:
    place.owner.execute(
        "INSERT INTO platform.due (tenant_id, kind, id, due_at) SELECT t[1 + n %% array_length(t, 1)], 'bench.clock',"
        " gen_random_uuid(), now() + interval '1 day' + n * interval '1 second' FROM generate_series(1, %s) n,"
        " (SELECT array_agg(id) AS t FROM platform.tenant) every",
        (rows,),
    )
    place.owner.execute("VACUUM ANALYZE platform.due")


def rates(place: Place) -> dict[str, float]:
    """Jobs a second of one and of four workers with four slots each, and of the floor with as many connections."""
    found: dict[str, float] = {}
    for workers in (1, 4):
        bare = floor(place, workers * 4, 6000 * min(workers, 2))
        place.empty()
        jobs = 4000 * min(workers, 2)
        for tenant in place.tenants[:BUSY]:
            enqueue(place, tenant, jobs // BUSY)
        before = postgres_cpu(place.where.superuser or "")
        with place.workers(workers) as pids:
            place.rest()
            app = sum(cpu(pid) for pid in pids) * 1000 / jobs
            database = (postgres_cpu(place.where.superuser or "") - before) * 1000 / jobs
        times = sorted(place.begun().values())
        tenth = len(times) // 10  # without the start, while snapshots are loaded, and the end
        rate = (len(times) - 2 * tenth) / (times[-tenth - 1] - times[tenth])
        found |= {f"{workers} workers": rate, f"{workers} workers, floor": bare}
        found |= {f"{workers} workers, app ms": app, f"{workers} workers, db ms": database}
        print(
            f"{workers} worker(s) × 4: {rate:.0f} jobs/s; bare loop {bare:.0f}/s; ratio {rate / bare:.2f};"
            f" CPU a job {app:.2f} ms app (with its start), {database:.2f} ms db",
            flush=True,
        )
    return found


def floor(place: Place, connections: int, jobs: int) -> float:
    place.owner.execute("DROP TABLE IF EXISTS public.bare, public.bare_effect")
    place.owner.execute("CREATE TABLE public.bare (id bigserial PRIMARY KEY, n integer)")
    place.owner.execute("CREATE TABLE public.bare_effect (id bigint PRIMARY KEY, n integer)")
    place.owner.execute("INSERT INTO public.bare (n) SELECT generate_series(1, %s)", (jobs,))
    take = (
        "WITH next AS MATERIALIZED (SELECT id FROM public.bare ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED),"
        " one AS (DELETE FROM public.bare b USING next WHERE b.id = next.id RETURNING b.id, b.n)"
        " INSERT INTO public.bare_effect SELECT id, n FROM one RETURNING id"
    )

    def loop() -> None:
        with psycopg.connect(place.where.superuser or "", autocommit=True) as connection:
            while connection.execute(take).fetchone():
                pass

    threads = [threading.Thread(target=loop) for _i in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    assert place.ask("SELECT count(*) FROM public.bare_effect") == jobs
    return jobs / took


def enqueue(place: Place, tenant: UUID, jobs: int, first: int = 0, at: dt.datetime | None = None) -> None:
    with place.cell.session(Bound(tenant)) as session:
        for n in range(first, first + jobs):
            EFFECTS.enqueue(session, "core.effect", n=n + 1_000_000 * (place.tenants.index(tenant) % BUSY), at=at)


def spread(place: Place) -> dict[str, float]:
    """From due to started, with all schedules and clocks standing there and some becoming due every second. Schedules of
    companies are real (followed and planned by the jobs); clocks are rows whose record is not there any more."""
    place.empty()
    later(place, CLOCKS + (SCHEDULES - 1) * COMPANIES)
    place.owner.execute(
        "INSERT INTO platform.due SELECT id, 'core.schedules', id, 'epoch' FROM platform.tenant LIMIT 500"
    )
    with place.workers(2):
        time.sleep(3)
        place.rest()
        real = place.ask("SELECT count(*) FROM core.schedule")
    place.notes.unlink(missing_ok=True)
    with place.workers(1):
        place.owner.execute(
            "WITH chosen AS (SELECT tenant_id, kind, id, row_number() OVER (ORDER BY kind DESC, md5(id::text)) AS n"
            " FROM platform.due WHERE kind IN ('core.schedule', 'bench.clock') LIMIT %s) UPDATE platform.due d SET due_at ="
            " now() + interval '2 seconds' + (hashtext(d.id::text) & 65535) / 65536.0 * %s * interval '1 second'"
            " FROM chosen s WHERE s.tenant_id = d.tenant_id AND s.kind = d.kind AND s.id = d.id",
            (RATE * WINDOW, WINDOW),
        )
        wanted = due_times(place)
        time.sleep(WINDOW + 5)
        place.rest()
    return told(place, wanted, f"{RATE} due a second, {real} real schedules, 1 worker")


def due_times(place: Place) -> dict[str, float]:
    rows = place.owner.execute("SELECT id, due_at FROM platform.due WHERE due_at < now() + interval '1 hour'")
    return {str(id): at.timestamp() for id, at in rows}


def told(place: Place, wanted: dict[str, float], what: str) -> dict[str, float]:
    begun = place.begun()
    delays = sorted(begun[id] - at for id, at in wanted.items() if id in begun)
    found = {
        "due": len(wanted), "started": len(delays), "p50": delays[len(delays) // 2],
        "p99": delays[int(len(delays) * 0.99)], "last": delays[-1],
    }  # fmt: skip
    print(
        f"due to started ({what}): {len(delays)} of {len(wanted)}, p50 {found['p50']:.2f} s, p99 {found['p99']:.2f} s,"
        f" last {found['last']:.2f} s",
        flush=True,
    )
    return found


def burst(place: Place) -> dict[str, float]:
    """As many companies' things due at the very same moment."""
    place.empty()
    later(place, CLOCKS)
    with place.workers(4):
        place.owner.execute(
            "INSERT INTO platform.due SELECT id, 'bench.clock', gen_random_uuid(), now() + interval '2 seconds'"
            " FROM platform.tenant LIMIT %s",
            (BURST,),
        )
        wanted = due_times(place)
        time.sleep(5)
        place.rest()
    return told(place, wanted, f"{len(wanted)} companies at one moment, 4 workers, nothing in memory")


def line(place: Place) -> dict[str, float]:
    """One company's long line, waiting or due at one moment, and how long another's one job waits beside it."""
    found = {}
    greedy, small = place.tenants[0], place.tenants[1]
    for what in ("waiting", "at one moment"):
        place.empty()
        moment = None if what == "waiting" else dt.datetime.now(dt.UTC) + dt.timedelta(seconds=LINE / 1000)
        enqueue(place, greedy, LINE, at=moment)
        delays = []
        with place.workers(1):
            if moment is not None:
                time.sleep(max(0.0, moment.timestamp() - time.time()))
            for n in range(10):
                begun = time.time()
                enqueue(place, small, 1, first=n)
                delays.append(waited(place, str(n + 1_000_000), begun))
        found[what] = max(delays)
        print(f"one job beside another company's {LINE:,} {what}: at most {max(delays):.2f} s (of 10)", flush=True)
    place.empty()
    return found


def waited(place: Place, id: str, begun: float) -> float:
    for _attempt in range(6000):
        if at := place.begun().get(id):
            return at - begun
        time.sleep(0.1)
    raise RuntimeError("it did not start")
