"""A list as a month: each record on the day that its date or deadline falls on where it is.

On a phone the same page is an agenda: the days that hold something, one below the other.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from starlette.responses import Response

from ..errors import BadRequest, FieldError, NotFound
from ..records import reads
from ..words import locale, translator
from . import display, listquery, looking
from .columns import label_of
from .counting import Counting
from .lists import Drawing, Lists, clock, shapes, thumb
from .pages import page
from .plans import Plan
from .requests import read_all
from .viewmenu import menu
from .views import CalendarDay, CalendarEntry, CalendarPage, Flash
from .work import settings_of

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

MOST = 500  # records of one month
FIRST_YEAR, LAST_YEAR = 1900, 2200
_WIDEST = dt.timedelta(hours=26)  # between the earliest and the latest zone there is
_MORE = _("Only the first {n} of this month are shown. Narrow them down by filters.")
_WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


class Calendars:
    """The endpoint ``…/calendar?month=2026-11``."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.lists, self.by = plan, Lists(plan), plan.resource.calendar
        self.shape = plan.fields[self.by]
        self.moment = isinstance(getattr(plan.record, self.by).type, sa.DateTime)
        self.due = next((d for d in plan.resource.deadlines if d.due == self.by), None)

    async def show(self, asked: Asked) -> Response:
        plan, gate = self.plan, asked.gate
        if not gate.scope(plan.resource.permission("read")):
            raise NotFound()
        desk = await looking.desk_of(asked, plan)
        look = looking.resolve(asked, plan, desk, rows=MOST, also=("month",))
        zone = asked.snapshot.sites.zone(asked.site)
        today = asked.now.astimezone(zone).date()
        first = _month(asked.query.get("month", ""), today)
        weeks = months.Calendar().monthdatescalendar(first.year, first.month)
        query = replace(
            look.query, columns=self._names(), limit=MOST, after="",
            span=self._span(weeks[0][0], weeks[-1][-1], zone),
        )  # fmt: skip
        found = reads.listing(plan.resource, gate, query, settings_of(asked, plan) if query.filters else None)
        counting = Counting(asked, plan, query.site, states=plan.tab(query.tab))
        rows, counted = await read_all(asked, [(found.query, found.given), counting.query])
        drawing = Drawing(self.lists, asked, look, found.sort)
        days = self._days(asked, drawing, rows[:MOST])
        made = self._page(asked, drawing, look, await counting.told(counted[0]), first, today, zone)
        made.weeks = [[_day(day, first, today, days.get(day, [])) for day in week] for week in weeks]
        made.note = str(_MORE.format(n=MOST)) if len(rows) > MOST else ""
        return page(asked, "calendar.html", made, primary=thumb(made.actions))

    def _span(self, first: dt.date, last: dt.date, zone: ZoneInfo) -> tuple[str, Any, Any]:
        after = last + dt.timedelta(days=1)
        if not self.moment:
            return self.by, first, after
        # Sites may lie in other zones than the one the month is drawn for: what is too much is sorted out by day.
        begin, end = (dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) for day in (first, after))
        return self.by, begin - _WIDEST, end + _WIDEST

    def _names(self) -> tuple[str, ...]:
        resource = self.plan.resource
        names = [self.by, self.plan.title] + ([resource.state] if resource.state else [])
        names += self.due.shown if self.due else ()
        return tuple(dict.fromkeys(names))

    def _days(self, asked: Asked, drawing: Drawing, rows: Sequence[Any]) -> dict[dt.date, list[CalendarEntry]]:
        found: dict[dt.date, list[CalendarEntry]] = {}
        plan = self.plan
        for row in rows:
            site, value = row["site_id"], row[self.by]
            zone = drawing.zone(site)
            local = value.astimezone(zone) if self.moment else None
            tone, title = "", ""
            if self.due:
                told = clock(plan, self.due, row, asked, zone)
                tone, title = told.tone, told.text if told.tone != "none" else ""
            entry = CalendarEntry(
                display.cut(drawing.cell(plan.fields[plan.title], row[plan.title], site, zone).text, 60),
                f"{plan.path}/{row['id']}",
                f"{local:%H:%M}" if local else "",
                tone,
                f"{row['number']} {title}".strip(),
            )
            found.setdefault(local.date() if local else value, []).append(entry)
        for entries in found.values():
            entries.sort(key=lambda one: one.at)
        return found

    def _page(
        self,
        asked: Asked,
        drawing: Drawing,
        look: looking.Look,
        counts: Mapping[str, int],
        first: dt.date,
        today: dt.date,
        zone: ZoneInfo,
    ) -> CalendarPage:
        plan, path = self.plan, f"{self.plan.path}/calendar"
        pairs = drawing.pairs
        narrowed = bool(look.query.search or look.query.filters)
        month = f"{first:%Y-%m}" if (first.year, first.month) != (today.year, today.month) else None

        def at(day: dt.date) -> str:
            return listquery.href(path, pairs, month=f"{day:%Y-%m}")

        return CalendarPage(
            str(plan.label),
            f"{first.year} 年 {first.month} 月" if locale.get() == "zh" else f"{first:%B %Y}",
            str(label_of(plan, self.shape)),
            [str(one) for one in _WEEKDAYS],
            [],
            at(first - dt.timedelta(days=1)) if first > dt.date(FIRST_YEAR, 1, 1) else "",
            at(first + dt.timedelta(days=31)) if first < dt.date(LAST_YEAR, 12, 1) else "",
            listquery.href(path, pairs),
            zone.key,
            actions=drawing.actions(),
            tabs=drawing.tabs(counts, path, month=month),
            filters=drawing.filters(counts),
            hidden=[*looking.hidden(pairs, look, plan), *([("month", month)] if month else [])],
            query=look.query.search,
            clear_href=drawing.clear(path) if narrowed else None,
            notes=[Flash("warn", text) for text in look.notes],
            shapes=shapes(asked, plan, pairs, "calendar"),
            saved=menu(asked, plan, look, pairs),
        )


def _month(text: str, today: dt.date) -> dt.date:
    """The first day of the month that is asked for. :raises BadRequest: it is none."""
    if not text:
        return today.replace(day=1)
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()
        if not FIRST_YEAR <= first.year <= LAST_YEAR or len(text) != 7:
            raise ValueError(text)
    except ValueError:
        raise BadRequest(
            _("“month” must be a month as in 2026-11."), errors=(FieldError("month", _("is not a possible value")),)
        ) from None
    return first


def _day(day: dt.date, first: dt.date, today: dt.date, entries: list[CalendarEntry]) -> CalendarDay:
    heading = f"{display.day_heading(day, today)} {_WEEKDAYS[day.weekday()]}"
    return CalendarDay(day.isoformat(), str(day.day), heading, day.month == first.month, day == today, entries)
