"""Commands about people and how they prove who they are: ``dougong user …``, ``dougong token …``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from ..words import Lazy, translator
from .base import Failed, Group, Wrong, as_json, of_tenant, of_user, option, secret_line, show, show_rows
from .place import Place, find_person, find_role, find_site

if TYPE_CHECKING:
    from ..access.desk import Desk
    from ..access.tables import Person

_ = translator("dougong")

user = Group("user", words=_("People of a company."))
token = Group("token", words=_("Access tokens, for programs."))

YEAR = 366  # days; the longest life of a token


@user.command("list", words=_("The people of a company, with their posts."))
@of_tenant
@as_json
def list_users(tenant: str, as_json: bool) -> None:
    with Place() as place, place.desk(tenant) as desk:
        snapshot = desk.gate.snapshot
        rows = [
            {
                "username": person.username,
                "name": person.name,
                "status": person.status,
                "roles": [
                    f"{grant.role}@{snapshot.sites.node(grant.site).slug}" for grant in snapshot.grants_of(person.id)
                ],
                "id": str(person.id),
            }
            for person in sorted(snapshot.people.values(), key=lambda each: each.id)
        ]
    shown = (("username", _("User name")), ("name", _("Name")), ("status", _("Status")), ("roles", _("Posts")))
    show_rows(
        rows,
        shown,
        as_json,
        none=_("Nobody yet. Add somebody: dougong user create --tenant {tenant}").format(tenant=tenant),
    )


@user.command(
    "create",
    words=_(
        "Add a person.\n\nWithout --password an invitation is made: its secret is printed as the last word and opens "
        "/invite/SECRET once."
    ),
)
@of_tenant
@of_user
@option("--name", words=_("The name that others see (else the user name)."))
@option("--email", words=_("E-mail address."))
@option("--phone", words=_("Telephone number."))
@option("--role", "roles", multiple=True, metavar="ROLE[@SITE]", words=_("A post, at a site or for the whole company."))
@option("--password", "with_password", is_flag=True, words=_("Set a password: asked for, or a line of standard input."))
@as_json
def create(
    tenant: str,
    user: str,
    name: str | None,
    email: str | None,
    phone: str | None,
    roles: tuple[str, ...],
    with_password: bool,
    as_json: bool,
) -> None:
    from ..access import manage

    password = secret_line() if with_password else None
    with Place() as place, place.desk(tenant) as desk:
        made = manage.create_person(desk, username=user, name=name or user, email=email, phone=phone)
        desk = _again(desk)
        for given in roles:
            slug, _at, site = given.partition("@")
            manage.grant(desk, made.id, find_role(desk, slug).id, find_site(desk, site or None))
        if password is not None:
            _set(desk, made, password)
        secret = None if password is not None else manage.invite_person(desk, made.id)
        data = {"id": str(made.id), "username": made.username, "name": made.name, "status": made.status}
    if secret is None:
        show(data, _("{user} may sign in now.").format(user=made.username), as_json)
    else:
        said = _("{user} is invited for 7 days: /invite/ and this secret: {secret}")
        show({**data, "invitation": secret}, said.format(user=made.username, secret=secret), as_json)


def _again(desk: Desk) -> Desk:
    """By what the transaction has made so far."""
    from .place import desk_in

    return desk_in(desk.session, desk.gate.snapshot.tenant, desk.registry)


def _set(desk: Desk, person: Person, password: str) -> None:
    from ..access.invitations import INVITED
    from ..access.people import ACTIVE
    from ..access.signin import set_password

    set_password(desk.session, person, password, now=desk.now)
    if person.status == INVITED:
        person.status = ACTIVE
    desk.note("core.person", person.id, "password", {})


@user.command(
    "password",
    words=_(
        "Give a person a new password; their sessions end.\n\nIt is asked for, or read as a line of standard input. "
        "--link makes a link instead, by which the person chooses one."
    ),
)
@of_tenant
@of_user
@option("--link", is_flag=True, words=_("Print the secret of a link /invite/SECRET instead, as the last word."))
@as_json
def password(tenant: str, user: str, link: bool, as_json: bool) -> None:
    from ..access import manage

    given = None if link else secret_line()
    with Place() as place, place.desk(tenant) as desk:
        found = find_person(desk, user)
        data = {"username": found.username, "name": found.name}
        if given is None:
            secret = manage.invite_person(desk, found.id)
            said: Lazy = _("{user} may choose a password: /invite/ and this secret: {secret}").format(
                user=found.username, secret=secret
            )
            data["invitation"] = secret
        else:
            if found.status == "disabled":
                raise Failed(_("{user} is disabled. Enable first: dougong user enable").format(user=found.username))
            _set(desk, found, given)
            said = _("{user} has a new password.").format(user=found.username)
    show(data, said, as_json)


@user.command("disable", words=_("From now on the person may do nothing; their posts stay for the day they return."))
@of_tenant
@of_user
@as_json
def disable(tenant: str, user: str, as_json: bool) -> None:
    from ..access import manage

    with Place() as place, place.desk(tenant) as desk:
        found = manage.disable_person(desk, find_person(desk, user).id)
        data = {"username": found.username, "status": found.status}
    show(data, _("{user} is disabled.").format(user=data["username"]), as_json)


@user.command("enable", words=_("Let a disabled person in again."))
@of_tenant
@of_user
@as_json
def enable(tenant: str, user: str, as_json: bool) -> None:
    from ..access import manage

    with Place() as place, place.desk(tenant) as desk:
        found = manage.enable_person(desk, find_person(desk, user).id)
        data = {"username": found.username, "status": found.status}
    show(data, _("{user} is enabled.").format(user=data["username"]), as_json)


@token.command(
    "create",
    words=_("A bearer token for a program. It is shown this once, as the last word, and may what the person may."),
)
@of_tenant
@of_user
@option("--days", type=click.IntRange(1, YEAR), default=30, show_default=True, words=_("Days until it ends."))
@option(
    "--scope", multiple=True, metavar="PERMISSION", words=_("Only this, as complaints.*; several times for several.")
)
@option("--name", default="dougong", words=_("What it is for, in the person's list of tokens."))
@as_json
def create_token(tenant: str, user: str, days: int, scope: tuple[str, ...], name: str, as_json: bool) -> None:
    from ..access.people import ACTIVE
    from ..access.tokens import token_create

    with Place() as place, place.desk(tenant) as desk:
        person = find_person(desk, user)
        if person.status != ACTIVE:
            raise Failed(
                _("{user} is not active and could not use a token. First: dougong user password").format(
                    user=person.username
                )
            )
        ends = desk.now + dt.timedelta(days=days)
        made = token_create(
            desk.session,
            person.id,
            name=name,
            scope=scope or ("*",),
            ends=ends,
            now=desk.now,
            permissions=desk.registry.permissions,
        )
        desk.note("core.person", person.id, "token", {"token": (None, name)})
        data = {"token": made, "username": person.username, "scope": list(scope or ("*",)), "ends": ends.isoformat()}
    show(
        data,
        _("Token of {user} until {day}: {token}").format(user=data["username"], day=f"{ends:%Y-%m-%d}", token=made),
        as_json,
    )


@token.command("list", words=_("A person's tokens, without their secrets."))
@of_tenant
@of_user
@as_json
def list_tokens(tenant: str, user: str, as_json: bool) -> None:
    from ..access.tokens import tokens_of

    with Place() as place, place.desk(tenant) as desk:
        person = find_person(desk, user)
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "username": person.username,
                "scope": list(one.scope),
                "ends": one.expires_at.isoformat(timespec="minutes"),
                "revoked": one.revoked_at is not None,
            }
            for one in tokens_of(desk.session, person.id)
        ]
    columns = (
        ("id", _("Id")),
        ("name", _("Name")),
        ("scope", _("May")),
        ("ends", _("Ends")),
        ("revoked", _("Revoked")),
    )
    show_rows(rows, columns, as_json, none=_("No tokens."))


@token.command("revoke", words=_("End a token at once."))
@of_tenant
@option("--id", "token_id", required=True, words=_("Its id, or the beginning of it; see “dougong token list”."))
@as_json
def revoke_token(tenant: str, token_id: str, as_json: bool) -> None:
    import sqlalchemy as sa

    from ..access.tables import Token
    from ..access.tokens import token_revoke

    if len(token_id) < 8:
        raise Wrong(_("Give at least 8 characters of the id."))
    with Place() as place, place.desk(tenant) as desk:
        found = desk.session.scalars(sa.select(Token).where(Token.id.startswith(token_id, autoescape=True))).all()
        if len(found) != 1:
            raise Failed(_("There is no such token. See: dougong token list"))
        token_revoke(desk.session, found[0].id, now=desk.now)
        desk.note("core.person", found[0].person_id, "token ended", {"token": (found[0].name, None)})
        data = {"id": found[0].id, "revoked": True}
    show(data, _("The token is revoked."), as_json)


COMMANDS = (user, token)
