"""What a module says of itself to residents: which form it offers them without an account, and what they hear of it later.

Owns the public classes and the one way in which such a form becomes a record. Draws no page, keeps no code and no
consent: a module that serves all (``intake``) does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from ..errors import FieldError, Invalid
from ..words import Lazy, translator
from . import actions, journal
from .context import Context
from .models import Form, derived, validate
from .record import Record
from .resource import Resource
from .visibility import resource_of

_ = translator("dougong")
R = TypeVar("R", bound=Record)

RESIDENT = "resident"
_NEEDED = _("is required")


@dataclass(frozen=True)
class Told:
    """One thing that a resident may read of their case. ``tone``: brand | good | warn | bad, or empty."""

    title: Lazy | str
    at: datetime
    text: str = ""
    tone: str = ""
    icon: str = "send"


@dataclass(frozen=True)
class Progress:
    """Where a case stands, in words for the public. Names no colleague and no other resident.

    :param tone: as of states: new | acc | doing | hold | visit | done.
    :param told: what was published, in any order.
    :param expected: what may be expected, and by when. :param note: what else can be done, in one or two sentences.
    """

    state: Lazy | str
    tone: str = "doing"
    told: Sequence[Told] = ()
    expected: Sequence[tuple[Lazy | str, datetime]] = ()
    note: Lazy | str = ""


@dataclass(frozen=True)
class ResidentStep(Generic[R]):
    """Something that a resident may do with their case later: rate it, have it taken up again.

    :param form: what it asks for. :param offered: whether it is open to them now; asked again before it is taken.
    :param take: does it; the context is the system's on behalf of a resident, so rights are not asked, guards are.
    """

    name: str
    label: Lazy
    form: type[Form]
    offered: Callable[[R, Context[Any]], bool]
    take: Callable[[R, Any, Context[Any]], None]
    help: Lazy | None = None
    icon: str = "send"

    def check(self, body: Mapping[str, Any]) -> BaseModel:
        """What was filled in. :raises Invalid: with one error a bad field."""
        return validate(self.form, body, None)


@dataclass(frozen=True)
class ResidentForm(Generic[R]):
    """A form that residents fill in on their phone, without an account. Contributed by ``dougong_contributions``.

    :param name: once in the module; stands in the codes' limits. :param label: what it is for, as a resident says it.
    :param asks: fields of the record, in order. :param labels, helps: what they are called and explained by here, where
        the record's own words are those of staff; a help of staff is never shown.
    :param fixed: values that a resident is not asked for.
    :param contact: those of ``asks`` that are about the person. They are asked below a notice, never stored without a
        consent, and left empty where the resident stays anonymous.
    :param needed: those of ``asks`` that must be given, though the record lets them be empty; those of ``contact``
        unless the resident stays anonymous.
    :param anonymous: values of an anonymous case; None: nobody can stay anonymous.
    :param place: the record's field for a place of the register, and the one for the place in words; the code on the
        wall fills them. Either may be ``""``.
    :param photos: how many may be added; 0: none.
    :param progress: what the holder of the follow-up code is told.
    :param said: told when the resident has added words (these themselves are kept as a comment).
    :param steps: what the resident may do later. :param urgent: when not to fill in a form but to call.
    """

    name: str
    record: type[R]
    label: Lazy
    asks: Sequence[str]
    progress: Callable[[R, Context[Any]], Progress]
    labels: Mapping[str, Lazy] = field(default_factory=dict)
    helps: Mapping[str, Lazy] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    contact: Sequence[str] = ()
    needed: Sequence[str] = ()
    anonymous: Mapping[str, Any] | None = None
    place: tuple[str, str] = ("", "")
    photos: int = 0
    said: Callable[[R, Context[Any]], None] | None = None
    steps: Sequence[ResidentStep[R]] = ()
    help: Lazy | None = None
    urgent: Lazy | None = None

    @property
    def module(self) -> str:
        return self.record.kind.partition(".")[0]

    @property
    def slug(self) -> str:
        """Its one name in the installation."""
        return f"{self.module}.{self.name}"

    def model(self) -> type[BaseModel]:
        """The model of what is asked: fields and rules are the record's own.

        :raises KeyError: a name in ``asks`` is no field of the record.
        """
        found = _MODELS.get(id(self))
        if found is None or found[0] is not self:
            made = derived(self.record, f"{self.record.__name__}ByResident", list(self.asks))
            found = _MODELS[id(self)] = (self, made)
        return found[1]

    def check(self, x: Context[Any], site: UUID, body: Mapping[str, Any], *, anonymous: bool = False) -> dict[str, Any]:
        """The record's values from what a resident filled in, by the rules of its create form, for the asked fields only.

        :param body: of an anonymous case what is about the person is dropped, whatever it holds.
        :raises Invalid: with one error a bad field.
        """
        if anonymous and self.anonymous is None:
            raise Invalid(errors=(FieldError("anonymous", _("This cannot be done anonymously.")),))
        hidden = frozenset(self.contact) if anonymous else frozenset()
        given = {name: value for name, value in body.items() if name not in hidden}
        settings = x.snapshot.settings(self.module) if self.module in x.registry.settings else None
        errors: list[FieldError] = []
        found: BaseModel | None = None
        try:
            found = validate(self.model(), given, settings)
        except Invalid as wrong:
            errors += wrong.errors
        told = {error.path for error in errors}
        missing = [name for name in self.needed if name not in hidden and name not in told and not given.get(name)]
        errors += [FieldError(name, _NEEDED) for name in missing]
        if errors or found is None:
            raise Invalid(errors=tuple(errors))
        actions.check_references(self.record, found, x, site)
        values = {name: getattr(found, name) for name in self.asks}
        return {**self.fixed, **values, **((self.anonymous or {}) if anonymous else {})}

    def receive(
        self,
        x: Context[Any],
        site: UUID,
        body: Mapping[str, Any],
        *,
        anonymous: bool = False,
        location: UUID | None = None,
    ) -> R:
        """Create the record as the system on behalf of a resident, which its history says.

        :param location: the place of the code that was scanned, of this site.
        :raises Invalid, Conflict: as ``check``; the record's own rules refuse. Nothing is written then.
        """
        resource: Resource[R] = resource_of(x.registry.resources, self.record)
        inner = on_behalf(x).with_settings(x.snapshot.settings(resource.module))
        values = self.check(inner, site, body, anonymous=anonymous)
        if location is not None and self.place[0]:
            values[self.place[0]] = location
        record: R = actions.create_as_system(inner, self.record, site, values)
        journal.settle(inner)
        return record


_MODELS: dict[int, tuple[Any, type[BaseModel]]] = {}


def on_behalf(x: Context[Any]) -> Context[Any]:
    """The same unit of work as the system on behalf of a resident, which the history then says."""
    return replaced(x, gate=x.snapshot.gate(None, x.now), behalf=RESIDENT)


__all__ = ["RESIDENT", "Progress", "ResidentForm", "ResidentStep", "Told", "on_behalf"]
