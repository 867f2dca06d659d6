"""States and sources of assigned work."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_tasks")


class State(Choice):
    ASSIGNED = "assigned", _("Assigned"), "new"
    ACCEPTED = "accepted", _("Accepted"), "acc"
    DOING = "doing", _("Being done"), "doing"
    REPORTED = "reported", _("Reported done"), "visit"
    SIGNED = "signed", _("Signed off"), "done"
    CANCELLED = "cancelled", _("Cancelled"), "done"


WORKING = (State.ACCEPTED, State.DOING)
UNFINISHED = (State.ASSIGNED, *WORKING)
OPEN = (*UNFINISHED, State.REPORTED)
ENDED = (State.SIGNED, State.CANCELLED)


class Source(Choice):
    """Where work comes from: 领导交办, 会议, 甲方, 政府, 上级."""

    LEADER = "leader", _("Superior on the spot")
    MEETING = "meeting", _("Meeting")
    CLIENT = "client", _("Client")
    AUTHORITY = "authority", _("Authority")
    ABOVE = "above", _("Company above")
