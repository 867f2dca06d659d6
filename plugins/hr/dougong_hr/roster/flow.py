"""The life of shift kinds, rosters and swaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, Event, Form, Prose, Workflow, asked, guard, refuse, translator

from ..organisation.records import Employee
from . import cells, warnings
from .choices import Absence, RosterState, ShiftState, SwapState
from .records import Roster, Shift, Swap, Turn
from .settings import RosterSettings

_ = translator("dougong_hr")
X = Context[Any]

shift_flow = Workflow(Shift, Shift.status, RosterSettings)
shift_flow.step("retire", _("No longer use"), ShiftState.USED, ShiftState.UNUSED, icon="close", danger=True)
shift_flow.step("use", _("Use again"), ShiftState.UNUSED, ShiftState.USED, icon="undo")

# ---- roster ----

roster_flow = Workflow(Roster, Roster.status, RosterSettings)


class Publishing(Form):
    despite: bool = asked(_("Publish in spite of the warnings"), default=False)


@roster_flow.on(_("Publish"), RosterState.DRAFT, RosterState.PUBLISHED, form=Publishing, icon="check")
def publish(r: Roster, form: Publishing, x: X) -> None:
    people = cells.staff(x, r)
    if not cells.turns(x, r):
        raise Conflict(_("Nobody stands in this roster yet."))
    found = warnings.find(x, r, people, cells.shifts(x, r.site_id))
    if found and not form.despite:
        text = _("There are {n} warnings, the first: {first}")
        raise refuse("despite", text.format(n=len(found), first=found[0].text))
    r.published_at = x.now


@roster_flow.on(_("Take back"), RosterState.PUBLISHED, RosterState.DRAFT, form=Form, icon="undo")
def unpublish(r: Roster, form: Form, x: X) -> None:
    """It is prepared anew; until then whoever holds a post gets its tasks."""


def everybody(r: Roster, x: X) -> Iterable[UUID | None]:
    """Who stands in a roster."""
    return cells.accounts(x, {person for person, _day in cells.turns(x, r)})


# ---- swaps ----

swap_flow = Workflow(Swap, Swap.status, RosterSettings)


@swap_flow.creating
def by_page(s: Swap, x: X) -> None:
    if s.person_id is None:
        raise refuse("day", _("A swap is asked for at one's own shifts."))


def ask(x: X, day: dt.date, colleague: UUID, other: dt.date | None, reason: str | None) -> Swap:
    """Ask a colleague to take one's shift, or to change it against one of theirs.

    :raises Invalid: there is no such shift in a published roster, or it has begun.
    """
    if x.actor is None or colleague == x.actor:
        raise refuse("colleague_id", _("Choose a colleague."))
    mine = _turn(x, x.actor, day, "day", None)
    if not _employee(x, colleague, mine.site_id, mine.roster_id):
        raise refuse("colleague_id", _("This colleague does not stand in the roster of the site."))
    if other is not None:
        _turn(x, colleague, other, "colleague_day", mine.site_id)
    _not_asked_twice(x, day)
    return x.create(
        Swap, mine.site_id, person_id=x.actor, day=day, colleague_id=colleague, colleague_day=other, reason=reason
    )  # fmt: skip


def _not_asked_twice(x: X, day: dt.date) -> None:
    open_one = x.session.scalar(
        sa.select(Swap.number).where(
            Swap.tenant_id == x.tenant,
            Swap.person_id == x.actor,
            Swap.day == day,
            Swap.status.in_((SwapState.ASKED, SwapState.AGREED)),
        )
    )
    if open_one is not None:
        raise Conflict(_("A swap of this shift is under way: {number}. Withdraw it first.").format(number=open_one))


def _turn(x: X, person: UUID, day: dt.date, path: str, site: UUID | None) -> Turn:
    for turn, _roster in cells.of_person(x, person, day, day):
        if turn.starts_at is not None and (site is None or turn.site_id == site):
            if turn.starts_at <= x.now:
                raise refuse(path, _("This shift has begun already."))
            return turn
    raise refuse(path, _("There is no shift in a published roster on this day."))


def _employee(x: X, person: UUID, site: UUID, roster: UUID) -> Employee | None:
    found = x.session.get_one(Roster, (x.tenant, roster))
    return next((one for one in cells.staff(x, found) if one.person_id == person), None)


@guard(_("Only the colleague who was asked answers."), quiet=True)
def is_colleague(s: Swap, x: X) -> bool:
    return x.gate.system or x.actor == s.colleague_id


@guard(_("Only whoever asked takes it back."), quiet=True)
def is_asker(s: Swap, x: X) -> bool:
    return x.gate.system or x.actor == s.person_id


@guard(_("Nobody approves a swap of their own."))
def is_other(s: Swap, x: X) -> bool:
    return x.actor not in (s.person_id, s.colleague_id)


def above(s: Swap, x: X) -> list[list[UUID]]:
    """Who may decide of a swap, by levels of the line of command above whoever asked: first the lead of the trade."""
    if s.person_id is None:
        return []
    several = []
    for _post, people in x.line(s.person_id, s.site_id):
        mine = [one.id for one in people if one.id not in (s.person_id, s.colleague_id) and _may_decide(one.id, s, x)]
        if mine:
            several.append(mine)
    return several


def _may_decide(person: UUID, s: Swap, x: X) -> bool:
    return x.snapshot.gate(person, x.now).may(f"{Swap.kind}.approve", s.site_id, frozenset({"mine"}))


@guard(
    _("A swap is decided by whoever stands above the person in the line of command, first by the lead of the trade.")
)
def stands_above(s: Swap, x: X) -> bool:
    """Where nobody stands above, whoever may decide of swaps at the site does."""
    several = above(s, x)
    return x.gate.system or not several or any(x.actor in people for people in several)


class Refusing(Form):
    reason: Prose = asked(_("Reason"))


@swap_flow.on(_("Agree"), SwapState.ASKED, SwapState.AGREED, form=Form, guards=[is_colleague], icon="check")
def agree(s: Swap, form: Form, x: X) -> None:
    """The colleague takes the shift; whoever leads the roster decides."""


@swap_flow.on(
    _("Decline"), SwapState.ASKED, SwapState.DECLINED, form=Refusing, guards=[is_colleague], icon="close", danger=True
)
def decline(s: Swap, form: Refusing, x: X) -> None:
    s.answer = form.reason


@swap_flow.on(
    _("Refuse"), SwapState.AGREED, SwapState.DECLINED, form=Refusing, guards=[is_other, stands_above], icon="close",
    danger=True,
)  # fmt: skip
def reject(s: Swap, form: Refusing, x: X) -> None:
    s.answer = form.reason


@swap_flow.on(
    _("Withdraw"), (SwapState.ASKED, SwapState.AGREED), SwapState.WITHDRAWN, form=Form, guards=[is_asker], icon="undo"
)
def withdraw(s: Swap, form: Form, x: X) -> None:
    """Nothing changes in the roster."""


@swap_flow.on(
    _("Approve"), SwapState.AGREED, SwapState.APPROVED, form=Form, guards=[is_other, stands_above], icon="check"
)
def approve(s: Swap, form: Form, x: X) -> None:
    """The shifts change hands in the roster, as they stand now."""
    if s.person_id is None:
        raise Conflict(_("There is no shift in a published roster on this day."))
    one = _turn(x, s.person_id, s.day, "day", s.site_id)
    other = _turn(x, s.colleague_id, s.colleague_day, "colleague_day", s.site_id) if s.colleague_day else None
    _hand(x, one, s.colleague_id)
    if other is not None:
        _hand(x, other, s.person_id)


def _hand(x: X, turn: Turn, to: UUID) -> None:
    roster = x.session.scalar(
        sa.select(Roster).where(Roster.tenant_id == x.tenant, Roster.id == turn.roster_id).with_for_update()
    )
    taker = _employee(x, to, turn.site_id, turn.roster_id)
    if roster is None or taker is None:
        raise Conflict(_("This colleague does not stand in the roster of the site."))
    now = cells.turns(x, roster)
    if (turn.employee_id, turn.day) not in now or turn.shift_id is None:  # swapped away while this one waited
        raise Conflict(_("There is no shift in a published roster on this day."))
    stands = now.get((taker.id, turn.day))
    if stands is not None and (stands.shift_id is not None or stands.absence is not Absence.REST):
        raise Conflict(_("{name} has another shift or is away on {day}.").format(name=taker.name, day=turn.day))
    shift = x.session.get_one(Shift, (x.tenant, turn.shift_id))
    cells.write(x, roster, {(taker.id, turn.day): shift, (turn.employee_id, turn.day): None})


# ---- telling ----


def leads(s: Swap, x: X) -> Iterable[UUID | None]:
    """Whose turn it is: the next above whoever asked; nobody there: the project manager."""
    several = above(s, x)
    return several[0] if several else [one.id for one in x.who("project_manager", s.site_id)]


EVENTS = (
    Event(
        "hr.roster_published", _("A roster was published"), _("Roster {title} of {site} is published"), Roster.kind,
        actions=("publish",), to=everybody,
    ),
    Event(
        cells.CHANGED, _("A published roster was changed"), _("Your shifts in the roster {title} of {site} have changed"),
        Roster.kind,
    ),
    Event(
        "hr.swap_asked", _("A colleague asks for a swap of shifts"), _("{person} asks you to take a shift"), Swap.kind,
        actions=("create",), to=lambda s, x: [s.colleague_id],
    ),
    Event(
        "hr.swap_agreed", _("A swap of shifts waits for approval"), _("{number}: a swap waits for your approval"), Swap.kind,
        actions=("agree",), to=leads,
    ),
    Event(
        "hr.swap_decided", _("A swap of shifts was decided"), _("{number}: {status}"), Swap.kind,
        actions=("approve", "decline", "reject"), to=lambda s, x: [s.person_id, s.colleague_id],
    ),
)  # fmt: skip
