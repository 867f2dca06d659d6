"""The choices that code of the organisation reads: how posts stand, how people are employed, how papers stand."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_hr")


class PositionState(Choice):
    OPEN = "open", _("In the establishment"), "doing"
    CLOSED = "closed", _("Abolished"), "done"


class Employment(Choice):
    OWN = "own", _("Own staff")
    AGENCY = "agency", _("Agency staff")
    OUTSOURCED = "outsourced", _("Outsourced")


class EmployeeState(Choice):
    PROBATION = "probation", _("On probation"), "acc"
    EMPLOYED = "employed", _("In service"), "doing"
    LEFT = "left", _("Has left"), "done"


STAFF = (EmployeeState.PROBATION, EmployeeState.EMPLOYED)


class HoldingKind(Choice):
    MAIN = "main", _("Main post")
    CONCURRENT = "concurrent", _("Concurrent post"), "info"
    ACTING = "acting", _("Acting"), "warn"


class HoldingState(Choice):
    HELD = "held", _("In the post"), "doing"
    ENDED = "ended", _("Has left the post"), "done"


class ContractKind(Choice):
    FIXED = "fixed", _("Fixed term")
    OPEN_ENDED = "open_ended", _("Open-ended")
    TASK = "task", _("Until the work is done")
    SERVICE = "service", _("Service agreement")


class PaperState(Choice):
    VALID = "valid", _("Valid"), "doing"

    ENDED = "ended", _("Ended"), "done"
