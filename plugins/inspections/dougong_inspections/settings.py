"""What a company may change of inspections: grace, clock skew, make-up hours, days by severity, plausibility.

Defaults are this project's own unless a comment names a law; a plan may say its own window and grace.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import Field

from .choices import Severity, Trade

_ = translator("dougong_inspections")

Minutes = Annotated[int, Field(ge=0, le=1_440)]
Hours = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=365)]
Percent = Annotated[int, Field(ge=0, le=1_000)]

POSTS: dict[str, Lazy] = {
    "technician": _("Maintenance technician"),
    "control_room": _("Fire control room attendant"),
    "security_lead": _("Security lead"),
    "cleaning_lead": _("Cleaning lead"),
    "greening_lead": _("Greening lead"),
    "engineering_lead": _("Engineering lead"),
    "dormitory_keeper": _("Dormitory keeper"),
    "service_agent": _("Customer service agent"),
    "service_lead": _("Customer service lead"),
    "quality": _("Quality officer"),
    "project_manager": _("Project manager"),
}

TRADE_LEADS = {
    Trade.ENGINEERING: "engineering_lead",
    Trade.CLEANING: "cleaning_lead",
    Trade.GREENING: "greening_lead",
    Trade.SECURITY: "security_lead",
    Trade.DORMITORY: "dormitory_keeper",
    Trade.SERVICE: "service_lead",
    Trade.QUALITY: "quality",
}


class Settings(Form):
    """Settings of the module."""

    grace_minutes: Minutes = asked(
        _("Grace after a window"),
        default=30,
        unit=_("minutes"),
        help=_("Then a task that was not submitted is missed."),
    )
    skew_minutes: Annotated[int, Field(ge=1, le=1_440)] = asked(
        _("A device's clock is off beyond"), default=5, unit=_("minutes")
    )
    make_up_hours: Hours = asked(_("A missed task may be made up within"), default=24, unit=_("hours"))
    point_seconds: Annotated[int, Field(ge=0, le=3_600)] = asked(
        _("Shortest time at a point"), default=15, unit=_("seconds"), help=_("A walk faster than the sum is flagged.")
    )
    review_hours: Hours = asked(_("Review within"), default=24, unit=_("hours"), help=_("Working hours of the site."))
    assign_hours: Hours = asked(_("Assign a finding within"), default=4, unit=_("hours"))
    assign_critical_minutes: Annotated[int, Field(ge=1, le=1_440)] = asked(
        _("Assign a severe finding within"), default=30, unit=_("minutes")
    )
    minor_days: Days = asked(_("Rectify a minor finding within"), default=7, unit=_("days"))
    major_days: Days = asked(_("Rectify an ordinary finding within"), default=3, unit=_("days"))
    critical_hours: Hours = asked(
        _("Rectify a severe finding within"), default=24, unit=_("hours"), help=_("Around the clock.")
    )
    recheck_hours: Hours = asked(_("Recheck within"), default=24, unit=_("hours"), help=_("Working hours of the site."))
    remind_percent: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Remind when so much of the time has passed"), default=80, unit=_("%"), help=_("0: no reminder.")
    )
    escalate_first: Percent | None = asked(
        _("Overdue: goes one level up after"),
        default=0,
        unit=_("%"),
        help=_("Of the clock's whole time, after it was due; 0 is at once, empty is never. So does the next one."),
    )
    escalate_second: Percent | None = asked(_("Two levels up after"), default=50, unit=_("%"))
    normal_finding: Severity | None = asked(
        _("A failed ordinary item opens a finding that is"), default=Severity.MINOR, help=_("Empty: none.")
    )
    important_finding: Severity | None = asked(_("A failed important item"), default=Severity.MAJOR)
    critical_finding: Severity | None = asked(_("A failed critical item"), default=Severity.CRITICAL)
    milder: bool = asked(
        _("The inspector may choose a milder severity"),
        default=False,
        help=_("Else only as severe as the failed item demands, or more."),
    )

    walkers: list[str] = asked(
        _("Posts that walk routes"), default=list(POSTS), help=_("Short names of roles; a plan names one of them.")
    )

    @property
    def posts(self) -> dict[str, Lazy | str]:
        """Posts that a plan may name, with their names."""
        return {slug: POSTS.get(slug, slug) for slug in self.walkers}

    @property
    def escalation(self) -> tuple[int | None, ...]:
        """The points of the levels above, in per cent of a clock's span after its due time."""
        return self.escalate_first, self.escalate_second


def lead_of(trade: Trade) -> str:
    """Slug of the post that leads a trade."""
    return TRADE_LEADS[trade]
