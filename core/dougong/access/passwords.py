"""Passwords: which are good enough, and argon2 with a bound on how many are hashed at once.

Owns rules and hashing. Knows neither people nor sessions. A hash takes 0.1 to 0.3 s of a core and 64 MB.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pwdlib import PasswordHash

from ..errors import FieldError, Invalid, TooMany
from ..words import Lazy, translator

_ = translator("dougong")

LEAST, MOST = 10, 200  # characters
AT_ONCE, WAITING, PATIENCE = 2, 10, 10.0  # hashes running, callers queued, seconds a caller waits
# The commonest of ten characters and more, and what people here make of "password"; shorter ones fail by length.
COMMON = frozenset(
    """
    1234567890 12345678910 123456789a 0123456789 0987654321 1111111111 0000000000 9876543210 1qaz2wsx3edc
    qwertyuiop q1w2e3r4t5 1q2w3e4r5t qwerty123456 password123 password1234 passw0rd123 administrator
    admin123456 administrator1 woaini1314 woaini520520 woaini5201314 5201314520 a123456789 aa123456789
    abc123456789 abcd123456 abcdefghij iloveyou123 letmein123 welcome123 changeme123 1234567891 1212121212
    1122334455 123123123123 1357924680 147258369 1472583690 asdfghjkl1 zxcvbnm123 dougong123 dougong1234
    wuye123456 wuye12345678
    """.split()  # noqa: SIM905 (a list of words is read as one)
)

_hasher = PasswordHash.recommended()
_running = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


def hash_password(password: str) -> str:
    """argon2id with the library's recommended cost. :raises TooMany: too many are being hashed."""
    with _turn():
        return _hasher.hash(password)


def verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    """(right, a new hash where the cost has been raised since). ``stored`` None takes as long and is never right.

    :raises TooMany: too many are being hashed.
    """
    with _turn():
        right, renewed = _hasher.verify_and_update(password[: MOST + 1], stored or _nobody())
    return (right, renewed) if stored is not None else (False, None)


@contextmanager
def _turn() -> Iterator[None]:
    busy = TooMany(_("Many people are signing in at this moment. Please try again in a few seconds."))
    if not _queue.acquire(blocking=False):
        raise busy
    try:
        if not _running.acquire(timeout=PATIENCE):
            raise busy
        try:
            yield
        finally:
            _running.release()
    finally:
        _queue.release()


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))


def weakness(password: str, username: str) -> Lazy | None:
    """Why a password is not good enough; None where it is. Length counts, not classes of characters (NIST SP 800-63B)."""
    if len(password) < LEAST:
        return _("Use at least {n} characters.").format(n=LEAST)
    if len(password) > MOST:
        return _("Use at most {n} characters.").format(n=MOST)
    if "\0" in password:
        return _("Contains a character that cannot be stored.")
    plain = password.casefold()
    if username and username.casefold() in plain and len(plain) < len(username) + LEAST:
        return _("Do not use your user name in it.")
    if plain in COMMON or len(set(plain)) < 4:
        return _("Too easy to guess. Several words in a row are easy to remember and hard to guess.")
    return None


def check(password: str, username: str, *, path: str = "password") -> None:
    """:raises Invalid: not good enough; ``path`` names the field."""
    if (problem := weakness(password, username)) is not None:
        raise Invalid(errors=(FieldError(path, problem),))
