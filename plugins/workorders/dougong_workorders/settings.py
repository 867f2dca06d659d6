"""What a company may change of work orders: trades with the post that leads them, categories with their hours, limits.

Defaults are this project's own, but for one: an urgent repair (急修) is answered on the spot within 30 minutes at service grade
1 and within 1 hour at grade 2 (中国物业管理协会《普通住宅小区物业管理服务等级标准(试行)》, 中物协〔2004〕1号; a model standard of
the association, not a law: a contract of service may set another number).
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import Field, PrivateAttr, model_validator

_ = translator("dougong_workorders")

Minutes = Annotated[int, Field(ge=1, le=43_200)]
Hours = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=365)]
Times = Annotated[int, Field(ge=1, le=20)]
Percent = Annotated[int, Field(ge=0, le=1_000)]

TRADES: dict[str, Lazy] = {
    "engineering": _("Engineering"),
    "cleaning": _("Cleaning"),
    "greening": _("Greening"),
    "order": _("Public order"),
    "service": _("Customer service"),
}
PERMITS: dict[str, Lazy] = {
    "hot_work": _("Hot work"),
    "height": _("Work at height"),
    "confined_space": _("Confined space"),
    "live_work": _("Work on live parts"),
    "digging": _("Digging"),
}
LABELS: dict[str, Lazy] = {
    "water": _("Water and drains"),
    "power": _("Electricity and lighting"),
    "doors_windows": _("Doors, windows, locks"),
    "lift": _("Lifts"),
    "fire_equipment": _("Fire equipment"),
    "air_conditioning": _("Air conditioning"),
    "walls_roof": _("Walls and roof"),
    "welding": _("Welding and cutting"),
    "wells_tanks": _("Wells and tanks"),
    "access_cameras": _("Access control and cameras"),
    "cleaning": _("Cleaning and waste"),
    "drain_clearing": _("Clearing of drains"),
    "greening": _("Greening and pruning"),
    "order": _("Public order and parking"),
    "other": _("Other"),
}


class Named(Form):
    """An entry that the company may name; without a name, Dougong's own in the reader's language."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or TRADES.get(self._key) or PERMITS.get(self._key) or LABELS.get(self._key) or self._key


class Trade(Named):
    """A trade. Whoever holds its post at a site sees and dispatches its orders there."""

    lead: str = asked(_("Led by"), default="", help=_("Slug of the post, as in engineering_lead."))


class Permit(Named):
    """A kind of safety permit."""


class Category(Named):
    """A category and its hours. Give ``hours`` or ``days`` for the completion; a day is a working day."""

    trade: str = asked(_("Trade"), default="engineering")
    response: Minutes = asked(_("On the spot within"), default=120, unit=_("minutes"))
    hours: Hours | None = asked(_("Completed within"), default=None, unit=_("hours"))
    days: Days | None = asked(_("Completed within, in days"), default=None, unit=_("working days"))
    permit: str = asked(_("Needs a safety permit"), default="", help=_("Empty: only where the order itself says so."))

    @model_validator(mode="after")
    def _one_length(self) -> Category:
        if (self.hours is None) == (self.days is None):
            raise ValueError(_("give either hours or days for the completion"))
        return self

    @property
    def label(self) -> Lazy | str:
        return self.name or LABELS.get(self._key) or self._key


def _trades() -> dict[str, Trade]:
    return {
        "engineering": Trade(lead="engineering_lead"),
        "cleaning": Trade(lead="cleaning_lead"),
        "greening": Trade(lead="greening_lead"),
        "order": Trade(lead="security_lead"),
        "service": Trade(lead="service_lead"),
    }


def _categories() -> dict[str, Category]:
    return {
        "water": Category(response=60, hours=24),
        "power": Category(response=60, hours=24),
        "doors_windows": Category(response=120, hours=24),
        "lift": Category(response=30, hours=8),
        "fire_equipment": Category(response=60, hours=24),
        "air_conditioning": Category(response=120, days=3),
        "walls_roof": Category(response=240, days=7, permit="height"),
        "welding": Category(response=240, days=3, permit="hot_work"),
        "wells_tanks": Category(response=240, days=3, permit="confined_space"),
        "access_cameras": Category(response=120, days=2),
        "cleaning": Category(trade="cleaning", response=30, hours=4),
        "drain_clearing": Category(trade="cleaning", response=60, hours=24),
        "greening": Category(trade="greening", response=240, days=5),
        "order": Category(trade="order", response=15, hours=4),
        "other": Category(response=120, days=3),
    }


class Settings(Form):
    """Settings of the module; hours run on the site's working hours, those of urgent repairs around the clock."""

    categories: dict[str, Category] = asked(_("Categories"), default=_categories())
    trades: dict[str, Trade] = asked(_("Trades"), default=_trades())
    permits: dict[str, Permit] = asked(_("Safety permits"), default={key: Permit() for key in PERMITS})
    urgent_response: Minutes = asked(
        _("Urgent repair: on the spot within"),
        default=30,
        unit=_("minutes"),
        help=_("30 minutes at service grade 1, 60 at grade 2 (model standard of the property association, 2004)."),
    )
    urgent_hours: Hours = asked(_("Urgent repair: completed within"), default=8, unit=_("hours"))
    urgent_accept: Minutes = asked(_("Urgent repair: accepted within"), default=10, unit=_("minutes"))
    accept: Minutes = asked(_("Accepted within, after dispatching"), default=30, unit=_("minutes"))
    check_hours: Hours = asked(_("Acceptance within, after completion"), default=48, unit=_("hours"))
    photos: bool = asked(_("Completion needs a photo"), default=False)
    hold_days: Days = asked(_("Longest hold"), default=30, unit=_("days"))
    hold_limit: Times = asked(_("May be put on hold"), default=2, unit=_("times"))
    remind_percent: Annotated[int, Field(ge=0, le=99)] = asked(
        _("Remind when so much of the time has passed"), default=80, unit=_("%"), help=_("0: no reminder.")
    )
    escalate_first: Percent | None = asked(
        _("Overdue: goes one level up after"),
        default=0,
        unit=_("%"),
        help=_("Of the clock's whole time, after it was due; 0 is at once, empty is never."),
    )
    escalate_second: Percent | None = asked(_("Two levels up after"), default=100, unit=_("%"))

    @model_validator(mode="after")
    def _name_entries(self) -> Settings:
        named: tuple[dict[str, Named], ...] = (dict(self.categories), dict(self.trades), dict(self.permits))
        for entries in named:
            for key, entry in entries.items():
                entry._key = key
        for key, category in self.categories.items():
            if category.trade not in self.trades:
                raise ValueError(_("category {key}: there is no trade {name}").format(key=key, name=category.trade))
            if category.permit and category.permit not in self.permits:
                raise ValueError(_("category {key}: there is no permit {name}").format(key=key, name=category.permit))
        return self
