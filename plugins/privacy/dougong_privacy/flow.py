"""The life of a request: 登记 → 核实身份 → 办理中 → 已答复 → 关闭, or refused with a reason and a way of complaint."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dougong import (
    Conflict,
    Context,
    Form,
    Person,
    Prose,
    Step,
    Term,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)

from .choices import OPEN, State
from .records import HANDLE, Disposal, Request
from .settings import Settings

_ = translator("dougong_privacy")
X = Context[Settings]
FORGET = "privacy.forget"

flow: Workflow[Request, State, Settings] = Workflow(Request, Request.status, Settings)
disposal_flow: Workflow[Disposal, Any, Settings] = Workflow(Disposal, None, Settings)


@flow.creating
def registered(r: Request, x: X) -> None:
    r.received_at = r.received_at or x.now
    r.terms = f"{r.asker}\n{r.contact}"
    r.appeal = x.settings.appeal or None  # proposed, should it be refused


@flow.changing
def dated(r: Request, x: X) -> None:
    """The time to answer runs from the moment at which the request came in."""
    assert r.received_at is not None
    if r.received_at > x.now:
        raise refuse("received_at", _("lies in the future"))


take_up = flow.step("take_up", _("Check identity"), State.REGISTERED, State.VERIFYING, icon="user")


@flow.on(
    _("Identity is checked"),
    (State.REGISTERED, State.VERIFYING),
    State.WORKING,
    form=Form,
    asks=[Request.proof],
    icon="check",
    help=_("Nothing may be handed over or erased before."),
)
def verify(r: Request, f: Form, x: X) -> None:
    r.handler_id = x.actor or r.handler_id


MOST_TERMS, LONGEST, SHORTEST = 20, 100, 2


def terms_of(text: str) -> list[str]:
    """What is searched for, one a line.

    :raises Invalid: nothing, too much, or a term so short that it would find everybody.
    """
    found = list(dict.fromkeys(line.strip() for line in text.replace("\0", "").splitlines() if line.strip()))
    if not found:
        raise refuse("terms", _("is required"))
    if len(found) > MOST_TERMS or any(len(one) > LONGEST for one in found):
        raise refuse("terms", _("at most {n} lines of at most {m} characters").format(n=MOST_TERMS, m=LONGEST))
    if any(len(one) < SHORTEST for one in found):
        raise refuse("terms", _("a single character would find everybody"))
    return found


@flow.on(
    _("Search for"),
    OPEN,
    form=Form,
    asks=[Request.terms],
    permission=HANDLE,
    icon="search",
    help=_("Names, phone numbers, e-mail addresses and rooms, one a line. That it was searched for is noted."),
)
def search(r: Request, f: Form, x: X) -> None:
    r.terms = "\n".join(terms_of(r.terms or ""))


# Noted by what carries an order out; nobody takes them by hand.
handed = flow.step("handed", _("Handed over"), State.WORKING, State.WORKING, automatic=True, icon="export")
erased = flow.step("erased", _("Erased"), State.WORKING, State.WORKING, automatic=True, icon="trash")


class Reason(Form):
    reason: Prose = asked(_("Reason"), help=_("The person is told of it."))


@guard(_("The time to answer has been extended once."))
def not_extended(r: Request, x: X) -> bool:
    return not r.extended


@flow.on(_("Extend the time"), OPEN, form=Reason, guards=[not_extended], icon="clock")
def extend(r: Request, f: Reason, x: X) -> None:
    r.extended = True


@guard(_("Something is still being done for this request in the background."))
def at_rest(r: Request, x: X) -> bool:
    return not r.order


@flow.on(
    _("Answer"),
    State.WORKING,
    State.ANSWERED,
    form=Form,
    asks=[Request.answer],
    guards=[at_rest],
    icon="send",
)
def reply(r: Request, f: Form, x: X) -> None:
    r.answered_at = x.now


@flow.on(
    _("Refuse"),
    OPEN,
    State.REFUSED,
    form=Form,
    asks=[Request.refusal, Request.appeal],
    guards=[at_rest],
    icon="close",
    danger=True,
    help=_("With the reason, and where the person can complain."),
)
def decline(r: Request, f: Form, x: X) -> None:
    r.answered_at = x.now


resume = flow.step("resume", _("Deal with it again"), (State.ANSWERED, State.REFUSED), State.WORKING, icon="undo")


class Closing(Form):
    forget: bool = asked(
        _("Forget who asked, too"),
        default=False,
        help=_("Name, contact, words and files of this request are erased; that it was dealt with stays."),
    )


@flow.on(_("Close"), (State.ANSWERED, State.REFUSED), State.CLOSED, form=Closing, guards=[at_rest], icon="check")
def close(r: Request, f: Closing, x: X) -> None:
    r.closed_at = x.now
    if f.forget:
        x.enqueue(FORGET, request=r.id)


def time_to_answer(r: Request, x: X) -> Term:
    """Working days from when it came in; extended once, so many days more."""
    term = Term(days=x.settings.answer_days)
    if not r.extended or r.received_at is None:
        return term
    due = x.calendar(r.site_id).add(r.received_at, days=term.days)
    return Term(until=due + dt.timedelta(days=x.settings.extend_days))


def officers(r: Request, x: X) -> list[tuple[str, list[Person]]]:
    """Who answers for personal data before the law, then whoever leads the company."""
    levels = ((role, x.who(role, r.site_id)) for role in ("privacy_officer", "general_manager"))
    return [(role, people) for role, people in levels if people]


def steps(settings: Settings) -> list[Step[Request, Settings]]:
    """Remind whoever handles it, note the breach, tell the officers at once and the leaders later."""
    first = [remind(settings.remind_percent / 100)] if settings.remind_percent else []
    return [*first, overdue(), escalate(level=1), escalate(settings.escalate_percent / 100, level=2)]


answering = flow.clock(
    "answer",
    _("Answer"),
    due=Request.due_by,
    met=Request.answered_at,
    late=Request.answer_late,
    runs=OPEN,
    once=True,
    starts=lambda r, x: r.received_at,
    term=time_to_answer,
    depends=(Request.extended,),
    owner=Request.handler_id,
    line=officers,
    steps=steps,
    step=reply,
)


@disposal_flow.creating
def of_a_record(d: Disposal, x: X) -> None:
    if not d.target:
        raise Conflict(_("Disposals are noted by the nightly job only."))
