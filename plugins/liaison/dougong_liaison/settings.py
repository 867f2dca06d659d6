"""What a company may change of liaison: kinds of agencies and permits, reminders, how far ahead filings are made.

Reminders 30, 7 and 1 day before a filing and 60, 30 and 7 days before a permit's expiry are the domain page's defaults.
One month of application before a lift's inspection expires: 特种设备安全法 Art. 40.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

_ = translator("dougong_liaison")

Days = Annotated[int, Field(ge=1, le=365)]
Several = Annotated[list[Days], Field(min_length=1, max_length=6)]

AGENCIES: dict[str, tuple[Lazy, str]] = {  # kind: label, the names that it had
    "fire": (_("Fire and rescue"), "消防大队 公安消防 消防支队"),
    "environment": (_("Ecology and environment"), "环保局 环境保护局 环保"),
    "market": (_("Market supervision"), "工商局 工商行政管理 质监局 质量技术监督 工商"),
    "tax": (_("Taxation"), "国税局 地税局 国税 地税"),
    "housing": (_("Housing and construction"), "房管局 房产局 建委 建设局 房管"),
    "street": (_("Sub-district and community"), "街道办 居委会 12345"),
    "police": (_("Public security"), "派出所 公安分局"),
    "emergency": (_("Emergency management"), "安监局 安全生产监督 安监"),
    "health": (_("Health and disease control"), "卫生局 卫计委 疾控"),
    "urban": (_("Urban management and greening"), "城管局 市容 园林局 绿化"),
    "labour": (_("Human resources and social security"), "劳动局 社保局 人事局 人社"),
    "weather": (_("Meteorology"), "气象局 防雷办"),
    "other": (_("Other agency"), ""),
}
PERMITS: dict[str, tuple[Lazy, int]] = {  # kind: label, months before expiry in which a renewal has to be applied for
    "business": (_("Business licence"), 0),
    "lift": (_("Lift inspection"), 1),
    "boiler": (_("Boiler inspection"), 1),
    "water": (_("Hygiene permit of secondary water supply"), 1),
    "discharge": (_("Drainage permit"), 1),
    "parking": (_("Parking filing"), 0),
    "guard": (_("Guard employer filing"), 0),
    "lightning": (_("Lightning protection report"), 0),
    "fire_test": (_("Fire facility test report"), 0),
    "other": (_("Other permit"), 0),
}


class AgencyKind(Form):
    """A kind of agency. ``former``: names that it had, by which it is found too."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    former: str = asked(_("Former names"), default="")
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or (AGENCIES[self._key][0] if self._key in AGENCIES else self._key)


class PermitKind(Form):
    """A kind of permit, and how early its renewal has to be applied for."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    apply_months: Annotated[int, Field(ge=0, le=12)] = asked(
        _("Apply so many months before expiry"), default=0, help=_("0: no time limit for applying.")
    )
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or (PERMITS[self._key][0] if self._key in PERMITS else self._key)


class Settings(BaseModel):
    """Agencies, obligations, permits, orders, declarations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agency_kinds: dict[str, AgencyKind] = asked(
        _("Kinds of agencies"), default={key: AgencyKind(former=old) for key, (_label, old) in AGENCIES.items()}
    )
    permit_kinds: dict[str, PermitKind] = asked(
        _("Kinds of permits"), default={key: PermitKind(apply_months=n) for key, (_label, n) in PERMITS.items()}
    )
    filing_days: Several = asked(_("Filings: reminded so many days before"), default=[30, 7, 1])
    permit_days: Several = asked(_("Permits: reminded so many days before they expire"), default=[60, 30, 7])
    ahead_days: Annotated[int, Field(ge=31, le=400)] = asked(
        _("Filings are made so far ahead"),
        default=370,
        unit=_("days"),
        help=_("A year and some days fill the calendar."),
    )
    declaration_days: Days = asked(_("Integrity declaration: to be signed within"), default=30, unit=_("days"))

    @model_validator(mode="after")
    def _name_entries(self) -> Settings:
        for entries in (self.agency_kinds, self.permit_kinds):
            for key, entry in entries.items():
                entry._key = key
        return self
