"""Errors that a person may cause, each with its HTTP meaning and words in that person's language.

One family serves pages (shown in the page), the API (``application/problem+json``) and imports (a line
of the report). Anything else that is raised is a fault of ours and answers 500.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .words import Lazy, translator

_ = translator("dougong")

Words = Lazy | str


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one input. ``path`` names it as the API does: ``statement``, ``lines.0.amount``."""

    path: str
    message: Words


class Problem(Exception):
    """Base: ``status`` is the HTTP status, ``title`` the kind of error, ``detail`` what happened and how to mend it."""

    status: ClassVar[int] = 400
    title: ClassVar[Lazy] = _("The request cannot be understood")

    def __init__(self, detail: Words = "", *, errors: tuple[FieldError, ...] = (), extra: dict[str, Any] | None = None) -> None:
        super().__init__(str(detail))
        self.detail, self.errors, self.extra = detail, errors, extra or {}


class BadRequest(Problem):
    """The request itself is malformed: broken JSON, unknown parameter, impossible cursor."""


class Unauthorized(Problem):
    status = 401
    title = _("Please sign in")


class Forbidden(Problem):
    """The record may be viewed, but this may not be done. ``extra["explanation"]`` says which gate and what would change it."""

    status = 403
    title = _("You may not do this")


class NotFound(Problem):
    """Does not exist, or may not be viewed: the two must look the same."""

    status = 404
    title = _("Not found")


class Conflict(Problem):
    """The state of the record does not allow it now (a transition, a repeated key with other content)."""

    status = 409
    title = _("Not possible now")


class Changed(Problem):
    """Row version given by the client is not the current one."""

    status = 412
    title = _("Changed by someone else in the meantime")


class Invalid(Problem):
    """Inputs were refused; ``errors`` has one entry for each."""

    status = 422
    title = _("Please check what you entered")


def refuse(path: str, why: Words) -> Invalid:
    """One bad input, to be raised. :param path: as the API names the input: ``lines.0.amount``."""
    return Invalid(errors=(FieldError(path, why),))


class Unavailable(Problem):
    """What is needed for the answer, the database above all, does not answer itself."""

    status = 503
    title = _("Not available at this moment")


class TooMany(Problem):
    status = 429
    title = _("Too many attempts")
