"""An appraisal as one sheet: goals with what came of them and their evidence, own and given points side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dougong import Asked, Context, page, translator, write
from dougong.views import Action, Crumb, Fact, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from .. import evidence as proof
from ..appraisals import weights
from ..base import goals_of
from ..records import Appraisal, GoalScore, Rating, Round
from ..resources import appraisal, rating
from ..scoring import DIMENSIONS, written

_ = translator("dougong_hr")


@dataclass(slots=True)
class SheetGoal:
    """:ivar own: points by the employee. :ivar given: by the superior. :ivar evidence: number, title, address."""

    place: str
    title: str
    weight: str
    target: str
    outcome: str
    own: str
    given: str
    evidence: list[tuple[str, str, str]]


@dataclass(slots=True)
class SheetPage:
    """:ivar scored: some goal has points that the reader may see. :ivar points: dimension, weight, own points, points given.
    :ivar words: heading and text."""

    title: str
    subtitle: str
    crumbs: list[Crumb]
    facts: list[Fact]
    goals: list[SheetGoal]
    scored: bool
    points: list[tuple[str, str, str, str]]
    total: tuple[str, str, str, str]
    words: list[tuple[str, str]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> SheetPage:
        x = asked.context(session, "hr")
        return _sheet(x, x.get(Appraisal, asked.uuid()))

    return page(asked, "hr/sheet.html", await write(asked, load))


def given_of(x: Context[Any], a: Appraisal) -> Rating | None:
    """The rating as far as this person may see it."""
    return x.session.scalar(x.readable(Rating).where(Rating.appraisal_id == a.id))


def points_of(x: Context[Any], a: Appraisal, r: Rating | None) -> tuple[list[tuple[str, str, str, str]], Any]:
    """Rows of dimension, weight, own points and points given, and the totals."""
    share = weights(a, x)
    rows = [
        (str(label), f"{share[key]} %", _said(getattr(a, f"self_{key}")), _said(getattr(r, key) if r else None))
        for key, label in DIMENSIONS.items()
    ]
    grade = f" · {r.grade.label}" if r and r.grade else ""
    return rows, (str(_("Total")), "100 %", written(a.self_total), written(r.total if r else None) + grade)


def _said(points: int | None) -> str:
    return "–" if points is None else str(points)


def _sheet(x: Context[Any], a: Appraisal) -> SheetPage:
    r = given_of(x, a)
    rows, total = points_of(x, a, r)
    goals = _goals(x, a, r)
    scored = any(one != "–" for goal in goals for one in (goal.own, goal.given))
    made = SheetPage(
        str(_("Appraisal sheet")), f"{a.number} {a.title}", _crumbs(a), _facts(x, a), goals, scored, rows, total, _words(a, r)
    )  # fmt: skip
    made.actions.append(Action(str(_("Back to the appraisal")), f"{appraisal.path}/{a.id}"))
    if r is not None:
        made.actions.append(Action(str(_("Rating")), f"{rating.path}/{r.id}", "chart"))
    return made


def _crumbs(a: Appraisal) -> list[Crumb]:
    return [
        Crumb(str(appraisal.label), appraisal.path),
        Crumb(a.number, f"{appraisal.path}/{a.id}"),
        Crumb(str(_("Appraisal sheet"))),
    ]


def _facts(x: Context[Any], a: Appraisal) -> list[Fact]:
    named = x.session.get_one(Round, (x.tenant, a.round_id))
    departments = x.settings_of("hr").departments
    department = str(departments[a.department].label) if a.department in departments else a.department

    def who(id: Any) -> str:
        found = x.snapshot.people.get(id) if id else None
        return found.name if found else "–"

    period = f"{named.starts_on} – {named.ends_on}"
    return [
        Fact(str(_("Round of appraisals")), Value("text", named.title)),
        Fact(str(_("Period")), Value("text", period)),
        Fact(str(_("Department")), Value("text", department)),
        Fact(str(_("Superior")), Value("text", who(a.rater_id))),
        Fact(str(_("Reviewer")), Value("text", who(a.reviewer_id))),
        Fact(str(_("Status")), Value("text", str(a.status.label))),
    ]


def _goals(x: Context[Any], a: Appraisal, r: Rating | None) -> list[SheetGoal]:
    given = {one.place: one.points for one in x.children(r, GoalScore)} if r else {}
    return [
        SheetGoal(
            str(g.place), g.title, f"{g.weight} %", g.target, g.outcome or "", _said(g.self_points), _said(given.get(g.place)),
            [(one.number, one.title, one.href) for one in proof.shown(x, g)],
        )
        for g in goals_of(x, a)
    ]  # fmt: skip


def _words(a: Appraisal, r: Rating | None) -> list[tuple[str, str]]:
    found = [
        (str(_("In their own words")), a.self_words),
        (str(_("What it stands on")), r.words if r else None),
        (str(_("Agreed in the interview")), a.talk_words),
        (str(_("Reason of the appeal")), a.appeal_why),
        (str(_("Reason of the decision")), r.decided_why if r else None),
    ]
    return [(heading, text) for heading, text in found if text]


__all__ = ["given_of", "points_of", "show"]
