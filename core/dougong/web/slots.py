"""What plugins add to a page of ours. A plugin that fails here is logged and left out, so that the page itself stands."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
import structlog

from ..errors import Problem
from ..records.direct import NoSession
from ..tenancy.cells import Contended, Lost, SignedOut, Stale, Suspended, apart

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


def added(x: Context[Any], page: str, subject: Any = None, *, limit: int | None = None) -> list[Any]:
    """View objects of the enabled modules for a page.

    :param page: as ``dougong_slots`` names it.
    :param limit: milliseconds that the database may take for one statement of a plugin's part; the part then stands in a
        savepoint of its own, so that its errors, those of the database too, cost nothing but the part.
    """
    given = {"page": page, "subject": subject, "context": x}
    found: list[Any] = []
    for one in reversed(x.registry.hook(x.snapshot.modules).dougong_slots.get_hookimpls()):
        try:
            arguments = {name: given[name] for name in one.argnames}
            with apart(x.session, limit) if limit is not None else nullcontext():
                made: Any = one.function(**arguments)
                parts = list(made or ())
            found += parts
        except _PASSED as error:
            if limit is None or not _only_here(error):
                raise
            log.exception("a plugin's part of a page failed", plugin=one.plugin_name, page=page)
        except Exception:  # code of a plugin, whatever it raises
            log.exception("a plugin's part of a page failed", plugin=one.plugin_name, page=page)
    return found


def _only_here(error: Exception) -> bool:
    """An error of a part's own statements, after which the connection and the rest of the transaction stand."""
    if isinstance(error, sa.exc.DBAPIError):
        return not error.connection_invalidated and getattr(error.orig, "sqlstate", None) is not None
    return isinstance(error, sa.exc.SQLAlchemyError | Problem)


def standing(asked: Asked, page: str, subject: Any = None) -> list[Any]:
    """View objects for a page that stands still: the caller keeps them per person and version of the company.

    There is no database at hand; a plugin that asks for it is left out, and the log says so.
    """
    if not slotted(asked.app.registry, asked.snapshot.modules):
        return []
    session: Any = NoSession()
    return added(asked.context(session), page, subject)


__all__ = ["added", "slotted", "standing"]
