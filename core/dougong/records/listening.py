"""What a module's ``dougong_changed`` has to hear of a creation, so that a record nobody waits for is written the short way.

Owns the declaration and its question. Writing itself is ``direct`` (one statement) or a unit of work, which calls the hook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from .context import Context
    from .record import Record


@dataclass(frozen=True)
class Listener:
    """When a module with ``dougong_changed`` need not hear of a creation. Contributed beside the hook; a module that
    contributes none hears of everything. It may be called when it need not be.

    :param concerns: whether it has anything to do about this record once it is created, as record and context say.
        ``context.changes`` is there, the database is not.
    :param waits: a condition in SQL over rows of the company (parameter ``tenant``) that holds where somebody may wait to
        be told, whatever the record; None: there is none.
    """

    concerns: Callable[[Any, Context[Any]], bool]
    waits: Callable[[], sa.ColumnElement[bool]] | None = None


def heard(x: Context[Any]) -> tuple[Listener, ...] | None:
    """What the company's modules have to hear of; None where one of them hears of everything."""
    found: Sequence[tuple[str, Listener]] = x.contributed(Listener)
    said = {module for module, _listener in found}
    hooks = x.registry.hook(x.snapshot.modules).dougong_changed.get_hookimpls()
    return tuple(one for _module, one in found) if all(hook.plugin_name in said for hook in hooks) else None


def concerned(listeners: Sequence[Listener], record: Record, x: Context[Any]) -> bool:
    """Whether one of them has anything to do about a new record."""
    return any(one.concerns(record, x) for one in listeners)


__all__ = ["Listener", "concerned", "heard"]
