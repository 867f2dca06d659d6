"""A month on one page, people × days: for desk and phone, with a script and without."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import (
    Asked,
    BadRequest,
    Conflict,
    Context,
    FieldError,
    Invalid,
    PageRoute,
    page,
    refuse,
    translator,
    write,
)
from dougong.views import Action, Crumb
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import cells, warnings
from .choices import Absence, RosterState
from .records import Roster, Shift, Turn

_ = translator("dougong_hr")
X = Context[Any]

EDIT = f"{Roster.kind}.edit"
MOST_CELLS = 7_000  # of a program at once
PEOPLE = 50  # on one page: all their days together stay below what a form may hold


@dataclass(slots=True)
class Cell:
    value: str
    sign: str
    title: str
    tone: str  # of the absence, or day, night
    bad: bool
    chosen: bool = False  # what was sent and refused
    stale: bool = False  # changed by somebody else since it was shown


@dataclass(slots=True)
class Row:
    name: str
    small: str
    hours: str
    cells: list[Cell]


@dataclass(slots=True)
class Foot:
    label: str
    counts: list[tuple[int, bool]]  # people on the day, and whether they are too few


@dataclass(slots=True)
class MonthPage:
    """``hr/month.html`` draws it."""

    title: str
    subtitle: str
    crumbs: list[Crumb]
    actions: list[Action]
    days: list[tuple[str, str, bool, str]]  # number, weekday, whether nobody works then as a rule, the whole date
    rows: list[Row]
    feet: list[Foot]
    editable: bool
    options: list[tuple[str, str, str]]  # value, sign, name
    warnings: list[str]
    copies: list[tuple[str, str]] = field(default_factory=list)
    weeks: list[tuple[str, str]] = field(default_factory=list)
    shown: str = ""  # which people of how many, where not all are on this page
    pages: list[Action] = field(default_factory=list)
    problem: str = ""  # why nothing was set
    stale: list[str] = field(default_factory=list)  # and which cells are others now


def href(roster: Roster) -> str:
    return f"/hr/month/{roster.id}"


def _start(asked: Asked) -> int:
    """From which person on. :raises BadRequest: no number of one."""
    text = asked.params(("from",)).get("from", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadRequest(errors=(FieldError("from", _("is not one of the possible choices")),))
    return int(text or 0)


async def show(asked: Asked) -> Response:
    start = _start(asked)
    return page(asked, "hr/month.html", await write(asked, lambda s: _page(asked.context(s, "hr"), asked.uuid(), start)))


async def save(asked: Asked) -> Response:
    """Set the chosen cells, or fill empty ones from an earlier week or month. A refusal shows the month as it is now, with
    what was chosen, and the cells that somebody else changed meanwhile."""
    start = _start(asked)
    form = await asked.form()
    id, chosen = asked.uuid(), form.getlist("cell")

    def work(session: Session) -> int:
        x = asked.context(session, "hr")
        x.demand(EDIT, x.get(Roster, id))
        roster = cells.locked(x, id)
        if copied := form.get("copy", ""):
            return _copied(x, roster, copied, form.get("week", ""))
        what, seen = _what(x, form.get("set", "")), dict(map(_cell, chosen))
        return cells.put(x, roster, dict.fromkeys(seen, what), seen)

    try:
        n = await write(asked, work)
    except (Conflict, Invalid) as problem:
        why = problem

        def again(session: Session) -> MonthPage:
            return _refused(_page(asked.context(session, "hr"), id, start), chosen, why)

        return page(asked, "hr/month.html", await write(asked, again), problem.status)
    asked.flash(_("{n} cells were changed").format(n=n))
    return RedirectResponse(f"/hr/month/{id}" + (f"?from={start}" if start else ""), 303)


def _cell(text: str) -> tuple[cells.Cell, str]:
    """A cell as its box names it, with what stood in it when it was shown."""
    person, _dot, rest = text.partition(".")
    day, _dot, seen = rest.partition(".")
    try:
        return (UUID(person), dt.date.fromisoformat(day)), seen
    except ValueError:
        raise refuse("cell", _("There is no such cell.")) from None


def _refused(made: MonthPage, chosen: list[str], why: Conflict | Invalid) -> MonthPage:
    """The month as it is now, with the choice as it was sent."""
    said = list(dict.fromkeys(str(one.message) for one in why.errors))
    made.problem = str(why.detail or "") or (said.pop(0) if said else str(why.title))
    made.stale = said[:40]
    wanted, stale = {one.rpartition(".")[0] for one in chosen}, {one.path for one in why.errors}
    for row in made.rows:
        for cell in row.cells:
            key = cell.value.rpartition(".")[0]
            cell.chosen, cell.stale = key in wanted, f"cells.{key}" in stale
    return made


def _what(x: X, text: str) -> Shift | Absence | None:
    if text == "none":
        return None
    if text in ABSENCES:
        return ABSENCES[text]
    try:
        found = x.session.get(Shift, (x.tenant, UUID(text)))
    except ValueError:
        found = None
    if found is None:
        raise refuse("set", _("Choose a shift or an absence."))
    return found


def _copied(x: X, roster: Roster, what: str, week: str) -> int:
    days = cells.days_of(roster.month)
    if what == "month":
        return cells.copy(x, roster, days[0], days[-1], 28)  # four weeks: the same days of the week
    try:
        first = days[days.index(dt.date.fromisoformat(week))]
    except ValueError:
        raise refuse("week", _("Choose a week.")) from None
    return cells.copy(x, roster, first, first + dt.timedelta(days=6), 7)


def _page(x: X, id: UUID, start: int = 0) -> MonthPage:
    roster = x.get(Roster, id)
    people, known, stands = cells.staff(x, roster), cells.shifts(x, roster.site_id, all=True), cells.turns(x, roster)
    days = cells.days_of(roster.month)
    editable = x.gate.may(EDIT, roster.site_id, frozenset({"mine"}))
    found = warnings.find(x, roster, people, cells.shifts(x, roster.site_id)) if editable else []
    bad = {(one.employee, one.day): one.text for one in found if one.employee is not None}
    by_id, settings = {one.id: one for one in known}, x.settings_of("hr")
    rows = []
    for person in people[start : start + PEOPLE]:
        mine = [_drawn(person.id, day, stands.get((person.id, day)), by_id, bad) for day in days]
        department = settings.departments.get(person.department)
        small = str(department.label) if department else ""
        rows.append(Row(person.name, small, _hours(person.id, days, stands, by_id), mine))
    node = x.snapshot.sites.get(roster.site_id)
    used = [one for one in known if any(t.shift_id == one.id for t in stands.values())]
    said = f"{node.name if node else ''} · {roster.status.label}" + (f" · {roster.note}" if roster.note else "")
    return MonthPage(
        str(_("Roster {month}").format(month=roster.month)), said,
        [Crumb(str(_("Rosters")), "/hr/roster"), Crumb(roster.number, f"/hr/roster/{roster.id}"), Crumb(roster.month)],
        [Action(str(_("Publish")), f"/hr/roster/{roster.id}", "check", main=True)]
        if editable and roster.status is RosterState.DRAFT else [],
        [(str(day.day), str(WEEKDAYS[day.weekday()]), day.weekday() > 4, f"{day}") for day in days],
        rows, [_foot(x, one, days, stands) for one in used], editable,
        [*((str(s.id), s.sign, f"{s.title} {s.starts}–{s.ends}") for s in known if s.status.value == "used"),
         *((a.value, str(SIGNS[a]), str(a.label)) for a in Absence), ("none", "×", str(_("Empty")))],
        [one.text for one in found][:60],
        weeks=_weeks(days),
        shown=_shown(start, len(people)),
        pages=_pages(href(roster), start, len(people)),
    )  # fmt: skip


def _shown(start: int, count: int) -> str:
    if count <= PEOPLE and not start:
        return ""
    said = _("People {first} to {last} of {n}. What is counted below is counted of all.")
    return str(said.format(first=min(start + 1, count), last=min(start + PEOPLE, count), n=count))


def _pages(address: str, start: int, count: int) -> list[Action]:
    made = []
    if start:
        before = max(start - PEOPLE, 0)
        made.append(Action(str(_("Those before")), f"{address}?from={before}" if before else address, "left"))
    if start + PEOPLE < count:
        made.append(Action(str(_("Those after")), f"{address}?from={start + PEOPLE}", "right"))
    return made


ABSENCES = {one.value: one for one in Absence}
WEEKDAYS = (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))
SIGNS = {
    Absence.REST: _("off"),
    Absence.ANNUAL: _("ann"),
    Absence.SICK: _("sick"),
    Absence.PERSONAL: _("pers"),
    Absence.TRAINING: _("trn"),
}


def _drawn(person: UUID, day: dt.date, turn: Turn | None, known: dict[UUID, Shift], bad: dict[Any, str]) -> Cell:
    value, wrong = f"{person}.{day}.{cells.shown(turn)}", bad.get((person, day), "")
    if turn is None:
        return Cell(value, "", "", "", bool(wrong))
    shift = known.get(turn.shift_id) if turn.shift_id else None
    if shift is not None:
        tone = "night" if shift.ends <= shift.starts else "day"
        return Cell(value, shift.sign, wrong or f"{shift.title} {shift.starts}–{shift.ends}", tone, bool(wrong))
    absence = turn.absence or Absence.REST
    return Cell(value, str(SIGNS[absence]), wrong or str(absence.label), "away", bool(wrong))


def _hours(person: UUID, days: list[dt.date], stands: dict[cells.Cell, Turn], known: dict[UUID, Shift]) -> str:
    seconds = 0.0
    for day in days:
        turn = stands.get((person, day))
        if turn is not None and turn.starts_at and turn.ends_at and turn.shift_id:
            seconds += (turn.ends_at - turn.starts_at).total_seconds() - 60 * int(known[turn.shift_id].break_minutes)
    return f"{seconds / 3600:.0f} h"


def _weeks(days: list[dt.date]) -> list[tuple[str, str]]:
    begin = [day for day in days if day.weekday() == 0 or day.day == 1]
    return [(f"{day}", f"{day} – {min(day + dt.timedelta(days=6), days[-1])}") for day in begin]


def _foot(x: X, shift: Shift, days: list[dt.date], stands: dict[cells.Cell, Turn]) -> Foot:
    least = warnings.need(x, shift)
    count = [sum(1 for t in stands.values() if t.day == day and t.shift_id == shift.id) for day in days]
    return Foot(f"{shift.sign} {shift.title} ≥ {least}", [(n, n < least) for n in count])


ROUTES = (
    PageRoute("month/{id}", show),
    PageRoute("month/{id}", save, "POST"),
)
