"""Who is told when it is their turn, and what other modules may do when a result is final. No message says points or grades."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, Telling, Trigger, translator

from .base import X
from .choices import AppraisalState, RatingState
from .ratings import appraisal_of
from .records import Appraisal, Rating

_ = translator("dougong_hr")
A = AppraisalState


def turn(a: Appraisal, x: X) -> Iterable[UUID | None]:
    """Whose step is next."""
    match a.status:
        case A.GOALS:
            return [a.person_id, a.rater_id]
        case A.SELF | A.TOLD:
            return [a.person_id]
        case A.INTERVIEW:
            return [a.rater_id]
        case A.FINAL:
            return [a.person_id, a.rater_id]
    return []


def next_rating(r: Rating, x: X) -> Iterable[UUID | None]:
    a = appraisal_of(r, x)
    return {
        RatingState.OPEN: [a.rater_id],
        RatingState.GIVEN: [a.reviewer_id],
        RatingState.CONTESTED: [a.decider_id],
    }.get(r.status, [])


EVENTS = (
    Event(
        "hr.appraisal_turn", _("It is your turn in an appraisal"), _("{number}: {status}"), Appraisal.kind,
        ("create", "agree_goals", "reopen_goals", "reviewed", "talk"), turn, _("{title}\n{site} · {status}"),
    ),
    Event(
        "hr.appraisal_final", _("An appraisal is final"), _("{number} is final"), Appraisal.kind,
        ("accept", "lapse", "decided"), turn, _("{title}\n{site} · {status}"),
    ),
    Event(
        "hr.rating_turn", _("A rating waits for you"), _("{number}: {status}"), Rating.kind,
        ("create", "give", "send_back", "contested"), next_rating, _("{title}\n{site} · {status}"),
    ),
)  # fmt: skip


def tells(r: Rating, x: X) -> Telling:
    """Neither who nor how many points: what comes of it is read by others."""
    return Telling(title=str(_("What follows from an appraisal")), text=str(_("See {number}.").format(number=r.number)))


TRIGGERS = (
    Trigger("hr.appraised", _("An appraisal is final"), Rating.kind, ("settle", "dismiss", "amend"), tells, "grade"),
)

__all__ = ["EVENTS", "TRIGGERS"]
