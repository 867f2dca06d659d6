"""What a company may change of nonconformities: their categories and clauses, the clocks' lengths, when effect is judged.

Numbers are this project's own defaults (section 4 of the domain page); ISO 9001, 14001 and 45001 (clause 10.2) ask for
correction, cause, action and a review of its effectiveness, and set no days. Field names begin with ``corrective_``, since a
module has one settings object for its three parts.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import Field, model_validator

_ = translator("dougong_quality")

Hours = Annotated[int, Field(ge=1, le=2_000)]
Days = Annotated[int, Field(ge=1, le=365)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Label = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:-]+$")]
MOST = 400  # entries of a vocabulary

CATEGORIES: dict[str, Lazy] = {
    "fire": _("Fire safety"),
    "lift": _("Lifts"),
    "engineering": _("Equipment and maintenance"),
    "cleaning": _("Cleaning and disinfection"),
    "order": _("Public order"),
    "service": _("Customer service"),
    "greening": _("Greening"),
    "dormitory": _("Dormitories"),
    "records": _("Documents and records"),
    "training": _("People and training"),
    "environment": _("Environment and waste"),
    "work_safety": _("Safety at work"),
    "other": _("Other"),
}


class CorrectiveSettings(Form):
    """Working days and hours run on the site's calendar; the containment of a major one runs around the clock.

    :ivar corrective_escalation: points of the levels above whoever is responsible, in per cent of a clock's span.
    """

    corrective_categories: Annotated[dict[Key, Label], Field(max_length=MOST)] = asked(
        _("Nonconformities: further categories"),
        default={},
        help=_("Key and name; they stand beside the built-in ones."),
    )
    corrective_contain_hours: Hours = asked(
        _("Containment of a major nonconformity within"), default=24, unit=_("hours"), help=_("Day and night.")
    )
    corrective_contain_days: Days = asked(_("Containment of any other within"), default=2, unit=_("working days"))
    corrective_cause_days: Days = asked(_("Cause analysis within"), default=5, unit=_("working days"))
    corrective_major_days: Days = asked(_("Usual time to correct a major one"), default=15, unit=_("days"))
    corrective_minor_days: Days = asked(_("Usual time to correct any other"), default=30, unit=_("days"))
    corrective_verify_days: Days = asked(_("Verification within"), default=5, unit=_("working days"))
    corrective_effect_minor: Days = asked(
        _("Effectiveness judged after"), default=30, unit=_("days"), help=_("Counted from the verification.")
    )
    corrective_effect_major: Days = asked(
        _("Effectiveness judged after, if it is major, potential or came again"), default=90, unit=_("days")
    )
    corrective_effect_grace: Days = asked(_("The judgement itself within"), default=7, unit=_("days"))
    corrective_rollout_days: Days = asked(_("Sister sites answer within"), default=10, unit=_("days"))
    corrective_extend_hours: Hours = asked(_("An extension is decided within"), default=16, unit=_("working hours"))
    corrective_extend_days: Days = asked(_("Longest extension at a time"), default=30, unit=_("days"))
    corrective_similar_months: Annotated[int, Field(ge=1, le=36)] = asked(
        _("Similar ones are looked for among those of the last"), default=12, unit=_("months")
    )
    corrective_remind_percent: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Nonconformities: remind when so much of the time has passed"),
        default=80,
        unit=_("%"),
        help=_("0: no reminder."),
    )
    corrective_first: Percent | None = asked(
        _("Nonconformities overdue: one level up after"),
        default=0,
        unit=_("%"),
        help=_("Of the clock's whole time, after it was due; 0 is at once, empty is never. So does the next."),
    )
    corrective_second: Percent | None = asked(
        _("Nonconformities overdue: two levels up after"), default=50, unit=_("%")
    )

    @property
    def corrective_escalation(self) -> tuple[int | None, ...]:
        return self.corrective_first, self.corrective_second

    @property
    def nc_categories(self) -> dict[str, Lazy | str]:
        """The vocabulary of what it is about: built-in ones, then the company's own (a company may rename a built-in one)."""
        return {**CATEGORIES, **self.corrective_categories}

    @model_validator(mode="after")
    def _in_order(self) -> CorrectiveSettings:
        first, second = self.corrective_escalation
        if first is not None and second is not None and second < first:
            raise ValueError(_("the second level cannot hear of it before the first"))
        return self
