"""The choices that code of moves reads: how requisitions, candidates, changes of personnel and public notices stand."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_hr")


class RequisitionState(Choice):
    DRAFT = "draft", _("Being drafted"), "new"
    APPROVAL = "approval", _("In approval"), "acc"
    OPEN = "open", _("Recruiting"), "doing"
    CLOSED = "closed", _("Closed"), "done"


class Need(Choice):
    ADDED = "added", _("New head")
    REPLACED = "replaced", _("Replacement")


class CandidateState(Choice):
    SCREENING = "screening", _("Screening"), "new"
    INTERVIEW = "interview", _("Interview"), "acc"
    PROPOSED = "proposed", _("To be hired"), "visit"
    HIRED = "hired", _("Taken on"), "doing"
    JOINED = "joined", _("Reported for work"), "done"
    REJECTED = "rejected", _("Not taken"), "done"


RUNNING = (CandidateState.SCREENING, CandidateState.INTERVIEW, CandidateState.PROPOSED, CandidateState.HIRED)


class CandidateSource(Choice):
    SITE = "site", _("Recruitment site")
    REFERRAL = "referral", _("Recommended by staff")
    INTERNAL = "internal", _("From within")
    SCHOOL = "school", _("School")
    AGENCY = "agency", _("Agency")
    OTHER = "other", _("Other")


class ChangeType(Choice):
    HIRE = "hire", _("Joining"), "good"
    CONFIRM = "confirm", _("Confirmation after probation"), "good"
    TRANSFER = "transfer", _("Transfer"), "info"
    PROMOTE = "promote", _("Promotion"), "good"
    DEMOTE = "demote", _("Demotion"), "warn"
    LEAVE = "leave", _("Leaving"), "bad"


APPOINTING = (ChangeType.HIRE, ChangeType.TRANSFER, ChangeType.PROMOTE, ChangeType.DEMOTE)  # these name a post


class ChangeState(Choice):
    DRAFT = "draft", _("Proposed"), "new"
    APPROVAL = "approval", _("Project's approval"), "acc"
    NOTICE = "notice", _("Public notice"), "acc"
    FILING = "filing", _("Awaiting filing"), "hold"
    CLEARING = "clearing", _("Clearance"), "doing"
    READY = "ready", _("Awaiting its day"), "visit"
    FILED = "filed", _("Filed"), "visit"
    EFFECTIVE = "effective", _("In effect"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


UNDERWAY = (
    ChangeState.DRAFT, ChangeState.APPROVAL, ChangeState.NOTICE, ChangeState.FILING, ChangeState.CLEARING, ChangeState.READY,
    ChangeState.FILED,
)  # fmt: skip
WAITING = (ChangeState.READY, ChangeState.FILED)  # decided; the day is still to come


class FilingMode(Choice):
    BEFORE = "before", _("Before the appointment takes effect")
    AFTER = "after", _("Within so many days after it took effect")


class FilingOutcome(Choice):
    ASKED = "asked", _("With the company"), "acc"
    ACCEPTED = "accepted", _("Filed"), "good"
    RETURNED = "returned", _("Returned"), "bad"


class NoticeState(Choice):
    OPEN = "open", _("On notice"), "doing"
    PASSED = "passed", _("Notice ended"), "done"
    STOPPED = "stopped", _("Taken down"), "done"
