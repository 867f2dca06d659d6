"""A repeated request is done once: ``Idempotency-Key`` for creates of every kind, kept for a day for each person.

The answer is kept in the transaction that did the work, so that a request whose answer got lost is answered again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..errors import BadRequest, FieldError, Invalid
from ..tenancy.stored import new_id
from ..words import translator
from .work import KEPT, KEY_LENGTH, OTHER_CONTENT, REPLIES

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")
T = TypeVar("T")

_KIND = "core.answer"  # of an entry that keeps an answer, not a record


def key_of(asked: Asked) -> str | None:
    """The request's ``Idempotency-Key``. :raises BadRequest: it is not possible."""
    raw = asked.headers.get(b"idempotency-key")
    if raw is None:
        return None
    key = raw.decode("latin-1").strip()
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise BadRequest(_("Idempotency-Key must be 1 to {most} printable characters.").format(most=KEY_LENGTH))
    return key


def once(asked: Asked, session: Session, body: Any, make: Callable[[], T]) -> T:
    """Do what a request asks for; a repetition with the same ``Idempotency-Key`` gets the first answer again.

    For API addresses of plugins that create something, within the transaction of the request::

        return await write(asked, lambda session: once(asked, session, body, lambda: make(session)))

    :param body: what was sent, as JSON has it. :param make: does the work; what it returns must be fit for JSON.
    :raises Invalid: the key was used for another request or with another body. :raises BadRequest: the key is not possible.
    """
    key = key_of(asked)
    if key is None or asked.person is None:
        return make()
    content = msgspec.json.encode([asked.method, asked.path, body], order="deterministic", enc_hook=str)
    digest = hashlib.sha256(content).hexdigest()
    mine = {"tenant_id": asked.snapshot.tenant, "person_id": asked.person.id, "key": key}
    entry = {"digest": digest, "record_kind": _KIND, "record_id": new_id(), "answer": None, "at": asked.now}
    # A concurrent request with the same key waits here for the first one's end.
    claimed = session.execute(
        insert(REPLIES)
        .values(**mine, **entry)
        .on_conflict_do_update(index_elements=[*mine], set_=entry, where=REPLIES.c.at < asked.now - KEPT)
        .returning(REPLIES.c.key)
    ).scalar()
    row = [REPLIES.c[name] == value for name, value in mine.items()]
    if claimed is None:
        had = session.execute(sa.select(REPLIES.c.digest, REPLIES.c.record_kind, REPLIES.c.answer).where(*row)).one()
        if (had.digest, had.record_kind) != (digest, _KIND):
            raise repeated_otherwise()
        found: T = had.answer
        return found
    made = make()
    kept = msgspec.json.decode(msgspec.json.encode(made, enc_hook=str))
    session.execute(sa.update(REPLIES).where(*row).values(answer=kept))
    return made


def repeated_otherwise() -> Invalid:
    """The key stands for another request."""
    return Invalid(OTHER_CONTENT, errors=(FieldError("Idempotency-Key", OTHER_CONTENT),))


__all__ = ["key_of", "once", "repeated_otherwise"]
