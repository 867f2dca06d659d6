"""What plugins add to a page of ours. A plugin that fails here is logged and left out, so that the page itself stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
import structlog

from ..errors import Problem
from ..records.direct import NoSession
from ..tenancy.cells import Contended, Lost, SignedOut, Stale, Suspended

if TYPE_CHECKING:
    from ..plugins.registry import Registry
    from ..records.context import Context
    from .requests import Asked

log = structlog.get_logger("dougong.web")

# After an error of the database the transaction is over, and with it what the request itself wrote: that is no page.
_PASSED = (Problem, Stale, SignedOut, Suspended, Lost, Contended, sa.exc.SQLAlchemyError, psycopg.Error)


def slotted(registry: Registry, modules: frozenset[str]) -> bool:
    """Does any enabled module add to pages?"""
    return bool(registry.hook(modules).dougong_slots.get_hookimpls())


def added(x: Context[Any], page: str, subject: Any = None) -> list[Any]:
    """View objects of the enabled modules for a page. :param page: as ``dougong_slots`` names it."""
    given = {"page": page, "subject": subject, "context": x}
    found: list[Any] = []
    for one in reversed(x.registry.hook(x.snapshot.modules).dougong_slots.get_hookimpls()):
        try:
            made: Any = one.function(**{name: given[name] for name in one.argnames})
            found += made or ()
        except _PASSED:
            raise
        except Exception:  # code of a plugin, whatever it raises
            log.exception("a plugin's part of a page failed", plugin=one.plugin_name, page=page)
    return found


def standing(asked: Asked, page: str, subject: Any = None) -> list[Any]:
    """View objects for a page that stands still: the caller keeps them per person and version of the company.

    There is no database at hand; a plugin that asks for it is left out, and the log says so.
    """
    if not slotted(asked.app.registry, asked.snapshot.modules):
        return []
    session: Any = NoSession()
    return added(asked.context(session), page, subject)


__all__ = ["added", "slotted", "standing"]
