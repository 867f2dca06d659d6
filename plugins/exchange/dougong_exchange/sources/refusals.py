"""Why a file cannot be read, in words for the person who sent it."""

from __future__ import annotations

from dougong import FieldError, Invalid, Lazy


class Unreadable(Invalid):
    """The file as a whole cannot be taken; the words say what to do instead."""

    def __init__(self, why: Lazy) -> None:
        super().__init__(why, errors=(FieldError("file", why),))


__all__ = ["Unreadable"]
