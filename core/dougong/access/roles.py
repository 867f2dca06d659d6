"""Permissions and roles as declared by the core and its plugins, and as one company has changed them.

Owns the vocabulary of rights and how defaults and a company's changes become the bundle that holds. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ..words import Lazy

CORE = "core"


@dataclass(frozen=True)
class Permission:
    """One thing that may be done: ``complaints.complaint.close``. The part before the first dot is its module."""

    name: str
    label: Lazy
    module: str

    def __post_init__(self) -> None:
        if module_of(self.name) != self.module:
            raise ValueError(f"permission {self.name!r} must begin with its module: {self.module}.…")


@dataclass(frozen=True)
class RoleDefault:
    """What a module gives to a post by default.

    :param slug: the post; several modules may add to one.
    :param permissions: names; a trailing ``*`` takes in every declared permission that begins so.
    :param label: needed only where the post is not one of the core's.
    :param level: place in the line of command, higher above lower; 0 stands outside it.
    :param relation: suggested relation of a grant of this post (a resident's is ``mine``).
    :param whole: the post serves whole sites here; what other modules suggest would take its work away, so nothing is.
    """

    slug: str
    permissions: tuple[str, ...] = ()
    label: Lazy | None = None
    level: int = 0
    relation: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class RoleView:
    """A role of one company with the permissions it holds now."""

    id: UUID
    slug: str
    name: str | None = None
    declared: Lazy | None = None
    level: int = 0
    permissions: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The company's own name for it, else the declared one in the current language."""
        return self.name or (str(self.declared) if self.declared else self.slug)


def module_of(permission: str) -> str:
    return permission.partition(".")[0]


def matches(pattern: str, permission: str) -> bool:
    """``complaints.*`` takes in what begins with ``complaints.``; without the star only the very name."""
    return permission.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == permission


def expand(patterns: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """Names for patterns, from the declared permissions; plain names stay as they are."""
    found: set[str] = set()
    names = tuple(known)
    for pattern in patterns:
        found.update([pattern] if not pattern.endswith("*") else (n for n in names if matches(pattern, n)))
    return frozenset(found)


def effective(declared: RoleDefault | None, changes: Mapping[str, bool], known: Iterable[str]) -> frozenset[str]:
    """Declared defaults with a company's changes: True adds a permission, False takes it away."""
    base = expand(declared.permissions, known) if declared else frozenset()
    return (base | {name for name, on in changes.items() if on}) - {name for name, on in changes.items() if not on}
