"""Who may do what, where and until when: people, roles, grants, and how people prove who they are."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ..instant import now
from ..tenancy.stored import Identified, Stored, reference
from ..tenancy.tables import Site
from ..words import translator

_ = translator("dougong")


class Person(Identified, kind="core.person", label=_("Person"), unique=[("username",)]):
    """Somebody who can be granted a role. Names of staff are posts in the demo."""

    username: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    locale: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(default="active")  # invited | active | disabled
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class Credential(Stored, kind="core.credential", label=_("Password")):
    """Apart from the person, so that signing in does not touch what policies are compiled from."""

    person_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Person})
    password_hash: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False)  # refused by `dougong serve`
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)


class Role(Identified, kind="core.role", label=_("Role"), unique=[("slug",)]):
    """A bundle of permissions. Declared roles get a row when a company is made; ``name`` overrides the declared label.

    ``level`` orders the line of command: a higher number stands above a lower one at the same site.
    """

    slug: Mapped[str]
    name: Mapped[str | None] = mapped_column(default=None)
    level: Mapped[int] = mapped_column(default=0)


class RolePermission(Stored, kind="core.role_permission", label=_("Permission of a role")):
    """A company's change to a role: a permission added to, or taken from, the declared defaults."""

    role_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Role})
    permission: Mapped[str] = mapped_column(primary_key=True)
    granted: Mapped[bool] = mapped_column(default=True)


class Grant(Identified, kind="core.grant", label=_("Grant"), indexes=[("person_id",)]):
    """Person × role × site subtree, from (inclusive), until (exclusive), narrowed by a relation or by none."""

    person_id: Mapped[UUID] = reference(Person)
    role_id: Mapped[UUID] = reference(Role)
    site_id: Mapped[UUID] = reference(Site)
    relation: Mapped[str | None] = mapped_column(default=None)
    starts_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    ends_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class Deputy(Identified, kind="core.deputy", label=_("Deputy")):
    """While ``person_id`` is away, ``deputy_id`` stands in their place in ``who`` and ``line``; it grants no rights."""

    person_id: Mapped[UUID] = reference(Person)
    deputy_id: Mapped[UUID] = reference(Person)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class Session(Stored, kind="core.session", label=_("Session"), indexes=[("person_id",)]):
    """A signed-in browser. ``id`` is the SHA-256 of the cookie's value, which is stored nowhere."""

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-9)
    person_id: Mapped[UUID] = reference(Person)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    expires_at: Mapped[dt.datetime]
    agent: Mapped[str | None] = mapped_column(default=None)


class Token(Stored, kind="core.token", label=_("Access token"), indexes=[("person_id",)]):
    """A bearer token. ``id`` is its SHA-256; ``scope`` lists permissions (``*`` at the end of one is a wildcard)."""

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-9)
    person_id: Mapped[UUID] = reference(Person)
    name: Mapped[str]
    scope: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class Invitation(Stored, kind="core.invitation", label=_("Invitation")):
    """A one-time link to set a password. ``id`` is the SHA-256 of the secret in the link."""

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-9)
    person_id: Mapped[UUID] = reference(Person)
    purpose: Mapped[str]  # invite | reset
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class Attempt(Identified, kind="core.attempt", label=_("Failed sign-in"), indexes=[("key", "at")]):
    """Failed sign-ins, for throttling across processes; ``key`` is a hash of user name or address."""

    key: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(default=now)


VERSIONED = (Person, Role, RolePermission, Grant, Deputy, Token)  # tokens: a revoked one ends on the next request
