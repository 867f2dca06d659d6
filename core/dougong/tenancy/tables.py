"""Where companies live: the tables outside tenants (schema ``platform``) and a company's own structure.

``PLATFORM`` is the fixed, audited list of tables that are read before or across tenants. Everything in
schema ``core`` is behind the tenant barrier. A change of a table marked as versioned raises the company's
version by trigger, so that every process drops its snapshot on the next request.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..words import translator
from .stored import NAMING, Identified, Stored, new_id, reference

_ = translator("dougong")

PLATFORM = sa.MetaData(schema="platform", naming_convention=NAMING)

tenants = sa.Table(
    "tenant",
    PLATFORM,
    sa.Column("id", sa.Uuid, primary_key=True, default=new_id),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="active"),
    sa.Column("cell", sa.Text, nullable=False, server_default="main"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint("status in ('active', 'suspended')", name="status"),
)
hosts = sa.Table(
    "host",
    PLATFORM,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenant.id", ondelete="CASCADE"), nullable=False, index=True),
)
versions = sa.Table(
    "tenant_version",
    PLATFORM,
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenant.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
)
# What is due, and when: one row a thing (a record with running clocks, a schedule), deleted when it becomes a job. A company
# sees its own rows only; the function that turns what is due into jobs is the owner's.
due = sa.Table(
    "due",
    PLATFORM,
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenant.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
# How far long work is, by the record that it is about: written apart from the work's own transaction, so that it is seen while
# that is open. Guarded as ``due`` is.
progress = sa.Table(
    "job_progress",
    PLATFORM,
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenant.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("about", sa.Uuid, primary_key=True),
    sa.Column("job_id", sa.BigInteger, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
# What an installation remembers of itself, by name. Migrating writes it, and the owner alone reads it.
notes = sa.Table(
    "note",
    PLATFORM,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


class Site(Identified, kind="core.site", label=_("Site"), unique=[("slug",)]):
    """A node of the company's tree, of which grants speak: company → region → project (or deeper)."""

    parent_id: Mapped[UUID | None] = reference("self", default=None)
    slug: Mapped[str]
    name: Mapped[str]
    type: Mapped[str] = mapped_column(default="project")  # company | region | project
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    position: Mapped[int] = mapped_column(default=0)
    households: Mapped[int | None] = mapped_column(default=None)
    active: Mapped[bool] = mapped_column(default=True)


class Location(Identified, kind="core.location", label=_("Location"), unique=[("site_id", "code")]):
    """A place inside a site: building, floor, room or point; households are counted here."""

    site_id: Mapped[UUID] = reference(Site)
    parent_id: Mapped[UUID | None] = reference("self", default=None)
    type: Mapped[str] = mapped_column(default="building")  # building | floor | room | point
    code: Mapped[str]
    name: Mapped[str]
    households: Mapped[int | None] = mapped_column(default=None)


class Module(Stored, kind="core.module", label=_("Module")):
    """Whether the company has switched a module on. No row means off."""

    name: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


class ModuleSite(Stored, kind="core.module_site", label=_("Module off at a site")):
    """An exception: an enabled module is off at this site and everything below it."""

    name: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Site})


class Setting(Stored, kind="core.setting", label=_("Setting")):
    """What a company changed of a module's settings; the rest stays at the declared default.

    Module ``core`` holds the company's own: brand colour, logo, default language, working hours.
    """

    module: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


VERSIONED = (Site, Module, ModuleSite, Setting)
