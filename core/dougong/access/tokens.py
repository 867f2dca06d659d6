"""Bearer tokens: made, listed and revoked. Each has a scope and an end; it may never do more than its person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from ..errors import FieldError, Invalid, NotFound
from ..words import translator
from .roles import expand
from .secret import fingerprint, new_secret
from .tables import Token

_ = translator("dougong")

PREFIX = "dgt_"
LONGEST = dt.timedelta(days=366)
NAME_MOST = 100  # characters


def token_create(
    session: orm.Session,
    person_id: UUID,
    *,
    name: str,
    scope: Sequence[str],
    ends: dt.datetime,
    now: dt.datetime,
    permissions: Collection[str],
) -> str:
    """A new token, shown this once.

    :param scope: permissions, a trailing ``*`` takes in all that begin so; it narrows what the person may.
    :param ends: at most a year ahead.
    :param permissions: all declared ones, against which the scope is checked.
    :raises Invalid: one entry per input that is wrong.
    """
    wrong: list[FieldError] = []
    name = name.strip()
    if not name or len(name) > NAME_MOST or "\0" in name:
        wrong.append(FieldError("name", _("Give it a name of at most {n} characters.").format(n=NAME_MOST)))
    if ends <= now or ends > now + LONGEST:
        wrong.append(FieldError("ends", _("The end lies ahead, at most a year.")))
    if not scope:
        wrong.append(FieldError("scope", _("Say what the token may be used for.")))
    for index, pattern in enumerate(scope):
        if not expand([pattern], permissions) & frozenset(permissions):
            wrong.append(FieldError(f"scope.{index}", _("There is no permission {name}.").format(name=pattern[:100])))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    secret = PREFIX + new_secret()
    session.add(
        Token(
            id=fingerprint(secret),
            person_id=person_id,
            name=name,
            scope=list(dict.fromkeys(scope)),
            created_at=now,
            expires_at=ends,
        )
    )
    session.flush()
    return secret


def tokens_of(session: orm.Session, person_id: UUID) -> list[Token]:
    """A person's tokens, revoked and ended ones too, the newest first."""
    query = sa.select(Token).where(Token.person_id == person_id).order_by(Token.created_at.desc(), Token.id)
    return list(session.scalars(query))


def token_revoke(session: orm.Session, token_id: str, *, now: dt.datetime, person_id: UUID | None = None) -> None:
    """End a token; it fails at the next request of every process.

    :param person_id: only a token of this person.
    :raises NotFound: no such token, or another person's.
    """
    statement = sa.update(Token).where(Token.id == token_id, Token.revoked_at.is_(None)).values(revoked_at=now)
    if person_id is not None:
        statement = statement.where(Token.person_id == person_id)
    if not session.scalars(statement.returning(Token.id)).all():
        raise NotFound(_("There is no such token."))
