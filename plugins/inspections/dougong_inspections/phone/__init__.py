"""The phone as the place of work: today's tasks, the walk, the scanned label, and what comes in from the outbox.

Rules of a walk are ``submission``'s; here is only how it looks, and how what was kept on a phone is taken in.
"""

from __future__ import annotations

from dougong import PageRoute

from . import sending, today, walk

ROUTES = (
    PageRoute("today", today.show, offline=True),
    PageRoute("scan/{code}", today.scan),
    PageRoute("walk/{id}", walk.show, offline=True),
    PageRoute("walk/{id}", walk.take, "POST", uploads=sending.ROOM),
    PageRoute(
        "walk/{id}/photo", sending.photo, "POST", api=True, uploads=sending.ROOM, describes=sending.describe_photo
    ),
    PageRoute("walk/{id}/send", sending.send, "POST", api=True, describes=sending.describe_send),
)
