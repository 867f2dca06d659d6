"""Plans: put into force, paused, ended. A plan in force has its tasks for the day ahead at once."""

from __future__ import annotations

from dougong import FieldError, Invalid, Workflow, translator

from .. import layouts, making
from ..base import Nothing, Reason, X, refuse
from ..choices import PlanState
from ..records import Plan, Route
from ..settings import Settings

_ = translator("dougong_inspections")

flow = Workflow(Plan, Plan.status, Settings)
LONGEST = 7 * 24 * 60  # minutes


@flow.changing
def sensible(p: Plan, x: X) -> None:
    """Its rule can be, its window is one, somebody walks it, and what the law demands has its basis."""
    if not 5 <= p.window_minutes <= LONGEST:
        raise refuse("window_minutes", _("must lie between 5 minutes and 7 days"))
    if p.grace_minutes is not None and not 0 <= p.grace_minutes <= LONGEST:
        raise refuse("grace_minutes", _("must lie between 0 and 7 days"))
    if p.calendar is not None and p.calendar not in x.settings_of("core").calendars:
        raise refuse("calendar", _("is none of the company's calendars"))
    if p.post is not None and p.person_id is not None:
        raise refuse("person_id", _("Name a post or a person, not both."))
    if p.statutory and not p.basis:
        raise refuse("basis", _("Say which law or standard demands it."))
    try:
        p.rule_words = str(making.rule_of(p).words)[:200]
    except Invalid as problem:
        raise Invalid(errors=tuple(FieldError(_field(p, e.path), e.message) for e in problem.errors)) from None


def _field(p: Plan, part: str) -> str:
    """The field of a plan that a part of its rule comes from."""
    known = {"times": "times", "weekdays": "weekdays", "day": "month_day", "every": "every"}
    return known.get(part.partition(".")[0], "repeat")


@flow.on(_("Put into force"), (PlanState.DRAFT, PlanState.PAUSED), PlanState.ACTIVE, form=Nothing, icon="right")
def activate(p: Plan, f: Nothing, x: X) -> None:
    """:raises Conflict: the route has no points, or one of its templates was never published."""
    layouts.pin(x, x.session.get_one(Route, (x.tenant, p.route_id)))
    p.made_to = x.now
    x.enqueue(making.PLAN, plan=p.id)


@flow.on(_("Pause"), PlanState.ACTIVE, PlanState.PAUSED, form=Reason, icon="pause")
def pause(p: Plan, f: Reason, x: X) -> None:
    _drop(p, x)


@flow.on(_("End"), (PlanState.ACTIVE, PlanState.PAUSED), PlanState.ENDED, form=Reason, icon="close", danger=True)
def end(p: Plan, f: Reason, x: X) -> None:
    _drop(p, x)


def _drop(p: Plan, x: X) -> None:
    """Its tasks whose window has not begun are let go."""
    x.enqueue(making.DROP, plan=p.id)
