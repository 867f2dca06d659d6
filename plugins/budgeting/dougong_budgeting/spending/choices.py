"""The choices that the code of spending reads."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_budgeting")


class ActualState(Choice):
    POSTED = "posted", _("Posted"), "done"
    RATIFYING = "ratifying", _("To be ratified"), "visit"
    REVERSED = "reversed", _("Reversed"), "done"


class CommitmentState(Choice):
    OPEN = "open", _("Committed"), "doing"
    SETTLED = "settled", _("Turned into spending"), "done"
    RELEASED = "released", _("Released"), "done"


class CommitmentSource(Choice):
    HAND = "hand", _("By hand")
    ORDER = "order", _("Work order")
    CONTRACT = "contract", _("Contract")


class MonthState(Choice):
    OPEN = "open", _("Open"), "doing"
    CLOSED = "closed", _("Closed"), "done"


class Period(Choice):
    """What limits spending: the year's amount, or each month's as well."""

    YEAR = "year", _("The year")
    MONTH = "month", _("Each month")
