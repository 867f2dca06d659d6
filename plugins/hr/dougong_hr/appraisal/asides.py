"""What appraisals add to pages: points side by side, how far a round is, what waits for somebody on the start page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from dougong import Context, Me, translator
from dougong.views import Action, AsideCard, Card, Line, Value

from ..organisation.records import Employee
from .choices import AppraisalState
from .pages.sheet import given_of, points_of
from .records import CALIBRATE, Appraisal, Rating, Round
from .resources import appraisal, my_turn, rating

_ = translator("dougong_hr")
_SHOWN = 5


def beside(page: str, subject: Any, x: Context[Any]) -> Iterator[Any]:
    """Cards and buttons for a page."""
    if page == "home" and x.actor is not None and x.gate.scope(appraisal.permission("read")):
        yield from _waiting(x)
    if page == f"detail:{Appraisal.kind}":
        yield Action(str(_("Appraisal sheet")), f"/hr/appraisals/{subject.id}/sheet", "doc", main=True)
        yield from _points(subject, x)
    if page == f"detail:{Rating.kind}":
        yield Action(str(_("Appraisal sheet")), f"/hr/appraisals/{subject.appraisal_id}/sheet", "doc")
    if page == f"detail:{Round.kind}":
        if x.gate.scope(CALIBRATE):
            yield Action(str(_("Calibration")), f"/hr/calibration/{subject.id}", "chart", main=True)
        yield from _standing(subject, x)
    if page == f"detail:{Employee.kind}" and x.gate.scope(appraisal.permission("read")):
        yield from _of_employee(subject, x)


def _waiting(x: Context[Any]) -> Iterator[Card]:
    query = x.readable(Appraisal).where(my_turn(Me())).params(me=x.actor)
    found = list(x.session.scalars(query.order_by(Appraisal.number).limit(_SHOWN)))
    if not found:
        return
    given = {r.appraisal_id: r.id for r in x.session.scalars(
        x.readable(Rating).where(Rating.appraisal_id.in_([a.id for a in found]))
    )}  # fmt: skip
    lines = [_line(a, _where(a, given)) for a in found]
    more = Action(str(_("All of them")), f"{appraisal.path}?tab=turn")
    yield Card(str(_("Appraisals: your turn")), lines, count=None, more=more)


def _where(a: Appraisal, given: dict[Any, Any]) -> str:
    """The rating, where the step that waits is one of it."""
    on_rating = a.status in (AppraisalState.RATING, AppraisalState.REVIEW, AppraisalState.APPEAL)
    return f"{rating.path}/{given[a.id]}" if on_rating and a.id in given else f"{appraisal.path}/{a.id}"


def _line(a: Appraisal, href: str) -> Line:
    return Line(a.title, a.number, href, "check", Value("tag", str(a.status.label)))


def _points(a: Appraisal, x: Context[Any]) -> Iterator[Any]:
    r = given_of(x, a)
    if a.self_total is None and r is None:
        return
    rows, total = points_of(x, a, r)
    own, given = str(_("Own rating")), str(_("Rating by the superior"))
    lines = [
        Line(f"{label} {weight}", f"{own} {mine} · {given} {theirs}", icon="chart")
        for label, weight, mine, theirs in (*rows, total)
    ]
    yield AsideCard(str(_("Points, from 0 to 100")), lines=lines)
    if r is not None:
        yield Action(str(_("Rating")), f"{rating.path}/{r.id}", "chart", main=True)


def _standing(r: Round, x: Context[Any]) -> Iterator[AsideCard]:
    query = x.readable(Appraisal).where(Appraisal.round_id == r.id)
    counted = query.with_only_columns(Appraisal.status, sa.func.count()).group_by(Appraisal.status)
    found = {row[0]: int(row[1]) for row in x.session.execute(counted)}
    if not found:
        yield AsideCard(str(_("How far it is")), text=str(_("No appraisals that you may see yet.")))
        return
    href = f"{appraisal.path}?tab=all&status="
    lines = [
        Line(str(state.label), href=f"{href}{state.value}", icon="check", end=Value("text", str(found[state])))
        for state in AppraisalState
        if state in found
    ]
    yield AsideCard(str(_("How far it is")), lines=lines)


def _of_employee(e: Employee, x: Context[Any]) -> Iterator[AsideCard]:
    query = x.readable(Appraisal).where(Appraisal.employee_id == e.id).order_by(Appraisal.created_at.desc())
    found = list(x.session.scalars(query.limit(_SHOWN)))
    if found:
        yield AsideCard(str(_("Appraisals")), lines=[_line(a, f"{appraisal.path}/{a.id}") for a in found])


__all__ = ["beside"]
