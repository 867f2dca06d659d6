"""Administration of a company's calendars: what a change of them must not do, what it sets going, and single changes.

They lie in the company's own settings, so that history, versions and the company's file come with them; every way of
changing those goes through ``configure.change_settings``, which asks here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import BaseModel

from ..errors import Conflict, FieldError, Invalid, NotFound
from ..scheduling.calendars import YEARS, Calendar
from ..scheduling.held import calendar_for
from ..tenancy import dues
from ..tenancy.hours import DEFAULT, RESERVED, CalendarUse, CoreCalendar, NamedCalendar
from ..tenancy.settings import CoreSettings
from ..words import Lazy, translator
from .roles import CORE

if TYPE_CHECKING:
    from .desk import Desk

_ = translator("dougong")

FIELDS = ("calendar", "calendars", "calendar_uses")
KIND = "core.calendar"  # of the due row from which clocks and schedules are computed anew
_SLUG = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LONGEST_GAP = 366  # days without work, beyond which no due time makes sense
_NO_SITE, _NO_POST = _("There is no such site."), _("There is no such post.")
_NO_CALENDAR = _("There is no such calendar.")
_schedule = sa.table("schedule", sa.column("calendar", sa.Text), schema="core")  # timing's, which stands above


def check(desk: Desk, before: BaseModel, after: BaseModel) -> None:
    """What the shape of the company's own settings cannot say; those of modules have no calendars.

    :raises Invalid: a use of a calendar, site or post that is not there; a calendar by which nobody works for over a year.
    :raises Conflict: a calendar is taken away by which a schedule goes.
    """
    if not (isinstance(before, CoreSettings) and isinstance(after, CoreSettings)):
        return
    wrong = _wrong_uses(desk, after)
    for path, slug, changed in _changed(before, after):
        if changed and (since := idle(calendar_for(after, "UTC", slug))) is not None:
            wrong.append(FieldError(path, _IDLE.format(day=since)))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    gone = sorted(before.calendars.keys() - after.calendars.keys())
    going = sa.select(_schedule.c.calendar).where(_schedule.c.calendar.in_(gone)).limit(1)
    if gone and (used := desk.session.scalar(going)):
        raise Conflict(_("A schedule goes by the calendar “{name}”.").format(name=before.calendars[used].name))


_IDLE = _("From {day} on nobody works for more than a year: no due time can be computed.")


def _wrong_uses(desk: Desk, after: CoreSettings) -> list[FieldError]:
    snapshot, wrong = desk.gate.snapshot, []
    for number, use in enumerate(after.calendar_uses):
        asked: tuple[tuple[str, bool, Lazy], ...] = (
            ("calendar", use.calendar in after.calendars, _NO_CALENDAR),
            ("site", use.site is None or use.site in snapshot.sites.by_slug, _NO_SITE),
            ("post", use.post is None or use.post in snapshot.roles, _NO_POST),
        )
        wrong += [FieldError(f"calendar_uses.{number}.{name}", words) for name, good, words in asked if not good]
    return wrong


def _changed(before: CoreSettings, after: CoreSettings) -> list[tuple[str, str, bool]]:
    """(path of its days off, slug, whether it must be looked at) of every calendar; all follow the company's own days."""
    own = before.calendar != after.calendar
    found = [("calendar.days_off", DEFAULT, own)]
    for slug, one in after.calendars.items():
        found.append((f"calendars.{slug}.days_off", slug, own or before.calendars.get(slug) != one))
    return found


def idle(calendar: Calendar) -> dt.date | None:
    """The first day of more than a year without any work; None: there is no such stretch.

    Only runs of the calendar's own days off can make one, so only what follows each of them is looked at.
    """
    seen = dt.date.min
    for first in sorted(day for day in calendar.off if day.year in YEARS):
        if first <= seen:
            continue
        for ahead in range(_LONGEST_GAP + 1):
            seen = first + dt.timedelta(days=ahead)
            if seen.year not in YEARS or calendar.hours(seen):
                break
        else:
            return first
    return None


def settled(desk: Desk, module: str, changes: Mapping[str, object]) -> None:
    """Settings of a module were changed. :param changes: by field."""
    if module == CORE and any(name.partition(".")[0] in FIELDS for name in changes):
        moved(desk)


def moved(desk: Desk) -> None:
    """Calendars, or what they hang on, have changed: what counts by them is computed anew after this transaction."""
    tenant = desk.gate.snapshot.tenant
    dues.put_sooner(desk.session, tenant, KIND, tenant, desk.now)


# ---- single changes ---------------------------------------------------------------------------------


def put_calendar(desk: Desk, slug: str, calendar: CoreCalendar, *, new: bool = False) -> None:
    """Make or replace a calendar; ``default`` is the company's own.

    :param new: it must not be there yet.
    :raises Invalid: the short name is taken or malformed; see ``check``. :raises NotFound: there is none to replace.
    """
    held = _held(desk)
    if not isinstance(calendar, NamedCalendar):
        _store(desk, held, calendar=calendar)
        return
    if not _SLUG.fullmatch(slug):
        raise Invalid(errors=(FieldError("slug", _("Lower-case letters, digits, _ and -; a letter first.")),))
    if new and (slug in held.calendars or slug in RESERVED):
        raise Invalid(errors=(FieldError("slug", _("This name is taken.")),))
    if not new and slug not in held.calendars:
        raise NotFound(_NO_CALENDAR)
    _store(desk, held, calendars={**held.calendars, slug: calendar})


def drop_calendar(desk: Desk, slug: str) -> None:
    """Take a calendar away.

    :raises NotFound: there is none. :raises Conflict: it holds somewhere, or a schedule goes by it.
    """
    held = _held(desk)
    if slug not in held.calendars:
        raise NotFound(_NO_CALENDAR)
    if any(use.calendar == slug for use in held.calendar_uses):
        raise Conflict(_("It holds somewhere. First take away where it holds, or let another calendar hold there."))
    _store(desk, held, calendars={k: v for k, v in held.calendars.items() if k != slug})


def put_use(desk: Desk, site: str | None, post: str | None, calendar: str | None) -> None:
    """Which calendar holds at a site, for a post, or for a post at a site. :param calendar: None: nothing of its own any more.

    :raises Invalid: no such calendar, site or post; neither site nor post. :raises NotFound: nothing was set there.
    """
    held = _held(desk)
    kept = [one for one in held.calendar_uses if (one.site, one.post) != (site, post)]
    if calendar is None:
        if len(kept) == len(held.calendar_uses):
            raise NotFound
        _store(desk, held, calendar_uses=tuple(kept))
        return
    if not (site or post):
        raise Invalid(errors=(FieldError("site", _("Say where it holds: a site, a post, or a post at a site.")),))
    try:
        made = CalendarUse.model_construct(calendar=calendar, site=site, post=post)
        _store(desk, held, calendar_uses=(*kept, made))
    except Invalid as problem:
        problem.errors = tuple(FieldError(e.path.rpartition(".")[2], e.message) for e in problem.errors)
        raise


def _held(desk: Desk) -> CoreSettings:
    """The company's settings as they stand, locked: what two people change at once must not undo each other."""
    from .configure import stored

    return stored(desk, CORE, CoreSettings)


def _store(desk: Desk, held: CoreSettings, **changes: object) -> None:
    from .configure import change_settings

    change_settings(desk, CORE, held.model_copy(update=changes).model_dump(mode="json"))
