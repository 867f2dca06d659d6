"""What a company may change of appraisals: weights of the four dimensions, grades, terms of the stages, who is appraised.

The weights 50/20/15/15 of 成果、方法、态度、协作 and the five working days for an appeal are the domain's own; grades from 90,
80 and 60 points and the other terms are this project's defaults. No law sets any of them; 劳动合同法 Art. 4 asks that such
rules be discussed with the staff and made known to them.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import BaseModel, Field, model_validator

from ..organisation.choices import Employment

_ = translator("dougong_hr")

Share = Annotated[int, Field(ge=0, le=100)]
StageDays = Annotated[int, Field(ge=1, le=60)]


class AppraisalWeights(Form):
    """Of the four dimensions, in percent of the total."""

    results: Share = asked(_("Results"), default=50, unit=_("%"))
    methods: Share = asked(_("Methods"), default=20, unit=_("%"))
    attitude: Share = asked(_("Attitude"), default=15, unit=_("%"))
    cooperation: Share = asked(_("Cooperation"), default=15, unit=_("%"))

    @model_validator(mode="after")
    def _whole(self) -> AppraisalWeights:
        if self.results + self.methods + self.attitude + self.cooperation != 100:
            raise ValueError(str(_("The four weights together are 100.")))
        return self


class AppraisalGrades(Form):
    """From how many points on; below the last one it is unsatisfactory."""

    excellent: Share = asked(_("Excellent"), default=90, unit=_("points and more"))
    good: Share = asked(_("Good"), default=80, unit=_("points and more"))
    fair: Share = asked(_("Satisfactory"), default=60, unit=_("points and more"))

    @model_validator(mode="after")
    def _falling(self) -> AppraisalGrades:
        if not self.excellent > self.good > self.fair:
            raise ValueError(str(_("Each grade begins below the one before.")))
        return self


class AppraisalSettings(BaseModel):
    """Appraisal in four dimensions, with appeal and calibration."""

    appraisal_weights: AppraisalWeights = asked(_("Appraisal: weights"), default=AppraisalWeights())
    appraisal_grades: AppraisalGrades = asked(_("Appraisal: grades"), default=AppraisalGrades())
    goals_days: StageDays = asked(_("Goals are agreed within"), default=10, unit=_("working days"))
    self_days: StageDays = asked(_("Self-rating within"), default=5, unit=_("working days"))
    rating_days: StageDays = asked(_("Rating by the superior within"), default=5, unit=_("working days"))
    review_days: StageDays = asked(_("Review within"), default=5, unit=_("working days"))
    interview_days: StageDays = asked(_("Interview within"), default=10, unit=_("working days"))
    appeal_days: StageDays = asked(
        _("Confirmation or appeal within"), default=5, unit=_("working days"), help=_("Then the result is final.")
    )
    decision_days: StageDays = asked(_("An appeal is decided within"), default=5, unit=_("working days"))
    appraised: list[Employment] = asked(_("Who is appraised"), default=[Employment.OWN, Employment.AGENCY])
    appraised_on_probation: bool = asked(
        _("People on probation are appraised too"), default=False, help=_("Probation ends by a decision of its own.")
    )
    appraised_days: Annotated[int, Field(ge=0, le=366)] = asked(
        _("Appraised are those who have been here for at least"),
        default=90,
        unit=_("days of the period"),
    )
    appraisal_roles: Annotated[list[str], Field(max_length=20)] = asked(
        _("Who rates where no post stands above"),
        default=["project_manager", "regional_director", "property_director", "general_manager"],
        help=_("Slugs of roles; the next above the employee. Nobody among them: human resources."),
    )
