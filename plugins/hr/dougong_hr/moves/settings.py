"""What a company may change of moves: criteria of interviews, public notice, filing, clearance, terms.

Defaults are the domain's own: three working days of public notice, a key post filed before the appointment takes effect. The four
criteria of interviews are 表现、能力、潜力、协作. Personal data of whoever was not taken is disposed of after the term that the
retention rules show (个人信息保护法 Art. 19: the shortest time that the purpose needs).
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, Lazy, asked, translator
from pydantic import BaseModel, Field, PrivateAttr, model_validator

from .choices import ChangeType, FilingMode

_ = translator("dougong_hr")

Weight = Annotated[int, Field(ge=1, le=100)]
Term = Annotated[int, Field(ge=1, le=90)]
Signing = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]

CRITERIA: dict[str, Lazy] = {
    "performance": _("Past performance"),
    "ability": _("Ability"),
    "potential": _("Potential"),
    "cooperation": _("Cooperation"),
}
CLEARANCE: dict[str, Lazy] = {
    "keys": _("Keys and access cards"),
    "equipment": _("Uniform, tools, radio, phone"),
    "documents": _("Documents and seals"),
    "money": _("Advances and payments"),
}


class MoveCriterion(Form):
    """A criterion of interviews; without a name, Dougong's own in the reader's language."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    weight: Weight = asked(_("Weight"), default=25)
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or CRITERIA.get(self._key) or self._key


class MoveNamed(Form):
    """Something that a leaver gives back or settles; without a name, Dougong's own in the reader's language."""

    name: str = asked(_("Name"), default="", help=_("Empty: the name that Dougong gives it."))
    _key: str = PrivateAttr("")

    @property
    def label(self) -> Lazy | str:
        return self.name or CLEARANCE.get(self._key) or self._key


class MovesSettings(BaseModel):
    """Recruiting, appointments with filing, transfers, leaving with its clearance."""

    interview_criteria: dict[str, MoveCriterion] = asked(
        _("Criteria of interviews"), default={key: MoveCriterion() for key in CRITERIA}
    )
    interview_cards: Annotated[int, Field(ge=1, le=10)] = asked(_("Interviewers who score, at least"), default=2)
    notice_days: Annotated[int, Field(ge=0, le=60)] = asked(
        _("Public notice"), default=3, unit=_("working days"), help=_("0: appointments are not put on notice.")
    )
    notice_types: list[ChangeType] = asked(
        _("Put on notice"), default=[ChangeType.TRANSFER, ChangeType.PROMOTE, ChangeType.DEMOTE, ChangeType.HIRE]
    )
    filing_mode: FilingMode = asked(_("Key posts are filed with the company"), default=FilingMode.BEFORE)
    filing_days: Term = asked(_("Filed within"), default=5, unit=_("working days"))
    move_sign_hours: Signing = asked(_("Working hours for a signature"), default=16)
    offer_days: Term = asked(_("An offer is answered within"), default=5, unit=_("days"))
    clearance_items: dict[str, MoveNamed] = asked(
        _("What a leaver gives back and settles"), default={key: MoveNamed() for key in CLEARANCE}
    )

    @model_validator(mode="after")
    def _name_moves(self) -> MovesSettings:
        for criterion_key, criterion in self.interview_criteria.items():
            criterion._key = criterion_key
        for item_key, item in self.clearance_items.items():
            item._key = item_key
        return self
