"""More time to correct: asked for by whoever is responsible with a reason, decided up the line; the old date holds until then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dougong import Day, Level, Prose, asked, guard, translator

from ..choices import State
from ..records import Nonconformity
from .base import Form, X, flow, refuse

_ = translator("dougong_quality")


class Longer(Form):
    until: Day = asked(_("Until"))
    reason: Prose = asked(
        _("Reason"), help=_("Why it cannot be done in time, and what guards against harm until then.")
    )


@guard(_("It has no date that could be extended."))
def has_date(c: Nonconformity, x: X) -> bool:
    return c.due is not None


def levels(c: Nonconformity, x: X) -> Sequence[Level]:
    """The site's manager; where the manager answers for it or opened it, whoever stands next above."""
    return [Level("manager", _("Manager's decision"), roles=("project_manager",))]


extend = flow.approval(
    "extend",
    _("Extension"),
    sources=(State.CONTAIN, State.CAUSE, State.PLAN, State.ACT),
    levels=levels,
    authors=lambda c, x: {c.responsible_id},
    due=Nonconformity.extend_by,
    late=Nonconformity.extend_late,
    hours=lambda settings: settings.corrective_extend_hours,
    form=Longer,
    guards=(has_date,),
    editable=True,
)


@extend.when_submitted
def ask(c: Nonconformity, f: Longer, x: X) -> None:
    assert c.due is not None
    latest = c.due + dt.timedelta(days=x.settings.corrective_extend_days)
    if f.until <= c.due:
        raise refuse("until", _("must lie after {day}").format(day=c.due))
    if f.until > latest:
        raise refuse("until", _("must lie within {n} days").format(n=x.settings.corrective_extend_days))
    c.wanted = f.until


@extend.when_granted
def granted(c: Nonconformity, x: X) -> None:
    c.due, c.wanted = c.wanted or c.due, None
    c.extended += 1


@extend.when_returned
def returned(c: Nonconformity, x: X, reason: str) -> None:
    c.wanted = None


@extend.when_withdrawn
def withdrawn(c: Nonconformity, x: X) -> None:
    c.wanted = None
