"""The long list of one company: searches with filters, page 5,000 and whole pages, each as a multiple of the plain list.

Asked one after the other on one connection, in turns, by somebody who sees all sites and by somebody who sees two of 20;
each line is the median, with the CPU of server and PostgreSQL together.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from http.client import HTTPConnection
from urllib.parse import quote

from dougong.plugins.registry import Registry
from dougong.tenancy.install import Addresses

from .data import Size, Visitor, fill
from .serving import cpu, postgres_cpu, served

API = "/api/v1/complaints/complaint"
PAGE = "/complaints/complaint"
PLAIN = f"{API}?tab=all&limit=20"
FILTERS = "&status=closed&status=merged&category=water_leak&severity=minor"
PORT, ROUNDS, DEEP = 8972, int(os.environ.get("LIST_ROUNDS", "40")), 5000
PATHS = {
    "plain list": PLAIN,
    "word, 3 filters": f"{PLAIN}&q={quote('渗水')}{FILTERS}",
    "rare word, 3 filters": f"{PLAIN}&q=1801{FILTERS}",
    "one character, 3 filters": f"{PLAIN}&q={quote('渗')}{FILTERS}",
    "no such word, 3 filters": f"{PLAIN}&q={quote('斗拱')}{FILTERS}",
}
PAGES = {"page of the list": f"{PAGE}?tab=all", "page of what is mine": f"{PAGE}?tab=mine", "start page": "/"}


class Asking:
    """One person on one connection."""

    def __init__(self, visitor: Visitor) -> None:
        self._headers = {"Host": f"{visitor.host}:{PORT}", "Cookie": f"dougong_session={visitor.cookie}"}
        self._connection = HTTPConnection("127.0.0.1", PORT, timeout=60)

    def ask(self, path: str) -> bytes:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return body

    def deep(self, rows: int) -> str:
        """The address of page 5,000, reached page by page; less where the list ends before."""
        path, at = PLAIN, 0
        while at < DEEP * 20 and at + 200 < rows:
            following = json.loads(self.ask(path.replace("limit=20", "limit=100")))["next"]
            path, at = f"{PLAIN}&after=" + following.rpartition("after=")[2], at + 100
        return path


def run(registry: Registry, where: Addresses, size: Size) -> dict[str, float]:
    """Fill one more company, measure and print."""
    assert where.superuser is not None
    one = Size(1, size.sites, size.people, int(os.environ.get("LONG", "200000")))
    visitors, out = fill(where.superuser, registry, one, first=size.companies), {}
    with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": str(PORT)}, PORT, visitors[0].host) as pid:
        for who, visitor, share in (("all sites", visitors[0], 1), ("two sites", visitors[1], 10)):
            asking = Asking(visitor)
            paths = {**PATHS, "page 5,000": asking.deep(one.complaints // share), **PAGES}
            print(f"{one.complaints} records of one company, seen by a person with {who}")
            for name, (ms, spent, times) in _measured(asking, paths, pid, where.superuser).items():
                print(f"  {name:26}{ms:9.2f} ms{spent:9.2f} ms CPU{times:8.2f} x")
                out[f"{name}, {who}"] = round(times, 3)
    return out


def _measured(asking: Asking, paths: dict[str, str], pid: int, address: str) -> dict[str, tuple[float, float, float]]:
    """Median milliseconds, milliseconds of CPU, and times the plain list."""
    took: dict[str, list[float]] = {name: [] for name in paths}
    for turn in range(-8, ROUNDS):  # the first rounds warm up
        for name, path in paths.items():
            begun = time.perf_counter()
            asking.ask(path)
            if turn >= 0:
                took[name].append((time.perf_counter() - begun) * 1000)
    middle = {name: statistics.median(times) for name, times in took.items()}
    return {
        name: (ms, _spent(asking, paths[name], pid, address), ms / middle["plain list"]) for name, ms in middle.items()
    }


def _spent(asking: Asking, path: str, pid: int, address: str) -> float:
    def both() -> float:
        return float(cpu(pid) + postgres_cpu(address))

    before = both()
    for _turn in range(ROUNDS):
        asking.ask(path)
    return (both() - before) / ROUNDS * 1000
