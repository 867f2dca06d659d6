"""Somebody else's judgement: verification of the measures, then whether they held; ineffective goes back to the cause."""

from __future__ import annotations

import datetime as dt

from dougong import Conflict, guard, translator

from ..choices import Effect, Kind, Severity, State, Verdict
from ..records import Evaluation, Nonconformity, Verification
from ..relations import doers
from ..similar import since
from .base import X, flow

_ = translator("dougong_quality")


@guard(_("Who is responsible for it, or did one of its measures, does not verify it."))
def somebody_else(c: Nonconformity, x: X) -> bool:
    return x.actor is None or x.actor not in doers(c, x)


@flow.adding(
    _("Verify"), State.VERIFY, Verification, (State.EFFECT, State.ACT), guards=[somebody_else], icon="check",
    help=_("Not passed goes back to implementation."),
)  # fmt: skip
def verify(c: Nonconformity, one: Verification, x: X) -> State:
    one.round = c.round
    if one.verdict is Verdict.FAILED:
        c.rectified_at = None
        return State.ACT
    c.verified_at = x.now
    c.effect_from = x.now + dt.timedelta(days=effect_days(c, x))
    return State.EFFECT


def effect_days(c: Nonconformity, x: X) -> int:
    """Days after the verification when the effect is judged: longer for what weighs more or came again."""
    longer = c.severity is Severity.MAJOR or c.nature is Kind.POTENTIAL or c.again or c.ineffective > 0
    return x.settings.corrective_effect_major if longer else x.settings.corrective_effect_minor


@flow.adding(
    _("Judge the effect"), State.EFFECT, Evaluation, (State.CLOSED, State.CAUSE), guards=[somebody_else], icon="chart",
    help=_("Effective closes it, once its time has come; not effective goes back to the cause, in a new round."),
)  # fmt: skip
def judge(c: Nonconformity, one: Evaluation, x: X) -> State:
    one.round, one.since = c.round, since(c, x)
    if one.effect is Effect.EFFECTIVE:
        if c.effect_from is not None and x.now < c.effect_from:
            day = c.effect_from.astimezone(x.snapshot.sites.zone(c.site_id))
            raise Conflict(_("It can be called effective from {day} on, not before.").format(day=f"{day:%Y-%m-%d}"))
        c.closed_at = x.now
        return State.CLOSED
    c.ineffective += 1
    c.round += 1
    c.rectified_at = c.verified_at = c.effect_from = None
    days = x.settings.corrective_major_days if c.severity is Severity.MAJOR else x.settings.corrective_minor_days
    c.due = x.today(c.site_id) + dt.timedelta(days=days)
    return State.CAUSE
