"""A calendar as a year: what each day is and why, its hours, where the calendar holds; and what a term comes to."""

from __future__ import annotations

import calendar as months
import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.responses import Response

from ...errors import BadRequest, FieldError, Invalid, NotFound, Problem
from ...scheduling import holidays
from ...scheduling.calendars import Calendar
from ...tenancy.hours import DEFAULT, CoreCalendar, NamedCalendar
from ...words import locale, translator
from .. import display
from ..display import stamp
from ..pages import company, page
from ..refusing import COLON, with_problem
from ..views import Action, Card, Flash, FormPage, Input, Line, Section, Value, WorkCalendarPage, YearDay, YearMonth
from .calendar_words import DAYS, EDIT, KINDS, PATH, SHORT, TITLE, day_words, heading, lines_of, mark, name_of
from .calendars import use_lines
from .common import address, crumbs, moment_in, need_whole, zone_of

if TYPE_CHECKING:
    from ..requests import Asked, Values

_ = translator("dougong")

FIRST, LAST = 1990, 2100
_MOST_HOURS, _MOST_DAYS = 100_000, 10_000
_SPECIAL = ("holiday", "make_up", "off", "on")


def found(asked: Asked) -> tuple[str, CoreCalendar]:
    """The calendar in the address. :raises NotFound: there is none of this name."""
    own, slug = company(asked), asked.path_params["slug"]
    one = own.calendar if slug == DEFAULT else own.calendars.get(slug)
    if one is None:
        raise NotFound
    return slug, one


async def show(asked: Asked) -> Response:
    """``GET /admin/calendars/<slug>``: ``?year=``; ``?start=``, ``days`` and ``hours`` ask when a term ends."""
    need_whole(asked, EDIT)
    sent = asked.params(("year", "start", "days", "hours"))
    slug, own = found(asked)
    zone = zone_of(asked)
    today = asked.now.astimezone(zone).date()
    year = _year(sent.get("year", ""), today)
    calendar = asked.snapshot.calendars.at(None, name=slug)
    form, answer, problem = _try(asked, slug, year, sent, calendar)
    with_problem(form, problem)
    title = name_of(company(asked), slug)
    made = WorkCalendarPage(
        title,
        crumbs=crumbs((TITLE, PATH), (title, None)),
        subtitle=f"{KINDS[own.kind]} · {slug}"
        if isinstance(own, NamedCalendar)
        else str(_("Holds wherever nothing else is set")),
        actions=_actions(slug),
        notes=_notes(own, year),
        cards=_cards(asked, slug, own, calendar),
        form=form,
        answer=answer,
        year=str(year),
        before=f"{PATH}/{slug}?year={year - 1}" if year > FIRST else "",
        after=f"{PATH}/{slug}?year={year + 1}" if year < LAST else "",
        weekdays=[str(one) for one in SHORT],
        months=[_month(calendar, year, month, today) for month in range(1, 13)],
    )
    made.legend = _legend(calendar, year)
    if special := _special(calendar, year):
        made.side.append(Card(str(_("Special days of {year}").format(year=year)), special, count=len(special)))
    return page(asked, "workcalendar.html", made, problem.status if problem else 200)


def _year(text: str, today: dt.date) -> int:
    if not text:
        return min(max(today.year, FIRST), LAST)
    if not (text.isascii() and text.isdigit() and FIRST <= int(text[:5]) <= LAST):
        said = FieldError("year", _("is not a possible value"))
        raise BadRequest(
            _("“year” must be a year from {first} to {last}.").format(first=FIRST, last=LAST), errors=(said,)
        )
    return int(text)


def _actions(slug: str) -> list[Action]:
    made = [Action(str(_("Edit")), f"{PATH}/{slug}/edit", "edit", main=True)]
    if slug != DEFAULT:
        made.append(Action(str(_("Let it hold somewhere")), address(f"{PATH}/uses/new", {"calendar": slug}), "plus"))
        made.append(Action(str(_("Delete")), f"{PATH}/{slug}/delete", "trash", danger=True))
    return made


def _notes(own: CoreCalendar, year: int) -> list[Flash]:
    if isinstance(own, NamedCalendar) and own.kind == "always":
        return [Flash("info", str(_("Round the clock: holidays and days off do not interrupt it.")))]
    if not own.public_holidays:
        return [Flash("info", str(_("Public holidays are not looked at: this calendar runs through them.")))]
    if holidays.official(year):
        return []
    said = _(
        "There is no official notice of holidays for {year}: only the holidays by law are shown, and no make-up days are known. "
        "Put your company's days off and working days into the company's own hours; they go first."
    )
    return [Flash("warn", str(said.format(year=year)))]


