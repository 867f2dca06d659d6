"""What protects a browser's session: tokens against forged requests, the check of a request's origin, cookies, headers.

Owns no identity: who is signed in comes from ``access``. All signatures use the installation's secret, each with
its own purpose, so that one can never stand for another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from starlette.responses import Response

from ..errors import Forbidden
from ..words import translator

_ = translator("dougong")

SESSION_COOKIE = "dougong_session"
GUEST_COOKIE = "dougong_guest"  # before sign-in; binds the form's token to this browser
FLASH_COOKIE = "dougong_flash"
LOCALE_COOKIE = "dougong_locale"
APPEARANCE_COOKIE = "dougong_appearance"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
YEAR = 365 * 86400

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; worker-src 'self'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
)
_POLICY = (b"content-security-policy", CONTENT_POLICY.encode())
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_PRIVATE = (b"cache-control", b"no-store")


class Forged(Forbidden):
    """The request did not come from a page of ours, or from one too old."""

    def __init__(self) -> None:
        super().__init__(
            _("This form was opened too long ago or comes from elsewhere. Load the page again and send it once more.")
        )


def sign(secret: bytes, purpose: str, text: str) -> str:
    """The signature of a text for one purpose, 128 bits in hexadecimal."""
    return hmac.new(secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]


def sealed(secret: bytes, purpose: str, text: str) -> str:
    """The text with its signature, for a cookie."""
    return f"{text}.{sign(secret, purpose, text)}"


def unsealed(secret: bytes, purpose: str, value: str) -> str | None:
    """The text of a signed value, None if it was not signed by us for this purpose."""
    text, _dot, signature = value.rpartition(".")
    return text if hmac.compare_digest(signature.encode(), sign(secret, purpose, text).encode()) else None


def phone_name(secret: bytes, tenant: object, person: object) -> str:
    """A name for a person of a company that a phone may keep: it tells nothing and opens nothing."""
    return sign(secret, "offline", f"{tenant}:{person}")[:16]


def form_token(secret: bytes, holder: str) -> str:
    """A token for the forms of one session (or guest). It looks different each time, so that compression cannot guess it."""
    mask = secrets.token_bytes(16)
    return (mask + _xor(mask, bytes.fromhex(sign(secret, "csrf", holder)))).hex()


def token_holds(secret: bytes, holder: str, token: str) -> bool:
    """Whether a token belongs to this session (or guest)."""
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return False
    expected = bytes.fromhex(sign(secret, "csrf", holder))
    return len(raw) == 32 and hmac.compare_digest(_xor(raw[:16], raw[16:]), expected)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def check_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Refuse an unsafe request that a browser says comes from another origin.

    :returns: whether the browser vouches for the same origin (older ones and tools say nothing).
    :raises Forged: ``Origin`` or ``Sec-Fetch-Site`` names another origin.
    """
    vouched = False
    if (origin := headers.get(b"origin")) is not None:
        if origin.partition(b"://")[2].lower() != headers.get(b"host", b"").lower():
            raise Forged
        vouched = True
    if (site := headers.get(b"sec-fetch-site")) is not None:
        if site not in (b"same-origin", b"none"):
            raise Forged
        vouched = vouched or site == b"same-origin"
    return vouched


def cookie_name(name: str, https: bool) -> str:
    """Under https the browser itself holds a ``__Host-`` cookie to this very host."""
    return f"__Host-{name}" if https else name


def set_cookie(response: Response, name: str, value: str, *, https: bool, max_age: int | None = None) -> None:
    """A host-only cookie that scripts cannot read. :param max_age: seconds; None: until the browser closes; 0: take it back."""
    response.set_cookie(
        cookie_name(name, https), value, max_age=max_age, path="/", secure=https, httponly=True, samesite="lax"
    )


def protect(response: Response, *, https: bool, request_id: str) -> None:
    """Put the security headers on a response; one that brought its own policy or caching keeps them."""
    headers = response.raw_headers
    names = {name for name, _value in headers}
    headers.extend(HEADERS)
    if b"content-security-policy" not in names:
        headers.append(_POLICY)
    if b"cache-control" not in names:
        headers.append(_PRIVATE)
    if https:
        headers.append(_TRANSPORT)
    headers.append((b"x-request-id", request_id.encode()))


_SECRET = {"/invite/", "/reset/"}  # what such an address goes on with is a secret


def keep_from_log(prefix: str) -> None:
    """From now on addresses that begin so are logged without what follows: a plugin's links carry secrets, too."""
    _SECRET.add(prefix)


def loggable(path: str) -> str:
    """An address as the log may keep it: some links carry their secret in it."""
    found = next((one for one in _SECRET if path.startswith(one) and len(path) > len(one)), None)
    return f"{found}…" if found else path
