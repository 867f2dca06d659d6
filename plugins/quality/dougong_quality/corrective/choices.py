"""The choices that code of nonconformities reads. What a company edits (categories, clauses) stands in the settings."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_quality")


class State(Choice):
    """Each state is named by what is awaited in it."""

    OPENED = "opened", _("Opened"), "new"
    CONTAIN = "contain", _("Containment"), "acc"
    CAUSE = "cause", _("Cause analysis"), "doing"
    PLAN = "plan", _("Measures"), "doing"
    ACT = "act", _("Implementation"), "doing"
    VERIFY = "verify", _("Verification"), "visit"
    EFFECT = "effect", _("Effectiveness check"), "hold"
    CLOSED = "closed", _("Closed"), "done"
    CANCELLED = "cancelled", _("Cancelled"), "done"


WORKING = (State.CONTAIN, State.CAUSE, State.PLAN, State.ACT)
OPEN = (State.OPENED, *WORKING, State.VERIFY, State.EFFECT)
ENDED = (State.CLOSED, State.CANCELLED)


class Kind(Choice):
    FOUND = "found", _("Found"), "info"
    POTENTIAL = "potential", _("Potential"), "warn"


class Severity(Choice):
    OBSERVATION = "observation", _("Observation"), "info"
    MINOR = "minor", _("Minor nonconformity"), "warn"
    MAJOR = "major", _("Major nonconformity"), "bad"


class Source(Choice):
    AUDIT = "internal_audit", _("Internal audit")
    EXTERNAL = "external_audit", _("External audit")
    PATROL = "inspection", _("Inspection")
    COMPLAINT = "complaint", _("Complaint")
    ORDER = "work_order", _("Work order")
    REVIEW = "management_review", _("Management review")
    OBJECTIVE = "objective", _("Objective missed")
    GOVERNMENT = "government", _("Government inspection")
    SELF = "self_check", _("Self-check")
    OTHER = "other", _("Other source")


class Factor(Choice):
    """The six bones of a fishbone: 人机料法环测."""

    PEOPLE = "people", _("People")
    MACHINE = "machine", _("Equipment")
    MATERIAL = "material", _("Material")
    METHOD = "method", _("Method")
    PLACE = "environment", _("Environment")
    GAUGE = "measurement", _("Measuring")


class MeasureKind(Choice):
    CORRECTION = "correction", _("Correction")
    CORRECTIVE = "corrective", _("Corrective measure")
    PREVENTIVE = "preventive", _("Preventive measure")


class MeasureState(Choice):
    OPEN = "open", _("To be done"), "doing"
    DONE = "done", _("Measure done"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


class Answer(Choice):
    """How a sister site stands to what happened elsewhere."""

    OPEN = "open", _("To be answered"), "new"
    APPLIES = "applies", _("Applies, being done"), "doing"
    NOT_HERE = "not_applicable", _("Does not apply"), "done"
    DONE = "done", _("Applied and done"), "done"


class Verdict(Choice):
    PASSED = "passed", _("Passed"), "good"
    FAILED = "failed", _("Not passed"), "bad"


class Effect(Choice):
    EFFECTIVE = "effective", _("Effective"), "good"
    INEFFECTIVE = "ineffective", _("Not effective"), "bad"
