"""The choices that code reads. What a company edits (categories) stands in the settings."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_complaints")


class State(Choice):
    NEW = "registered", _("Registered"), "new"
    ACCEPTED = "accepted", _("Accepted"), "acc"
    WORKING = "working", _("In progress"), "doing"
    HELD = "held", _("On hold"), "hold"
    VISIT = "visit", _("Awaiting return visit"), "visit"
    CLOSED = "closed", _("Closed"), "done"
    MERGED = "merged", _("Merged"), "done"
    UNFOUNDED = "unfounded", _("Not founded"), "done"


ACTIVE = (State.NEW, State.ACCEPTED, State.WORKING, State.HELD)  # somebody still works on it: progress is owed
OPEN = (*ACTIVE, State.VISIT)


class Channel(Choice):
    PHONE = "phone", _("Phone")
    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    WRITTEN = "written", _("In writing")
    GOVERNMENT = "government", _("12345 or government")
    CLIENT = "client", _("Forwarded by the client")


class Kind(Choice):
    OWNER = "owner", _("Owner of a home")
    TENANT = "tenant", _("Tenant")
    CLIENT = "client", _("Client")
    ANONYMOUS = "anonymous", _("Anonymous")
    OTHER = "other", _("Someone else")


class Severity(Choice):
    MINOR = "minor", _("Ordinary"), "info"
    IMPORTANT = "important", _("Important"), "warn"
    MAJOR = "major", _("Major"), "bad"


class Urgency(Choice):
    NORMAL = "normal", _("Not urgent"), "info"
    URGENT = "urgent", _("Urgent"), "bad"


class Cause(Choice):
    STAFF = "staff", _("Staff")
    PROCESS = "process", _("Process")
    EQUIPMENT = "equipment", _("Equipment")
    CONTRACTOR = "contractor", _("Contractor")
    COMMUNICATION = "communication", _("Communication")
    THIRD_PARTY = "third_party", _("Third party")
    INVALID = "invalid", _("No valid reason")


class Means(Choice):
    """How somebody was told or reached."""

    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text message")
    CHAT = "chat", _("Chat")
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("Letter")
    POSTED = "posted", _("Posted notice")
    ONLINE = "online", _("Online")


class Result(Choice):
    SATISFIED = "satisfied", _("Satisfied"), "good"
    FAIRLY = "fairly_satisfied", _("Fairly satisfied"), "good"
    UNSATISFIED = "unsatisfied", _("Unsatisfied"), "bad"
    NOT_REACHED = "not_reached", _("Not reached"), "warn"


CONTENT = (Result.SATISFIED, Result.FAIRLY)


class Route(Choice):
    AUTHORITY = "authority", _("Beyond one's authority: next in line")
    LEADERS = "leaders", _("Major or urgent: company leaders")
    OVERDUE = "overdue", _("Overdue: by the clock")
