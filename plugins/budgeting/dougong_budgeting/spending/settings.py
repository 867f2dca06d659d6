"""What a company may change of spending.

Five working days, three days, ten per cent, 15 January and 31 March are the domain page's (BUD); the sums from which more
have to sign are this project's own. No law sets any of them.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from dougong import Fen, Whole, asked, translator
from pydantic import AfterValidator, BaseModel, Field

from .choices import Period

_ = translator("dougong_budgeting")


def day_of(text: str, year: int) -> dt.date:
    """The day of a year that ``MM-DD`` names. :raises ValueError: there is no such day in every year."""
    return dt.datetime.strptime(f"{year}-{text}", "%Y-%m-%d").date()


def _a_day(text: str) -> str:
    try:
        day_of(text, 2001)  # no leap year
    except ValueError:
        raise ValueError(str(_("is no day of every year, as 03-31 is"))) from None
    return text


MonthDay = Annotated[str, Field(max_length=5), AfterValidator(_a_day)]
Sum = Annotated[Fen, Field(ge=0, le=10**13)]


class SpendingSettings(BaseModel):
    """Stops, closing of months, notes on variances, emergencies, adjustments."""

    spending_period: Period = asked(_("Spending is limited by"), start=Period.YEAR, default=Period.YEAR)
    close_days: Annotated[Whole, Field(ge=1, le=31)] = asked(_("Working days to close a month"), start=5, default=5)
    ratify_days: Annotated[Whole, Field(ge=1, le=30)] = asked(_("Days to ratify emergency spending"), start=3, default=3)
    variance_percent: Annotated[Whole, Field(ge=0, le=1000)] = asked(_("Variance that needs a note, in %"), start=10, default=10)
    ratify_company_from: Sum = asked(
        _("The company ratifies emergencies from"), start=5_000_000, default=5_000_000, help=_("0: always.")
    )
    reverse_days: Annotated[Whole, Field(ge=1, le=31)] = asked(
        _("Working days to reverse what was not ratified"), start=3, default=3
    )
    adjust_region_from: Sum = asked(
        _("The region signs adjustments from"), start=1_000_000, default=1_000_000,
        help=_("Below it the project and finance do; 0: always."),
    )  # fmt: skip
    adjust_company_from: Sum = asked(
        _("The company signs adjustments from"), start=5_000_000, default=5_000_000, help=_("0: always.")
    )
    adjust_sign_hours: Annotated[float, Field(ge=1, le=1000)] = asked(
        _("Working hours for each signature of an adjustment"), start=16, default=16
    )
    carry_request_by: MonthDay = asked(
        _("Carry-over requested by"), start="01-15", default="01-15", help=_("Month and day, as in 01-15.")
    )
    carry_until: MonthDay = asked(
        _("Carry-over expires after"), start="03-31", default="03-31", help=_("Month and day, as in 03-31.")
    )
