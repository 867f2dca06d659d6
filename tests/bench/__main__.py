"""``make bench``: W1 to W4 of the platform beside the floor, alternating in one run; a table, with ``JSON=file`` also JSON.

W1 the newest 20 open records as JSON · W2 one record · W3 create one with its history · W4 the list as a page.
HOME and REPORT, the start page and a report, have no floor: they are told as times of W4 (HOME at most 4).
``COMPANIES``, ``COMPLAINTS``, ``SECONDS_EACH`` and ``ROUNDS`` change the size; ``BENCH_HOME`` keeps the database's files.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import psycopg
from dougong.config import Config
from dougong.migrations.runner import migrate
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.tenancy.embedded import Server
from dougong.tenancy.install import Addresses, embedded_addresses

from .data import Size, Visitor, fill, steps

WORKS = ("W1", "W2", "W3", "W4")
OWN = {"HOME": "/", "REPORT": "/reports/complaints/handling?period=this-year"}  # pages without a floor
API = "/api/v1/complaints/complaint"
NEW = {
    "channel": "phone", "complainant_type": "owner", "complainant": "Owner", "phone": "13800138000", "category": "water_leak",
    "location": "3 号楼 2 单元 1801", "statement": "卫生间顶棚渗水，第三次报修未根治", "severity": "minor", "urgency": "normal",
}  # fmt: skip


def request(visitor: Visitor, work: str, port: int) -> bytes:
    """One request as it goes over the wire."""
    path = {"W1": API, "W2": f"{API}/{visitor.complaint}", "W3": API, "W4": "/complaints/complaint", **OWN}[work]
    body = json.dumps({**NEW, "site": visitor.site_slug}).encode() if work == "W3" else b""
    head = [
        f"{'POST' if body else 'GET'} {path} HTTP/1.1",
        f"host: {visitor.host}:{port}",
        f"cookie: dougong_session={visitor.cookie}",
        "sec-fetch-site: same-origin",
        f"origin: http://{visitor.host}:{port}",
        *([f"content-length: {len(body)}", "content-type: application/json"] if body else []),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


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
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def measure(
    sides: dict[str, tuple[int, int]], visitors: list[Visitor], address: str
) -> dict[str, dict[str, list[dict[str, float]]]]:
    """Every work on both sides, in turns, so that a noisy machine disturbs both."""
    seconds, rounds = float(os.environ.get("SECONDS_EACH", "4")), int(os.environ.get("ROUNDS", "3"))
    found: dict[str, dict[str, list[dict[str, float]]]] = {w: {s: [] for s in sides} for w in WORKS}
    found |= {work: {"dougong": []} for work in OWN}
    for work in found:
        for number in range(-1, rounds):  # the first round warms up
            for side, (port, pid) in ((s, sides[s]) for s in found[work]):
                requests = [request(v, work, port) for v in visitors]
                before, before_db = cpu(pid), postgres_cpu(address)
                result = load_run(port, requests, seconds if number >= 0 else 1.5)
                result["cpu"] = (cpu(pid) - before) / result["requests"] * 1000
                result["db"] = (postgres_cpu(address) - before_db) / result["requests"] * 1000
                result["rate"] = result["requests"] / result["seconds"]
                if number >= 0:
                    found[work][side].append(result)
    return found


def report(found: dict[str, dict[str, list[dict[str, float]]]]) -> dict[str, float]:
    """Print the table; the ratio of the median rates, by work."""
    print(
        f"{'work':5}{'side':10}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'app ms':>9}{'db ms':>9}{'ratio':>8}{'cpu ratio':>11}"
    )
    ratios = {}
    for work, sides in found.items():
        middle: dict[str, dict[str, float]] = {
            side: {k: statistics.median(r[k] for r in results) for k in ("rate", "p50", "p99", "cpu", "db")}
            for side, results in sides.items()
        }
        if work == "W4":
            page = middle["dougong"]
        if work in OWN:
            m = middle["dougong"]
            times = page["rate"] / m["rate"]
            print(f"{work:7}{m['rate']:9.0f} req/s, p50 {m['p50']:.2f} ms, p99 {m['p99']:.2f} ms: {times:.2f} times W4")
            ratios[work] = round(times, 3)
            continue
        floor = middle["floor"]
        for side, m in middle.items():
            ratio = m["rate"] / floor["rate"]
            spent = (floor["cpu"] + floor["db"]) / (m["cpu"] + m["db"])
            print(
                f"{work:5}{side:10}{m['rate']:9.0f}{m['p50']:9.2f}{m['p99']:9.2f}{m['cpu']:9.3f}{m['db']:9.3f}{ratio:8.2f}{spent:11.2f}"
            )
            if side == "dougong":
                ratios[work] = round(ratio, 3)
    return ratios


def depths(registry: Registry, where: Addresses, size: Size) -> dict[str, float]:
    """The long list of one company: a search with three filters and page 5,000, each as a multiple of the plain list."""
    assert where.superuser is not None
    one = Size(companies=1, sites=size.sites, people=size.people, complaints=int(os.environ.get("LONG", "200000")))
    visitor = fill(where.superuser, registry, one, first=size.companies)[0]
    search = "渗水&status=closed&status=merged&category=water_leak&severity=minor"
    with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": "8972"}, 8972, visitor.host) as _pid:
        after, page = "", f"{API}?tab=all&limit=20"
        for _step in range(5000 * 20 // 100 if one.complaints > 100_000 else 10):
            following = answered(visitor, f"{API}?tab=all&limit=100{after}")["next"]
            after = "&after=" + following.rpartition("after=")[2]
        paths = {
            "plain list": page,
            "word and 3 filters": f"{page}&q={quote(search, safe='=&')}",
            "rare word and 3 filters": f"{page}&q={quote('1801')}{search.partition('渗水')[2]}",
            "page 5,000": f"{page}{after}",
        }
        took: dict[str, list[float]] = {name: [] for name in paths}
        for _round in range(60):
            for name, path in paths.items():
                begun = time.perf_counter()
                answered(visitor, path)
                took[name].append(time.perf_counter() - begun)
    middle = {name: statistics.median(times[10:]) * 1000 for name, times in took.items()}
    for name, ms in middle.items():
        print(f"{one.complaints} of one company, {name:24}{ms:8.2f} ms{ms / middle['plain list']:8.2f} x")
    return {name: round(ms / middle["plain list"], 3) for name, ms in middle.items() if name != "plain list"}


def answered(visitor: Visitor, path: str) -> Any:
    """One answer of the API as the visitor."""
    headers = {"Host": f"{visitor.host}:8972", "Cookie": f"dougong_session={visitor.cookie}"}
    with urlopen(Request(f"http://127.0.0.1:8972{path}", headers=headers), timeout=30) as found:
        return json.loads(found.read())


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as made:
        home = Path(os.environ.get("BENCH_HOME") or made)
        home.chmod(0o755)
        os.environ["DOUGONG_HOME"] = str(home)
        run()


def run() -> None:
    """Everything in one database server of its own."""
    registry = load()
    server = Server(Config().home)
    server.start()
    try:
        where = embedded_addresses(server)
        migrate(where.owner, registry)
        assert where.superuser is not None
        size = Size(
            companies=int(os.environ.get("COMPANIES", "200")), complaints=int(os.environ.get("COMPLAINTS", "200000"))
        )
        begun = time.monotonic()
        visitors = fill(where.superuser, registry, size)
        print(f"{size.companies} companies, {size.complaints} complaints made in {time.monotonic() - begun:.0f} s")
        floor = {
            "address": where.superuser,
            "port": 8971,
            "tenants": {v.host: str(v.tenant) for v in visitors},
            "sites": {
                host: {v.site_slug: str(v.site) for v in visitors if v.host == host}
                for host in {v.host for v in visitors}
            },
            "steps": steps(registry),
        }
        host = visitors[0].host
        with (
            served(["-m", "tests.bench.floor"], {"FLOOR": json.dumps(floor)}, 8971, host) as floor_pid,
            served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": "8972"}, 8972, host) as pid,
        ):
            found = measure({"floor": (8971, floor_pid), "dougong": (8972, pid)}, visitors, where.superuser)
        print("load of the machine: " + ", ".join(f"{one:.1f}" for one in os.getloadavg()))
        ratios = report(found)
        ratios |= depths(registry, where, size)
        if target := os.environ.get("JSON"):
            Path(target).write_text(json.dumps(ratios))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
