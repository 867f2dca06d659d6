"""What a company may change of the system: departments with their posts, months between reviews, degrees and levels of ratings.

Yearly audits and reviews and the quarterly look at the law are this project's defaults (the standards ask for "planned
intervals" only, ISO 9001:2015 9.2 and 9.3), and so are the bounds of the levels; the degrees of L, E and C are general
practice and no norm.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import Field, PrivateAttr, model_validator

_ = translator("dougong_quality")

Months = Annotated[int, Field(ge=1, le=60)]
Days = Annotated[int, Field(ge=0, le=365)]
Bound = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=60)]

DEPARTMENTS: dict[str, Lazy] = {
    "service": _("Customer service"),
    "engineering": _("Engineering"),
    "security": _("Security"),
    "environment": _("Environment"),
    "quality": _("Quality"),
    "hr": _("Personnel and administration"),
    "finance": _("Finance"),
}
POSTS = {
    "service": ["service_lead", "service_agent"],
    "engineering": ["engineering_lead", "technician", "control_room"],
    "security": ["security_lead"],
    "environment": ["cleaning_lead", "greening_lead", "dormitory_keeper"],
    "quality": ["quality"],
    "hr": ["hr"],
    "finance": ["finance"],
}
WORDS: dict[str, dict[str, Lazy]] = {
    "hazard_likelihood": {
        "10": _("to be expected at any time"),
        "6": _("quite possible"),
        "3": _("possible, but not usual"),
        "1": _("little possible, wholly unexpected"),
        "0.5": _("hardly conceivable, but possible"),
        "0.2": _("very unlikely"),
        "0.1": _("practically impossible"),
    },
    "hazard_exposure": {
        "10": _("all the time"),
        "6": _("daily in working hours"),
        "3": _("once a week, or by chance"),
        "2": _("once a month"),
        "1": _("some times a year"),
        "0.5": _("very rarely"),
    },
    "hazard_consequence": {
        "100": _("ten deaths or more"),
        "40": _("three to nine deaths"),
        "15": _("one or two deaths"),
        "7": _("serious injury"),
        "3": _("injury with lost days"),
        "1": _("slight injury, first aid"),
    },
    "aspect_frequency": {
        "5": _("all the time"),
        "4": _("daily"),
        "3": _("weekly"),
        "2": _("monthly"),
        "1": _("yearly or less"),
    },
    "aspect_severity": {
        "5": _("beyond the law's limits, or harm for long"),
        "4": _("serious harm around the site"),
        "3": _("harm on the site"),
        "2": _("slight, soon over"),
        "1": _("hardly noticed"),
    },
    "aspect_concern": {
        "5": _("regulated and complained of"),
        "4": _("regulated"),
        "3": _("neighbours or the client ask about it"),
        "2": _("within the company only"),
        "1": _("nobody's concern"),
    },
}


class Department(Form):
    """A department as audits name it. ``posts``: who holds one of them audits it nowhere."""

    name: Name = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    posts: list[str] = asked(_("Posts that belong to it"), default=[])
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        """The company's name for it, else the built-in one in the reader's language."""
        return self.name or DEPARTMENTS.get(self._key) or self._key


class AuditSet(Form):
    """Standards that are audited together."""

    name: Name = asked(_("Name"))
    standards: list[str] = asked(_("Standards"), default=[], help=_("With the edition: 9001:2015."))

    @property
    def label(self) -> str:
        return self.name


class Degree(Form):
    """One degree of a factor; its key is the number that counts."""

    words: Name = asked(_("In words"), default="", help=_("Empty: the words that Dougong gives it."))
    _key: str = PrivateAttr("")
    _factor: str = PrivateAttr("")

    @property
    def label(self) -> str:
        """The number with its words."""
        said = self.words or WORDS.get(self._factor, {}).get(self._key) or ""
        return f"{self._key} · {said}" if said else self._key


Degrees = dict[str, Degree]


def _degrees(factor: str) -> Degrees:
    return {key: Degree() for key in WORDS[factor]}


class SystemSettings(Form):
    """Settings of audits, management review, objectives and registers."""

    audit_departments: dict[str, Department] = asked(
        _("Departments of audits"), default={key: Department(posts=posts) for key, posts in POSTS.items()}
    )
    audit_sets: dict[str, AuditSet] = asked(
        _("Standards audited together"),
        default={
            "all": AuditSet(name="ISO 9001 + 14001 + 45001", standards=["9001:2015", "14001:2015", "45001:2018"]),
            "quality": AuditSet(name="ISO 9001", standards=["9001:2015"]),
            "environment": AuditSet(name="ISO 14001", standards=["14001:2015"]),
            "safety": AuditSet(name="ISO 45001", standards=["45001:2018"]),
        },
    )
    audit_months: Months = asked(_("Audit again after"), default=12, unit=_("months"))
    surveillance_days: Days = asked(_("Remind of a surveillance audit before"), default=60, unit=_("days"))
    certificate_days: Days = asked(_("Remind of the end of a certificate before"), default=90, unit=_("days"))
    mreview_months: Months = asked(_("Management review again after"), default=12, unit=_("months"))
    mreview_hours: Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)] = asked(
        _("The minutes are approved within"), default=24, unit=_("working hours")
    )
    objective_days: Days = asked(_("Actuals are entered within"), default=10, unit=_("days after the period"))
    legal_months: Months = asked(_("Check each law again after"), default=3, unit=_("months"))
    compliance_months: Months = asked(_("Evaluate compliance again after"), default=12, unit=_("months"))
    rating_months: Months = asked(_("Rate aspects and hazards again after"), default=12, unit=_("months"))
    aspect_frequency: Degrees = asked(_("Aspects: how often"), default=_degrees("aspect_frequency"))
    aspect_severity: Degrees = asked(_("Aspects: how severe"), default=_degrees("aspect_severity"))
    aspect_concern: Degrees = asked(_("Aspects: law and neighbours"), default=_degrees("aspect_concern"))
    aspect_bounds: list[Bound] = asked(
        _("Aspects: levels begin at"), default=[8, 18, 36, 60], help=_("Levels 4, 3, 2 and 1; the lowest first.")
    )
    aspect_significant: Bound = asked(_("Aspects: significant from"), default=36)
    hazard_likelihood: Degrees = asked(_("Hazards: likelihood L"), default=_degrees("hazard_likelihood"))
    hazard_exposure: Degrees = asked(_("Hazards: exposure E"), default=_degrees("hazard_exposure"))
    hazard_consequence: Degrees = asked(_("Hazards: consequence C"), default=_degrees("hazard_consequence"))
    hazard_bounds: list[Bound] = asked(
        _("Hazards: levels begin at"), default=[20, 70, 160, 320], help=_("Levels 4, 3, 2 and 1; the lowest first.")
    )
    hazard_significant: Bound = asked(_("Hazards: major from"), default=160)

    @model_validator(mode="after")
    def _name_system(self) -> SystemSettings:
        for key, department in self.audit_departments.items():
            department._key = key
        for factor in WORDS:
            for key, degree in getattr(self, factor).items():
                degree._key, degree._factor = key, factor
                _check(key)
        for bounds in (self.aspect_bounds, self.hazard_bounds):
            if len(bounds) != 4 or sorted(set(bounds)) != bounds:
                raise ValueError(_("give four numbers, each higher than the one before"))
        return self


def _check(key: str) -> None:
    try:
        fits = 0 < Decimal(key) <= 1000
    except InvalidOperation:
        fits = False
    if not fits:
        raise ValueError(_("a degree is a number above 0"))
