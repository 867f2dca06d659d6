"""``make soak``: 10,000 jobs of 40 companies under 50 kills (-9) of workers and of the database; each internal effect once.

``JOBS``, ``KILLS``, ``DATABASE`` (how many of the kills hit the database) and ``SEED`` change it. It uses an embedded PostgreSQL
of its own, durable as in operation, and ends with an error when an effect is missing or happened twice.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

import psycopg
from dougong.migrations.runner import migrate
from dougong.plugins.loader import load
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.embedded import Server
from dougong.tenancy.install import Addresses, embedded_addresses
from dougong.tenancy.stored import new_id
from dougong.testing.server import open_folder

from .hands import JOBS

TOTAL = int(os.environ.get("JOBS") or "10000")
KILLS = int(os.environ.get("KILLS") or "50")
DATABASE = int(os.environ.get("DATABASE") or "5")
WORKERS, COMPANIES = 5, 40
LEFT = "SELECT count(*) FROM platform.procrastinate_jobs WHERE task_name = 'soak.effect' AND status <> 'failed'"


def worker(address: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.soak.hands", address]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def enqueue(where: Addresses) -> None:
    cell = Cell(where.app, pool=2)
    assert where.superuser is not None
    with psycopg.connect(where.superuser, autocommit=True) as owner:
        for number in range(COMPANIES):
            tenant = new_id()
            owner.execute(
                "INSERT INTO platform.tenant (id, slug, name) VALUES (%s, %s, 'Soak')", (tenant, f"soak{number}")
            )
            with cell.session(Bound(tenant)) as session:
                for n in range(TOTAL // COMPANIES):
                    JOBS.enqueue(session, "soak.effect", n=n)
    cell.engine.dispose()


def asked(address: str, query: str) -> Any:
    """One value; while the database comes back it is asked again."""
    for _attempt in range(300):
        try:
            with psycopg.connect(address, autocommit=True) as owner:
                row = owner.execute(query).fetchone()
                return row[0] if row else None
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError("the database does not come back")


def kill_database(server: Server) -> None:
    os.kill(int((server.data / "postmaster.pid").read_text("utf-8").split()[0]), signal.SIGKILL)
    while server.running():
        time.sleep(0.05)
    server.start()


def soak(server: Server, where: Addresses) -> bool:
    rng = random.Random(int(os.environ.get("SEED") or "1"))
    assert where.superuser is not None
    enqueue(where)
    begun = time.monotonic()
    running = [worker(where.app) for _i in range(WORKERS)]
    database = set(rng.sample(range(KILLS), min(DATABASE, KILLS)))
    done = 0
    try:
        while left := asked(where.superuser, LEFT):
            if done < KILLS and TOTAL - left >= TOTAL * 0.95 * done / KILLS:  # the kills follow the work, to its end
                if done in database:
                    kill_database(server)
                else:
                    victim = rng.randrange(len(running))
                    running[victim].kill()
                    running[victim].wait()
                    running[victim] = worker(where.app)
                done += 1
                if done % 10 == 0:
                    print(f"{done} kills, {left} jobs left, {time.monotonic() - begun:.0f} s", flush=True)
            time.sleep(rng.random() * 0.3)
    finally:
        for one in running:
            one.kill()
            one.wait()
    return report(where.superuser, done, len(database), time.monotonic() - begun)


def report(address: str, kills: int, database: int, seconds: float) -> bool:
    effects = asked(address, "SELECT count(*) FROM core.number WHERE series LIKE 'n%' AND last = 1")
    twice = asked(address, "SELECT count(*) FROM core.number WHERE series LIKE 'n%' AND last <> 1")
    failed = asked(address, "SELECT count(*) FROM platform.procrastinate_jobs WHERE status = 'failed'")
    print(f"{TOTAL} jobs, {kills} kills ({database} of the database), {WORKERS} workers, {seconds:.0f} s")
    print(
        f"effects exactly once: {effects}; not once: {twice}; missing: {TOTAL - effects - twice}; in quarantine: {failed}"
    )
    return effects == TOTAL and twice == 0 and kills == KILLS


def main() -> None:
    home = open_folder("dougong-soak-")
    server = Server(home)
    server.start()
    try:
        where = embedded_addresses(server)
        migrate(where.owner, load())
        sound = soak(server, where)
    finally:
        server.erase()
        shutil.rmtree(home, ignore_errors=True)
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
