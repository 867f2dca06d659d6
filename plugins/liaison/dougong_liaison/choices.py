"""The choices that code of liaison reads: states of each record, kinds of contact with an agency, how a rule repeats."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_liaison")


class AgencyState(Choice):
    ACTIVE = "active", _("In contact"), "doing"
    CLOSED = "closed", _("Merged or abolished"), "done"


class ContactState(Choice):
    ACTIVE = "active", _("In office"), "doing"
    LEFT = "left", _("Has left the office"), "done"


class InteractionKind(Choice):
    INSPECTION = "inspection", _("Inspection by the agency"), "warn"
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")
    LETTER = "letter", _("Incoming letter")
    CALL = "call", _("Telephone call")


class InteractionState(Choice):
    OPEN = "open", _("To follow up"), "acc"
    CLOSED = "closed", _("Followed up"), "done"


class DeclarationState(Choice):
    DUE = "due", _("To be signed"), "acc"
    SIGNED = "signed", _("Signed"), "done"
    DROPPED = "dropped", _("No longer needed"), "done"


class ObligationState(Choice):
    ACTIVE = "active", _("In force"), "doing"
    ENDED = "ended", _("No longer applies"), "done"


class Repeat(Choice):
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half_yearly", _("Every half-year")
    YEARLY = "yearly", _("Every year")


class OnClosed(Choice):
    AS_IS = "as_is", _("Stays on its day")
    NEXT = "next", _("Moves to the next working day")
    PREVIOUS = "previous", _("Moves to the previous working day")


class Checked(Choice):
    """How far the legal basis was verified."""

    READ = "read", _("Verified in the original text"), "good"
    PENDING = "pending", _("To be verified"), "warn"


class FilingState(Choice):
    TODO = "todo", _("To do"), "new"
    PREPARING = "preparing", _("Preparing"), "doing"
    SUBMITTED = "submitted", _("Submitted"), "acc"
    ACCEPTED = "accepted", _("Accepted by the agency"), "good"
    RETURNED = "returned", _("Returned by the agency"), "bad"
    ARCHIVED = "archived", _("Archived"), "done"
    DROPPED = "dropped", _("No longer needed"), "done"


OWED = (FilingState.TODO, FilingState.PREPARING, FilingState.RETURNED)
HANDED_IN = (FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.ARCHIVED)


class PermitState(Choice):
    VALID = "valid", _("Valid"), "doing"
    RENEWING = "renewing", _("Renewal applied for"), "acc"
    ENDED = "ended", _("Ended"), "done"


LIVE = (PermitState.VALID, PermitState.RENEWING)


class OrderState(Choice):
    SIGNED = "signed", _("Order signed for"), "new"
    ASSIGNED = "assigned", _("Order assigned"), "acc"
    FIXING = "fixing", _("Being rectified"), "doing"
    REPLIED = "replied", _("Order answered"), "acc"
    RECHECK = "recheck", _("Being rechecked"), "acc"
    CLOSED = "closed", _("Order closed"), "done"


ANSWERING = (OrderState.SIGNED, OrderState.ASSIGNED, OrderState.FIXING)
OPEN_ORDER = (*ANSWERING, OrderState.REPLIED, OrderState.RECHECK)


class ItemState(Choice):
    OPEN = "open", _("To be rectified"), "doing"
    DONE = "done", _("Rectified"), "done"


class PolicyState(Choice):
    COLLECTED = "collected", _("Collected"), "new"
    ASSESSED = "assessed", _("Assessed"), "doing"
    APPLIED = "applied", _("Put into practice"), "good"
    IRRELEVANT = "irrelevant", _("Not applicable"), "done"


class Impact(Choice):
    NONE = "none", _("No impact")
    LOW = "low", _("Low impact"), "info"
    HIGH = "high", _("High impact"), "warn"


class SupportState(Choice):
    PREPARING = "preparing", _("Being prepared"), "doing"
    SUBMITTED = "submitted", _("Applied"), "acc"
    GRANTED = "granted", _("Granted"), "good"
    REFUSED = "refused", _("Refused"), "bad"
    PAID = "paid", _("Money received"), "done"
    WITHDRAWN = "withdrawn", _("Withdrawn"), "done"
