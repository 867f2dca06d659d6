"""The goals in the forms of points: what is typed for each of them, what is known of it beside, records as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Context, Invalid, translator
from dougong.views import AsideCard, Input, Line, Section

from .. import evidence as proof
from ..appraisals import evidence
from ..records import Appraisal, Goal, GoalScore, Rating
from ..scoring import DIMENSIONS, MOST, written

_ = translator("dougong_hr")
Typed = Mapping[str, str]
GLANCE = 200  # characters of an outcome beside the points; the whole of it stands in the card


def given_before(r: Rating, x: Context[Any]) -> dict[str, str]:
    """What the goals were given already, by the names of the inputs."""
    return {f"goals.{one.place - 1}": str(one.points) for one in x.children(r, GoalScore)}


def reckoned(share: Mapping[str, int]) -> str:
    """Why nobody is asked for the points of results."""
    return str(
        _("Results ({n} % of the total) are not rated by themselves: their points are the weighted mean of the goals.").format(
            n=share["results"]
        )
    )


def own(goals: list[Goal], x: Context[Any], said: Typed) -> Section:
    """For the employee: what came of each goal, its points, records that show it."""
    inputs = []
    for n, goal in enumerate(goals):
        linked = ", ".join(one.number for one in proof.shown(x, goal))
        numbers = str(_("Numbers of records that show it, as in GD-2026-000123; several with spaces."))
        inputs += [
            Input(
                f"outcomes.{n}", f"{goal.place}. {goal.title} ({goal.weight} %)", "prose",
                said.get(f"outcomes.{n}", goal.outcome or ""), maxlength=20_000,
                help=str(_("Target: {target}").format(target=goal.target)),
            ),
            _points(n, str(_("Points of goal {n}").format(n=goal.place)), said),
            Input(
                f"evidence.{n}", str(_("Evidence")), "line", said.get(f"evidence.{n}", linked), maxlength=200, help=numbers
            ),
        ]  # fmt: skip
    return Section(str(_("What came of each goal")), inputs, str(_("From 0 to 100 points each.")))


def given(goals: list[Goal], r: Rating, x: Context[Any], said: Typed) -> Section:
    """For whoever rates: points of each goal, with what it weighs, wants and came to."""
    inputs, help = [], str(_("From 0 to 100 points each."))
    if r.results is not None and not x.children(r, GoalScore):
        help = str(_("From 0 to 100 points each. Before, results were rated directly: {n} points.").format(n=r.results))
    for n, goal in enumerate(goals):
        known = [_("Weight {n} %").format(n=goal.weight), _("Target: {target}").format(target=goal.target)]
        if goal.self_points is not None:
            known.append(_("Own rating: {n} points").format(n=goal.self_points))
        if goal.outcome:
            short = goal.outcome if len(goal.outcome) <= GLANCE else f"{goal.outcome[:GLANCE]}…"
            known.append(_("What came of it: {outcome}").format(outcome=short))
        inputs.append(_points(n, f"{goal.place}. {goal.title}", said, " · ".join(map(str, known))))
    return Section(str(_("Points of each goal")), inputs, help)


def _points(n: int, label: str, said: Typed, help: str = "") -> Input:
    return Input(
        f"goals.{n}", label, "number", said.get(f"goals.{n}", ""), required=True, min="0", max=str(MOST), help=help,
        unit=str(_("of 100")),
    )  # fmt: skip


def link(a: Appraisal, goals: list[Goal], typed: Typed, x: Context[Any]) -> None:
    """Numbers of records typed beside a goal, as far as they are not linked yet; a wrong one is told at its field."""
    for n, goal in enumerate(goals):
        for number in typed.get(f"evidence.{n}", "").replace("，", " ").replace(",", " ").split()[: proof.MOST]:
            try:
                x.take(a, evidence.name, goal=goal.place, number=number)
            except Invalid as problem:
                raise Invalid(errors=tuple(type(e)(f"evidence.{n}", e.message) for e in problem.errors)) from None


def beside(a: Appraisal, goals: list[Goal], x: Context[Any]) -> list[AsideCard]:
    """What the employee says, for whoever rates; of goals what does not stand with their points: long texts, evidence."""
    cards = []
    lines = []
    for goal in goals:
        more = [Line(goal.outcome, icon="doc")] if goal.outcome and len(goal.outcome) > GLANCE else []
        more += [Line(one.number, one.title, one.href, "link") for one in proof.shown(x, goal)]
        if more:
            lines += [Line(f"{goal.place}. {goal.title}", icon="check"), *more]
    if lines:
        cards.append(AsideCard(str(_("Goals and what came of them")), lines=lines))
    if a.self_total is not None:
        said = [Line(str(label), str(getattr(a, f"self_{key}")), icon="user") for key, label in DIMENSIONS.items()]
        said.append(Line(str(_("Total")), written(a.self_total), icon="user"))
        cards.append(AsideCard(str(_("Own rating")), lines=said, text=a.self_words or ""))
    return cards


__all__ = ["beside", "given", "given_before", "link", "own", "reckoned"]
