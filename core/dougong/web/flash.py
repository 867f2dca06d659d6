"""Flash messages: what one request says on the next page, carried by a signed cookie of the same browser."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from .security import FLASH_COOKIE, sealed, set_cookie, unsealed
from .views import Flash

if TYPE_CHECKING:
    from .requests import Asked

_LIMIT = 3000  # bytes of a cookie that every browser takes


def waiting(asked: Asked) -> list[Flash]:
    """What earlier requests and this one have to say; after this it counts as said."""
    found: list[Flash] = []
    value = asked.cookie(FLASH_COOKIE)
    text = value and unsealed(asked.app.config.secret, f"flash {asked.holder}", value)
    if text:
        try:
            pairs = msgspec.json.decode(base64.urlsafe_b64decode(text), type=list[tuple[str, str]])
        except (msgspec.DecodeError, binascii.Error):
            pairs = []  # signed by an older version of ours; what it said is lost
        found = [Flash(kind, words) for kind, words in pairs]
    found += asked.flashes
    asked.flashes, asked.shown_flashes = [], True
    return found


def carry(asked: Asked, response: Response) -> None:
    """Put what was not shown into the cookie, or take the cookie back once it was shown."""
    if asked.flashes:
        pairs = [(flash.kind, flash.text[:500]) for flash in asked.flashes[:4]]
        text = base64.urlsafe_b64encode(msgspec.json.encode(pairs)).decode()
        if len(text) < _LIMIT:
            value = sealed(asked.app.config.secret, f"flash {asked.holder}", text)
            set_cookie(response, FLASH_COOKIE, value, https=asked.https, max_age=300)
    elif asked.shown_flashes and asked.cookie(FLASH_COOKIE):
        set_cookie(response, FLASH_COOKIE, "", https=asked.https, max_age=0)
