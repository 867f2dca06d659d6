"""A month on one page, people × days; and one's own shifts, where a swap is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import Asked, Context, NotFound, PageRoute, Problem, page, refuse, stamp, translator, write
from dougong.views import Action, Card, CardsPage, Crumb, FormPage, Input, Line, Option, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import cells, flow, warnings
from .choices import Absence, RosterState
from .records import Roster, Shift, Swap, Turn

_ = translator("dougong_hr")
X = Context[Any]

EDIT = f"{Roster.kind}.edit"
MINE = "/hr/shifts"
AHEAD = 42  # days of one's own shifts
MOST_CELLS = 7_000
TITLE = _("My shifts")


@dataclass(slots=True)
class Cell:
    value: str
    sign: str
    title: str
    tone: str  # of the absence, or day, night
    bad: bool


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


def href(roster: Roster) -> str:
    return f"/hr/month/{roster.id}"


async def show(asked: Asked) -> Response:
    asked.params()
    return page(asked, "hr/month.html", await write(asked, lambda s: _page(asked.context(s, "hr"), asked.uuid())))


async def save(asked: Asked) -> Response:
    """Set the chosen cells, or fill empty ones from an earlier week or month."""
    asked.params()
    form = await asked.form()
    id, chosen = asked.uuid(), form.getlist("cell")

    def work(session: Session) -> int:
        x = asked.context(session, "hr")
        roster = x.get(Roster, id)
        x.demand(EDIT, roster)
        if copied := form.get("copy", ""):
            return _copied(x, roster, copied, form.get("week", ""))
        if len(chosen) > MOST_CELLS:
            raise refuse("cell", _("These are too many cells at once."))
        return cells.put(x, roster, {_cell(one) for one in chosen}, _what(x, form.get("set", "")))

    try:
        n = await write(asked, work)
    except NotFound:
        raise
    except Problem as problem:
        if problem.status >= 500 or problem.status in (401, 403):
            raise
        errors = getattr(problem, "errors", ())
        asked.flash(errors[0].message if errors else problem.detail or problem.title, "bad")
    else:
        asked.flash(_("{n} cells were changed").format(n=n))
    return RedirectResponse(f"/hr/month/{id}", 303)


def _cell(text: str) -> cells.Cell:
    person, _dot, day = text.partition(".")
    try:
        return UUID(person), dt.date.fromisoformat(day)
    except ValueError:
        raise refuse("cell", _("There is no such cell.")) from None


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
        first = dt.date.fromisoformat(week)
    except ValueError:
        raise refuse("week", _("Choose a week.")) from None
    return cells.copy(x, roster, first, first + dt.timedelta(days=6), 7)


def _page(x: X, id: UUID) -> MonthPage:
    roster = x.get(Roster, id)
    people, known, stands = cells.staff(x, roster), cells.shifts(x, roster.site_id, all=True), cells.turns(x, roster)
    days = cells.days_of(roster.month)
    editable = x.gate.may(EDIT, roster.site_id, frozenset({"mine"}))
    found = warnings.find(x, roster, people, cells.shifts(x, roster.site_id)) if editable else []
    bad = {(one.employee, one.day): one.text for one in found if one.employee is not None}
    by_id, settings = {one.id: one for one in known}, x.settings_of("hr")
    rows = []
    for person in people:
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
    )  # fmt: skip


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
    value, wrong = f"{person}.{day}", bad.get((person, day), "")
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


# ---- one's own shifts ----


async def mine(asked: Asked) -> Response:
    asked.params()
    return page(asked, "cards.html", await write(asked, lambda s: _mine(asked.context(s, "hr"))))


def lines(x: X, days: int) -> list[Line]:
    """One's own shifts from published rosters: of today at the company and some days after it, and a night that still runs."""
    if x.actor is None:
        return []
    today = x.today(x.snapshot.sites.root)
    several = cells.of_person(x, x.actor, today - dt.timedelta(days=1), today + dt.timedelta(days=days))
    found = [(t, r) for t, r in several if t.day >= today or (t.ends_at is not None and t.ends_at > x.now)]
    known = {t.shift_id: x.session.get_one(Shift, (x.tenant, t.shift_id)) for t, _r in found if t.shift_id}
    made = []
    for turn, _roster in found:
        node = x.snapshot.sites.get(turn.site_id)
        head = f"{turn.day} {WEEKDAYS[turn.day.weekday()]}"
        shift = known[turn.shift_id] if turn.shift_id else None
        if shift is None:
            made.append(
                Line(f"{head} · {turn.absence.label if turn.absence else ''}", node.name if node else "", icon="home")
            )
            continue
        ahead = turn.starts_at is not None and turn.starts_at > x.now
        ask = [Action(str(_("Ask for a swap")), f"{MINE}/{turn.day}", "people")] if ahead else []
        small = f"{shift.starts}–{shift.ends} · {node.name if node else ''}"
        made.append(Line(f"{head} · {shift.title}", small, icon="clock", actions=ask))
    return made


