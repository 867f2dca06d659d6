"""What a person has to approve, has submitted, has signed: over every enabled module, read in pages from an index.

Whose turn it is is judged at the moment, record by record; so the list of what waits is walked in the order of waiting, at
most ``SCANNED`` rows for one page. Nothing is told of a record that the person may not see, or whose module is off.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ..errors import BadRequest
from ..words import translator
from .approval_tables import ASKED, Approval, ApprovalRow, ApprovalSeat, with_seats
from .approvals import Approving
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")

MINE, SUBMITTED, DONE = "mine", "asked", "done"
PARTS = (MINE, SUBMITTED, DONE)
SCANNED = 2000  # rows that one page looks at
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One approval in a list. ``mine``: it waits for whoever asks. ``cursor``: behind it."""

    approval: Approval
    approving: Approving[Any, Any, Any]
    resource: Resource[Any]
    record: Record
    at: dt.datetime
    mine: bool
    cursor: str


def kinds(x: Context[Any], module: str = "") -> dict[str, Resource[Any]]:
    """The resources with approvals of enabled modules of which this person may see any."""
    return {
        kind: one
        for kind, one in x.registry.resources.items()
        if one.flow is not None
        and one.flow.approvals
        and one.module in x.snapshot.modules
        and (not module or one.module == module)
        and x.gate.scope(one.permission("read"))
    }


def listed(
    x: Context[Any], part: str, *, site: UUID | None = None, module: str = "", limit: int = 50, after: str = ""
) -> tuple[list[Item], str]:
    """One page of a part, and the cursor of the next (empty: there is none).

    :param part: ``mine`` (the longest waiting first), ``asked`` or ``done`` (the newest first). :param limit: at most 200.
    :raises BadRequest: no such part, or a cursor that is not ours.
    """
    if part not in PARTS:
        raise BadRequest(_("Unknown part: {name}").format(name=part[:40]))
    several, behind = kinds(x, module), _decoded(after) if after else None
    if not several or x.actor is None:
        return [], ""
    found: list[Item] = []
    scanned = 0
    while scanned < SCANNED:
        rows = _rows(x, part, several, site, behind)
        scanned += len(rows)
        for item in _items(x, part, several, rows):
            if len(found) == limit:
                return found, found[-1].cursor
            found.append(item)
        if len(rows) < _CHUNK:
            return found, ""
        behind = rows[-1][1], rows[-1][2]
    return found, _encoded(*behind) if behind else ""


def waiting(x: Context[Any], *, site: UUID | None = None, most: int = 100) -> int:
    """How many wait for this person, counted up to ``most``."""
    return len(listed(x, MINE, site=site, limit=most)[0])


def _rows(
    x: Context[Any],
    part: str,
    several: dict[str, Resource[Any]],
    site: UUID | None,
    behind: tuple[dt.datetime, UUID] | None,
) -> list[Any]:
    """(approval, moment, id of the cursor) behind a place."""
    row = ApprovalRow
    rules = [row.tenant_id == x.tenant, row.record_kind.in_(several)]
    if site is not None:
        rules.append(row.site_id.in_(x.snapshot.sites.subtree(site)))
    if part == DONE:
        at, id = ApprovalSeat.signed_at, ApprovalSeat.id
        joined = sa.and_(ApprovalSeat.tenant_id == row.tenant_id, ApprovalSeat.approval_id == row.id)
        query = sa.select(row, at, id).join(ApprovalSeat, joined).where(ApprovalSeat.signed_by == x.actor, *rules)
    else:
        at, id = (row.level_at if part == MINE else row.asked_at), row.id
        query = sa.select(row, at, id).where(*rules)
        query = query.where(row.state == ASKED if part == MINE else row.asked_by == x.actor)
    place = sa.tuple_(at, id)
    if behind is not None:
        query = query.where(place > behind if part == MINE else place < behind)
    order = (at, id) if part == MINE else (at.desc(), id.desc())
    return list(x.session.execute(query.order_by(*order).limit(_CHUNK)))


def _items(x: Context[Any], part: str, several: dict[str, Resource[Any]], rows: Sequence[Any]) -> Iterator[Item]:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row, _at, _id in rows:
        wanted[row.record_kind].add(row.record_id)
    seen = {
        record.id: record
        for kind, ids in wanted.items()
        for record in x.session.scalars(x.readable(several[kind].record).where(several[kind].record.id.in_(ids)))
    }
    several_rounds = with_seats(x, [row for row, _at, _id in rows])
    for approval, (row, at, id) in zip(several_rounds, rows, strict=True):
        resource, record = several[row.record_kind], seen.get(row.record_id)
        approving = resource.flow.approvals.get(row.name) if resource.flow is not None else None
        if record is None or approving is None:
            continue
        inner = x.with_settings(x.snapshot.settings(resource.module)) if resource.settings else x
        there = approval.running and not approving.astray(record, approval, inner)
        mine = there and bool(approving.approvers(record, approval, inner).turn(approval, x.actor))
        if mine or part != MINE:
            yield Item(approval, approving, resource, record, at, mine, _encoded(at, id))


def _encoded(at: dt.datetime, id: UUID) -> str:
    text = msgspec.json.encode([at.astimezone(dt.UTC).isoformat(), str(id)])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[dt.datetime, UUID]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at, id = msgspec.json.decode(raw, type=tuple[str, str])
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC), UUID(id)
    except (ValueError, OverflowError, msgspec.DecodeError, msgspec.ValidationError):
        raise BadRequest(
            _("The address of this page of the list is not valid any more. Go back to its beginning.")
        ) from None


__all__ = ["DONE", "MINE", "PARTS", "SUBMITTED", "Item", "kinds", "listed", "waiting"]
