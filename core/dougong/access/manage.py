"""Administration of people and grants. Each service checks, changes, and writes its history in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ..tenancy.tables import Site
from ..words import Lazy, translator
from .desk import Desk
from .invitations import DISABLED, INVITED, invite
from .people import ACTIVE
from .posts import ADMIN
from .secret import normal_username
from .signin import sign_out_everywhere
from .tables import Credential, Deputy, Grant, Person, Role

_ = translator("dougong")

_USERNAME = re.compile(r"[\w.@+-]{2,64}")
_PERSONAL = frozenset({"email", "phone"})
LENGTHS = {"name": 100, "email": 200, "phone": 40, "locale": 10, "relation": 60, "note": 300}  # characters


def person(desk: Desk, person_id: UUID) -> Person:
    """:raises NotFound: no such person."""
    found = desk.session.scalar(sa.select(Person).where(Person.id == person_id))
    if found is None:
        raise NotFound(_("There is no such person."))
    return found


def create_person(
    desk: Desk,
    *,
    username: str,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    locale: str | None = None,
) -> Person:
    """A person who may do nothing yet and cannot sign in: invite them, then give them roles.

    :raises Invalid: one entry per wrong input; a user name that is taken is one.
    """
    _need_people(desk)
    values: dict[str, Any] = {
        "name": name.strip(),
        "email": email or None,
        "phone": phone or None,
        "locale": locale or None,
    }
    plain = normal_username(username)
    wrong = _too_long(values)
    if not _USERNAME.fullmatch(plain):
        wrong.append(FieldError("username", _("2 to 64 letters, digits and . _ - @ +")))
    if not values["name"]:
        wrong.append(FieldError("name", _("Please fill this in.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    made = Person(username=plain, **values, status=INVITED, created_at=desk.now)
    try:
        with desk.session.begin_nested():
            desk.session.add(made)
    except IntegrityError:
        raise Invalid(errors=(FieldError("username", _("This user name is taken.")),)) from None
    changes = {k: (None, v) for k, v in {"username": plain, **values}.items() if v is not None}
    desk.note("core.person", made.id, "create", changes, personal=_PERSONAL, first=True)
    return made


def change_person(desk: Desk, person_id: UUID, **values: str | None) -> Person:
    """Change name, email, phone or locale; only what is given.

    :raises Invalid: too long or empty. :raises Forbidden: see ``Desk.need_above``.
    """
    _need_people(desk)
    found = person(desk, person_id)
    desk.need_above(person_id)
    unknown = values.keys() - {"name", "email", "phone", "locale"}
    if unknown:
        raise TypeError(f"not a changeable part of a person: {sorted(unknown)}")
    wrong = _too_long(values)
    if "name" in values and not (values["name"] or "").strip():
        wrong.append(FieldError("name", _("Please fill this in.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    new = {k: (v or "").strip() or None for k, v in values.items()}
    changes = {k: (getattr(found, k), v) for k, v in new.items() if getattr(found, k) != v}
    for key, (_before, after) in changes.items():
        setattr(found, key, after)
    if changes:
        desk.note("core.person", found.id, "edit", changes, personal=_PERSONAL)
    return found


def invite_person(desk: Desk, person_id: UUID) -> str:
    """The secret of a link that sets a password: an invitation, or a reset for who has one already.

    :raises Forbidden: whoever can reset a password can become that person, so see ``Desk.need_above``.
    """
    _need_people(desk)
    found = person(desk, person_id)
    desk.need_above(person_id)
    purpose = "invite" if found.status == INVITED else "reset"
    secret = invite(desk.session, person_id, now=desk.now, purpose=purpose)
    desk.note("core.person", found.id, purpose, {})
    return secret


def disable_person(desk: Desk, person_id: UUID) -> Person:
    """From the next request on the person may nothing; grants stay for the day they return.

    :raises Conflict: oneself, or the last administrator.
    """
    _need_people(desk)
    found = person(desk, person_id)
    desk.need_above(person_id)
    if found.id == desk.actor:
        raise Conflict(_("You cannot disable yourself."))
    _keep_an_admin(desk, without_person=person_id)
    if found.status != DISABLED:
        before, found.status = found.status, DISABLED
        sign_out_everywhere(desk.session, person_id)
        desk.note("core.person", found.id, "disable", {"status": (before, DISABLED)})
    return found


def enable_person(desk: Desk, person_id: UUID) -> Person:
    """Let a disabled person in again, with the grants that they still have."""
    _need_people(desk)
    found = person(desk, person_id)
    desk.need_above(person_id)
    if found.status == DISABLED:
        known = desk.session.scalar(sa.select(Credential.person_id).where(Credential.person_id == person_id))
        found.status = ACTIVE if known else INVITED
        desk.note("core.person", found.id, "enable", {"status": (DISABLED, found.status)})
    return found


def grant(
    desk: Desk,
    person_id: UUID,
    role_id: UUID,
    site_id: UUID,
    *,
    relation: str | None = None,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    note: str | None = None,
) -> Grant:
    """Give a role at a site and below.

    :param starts_at: inclusive; None: at once. :param ends_at: exclusive; None: open. Both aware.
    :param relation: limits it to records to which the person has this relation.
    :raises Invalid: unknown person, role or site, or an end that is not after the start.
    :raises Forbidden: not permitted at that site, or the role holds what the administrator does not.
    """
    wrong = _too_long({"relation": relation, "note": note})
    role = desk.session.scalar(sa.select(Role).where(Role.id == role_id))
    if role is None:
        wrong.append(FieldError("role_id", _("There is no such role.")))
    if desk.session.scalar(sa.select(Person.id).where(Person.id == person_id)) is None:
        wrong.append(FieldError("person_id", _("There is no such person.")))
    if desk.session.scalar(sa.select(Site.id).where(Site.id == site_id)) is None:
        wrong.append(FieldError("site_id", _("There is no such site.")))
    if ends_at is not None and ends_at <= max(starts_at or desk.now, desk.now):
        wrong.append(FieldError("ends_at", _("The end must lie after the start and ahead of now.")))
    if wrong or role is None:
        raise Invalid(errors=tuple(wrong))
    desk.need("core.grants.edit", site_id)
    if not desk.may_give(role.slug, site_id):
        raise Forbidden(_("This role may do more than you may yourself at that site, so you cannot give it."))
    made = Grant(
        person_id=person_id,
        role_id=role_id,
        site_id=site_id,
        relation=relation or None,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note or None,
        created_by=desk.actor,
        created_at=desk.now,
    )
    desk.session.add(made)
    desk.session.flush()
    desk.note("core.grant", made.id, "create", {k: (None, v) for k, v in _said(made, role).items()}, first=True)
    return made


def revoke(desk: Desk, grant_id: UUID) -> None:
    """Take a grant away at once. Its history stays.

    :raises NotFound: no such grant, or at a site where the administrator sees none.
    :raises Conflict: it is the last administrator's.
    """
    found = desk.session.scalar(sa.select(Grant).where(Grant.id == grant_id))
    if found is None or not desk.gate.may("core.grants.edit", desk.judged_at(found.site_id)):
        raise NotFound(_("There is no such grant."))
    role = desk.session.scalars(sa.select(Role).where(Role.id == found.role_id)).one()
    if not desk.may_give(role.slug, found.site_id):
        raise Forbidden(_("This role may do more than you may yourself at that site, so you cannot take it away."))
    if role.slug == ADMIN:
        _keep_an_admin(desk, without_grant=grant_id)
    desk.note("core.grant", found.id, "revoke", {k: (v, None) for k, v in _said(found, role).items()})
    desk.session.delete(found)
    desk.session.flush()


def appoint_deputy(
    desk: Desk, person_id: UUID, deputy_id: UUID, *, starts_at: dt.datetime, ends_at: dt.datetime
) -> Deputy:
    """While the person is away, ``who`` and ``line`` name the deputy instead. It gives no rights.

    One's own deputy needs no permission. :raises Invalid: the same person, unknown, or an end not after the start.
    """
    away, deputy = person(desk, person_id), person(desk, deputy_id)
    if person_id != desk.actor:
        _need_people(desk)
        desk.need_above(person_id)
    wrong: list[FieldError] = []
    if deputy_id == person_id or deputy.status != ACTIVE:
        wrong.append(FieldError("deputy_id", _("Choose another active person.")))
    if ends_at <= max(starts_at, desk.now):
        wrong.append(FieldError("ends_at", _("The end must lie after the start and ahead of now.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    made = Deputy(person_id=away.id, deputy_id=deputy.id, starts_at=starts_at, ends_at=ends_at)
    desk.session.add(made)
    desk.session.flush()
    said = {"deputy": deputy.id, "from": starts_at, "until": ends_at}
    desk.note("core.person", away.id, "deputy", {k: (None, v) for k, v in said.items()})
    return made


def dismiss_deputy(desk: Desk, deputy_id: UUID) -> None:
    """The person is back. :raises NotFound: no such deputyship."""
    found = desk.session.scalar(sa.select(Deputy).where(Deputy.id == deputy_id))
    if found is None:
        raise NotFound(_("There is no such deputy."))
    if found.person_id != desk.actor:
        _need_people(desk)
        desk.need_above(found.person_id)
    desk.note("core.person", found.person_id, "deputy ended", {"deputy": (found.deputy_id, None)})
    desk.session.delete(found)
    desk.session.flush()


def _said(grant: Grant, role: Role) -> dict[str, Any]:
    values = {
        "person": grant.person_id,
        "role": role.slug,
        "site": grant.site_id,
        "relation": grant.relation,
        "from": grant.starts_at,
        "until": grant.ends_at,
        "note": grant.note,
    }
    return {k: v for k, v in values.items() if v is not None}


def _need_people(desk: Desk) -> None:
    """People belong to no site: whoever may edit people somewhere may, within ``Desk.need_above``."""
    if not desk.gate.may("core.people.edit", None):
        desk.need("core.people.edit", None)


def _keep_an_admin(desk: Desk, *, without_person: UUID | None = None, without_grant: UUID | None = None) -> None:
    """:raises Conflict: nobody would be left to administer the whole company. The system may."""
    if desk.gate.system:
        return
    holders = (
        sa.select(Grant.id, Grant.person_id)
        .join(Role, sa.and_(Role.tenant_id == Grant.tenant_id, Role.id == Grant.role_id))
        .join(Person, sa.and_(Person.tenant_id == Grant.tenant_id, Person.id == Grant.person_id))
        .where(
            Role.slug == ADMIN,
            Grant.site_id == desk.root,
            Grant.relation.is_(None),
            Grant.ends_at.is_(None),
            sa.or_(Grant.starts_at.is_(None), Grant.starts_at <= desk.now),
            Person.status == ACTIVE,
        )
        # Two administrators who remove each other at once: the second waits, and sees what became of the first.
        .with_for_update(of=(Grant, Person))
    )
    rows = desk.session.execute(holders).all()
    gone = [r for r in rows if without_grant == r.id or without_person == r.person_id]
    if gone and len(gone) == len(rows):
        raise Conflict(_("This is the last administrator. Give somebody else the role first."))


def _too_long(values: dict[str, Any] | dict[str, str | None]) -> list[FieldError]:
    wrong: list[FieldError] = []
    for key, value in values.items():
        message: Lazy | None = None
        if value is not None and len(value) > LENGTHS[key]:
            message = _("At most {n} characters.").format(n=LENGTHS[key])
        elif value is not None and "\0" in value:
            message = _("Contains a character that cannot be stored.")
        if message:
            wrong.append(FieldError(key, message))
    return wrong
