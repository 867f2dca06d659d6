"""Public notice of an appointment: so many working days on which everybody at the site may object; the change waits for it."""

from __future__ import annotations

from typing import Any

from dougong import Conflict, Form, Prose, Term, Workflow, act, asked, guard, refuse, translator

from ..organisation.records import Employee
from .base import X, of
from .choices import ChangeState, NoticeState
from .records import Change, Notice, Objection
from .settings import MovesSettings

_ = translator("dougong_hr")
flow = Workflow(Notice, Notice.status, MovesSettings)
PASSED, FAILED = "notice_passed", "notice_failed"  # steps of the change


@flow.creating
def put_up(n: Notice, x: X) -> None:
    if n.change_id is None:
        raise refuse("change_id", _("An appointment is put on notice when it was approved."))


def publish(c: Change, words: str, x: X) -> Notice:
    """Put an approved appointment on notice at its site."""
    made = x.create(
        Notice, c.site_id, change_id=c.id, title=c.title, type=c.type, words=words, effective_on=c.effective_on
    )
    x.link(c, made, origin=True)
    return made


@guard(_("Nobody objects to their own appointment."))
def not_own(n: Notice, x: X) -> bool:
    change = of(x, Change, n.change_id) if n.change_id else None
    return change is None or x.actor is None or of(x, Employee, change.employee_id).person_id != x.actor


@flow.adding(_("Object"), NoticeState.OPEN, Objection, guards=[not_own], icon="doc")
def raise_objection(n: Notice, one: Objection, x: X) -> None:
    n.objections, n.unanswered = n.objections + 1, n.unanswered + 1


class Answer(Form):
    upheld: bool = asked(
        _("The objection is upheld"), default=False, help=_("The appointment goes back to its beginning.")
    )
    answer: Prose = asked(_("Answer"))


@guard(_("No objection waits for an answer."), quiet=True)
def objected(n: Notice, x: X) -> bool:
    return n.unanswered > 0


@flow.on(
    _("Answer the objections"), NoticeState.OPEN, (NoticeState.OPEN, NoticeState.PASSED, NoticeState.STOPPED), form=Answer,
    guards=[objected, not_own], icon="check",
)  # fmt: skip
def answer(n: Notice, f: Answer, x: X) -> NoticeState:
    for one in x.children(n, Objection):
        if one.upheld is None:
            one.answer, one.upheld = f.answer, f.upheld
    n.unanswered = 0
    if f.upheld:
        _pass_on(n, FAILED, x, reason=f.answer)
        n.passed_at = x.now
        return NoticeState.STOPPED
    return _over(n, x) if n.ends_by is not None and n.ends_by <= x.now else NoticeState.OPEN


@flow.on(_("Notice ends"), NoticeState.OPEN, (NoticeState.OPEN, NoticeState.PASSED), form=Form, automatic=True)
def end(n: Notice, f: Form, x: X) -> NoticeState:
    """Where an objection waits, the notice ends with its answer."""
    return NoticeState.OPEN if n.unanswered else _over(n, x)


@flow.on(_("Take down"), NoticeState.OPEN, NoticeState.STOPPED, form=Form, automatic=True)
def take_down(n: Notice, f: Form, x: X) -> None:
    n.passed_at = x.now


def _over(n: Notice, x: X) -> NoticeState:
    n.passed_at = x.now
    _pass_on(n, PASSED, x)
    return NoticeState.PASSED


def _pass_on(n: Notice, step: str, x: X, **body: Any) -> None:
    if n.change_id is None:
        raise Conflict(_("This notice belongs to no appointment."))
    change = of(x, Change, n.change_id)
    if change.status is ChangeState.NOTICE:
        x.as_person(None).take(change, step, **body)


flow.clock(
    "notice",
    _("Public notice"),
    due=Notice.ends_by,
    met=Notice.passed_at,
    runs=NoticeState.OPEN,
    ends=(NoticeState.PASSED, NoticeState.STOPPED),
    term=lambda n, x: Term(days=x.settings.notice_days),
    depends=(Notice.change_id,),
    steps=[act(lambda n, x: x.take(n, end.name), name="end", label=_("Notice ends"))],
    owner=Notice.created_by,
)

__all__ = ["FAILED", "PASSED", "flow", "publish"]
