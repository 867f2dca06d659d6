"""The head of a request over a real connection: bounded in size and in time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvicorn
from dougong.web import protocol
from dougong.web.protocol import BoundedHead


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def asked(story: Callable[[int], Coroutine[Any, Any, bytes]]) -> bytes:
    """What a connection to a server on a free port gets."""

    async def run() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            config = uvicorn.Config(app, http=BoundedHead, ws="none", lifespan="off", log_config=None)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server._serve(sockets=[listening]))
            try:
                return await asyncio.wait_for(story(listening.getsockname()[1]), 20)
            finally:
                server.should_exit = True
                await serving

    return asyncio.run(run())


async def sent(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.readuntil(b"\r\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        return b""
    finally:
        writer.close()


def test_an_ordinary_head_with_a_large_body() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
    assert b"200" in asked(lambda port: sent(port, head, b"x" * 900_000))


def test_a_head_without_end_is_refused() -> None:
    parts = (b"GET / HTTP/1.1\r\nHost: a\r\n", *[b"X: " + b"a" * 9000 + b"\r\n"] * 200)
    assert b"200" not in asked(lambda port: sent(port, *parts))


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_head_that_stops_is_not_waited_for(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    assert asked(lambda port: sent(port, begun)) == b""
