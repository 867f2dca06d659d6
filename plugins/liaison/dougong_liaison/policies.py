"""Policies watched and assessed (收录→评估→落实/不适用), and applications for support."""

from __future__ import annotations

from dougong import Form, Workflow, refuse, translator

from .base import Reason, X, before, day_end
from .choices import PolicyState, SupportState
from .records import Action, Policy, Support
from .settings import Settings

_ = translator("dougong_liaison")

policies = Workflow(Policy, Policy.status, Settings)
supports = Workflow(Support, Support.status, Settings)


@policies.on(
    _("Assess"),
    PolicyState.COLLECTED,
    PolicyState.ASSESSED,
    form=Form,
    asks=[Policy.impact, Policy.assessment],
    icon="case",
)
def assess(p: Policy, form: Form, x: X) -> None:
    """Impact and words are in the form."""


@policies.adding(_("Add an action"), PolicyState.ASSESSED, Action, icon="plus")
def add_action(p: Policy, one: Action, x: X) -> None:
    """What is done because of it."""


@policies.on(
    _("Put into practice"), PolicyState.ASSESSED, PolicyState.APPLIED, form=Form, asks=[Policy.outcome], icon="check"
)
def put_into_practice(p: Policy, form: Form, x: X) -> None:
    """The outcome is in the form."""


@policies.on(
    _("Not applicable"),
    (PolicyState.COLLECTED, PolicyState.ASSESSED),
    PolicyState.IRRELEVANT,
    form=Reason,
    icon="close",
)
def irrelevant(p: Policy, form: Reason, x: X) -> None:
    p.outcome = form.reason


@supports.on(_("Hand in the application"), SupportState.PREPARING, SupportState.SUBMITTED, form=Form, icon="right")
def apply(s: Support, form: Form, x: X) -> None:
    s.submitted_at = x.now


@supports.on(
    _("Granted"),
    SupportState.SUBMITTED,
    SupportState.GRANTED,
    form=Form,
    asks=[Support.granted, Support.result],
    icon="check",
)
def grant(s: Support, form: Form, x: X) -> None:
    if s.granted is not None and s.granted > s.amount:
        raise refuse("granted", _("is more than was applied for"))


@supports.on(
    _("Refused"),
    SupportState.SUBMITTED,
    SupportState.REFUSED,
    form=Form,
    asks=[Support.result],
    icon="close",
    danger=True,
)
def turn_down(s: Support, form: Form, x: X) -> None:
    s.granted = 0


@supports.on(_("Money received"), SupportState.GRANTED, SupportState.PAID, form=Form, icon="check")
def pay(s: Support, form: Form, x: X) -> None:
    """It is on the account."""


@supports.on(
    _("Withdraw"),
    (SupportState.PREPARING, SupportState.SUBMITTED),
    SupportState.WITHDRAWN,
    form=Reason,
    icon="undo",
    danger=True,
)
def withdraw(s: Support, form: Reason, x: X) -> None:
    s.result = form.reason


supports.clock(
    "applying",
    _("Applying for support"),
    due=Support.apply_by,
    met=Support.submitted_at,
    late=Support.late,
    runs=SupportState.PREPARING,
    ends=SupportState.SUBMITTED,
    term=lambda s, x: day_end(x, s.site_id, s.closes_on) if s.closes_on else None,
    depends=(Support.closes_on,),
    owner=Support.owner_id,
    steps=before((14, 3)),
    step=apply,
    imports=True,
)
