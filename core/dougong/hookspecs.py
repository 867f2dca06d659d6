"""Every hook of Dougong. Reading this file is reading the architecture.

A plugin is a module with a ``manifest`` and functions marked ``@hookimpl``; it is found by the entry-point group
``dougong.plugins``. Declarations are collected once, after loading. What happens per company
(``dougong_changed``, ``dougong_veto``, ``dougong_slots``, ``dougong_demo``) is called only for plugins whose
module that company has enabled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import click
    from pydantic import BaseModel

    from .access.roles import Permission, RoleDefault
    from .records.context import Context
    from .records.record import Record
    from .records.resource import Resource
    from .scheduling.jobs import Job
    from .web.routing import PageRoute
    from .web.themes import Theme
    from .words import Lazy

hookspec = pluggy.HookspecMarker("dougong")
hookimpl = pluggy.HookimplMarker("dougong")


@hookspec
def dougong_resources() -> Sequence[Resource[Any]]:  # type: ignore[empty-body]
    """The records that this module shows and changes: pages, API, permissions and menus are made from them."""


@hookspec
def dougong_settings() -> type[BaseModel]:  # type: ignore[empty-body]
    """The module's settings as a pydantic model with defaults; the settings page and ``tenant apply`` are made from it."""


@hookspec
def dougong_permissions() -> Sequence[Permission]:  # type: ignore[empty-body]
    """Permissions beyond those that follow from resources and transitions (such as seeing who complained)."""


@hookspec
def dougong_roles() -> Sequence[RoleDefault]:  # type: ignore[empty-body]
    """Default bundles of permissions, by the slug of the post; several modules may add to one post."""


@hookspec
def dougong_routes() -> Sequence[PageRoute]:  # type: ignore[empty-body]
    """Pages of the module's own, below ``/<module>/``."""


@hookspec
def dougong_jobs() -> Sequence[Job]:  # type: ignore[empty-body]
    """Background work of the module."""


@hookspec
def dougong_contributions() -> Sequence[Any]:  # type: ignore[empty-body]
    """What this module says to modules that serve every module: reports, events to be told of, forms for residents, ….
    Each is an object of a public class; ``context.contributed(Class)`` gives those of a company's enabled modules."""


@hookspec
def dougong_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]
    """Commands that the module adds to ``dougong``."""


@hookspec
def dougong_theme() -> Theme:  # type: ignore[empty-body]
    """A theme: templates, tokens and static files; no logic."""


@hookspec
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:  # type: ignore[empty-body]
    """View objects (``dougong.views``) to add to a page. ``page``: ``home`` (Card, Figure), ``form:<kind>`` (AsideCard),
    ``detail:<kind>`` (AsideCard; Action for the menu of the record; Progress of work in the background about it), ``demo``
    (Line: what opens without signing in, said by ``dougong demo``); ``subject`` is the record, or None.

    Two pages stand still until roles, modules or settings change, and have no database at hand: ``list:<kind>``
    (Action; ``subject`` is the Resource) and ``shell`` (Tool for the top bar, MenuItem for the menu; None)."""


@hookspec
def dougong_changed(record: Record, action: str, context: Context[Any]) -> None:
    """A record was created or changed, in the same transaction, after its history was written. A module that contributes a
    ``Listener`` is not called for a creation that does not concern it, which is then quicker."""


@hookspec
def dougong_veto(record: Record, transition: str, context: Context[Any]) -> Lazy | None:
    """A reason why this transition must not happen now, or None. Only reads."""


@hookspec
def dougong_demo(context: Context[Any]) -> None:
    """Fill a demo company with records that look like real work."""
