"""What of one record this person may read and do: fields, transitions, and why not.

The gate decides; this only asks it for each field and step and puts the answers together. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..access.explain import Explanation
from ..access.gate import Gate
from ..choices import Choice
from ..records import actions, approval_steps
from ..records.context import Context
from ..records.workflow import Transition
from ..words import translator
from .plans import Plan
from .shapes import Shape

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

OPEN, MASKED, ABSENT = "open", "masked", "absent"


def seen(shape: Shape, gate: Gate, site: UUID, relations: frozenset[str]) -> str:
    """How a field is shown: open, masked (opened on request, which is logged) or not at all."""
    meta = shape.meta
    if meta.mask:
        return MASKED
    return OPEN if meta.reads is None or gate.may(meta.reads, site, relations) else ABSENT


def revealable(shape: Shape, gate: Gate, site: UUID, relations: frozenset[str]) -> bool:
    """May this person open a masked value?"""
    return bool(shape.meta.mask) and (shape.meta.reads is None or gate.may(shape.meta.reads, site, relations))


def holding(row: Mapping[str, Any], relations: Iterable[str]) -> frozenset[str]:
    """The relations that hold, from the flags that ``reads.one`` adds to a row."""
    return frozenset(name for name in relations if row[f"is_{name}"])


def stored(value: Any) -> Any:
    return value.value if isinstance(value, Choice) else value


def permitted(
    plan: Plan, gate: Gate, state: Any, site: UUID, relations: frozenset[str]
) -> list[Transition[Any, Any, Any]]:
    """Transitions that state and permission allow; guards are not asked."""
    return [step for step in plan.leaving(stored(state)) if gate.may(step.permission, site, relations)]


def vetoed(asked: Asked) -> bool:
    """Does any enabled module have a word in transitions of others?"""
    return bool(asked.app.registry.hook(asked.snapshot.modules).dougong_veto.get_hookimpls())


def explain(x: Context[Any], plan: Plan, record: Any, relations: frozenset[str], action: str) -> Explanation:
    """Why this person may, or may not, do something with a record that they may view.

    :param action: ``read``, ``edit`` or the name of a transition.
    """
    step = plan.transitions.get(action)
    permission = step.permission if step else plan.resource.permission(action)
    told = x.gate.explain(permission, record.site_id, relations)
    if step is None:
        held = approval_steps.held(plan.resource, record, x) if action == "edit" and told.allowed else None
        return told if held is None else told.then(False, _("Being approved"), held, held)
    if not told.allowed and approval_steps.stands_in(plan.resource, record, step, x):
        told = replace(told, allowed=True, mend="", grants=())
    if step.sources:
        state = getattr(record, plan.resource.state or "")
        label = str(getattr(state, "label", state))
        sources = ", ".join(sorted(str(s.label) for s in step.sources))
        told = told.then(
            state in step.sources,
            _("State: {state}").format(state=label),
            _("Possible while: {states}").format(states=sources),
            _("Wait for, or bring about, one of these states: {states}").format(states=sources),
        )
    if not told.allowed:
        return told
    reason = actions.refusal(plan.resource, record, step, x)
    return told.then(reason is None, _("Conditions of this step"), reason or _("All are met"), reason or "")
