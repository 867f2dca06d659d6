"""The one way out: requests of jobs to addresses that people have typed in.

Owns what may be reached: a name is resolved once, and the connection goes to exactly the address that was checked, so
that neither an odd notation nor a name that answers differently the second time leads inside. Redirects are answers
like any other and never followed. What is sent, when and how often is decided by whoever sends.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from .config import Config
from .words import Lazy, translator

_ = translator("dougong")

LONGEST = 2000  # characters of an address
SECONDS = 10.0
MOST = 64 * 1024  # bytes of an answer that are read
_HTTPS = 443
_UNPRIVILEGED = 1024
_NUMERIC = re.compile(r"(0x[0-9a-f]*|\d+)\.?\Z", re.IGNORECASE)  # of the last label: such a host is an address, no name
# Beside what is not global: addresses that carry an IPv4 one in them, and a metadata service on a public address.
_FORBIDDEN = tuple(
    ipaddress.ip_network(one)
    for one in (
        "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
        "fec0::/10", "168.63.129.16/32",
    )
)  # fmt: skip

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """Nothing came back; the message says why, in words for people.

    :ivar refused: the address itself is not one that may be asked: trying again changes nothing until it is changed.
    """

    def __init__(self, words: Lazy, *, refused: bool = False) -> None:
        super().__init__(str(words))
        self.words, self.refused = words, refused


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    :ivar status: HTTP status, a redirect's too.
    :ivar content: the beginning of the body, in bytes; ``whole`` says whether it is all of it.
    :ivar retry_after: seconds that the other side asks to wait, where it does so in seconds.
    """

    status: int
    content: bytes
    whole: bool
    seconds: float
    retry_after: int | None = None

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


def check_outside(address: str) -> str:
    """An address as it may be kept, judged without asking anybody: for forms.

    :returns: the address, normalised.
    :raises Unreachable: (``refused``) it is none, not https, carries a name or password, or names a place inside.
    """
    url = _parsed(address)
    if _inside(url):
        return str(url)
    host = url.raw_host.decode("ascii")
    if (ip := _literal(host)) is not None and not public(ip):
        raise Unreachable(_("This address lies inside a network and cannot be reached from here."), refused=True)
    if ip is None and ("." not in host.rstrip(".") or host.rstrip(".").endswith((".localhost", ".local", ".internal"))):
        raise Unreachable(_("This address lies inside a network and cannot be reached from here."), refused=True)
    return str(url)


def post_outside(
    address: str,
    content: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    most: int = MOST,
) -> Answer:
    """POST to an address outside, from a job. Blocks up to ``seconds``, all in all.

    :param headers: ``Content-Type`` is JSON unless given here.
    :param most: bytes of the answer that are read.
    :returns: whatever was answered, errors and redirects too.
    :raises Unreachable: refused by our rules, or nothing came back in time.
    """
    check_outside(address)
    url = _parsed(address)
    sent = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Dougong",
        **(headers or {}),
    }
    begun = time.monotonic()
    door = _Door(begun + seconds, inside=_inside(url))
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    pairs = [(b"Host", url.netloc), *((k.encode("ascii"), v.encode("utf-8")) for k, v in sent.items())]
    waits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), network_backend=door, max_connections=1) as pool,
            pool.stream("POST", target, headers=pairs, content=content, extensions=waits) as response,
        ):
            body, whole = _read(response.iter_stream(), most)
            wait = next((v for k, v in response.headers if k.lower() == b"retry-after"), b"")
            after = int(wait) if wait.isdigit() and len(wait) < 9 else None
            return Answer(response.status, body, whole, time.monotonic() - begun, after)
    except httpcore.TimeoutException:
        raise Unreachable(_("No answer within {seconds} seconds.").format(seconds=f"{seconds:g}")) from None
    except httpcore.ConnectError as error:
        raise Unreachable(_("The connection failed: {why}").format(why=str(error)[:200])) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable(_("The connection broke off: {why}").format(why=str(error)[:200])) from None


def public(ip: IP) -> bool:
    """Whether an address belongs to the public internet, and to nothing that could lead inside from there."""
    return ip.is_global and not (
        ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
        or any(ip in net for net in _FORBIDDEN if net.version == ip.version)
    )


def _parsed(address: str) -> httpx.URL:
    text = address.strip()
    try:
        if len(text) > LONGEST or not text.isprintable() or " " in text or "\\" in text:
            raise ValueError(text)
        url = httpx.URL(text)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        raise Unreachable(
            _("This is not an address: it begins with https:// and names a host."), refused=True
        ) from None
    if url.scheme not in ("https", "http") or not host:
        raise Unreachable(_("This is not an address: it begins with https:// and names a host."), refused=True)
    if url.userinfo:
        raise Unreachable(_("An address must not carry a name or password before “@”."), refused=True)
    if _inside(url):
        return url.copy_with(fragment=None)
    if url.scheme != "https":
        raise Unreachable(_("Only https addresses are called."), refused=True)
    port = _HTTPS if url.port is None else url.port
    if port != _HTTPS and not _UNPRIVILEGED <= port <= 65535:
        raise Unreachable(
            _("The port {port} is not called; 443 and those from 1024 on are.").format(port=port), refused=True
        )
    if _NUMERIC.fullmatch(host.rstrip(".").rpartition(".")[2]) and _literal(host) is None:
        raise Unreachable(_("Write the address of the host as four numbers or as a name."), refused=True)
    return url.copy_with(fragment=None)


def _literal(host: str) -> IP | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _inside(url: httpx.URL) -> bool:
    """Whether the installation allows this host (and port) although it lies inside or speaks plain http."""
    host = url.host.lower()
    port = url.port or (_HTTPS if url.scheme == "https" else 80)
    return not {host, f"{host}:{port}"}.isdisjoint(Config().allowed_inside)


def _read(chunks: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > most:
            return bytes(held[:most]), False
    return bytes(held), True


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Door(httpcore.SyncBackend):
    """Connects to checked addresses only, and to nothing after its time."""

    def __init__(self, until: float, *, inside: bool) -> None:
        self._until, self._inside = until, inside

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        options.pop("timeout", None)
        found = [ip for ip in _resolved(host, port) if self._inside or public(ip)]
        if not found:
            raise Unreachable(_("This address lies inside a network and cannot be reached from here."), refused=True)
        failed: Exception = httpcore.ConnectTimeout()
        for ip in found[:4]:
            try:
                left = _left(self._until)
                return _Bounded(super().connect_tcp(str(ip), port, left, **options), self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        raise Unreachable(_("This is not an address: it begins with https:// and names a host."), refused=True)


class _Bounded(httpcore.NetworkStream):
    """A stream whose every step ends by the same moment: an answer that drips in holds nobody up for longer."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout()
    return left


def _resolved(host: str, port: int) -> list[IP]:
    """The addresses of a host, asked for once."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(_("The host “{host}” is not known.").format(host=host[:200])) from None
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in found))


__all__ = ["Answer", "Unreachable", "check_outside", "post_outside", "public"]
