"""A repeated request is done once: ``Idempotency-Key`` for creates of every kind, kept for a day for each person.

The answer is kept in the transaction that did the work, so that a request whose answer got lost is answered again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..errors import BadRequest, FieldError, Invalid
from ..records.tables import Reply
from ..tenancy.stored import new_id
from ..words import translator

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")
T = TypeVar("T")

KEY_LENGTH = 200
KEPT = dt.timedelta(days=1)  # then a key may be used anew
OTHER_CONTENT = _("This Idempotency-Key was used before with other content. Take a new key for a new request.")
_KIND = "core.answer"  # of an entry that keeps an answer, not a record
_REPLIES: sa.Table = Reply.__table__  # type: ignore[assignment]


def key_of(asked: Asked) -> str | None:
    """The request's ``Idempotency-Key``. :raises BadRequest: it is not possible."""
    raw = asked.headers.get(b"idempotency-key")
    if raw is None:
        return None
    key = raw.decode("latin-1").strip()
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise BadRequest(_("Idempotency-Key must be 1 to {most} printable characters.").format(most=KEY_LENGTH))
    return key


def once(asked: Asked, session: Session, body: Any, make: Callable[[], T], *, form: str = "") -> T:
    """Do what a request asks for; a repetition with the same ``Idempotency-Key`` gets the first answer again.

    For API addresses of plugins that create something, within the transaction of the request::

        return await write(asked, lambda session: once(asked, session, body, lambda: make(session)))

    :param body: what was sent, as JSON has it. :param make: does the work; what it returns must be fit for JSON.
    :param form: of a page: what its form carries hidden, another each time it is shown. Sent twice with the same content it is
        done once; sent again with other content it is another request.
    :raises Invalid: the key was used for another request or with another body. :raises BadRequest: the key is not possible.
    """
    content = msgspec.json.encode([asked.method, asked.path, body], order="deterministic", enc_hook=str)
    digest = hashlib.sha256(content).hexdigest()
    key = key_of(asked) or (f"page:{form[:64]}:{digest}" if form else None)
    if key is None or asked.person is None:
        return make()
    entry = Key(session, asked.snapshot.tenant, asked.person.id, key, asked.now)
    had = entry.take(_KIND, digest)
    if had is not None:
        found: T = had["answer"]
        return found
    made = make()
    entry.note(answer=msgspec.json.decode(msgspec.json.encode(made, enc_hook=str)))
    return made


class Key:
    """A person's key for one request, within the transaction that does the work.

    :param person: whose key it is; other people's are others, whatever they are called.
    """

    def __init__(self, session: Session, tenant: UUID, person: UUID, key: str, now: dt.datetime) -> None:
        self._session, self._now = session, now
        self._whose = [_REPLIES.c.tenant_id == tenant, _REPLIES.c.person_id == person]
        self._mine = {"tenant_id": tenant, "person_id": person, "key": key}

    def take(self, kind: str, digest: str) -> Mapping[str, Any] | None:
        """Take the key for this content; a concurrent request with the same key waits here for the first one's end.

        :param kind: of the record that is made, or what stands for an answer. :param digest: of what was sent.
        :returns: None: it is ours; else what was noted for it before. :raises Invalid: it was used with other content.
        """
        values = {"digest": digest, "record_kind": kind, "record_id": new_id(), "answer": None, "at": self._now}
        outlived = _REPLIES.c.at < self._now - KEPT
        claim = insert(_REPLIES).values(**self._mine, **values)
        again = claim.on_conflict_do_update(index_elements=[*self._mine], set_=values, where=outlived)
        if self._session.execute(again.returning(_REPLIES.c.key)).scalar() is not None:
            self._session.execute(sa.delete(_REPLIES).where(*self._whose, outlived))
            return None
        had = self._session.execute(sa.select(_REPLIES).where(*self._row())).mappings().one()
        if (had["digest"], had["record_kind"]) != (digest, kind):
            raise Invalid(OTHER_CONTENT, errors=(FieldError("Idempotency-Key", OTHER_CONTENT),))
        return dict(had)

    def note(self, **made: Any) -> None:
        """Keep what a repetition is to find: ``record_id`` or ``answer``."""
        self._session.execute(sa.update(_REPLIES).where(*self._row()).values(**made))

    def _row(self) -> list[sa.ColumnElement[bool]]:
        return [*self._whose, _REPLIES.c.key == self._mine["key"]]


__all__ = ["KEY_LENGTH", "Key", "key_of", "once"]
