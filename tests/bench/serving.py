"""What every part of the benchmark uses: a server process, a load against it, and what both cost in CPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg


@contextmanager
def served(command: list[str], environment: dict[str, str], port: int, host: str) -> Iterator[int]:
    """A server process, up and answering; yields its pid."""
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, **environment})
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Host": host}), timeout=2)
                break
            except OSError as error:
                if getattr(error, "code", None):
                    break
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("the server did not start") from error
                time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def postgres_cpu(address: str) -> float:
    """Seconds of CPU that all of PostgreSQL's client processes have used so far."""
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with psycopg.connect(address) as connection:
        pids = connection.execute(query).fetchall()
    total = 0.0
    for (pid,) in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            total += cpu(pid)
    return total


def load_run(port: int, requests: list[bytes], seconds: float) -> dict[str, float]:
    given = {"port": port, "connections": 16, "seconds": seconds, "requests": [r.decode("latin-1") for r in requests]}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    if found["errors"]:
        raise RuntimeError(
            f"{found['errors']:.0f} of {found['requests']:.0f} requests failed, the first with {found['status']:.0f}"
        )
    return found
