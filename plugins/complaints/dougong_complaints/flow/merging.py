"""Merging: several complaints about one thing are handled as one, and nobody who complained is forgotten.

The merged one keeps its own timeline. What the complainants of the master are told is copied to it, and the master
does not close before each of them was heard (``closing``). Owns also the way to the merged ones of a master.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from dougong import Child, Conflict, Line, asked, translator

from .. import timers
from ..choices import OPEN, State
from ..records import Complaint
from ..relations import X
from .base import Reason, flow, refuse

_ = translator("dougong_complaints")


def merged_into(c: Complaint, x: X) -> list[Complaint]:
    """The complaints that were merged into this one, in the order of their numbers."""
    if not c.merged:
        return []
    query = sa.select(Complaint).where(Complaint.tenant_id == x.tenant, Complaint.master_id == c.id)
    return list(x.session.scalars(query.order_by(Complaint.number)))


def pass_on(c: Complaint, x: X, copy: Callable[[], Child]) -> None:
    """Write an entry of the master into the timeline of every complaint merged into it."""
    for one in merged_into(c, x):
        timers.contacted(one, x)
        x.add(one, copy())


class Merge(Reason):
    master: Line = asked(_("Into"), help=_("Number of the complaint that goes on, as in TS-2026-000123."))


@flow.on(_("Merge into another"), State.NEW, State.MERGED, form=Merge, icon="link")
def merge(c: Complaint, f: Merge, x: X) -> None:
    master = x.session.scalar(x.readable(Complaint).where(Complaint.number == f.master))
    if c.merged:
        raise Conflict(_("Others were merged into this complaint; merge those into the other one instead."))
    if master is None:
        raise refuse("master", _("does not exist, or you may not use it here"))
    _check(c, master)
    c.against_id = c.against_id or master.against_id  # or else the accused could read of it here
    c.master_id = master.id
    master.merged += 1  # raises its row version: two merges that would make a chain cannot both succeed
    master.updated_at = x.now
    x.link(c, master)


def _check(c: Complaint, master: Complaint) -> None:
    if master.id == c.id:
        raise refuse("master", _("is this complaint itself"))
    if master.status is State.MERGED:
        raise refuse("master", _("was itself merged into another; name that one"))
    if master.status not in OPEN:
        raise refuse("master", _("has ended"))
    if master.site_id != c.site_id:
        raise refuse("master", _("belongs to another site; transfer one of them first"))
    if c.against_id is not None and c.against_id != master.against_id:
        raise refuse("master", _("is not against the same person; handle the two apart"))
