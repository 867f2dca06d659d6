"""How much a token, or a session where a request is costly, may ask in a minute; and saying so in the answer.

Counted in this process alone: with several processes behind one address each grants the rate, which bounds them together
as well. Kept to a number of holders; what is forgotten begins anew. The rate is the company's (settings of the core).
Headers: RateLimit and RateLimit-Policy as in draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..errors import TooMany
from ..words import Lazy, translator

if TYPE_CHECKING:
    from starlette.responses import Response

_ = translator("dougong")

WINDOW = 60  # seconds
KEPT = 20_000  # holders


class Exceeded(TooMany):
    """More than the rate; ``retry_after`` says when the next one is welcome."""

    title: ClassVar[Lazy] = _("Too many requests")

    def __init__(self, spent: Spent) -> None:
        words = _("{quota} requests a minute are welcome. Wait {seconds} seconds.")
        wait = math.ceil(spent.wait)
        super().__init__(words.format(quota=spent.quota, seconds=wait), extra={"retry_after": wait})


@dataclass(frozen=True, slots=True)
class Spent:
    """What a holder has left. :ivar wait: seconds until the next request is welcome, 0: now."""

    name: str
    quota: int
    left: int
    reset: int
    wait: float

    def tell(self, response: Response) -> None:
        """Say it in the headers of an answer."""
        headers = response.raw_headers
        headers.append((b"ratelimit-policy", b'"%s";q=%d;w=%d' % (self.name.encode(), self.quota, WINDOW)))
        headers.append((b"ratelimit", b'"%s";r=%d;t=%d' % (self.name.encode(), self.left, self.reset)))


class Meter:
    """The rate of each holder, as the moment at which they would have nothing left to wait for (GCRA): a burst may spend
    the whole minute's quota, which then fills up evenly. To be used from one thread, the event loop's."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._full: OrderedDict[str, float] = OrderedDict()

    def take(self, holder: str, name: str, quota: int) -> Spent:
        """Count one request. :param quota: a minute; a request that finds nothing left is not counted."""
        now = time.monotonic()
        each = WINDOW / quota
        full = max(self._full.pop(holder, now), now)
        wait = full + each - WINDOW - now
        if wait <= 0:
            full, wait = full + each, 0.0
        self._full[holder] = full
        if len(self._full) > self._kept:
            self._full.popitem(last=False)
        left = max(int((WINDOW - (full - now)) / each + 1e-6), 0)
        return Spent(name, quota, left, math.ceil(full - now), wait)


__all__ = ["Exceeded", "Meter", "Spent"]
