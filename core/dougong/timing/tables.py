"""What is remembered of time: schedules with their occurrences, and the steps of clocks that were taken."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..instant import now
from ..records.tables import ClockStep
from ..tenancy.stored import Identified, reference
from ..tenancy.tables import Site
from ..words import translator

_ = translator("dougong")


class ScheduleRow(Identified, kind="core.schedule", label=_("Schedule"), indexes=[("name",)]):
    """A schedule of a company, or of one of its sites: what a module declares, as people have changed it.

    :ivar name: of the declaration. :ivar subject_id: the record that it belongs to, where the module makes schedules of its
        records; None for one that the declaration itself makes.
    :ivar rule: ``Rule`` as JSON. :ivar calendar: slug of a calendar; None: the site's own.
    :ivar window: minutes that the work may take from the nominal time on.
    :ivar grace: minutes after which a run that has not begun counts as missed.
    :ivar missed: ``skip``, ``once`` or ``each``. :ivar changed: people have changed it, so a new default leaves it alone.
    :ivar planned_to: everything up to here was dealt with; None: it rests, since its module is off or its site is closed.
    :ivar next_at: the next nominal time; None: there is none.
    """

    name: Mapped[str]
    site_id: Mapped[UUID | None] = reference(Site, default=None)
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    label_text: Mapped[str | None] = mapped_column(default=None)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    calendar: Mapped[str | None] = mapped_column(default=None)
    window: Mapped[int | None] = mapped_column(default=None)
    grace: Mapped[int] = mapped_column(default=60)
    missed: Mapped[str] = mapped_column(default="once")
    active: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[dt.date | None] = mapped_column(default=None)
    ends_on: Mapped[dt.date | None] = mapped_column(default=None)
    planned_to: Mapped[dt.datetime | None] = mapped_column(default=None)
    next_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    changed: Mapped[bool] = mapped_column(default=False)
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


# One for each declaration, site and record; ``NULLS NOT DISTINCT``: the company's own is one too.
sa.Index(
    "uq_schedule_name", ScheduleRow.tenant_id, ScheduleRow.name, ScheduleRow.site_id, ScheduleRow.subject_id,
    unique=True, postgresql_nulls_not_distinct=True,
)  # fmt: skip


class Occurrence(
    Identified,
    kind="core.occurrence",
    label=_("Occurrence"),
    unique=[("schedule_id", "nominal")],
    indexes=[("nominal",)],
):
    """One nominal time of a schedule, and what became of it. Unique, so that it has one effect however often it is tried.

    :ivar site_id, subject_id: of its schedule. :ivar nominal: the moment that the rule names. :ivar business_date: the day that
        it belongs to at the site: 03:00 in a night shift is still the day before.
    :ivar window_ends: until when the work is to be done, where the schedule has a window.
    :ivar state: ``waiting``, ``done``, ``failed``, ``missed`` (its time went by, it was not run) or ``skipped`` (by a person).
    """

    schedule_id: Mapped[UUID] = reference(ScheduleRow)
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    nominal: Mapped[dt.datetime]
    business_date: Mapped[dt.date]
    window_ends: Mapped[dt.datetime | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    finished_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    job_id: Mapped[int | None] = mapped_column(default=None)  # of the last try
    asked_by: Mapped[UUID | None] = mapped_column(default=None)  # who had it run again or at once, or skipped it

    @property
    def key(self) -> str:
        """The same at every try: the idempotency key for what leaves the database."""
        return f"core.occurrence:{self.id}"


__all__ = ["ClockStep", "Occurrence", "ScheduleRow"]
