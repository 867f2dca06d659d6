"""What a company may change of the organisation: departments, kinds of certificates, when papers remind.

Reminders of contracts 45 and 30 days before their end and of probation 15 days before are this project's own defaults; so are
those of certificates, 60, 30 and 7 days before. A written contract is due within one month of the first day of work
(劳动合同法 Art. 10), and ended ones are kept for two years (Art. 50).
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import BaseModel, Field, PrivateAttr, model_validator

_ = translator("dougong_hr")

Days = Annotated[int, Field(ge=1, le=365)]
Several = Annotated[list[Days], Field(max_length=6)]

DEPARTMENTS: dict[str, Lazy] = {
    "management": _("Management"),
    "service": _("Customer service"),
    "engineering": _("Engineering"),
    "order": _("Public order"),
    "environment": _("Environment"),
    "quality": _("Quality"),
    "hr": _("Human resources and administration"),
    "finance": _("Finance"),
}
CERTIFICATES: dict[str, Lazy] = {
    "fire_operator": _("Fire facility operator"),
    "electrician": _("Low-voltage electrician"),
    "lift_safety": _("Lift safety administrator"),
    "security_guard": _("Security guard"),
    "height_work": _("Work at height"),
    "project_manager": _("Property project manager"),
    "health": _("Health certificate"),
    "other": _("Other certificate"),
}


class OrganisationNamed(Form):
    """An entry that the company may name; without a name, Dougong's own in the reader's language."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or DEPARTMENTS.get(self._key) or CERTIFICATES.get(self._key) or self._key


class OrganisationSettings(BaseModel):
    """Posts, the line of command, employees, contracts and certificates."""

    departments: dict[str, OrganisationNamed] = asked(
        _("Departments"), default={key: OrganisationNamed() for key in DEPARTMENTS}
    )
    certificates: dict[str, OrganisationNamed] = asked(
        _("Kinds of certificates"), default={key: OrganisationNamed() for key in CERTIFICATES}
    )
    contract_days: Several = asked(_("Contracts: reminded so many days before the end"), default=[45, 30])
    certificate_days: Several = asked(_("Certificates: reminded so many days before they expire"), default=[60, 30, 7])
    probation_days: Several = asked(_("Probation: reminded so many days before its end"), default=[15])
    acting_days: Days = asked(
        _("Longest acting appointment"), default=90, unit=_("days"), help=_("An acting post always has an end.")
    )

    @model_validator(mode="after")
    def _name_organisation(self) -> OrganisationSettings:
        for entries in (self.departments, self.certificates):
            for key, entry in entries.items():
                entry._key = key
        return self
