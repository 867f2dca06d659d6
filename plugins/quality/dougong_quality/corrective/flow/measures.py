"""One measure: done by whoever is responsible, with what shows it; done again where verification says so; dropped."""

from __future__ import annotations

from dougong import Prose, Workflow, asked, guard, translator

from ..choices import MeasureState, State
from ..records import Measure, Nonconformity
from ..relations import FINISH, may
from ..settings import CorrectiveSettings
from .base import Form, Reason, X, check_day, refuse, steps

_ = translator("dougong_quality")

flow = Workflow(Measure, Measure.status, CorrectiveSettings)


@flow.creating
def begin(m: Measure, x: X) -> None:
    if x.imported:
        return
    if not may(m.responsible_id, FINISH, m.site_id, x):
        raise refuse("responsible_id", _("has no role at this site with which measures are carried out"))
    check_day("due", m.due, m.site_id, x)


def of(m: Measure, x: X) -> Nonconformity | None:
    """The nonconformity that it is against."""
    return x.session.get(Nonconformity, (x.tenant, m.nc_id)) if m.nc_id else None


@guard(_("The measures have not been released yet: implementation has not begun."))
def released(m: Measure, x: X) -> bool:
    c = of(m, x)
    return c is None or (c.status is State.ACT and m.round == c.round)


class Done(Form):
    result: Prose = asked(
        _("What was done, and what shows it"), help=_("Photos and records are attached to the measure.")
    )


@flow.on(_("Measure carried out"), MeasureState.OPEN, MeasureState.DONE, form=Done, guards=[released], icon="check")
def finish(m: Measure, f: Done, x: X) -> None:
    m.result, m.done_by, m.done_at = f.result, x.actor, x.now


@flow.on(_("Do it again"), MeasureState.DONE, MeasureState.OPEN, form=Reason, guards=[released], icon="undo")
def redo(m: Measure, f: Reason, x: X) -> None:
    m.done_at = m.done_by = None


class Change(Reason):
    """Who does it now, and until when."""


@flow.on(
    _("Change person or date"),
    MeasureState.OPEN,
    form=Change,
    asks=[Measure.responsible_id, Measure.due],
    icon="people",
)
def change(m: Measure, f: Change, x: X) -> None:
    if not may(m.responsible_id, FINISH, m.site_id, x):
        raise refuse("responsible_id", _("has no role at this site with which measures are carried out"))
    check_day("due", m.due, m.site_id, x)
    c = of(m, x)
    if c is not None and c.due is not None and m.due > c.due:
        raise refuse("due", _("is later than the nonconformity is to be corrected by"))


@flow.on(_("Drop"), MeasureState.OPEN, MeasureState.DROPPED, form=Reason, icon="close", danger=True)
def drop(m: Measure, f: Reason, x: X) -> None:
    m.result = f.reason


flow.clock(
    "measure",
    _("Measure"),
    due=Measure.due_by,
    met=Measure.done_at,
    late=Measure.late,
    runs=MeasureState.OPEN,
    term=lambda m, x: m.due,
    depends=(Measure.due,),
    owner=Measure.responsible_id,
    steps=steps(),
    step=finish,
    personal=True,
)
