"""What a company may change of complaints: categories with their hours, the clocks' lengths, limits.

All defaults are this project's own (section 4 of the domain page), none is taken from a law or standard: the law sets
no number for a property company (物业管理条例 Art. 48 binds the government), local rules such as ten days in 杭州
(杭州市物业管理条例 Art. 50) lie well above them.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import Field, PrivateAttr, model_validator

_ = translator("dougong_complaints")

Minutes = Annotated[int, Field(ge=1, le=43_200)]
Hours = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=365)]
Times = Annotated[int, Field(ge=1, le=20)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Share = Annotated[float, Field(gt=0, le=4, allow_inf_nan=False)]

LABELS: dict[str, Lazy] = {
    "lift_entrapment": _("Trapped in a lift"),
    "water_power_outage": _("Water or power cut"),
    "fire_hazard": _("Fire hazard"),
    "public_order": _("Public order"),
    "water_leak": _("Water leak"),
    "facility_fault": _("Facility fault"),
    "cleanliness": _("Cleanliness"),
    "noise": _("Noise"),
    "parking": _("Parking"),
    "charges": _("Disputed charge"),
    "service_attitude": _("Service attitude"),
    "greening": _("Greening"),
    "renovation": _("Renovation"),
    "other": _("Other"),
}


class Category(Form):
    """A category and its hours. Give ``hours`` or ``days`` for the resolution; a day is a working day."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    first_contact: Minutes = asked(_("First contact within"), default=120, unit=_("minutes"))
    hours: Hours | None = asked(_("Resolution within"), default=None, unit=_("hours"))
    days: Days | None = asked(_("Resolution within, in days"), default=None, unit=_("working days"))
    urgent: bool = asked(_("Always urgent"), default=False)
    _key: str = PrivateAttr("")

    @model_validator(mode="after")
    def _one_length(self) -> Category:
        if (self.hours is None) == (self.days is None):
            raise ValueError(_("give either hours or days for the resolution"))
        return self

    @property
    def label(self) -> Lazy | str:
        """The company's name for it, else the built-in one in the reader's language."""
        return self.name or LABELS.get(self._key) or self._key


def _categories() -> dict[str, Category]:
    return {
        "lift_entrapment": Category(first_contact=5, hours=2, urgent=True),
        "water_power_outage": Category(first_contact=15, hours=8),
        "fire_hazard": Category(first_contact=15, hours=24),
        "public_order": Category(first_contact=15, hours=24),
        "water_leak": Category(first_contact=30, hours=24),
        "facility_fault": Category(first_contact=30, hours=48),
        "cleanliness": Category(first_contact=30, hours=24),
        "noise": Category(first_contact=30, hours=48),
        "parking": Category(first_contact=30, hours=48),
        "charges": Category(first_contact=120, days=5),
        "service_attitude": Category(first_contact=60, days=3),
        "greening": Category(first_contact=120, days=7),
        "renovation": Category(first_contact=120, days=7),
        "other": Category(first_contact=120, days=7),
    }


class Settings(Form):
    """Settings of the module; hours run on the site's working hours, those of urgent complaints around the clock."""

    categories: dict[str, Category] = asked(_("Categories"), default=_categories())
    progress_hours: Hours = asked(_("Progress notice every"), default=24, unit=_("hours"))
    progress_urgent_hours: Hours = asked(_("Progress notice every, if urgent or major"), default=2, unit=_("hours"))
    visit_hours: Hours = asked(_("Return visit within"), default=48, unit=_("hours"))
    important_share: Share = asked(
        _("Share of the resolution time, if important"), default=1.0, help=_("0.5 halves the time to resolve.")
    )
    major_share: Share = asked(_("Share of the resolution time, if major"), default=1.0)
    hold_limit: Times = asked(_("May be put on hold"), default=2, unit=_("times"))
    hold_days: Days = asked(_("Longest hold"), default=30, unit=_("days"))
    reopen_days: Days = asked(_("May be reopened within"), default=15, unit=_("days"))
    failed_contacts: Times = asked(_("Failed contacts before a waiver"), default=3, unit=_("times"))
    failed_contact_days: Days = asked(_("Failed contacts spread over at least"), default=2, unit=_("days"))
    remind_percent: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Remind the owner when so much of the time has passed"), default=80, unit=_("%"), help=_("0: no reminder.")
    )
    escalate_first: Percent | None = asked(
        _("Overdue: goes one level up after"),
        default=0,
        unit=_("%"),
        help=_("Of the clock's whole time, after it was due; 0 is at once, empty is never. So do the next two."),
    )
    escalate_second: Percent | None = asked(_("Two levels up after"), default=50, unit=_("%"))
    escalate_third: Percent | None = asked(_("Three levels up after"), default=100, unit=_("%"))
    leader_minutes: Minutes = asked(_("Leaders acknowledge within"), default=30, unit=_("minutes"))
    leader_roles: list[str] = asked(
        _("Company leaders"),
        default=["property_director", "general_manager"],
        help=_("Posts that hear of major and urgent complaints at once."),
    )
    leader_climb: bool = asked(
        _("Without their receipt it goes one up"),
        default=True,
        help=_("The next of these posts, then whoever stands above; again after the same time."),
    )
    phone_list: Annotated[str, Field(max_length=2_000)] = asked(
        _("Whom to call then"),
        default="",
        help=_("Posts or names with numbers, one a line; shown beside the complaint while the receipt is overdue."),
    )

    @property
    def escalation(self) -> tuple[int | None, ...]:
        """The points of the levels above the owner, in per cent of a clock's span after its due time."""
        return self.escalate_first, self.escalate_second, self.escalate_third

    @model_validator(mode="after")
    def _name_categories(self) -> Settings:
        for key, category in self.categories.items():
            category._key = key
        return self
