"""Signing in and out with a password: throttled, in equal time for known and unknown names, a fresh session each time.

Synchronous services on a company's transaction; web and command line call them in a thread. A refused sign-in commits
what it counted before it raises: the transaction is over then.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from ..errors import FieldError, Invalid, TooMany, Unauthorized
from ..words import translator
from . import passwords
from .people import ACTIVE
from .secret import fingerprint, new_secret, normal_username
from .tables import Attempt, Credential, Invitation, Person, Session

_ = translator("dougong")

WINDOW = dt.timedelta(minutes=15)
PER_NAME, PER_ADDRESS = 5, 30  # failures within the window
IDLE = dt.timedelta(hours=12)  # without a request
ABSOLUTE = dt.timedelta(days=14)  # however busy
SEEN_EVERY = dt.timedelta(minutes=5)  # how exactly "last seen" is kept


def sign_in(
    session: orm.Session,
    username: str,
    password: str,
    *,
    address: str,
    agent: str,
    now: dt.datetime,
    allow_demo: bool = False,
    replaces: str | None = None,
) -> tuple[str, Session]:
    """A new session for a name and password.

    :param address: the client's; an IPv6 address counts with its /64.
    :param allow_demo: whether the published passwords of the demo open anything here.
    :param replaces: id of a session of this browser that ends with it.
    :return: the cookie's value, which is stored nowhere, and the session.
    :raises Unauthorized: wrong, without saying which of the two. :raises TooMany: throttled.
    """
    name = normal_username(username)[:200].replace("\0", "")
    keys = _throttle(session, name, address, now)
    sweep(session, now)  # whoever comes in sweeps up, so that nothing that has ended is kept for ever
    person, credential = _credential(session, name)
    usable = credential if person is not None and (allow_demo or (credential and not credential.demo)) else None
    right, renewed = passwords.verify(password, usable.password_hash if usable else None)
    if not right or person is None or usable is None or person.status != ACTIVE:
        session.add_all([Attempt(key=key, at=now) for key in keys])
        session.commit()
        raise Unauthorized(_("User name or password is wrong."))
    session.execute(sa.delete(Attempt).where(Attempt.key == keys[0]))
    if renewed:
        usable.password_hash = renewed
    if replaces:
        sign_out(session, replaces)
    return start(session, person.id, agent=agent, now=now)


def start(session: orm.Session, person_id: UUID, *, agent: str, now: dt.datetime) -> tuple[str, Session]:
    """A session for somebody who has just proved who they are."""
    cookie = new_secret()
    begun = Session(
        id=fingerprint(cookie),
        person_id=person_id,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE,
        agent=agent.replace("\0", "")[:300] or None,
    )
    session.add(begun)
    session.flush()
    return cookie, begun


def sign_out(session: orm.Session, session_id: str) -> None:
    """End one session; unknown ones are ended already. Other processes refuse it from their next request on."""
    session.execute(sa.delete(Session).where(Session.id == session_id))


def sign_out_everywhere(session: orm.Session, person_id: UUID, *, keep: str | None = None) -> int:
    """End all sessions of a person but ``keep``; how many there were."""
    ended = sa.delete(Session).where(Session.person_id == person_id)
    if keep is not None:
        ended = ended.where(Session.id != keep)
    return len(session.scalars(ended.returning(Session.id)).all())


def change_password(
    session: orm.Session,
    person_id: UUID,
    old: str,
    new: str,
    *,
    address: str,
    now: dt.datetime,
    keep: str | None = None,
) -> None:
    """Change one's own password; every other session of the person ends.

    :param keep: the session in which it is changed.
    :raises Invalid: the old one is wrong, or the new one not good enough. :raises TooMany: throttled like signing in.
    """
    person = session.get_one(Person, (_tenant(session), person_id))
    passwords.check(new, person.username, path="new")
    keys = _throttle(session, person.username, address, now)
    _person, credential = _credential(session, person.username)
    right, _renewed = passwords.verify(old, credential.password_hash if credential else None)
    if not right:
        session.add_all([Attempt(key=key, at=now) for key in keys])
        session.commit()
        raise Invalid(errors=(FieldError("old", _("This is not your present password.")),))
    if old == new:
        raise Invalid(errors=(FieldError("new", _("This is your present password already.")),))
    set_password(session, person, new, now=now, keep=keep)


def set_password(
    session: orm.Session,
    person: Person,
    password: str,
    *,
    now: dt.datetime,
    demo: bool = False,
    keep: str | None = None,
    hashed: str | None = None,
) -> None:
    """Store a password, end the person's other sessions and open links, and lift the throttle of the name.

    :param demo: a published password, which ``dougong serve`` refuses.
    :param hashed: the hash, where the caller has it (many people with one password).
    :raises Invalid: not good enough; demo passwords are not checked.
    """
    if not demo:
        passwords.check(password, person.username)
    key = (person.tenant_id, person.id)
    row = session.get(Credential, key) or Credential(tenant_id=person.tenant_id, person_id=person.id)
    row.password_hash, row.demo, row.changed_at = hashed or passwords.hash_password(password), demo, now
    session.add(row)
    session.flush()
    sign_out_everywhere(session, person.id, keep=keep)
    session.execute(
        sa.update(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None)).values(used_at=now)
    )
    session.execute(sa.delete(Attempt).where(Attempt.key == _name_key(person.username)))


def touch(session: orm.Session, session_id: str, now: dt.datetime) -> None:
    """Note that a session was used; called when ``sessions.SessionView.due`` says so."""
    session.execute(sa.update(Session).where(Session.id == session_id, Session.seen_at < now).values(seen_at=now))


def sweep(session: orm.Session, now: dt.datetime, *, idle: dt.timedelta = IDLE) -> None:
    """Delete ended sessions, old failures and links that no longer open anything."""
    session.execute(sa.delete(Session).where(sa.or_(Session.expires_at <= now, Session.seen_at <= now - idle)))
    session.execute(sa.delete(Attempt).where(Attempt.at <= now - WINDOW))
    session.execute(sa.delete(Invitation).where(Invitation.expires_at <= now - dt.timedelta(days=30)))


def _tenant(session: orm.Session) -> UUID:
    bound: UUID = session.info["bound"].tenant
    return bound


def _credential(session: orm.Session, name: str) -> tuple[Person | None, Credential | None]:
    query = (
        sa.select(Person, Credential)
        .outerjoin(Credential, sa.and_(Credential.tenant_id == Person.tenant_id, Credential.person_id == Person.id))
        .where(Person.username == name)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def _throttle(session: orm.Session, name: str, address: str, now: dt.datetime) -> tuple[str, str]:
    """The keys under which a failure counts.

    :raises TooMany: too many failures under one of them, or another attempt at this name is running: attempts at
        one name do not overlap, or many at once would all pass before the first is counted.
    """
    keys = _name_key(name), fingerprint(f"address:{_network(address)}")
    lock = int.from_bytes(bytes.fromhex(keys[0])[:8], "big", signed=True) ^ (_tenant(session).int & (2**62 - 1))
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(sa.cast(lock, sa.BigInteger)))):
        raise TooMany(_("Somebody is signing in with this name at this moment. Please try again."))
    query = sa.select(Attempt.key, sa.func.count()).where(Attempt.key.in_(keys), Attempt.at > now - WINDOW)
    failed = {row[0]: row[1] for row in session.execute(query.group_by(Attempt.key))}
    if failed.get(keys[0], 0) >= PER_NAME or failed.get(keys[1], 0) >= PER_ADDRESS:
        raise TooMany(_("Too many failed attempts. Please wait a quarter of an hour, or ask for a new password."))
    return keys


def _name_key(name: str) -> str:
    return fingerprint(f"name:{name}")


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address  # a unix socket has none
    return str(known) if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))
