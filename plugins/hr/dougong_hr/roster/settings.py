"""What a company may change of the roster.

The rest of 11 hours between two shifts is this project's own default (Chinese law bounds the hours of work, 劳动法 Art. 36–41,
and names no rest between shifts). A fire control room is manned by two people at least on every shift, round the clock
(消防控制室通用技术要求 GB 25506—2010, 4.2.1).
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import BaseModel, Field, PrivateAttr, model_validator

_ = translator("dougong_hr")

POSTS: dict[str, Lazy] = {
    "control_room": _("Fire control room"),
    "technician": _("Technician on duty"),
    "security_lead": _("Public order"),
    "service_agent": _("Customer service"),
    "dormitory_keeper": _("Dormitory"),
    "cleaning_lead": _("Cleaning"),
}


class DutyPost(Form):
    """A post that is manned in shifts; its key is the slug of the role whose work the person on shift gets."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or POSTS.get(self._key) or self._key


class RosterSettings(BaseModel):
    """Shift kinds, rosters, swaps."""

    duty_posts: dict[str, DutyPost] = asked(
        _("Posts manned in shifts"),
        default={key: DutyPost() for key in POSTS},
        help=_("The key is the role whose tasks go to whoever is on shift."),
    )
    rest_hours: Annotated[int, Field(ge=0, le=24)] = asked(
        _("Rest between two shifts, at least"), default=11, unit=_("hours")
    )
    control_room_people: Annotated[int, Field(ge=1, le=20)] = asked(
        _("People in the fire control room on every shift, at least"), default=2
    )

    @model_validator(mode="after")
    def _name_posts(self) -> RosterSettings:
        for key, entry in self.duty_posts.items():
            entry._key = key
        return self
