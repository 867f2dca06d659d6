"""What a company may change of the intake: how much may come from where, what looks suspicious, what the notice names.

All defaults are this project's own; none is taken from a law. The law (个人信息保护法 Art. 17, 19) wants the time for which
personal data is kept named, and no longer than the purpose needs: ``kept_years`` is what the built-in notice says.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import Field

_ = translator("dougong_intake")

Count = Annotated[int, Field(ge=1, le=100_000)]
Seconds = Annotated[int, Field(ge=0, le=600)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Number = Annotated[str, Field(max_length=30, pattern=r"^[0-9 +-]*$")]
Years = Annotated[int, Field(ge=1, le=30)]


class Settings(Form):
    """Settings of the module."""

    phone: Number = asked(
        _("Phone around the clock"), default="", help=_("Shown on the form for emergencies, and on the printed labels.")
    )
    check: bool = asked(
        _("Hold back what looks suspicious"),
        default=True,
        help=_(
            "It waits under “To be checked” until somebody registers or discards it. Off: it is registered at once."
        ),
    )
    fastest: Seconds = asked(_("Filled in faster than this is suspicious"), default=3, unit=_("seconds"))
    links: Annotated[int, Field(ge=0, le=50)] = asked(_("More links than this are suspicious"), default=1)
    per_address: Count = asked(_("Sent from one network address in ten minutes"), default=20)
    per_network: Count = asked(
        _("Sent from one neighbourhood of addresses in ten minutes"),
        default=100,
        help=_("Phones of one mobile operator share addresses, so this should not be small."),
    )
    per_code: Count = asked(_("Reports through one QR code a day"), default=200)
    same_minutes: Minutes = asked(
        _("The same text again is the same case for"),
        default=10,
        unit=_("minutes"),
        help=_("0: each is a case of its own."),
    )
    looks: Count = asked(_("Follow-up codes tried from one address in ten minutes"), default=20)
    looks_of_one: Count = asked(_("Looks with one follow-up code in ten minutes"), default=60)
    additions: Count = asked(_("Additions to one case a day"), default=20)
    kept_years: Years = asked(
        _("Personal data is kept after the case ended for"),
        default=3,
        unit=_("years"),
        help=_("Said in the built-in notice."),
    )
