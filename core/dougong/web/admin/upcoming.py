"""What will happen by itself in the next 30 days, day by day: runs of schedules, and steps of clocks that run now.

The same run at several sites is one line, and so is what comes again and again within a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.responses import Response

from ...errors import Invalid
from ...records.context import Context
from ...scheduling.calendars import Calendar
from ...timing.moved import why_off
from ...timing.schedules import READ
from ...timing.upcoming import Upcoming, upcoming
from ...words import plural, translator
from .. import display
from ..pages import page
from ..views import Action, AgendaDay, AgendaEntry, AgendaPage, Empty, Value
from . import words
from .common import address, in_context, need, zone_of
from .schedule_words import PATH, UPCOMING, module_filter, shapes

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

DAYS = 30
_DOT = " · "
_CLOCK = _("{clock}: {steps}")
_FEW = 3  # times and places that a line names; more are counted
_SHORT = (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))


async def show(asked: Asked) -> Response:
    """``GET /admin/schedules/upcoming``: ``?module``, ``site``."""
    need(asked, READ)
    sent = asked.params(("module",))
    found, modules, calendar = await in_context(asked, lambda x: _read(asked, x))
    zone = zone_of(asked, asked.site)
    found = _merged(found)
    daily, rest = _parted(asked, found, zone)
    days = _days(asked, rest, zone, calendar)
    until = asked.now.astimezone(zone).date() + dt.timedelta(days=DAYS)
    made = AgendaPage(
        title=str(_("Next 30 days")),
        subtitle=str(plural(_("{n} thing until {day}."), _("{n} things until {day}."), len(found)).format(day=until.isoformat())),
        weekdays=[str(one) for one in _SHORT],
        weeks=_weeks(days),
        days=[day for day in days if day.entries],
        daily=_entries(asked, daily, zone),
        zone=str(_("All times: {zone}.").format(zone=display.clock_of(zone.key))),
        shapes=shapes(asked, UPCOMING),
        filters=[module_filter(asked, modules)] if len(modules) > 1 else [],
        hidden=[(k, v) for k, v in sent.multi_items() if v and k == "site"],
        clear_href=address(UPCOMING, {"site": sent.get("site")}) if sent.get("module") else None,
    )  # fmt: skip
    if not found:
        made.empty = Empty(
            str(_("Nothing is ahead")),
            str(_("No schedule is due within 30 days, and no clock runs, where you may look.")),
            Action(str(_("All schedules")), PATH),
        )
    return page(asked, "agenda.html", made)


def place_of(asked: Asked) -> UUID | None:
    """The chosen site; the company's own is all of it, with what is done for the company itself."""
    return None if asked.site == asked.snapshot.sites.root else asked.site


def _read(asked: Asked, x: Context[Any]) -> tuple[list[Upcoming], set[str], Calendar | None]:
    found = upcoming(x, DAYS, place_of(asked))
    modules = {one.module for one in found}
    wanted = {m for m in asked.query.getlist("module") if m}
    if wanted:
        found = [one for one in found if one.module in wanted]
    try:
        calendar = x.calendar(asked.site or x.snapshot.sites.root)
    except Invalid:  # a calendar without a working hour: its days cannot be told apart
        calendar = None
    return found, modules | wanted, calendar


def _merged(found: Sequence[Upcoming]) -> list[Upcoming]:
    """What the clocks of one record do at one moment is one thing: “Resolution: due, goes up to level 1”."""
    together: dict[tuple[Any, ...], list[Upcoming]] = {}
    for one in found:
        own = (one.kind, one.id, one.at) if one.what == "clock" else (id(one),)
        together.setdefault(own, []).append(one)
    return [replace(several[0], note=_steps(several)) if len(several) > 1 else several[0] for several in together.values()]


def _steps(several: list[Upcoming]) -> str:
    clocks: dict[str, list[str]] = {}
    for one in several:
        clocks.setdefault(str(one.clock), []).append(str(one.does))
    said = (_CLOCK.format(clock=clock, steps=str(words.COMMA).join(steps)) for clock, steps in clocks.items())
    return str(words.ALSO).join(map(str, said))


# ---- days ---------------------------------------------------------------------------------------------


