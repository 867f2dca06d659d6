"""The steps of a leaver's clearance: what was given back is ticked off, and with nothing open any more the end may come."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from dougong import Context, Form, Lazy, asked, guard, refuse, translator
from pydantic import Field

from ..organisation.records import Employee
from . import clearing
from .base import X
from .changes import AFTER_APPROVAL, flow, ready
from .choices import UNDERWAY, ChangeState, ChangeType
from .records import Change

_ = translator("dougong_hr")

DECIDED = tuple(one for one in UNDERWAY if one is not ChangeState.DRAFT)  # submitted and not in effect
Keys = Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=100)]


class Settling(Form):
    items: Keys = asked(_("Given back or settled"), vocabulary="clearance_items")


@flow.on(
    _("Clearance"), ChangeState.CLEARING, form=Settling, icon="todo", page="/hr/changes/{id}/clearance",
    help=_("What is on hand is handed over, what was lent comes back."),
)  # fmt: skip
def settle(c: Change, f: Settling, x: X) -> None:
    known = x.settings.clearance_items
    for n, key in enumerate(f.items):
        if key not in known:
            raise refuse(f"items.{n}", _("is not on the company's list"))
    who = x.person.name if x.person else ""
    c.settled = {**c.settled, **{key: {"by": who, "at": x.now.isoformat()} for key in f.items if key not in c.settled}}


@guard(_("Open records are still in this person's hands: hand them over first."))
def nothing_on_hand(c: Change, x: X) -> bool:
    return not clearing.on_hand(c, x)


@guard(_("Not everything was given back or settled."))
def nothing_owed(c: Change, x: X) -> bool:
    return not clearing.owed(c, x)


@flow.on(
    _("Clearance is done"), ChangeState.CLEARING, AFTER_APPROVAL, form=Form, guards=[nothing_on_hand, nothing_owed],
    icon="check", help=_("On the day the posts, the roles and the sign-in end."),
)  # fmt: skip
def clear(c: Change, f: Form, x: X) -> ChangeState:
    c.cleared_at = x.now
    return ready(c, x)


def decided_about(e: Employee, x: Context[Any]) -> Lazy | None:
    """Why whose account it is stands still while a change is decided: nobody signs for themselves by having none for a while,
    and with a leaving nobody else's account is closed."""
    going = [Change.tenant_id == x.tenant, Change.employee_id == e.id, Change.status.in_(DECIDED)]
    if e.person_id is None:  # who is hired gets one at any time
        going.append(Change.type == ChangeType.LEAVE)
    number = x.session.scalar(sa.select(Change.number).where(*going).limit(1))
    if number is None:
        return None
    return _("{number} is under way: the account is chosen before it is submitted, or once it took effect.").format(
        number=number
    )


__all__ = ["clear", "decided_about", "flow", "settle"]
