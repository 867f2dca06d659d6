"""A sister site's answer to what happened elsewhere: does not apply, applies, applied and done."""

from __future__ import annotations

from dougong import Form, Prose, Workflow, asked, translator

from ..choices import Answer
from ..records import Nonconformity, Rollout
from ..relations import ANSWER, manager, may
from ..settings import CorrectiveSettings
from .base import X, check_day, refuse, steps

_ = translator("dougong_quality")

flow = Workflow(Rollout, Rollout.status, CorrectiveSettings)


@flow.creating
def begin(r: Rollout, x: X) -> None:
    if x.imported:
        return
    if r.responsible_id is None:
        r.responsible_id = manager(r.site_id, ANSWER, x)
    elif not may(r.responsible_id, ANSWER, r.site_id, x):
        raise refuse("responsible_id", _("has no role at this site with which checks are answered"))
    check_day("due", r.due, r.site_id, x)


class Said(Form):
    result: Prose = asked(_("What was found, and what follows"))


class Why(Form):
    result: Prose = asked(_("Why not"), help=_("What was looked at, and why it cannot happen here."))


class Did(Form):
    result: Prose = asked(_("What was found, and what was done"))


@flow.on(_("Applies here"), Answer.OPEN, Answer.APPLIES, form=Said, icon="right")
def applies(r: Rollout, f: Said, x: X) -> None:
    r.result = f.result


@flow.on(_("Does not apply here"), Answer.OPEN, Answer.NOT_HERE, form=Why, icon="close")
def not_here(r: Rollout, f: Why, x: X) -> None:
    _answered(r, f.result, x)


@flow.on(_("Done here"), (Answer.OPEN, Answer.APPLIES), Answer.DONE, form=Did, icon="check")
def done(r: Rollout, f: Did, x: X) -> None:
    _answered(r, f.result, x)


def _answered(r: Rollout, text: str, x: X) -> None:
    r.result, r.done_at = text, x.now
    c = x.session.get(Nonconformity, (x.tenant, r.nc_id)) if r.nc_id else None
    if c is not None:
        c.answered += 1


flow.clock(
    "answer",
    _("Answer of the sister site"),
    due=Rollout.due_by,
    met=Rollout.done_at,
    late=Rollout.late,
    runs=(Answer.OPEN, Answer.APPLIES),
    term=lambda r, x: r.due,
    depends=(Rollout.due,),
    owner=Rollout.responsible_id,
    steps=steps(),
    step=done,
    personal=True,
)
