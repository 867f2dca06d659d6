"""Approvals: what has to be agreed to by others before it holds, level by level, with rounds that stay visible.

Owns the declaration ``flow.approval`` makes of a record: four ordinary transitions, a clock of the level's time limit, and what
follows from each. Who may sign is judged by ``approvers``; what is kept lies in ``approval_tables``. An approval is known by its
name; a record may have several, which do not know of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from ..choices import Choice
from ..errors import Conflict
from ..tenancy.stored import new_id
from ..words import LOCALES, Lazy, speaking, translator
from .approval_tables import (
    ASKED,
    GRANTED,
    RETURNED,
    WITHDRAWN,
    Approval,
    ApprovalRow,
    ApprovalSeat,
    enter,
    last_round,
    running,
)
from .approval_words import (
    AGREE,
    NOBODY,
    NOBODY_BUT,
    NOT_SUBMITTED,
    NOT_YOURS,
    OWN,
    RETURN,
    SIGNED,
    SUBMIT,
    VACANT,
    WITHDRAW,
    names_of,
    posts_of,
)
from .approvers import Approvers, Signer
from .clocks import Step, escalate, overdue, remind
from .fields import Prose
from .models import Form, asked
from .record import Record

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")
R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Choice)
C = TypeVar("C", bound=BaseModel)

STEPS: tuple[Step[Any, Any], ...] = (remind(0.8), overdue(), escalate(level=1), escalate(1, level=2))


class Agreement(Form):
    """What is asked at agreeing."""

    words: Prose | None = asked(_("Words"), default=None)


class Refusal(Form):
    """What is asked at returning."""

    reason: Prose = asked(_("Reason"), help=_("What has to be better before it is submitted again"))


class Bare(Form):
    """Nothing is asked."""


@dataclass(frozen=True)
class Level:
    """One level of an approval: who has to sign before it goes on.

    :param roles: slugs of posts, held along the line at the record's site. :param people: ids of named persons.
    :param need: ``any``: one signature is enough; ``all``: one for each post and each person.
    :param state: of the record while this level is waited for; None: it stays as it is.
    :param hours: working hours that it may take; None: as the approval says.
    :param when: False leaves it out: a threshold by amount.
    """

    name: str
    label: Lazy
    roles: Sequence[str] = ()
    people: Iterable[UUID | None] = ()
    need: str = "any"
    state: Choice | None = None
    hours: float | None = None
    when: bool = True

    def __post_init__(self) -> None:
        if self.need not in ("any", "all"):
            raise TypeError(f"level {self.name!r}: need is 'any' or 'all', not {self.need!r}")
        if isinstance(self.roles, str):
            raise TypeError(f"level {self.name!r}: roles are several, each a slug")


@dataclass(eq=False)
class Approving(Generic[R, S, C]):
    """One approval of a record, as ``Workflow.approval`` declares it, where each part is described."""

    record: type[R]
    name: str
    label: Lazy
    sources: frozenset[S]
    levels: Callable[[R, Context[C]], Sequence[Level]]
    granted: tuple[S, ...]
    returned: tuple[S, ...]
    authors: Callable[[R, Context[C]], Iterable[UUID | None]] | None = None
    hours: Callable[[C], float | None] | None = None
    editable: bool = False
    on_submitted: Callable[[R, Any, Context[C]], None] | None = None
    on_granted: Callable[[R, Context[C]], S | None] | None = None
    on_returned: Callable[[R, Context[C], str], S | None] | None = None
    on_withdrawn: Callable[[R, Context[C]], None] | None = None

    def when_submitted(self, run: Callable[[R, Any, Context[C]], None]) -> Callable[[R, Any, Context[C]], None]:
        """Decorator: called with the form before a round begins, to keep what was asked for; a refusal there stops it."""
        self.on_submitted = run
        return run

    def when_granted(self, run: Callable[[R, Context[C]], S | None]) -> Callable[[R, Context[C]], S | None]:
        """Decorator: called after the last signature; may choose one of the states in ``granted``."""
        self.on_granted = run
        return run

    def when_returned(self, run: Callable[[R, Context[C], str], S | None]) -> Callable[[R, Context[C], str], S | None]:
        """Decorator: called with the reason when it is returned; may choose one of the states in ``returned``."""
        self.on_returned = run
        return run

    def when_withdrawn(self, run: Callable[[R, Context[C]], None]) -> Callable[[R, Context[C]], None]:
        """Decorator: called when whoever submitted it takes it back; the record is in the state it came from again."""
        self.on_withdrawn = run
        return run

    @property
    def permission(self) -> str:
        """Of agreeing and returning."""
        return f"{self.record.kind}.{self.name}_{AGREE}"

    # ---- what is there ----

    def current(self, record: R, x: Context[Any]) -> Approval | None:
        """The round that is waited for; None where there is none, or the record has gone another way since."""
        for one in running(x, record):
            if one.row.name == self.name and not self.astray(record, one, x):
                return one
        return None

    def astray(self, record: R, approval: Approval, x: Context[Any]) -> bool:
        """Whether the record left the states in which this round makes sense, by a step that is not the approval's."""
        resource = x.registry.resources.get(record.kind)
        if resource is None or resource.state is None:
            return False
        state = getattr(record, resource.state)
        wanted = approval.row.levels[approval.row.level]["state"]
        if wanted is not None:
            return bool(str(getattr(state, "value", state)) != wanted)
        return bool(self.sources) and state not in self.sources

    def approvers(
        self, record: R, approval: Approval | None, x: Context[Any], submitting: UUID | None = None
    ) -> Approvers:
        """Who may sign for a record now."""
        authors: set[UUID | None] = {record.created_by, submitting}
        if approval is not None:
            authors |= {approval.row.asked_by, *approval.row.authors}
        if self.authors is not None:
            authors |= set(self.authors(record, x))
        return Approvers(x.registry.resources[record.kind], record, self.permission, authors, x)

    def turn(self, record: R, x: Context[Any]) -> list[tuple[ApprovalSeat, Signer]]:
        """The seats that this context's person would sign by agreeing now."""
        found = self.current(record, x)
        return self.approvers(record, found, x).turn(found, x.actor) if found is not None else []

    def waited_for(self, record: R, x: Context[Any]) -> list[Signer]:
        """Everybody who may sign now."""
        found = self.current(record, x)
        return self.approvers(record, found, x).waited_for(found) if found is not None else []

    def planned(self, record: R, x: Context[Any]) -> list[Level]:
        """The levels that a submission now would go through."""
        return [level for level in self.levels(record, x) if level.when]

    # ---- the four transitions ----

    def ask(self, record: R, form: BaseModel, x: Context[Any]) -> S | None:
        """Keep what the form asked for, then submit."""
        if self.on_submitted is not None:
            self.on_submitted(record, form, x)
        return self.submit(record, form, x)

    def submit(self, record: R, form: BaseModel, x: Context[Any]) -> S | None:
        """Begin a round at the first level, or grant at once what needs nobody's signature."""
        levels = self.planned(record, x)
        row = ApprovalRow(
            id=new_id(), tenant_id=x.tenant, site_id=record.site_id, record_kind=record.kind, record_id=record.id,
            name=self.name, round=last_round(x, record, self.name) + 1, state=ASKED,
            levels=[_kept(one) for one in levels], level=0,
            level_at=x.now, asked_by=x.actor, asked_at=x.now, came_from=_state_of(record, x),
            authors=sorted({a for a in (self.authors(record, x) if self.authors else ()) if a is not None}),
        )  # fmt: skip
        seats = [seat for n, level in enumerate(levels) for seat in _seats(row, n, level, x)]
        if reason := self._nobody(record, row, seats, x):
            raise Conflict(reason, extra={"gate": "guard"})
        made = enter(x, record, row, seats)
        return self._go_on(record, made, x) if levels else self._grant(record, made, x)

    def agree(self, record: R, form: Agreement, x: Context[Any]) -> S | None:
        """Sign, and go on where the level is complete."""
        approval = self.current(record, x)
        mine = self.turn(record, x)
        if approval is None or not mine:
            raise Conflict(self.refusal(AGREE, record, x) or NOT_SUBMITTED, extra={"gate": "guard"})
        for seat, signer in mine:
            _sign(seat, signer, "agreed", form.words, x)
        row = approval.row
        seats = approval.at(row.level)
        if row.levels[row.level]["need"] == "all" and any(seat.outcome is None for seat in seats):
            return None
        if row.level + 1 == len(row.levels):
            return self._grant(record, approval, x)
        row.level, row.level_at = row.level + 1, x.now
        return self._go_on(record, approval, x)

    def give_back(self, record: R, form: Refusal, x: Context[Any]) -> S | None:
        """Return it to its beginning, with the reason; the next submission is a new round."""
        approval = self.current(record, x)
        mine = self.turn(record, x)
        if approval is None or not mine:
            raise Conflict(self.refusal(RETURN, record, x) or NOT_SUBMITTED, extra={"gate": "guard"})
        _sign(*mine[0], "returned", form.reason, x)
        end_round(approval, RETURNED, x, form.reason)
        chosen = self.on_returned(record, x, form.reason) if self.on_returned else None
        return chosen if chosen is not None else next(iter(self.returned), None)

    def withdraw(self, record: R, form: BaseModel, x: Context[Any]) -> S | None:
        """Take it back, to the state that it came from."""
        approval = self.current(record, x)
        if approval is None:
            raise Conflict(NOT_SUBMITTED, extra={"gate": "guard"})
        end_round(approval, WITHDRAWN, x, None)
        if self.on_withdrawn is not None:
            self.on_withdrawn(record, x)
        moved = any(level["state"] is not None for level in approval.row.levels)
        return self._state(record, approval.row.came_from, x) if moved else None

    def _state(self, record: R, stored: str | None, x: Context[Any]) -> S | None:
        """A state as it was kept, as the record's own choice."""
        name = x.registry.resources[record.kind].state
        return None if stored is None or name is None else type(getattr(record, name))(stored)

    def _go_on(self, record: R, approval: Approval, x: Context[Any]) -> S | None:
        return self._state(record, approval.row.levels[approval.row.level]["state"], x)

    def _grant(self, record: R, approval: Approval, x: Context[Any]) -> S | None:
        end_round(approval, GRANTED, x, None)
        chosen = self.on_granted(record, x) if self.on_granted else None
        return chosen if chosen is not None else next(iter(self.granted), None)

    # ---- why not ----

    def refusal(self, what: str, record: R, x: Context[Any]) -> Lazy | None:
        """Why one of the four may not be taken now, beyond what is not there at all; None: it may."""
        found = self.current(record, x)
        if what == SUBMIT:
            return None if found is not None else self._vacancy(record, x)
        if found is None:
            return None  # said by the quiet guards
        if what == WITHDRAW:
            return None if x.gate.system or x.actor == found.row.asked_by else NOT_SUBMITTED
        approvers = self.approvers(record, found, x)
        if approvers.turn(found, x.actor):
            return None
        waited = approvers.waited_for(found)
        if not waited:
            return VACANT.format(posts=posts_of(found.at(found.row.level), x))
        people = names_of([one.person for one in waited], x)
        if x.actor is not None and x.actor in approvers.authors:
            return OWN.format(people=people)
        if x.actor in {seat.signed_by for seat in found.at(found.row.level)}:
            return SIGNED.format(people=people)
        return NOT_YOURS.format(people=people)

    def _vacancy(self, record: R, x: Context[Any]) -> Lazy | None:
        row = ApprovalRow(id=new_id(), levels=[], level=0)
        levels = self.planned(record, x)
        row.levels = [_kept(one) for one in levels]
        return self._nobody(record, row, [s for n, level in enumerate(levels) for s in _seats(row, n, level, x)], x)

    def _nobody(self, record: R, row: ApprovalRow, seats: list[ApprovalSeat], x: Context[Any]) -> Lazy | None:
        """Why a round could not end: a level that nobody may sign."""
        approvers = self.approvers(record, None, x, submitting=x.actor)
        made = Approval(row, seats)
        for number, level in enumerate(row.levels):
            here = made.at(number)
            offered = approvers.offered(here, level["need"])
            empty = [seat for seat in here if not offered[seat.id]]
            if (empty and (level["need"] == "all" or len(empty) == len(here))) or not here:
                held = any(x.snapshot.who(str(seat.role), record.site_id, x.now) for seat in empty if seat.role)
                return (NOBODY_BUT if held else NOBODY).format(level=made.label(number), posts=posts_of(empty, x))
        return None


