"""Points from 0 to 100 in four dimensions: of oneself, of somebody below, and anew after an appeal. One form for all three."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong import Asked, Context, Invalid, Record, Transition, page, translator, with_problem, write
from dougong.views import AsideCard, Crumb, FormPage, Input, Line, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .. import evidence as proof
from ..appraisals import evidence, rate_self, weights
from ..ratings import amend, appraisal_of, give
from ..records import Appraisal, Goal, Rating
from ..resources import appraisal, rating
from ..scoring import DIMENSIONS, MOST, written

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
        body: dict[str, Any] = {
            "scores": {key: _number(typed.get(f"scores.{key}", "")) for key in DIMENSIONS},
            kind.words[0]: typed.get(kind.words[0]) or None,
        }
        if isinstance(record, Appraisal):
            goals = _goals(record, x)
            body["outcomes"] = [typed.get(f"outcomes.{n}") or None for n in range(len(goals))]
            _link(record, goals, typed, x)
        x.take(record, kind.step.name, **body)

    try:
        await write(asked, work)
    except Invalid as problem:
        wrong = problem
        shown = await write(asked, lambda s: with_problem(_form(kind, *_found(asked, s, kind), typed), wrong))
        return page(asked, "form.html", shown, 422)
    asked.flash(kind.done)
    return RedirectResponse(f"{kind.resource.path}/{asked.uuid()}", 303)


def _link(a: Appraisal, goals: list[Goal], typed: Typed, x: Context[Any]) -> None:
    """Numbers of records typed beside a goal, as far as they are not linked yet; a wrong one is told at its field."""
    for n, goal in enumerate(goals):
        for number in typed.get(f"evidence.{n}", "").replace("，", " ").replace(",", " ").split()[: proof.MOST]:
            try:
                x.take(a, evidence.name, goal=goal.place, number=number)
            except Invalid as problem:
                raise Invalid(errors=tuple(type(e)(f"evidence.{n}", e.message) for e in problem.errors)) from None


def _found(asked: Asked, session: Session, kind: Kind) -> tuple[Context[Any], Any]:
    x = asked.context(session, "hr")
    record = x.get(kind.record, asked.uuid())
    x.demand(kind.step.permission, record)
    return x, record


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _goals(a: Appraisal, x: Context[Any]) -> list[Goal]:
    return sorted(x.children(a, Goal), key=lambda one: one.place)


def _form(kind: Kind, x: Context[Any], record: Any, typed: Typed | None) -> FormPage:
    a = record if isinstance(record, Appraisal) else appraisal_of(record, x)
    said = _begun(record) if typed is None else typed
    share = weights(a, x)
    points = [
        Input(
            f"scores.{key}", str(label), "number", said.get(f"scores.{key}", ""), required=True, min="0", max=str(MOST),
            help=str(_("Weight {n} %").format(n=share[key])),
        )
        for key, label in DIMENSIONS.items()
    ]  # fmt: skip
    name, label, help = kind.words
    must = kind is not SELF
    words = Input(name, str(label), "prose", said.get(name, ""), maxlength=20_000, required=must, help=str(help))
    sections = [Section(str(_("Points, from 0 to 100")), points), Section(str(label), [words])]
    if kind is SELF:
        sections.insert(0, _outcomes(a, x, said))
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
        aside=[] if kind is SELF else _beside(a, x),
        draft=f"hr.{kind.step.name}.{record.id}",
    )


def _begun(record: Any) -> dict[str, str]:
    """An appeal begins with the points that are contested, a rating sent back with those that were given."""
    if isinstance(record, Appraisal):
        return {}
    found = {f"scores.{key}": str(value) for key in DIMENSIONS if (value := getattr(record, key)) is not None}
    return found | ({"words": record.words} if record.words else {})


def _outcomes(a: Appraisal, x: Context[Any], said: Typed) -> Section:
    inputs = []
    for n, goal in enumerate(_goals(a, x)):
        label = f"{goal.place}. {goal.title} ({goal.weight} %)"
        target = str(_("Target: {target}").format(target=goal.target))
        linked = ", ".join(one.number for one in proof.shown(x, goal))
        numbers = str(_("Numbers of records that show it, as in GD-2026-000123; several with spaces."))
        inputs += [
            Input(
                f"outcomes.{n}",
                label,
                "prose",
                said.get(f"outcomes.{n}", goal.outcome or ""),
                maxlength=20_000,
                help=target,
            ),
            Input(
                f"evidence.{n}",
                str(_("Evidence")),
                "line",
                said.get(f"evidence.{n}", linked),
                maxlength=200,
                help=numbers,
            ),
        ]
    return Section(str(_("What came of each goal")), inputs)


def _beside(a: Appraisal, x: Context[Any]) -> list[AsideCard]:
    """What the employee says, for whoever rates."""
    cards = []
    lines = []
    for goal in _goals(a, x):
        lines.append(Line(f"{goal.place}. {goal.title}", f"{goal.weight} % · {goal.target}", icon="check"))
        if goal.outcome:
            lines.append(Line(goal.outcome, icon="doc"))
        lines += [Line(one.number, one.title, one.href, "link") for one in proof.shown(x, goal)]
    if lines:
        cards.append(AsideCard(str(_("Goals and what came of them")), lines=lines))
    if a.self_total is not None:
        own = [Line(str(label), str(getattr(a, f"self_{key}")), icon="user") for key, label in DIMENSIONS.items()]
        own.append(Line(str(_("Total")), written(a.self_total), icon="user"))
        cards.append(AsideCard(str(_("Own rating")), lines=own, text=a.self_words or ""))
    return cards


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
