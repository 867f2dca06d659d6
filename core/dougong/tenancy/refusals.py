"""What a transaction can be refused with, whichever way it took: as callers know it, not as the driver says it."""

from __future__ import annotations


class Stale(Exception):
    """The process's snapshot is older than the company's version: reload and try again."""


class SignedOut(Exception):
    """The session was ended, here or in another process."""


class Suspended(Exception):
    """The company is suspended or gone."""


class Contended(Exception):
    """Others wanted the same rows at the same moment, and the database gave them precedence: nothing was written."""


class Lost(Exception):
    """The database cannot be reached, or took too long to answer.

    :ivar begun: the transaction had begun, so that nobody knows whether a commit under way was still done.
    """

    def __init__(self, text: str, *, begun: bool) -> None:
        super().__init__(text)
        self.begun = begun


_STATES: dict[str, type[Exception]] = {
    "DG001": Stale,
    "DG002": SignedOut,
    "DG003": Suspended,
    **dict.fromkeys(("40P01", "40001", "55P03"), Contended),  # deadlock, serialization, lock_timeout
}
GONE = ("08", "53", "57")  # classes of SQLSTATE: connection, resources, an operator (or statement_timeout) intervened


def known(error: Exception, state: str | None, *, begun: bool) -> Exception:
    """One of ours where the SQLSTATE says so, else the error as it came."""
    if state in _STATES:
        return _STATES[state](str(error))
    return Lost(str(error), begun=begun) if state and state.startswith(GONE) else error


__all__ = ["GONE", "Contended", "Lost", "SignedOut", "Stale", "Suspended", "known"]
