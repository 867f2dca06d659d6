"""Points from 0 to 100 of each goal and in four dimensions: of oneself, of somebody below, and anew after an appeal.

One form for all three. Where there are goals, nobody is asked for the points of results: they follow from those of the goals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong import Asked, Context, Invalid, Record, Transition, page, translator, with_problem, write
from dougong.views import Crumb, FormPage, Input, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..appraisals import rate_self, weights
from ..base import goals_of
from ..ratings import amend, appraisal_of, give
from ..records import Appraisal, Goal, Rating
from ..resources import appraisal, rating
from ..scoring import DIMENSIONS, MOST
from . import goal_points

_ = translator("dougong_hr")
Typed = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """One of the three. :ivar words: name of the text that goes with the points, with its label and help."""

    record: type[Record]
    step: Transition[Any, Any, Any]
    resource: Any
    address: str
    words: tuple[str, Any, Any]
    done: Any


SELF = Kind(
    Appraisal, rate_self, appraisal, "/hr/appraisals/{id}/self",
    ("words", _("In their own words"), _("What went well, what did not, what you need.")), _("Your self-rating was handed in."),
)  # fmt: skip
RATING = Kind(
    Rating, give, rating, "/hr/ratings/{id}/score",
    ("words", _("What it stands on"), _("Facts, with dates; the employee reads it after the interview.")),
    _("The rating was handed in."),
)  # fmt: skip
AMENDED = Kind(
    Rating, amend, rating, "/hr/ratings/{id}/amend",
    ("reason", _("Reason of the decision"), _("The employee and whoever rated read it.")), _("The appeal was decided."),
)  # fmt: skip


async def _show(asked: Asked, kind: Kind) -> Response:
    """The form; where the stage is over, the record itself."""
    asked.params()

    def load(session: Session) -> FormPage | None:
        x, record = _found(asked, session, kind)
        return _form(kind, x, record, None) if kind.step.open_from(record.status) else None

    found = await write(asked, load)
    if found is None:
        return RedirectResponse(f"{kind.resource.path}/{asked.uuid()}", 303)
    return page(asked, "form.html", found)


async def _save(asked: Asked, kind: Kind) -> Response:
    asked.params()
    typed = {name: str(value).replace("\r\n", "\n").strip() for name, value in (await asked.form()).items()}

    def work(session: Session) -> None:
        x, record = _found(asked, session, kind)
        a = _appraisal(record, x)
        goals = goals_of(x, a)
        body: dict[str, Any] = {
            "scores": {key: _number(typed.get(f"scores.{key}", "")) for key in _rated(goals)},
            kind.words[0]: typed.get(kind.words[0]) or None,
        }
        if goals:
            body["goals"] = [_number(typed.get(f"goals.{n}", "")) for n in range(len(goals))]
        if kind is SELF:
            body["outcomes"] = [typed.get(f"outcomes.{n}") or None for n in range(len(goals))]
            goal_points.link(a, goals, typed, x)
        x.take(record, kind.step.name, **body)

    try:
        await write(asked, work)
    except Invalid as problem:
        wrong = problem
        shown = await write(asked, lambda s: with_problem(_form(kind, *_found(asked, s, kind), typed), wrong))
        return page(asked, "form.html", shown, 422)
    asked.flash(kind.done)
    return RedirectResponse(f"{kind.resource.path}/{asked.uuid()}", 303)


def _found(asked: Asked, session: Session, kind: Kind) -> tuple[Context[Any], Any]:
    x = asked.context(session, "hr")
    record = x.get(kind.record, asked.uuid())
    x.demand(kind.step.permission, record)
    return x, record


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _appraisal(record: Any, x: Context[Any]) -> Appraisal:
    return record if isinstance(record, Appraisal) else appraisal_of(record, x)


def _rated(goals: list[Goal]) -> dict[str, Any]:
    """The dimensions that points are asked for, with their labels: those of results follow from the goals."""
    return {key: label for key, label in DIMENSIONS.items() if not (goals and key == "results")}


def _form(kind: Kind, x: Context[Any], record: Any, typed: Typed | None) -> FormPage:
    a = _appraisal(record, x)
    goals = goals_of(x, a)
    said = _begun(record, x) if typed is None else typed
    share = weights(a, x)
    points = [
        Input(
            f"scores.{key}", str(label), "number", said.get(f"scores.{key}", ""), required=True, min="0", max=str(MOST),
            help=str(_("Weight {n} %").format(n=share[key])),
        )
        for key, label in _rated(goals).items()
    ]  # fmt: skip
    name, label, help = kind.words
    must = kind is not SELF
    words = Input(name, str(label), "prose", said.get(name, ""), maxlength=20_000, required=must, help=str(help))
    why = goal_points.reckoned(share) if goals else ""
    sections = [Section(str(_("Points, from 0 to 100")), points, why), Section(str(label), [words])]
    if goals:
        mine = kind is SELF
        sections.insert(0, goal_points.own(goals, x, said) if mine else goal_points.given(goals, record, x, said))
    title = str(kind.step.label)
    return FormPage(
        title=title,
        subtitle=f"{record.number} {record.title}",
        action=kind.address.format(id=record.id),
        submit=str(_("Hand in")),
        sections=sections,
        crumbs=[
            Crumb(str(kind.resource.label), kind.resource.path),
            Crumb(record.number, f"{kind.resource.path}/{record.id}"),
            Crumb(title),
        ],
        cancel=f"{kind.resource.path}/{record.id}",
        aside=[] if kind is SELF else goal_points.beside(a, goals, x),
        draft=f"hr.{kind.step.name}.{record.id}",
    )


def _begun(record: Any, x: Context[Any]) -> dict[str, str]:
    """An appeal begins with the points that are contested, a rating sent back with those that were given."""
    if isinstance(record, Appraisal):
        return {}
    found = {f"scores.{key}": str(value) for key in DIMENSIONS if (value := getattr(record, key)) is not None}
    return found | goal_points.given_before(record, x) | ({"words": record.words} if record.words else {})


def _pair(kind: Kind) -> tuple[Callable[[Asked], Any], Callable[[Asked], Any]]:
    async def show(asked: Asked) -> Response:
        return await _show(asked, kind)

    async def save(asked: Asked) -> Response:
        return await _save(asked, kind)

    return show, save


show_self, save_self = _pair(SELF)
show_rating, save_rating = _pair(RATING)
show_amended, save_amended = _pair(AMENDED)

__all__ = ["save_amended", "save_rating", "save_self", "show_amended", "show_rating", "show_self"]
