"""The states of a request, what may be asked for, and what becomes of records in the end."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_privacy")


class State(Choice):
    REGISTERED = "registered", _("Registered"), "new"
    VERIFYING = "verifying", _("Checking identity"), "acc"
    WORKING = "working", _("Being dealt with"), "doing"
    ANSWERED = "answered", _("Answered"), "visit"
    REFUSED = "refused", _("Refused"), "hold"
    CLOSED = "closed", _("Closed"), "done"


OPEN = (State.REGISTERED, State.VERIFYING, State.WORKING)


class Wish(Choice):
    """个人信息保护法 Art. 44 to 48 and 15."""

    ACCESS = "access", _("See what is kept")
    COPY = "copy", _("Have a copy")
    CORRECT = "correct", _("Have it corrected")
    DELETE = "delete", _("Have it deleted")
    WITHDRAW = "withdraw", _("Withdraw consent")
    EXPLAIN = "explain", _("Have the rules explained")


class Proof(Choice):
    IN_PERSON = "in_person", _("In person, with an identity document")
    CALLED_BACK = "called_back", _("Called back on the number on file")
    CODE = "code", _("By the follow-up code of a case")
    AGENT = "agent", _("A representative with written authority")
    OTHER = "other", _("In another way")


class Ending(Choice):
    ERASE = "erase", _("Erase personal values, keep the case")
    DELETE = "delete", _("Delete it whole")
    KEEP = "keep", _("Keep it")


class Fate(Choice):
    ERASED = "erased", _("Personal values erased"), "done"
    DELETED = "deleted", _("Deleted"), "done"
    LEFT = "left", _("Left as it was"), "hold"
