"""Rounds of appraisal, the appraisal of one employee with its goals, and apart from it what the superior gave. Rules beside.

The rating is a record of its own, because it is seen by fewer people: not by the employee before the interview, and never by
others than those above them and human resources.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Child,
    ClockMemory,
    Day,
    Line,
    Prose,
    Record,
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from pydantic import Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..organisation.records import Employee
from .choices import AppraisalState, Grade, RatingState, RoundState, Span

_ = translator("dougong_hr")

ALL, CALIBRATE = "hr.all_appraisals", "hr.calibrate"

Year = Annotated[Whole, Field(ge=2000, le=2200)]
Weight = Annotated[Whole, Field(ge=0, le=100)]


def _state(first: Any) -> Any:
    return recorded(_("Status"), default=first, listed=True, filtered=True)


def _points(label: Any) -> Any:
    return recorded(label, unit=_("of 100"))


def _weight(label: Any) -> Any:
    return field(label, default=None, unit=_("%"), help=_("Empty: as in the settings."))


class Round(
    Record,
    kind="hr.round",
    label=_("Round of appraisals"),
    number="KH",
    scope="company",
    indexes=[("site_id", "status")],
):
    """A year or half of it, of a whole company or of one site, with the weights that hold for it."""

    status: Mapped[RoundState] = _state(RoundState.DRAFT)
    title: Mapped[Line] = field(_("Name"), listed=True, searched=True, help=_("Appraisal 2026."))
    year: Mapped[Year] = field(_("Year"), listed=True)
    span: Mapped[Span] = field(_("Period"), listed=True, filtered=True, start=Span.YEAR)
    opens_on: Mapped[Day | None] = field(
        _("Self-rating from"), listed=True, default=None, help=_("Empty: the day after the period.")
    )
    results: Mapped[Weight | None] = _weight(_("Weight of results"))
    methods: Mapped[Weight | None] = _weight(_("Weight of methods"))
    attitude: Mapped[Weight | None] = _weight(_("Weight of attitude"))
    cooperation: Mapped[Weight | None] = _weight(_("Weight of cooperation"))
    note: Mapped[Prose | None] = field(_("Note"), default=None)
    starts_on: Mapped[dt.date | None] = recorded(_("Period from"))
    ends_on: Mapped[dt.date | None] = recorded(_("Period until"))
    started_at: Mapped[dt.datetime | None] = recorded(_("Started at"), filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"))


class Appraisal(
    Record,
    kind="hr.appraisal",
    label=_("Appraisal"),
    number="KP",
    unique=[("round_id", "employee_id")],
    indexes=[
        ("site_id", "status"), ("person_id", "status"), ("rater_id", "status"), ("reviewer_id", "status"), ("decider_id",),
        ("employee_id",),
    ],
):  # fmt: skip
    """Of one employee in one round: goals, what they say of themselves, how it goes on. Made by the round alone."""

    status: Mapped[AppraisalState] = _state(AppraisalState.GOALS)
    title: Mapped[Line] = recorded(_("Who and when"), default="", listed=True, searched=True)
    round_id: Mapped[UUID] = ref(Round, _("Round of appraisals"), create=False, edit=False, default=None)
    employee_id: Mapped[UUID] = ref(Employee, _("Employee"), create=False, edit=False, default=None)
    department: Mapped[Line] = recorded(
        _("Department"), default="management", vocabulary="departments", listed=True, filtered=True
    )
    person_id: Mapped[UUID | None] = recorded(_("Account"), widget="person")
    rater_id: Mapped[UUID | None] = recorded(_("Superior"), widget="person", listed=True, filtered=True, holds=True)
    reviewer_id: Mapped[UUID | None] = recorded(_("Reviewer"), widget="person", holds=True)
    decider_id: Mapped[UUID | None] = recorded(_("Decides on an appeal"), widget="person")
    assigned: Mapped[bool] = recorded(_("Superior and reviewer chosen by hand"), default=False)
    self_results: Mapped[int | None] = _points(_("Own rating: results"))
    self_methods: Mapped[int | None] = _points(_("Own rating: methods"))
    self_attitude: Mapped[int | None] = _points(_("Own rating: attitude"))
    self_cooperation: Mapped[int | None] = _points(_("Own rating: cooperation"))
    self_points: Mapped[Line | None] = recorded(_("Own rating: total"))
    self_total: Mapped[int | None] = mapped_column(default=None)  # in hundredths of a point; shown as self_points
    self_words: Mapped[Prose | None] = recorded(_("In their own words"), personal=True)
    self_by: Mapped[dt.datetime | None] = recorded(_("Self-rating due"), listed=True)
    self_at: Mapped[dt.datetime | None] = recorded(_("Rated themselves at"))
    self_late: Mapped[bool] = recorded(_("Self-rating late"), default=False, filtered=True)
    goals_by: Mapped[dt.datetime | None] = recorded(_("Goals due"), listed=True)
    goals_at: Mapped[dt.datetime | None] = recorded(_("Goals agreed at"))
    goals_late: Mapped[bool] = recorded(_("Goals late"), default=False, filtered=True)
    talk_by: Mapped[dt.datetime | None] = recorded(_("Interview due"))
    talked_on: Mapped[Day | None] = recorded(_("Interview on"))
    talked_at: Mapped[dt.datetime | None] = recorded(_("Interview noted at"))
    talk_late: Mapped[bool] = recorded(_("Interview late"), default=False, filtered=True)
    talk_words: Mapped[Prose | None] = recorded(_("Agreed in the interview"), personal=True)
    appeal_by: Mapped[dt.datetime | None] = recorded(_("Confirmation or appeal until"), listed=True)
    appeal_why: Mapped[Prose | None] = recorded(_("Reason of the appeal"), personal=True)
    appealed_at: Mapped[dt.datetime | None] = recorded(_("Appealed at"), filtered=True)
    final_at: Mapped[dt.datetime | None] = recorded(_("Final since"), filtered=True)
    dropped_why: Mapped[Prose | None] = recorded(_("Why it was left out"), personal=True)
    # Everybody in the line of command when it was drawn: they see it, and nobody else but human resources.
    above: Mapped[list[UUID]] = mapped_column(sa.ARRAY(sa.Uuid), default=list)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Goal(Child, kind="hr.goal", of=Appraisal, label=_("Goal")):
    """What is to be reached, how it is measured, what came of it. Evidence: records of any module, as ``[kind, id]``."""

    place: Mapped[int] = recorded(_("No."), default=1)
    title: Mapped[Line] = field(_("Goal"), personal=True)
    weight: Mapped[Weight] = field(_("Weight"), unit=_("%"))
    target: Mapped[Line] = field(_("Target"), personal=True, help=_("Something that can be counted or seen."))
    outcome: Mapped[Prose | None] = recorded(_("What came of it"), personal=True)
    self_points: Mapped[int | None] = _points(_("Own rating: points"))
    evidence: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class Rating(
    Record,
    kind="hr.rating",
    label=_("Rating"),
    number="PF",
    unique=[("appraisal_id",)],
    indexes=[("site_id", "status"), ("round_id",), ("rated_at",)],
):
    """What the superior gave, its review, and what an appeal made of it."""

    status: Mapped[RatingState] = _state(RatingState.OPEN)
    title: Mapped[Line] = recorded(_("Who and when"), default="", listed=True, searched=True)
    appraisal_id: Mapped[UUID] = ref(Appraisal, _("Appraisal"), create=False, edit=False, default=None)
    round_id: Mapped[UUID] = ref(Round, _("Round of appraisals"), create=False, edit=False, default=None)
    department: Mapped[Line] = recorded(
        _("Department"), default="management", vocabulary="departments", listed=True, filtered=True
    )
    rater_id: Mapped[UUID | None] = recorded(_("Rated by"), widget="person", listed=True, filtered=True)
    results: Mapped[int | None] = _points(_("Results"))
    methods: Mapped[int | None] = _points(_("Methods"))
    attitude: Mapped[int | None] = _points(_("Attitude"))
    cooperation: Mapped[int | None] = _points(_("Cooperation"))
    points: Mapped[Line | None] = recorded(_("Total"), listed=True)
    total: Mapped[int | None] = mapped_column(default=None)  # in hundredths of a point; shown as points
    grade: Mapped[Grade | None] = recorded(_("Grade"), listed=True, filtered=True)
    words: Mapped[Prose | None] = recorded(_("What it stands on"), personal=True)
    rate_by: Mapped[dt.datetime | None] = recorded(_("Rating due"), listed=True)
    rated_at: Mapped[dt.datetime | None] = recorded(_("Rated at"), filtered=True)
    rate_late: Mapped[bool] = recorded(_("Rated late"), default=False, filtered=True)
    review_by: Mapped[dt.datetime | None] = recorded(_("Review due"), listed=True)
    reviewed_by: Mapped[UUID | None] = recorded(_("Reviewed by"), widget="person")
    reviewed_at: Mapped[dt.datetime | None] = recorded(_("Reviewed at"))
    review_late: Mapped[bool] = recorded(_("Reviewed late"), default=False, filtered=True)
    returned_why: Mapped[Prose | None] = recorded(_("Why it came back"), personal=True)
    decide_by: Mapped[dt.datetime | None] = recorded(_("Decision on the appeal due"), listed=True)
    decided_by: Mapped[UUID | None] = recorded(_("Appeal decided by"), widget="person")
    decided_at: Mapped[dt.datetime | None] = recorded(_("Appeal decided at"))
    decide_late: Mapped[bool] = recorded(_("Appeal decided late"), default=False, filtered=True)
    upheld: Mapped[bool | None] = recorded(_("Appeal upheld"))
    decided_why: Mapped[Prose | None] = recorded(_("Reason of the decision"), personal=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class GoalScore(Child, kind="hr.goal_score", of=Rating, label=_("Points of a goal")):
    """What a goal gained by the superior. With the rating, not with the goal, which more people see, and earlier."""

    place: Mapped[int] = recorded(_("Goal no."), default=1)
    title: Mapped[Line] = recorded(_("Goal"), default="", personal=True)
    points: Mapped[int] = recorded(_("Points"), default=0, unit=_("of 100"))


__all__ = ["ALL", "CALIBRATE", "Appraisal", "Goal", "GoalScore", "Rating", "Round"]
