"""Registration, and what has to be true of a complaint whenever it changes."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, translator
from sqlalchemy.orm.attributes import get_history

from .. import timers
from ..choices import Channel, Kind, Severity, Urgency
from ..records import Complaint
from ..relations import NOTIFY, X, above, ended, site_owner, tainted
from .base import flow, refuse
from .escalation import tell_leaders, tell_line_above
from .merging import merged_into

_ = translator("dougong_complaints")


@flow.creating
def registered(c: Complaint, x: X) -> None:
    if x.imported:  # it has the times that it came with, and no clock runs until it is taken up again here
        c.imported = c.alarmed = True
        c.registered_at = c.registered_at or c.created_at
        return
    c.registered_at = x.now
    if c.soothing:
        timers.contacted(c, x)
    if c.owner_id is None:
        c.owner_id = _first_owner(c, x)
    if c.against_id is not None:
        tell_line_above(c, x)


@flow.changing
def settled(c: Complaint, x: X) -> None:
    """Rules over several fields; due times that follow from them."""
    if x.imported:
        _check_identity(c)
        return
    if ended(c) and not sa.inspect(c).attrs.status.history.has_changes():
        raise Conflict(_("The complaint has ended; take it up again before you change it."))
    _check_identity(c)
    _check_deadline(c)
    if timers.category(c, x).urgent:
        c.urgency = Urgency.URGENT
    if c.against_id is not None and not ended(c):
        _keep_from_accused(c, x)
    for one in merged_into(c, x):  # what the master's complainants are told stands there too
        one.against_id = c.against_id
    if not ended(c) and (c.severity is Severity.MAJOR or c.urgency is Urgency.URGENT) and not c.alarmed:
        tell_leaders(c, x)


def _check_identity(c: Complaint) -> None:
    if c.complainant_type is Kind.ANONYMOUS:
        for name in ("complainant", "phone", "room"):
            if getattr(c, name) is not None:
                raise refuse(name, _("must be empty, because the complaint is anonymous"))
    elif c.complainant is None and not c.imported:
        raise refuse("complainant", _("is required unless the complaint is anonymous"))
    elif Kind.ANONYMOUS in get_history(c, "complainant_type").deleted:
        raise refuse("complainant_type", _("was anonymous at registration and stays so"))


def _check_deadline(c: Complaint) -> None:
    if c.government_deadline is None:
        return
    if c.channel is not Channel.GOVERNMENT:
        raise refuse("government_deadline", _("is only set for complaints that the government forwarded"))
    if c.registered_at is not None and c.government_deadline <= c.registered_at:
        raise refuse("government_deadline", _("must lie after the registration"))


def _first_owner(c: Complaint, x: X) -> UUID | None:
    """Whoever registers keeps it until it is assigned, if they may handle it; else the site's customer service."""
    if x.actor and x.gate.may(NOTIFY, c.site_id) and not tainted(x.actor, c, x):
        return x.actor
    return site_owner(c, x)


def _keep_from_accused(c: Complaint, x: X) -> None:
    """Nobody in the accused's line handles it: it goes to whoever stands above them."""
    assert c.against_id is not None
    levels = above(c.against_id, c, x)
    if not levels:
        raise refuse(
            "against_id",
            _(
                "Nobody stands above this person at this site who could handle the complaint. "
                "Report it to the company leaders in another way, or have somebody above appointed first."
            ),
        )
    if c.owner_id is None or tainted(c.owner_id, c, x):
        c.owner_id = levels[0][1][0].id
