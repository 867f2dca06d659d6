"""One-time links: the invitation of a new person and the reset of a password. Whoever hands over the link is not its matter."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from ..errors import Conflict, NotFound
from ..words import translator
from . import passwords
from .people import ACTIVE
from .secret import fingerprint, new_secret
from .signin import set_password
from .tables import Invitation, Person

_ = translator("dougong")

LASTS = {"invite": dt.timedelta(days=7), "reset": dt.timedelta(hours=24)}
INVITED, DISABLED = "invited", "disabled"


def invite(session: orm.Session, person_id: UUID, *, now: dt.datetime, purpose: str = "invite") -> str:
    """The secret of a link to ``/invite/<secret>``; earlier links of the person are void.

    :param purpose: ``invite`` (7 days) or ``reset`` (24 hours; the old password holds until it is used).
    :raises NotFound: no such person. :raises Conflict: the person is disabled.
    """
    person = session.scalar(sa.select(Person).where(Person.id == person_id))
    if person is None:
        raise NotFound(_("There is no such person."))
    if person.status == DISABLED:
        raise Conflict(_("This person is disabled. Activate them first."))
    session.execute(
        sa.update(Invitation).where(Invitation.person_id == person_id, Invitation.used_at.is_(None)).values(used_at=now)
    )
    secret = new_secret()
    session.add(
        Invitation(id=fingerprint(secret), person_id=person_id, purpose=purpose, expires_at=now + LASTS[purpose])
    )
    session.flush()
    return secret


def pending(session: orm.Session, secret: str, *, now: dt.datetime) -> Person:
    """Whom a link is for, to greet them by name. Does not use it up.

    :raises NotFound: unknown, used or too old: which of them is not said.
    """
    query = sa.select(Person).join(
        Invitation, sa.and_(Invitation.tenant_id == Person.tenant_id, Invitation.person_id == Person.id)
    )
    person = session.scalar(query.where(*_usable(secret, now), Person.status != DISABLED))
    if person is None:
        raise NotFound(_("This link has been used or is too old. Ask for a new one."))
    return person


def accept(session: orm.Session, secret: str, password: str, *, now: dt.datetime) -> Person:
    """Set the password, use up the link, end the person's sessions; an invited person is active from here on.

    :raises NotFound: the link opens nothing (any more). :raises Invalid: the password is not good enough; the link stays.
    """
    person = pending(session, secret, now=now)
    passwords.check(password, person.username)
    used = sa.update(Invitation).where(*_usable(secret, now)).values(used_at=now).returning(Invitation.id)
    if not session.scalars(used).all():  # two at once: the first has it
        raise NotFound(_("This link has been used or is too old. Ask for a new one."))
    if person.status == INVITED:
        person.status = ACTIVE
    set_password(session, person, password, now=now)
    return person


def _usable(secret: str, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Invitation.id == fingerprint(secret), Invitation.used_at.is_(None), Invitation.expires_at > now
