"""Workflow: the states of a record and what leads from one to another.

Owns steps, guards, handlers and their typing. Who may take a step is decided by the gate, and the taking itself
is done by ``actions``; a workflow only says what there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import InstrumentedAttribute, QueryableAttribute

from ..choices import Choice
from ..words import Lazy
from .approval_steps import since_of, term_of
from .approval_words import AGREE, RETURN, SUBMIT, WITHDRAW, labelled
from .approvals import STEPS, Agreement, Approving, Bare, Level, Refusal
from .clockchecks import column_of, declared
from .clocks import Clock, Step, Term
from .context import Context
from .models import Form, creating, derived
from .record import Child, Record

if TYPE_CHECKING:
    from ..access.people import Person

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Choice)
C = TypeVar("C", bound=BaseModel)
F = TypeVar("F", bound=BaseModel)
K = TypeVar("K", bound=Child)


@dataclass(frozen=True)
class Guard(Generic[R, C]):
    """A condition that only reads; ``why`` says what has to be there first.

    :param quiet: where it does not hold, the step makes no sense to anybody: it is not even named as refused.
    """

    name: str
    why: Lazy
    test: Callable[[R, Context[C]], bool]
    quiet: bool = False


def guard(why: Lazy, *, quiet: bool = False) -> Callable[[Callable[[R, Context[C]], bool]], Guard[R, C]]:
    """Make a guard of a function ``(record, context) -> bool``."""
    return lambda test: Guard(test.__name__, why, test, quiet)


@dataclass(frozen=True)
class Transition(Generic[R, S, C]):
    """A way from one of ``sources`` (empty: from anywhere) to one of ``to`` (empty: the state stays)."""

    name: str
    label: Lazy
    sources: frozenset[S]
    to: tuple[S, ...]
    permission: str
    form: type[BaseModel]
    asks: tuple[str, ...] = ()
    guards: tuple[Guard[R, C], ...] = ()
    run: Callable[[R, Any, Context[C]], S | None] | None = None
    adds: type[Child] | None = None
    icon: str = "right"
    help: Lazy | None = None
    danger: bool = False
    tone: str = ""
    automatic: bool = False  # taken by the system, offered to nobody
    page: str = ""  # address of the plugin's own page that asks for it, with {id}; empty: the general form

    def open_from(self, state: Any) -> bool:
        """Whether a record in this state can take it."""
        return not self.sources or state in self.sources


@dataclass(frozen=True)
class _Looks:
    icon: str = "right"
    help: Lazy | None = None
    danger: bool = False
    tone: str = ""
    automatic: bool = False
    page: str = ""


class Workflow(Generic[R, S, C]):
    """The life of a record: ``flow = Workflow(Complaint, Complaint.status, Settings)``.

    :param state: the field that holds its state; None for a record that only is, without states.
    """

    def __init__(self, record: type[R], state: InstrumentedAttribute[S] | None, settings: type[C]) -> None:
        self.record, self.state, self.settings = record, state.key if state is not None else None, settings
        self.transitions: dict[str, Transition[R, S, C]] = {}
        self.on_create: list[Callable[[R, Context[C]], None]] = []
        self.on_change: list[Callable[[R, Context[C]], None]] = []
        self.clocks: dict[str, Clock[R, C]] = {}
        self.approvals: dict[str, Approving[R, S, C]] = {}
        self.approval_steps: dict[str, tuple[Approving[R, S, C], str]] = {}

    def creating(self, run: Callable[[R, Context[C]], None]) -> Callable[[R, Context[C]], None]:
        """Decorator: called with a new record before it is written (defaults, due times, refusals)."""
        self.on_create.append(run)
        return run

    def changing(self, run: Callable[[R, Context[C]], None]) -> Callable[[R, Context[C]], None]:
        """Decorator: called after a create, an edit or a step, before the record is written: what follows from other fields."""
        self.on_change.append(run)
        return run

    def step(
        self,
        name: str,
        label: Lazy,
        sources: S | Iterable[S],
        to: S,
        *,
        asks: Sequence[QueryableAttribute[Any]] = (),
        guards: Sequence[Guard[R, C]] = (),
        permission: str | None = None,
        **looks: Any,
    ) -> Transition[R, S, C]:
        """A transition without code; its form are the fields in ``asks``, which become required."""
        return self._add(name, label, sources, to, Form, asks, guards, permission, None, None, looks)

    def on(
        self,
        label: Lazy,
        sources: S | Iterable[S],
        to: S | Sequence[S] = (),
        *,
        form: type[F],
        asks: Sequence[QueryableAttribute[Any]] = (),
        guards: Sequence[Guard[R, C]] = (),
        permission: str | None = None,
        **looks: Any,
    ) -> Callable[[Callable[[R, F, Context[C]], S | None]], Transition[R, S, C]]:
        """A transition with a form of its own and a handler ``(record, form, context)``; the function's name is its name.

        A handler of a transition with several targets returns the one it chose.
        """

        def wrap(run: Callable[[R, F, Context[C]], S | None]) -> Transition[R, S, C]:
            return self._add(run.__name__, label, sources, to, form, asks, guards, permission, run, None, looks)

        return wrap

    def adding(
        self,
        label: Lazy,
        sources: S | Iterable[S],
        child: type[K],
        to: S | Sequence[S] = (),
        *,
        guards: Sequence[Guard[R, C]] = (),
        permission: str | None = None,
        **looks: Any,
    ) -> Callable[[Callable[[R, K, Context[C]], S | None]], Transition[R, S, C]]:
        """A transition whose form is a child's own fields; the handler gets the child, built and added."""

        def wrap(handle: Callable[[R, K, Context[C]], S | None]) -> Transition[R, S, C]:
            def run(record: R, form: BaseModel, x: Context[C]) -> S | None:
                values = {name: getattr(form, name) for name in type(form).model_fields}
                return handle(record, x.add(record, child(**values)), x)

            return self._add(
                handle.__name__, label, sources, to, creating(child), (), guards, permission, run, child, looks
            )

        return wrap

    def clock(
        self,
        name: str,
        label: Lazy,
        *,
        due: InstrumentedAttribute[dt.datetime | None],
        term: Callable[[R, Context[C]], Term | dt.datetime | dt.date | None],
        runs: S | Iterable[S] = (),
        pauses: S | Iterable[S] = (),
        ends: S | Iterable[S] = (),
        met: InstrumentedAttribute[dt.datetime | None] | None = None,
        late: InstrumentedAttribute[bool] | None = None,
        starts: Callable[[R, Context[C]], dt.datetime | None] | None = None,
        met_by: type[Child] | Sequence[type[Child]] = (),
        again: type[Child] | Sequence[type[Child]] = (),
        depends: Sequence[QueryableAttribute[Any]] = (),
        pausing: Callable[[R, Context[C]], bool] | None = None,
        most_pauses: Callable[[C], int] | None = None,
        once: bool = False,
        owner: InstrumentedAttribute[UUID | None] | Callable[[R, Context[C]], UUID | None] | None = None,
        line: Callable[[R, Context[C]], Sequence[tuple[str, list[Person]]]] | None = None,
        steps: Sequence[Step[R, C]] | Callable[[C], Sequence[Step[R, C]]] = (),
        step: Transition[R, S, C] | str | None = None,
        personal: bool = False,
        imports: bool = False,
    ) -> Clock[R, C]:
        """A clock of the record. It is reckoned after every write, whoever writes; an import starts none, unless it ``imports``.

        :param due: the field in which the due time stands; empty while the clock is off.
        :param term: how long it runs, or a fixed moment (or day) on which it is due; None: it is off.
        :param runs: states in which it runs; none: in all. Coming into one from outside starts it anew.
        :param pauses: states in which it stands still: the time in them is added, as working time. A fixed moment stays.
        :param ends: states that meet it. In all other states it is off, and its due time is emptied.
        :param met: the field with the moment it was met: set by the clock, or by a handler, which then meets it.
        :param late: the field that says that it was overdue once: true for good, whatever is computed anew.
        :param starts: the moment from which it counts; none: when it was started here. The first moment is kept through
            other states in ``runs``, pauses and other sites.
        :param met_by: an entry of such a kind meets it. :param again: one of such a kind starts it anew, while it runs.
        :param depends: fields by which ``term`` goes: it is asked again when one of them changes, so what a company changes
            in its settings holds for clocks that start later. None: it is asked at every write.
        :param pausing: whether a record in a pausing state really stands still (by the reason that was given); none: it does.
        :param most_pauses: how often it may be paused, from the settings; the step beyond is refused, in words.
        :param once: met or ended once, it does not start again when the record comes back.
        :param owner: who answers for the record. Nobody named: whoever at the site may take ``step``.
        :param line: the levels above whoever answers for it, the next first, each a role with its people; none: the line of
            command at the site, as far as it may see the record.
        :param steps: what it does when, best from the settings. The breach is noted even where none of them does.
        :param step: the transition that meets it.
        :param personal: the step is the owner's own, whoever else has the right to it: the start page shows it to the owner,
            whoever stands in for them, and those above them. The owner must be a field.
        :param imports: it runs for what an import brings too, once its due time is still to come: the last day of a paper.
            What is over already wakes nobody; it starts when the record gets a later day.
        :raises TypeError: it cannot be; in words.
        """
        whose = ""
        if isinstance(owner, InstrumentedAttribute):
            whose = str(column_of(self.record, owner))
            owner = _reading(whose)
        if personal and not whose:
            raise TypeError(f"clock {name!r}: personal needs a field as its owner")
        made: Clock[R, C] = Clock(
            name,
            label,
            str(column_of(self.record, due)),
            term,
            column_of(self.record, met),
            column_of(self.record, late),
            _choices(runs),
            _choices(pauses),
            _choices(ends),
            starts,
            (met_by,) if isinstance(met_by, type) else tuple(met_by),
            (again,) if isinstance(again, type) else tuple(again),
            tuple(str(column_of(self.record, one)) for one in depends),
            pausing,
            most_pauses,
            once,
            owner,
            line,
            steps,
            step.name if isinstance(step, Transition) else step,
            whose if personal else "",
            imports,
        )
        self.clocks[name] = declared(self.record, self.state, self.clocks.values(), made)
        return made

    def approval(
        self,
        name: str,
        label: Lazy,
        *,
        sources: S | Iterable[S],
        levels: Callable[[R, Context[C]], Sequence[Level]],
        granted: S | Sequence[S] = (),
        returned: S | Sequence[S] = (),
        authors: Callable[[R, Context[C]], Iterable[UUID | None]] | None = None,
        due: InstrumentedAttribute[dt.datetime | None] | None = None,
        late: InstrumentedAttribute[bool] | None = None,
        hours: Callable[[C], float | None] | None = None,
        steps: Sequence[Step[R, C]] | Callable[[C], Sequence[Step[R, C]]] = STEPS,
        form: type[BaseModel] | None = None,
        guards: Sequence[Guard[R, C]] = (),
        editable: bool = False,
    ) -> Approving[R, S, C]:
        """Let a record be approved. It adds the transitions ``<name>_submit``, ``_agree``, ``_return`` and ``_withdraw``.

        :param label: what is approved: "Release", "Extension". The buttons say it. :param sources: states from which it may be
            submitted (empty: any).
        :param levels: whom it goes through, asked at submitting and kept for that round; a level with ``when=False`` is left
            out, and where none is left it is granted at once.
        :param granted: the state after the last signature; several: ``when_granted`` chooses; none: the state stays.
        :param returned: likewise after a return. Withdrawn, it comes back to the state that it was submitted from.
        :param authors: who approves nothing here, besides whoever created the record and whoever submitted it; ``editors``:
            whoever edited it.
        :param due: a moment of the record: a clock of this name keeps the level's time limit there. :param late: that it was
            overdue once. :param hours: working hours per level, from the settings; a level's own come first.
        :param steps: of that clock; by default a reminder at four fifths, the breach, and two levels of the line.
        :param form: what is asked at submitting; its values stand in the history. :param guards: of submitting.
        :param editable: whether the record's fields may be edited while it is being approved.
        """
        made: Approving[R, S, C] = Approving(
            self.record, name, label, frozenset(_several(sources)), levels, _several(granted), _several(returned),
            authors, hours, editable,
        )  # fmt: skip
        absent = Guard[R, C]("not_running", labelled("running", label), lambda r, x: made.current(r, x) is None, True)
        there = Guard[R, C]("running", labelled("absent", label), lambda r, x: made.current(r, x) is not None, True)
        names = {one: f"{name}_{one}" for one in (SUBMIT, AGREE, RETURN, WITHDRAW)}
        ask, sign = f"{self.record.kind}.{names[SUBMIT]}", made.permission
        for one, runs, asks, rules, permission, looks in (
            (SUBMIT, made.ask, form or Bare, (absent, *guards), ask, {"icon": "right"}),
            (AGREE, made.agree, Agreement, (there,), sign, {"icon": "check"}),
            (RETURN, made.give_back, Refusal, (there,), sign, {"icon": "left", "danger": True}),
            (WITHDRAW, made.withdraw, Bare, (there,), ask, {"icon": "undo"}),
        ):
            sources_of = sources if one == SUBMIT else ()
            self._add(names[one], labelled(one, label), sources_of, (), asks, (), rules, permission, runs, None, looks)
            self.approval_steps[names[one]] = (made, one)
        self.approvals[name] = made
        if due is not None:
            self.clock(
                name, label, due=due, late=late, steps=steps, step=names[AGREE],
                term=lambda r, x: term_of(made, r, x), starts=lambda r, x: since_of(made, r, x),
            )  # fmt: skip
        return made

    def _add(
        self,
        name: str,
        label: Lazy,
        sources: Any,
        to: Any,
        form: type[BaseModel],
        asks: Sequence[QueryableAttribute[Any]],
        guards: Sequence[Guard[R, C]],
        permission: str | None,
        run: Callable[[R, Any, Context[C]], S | None] | None,
        adds: type[Child] | None,
        looks: dict[str, Any],
    ) -> Transition[R, S, C]:
        kind = self.record.kind
        if name in self.transitions:
            raise TypeError(f"{kind}: transition {name!r} is declared twice")
        names = tuple(a.key for a in asks)
        if names:
            form = derived(
                self.record, f"{self.record.__name__}{name.title().replace('_', '')}", names, base=form, required=True
            )
        made = Transition[R, S, C](
            name,
            label,
            frozenset(cast("Iterable[S]", [sources] if isinstance(sources, Choice) else sources)),
            tuple(cast("Iterable[S]", [to] if isinstance(to, Choice) else to)),
            permission or f"{kind}.{name}",
            form,
            names,
            tuple(guards),
            run,
            adds,
            **vars(_Looks(**looks)),
        )
        self.transitions[name] = made
        return made


def _choices(given: Choice | Iterable[Choice]) -> frozenset[Choice]:
    return frozenset([given] if isinstance(given, Choice) else given)


def _several(given: Any) -> tuple[Any, ...]:
    return (given,) if isinstance(given, Choice) else tuple(given)


def _reading(name: str) -> Callable[[Any, Any], UUID | None]:
    return lambda record, x: cast("UUID | None", getattr(record, name))


__all__ = ["Guard", "Transition", "Workflow", "guard"]
