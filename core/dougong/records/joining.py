"""Linking as people do it: with history at both ends, and by the number that stands on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..errors import FieldError, Invalid
from ..words import translator
from . import history, links
from .context import Context
from .record import Record
from .visibility import judged, readable

_ = translator("dougong")
NOT_THERE = _("does not exist, or you may not use it here")


def join(record: Record, other: Record, x: Context[Any]) -> None:
    """Link two records; linking twice is one link. The caller answers for the right to do so.

    :raises Invalid: a record linked with itself.
    """
    if (other.kind, other.id) == (record.kind, record.id):
        raise Invalid(errors=(FieldError("id", NOT_THERE),))
    if any((one.kind, one.id) == (other.kind, other.id) for one in links.linked(x, record.kind, record.id)):
        return
    links.link(x, record, other)
    for one, beside in ((record, other), (other, record)):
        said = {"kind": beside.kind, "number": beside.number}
        history.write(x.session, one.kind, one.id, "link", actor=x.actor, at=x.now, changes={}, inputs=said)


def named(x: Context[Any], kind: str, id: UUID) -> Record | None:
    """A record of any enabled module that this person may see."""
    resource = x.registry.resources.get(kind)
    if resource is None or resource.module not in x.snapshot.modules:
        return None
    found = judged(x, resource, id)
    return found[0] if found else None


def numbered(x: Context[Any], number: str) -> Record | None:
    """The record with this number, of whatever enabled module, if this person may see it."""
    for resource in x.registry.resources.values():
        if resource.module not in x.snapshot.modules or not x.gate.scope(resource.permission("read")):
            continue
        found: Record | None = x.session.scalar(readable(x, resource.record).where(resource.record.number == number))
        if found is not None:
            return found
    return None
