"""A load of N connections against one server: raw HTTP/1.1 over keep-alive sockets, bounded in time, loopback only.

Runs in a process of its own and prints one JSON line: requests, seconds, latencies (ms) at p50 and p99, errors.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop


async def client(
    port: int, requests: list[bytes], offset: int, step: int, until: float, took: list[float], bad: list[int]
) -> None:
    """Send requests one after the other on one connection until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    at = offset
    while (begun := time.perf_counter()) < until:
        writer.write(requests[at % len(requests)])
        at += step
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().index(b"content-length:")
        size = int(head[length + 15 : head.index(b"\r\n", length)])
        await reader.readexactly(size)
        took.append(time.perf_counter() - begun)
        if head[9:10] != b"2":
            bad.append(int(head[9:12]))
    writer.close()


async def run(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    took: list[float] = []
    bad: list[int] = []
    begun = time.perf_counter()
    clients = [client(port, requests, n * 37, 1, begun + seconds, took, bad) for n in range(connections)]
    await asyncio.gather(*clients)
    spent = time.perf_counter() - begun
    took.sort()

    def at(part: float) -> float:
        return took[min(len(took) - 1, int(len(took) * part))] * 1000

    return {
        "requests": len(took),
        "seconds": spent,
        "p50": at(0.5),
        "p99": at(0.99),
        "errors": len(bad),
        "status": bad[0] if bad else 0,
    }


def main() -> None:
    given = json.load(sys.stdin)
    requests = [r.encode("latin-1") for r in given["requests"]]
    print(json.dumps(uvloop.run(run(given["port"], requests, given["connections"], given["seconds"]))))


if __name__ == "__main__":
    main()