def _seats(row: ApprovalRow, number: int, level: Level, x: Context[Any]) -> list[ApprovalSeat]:
    known = x.snapshot.roles
    own = {"tenant_id": x.tenant, "approval_id": row.id, "level": number}
    posts = [
        ApprovalSeat(id=new_id(), role=slug, rank=known[slug].level if slug in known else 0, **own)
        for slug in dict.fromkeys(level.roles)
    ]
    named = [ApprovalSeat(id=new_id(), person_id=one, rank=0, **own) for one in dict.fromkeys(level.people) if one]
    return posts + named


def _kept(level: Level) -> dict[str, Any]:
    """A level as its round remembers it, in every language: what is declared may be another tomorrow."""
    label = {}
    for language in LOCALES:
        with speaking(language):
            label[language] = str(level.label)
    state = level.state.value if level.state is not None else None
    return {"name": level.name, "label": label, "need": level.need, "state": state, "hours": level.hours}


def _sign(seat: ApprovalSeat, signer: Signer, outcome: str, words: str | None, x: Context[Any]) -> None:
    seat.signed_by, seat.signed_for, seat.climbed = signer.person, signer.instead_of, signer.climbed
    seat.signed_at, seat.outcome, seat.words = x.now, outcome, words


def end_round(approval: Approval, state: str, x: Context[Any], words: str | None) -> None:
    row = approval.row
    row.state, row.ended_at, row.ended_by, row.words = state, x.now, x.actor, words


def _state_of(record: Record, x: Context[Any]) -> str | None:
    resource = x.registry.resources[record.kind]
    state = getattr(record, resource.state) if resource.state else None
    return None if state is None else str(getattr(state, "value", state))


__all__ = ["STEPS", "Agreement", "Approving", "Bare", "Level", "Refusal", "end_round"]