def _parted(asked: Asked, found: Sequence[Upcoming], zone: ZoneInfo) -> tuple[list[Upcoming], list[Upcoming]]:
    """What fires on each of the days at the same times, as on its first day, and all the rest. A day on which somebody has
    left it out, or for which it was moved, stands with the rest."""
    today = asked.now.astimezone(zone).date()
    times: dict[UUID, dict[dt.date, list[dt.time]]] = {}
    for one in found:
        if one.what == "schedule":
            here = one.at.astimezone(zone)
            times.setdefault(one.id, {}).setdefault(here.date(), []).append(here.time())
    whole = [today + dt.timedelta(days=n) for n in range(1, DAYS)]
    usual = {id: days[whole[0]] for id, days in times.items() if all(days.get(day) == days.get(whole[0]) for day in whole)}
    daily, rest = [], []
    for one in found:
        plain = one.what == "schedule" and one.id in usual and not (one.skipped or one.note)
        if not plain:
            rest.append(one)
        elif one.at.astimezone(zone).date() == whole[0]:
            daily.append(one)
    return daily, rest


def _days(asked: Asked, found: Sequence[Upcoming], zone: ZoneInfo, calendar: Calendar | None) -> list[AgendaDay]:
    today = asked.now.astimezone(zone).date()
    one_place = len({one.site for one in found}) == 1  # then it need not be said on each line
    by_day: dict[dt.date, list[Upcoming]] = {}
    for one in found:
        by_day.setdefault(one.at.astimezone(zone).date(), []).append(one)
    made = []
    for n in range(DAYS + 1):
        day = today + dt.timedelta(days=n)
        several = by_day.get(day, [])
        kind = calendar.kind_of(day) if calendar else "usual"
        note = str(why_off(day, calendar)) if calendar else ""
        heading = f"{display.day_heading(day, today)} {display.WEEKDAYS[day.weekday()]}"
        shown = str(_("make-up working day")) if kind == "make_up" else note if kind in ("holiday", "off") else ""
        entries = _entries(asked, several, zone, one_place)
        made.append(AgendaDay(day.isoformat(), str(day.day), heading, shown, bool(note), n == 0, len(several), entries))
    return made


def _weeks(days: list[AgendaDay]) -> list[list[AgendaDay | None]]:
    """The days in rows from Monday to Sunday."""
    first = dt.date.fromisoformat(days[0].date).weekday()
    cells: list[AgendaDay | None] = [*[None] * first, *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


# ---- lines --------------------------------------------------------------------------------------------


def _entries(asked: Asked, found: list[Upcoming], zone: ZoneInfo, one_place: bool = False) -> list[AgendaEntry]:
    """The lines of one day: what is the same at several sites, or comes several times, is said once."""
    together: dict[tuple[Any, ...], list[Upcoming]] = {}
    for one in found:
        own = (one.id, one.note) if one.what == "clock" else one.module
        together.setdefault((one.what, str(one.label), str(one.note), one.skipped, own), []).append(one)
    lines = []
    for several in together.values():
        by_times: dict[tuple[dt.datetime, ...], list[Upcoming]] = {}
        for place in {one.site for one in several}:
            here = [one for one in several if one.site == place]
            by_times.setdefault(tuple(sorted(one.at for one in here)), []).append(here[0])
        lines += [(times[0], _entry(asked, times, ones, zone, one_place)) for times, ones in by_times.items()]
    return [entry for _at, entry in sorted(lines, key=lambda line: (line[0], line[1].text, line[1].small))]


def _entry(
    asked: Asked, times: tuple[dt.datetime, ...], ones: list[Upcoming], zone: ZoneInfo, one_place: bool
) -> AgendaEntry:
    first = ones[0]
    clocked = [f"{at.astimezone(zone):%H:%M}" for at in times]
    if len(clocked) > _FEW:
        time = str(_("{n} times").format(n=len(clocked)))
        span = str(_("{first} to {last}").format(first=clocked[0], last=clocked[-1]))
    else:
        time, span = " ".join(clocked), ""
    places = sorted(str(words.site_name(asked.snapshot, one.site)) if one.site else str(_("The company")) for one in ones)
    where = str(words.COMMA).join(places[:_FEW])
    if len(places) > _FEW:
        where = str(_("{places} and {n} more").format(places=where, n=len(places) - _FEW))
    if one_place and first.what == "clock":
        where = ""
    return AgendaEntry(
        time,
        str(first.label),
        _DOT.join(filter(None, (span, str(first.note) if first.what == "clock" else "", where))),
        first.href if len(ones) == 1 else f"{PATH}?module={first.module}",
        "clock" if first.what == "clock" else "cal",
        "" if first.what == "clock" else str(first.note or ""),
        Value("tag", str(_("left out")), tone="warn") if first.skipped else None,
    )
