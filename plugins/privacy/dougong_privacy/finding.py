"""A request's search: its terms, what they find, and the parts of it that were chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dougong import BadRequest, Conflict, Context, Findings, Hit, Kept, NotFound, PersonalStore, find_person, translator

from .choices import State
from .records import HANDLE, Request
from .settings import Settings

_ = translator("dougong_privacy")
X = Context[Settings]


@dataclass(frozen=True)
class Picked:
    """The chosen parts of what was found."""

    hits: tuple[Hit, ...]
    kept: tuple[tuple[PersonalStore, Kept], ...]

    @property
    def parts(self) -> tuple[Hit | tuple[PersonalStore, Kept], ...]:
        return (*self.hits, *self.kept)

    @property
    def number(self) -> int:
        return len(self.parts)


def whole_company(x: Context[Any], permission: str) -> None:
    """:raises NotFound: this person does not hold the permission for the whole company."""
    if not x.gate.may(permission, x.snapshot.sites.root):
        raise NotFound


def request_of(x: X, id: UUID, *, working: bool = False) -> Request:
    """A request that this person may handle.

    :param working: only while it is being dealt with, which takes that the identity was checked.
    """
    whole_company(x, HANDLE)
    found = x.get(Request, id)
    if working and found.status is not State.WORKING:
        raise Conflict(_("Check the person's identity first; then something may be handed over or erased."))
    if working and found.order:
        raise Conflict(_("Something is still being done for this request in the background."))
    return found


def terms_in(r: Request) -> list[str]:
    """The terms of a request: those that were searched for last; at first who asks and how they are reached."""
    return (r.terms or "").splitlines()


def found_for(x: X, r: Request) -> Findings:
    """What the terms of a request find, without the request itself."""
    found = find_person(x, terms_in(r))
    hits = tuple(one for one in found.hits if one.id != r.id)
    return Findings(hits, found.kept, found.mentioned, found.held, found.unsearched)


def key_of(part: Hit | tuple[PersonalStore, Kept]) -> str:
    """A part by which a form names it."""
    return f"{part.kind}/{part.id}" if isinstance(part, Hit) else f"{part[0].name}:{part[1].id}"


def picked(findings: Findings, keys: Iterable[str] | None) -> Picked:
    """The parts that were chosen; None: all. What is not found any more is left out.

    :raises BadRequest: nothing is chosen.
    """
    wanted = None if keys is None else frozenset(keys)
    hits = tuple(one for one in findings.hits if wanted is None or key_of(one) in wanted)
    kept = tuple(one for one in findings.kept if wanted is None or key_of(one) in wanted)
    if not hits and not kept:
        raise BadRequest(_("Nothing is chosen. Tick what it is about first."))
    return Picked(hits, kept)


def site_name(x: X, site: UUID) -> str:
    return x.snapshot.sites.node(site).name


__all__ = [
    "Picked",
    "found_for",
    "key_of",
    "picked",
    "request_of",
    "site_name",
    "terms_in",
    "whole_company",
]  # fmt: skip