def _mine(x: X) -> CardsPage:
    found = lines(x, AHEAD)
    none = str(_("No published roster has a shift of yours in the weeks ahead."))
    cards = [Card(str(TITLE), found, len(found), empty=none)]
    if waiting := swaps(x):
        cards.insert(0, Card(str(_("Swaps that wait")), waiting, len(waiting)))
    return CardsPage(str(TITLE), cards, actions=[Action(str(_("All swaps")), "/hr/swap", "people")])


def swaps(x: X) -> list[Line]:
    """Swaps that wait for this person as the colleague who was asked."""
    query = x.readable(Swap).where(Swap.colleague_id == x.actor, Swap.status == "asked").order_by(Swap.day).limit(20)
    made = []
    for one in x.session.scalars(query):
        who = x.snapshot.people.get(one.person_id) if one.person_id else None
        text = _("{person} asks you to take the shift of {day}").format(person=who.name if who else "", day=one.day)
        made.append(
            Line(str(text), one.number, f"/hr/swap/{one.id}", "people", Value("tag", str(one.status.label), "warn"))
        )
    return made


async def asking(asked: Asked) -> Response:
    asked.params()
    return page(asked, "form.html", await write(asked, lambda s: _form(asked.context(s, "hr"), _day(asked), "")))


async def ask(asked: Asked) -> Response:
    asked.params()
    form, day = await asked.form(), _day(asked)

    def work(session: Session) -> str:
        x = asked.context(session, "hr")
        other = form.get("colleague_day", "").strip()
        try:
            colleague = UUID(form.get("colleague_id", ""))
            exchange = dt.date.fromisoformat(other) if other else None
        except ValueError:
            raise refuse("colleague_id", _("Choose a colleague.")) from None
        return flow.ask(x, day, colleague, exchange, form.get("reason", "").strip()[:2_000] or None).number

    try:
        number = await write(asked, work)
    except Problem as problem:
        if problem.status != 422:
            raise
        errors = getattr(problem, "errors", ())
        text = errors[0].message if errors else problem.title
        return page(
            asked, "form.html", await write(asked, lambda s: _form(asked.context(s, "hr"), day, str(text))), 422
        )
    asked.flash(_("{number}: your colleague is asked").format(number=number))
    return RedirectResponse(MINE, 303)


def _day(asked: Asked) -> dt.date:
    try:
        return dt.date.fromisoformat(asked.path_params["day"])
    except ValueError:
        raise NotFound() from None


def _form(x: X, day: dt.date, error: str) -> FormPage:
    found = [] if x.actor is None else [one for one in cells.of_person(x, x.actor, day, day) if one[0].starts_at]
    if not found:
        raise NotFound()
    turn, roster = found[0]
    people = [
        Option(str(one.person_id), one.name) for one in cells.staff(x, roster) if one.person_id not in (None, x.actor)
    ]
    inputs = [
        Input("colleague_id", str(_("Colleague")), "choice", options=[Option("", "—"), *people], required=True),
        Input(
            "colleague_day", str(_("Day of the shift you take instead")), "date", help=str(_("Empty: none."))
        ),
        Input("reason", str(_("Reason")), "prose", maxlength=2_000),
    ]  # fmt: skip
    begins = stamp(turn.starts_at, x.snapshot.sites.zone(turn.site_id)) if turn.starts_at else ""
    return FormPage(
        str(_("Ask for a swap")), f"{MINE}/{day}", str(_("Ask")), [Section(str(_("Swap")), inputs)],
        crumbs=[Crumb(str(TITLE), MINE), Crumb(f"{day}")], subtitle=begins, cancel=MINE,
        errors=[("colleague_id", error)] if error else [],
    )  # fmt: skip


ROUTES = (
    PageRoute("month/{id}", show),
    PageRoute("month/{id}", save, "POST"),
    PageRoute("shifts", mine),
    PageRoute("shifts/{day}", asking),
    PageRoute("shifts/{day}", ask, "POST"),
)
