"""The choices that code of the roster reads."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_hr")


class ShiftState(Choice):
    USED = "used", _("In use"), "doing"
    UNUSED = "unused", _("No longer in use"), "done"


class RosterState(Choice):
    DRAFT = "draft", _("Being prepared"), "new"
    PUBLISHED = "published", _("Published"), "doing"


class Absence(Choice):
    REST = "rest", _("Day off")
    ANNUAL = "annual", _("Annual leave"), "info"
    SICK = "sick", _("Sick leave"), "warn"
    PERSONAL = "personal", _("Personal leave"), "warn"
    TRAINING = "training", _("At a training"), "info"


class SwapState(Choice):
    ASKED = "asked", _("Waits for the colleague"), "new"
    AGREED = "agreed", _("Waits for approval"), "acc"
    APPROVED = "approved", _("Swapped"), "done"
    DECLINED = "declined", _("Declined"), "hold"
    WITHDRAWN = "withdrawn", _("Withdrawn"), "hold"
