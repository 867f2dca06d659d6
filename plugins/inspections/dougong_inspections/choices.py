"""The choices that code reads: states, kinds of items, outcomes, severities, trades."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_inspections")


class TemplateState(Choice):
    DRAFT = "draft", _("Draft"), "new"
    ACTIVE = "active", _("In use"), "doing"
    RETIRED = "retired", _("No longer used"), "done"


class RouteState(Choice):
    ACTIVE = "active", _("In use"), "doing"
    RETIRED = "retired", _("No longer used"), "done"


class PlanState(Choice):
    DRAFT = "draft", _("Draft"), "new"
    ACTIVE = "active", _("In force"), "doing"
    PAUSED = "paused", _("Paused"), "hold"
    ENDED = "ended", _("Ended"), "done"


class Repeat(Choice):
    DAILY = "daily", _("Every day")
    WORKDAYS = "workdays", _("Every working day")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    SHIFT = "shift", _("At the start of each shift")


class TaskState(Choice):
    PENDING = "pending", _("To be done"), "new"
    WORKING = "working", _("Under way"), "doing"
    SUBMITTED = "submitted", _("Submitted"), "visit"
    RETURNED = "returned", _("Returned"), "hold"
    REVIEWED = "reviewed", _("Reviewed"), "done"
    MISSED = "missed", _("Missed"), "hold"
    ASKED = "make_up_asked", _("Make-up asked for"), "acc"
    MAKE_UP = "make_up", _("To be made up"), "doing"
    EXEMPT = "exempt", _("Exempt"), "done"


WALKABLE = (TaskState.PENDING, TaskState.WORKING, TaskState.RETURNED, TaskState.MAKE_UP)  # may be walked now
DONE = (TaskState.SUBMITTED, TaskState.REVIEWED)


class FindingState(Choice):
    NEW = "new", _("To be assigned"), "new"
    FIXING = "fixing", _("Being rectified"), "doing"
    RECHECK = "recheck", _("Awaiting recheck"), "visit"
    CLOSED = "closed", _("Closed"), "done"


class ItemType(Choice):
    YES_NO = "yes_no", _("Yes or no")
    OPTION = "option", _("Options")
    NUMBER = "number", _("Number")
    TEXT = "text", _("Text")
    PHOTO = "photo", _("Photo")


class Criticality(Choice):
    NORMAL = "normal", _("Ordinary"), "info"
    IMPORTANT = "important", _("Important"), "warn"
    CRITICAL = "critical", _("Critical"), "bad"


class Outcome(Choice):
    PASS = "pass", _("Passed"), "good"
    FAIL = "fail", _("Failed"), "bad"
    NOT_APPLICABLE = "na", _("Not applicable"), "info"


class PointState(Choice):
    DONE = "done", _("Checked"), "good"
    SKIPPED = "skipped", _("Skipped"), "warn"
    MISSED = "missed", _("Missed"), "bad"


class Method(Choice):
    """How somebody showed that they stood at a point."""

    QR = "qr", _("QR code")
    NFC = "nfc", _("NFC tag")
    GPS = "gps", _("GPS position")
    TAP = "tap", _("By hand")


class Severity(Choice):
    MINOR = "minor", _("Minor"), "info"
    MAJOR = "major", _("Ordinary"), "warn"
    CRITICAL = "critical", _("Severe"), "bad"


class Trade(Choice):
    """Whose work it is: what a trade's lead and people see by default."""

    ENGINEERING = "engineering", _("Engineering")
    CLEANING = "cleaning", _("Cleaning")
    GREENING = "greening", _("Greening")
    SECURITY = "security", _("Order and security")
    DORMITORY = "dormitory", _("Dormitories")
    SERVICE = "service", _("Customer service")
    QUALITY = "quality", _("Quality")


class Exemption(Choice):
    EQUIPMENT = "equipment_stopped", _("Equipment stopped")
    WEATHER = "weather", _("Weather")
    CLOSED = "closed", _("Area closed")
    PLAN = "plan", _("Plan changed or ended")
    OTHER = "other", _("Another reason")


class LateState(Choice):
    """What became of a submission that came when the task was no longer to be done."""

    WAITING = "waiting", _("To be decided"), "warn"
    ACCEPTED = "accepted", _("Accepted"), "good"
    REFUSED = "refused", _("Refused"), "bad"
