"""The registers: laws with their quarterly check and compliance evaluation; aspects and hazards with their yearly rating."""

from __future__ import annotations

from typing import Any

from dougong import Workflow, translator

from .choices import Checked, LawState, Stage, Standing
from .common import Settings, X, months_after, refuse, steps
from .rating import level_of, score
from .records import (
    FACTORS,
    Aspect,
    AspectRating,
    Evaluation,
    Hazard,
    HazardRating,
    LegalCheck,
    LegalItem,
    Rated,
)

_ = translator("dougong_quality")

laws = Workflow(LegalItem, LegalItem.status, Settings)
aspects = Workflow(Aspect, Aspect.status, Settings)
hazards = Workflow(Hazard, Hazard.status, Settings)

IN_FORCE = (LawState.CURRENT, LawState.AMENDED)

# ---- law ----


@laws.creating
def entered(item: LegalItem, x: X) -> None:
    item.checked_on = item.checked_on or x.today(item.site_id)
    item.evaluated_on = item.evaluated_on or x.today(item.site_id)


@laws.adding(
    _("Check the text"),
    tuple(LawState),
    LegalCheck,
    tuple(LawState),
    icon="search",
    help=_("Is it still in force as it was?"),
)
def check(item: LegalItem, c: LegalCheck, x: X) -> LawState:
    item.checked_on, item.checked = x.today(item.site_id), Checked.READ
    return c.state


@laws.adding(_("Evaluate compliance"), IN_FORCE, Evaluation, icon="check")
def evaluate(item: LegalItem, e: Evaluation, x: X) -> None:
    item.result, item.evaluated_on = e.result, x.today(item.site_id)


laws.clock(
    "check",
    _("Check of the text"),
    due=LegalItem.check_by,
    late=LegalItem.check_late,
    runs=IN_FORCE,
    again=LegalCheck,
    term=lambda i, x: months_after(i.checked_on or x.today(i.site_id), x.settings.legal_months),
    depends=(LegalItem.checked_on,),
    owner=LegalItem.created_by,
    steps=steps(),
    step=check,
    imports=True,
)
laws.clock(
    "evaluation",
    _("Compliance evaluation"),
    due=LegalItem.evaluate_by,
    late=LegalItem.evaluate_late,
    runs=IN_FORCE,
    again=Evaluation,
    term=lambda i, x: months_after(i.evaluated_on or x.today(i.site_id), x.settings.compliance_months),
    depends=(LegalItem.evaluated_on,),
    owner=LegalItem.created_by,
    steps=steps(lambda settings: 14),
    step=evaluate,
    imports=True,
)

# ---- aspects and hazards ----


def _limits(kind: str, settings: Settings) -> tuple[list[float], float]:
    if kind == Aspect.kind:
        return settings.aspect_bounds, settings.aspect_significant
    return settings.hazard_bounds, settings.hazard_significant


def _apply(r: Any, rating: Any, x: X) -> None:
    """Put a rating on its record; a residual one leaves the degrees as they are."""
    bounds, most = _limits(r.kind, x.settings)
    points = score(getattr(rating, name) for name in FACTORS[r.kind])
    rating.score, rating.level = float(points), level_of(points, bounds)
    if rating.measure:
        r.controls = "\n".join(filter(None, (r.controls, rating.measure)))
    r.rated_on = x.today(r.site_id)
    if rating.stage is Stage.RESIDUAL:
        r.residual, r.residual_level = rating.score, rating.level
        return
    for name in FACTORS[r.kind]:
        setattr(r, name, getattr(rating, name))
    r.score, r.level, r.significant = rating.score, rating.level, rating.score >= most
    r.residual = r.residual_level = None


def _rated(flow: Workflow[Any, Standing, Settings], child: type[Any]) -> None:
    """The life that aspects and hazards share."""
    record = flow.record

    @flow.creating
    def first(r: Rated, x: X) -> None:
        values = {name: getattr(r, name) for name in FACTORS[r.kind]}
        _apply(r, x.add(r, child(stage=Stage.INHERENT, measure=None, **values)), x)

    @flow.changing
    def controlled(r: Rated, x: X) -> None:
        if r.significant and not r.controls:
            raise refuse("controls", _("say what is done about it: its score is {n}").format(n=f"{r.score:g}"))

    @flow.adding(
        _("Rate again"), Standing.ACTIVE, child, icon="history", help=_("The former ratings stay in the timeline.")
    )
    def rate(r: Any, rating: Any, x: X) -> None:
        _apply(r, rating, x)
        if r.significant and not r.controls:
            raise refuse("measure", _("say what is done about it: its score is {n}").format(n=f"{r.score:g}"))

    flow.step("retire", _("End"), Standing.ACTIVE, Standing.ENDED, icon="close")
    flow.clock(
        "rating",
        _("Rating"),
        due=record.rate_by,
        late=record.rate_late,
        runs=Standing.ACTIVE,
        again=child,
        term=lambda r, x: months_after(r.rated_on or x.today(r.site_id), x.settings.rating_months),
        depends=(record.rated_on,),
        owner=record.created_by,
        steps=steps(lambda settings: 30),
        step=rate,
        imports=True,
    )


_rated(aspects, AspectRating)
_rated(hazards, HazardRating)
