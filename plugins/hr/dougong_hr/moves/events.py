"""What people are told of moves, and what other modules may do when somebody joins, moves or leaves. Clocks and approvals tell
theirs themselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, Telling, Trigger, translator

from ..organisation.records import Employee, Position
from .base import X, of
from .changes import BLOCKED, FILING_ASKED
from .choices import ChangeState
from .records import Candidate, Change, Notice, Requisition

_ = translator("dougong_hr")
_WHERE = _("{title}\n{site} · {status}")


def hr_of(r: Change | Requisition | Candidate | Notice, x: X) -> Iterable[UUID | None]:
    return [*(one.id for one in x.who("hr", r.site_id)), r.created_by]


def concerned(c: Change, x: X) -> Iterable[UUID | None]:
    """HR and the person themselves, once it holds."""
    if c.status is not ChangeState.EFFECTIVE:
        return []
    return [*hr_of(c, x), of(x, Employee, c.employee_id).person_id]


def who_answers(n: Notice, x: X) -> Iterable[UUID | None]:
    return [*hr_of(n, x), *(one.id for one in x.who("project_manager", n.site_id))]


EFFECT = ("take_effect", "notice_passed", "accept_filing", "approve_agree", "clear")

EVENTS = (
    Event(
        FILING_ASKED, _("A key appointment is to be filed"), _("{number}: please take note of a key appointment"),
        Change.kind, text=_WHERE, channels=("inbox", "email"),
    ),
    Event(
        "hr.filing_answered", _("The company answered a filing"), _("{number}: the filing was answered"),
        Change.kind, ("accept_filing", "return_filing"), hr_of, _WHERE,
    ),
    Event(
        "hr.change_effective", _("A change of personnel took effect"), _("{number} has taken effect"),
        Change.kind, EFFECT, concerned, _WHERE,
    ),
    Event(
        BLOCKED, _("A change of personnel cannot take effect"), _("{number} could not take effect on its day"),
        Change.kind, (), hr_of, _WHERE, channels=("inbox", "email"),
    ),
    Event(
        "hr.objection_raised", _("Somebody objected to an appointment"), _("An objection to {title}: {number}"),
        Notice.kind, ("raise_objection",), who_answers, _("{site} · {status}"), channels=("inbox", "email"),
    ),
    Event(
        "hr.candidate_moved", _("A candidate was scored or answered an offer"), _("{number}: {action}"),
        Candidate.kind, ("score", "accept"), hr_of, _WHERE,
    ),
)  # fmt: skip


def tells(c: Change, x: X) -> Telling:
    """The kind of change and the post: no name."""
    place = c.to_id or c.from_id
    post = of(x, Position, place).title if place else ""
    title = f"{c.type.label} {post}".strip()
    return Telling(
        title=title[:200], text=str(_("{number}, takes effect on {day}").format(number=c.number, day=c.effective_on))
    )


TRIGGERS = (
    Trigger("hr.change_proposed", _("A change of personnel was proposed"), Change.kind, ("create",), tells, "type"),
    Trigger(
        "hr.change_decided",
        _("A change of personnel took effect"),
        Change.kind,
        ("take_effect", "clear"),
        tells,
        "type",
    ),
)
