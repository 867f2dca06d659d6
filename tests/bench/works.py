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
        found = measure({"floor": (8971, floor_pid), "dougong": (8972, pid)}, visitors, where.superuser)
    return report(found)
