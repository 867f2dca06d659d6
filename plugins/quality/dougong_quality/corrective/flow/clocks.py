"""The clocks of a nonconformity: containment, cause, correction, verification, effect. Each goes up the line when overdue."""

from __future__ import annotations

import datetime as dt

from dougong import Term, translator

from ..choices import Severity, State
from ..records import Nonconformity
from . import acting, closing
from .base import X, flow, steps

_ = translator("dougong_quality")


def containment(c: Nonconformity, x: X) -> Term:
    if c.severity is Severity.MAJOR:
        return Term(hours=x.settings.corrective_contain_hours, always=True)
    return Term(days=x.settings.corrective_contain_days)


contained = flow.clock(
    "containment",
    _("Containment"),
    due=Nonconformity.contain_by,
    met=Nonconformity.contained_at,
    late=Nonconformity.contain_late,
    runs=State.CONTAIN,
    ends=State.CAUSE,
    once=True,
    term=containment,
    depends=(Nonconformity.severity,),
    owner=Nonconformity.responsible_id,
    steps=steps(),
    step=acting.contain,
)
cause = flow.clock(
    "cause",
    _("Cause analysis"),
    due=Nonconformity.cause_by,
    late=Nonconformity.cause_late,
    runs=State.CAUSE,
    term=lambda c, x: Term(days=x.settings.corrective_cause_days),
    owner=Nonconformity.responsible_id,
    steps=steps(),
    step=acting.analyse,
)
correction = flow.clock(
    "correction",
    _("Correction"),
    due=Nonconformity.rectify_by,
    met=Nonconformity.rectified_at,
    late=Nonconformity.rectify_late,
    runs=(State.CONTAIN, State.CAUSE, State.PLAN, State.ACT),
    term=lambda c, x: c.due,
    depends=(Nonconformity.due,),
    owner=Nonconformity.responsible_id,
    steps=steps(),
    step=acting.submit,
)
verification = flow.clock(
    "verification",
    _("Verification"),
    due=Nonconformity.verify_by,
    met=Nonconformity.verified_at,
    late=Nonconformity.verify_late,
    runs=State.VERIFY,
    term=lambda c, x: Term(days=x.settings.corrective_verify_days),
    steps=steps(),
    step=closing.verify,
)


def effect_due(c: Nonconformity, x: X) -> dt.datetime | None:
    """The judgement is due a few days after it has become possible."""
    return None if c.effect_from is None else c.effect_from + dt.timedelta(days=x.settings.corrective_effect_grace)


effect = flow.clock(
    "effect",
    _("Effectiveness check"),
    due=Nonconformity.effect_by,
    late=Nonconformity.effect_late,
    runs=State.EFFECT,
    term=effect_due,
    depends=(Nonconformity.effect_from,),
    steps=steps(),
    step=closing.judge,
)
