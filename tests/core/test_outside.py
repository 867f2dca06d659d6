"""The one way out: what it refuses, that it connects to what it checked, and that nothing holds it up."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from dougong import Unreachable, check_outside, post_outside
from dougong.outside import public
from dougong.words import speaking
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


class Server(ThreadingHTTPServer):
    """Answers as it is told to, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.reply: Callable[[BaseHTTPRequestHandler], None] = lambda h: _plain(h, 200, b"fine")
        super().__init__(("127.0.0.1", 0), _Handler)


def _plain(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.server.reply(self)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server's address, allowed by the installation."""
    at = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("DOUGONG_INSIDE", f"other.intern, {at}")
    return f"http://{at}/hook?a=1"


@pytest.mark.parametrize(
    "typed",
    [
        "", "hook", "ftp://example.com/", "https://", "https:///x", "file:///etc/passwd", "http://example.com/",
        "https://name:word@example.com/", "https://name@example.com/", "https://example.com@127.0.0.1/",
        "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://0x7f000001/", "https://2130706433/",
        "https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://192.168.1.1/",
        "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.100.100.200/",
        "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/", "https://[::1]/", "https://[::]/",
        "https://[::ffff:127.0.0.1]/", "https://[::ffff:8.8.8.8]/", "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/", "https://[2002:7f00:1::]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/", "https://[ff02::1]/", "https://[::127.0.0.1]/", "https://localhost/",
        "https://a.localhost/", "https://printer/", "https://printer.local/", "https://metadata.google.internal/",
        "https://example.com:22/", "https://example.com:25/", "https://example.com:0/", "https://example.com:99999/",
        "https://example.com\\@127.0.0.1/", "https://exa mple.com/", "https://example.com/\r\nX: y", "https://1.2.3.4.5/",
        "https://１２７.0.0.1/", "https://127。0。0。1/", "https://example.com/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_outside_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Unreachable) as refusal:
        check_outside(typed)
    assert refusal.value.refused
    assert str(refusal.value.words)


@pytest.mark.parametrize(
    "typed", ["https://example.com/hook?x=1", "https://例子.测试/", "https://8.8.8.8:8443/", "HTTPS://EXAMPLE.com"]
)
def test_addresses_outside_are_kept(typed: str) -> None:
    assert check_outside(typed).startswith("https://")


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_inside_passes_in_any_dress(ip: ipaddress.IPv4Address) -> None:
    for dressed in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"::{ip}"):
        assert not public(ipaddress.ip_address(dressed))
    if not ip.is_global or ip.is_multicast:
        assert not public(ip)


def _answers(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let the name service give these addresses, one a question; what was asked is returned."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        family = socket.AF_INET6 if ":" in answers[len(asked) - 1] else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (answers[len(asked) - 1], port))]

    monkeypatch.setattr("dougong.outside.socket.getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:10.0.0.1", "169.254.169.254", "64:ff9b::a00:1"]
)
def test_a_name_that_leads_inside_is_refused(inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, inside)
    with pytest.raises(Unreachable, match="inside") as refusal:
        post_outside("https://rebind.example.com/", b"{}")
    assert refusal.value.refused


def test_the_name_is_asked_for_once_and_the_connection_goes_to_what_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = _answers(monkeypatch, "93.184.215.14", "127.0.0.1")
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_args: Any, **_more: Any) -> Any:
        connected.append(address)
        raise OSError("no route")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="no route"):
        post_outside("https://rebind.example.com/", b"{}")
    assert asked == ["rebind.example.com"]
    assert connected == [("93.184.215.14", 443)]


def test_an_unknown_host_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror("unknown")

    monkeypatch.setattr("dougong.outside.socket.getaddrinfo", resolve)
    with pytest.raises(Unreachable, match=r"nowhere\.example\.com"):
        post_outside("https://nowhere.example.com/", b"{}")


def test_what_is_sent_and_answered(server: Server, address: str) -> None:
    answer = post_outside(address, b'{"a": 1}', headers={"X-Mine": "1"})
    assert (answer.status, answer.text, answer.whole, answer.good) == (200, "fine", True, True)
    path, headers, body = server.seen[0]
    assert (path, body, headers["X-Mine"]) == ("/hook?a=1", b'{"a": 1}', "1")
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"


def test_only_the_named_host_and_port_are_allowed_inside(server: Server, address: str) -> None:
    for other in (f"http://localhost:{server.server_port}/", "http://127.0.0.1:1/", "https://127.0.0.1/"):
        with pytest.raises(Unreachable):
            post_outside(other, b"{}")
    assert not server.seen


def test_a_redirect_is_an_answer_and_not_followed(server: Server, address: str) -> None:
    server.reply = lambda h: _plain(h, 307, b"", Location=f"http://127.0.0.1:{server.server_port}/elsewhere")
    answer = post_outside(address, b"{}")
    assert (answer.status, answer.good, len(server.seen)) == (307, False, 1)


def test_an_answer_is_read_up_to_a_bound(server: Server, address: str) -> None:
    server.reply = lambda h: _plain(h, 500, b"x" * 300_000, Retry_After="17")
    answer = post_outside(address, b"{}", most=1000)
    assert (answer.status, len(answer.content), answer.whole, answer.retry_after) == (500, 1000, False, 17)


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_in_ends_in_time(server: Server, address: str, part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        handler.wfile.write(b"X-Slow: " if part == "head" else b"Content-Length: 100000\r\n\r\n")
        while not over.wait(0.1):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return

    over = threading.Event()
    ending = threading.Timer(30, over.set)  # else it would drip for ever
    ending.start()
    server.reply = drip
    with pytest.raises(Unreachable, match=r"within 0\.4"):
        post_outside(address, b"{}", seconds=0.4)
    assert not over.is_set()
    ending.cancel()
    over.set()


def test_what_is_no_http_is_an_error_in_words(server: Server, address: str) -> None:
    server.reply = lambda h: h.wfile.write(b"\0\1\2 nonsense\r\n\r\n")  # type: ignore[func-returns-value]
    with pytest.raises(Unreachable, match="broke off") as refusal:
        post_outside(address, b"{}")
    assert not refusal.value.refused
