"""What approvals say: names of their four steps, why one may not be taken, people and posts in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..words import Lazy, translator
from .approval_tables import ApprovalSeat

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")

SUBMIT, AGREE, RETURN, WITHDRAW = "submit", "agree", "return", "withdraw"

RUNNING = _("It is being approved ({what}): withdraw it first, then change it.")
NOBODY = _(
    "Nobody can approve “{level}” here: {posts} at this site is vacant, and nobody above may. Ask the administration."
)
NOBODY_BUT = _("Nobody can approve “{level}” here: only its own authors hold {posts}, and nobody above may.")
OWN = _("Nobody approves what they wrote, created or submitted. It waits for {people}.")
NOT_YOURS = _("It waits for {people}.")
VACANT = _("It waits for {posts}, which is vacant: nobody may approve it now.")
SIGNED = _("You have signed this level; a second person is there for the rest: {people}.")
NOT_SUBMITTED = _("Only whoever submitted it withdraws it.")

_LABELS = {
    SUBMIT: _("Submit: {what}"),
    AGREE: _("Agree: {what}"),
    RETURN: _("Return: {what}"),
    WITHDRAW: _("Withdraw: {what}"),
    "running": _("It is being approved already ({what})."),
    "absent": _("Nothing was submitted here ({what})."),
}


def labelled(what: str, label: Lazy) -> Lazy:
    """The words of a transition or guard of the approval of this label."""
    return _LABELS[what].format(what=label)


def names_of(people: Iterable[UUID | None], x: Context[Any], *, most: int = 5) -> str:
    """Names, cut where they are many."""
    known = [x.snapshot.people[one].name for one in people if one is not None and one in x.snapshot.people]
    shown = str(_(", ")).join(known[:most])
    return str(_("{names} and {n} more").format(names=shown, n=len(known) - most)) if len(known) > most else shown


def posts_of(seats: Iterable[ApprovalSeat], x: Context[Any]) -> str:
    """Posts and named persons of seats, in words; a post that was removed by its slug."""
    said = []
    for seat in seats:
        if seat.person_id is not None:
            said.append(names_of([seat.person_id], x))
        elif seat.role is not None:
            said.append(x.snapshot.roles[seat.role].label if seat.role in x.snapshot.roles else seat.role)
    return str(_(", ")).join(dict.fromkeys(said))


__all__ = ["AGREE", "RETURN", "SUBMIT", "WITHDRAW", "labelled", "names_of", "posts_of"]
