"""One's own shifts of the weeks ahead, for desk and phone, and the form by which a swap is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dougong import (
    Asked,
    Conflict,
    Context,
    Invalid,
    NotFound,
    PageRoute,
    page,
    refuse,
    stamp,
    translator,
    with_problem,
    write,
)
from dougong.views import Action, Card, CardsPage, Crumb, FormPage, Input, Line, Option, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import cells, flow
from .pages import WEEKDAYS
from .records import Shift, Swap

_ = translator("dougong_hr")
X = Context[Any]

MINE = "/hr/shifts"
AHEAD = 42  # days of one's own shifts
TITLE = _("My shifts")


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
    made = await write(asked, lambda s: _form(asked.context(s, "hr"), _day(asked), {}))
    return page(asked, "form.html", made)


async def ask(asked: Asked) -> Response:
    """Ask a colleague; a refusal shows the form as it was filled in, with why."""
    asked.params()
    form, day = await asked.form(), _day(asked)
    typed = {name: form.get(name, "").strip()[:2_000] for name in ("colleague_id", "colleague_day", "reason")}

    def work(session: Session) -> str:
        x = asked.context(session, "hr")
        colleague, exchange = _colleague(typed["colleague_id"]), _exchange(typed["colleague_day"])
        return flow.ask(x, day, colleague, exchange, typed["reason"] or None).number

    try:
        number = await write(asked, work)
    except (Conflict, Invalid) as problem:
        why = problem
        again = await write(asked, lambda s: with_problem(_form(asked.context(s, "hr"), day, typed), why))
        return page(asked, "form.html", again, problem.status)
    asked.flash(_("{number}: your colleague is asked").format(number=number))
    return RedirectResponse(MINE, 303)


def _colleague(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refuse("colleague_id", _("Choose a colleague.")) from None


def _exchange(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise refuse("colleague_day", _("This is no day.")) from None


def _day(asked: Asked) -> dt.date:
    try:
        return dt.date.fromisoformat(asked.path_params["day"])
    except ValueError:
        raise NotFound() from None


def _form(x: X, day: dt.date, typed: Mapping[str, str]) -> FormPage:
    found = [] if x.actor is None else [one for one in cells.of_person(x, x.actor, day, day) if one[0].starts_at]
    if not found:
        raise NotFound()
    turn, roster = found[0]
    people = [
        Option(str(one.person_id), one.name) for one in cells.staff(x, roster) if one.person_id not in (None, x.actor)
    ]
    inputs = [
        Input(
            "colleague_id", str(_("Colleague")), "choice", options=[Option("", "—"), *people], required=True,
            value=typed.get("colleague_id", ""),
        ),
        Input(
            "colleague_day", str(_("Day of the shift you take instead")), "date", help=str(_("Empty: none.")),
            value=typed.get("colleague_day", ""),
        ),
        Input("reason", str(_("Reason")), "prose", maxlength=2_000, value=typed.get("reason", "")),
    ]  # fmt: skip
    begins = stamp(turn.starts_at, x.snapshot.sites.zone(turn.site_id)) if turn.starts_at else ""
    return FormPage(
        str(_("Ask for a swap")), f"{MINE}/{day}", str(_("Ask")), [Section(str(_("Swap")), inputs)],
        crumbs=[Crumb(str(TITLE), MINE), Crumb(f"{day}")], subtitle=begins, cancel=MINE,
    )  # fmt: skip


ROUTES = (
    PageRoute("shifts", mine),
    PageRoute("shifts/{day}", asking),
    PageRoute("shifts/{day}", ask, "POST"),
)
