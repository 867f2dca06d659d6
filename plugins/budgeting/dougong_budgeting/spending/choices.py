"""The choices that the code of spending reads."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_budgeting")


class ActualState(Choice):
    POSTED = "posted", _("Posted"), "done"
    RATIFYING = "ratifying", _("To be ratified"), "visit"
    REFUSED = "refused", _("Not ratified: to be reversed"), "bad"
    REVERSED = "reversed", _("Reversed"), "done"


class CommitmentState(Choice):
    OPEN = "open", _("Committed"), "doing"
    SETTLED = "settled", _("Turned into spending"), "done"
    RELEASED = "released", _("Released"), "done"


class CommitmentSource(Choice):
    HAND = "hand", _("By hand")
    ORDER = "order", _("Another record, by rule")
    CONTRACT = "contract", _("Contract")


class MonthState(Choice):
    OPEN = "open", _("Open"), "doing"
    CLOSED = "closed", _("Closed"), "done"


class Period(Choice):
    """What limits spending: the year's amount, or each month's as well."""

    YEAR = "year", _("The year")
    MONTH = "month", _("Each month")


class AdjustmentKind(Choice):
    """追加, 调剂, 结转 (domain page, BUD)."""

    SUPPLEMENT = "supplement", _("Supplement")
    TRANSFER = "transfer", _("Transfer")
    CARRY = "carry", _("Carry-over")


class AdjustmentState(Choice):
    DRAFT = "draft", _("Drawing up"), "doing"
    PROJECT = "project", _("Before the project"), "acc"
    FINANCE = "finance", _("Before finance"), "acc"
    REGION = "region", _("Before the region"), "acc"
    COMPANY = "company", _("Before the company"), "acc"
    GRANTED = "granted", _("Granted"), "done"
    EXPIRED = "expired", _("Carry-over expired"), "done"
    DROPPED = "dropped", _("Dropped"), "done"
