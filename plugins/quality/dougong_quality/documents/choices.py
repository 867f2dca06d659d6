"""The choices that code reads: levels, states of documents, revisions, copies and readings."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_quality")


class Level(Choice):
    """The levels of a documented system, and what came from outside."""

    HANDBOOK = "handbook", _("Manual")
    PROCEDURE = "procedure", _("Procedure")
    INSTRUCTION = "instruction", _("Work instruction")
    FORM = "form", _("Record form")
    EXTERNAL = "external", _("External document")


class Reach(Choice):
    COMPANY = "company", _("Company"), "info"
    PROJECT = "project", _("Project")


class DocumentState(Choice):
    PREPARING = "preparing", _("Being prepared"), "new"
    CURRENT = "current", _("In force"), "doing"
    OBSOLETE = "obsolete", _("Obsolete"), "done"


class Standing(Choice):
    """How a project's document stands to the company's document above it."""

    FITS = "fits", _("Fits the company's document"), "info"
    CHECK = "check", _("To be checked against the company's document"), "warn"
    ORPHAN = "orphan", _("The company's document is obsolete"), "bad"


class State(Choice):
    """The life of a revision. ``EMERGENCY`` is in force before it was approved, until that is made up for."""

    DRAFT = "drafting", _("Drafting"), "new"
    COSIGN = "cosigning", _("Co-signing"), "acc"
    CHECK = "checking", _("Under check"), "acc"
    APPROVE = "approving", _("Awaiting approval"), "acc"
    PENDING = "pending", _("Approved, not yet effective"), "visit"
    CURRENT = "current", _("Current"), "doing"
    EMERGENCY = "emergency", _("Current by emergency"), "hold"
    OBSOLETE = "obsolete", _("Obsolete"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


SIGNING = (State.COSIGN, State.CHECK, State.APPROVE)
UNDERWAY = (State.DRAFT, *SIGNING, State.PENDING)  # one of a document at a time
IN_FORCE = (State.CURRENT, State.EMERGENCY)  # one of a document, never two


class CopyState(Choice):
    OUT = "out", _("With its holder"), "doing"
    RECALL = "recall", _("To be recalled"), "hold"
    RETURNED = "returned", _("Returned"), "done"
    LOST = "lost", _("Lost"), "done"
    DESTROYED = "destroyed", _("Destroyed"), "done"
    KEPT = "kept", _("Kept as obsolete"), "done"


class ReadingState(Choice):
    OPEN = "open", _("Not read"), "new"
    READ = "read", _("Read"), "done"
    DROPPED = "dropped", _("No longer needed"), "done"


class Verdict(Choice):
    SUITABLE = "suitable", _("Still suitable")
    REVISE = "revise", _("Needs a revision")


class FormStanding(Choice):
    """Whether a record was made on the form's revision that was current at that time."""

    CURRENT = "current", _("On the current form")
    OLD = "old", _("On an old form"), "warn"
