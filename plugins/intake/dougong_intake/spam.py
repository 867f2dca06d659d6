"""What looks suspicious, without asking anybody outside: a trap that people do not see, haste, many links.

Also the form's stamp, which says when the form was shown. Being suspicious refuses nothing: a person decides.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Iterable

from dougong import Asked, Lazy, translator

from .keys import keyed
from .settings import Settings

_ = translator("dougong_intake")

TRAP = "website"  # a field that only programs fill in
LONGEST = dt.timedelta(hours=24)
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)

TRAPPED = _("filled in a field that people do not see")
HASTY = _("filled in within {n} seconds")
LINKS = _("{n} links")


def stamp(asked: Asked, token: str) -> str:
    """Says, signed, when this form was shown to this browser."""
    at = int(asked.now.timestamp())
    return f"{at}.{keyed(asked, 'stamp', token, asked.holder, at)}"


def shown_at(asked: Asked, token: str, stamped: str) -> dt.datetime | None:
    """When the form was shown; None: by another browser, another code, too long ago, or never by us."""
    at, _dot, signature = stamped.partition(".")
    if not (at.isascii() and at.isdigit() and len(at) <= 11):
        return None
    expected = keyed(asked, "stamp", token, asked.holder, int(at))
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    shown = dt.datetime.fromtimestamp(int(at), dt.UTC)
    return shown if shown <= asked.now <= shown + LONGEST else None


def suspicions(settings: Settings, passed: dt.timedelta, trap: str, texts: Iterable[str]) -> list[Lazy]:
    """Why a report looks as if a program had sent it; empty where it does not. :param passed: since the form was shown."""
    found = []
    if trap.strip():
        found.append(TRAPPED)
    if passed < dt.timedelta(seconds=settings.fastest):
        found.append(HASTY.format(n=max(1, round(passed.total_seconds()))))
    links = sum(len(_LINK.findall(text)) for text in texts)
    if links > settings.links:
        found.append(LINKS.format(n=links))
    return found
