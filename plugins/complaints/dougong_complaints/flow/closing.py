"""The end of a complaint: return visits, the supervisor's waiver, the written answer, closing, reopening, not founded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dougong import Prose, asked, guard, translator

from .. import timers
from ..choices import CONTENT, Cause, Kind, Means, Result, State
from ..records import Answer, Complaint, Notice, Visit
from ..relations import X
from .base import Form, Reason, flow, refuse
from .merging import merged_into, pass_on

_ = translator("dougong_complaints")


@dataclass(frozen=True)
class Heard:
    """What a complainant has said since the complaint was last solved, and how often they were unsatisfied in all."""

    anonymous: bool
    visits: list[Visit]
    refused: list[Visit]

    @property
    def content(self) -> bool:
        return any(v.result in CONTENT for v in self.visits)

    def unreachable(self, x: X) -> bool:
        failed = [v.at for v in self.visits if v.result is Result.NOT_REACHED]
        spread = dt.timedelta(days=x.settings.failed_contact_days)
        return len(failed) >= x.settings.failed_contacts and failed[-1] - failed[0] >= spread


def complainants(c: Complaint, x: X) -> list[Heard]:
    """Everybody who complained, of this complaint and those merged into it."""
    visits = x.children(c, Visit)
    found = []
    for one in (c, *merged_into(c, x)):
        own = [v for v in visits if v.about == (None if one is c else one.number)]
        lately = [v for v in own if c.resolved_at is not None and v.at >= c.resolved_at]
        refused = [v for v in own if v.result is Result.UNSATISFIED]
        found.append(Heard(one.complainant_type is Kind.ANONYMOUS, lately, refused))
    return found


@guard(
    _(
        "Every complainant must be heard first: satisfied or fairly satisfied; or not reached often enough and waived "
        "by the supervisor; or anonymous with a published reply; or unsatisfied twice and answered in writing."
    )
)
def heard(c: Complaint, x: X) -> bool:
    since = c.resolved_at
    replied = any(n.published and since is not None and n.at >= since for n in x.children(c, Notice))
    answers = x.children(c, Answer)

    def settled(one: Heard) -> bool:
        return (
            one.content
            or (one.unreachable(x) and c.waived_at is not None)
            or (one.anonymous and replied)
            or (len(one.refused) >= 2 and any(a.at >= one.refused[-1].at for a in answers))
        )

    return all(settled(one) for one in complainants(c, x))


@flow.on(_("Close"), State.VISIT, State.CLOSED, form=Form, guards=[heard], icon="check")
def close(c: Complaint, f: Form, x: X) -> None:
    c.closed_at = x.now


@flow.adding(_("Record return visit"), State.VISIT, Visit, (State.VISIT, State.WORKING), icon="phone")
def visit(c: Complaint, v: Visit, x: X) -> State:
    about = v.about if v.about != c.number else None
    merged = {one.number: one for one in merged_into(c, x)}
    if about is not None and about not in merged:
        raise refuse("about", _("is not the number of a complaint merged into this one"))
    v.about = about
    if about is not None:
        copy = Visit(method=v.method, result=v.result, comment=v.comment, from_id=c.id)
        x.add(merged[about], copy)
    c.visited_at = c.visited_at or x.now
    if v.result is not Result.UNSATISFIED:
        return State.VISIT
    timers.restart(c)
    return State.WORKING


@guard(_("A waiver needs a complainant who was not reached: often enough, and over enough days."), quiet=True)
def unreachable(c: Complaint, x: X) -> bool:
    return any(one.unreachable(x) for one in complainants(c, x))


@flow.on(_("Waive the return visit"), State.VISIT, form=Reason, guards=[unreachable], icon="check")
def waive(c: Complaint, f: Reason, x: X) -> None:
    c.waived_by, c.waived_at = x.actor, x.now


@guard(_("A written answer is due after the second unsatisfied return visit."), quiet=True)
def refused_twice(c: Complaint, x: X) -> bool:
    return any(len(one.refused) >= 2 for one in complainants(c, x))


@flow.adding(
    _("Answer in writing"),
    (State.WORKING, State.VISIT),
    Answer,
    State.VISIT,
    guards=[refused_twice],
    icon="doc",
    help=_("With the way of appeal; the complaint can be closed after it."),
)
def answer(c: Complaint, a: Answer, x: X) -> None:
    if c.resolved_at is None:
        timers.resolved(c, x)
    c.answered_at = x.now  # it takes the visit's place
    pass_on(c, x, lambda: Answer(text=a.text, appeal=a.appeal, from_id=c.id))


@guard(_("The time within which a complaint can be taken up again has passed."))
def lately_closed(c: Complaint, x: X) -> bool:
    return c.closed_at is not None and x.now - c.closed_at <= dt.timedelta(days=x.settings.reopen_days)


@flow.on(_("Take up again"), State.CLOSED, State.WORKING, form=Reason, guards=[lately_closed], icon="undo")
def reopen(c: Complaint, f: Reason, x: X) -> None:
    timers.restart(c)


class NotFounded(Reason):
    reply: Prose = asked(_("Answer to the complainant"), help=_("Not founded is not unanswered."))
    by: Means = asked(_("By"), start=Means.PHONE)


@flow.on(_("Not founded"), State.NEW, State.UNFOUNDED, form=NotFounded, icon="close", danger=True)
def unfounded(c: Complaint, f: NotFounded, x: X) -> None:
    timers.contacted(c, x)
    anonymous = c.complainant_type is Kind.ANONYMOUS

    def reply() -> Notice:
        return Notice(text=f.reply, channel=f.by, published=anonymous or f.by is Means.ONLINE)

    x.add(c, reply())
    pass_on(c, x, reply)
    c.cause, c.closed_at = Cause.INVALID, x.now