def _cards(asked: Asked, slug: str, own: CoreCalendar, calendar: Calendar) -> list[Card]:
    hours = [Line(which, icon="clock", end=Value("text", text)) for which, text in lines_of(own)]
    made = [Card(str(_("Shifts")) if calendar.rota else str(_("Hours")), hours)]
    if slug != DEFAULT:
        uses = use_lines(asked, company(asked), slug)
        made.append(Card(str(_("Where it holds")), uses, count=len(uses), empty=str(_("Nowhere yet."))))
    return made


def days_of(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


def _special(calendar: Calendar, year: int) -> list[Line]:
    """Days that no week explains, those of one sort that follow each other in one line."""
    lines = []
    told = ((day, calendar.kind_of(day), day_words(calendar, day)) for day in days_of(year))
    for (kind, text), group in groupby(told, lambda one: (one[1], one[2])):
        run = [day for day, _kind, _text in group]
        if kind in _SPECIAL:
            when = heading(run[0]) if len(run) == 1 else f"{heading(run[0])} – {heading(run[-1])}"
            lines.append(Line(when, text, icon="cal"))
    return lines


def _month(calendar: Calendar, year: int, month: int, today: dt.date) -> YearMonth:
    label = f"{month} 月" if locale.get() == "zh" else f"{dt.date(year, month, 1):%B}"
    weeks: list[list[YearDay | None]] = []
    for week in months.Calendar().monthdatescalendar(year, month):
        weeks.append([_day(calendar, day, today) if day.month == month else None for day in week])
    return YearMonth(label, weeks)


def _day(calendar: Calendar, day: dt.date, today: dt.date) -> YearDay:
    kind = calendar.kind_of(day)
    return YearDay(
        str(day), str(day.day), kind, mark(kind), f"{heading(day)}{COLON}{day_words(calendar, day)}", day == today
    )


def _legend(calendar: Calendar, year: int) -> list[tuple[str, str, str, int]]:
    kinds = [calendar.kind_of(day) for day in days_of(year)]
    return [(kind, mark(kind), str(words), kinds.count(kind)) for kind, words in DAYS.items() if kind in kinds]


# ---- try it -----------------------------------------------------------------------------------------


def _try(
    asked: Asked, slug: str, year: int, sent: Values, calendar: Calendar
) -> tuple[FormPage, Flash | None, Problem | None]:
    zone = zone_of(asked)
    typed = sent.get("start", "") or asked.now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    form = FormPage(
        str(_("Try it: when does a term end?")),
        f"{PATH}/{slug}#try",
        str(_("Reckon")),
        [
            Section(
                "",
                [
                    Input("start", str(_("From")), "datetime", typed, required=True),
                    Input("days", str(_("Working days")), "number", sent.get("days", "")),
                    Input("hours", str(_("Working hours")), "number", sent.get("hours", "")),
                ],
            )
        ],
        subtitle=str(_("Days first, then hours. All times: {zone}.").format(zone=display.clock_of(zone.key))),
        hidden=[("year", str(year))],
    )
    if not any(sent.get(name, "") for name in ("start", "days", "hours")):
        return form, None, None
    try:
        wrong: list[FieldError] = []
        start = moment_in({"start": typed}, "start", zone, wrong)  # type: ignore[arg-type]
        days, hours = number(sent, "days", _MOST_DAYS, wrong), number(sent, "hours", _MOST_HOURS, wrong)
        if start is None or wrong:
            raise Invalid(errors=tuple(wrong))
        due = calendar.add(start, days=int(days), hours=hours)
        said = _("From {start}, {days} working days and {hours} working hours: due {due}.")
        told = said.format(start=stamp(start, zone), days=int(days), hours=f"{hours:g}", due=heading_at(due, asked))
        return form, Flash("good", f"{told} {_standing(calendar, start)}"), None
    except Problem as problem:
        return form, None, problem


def heading_at(at: dt.datetime, asked: Asked) -> str:
    local = at.astimezone(zone_of(asked))
    return f"{heading(local.date())} {local:%H:%M}"


def _standing(calendar: Calendar, start: dt.datetime) -> str:
    date = calendar.business_date(start)
    said = (
        _("The start is working time of {day}.")
        if calendar.is_working(start)
        else _("The start is no working time ({day}).")
    )
    return str(said.format(day=heading(date)))


def number(sent: Values, name: str, most: int, wrong: list[FieldError]) -> float:
    """A typed number of at most so much; negative counts back. Nothing typed is 0."""
    text = sent.get(name, "").strip()
    try:
        found = float(text) if text else 0.0
        if not abs(found) <= most or (name == "days" and found != int(found)):
            raise ValueError
    except ValueError:
        wrong.append(FieldError(name, _("A number of at most {most}.").format(most=most)))
        return 0.0
    return found


__all__ = ["days_of", "found", "number", "show"]
