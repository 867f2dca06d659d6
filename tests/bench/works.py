"""W1 to W4 of the platform beside the floor, in turns on the same rows; the start page and a report as times of W4."""

from __future__ import annotations

import json
import os
import statistics

from dougong.plugins.registry import Registry
from dougong.tenancy.install import Addresses

from .data import Size, Visitor, fill, steps
from .serving import cpu, load_run, postgres_cpu, served

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


def measured(
    work: str, sides: dict[str, tuple[int, int]], visitors: list[Visitor], address: str
) -> dict[str, dict[str, float]]:
    """One work on these sides, in turns, so that a noisy machine disturbs both; the median of the rounds."""
    seconds, rounds = float(os.environ.get("SECONDS_EACH", "4")), int(os.environ.get("ROUNDS", "3"))
    found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for number in range(-1, rounds):  # the first round warms up
        for side, (port, pid) in sides.items():
            requests = [request(v, work, port) for v in visitors]
            before, before_db = cpu(pid), postgres_cpu(address)
            result = load_run(port, requests, seconds if number >= 0 else 1.5)
            result["cpu"] = (cpu(pid) - before) / result["requests"] * 1000
            result["db"] = (postgres_cpu(address) - before_db) / result["requests"] * 1000
            result["rate"] = result["requests"] / result["seconds"]
            if number >= 0:
                found[side].append(result)
    names = ("rate", "p50", "p99", "cpu", "db")
    return {side: {k: statistics.median(r[k] for r in several) for k in names} for side, several in found.items()}


def compare(sides: dict[str, tuple[int, int]], visitors: list[Visitor], address: str) -> dict[str, float]:
    """Measure and print work by work; the ratio of the rates, and for pages without a floor their times of W4."""
    columns = ("req/s", "p50 ms", "p99 ms", "app ms", "db ms", "ratio", "cpu ratio")
    print(f"{'work':8}{'side':10}" + "".join(f"{name:>10}" for name in columns), flush=True)
    ratios: dict[str, float] = {}
    page: dict[str, float] = {}
    for work in (*WORKS, *OWN):
        own = {"dougong": sides["dougong"]} if work in OWN else sides
        middle = measured(work, own, visitors, address)
        against = middle.get("floor", page)
        for side, m in middle.items():
            ratio, spent = m["rate"] / against["rate"], (against["cpu"] + against["db"]) / (m["cpu"] + m["db"])
            numbers = f"{m['rate']:10.0f}" + "".join(f"{m[k]:10.2f}" for k in ("p50", "p99"))
            numbers += "".join(f"{m[k]:10.3f}" for k in ("cpu", "db")) + f"{ratio:10.2f}{spent:10.2f}"
            times = f"   {1 / ratio:.2f} times W4" if work in OWN else ""
            print(f"{work:8}{side:10}{numbers}{times}", flush=True)
        ratios[work] = round(1 / ratio if work in OWN else ratio, 3)
        page = middle["dougong"] if work == "W4" else page
    return ratios


def run(registry: Registry, where: Addresses, size: Size) -> dict[str, float]:
    """Fill, serve both sides, measure and print."""
    assert where.superuser is not None
    visitors = fill(where.superuser, registry, size)
    floor = {
        "address": where.superuser,
        "port": 8971,
        "tenants": {v.host: str(v.tenant) for v in visitors},
        "sites": {
            host: {v.site_slug: str(v.site) for v in visitors if v.host == host} for host in {v.host for v in visitors}
        },
        "steps": steps(registry),
    }
    host = visitors[0].host
    with (
        served(["-m", "tests.bench.floor"], {"FLOOR": json.dumps(floor)}, 8971, host) as floor_pid,
        served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": "8972"}, 8972, host) as pid,
    ):
        return compare({"floor": (8971, floor_pid), "dougong": (8972, pid)}, visitors, where.superuser)
