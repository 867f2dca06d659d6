"""Proving that an e-mail address is one's own: a code goes there and comes back within half an hour, in few tries.

The code is kept as a keyed digest only, so it is sent at once and not by a job that would have to carry it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from typing import Any

from dougong import Channel, Context, FieldError, Invalid, Letter, NotSent, TooMany, new_id, translator

from .records import Delivery, Habit
from .wording import one_line

_ = translator("dougong_notify")

LASTS = dt.timedelta(minutes=30)
PAUSE = dt.timedelta(minutes=1)
TRIES = 5
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")


def begin(x: Context[Any], habit: Habit, address: str, channel: Channel, secret: bytes) -> None:
    """Send a code to a new address.

    :raises Invalid: it is no address, or the letter could not be sent. :raises TooMany: one was sent a moment ago.
    """
    address = address.strip()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise Invalid(errors=(FieldError("email", _("Write an e-mail address, for instance wang@example.com.")),))
    if habit.code_sent is not None and x.now - habit.code_sent < PAUSE:
        raise TooMany(_("A code was sent a moment ago. Wait a minute, then ask again."))
    code = f"{secrets.randbelow(1_000_000):06d}"
    habit.new_email, habit.code, habit.code_tries = address, _sealed(secret, habit, address, code), 0
    habit.code_until, habit.code_sent = x.now + LASTS, x.now
    text = _(
        "Type this code in on the page: {code}. It holds for 30 minutes. If you did not ask for it, ignore this letter."
    )
    key = new_id()
    letter = Letter(
        str(key),
        address,
        one_line(str(_("Your code for {company}").format(company=x.snapshot.name)), 100),
        str(text.format(code=code)),
        sender=x.settings_of("notify").sender or x.snapshot.name,
    )
    try:
        channel.send(letter, x)
    except NotSent as error:
        raise Invalid(errors=(FieldError("email", error.words),)) from None
    local, _at, domain = address.partition("@")
    x.session.add(
        Delivery(
            id=key,
            channel=channel.name,
            about="code",
            person_id=habit.person_id,
            hint=f"{local[:1]}***@{domain}",
            state="sent",
            tries=1,
            created_at=x.now,
            due_at=x.now,
            ended_at=x.now,
        )
    )


def confirm(x: Context[Any], habit: Habit, code: str, secret: bytes) -> bool:
    """Whether a typed code proves the new address; it then counts. Wrong tries are counted."""
    if habit.new_email is None or habit.code is None or habit.code_until is None or habit.code_until <= x.now:
        return False
    habit.code_tries += 1
    bare = "".join(c for c in code if c.isascii() and c.isdigit())
    if habit.code_tries > TRIES or not hmac.compare_digest(habit.code, _sealed(secret, habit, habit.new_email, bare)):
        if habit.code_tries >= TRIES:
            habit.code = None
        return False
    habit.email, habit.new_email, habit.code, habit.code_until = habit.new_email, None, None, None
    return True


def _sealed(secret: bytes, habit: Habit, address: str, code: str) -> str:
    return hmac.new(secret, f"notify:{habit.person_id}:{address}:{code}".encode(), hashlib.sha256).hexdigest()
