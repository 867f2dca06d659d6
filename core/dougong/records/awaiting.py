"""What a write leaves to be done for clocks: entries and other records that it touched, and the moment at which each record
has to be looked at next, as its one row in ``platform.due``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import event

from ..tenancy import dues
from .reckoning import reckon
from .record import Child, Record

if TYPE_CHECKING:
    from .context import Context


def heard(x: Context[Any], parent: Record, child: Child) -> None:
    """An entry was put into a record's timeline: if one of its clocks goes by such entries, that is reckoned with the record."""
    resource = x.registry.resources.get(parent.kind)
    clocks = resource.flow.clocks.values() if resource is not None and resource.flow is not None else ()
    if not any(isinstance(child, (*one.met_by, *one.again)) for one in clocks):
        return
    info = x.session.info
    info.setdefault("added", {}).setdefault((parent.kind, parent.id), []).append((type(child), child.at))
    info.setdefault("parents", {})[(parent.kind, parent.id)] = parent
    if "heard" not in info:
        info["heard"] = True
        event.listen(x.session, "before_commit", lambda _session: finish(x))  # written without an action: by a job


def others(x: Context[Any]) -> None:
    """Reckon what was changed beside the record that a person meant: what a handler wrote to it, or put into its timeline."""
    info = x.session.info
    followed: set[UUID] = info.pop("followed", set())
    touched: dict[UUID, Record] = {one.id: one for one in info.pop("parents", {}).values()}
    touched |= {one.id: one for one in x.session.dirty if isinstance(one, Record)}
    for id, one in touched.items():
        resource = x.registry.resources.get(one.kind)
        if id not in followed and resource is not None and resource.flow is not None and resource.flow.clocks:
            with x.session.no_autoflush:
                reckon(resource, one, x.with_settings(x.snapshot.settings(resource.module)))


def finish(x: Context[Any]) -> None:
    """Reckon what is left, and write down when records have to be looked at again."""
    if x.session.info.get("added"):
        others(x)
        x.session.flush()
    put(x)


def put(x: Context[Any]) -> None:
    """Write down when records have to be looked at next: one row each, none where nothing is to come."""
    found: dict[tuple[str, UUID], dt.datetime | None] = x.session.info.pop("due", {})
    dues.put(x.session, x.tenant, [(kind, id, at) for (kind, id), at in sorted(found.items()) if at is not None])
    for (kind, id), at in sorted(found.items()):
        if at is None:
            dues.drop(x.session, x.tenant, kind, id)


__all__ = ["finish", "heard", "others", "put"]
