"""What is printed, in which state it is, and the sheets of labels that are sold everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from dougong import Choice, Lazy, translator

_ = translator("dougong_papers")


class PrintState(Choice):
    WAITING = "waiting", _("Being made"), "doing"
    READY = "ready", _("Ready"), "done"
    FAILED = "failed", _("Failed"), "hold"


class What(Choice):
    FORMS = "forms", _("Forms")
    LABELS = "labels", _("QR labels")
    PACK = "pack", _("Evidence pack")


class Purpose(Choice):
    """What an evidence pack is made for."""

    AUDIT = "audit", _("Audit of the management system")
    GOVERNMENT = "government", _("Inspection by the government")
    CLIENT = "client", _("For the client")
    INTERNAL = "internal", _("Our own review")
    OTHER = "other", _("Something else")


class Stream(Choice):
    """How much of a record's stream is printed."""

    NONE = "none", _("Not printed")
    STEPS = "steps", _("Without comments and files")
    ALL = "all", _("With comments and files")


@dataclass(frozen=True)
class Sheet:
    """One A4 sheet of labels; lengths in millimetres. The labels stand in its middle, without gaps."""

    columns: int
    rows: int
    width: float
    height: float
    label: Lazy


SHEETS = {
    "24": Sheet(3, 8, 70, 36, _("24 on a sheet, 70 × 36 mm")),
    "14": Sheet(2, 7, 99, 38, _("14 on a sheet, 99 × 38 mm")),
    "8": Sheet(2, 4, 99, 67.7, _("8 on a sheet, 99 × 68 mm")),
    "2": Sheet(1, 2, 190, 140, _("2 on a sheet, 190 × 140 mm")),
}
USUAL = "24"
