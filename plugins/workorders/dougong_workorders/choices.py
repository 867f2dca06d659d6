"""The choices that code reads. What a company edits (categories, trades, permits) stands in the settings."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_workorders")


class State(Choice):
    NEW = "new", _("New"), "new"
    ASSIGNED = "dispatched", _("Dispatched"), "new"
    ACCEPTED = "accepted", _("Accepted"), "acc"
    ON_SITE = "on_site", _("On the spot"), "doing"
    HELD = "held", _("On hold"), "hold"
    FINISHED = "finished", _("Awaiting acceptance"), "visit"
    PASSED = "passed", _("Passed"), "visit"
    CLOSED = "closed", _("Closed"), "done"
    CANCELLED = "cancelled", _("Cancelled"), "done"


DOING = (State.ASSIGNED, State.ACCEPTED, State.ON_SITE)  # somebody has it and works on it
WORKING = (State.NEW, *DOING)
UNFINISHED = (*WORKING, State.HELD)
OPEN = (*UNFINISHED, State.FINISHED, State.PASSED)
ENDED = (State.CLOSED, State.CANCELLED)


class Kind(Choice):
    """What sort of work it is. An urgent repair is an urgency: paid work can be urgent too."""

    REPAIR = "repair", _("Repair reported")
    PUBLIC = "public", _("Repair of common parts")
    PAID = "paid", _("Paid service")
    UPKEEP = "upkeep", _("Upkeep")
    DEFECT = "defect", _("Defect found")
    REQUEST = "request", _("Request")


class Urgency(Choice):
    NORMAL = "normal", _("Not urgent"), "info"
    URGENT = "urgent", _("Urgent repair"), "bad"


class Source(Choice):
    PHONE = "phone", _("Phone")
    ON_SITE = "on_site", _("In person")
    ONLINE = "online", _("Online")
    STAFF = "staff", _("Found by staff")
    CLIENT = "client", _("From the client")
    PLAN = "plan", _("By plan")


class Means(Choice):
    """How the resident agreed to a price."""

    SIGNED = "signed", _("Signed")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    ONLINE = "online", _("Online")


class Rating(Choice):
    SATISFIED = "satisfied", _("Satisfied"), "good"
    FAIRLY = "fairly_satisfied", _("Fairly satisfied"), "good"
    UNSATISFIED = "unsatisfied", _("Unsatisfied"), "bad"


CONTENT = (Rating.SATISFIED, Rating.FAIRLY)
