"""Calendars in words: names, weekly hours, shifts, single days, places where one holds; and the reading of typed days."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby
from typing import TYPE_CHECKING

from ...errors import FieldError
from ...scheduling import holidays
from ...scheduling.calendars import Calendar
from ...tenancy.hours import ALWAYS, DAY, DEFAULT, WEEKDAYS, CalendarUse, CoreCalendar, NamedCalendar, Span, hours_text
from ...tenancy.settings import CoreSettings
from ...words import Lazy, translator
from ..refusing import COLON
from .words import ALSO, COMMA, role_name

if TYPE_CHECKING:
    from ...access.snapshot import Snapshot

_ = translator("dougong")

PATH = "/admin/calendars"
TITLE = _("Calendars")
EDIT = "core.settings.edit"
SHORT = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
KINDS: dict[str, Lazy] = {
    "week": _("Hours of each weekday"),
    "shifts": _("Shifts"),
    "always": _("Round the clock (24×7)"),
}
_MARKS: dict[str, Lazy] = {"holiday": _("H"), "make_up": _("M"), "off": _("O"), "on": _("W")}
DAYS: dict[str, Lazy] = {
    "usual": _("Working day"),
    "rest": _("Day off of the week"),
    "holiday": _("Public holiday, off"),
    "make_up": _("Make-up day, worked"),
    "off": _("Own day off"),
    "on": _("Own working day"),
}
EVERYWHERE, EVERYBODY = _("The whole company"), _("Everybody")
_COMPANY, _ALWAYS, _CLOSED = _("Company hours"), _("24 hours a day, 7 days a week"), _("no work")
_DATE = r"(\d{4}-\d{1,2}-\d{1,2})"
_RANGE = re.compile(rf"{_DATE}(?:\s*[-–—~～至到]\s*{_DATE})?", re.ASCII)
_LONGEST = 400  # days of one typed range


def mark(kind: str) -> str:
    """The sign of a day in the year, beside its colour; empty for a day as every week has it."""
    return str(_MARKS.get(kind, ""))


def name_of(settings: CoreSettings, slug: str) -> str:
    """What people call a calendar."""
    if slug in settings.calendars:
        return settings.calendars[slug].name
    return str({DEFAULT: _COMPANY, ALWAYS: _ALWAYS}.get(slug, slug))


def place_of(snapshot: Snapshot, use: CalendarUse | None) -> str:
    """Where, and for whom, a calendar holds."""
    if use is None:
        return str(_("Wherever nothing else is set"))
    node = snapshot.sites.by_slug.get(use.site) if use.site else None
    where = (node.name if node else use.site) if use.site else str(EVERYWHERE)
    return f"{where} · {role_name(snapshot, use.post) if use.post else EVERYBODY}"


def span_text(found: tuple[Span, ...]) -> str:
    """Hours of a day; what ends after midnight says so, and what begins after it is the next day's."""
    if found and found[0][0] >= DAY:
        return str(_("next day {hours}").format(hours=hours_text(tuple((start - DAY, end - DAY) for start, end in found))))
    text = hours_text(found)
    return str(_("{hours} (next day)").format(hours=text)) if found and found[-1][1] > DAY else text


def _days(numbers: list[int]) -> str:
    """Weekdays, runs of three and more as a span."""
    runs = [[n for _i, n in group] for _key, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    parts = [
        f"{SHORT[run[0]]}–{SHORT[run[-1]]}" if len(run) > 2 else str(COMMA).join(str(SHORT[n]) for n in run)
        for run in runs
    ]
    return str(COMMA).join(parts)


def lines_of(calendar: CoreCalendar) -> list[tuple[str, str]]:
    """A calendar's hours as (when or which shift, hours), as few lines as say it."""
    if isinstance(calendar, NamedCalendar) and calendar.kind == "always":
        return [(str(KINDS["always"]), "00:00-24:00")]
    if isinstance(calendar, NamedCalendar) and calendar.kind == "shifts":
        found = []
        for one in calendar.shifts:
            days = "" if len(one.days) == 7 else f" ({_days([WEEKDAYS.index(day) for day in one.days])})"
            spans = next(hours for turns in calendar.rota() for name, hours in turns if name == one.name)
            found.append((f"{one.name}{days}", span_text(spans)))
        return found
    week = calendar.week()
    hours = list(dict.fromkeys(week))
    return [(_days([n for n in range(7) if week[n] == one]), span_text(one) or str(_CLOSED)) for one in hours]


def summary(calendar: CoreCalendar) -> str:
    """A calendar's hours in one line."""
    if isinstance(calendar, NamedCalendar) and calendar.kind == "always":
        return str(_ALWAYS)
    return str(ALSO).join(f"{which} {hours}" for which, hours in lines_of(calendar))


def heading(day: dt.date) -> str:
    return f"{day} {SHORT[day.weekday()]}"


def hours_on(calendar: Calendar, day: dt.date) -> str:
    """A day's shifts with their hours, or its hours; empty where nobody works."""
    kind = calendar.kind_of(day)
    if kind in ("off", "holiday", "rest"):
        return ""
    if calendar.rota:
        usual = day.weekday() if calendar.week[day.weekday()] else next(n for n, h in enumerate(calendar.week) if h)
        return str(ALSO).join(f"{name} {span_text(spans)}" for name, spans in calendar.rota[usual])
    return span_text(calendar.hours(day))


def day_words(calendar: Calendar, day: dt.date) -> str:
    """What a day is, why, and its hours."""
    kind = calendar.kind_of(day)
    named = holidays.name_of(day) if kind in ("holiday", "make_up") else None
    what = f"{named}{COLON}{DAYS[kind]}" if named else str(DAYS[kind])
    return str(ALSO).join(part for part in (what, hours_on(calendar, day)) if part)


def ranges(days: tuple[dt.date, ...]) -> str:
    """Days as they are typed, one a line, those that follow each other as a range."""
    lines = []
    for _key, group in groupby(enumerate(days), lambda pair: pair[1].toordinal() - pair[0]):
        run = [day for _i, day in group]
        lines += [f"{run[0]} – {run[-1]}"] if len(run) > 2 else [str(day) for day in run]
    return "\n".join(lines)


def typed_days(text: str, name: str, wrong: list[FieldError]) -> list[str]:
    """Typed days, a date or a range a line; what cannot be read goes to ``wrong``."""
    found: list[str] = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        match = _RANGE.fullmatch(line)
        try:
            first, last = _dates(match[1], match[2] or match[1]) if match else _dates("", "")
        except ValueError:
            said = _("“{line}” is no date; write 2026-10-01, or 2026-10-01 – 2026-10-07.").format(line=line[:40])
            wrong.append(FieldError(name, said))
            return []
        if not 0 <= (last - first).days < _LONGEST:
            wrong.append(FieldError(name, _("“{line}” ends before it begins, or is too long.").format(line=line[:40])))
            return []
        found += [str(first + dt.timedelta(days=n)) for n in range((last - first).days + 1)]
    return found


def _dates(*texts: str) -> list[dt.date]:
    """:raises ValueError: one of them is no date."""
    return [dt.date(*map(int, text.split("-"))) for text in texts]
