"""The choices that code of the system reads: states, verdicts, results, directions, levels."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_quality")


class ProgrammeState(Choice):
    DRAFT = "draft", _("Being drawn up"), "new"
    APPROVING = "approving", _("Being approved"), "acc"
    RUNNING = "running", _("Being carried out"), "doing"
    CLOSED = "closed", _("Closed"), "done"


class AuditState(Choice):
    PLANNED = "planned", _("Planned"), "new"
    PREPARED = "prepared", _("Prepared"), "acc"
    RUNNING = "running", _("Being carried out"), "doing"
    REPORTED = "reported", _("Reported"), "visit"
    FOLLOWING = "following", _("Followed up"), "hold"
    CLOSED = "closed", _("Closed"), "done"
    CANCELLED = "cancelled", _("Cancelled"), "done"


BEFORE_REPORT = (AuditState.PLANNED, AuditState.PREPARED, AuditState.RUNNING)


class AuditKind(Choice):
    INTERNAL = "internal", _("Internal audit")
    SURVEILLANCE = "surveillance", _("Surveillance audit of the certification body")
    CERTIFICATION = "certification", _("Certification or renewal audit")


class Verdict(Choice):
    CONFORMS = "conforms", _("Conforms"), "good"
    FAILS = "nonconforming", _("Does not conform"), "bad"
    OBSERVED = "observation", _("Observation"), "warn"
    NOT_APPLICABLE = "not_applicable", _("Not applicable"), ""


class Grade(Choice):
    MAJOR = "major", _("Major nonconformity"), "bad"
    MINOR = "minor", _("Minor nonconformity"), "warn"
    OBSERVATION = "observation", _("Observation"), "info"


class FindingState(Choice):
    OPEN = "open", _("To be settled"), "doing"
    SETTLED = "settled", _("Settled"), "done"


class ReviewState(Choice):
    PLANNED = "planned", _("Planned"), "new"
    HELD = "held", _("Held, minutes being written"), "doing"
    APPROVING = "approving", _("Being approved"), "acc"
    CLOSED = "closed", _("Closed"), "done"


class DecisionState(Choice):
    OPEN = "open", _("To be done"), "doing"
    DONE = "done", _("Done, to be confirmed"), "visit"
    CLOSED = "closed", _("Closed"), "done"


class Direction(Choice):
    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")


class Period(Choice):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")

    @property
    def months(self) -> int:
        """How many months it has."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class Outcome(Choice):
    ACHIEVED = "achieved", _("Achieved"), "good"
    MISSED = "missed", _("Missed"), "bad"


class Standing(Choice):
    """Whether something still counts: objectives, aspects, hazards."""

    ACTIVE = "active", _("Active"), "doing"
    ENDED = "ended", _("Ended"), "done"


class LawLevel(Choice):
    LAW = "law", _("Law")
    REGULATION = "regulation", _("Administrative regulation")
    RULE = "rule", _("Departmental rule")
    LOCAL = "local", _("Local rule")
    STANDARD = "standard", _("Standard")
    OTHER = "other", _("Other requirement")


class LawState(Choice):
    CURRENT = "current", _("In force"), "doing"
    AMENDED = "amended", _("Amended, to be taken over"), "visit"
    REPEALED = "repealed", _("Repealed"), "done"


class Checked(Choice):
    """Whether somebody has read the original text."""

    READ = "read", _("Original text read"), "good"
    PENDING = "pending", _("Original text to be read"), "warn"


class Compliance(Choice):
    COMPLIES = "complies", _("Complies"), "good"
    LARGELY = "largely", _("Largely complies"), "warn"
    FAILS = "fails", _("Does not comply"), "bad"


class Condition(Choice):
    NORMAL = "normal", _("Normal")
    ABNORMAL = "abnormal", _("Abnormal")
    EMERGENCY = "emergency", _("Emergency")


class Tense(Choice):
    PAST = "past", _("Past")
    PRESENT = "present", _("Present")
    FUTURE = "future", _("Future")


class Stage(Choice):
    INHERENT = "inherent", _("With the controls in place")
    RESIDUAL = "residual", _("Residual, after further measures")


class Level(Choice):
    """Levels of a rating, the highest first as the companies number them."""

    EXTREME = "1", _("Level 1, major"), "bad"
    HIGH = "2", _("Level 2, high"), "bad"
    NOTABLE = "3", _("Level 3, notable"), "warn"
    GENERAL = "4", _("Level 4, general"), "info"
    SLIGHT = "5", _("Level 5, slight"), ""
