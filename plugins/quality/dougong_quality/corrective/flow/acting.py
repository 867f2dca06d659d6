"""The work of whoever is responsible: containment, cause, measures, their implementation, and asking sister sites."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from dougong import Day, Prose, asked, guard, translator
from pydantic import Field

from ..choices import MeasureKind, MeasureState, State
from ..records import Analysis, Containment, Measure, Nonconformity, Rollout
from ..relations import FINISH, may, measures
from ..structure import in_words, roots, wrong
from .base import Form, X, check_day, flow, refuse

_ = translator("dougong_quality")


@flow.adding(_("Record containment"), State.CONTAIN, Containment, State.CAUSE, icon="shield")
def contain(c: Nonconformity, one: Containment, x: X) -> None:
    c.contained_at = x.now


@flow.adding(
    _("Analyse the cause"),
    (State.CAUSE, State.PLAN),
    Analysis,
    State.PLAN,
    icon="search",
    page="/quality/analysis/{id}",
    help=_("Five whys, a fishbone, or both."),
)
def analyse(c: Nonconformity, one: Analysis, x: X) -> None:
    found = wrong(one.whys, one.bones)  # type: ignore[arg-type]
    if found is not None:
        raise refuse(*found)
    one.round, one.words = c.round, in_words(one.whys, one.bones)  # type: ignore[arg-type]
    c.cause, c.root = one.factor, "\n".join(roots(one.whys, one.bones))  # type: ignore[arg-type]


class NewMeasure(Form):
    type: MeasureKind = asked(_("Kind of measure"), start=MeasureKind.CORRECTIVE)
    text: Prose = asked(_("What is to be done"))
    responsible_id: UUID = asked(_("Responsible"), widget="person", may=FINISH)
    due: Day = asked(_("Until"))


@flow.on(
    _("Add a measure"),
    (State.PLAN, State.ACT),
    form=NewMeasure,
    icon="plus",
    help=_(
        "A correction mends this one; a corrective measure takes its cause away; a preventive one keeps others from it."
    ),
)
def plan(c: Nonconformity, f: NewMeasure, x: X) -> None:
    if not may(f.responsible_id, FINISH, c.site_id, x):
        raise refuse("responsible_id", _("has no role at this site with which measures are carried out"))
    check_day("due", f.due, c.site_id, x)
    if c.due is not None and f.due > c.due:
        raise refuse("due", _("is later than the nonconformity is to be corrected by"))
    if len(measures(c, x, this_round=False)) >= MOST:
        raise refuse("text", _("is one more than the {n} measures that a nonconformity may have").format(n=MOST))
    made = x.create(
        Measure, c.site_id, type=f.type, text=f.text, responsible_id=f.responsible_id, due=f.due, nc_id=c.id, round=c.round
    )  # fmt: skip
    x.link(c, made, origin=True)  # what the measure gives rise to, a revision say, stands in one chain with what failed


MOST = 60


@guard(_("There must be a corrective or preventive measure of this round first: a correction alone leaves the cause."))
def has_measure(c: Nonconformity, x: X) -> bool:
    return any(
        one.type is not MeasureKind.CORRECTION and one.status is not MeasureState.DROPPED for one in measures(c, x)
    )


@flow.on(_("Begin implementation"), State.PLAN, State.ACT, form=Form, guards=[has_measure], icon="right")
def start(c: Nonconformity, f: Form, x: X) -> None:
    """From here the measures run; more can be added."""


@guard(_("Every measure of this round must be done or dropped first."))
def all_done(c: Nonconformity, x: X) -> bool:
    return all(one.status is not MeasureState.OPEN for one in measures(c, x))


@guard(_("At least one corrective or preventive measure must have been done."))
def one_done(c: Nonconformity, x: X) -> bool:
    return any(one.type is not MeasureKind.CORRECTION and one.status is MeasureState.DONE for one in measures(c, x))


@flow.on(_("Submit for verification"), State.ACT, State.VERIFY, form=Form, guards=[all_done, one_done], icon="check")
def submit(c: Nonconformity, f: Form, x: X) -> None:
    c.rectified_at = x.now


class Rolling(Form):
    sites: Annotated[list[UUID], Field(min_length=1, max_length=200)] = asked(_("Sister sites"))
    text: Prose = asked(_("What to look for"), help=_("They may not see this nonconformity: say all that they need."))
    due: Day = asked(_("Answer until"))


@guard(_("Every sister site has been asked, or there is none."))
def has_sisters(c: Nonconformity, x: X) -> bool:
    return not sisters(c, x).keys() <= rolled_to(c, x)


@flow.on(
    _("Roll out to sister sites"),
    (State.CAUSE, State.PLAN, State.ACT, State.VERIFY, State.EFFECT),
    form=Rolling,
    guards=[has_sisters],
    icon="people",
    page="/quality/rolling/{id}",
    help=_("Each site's manager says by a date whether it applies there, and what was done."),
)
def roll_out(c: Nonconformity, f: Rolling, x: X) -> None:
    check_day("due", f.due, c.site_id, x)
    known = sisters(c, x)
    asked_already = rolled_to(c, x)
    for n, site in enumerate(f.sites):
        if site not in known:
            raise refuse(f"sites.{n}", _("is no project that could be asked"))
        if site in asked_already or site in f.sites[:n]:
            raise refuse(f"sites.{n}", _("has been asked already"))
    for site in f.sites:
        x.create(Rollout, site, text=f.text, due=f.due, nc_id=c.id, origin=x.snapshot.sites.node(c.site_id).name)
    c.rolled += len(f.sites)


def sisters(c: Nonconformity, x: X) -> dict[UUID, str]:
    """Other projects of the company that can be asked, by id."""
    return {
        node.id: node.name
        for node in x.snapshot.sites.ordered()
        if node.type == "project" and node.id != c.site_id and x.snapshot.module_on("quality", node.id)
    }


def rolled_to(c: Nonconformity, x: X) -> set[UUID]:
    """Sites that have been asked about it."""
    return set(
        x.session.scalars(sa.select(Rollout.site_id).where(Rollout.tenant_id == x.tenant, Rollout.nc_id == c.id))
    )
