"""The four clocks of a complaint as columns: first contact, resolution, progress, return visit.

Owns when each is due and that a breach, once seen, stays. Urgent complaints run around the clock, the others on the
site's working calendar; a day is a working day. What acts when a clock runs out is not here.
"""

from __future__ import annotations

import datetime as dt

from .choices import ACTIVE, Severity, State, Urgency
from .records import Complaint
from .relations import X
from .settings import Category

RESOLVING = (State.NEW, State.ACCEPTED, State.WORKING)  # on hold this clock stands still


def after(start: dt.datetime, c: Complaint, x: X, *, hours: float = 0, days: int = 0) -> dt.datetime:
    """So much working time after a moment, as this complaint counts it."""
    return x.calendar(c.site_id, always=c.urgency is Urgency.URGENT).add(start, hours=hours, days=days)


def local(at: dt.datetime, c: Complaint, x: X) -> dt.datetime:
    """A moment on the wall clock of the complaint's site."""
    return at.astimezone(x.snapshot.sites.zone(c.site_id))


def category(c: Complaint, x: X) -> Category:
    """The complaint's category; seven working days where the company has struck it from its settings since."""
    return x.settings.categories.get(c.category) or Category(name=c.category, days=7)


def start(c: Complaint, x: X) -> None:
    """Registration: all clocks but the visit's begin."""
    c.registered_at = c.resolve_from = c.progress_from = x.now
    c.held_seconds, c.reckoned, c.alarmed = 0, "", False


def brought(c: Complaint) -> None:
    """Imported: it has the times that it came with, and no clock runs until it is taken up again here."""
    c.imported = c.alarmed = True
    c.registered_at = c.registered_at or c.created_at
    c.held_seconds, c.reckoned = 0, ""


def restart(c: Complaint, x: X) -> None:
    """Taken up again: resolution and progress begin anew, what was late stays late."""
    note(c, x)
    c.reopened += 1
    c.resolve_from = c.progress_from = x.now
    c.resolve_by = c.progress_by = c.visit_by = None  # computed anew when the state has changed
    c.resolved_at = c.visited_at = c.closed_at = None
    c.waived_by = c.waived_at = None
    c.held_seconds = 0


def resolved(c: Complaint, x: X) -> None:
    """Work is done: the return visit is owed."""
    c.resolved_at, c.visited_at, c.progress_by = x.now, None, None
    c.visit_by = after(x.now, c, x, hours=x.settings.visit_hours)


def contacted(c: Complaint, x: X) -> None:
    c.contacted_at = c.contacted_at or x.now


def told(c: Complaint, x: X) -> None:
    """A progress notice went out: the next one is owed an interval later."""
    note(c, x)
    contacted(c, x)
    c.progress_from = x.now
    c.progress_by = _progress(c, x)


def hold(c: Complaint, x: X) -> None:
    note(c, x)
    c.held_at = x.now


def resume(c: Complaint, x: X) -> None:
    """The resolution is due later by the working time on hold."""
    if c.held_at is not None:
        runs = x.calendar(c.site_id, always=c.urgency is Urgency.URGENT)
        c.held_seconds += int(runs.between(c.held_at, x.now).total_seconds())
    c.held_at = c.held_until = None
    reckon(c, x)  # before anything looks at the old due time again


def note(c: Complaint, x: X) -> None:
    """Write down what is overdue at this moment. Called before anything that moves a due time or ends a clock."""

    def late(by: dt.datetime | None, at: dt.datetime | None) -> bool:
        return by is not None and (at or x.now) > by

    c.contact_late = c.contact_late or late(c.contact_by, c.contacted_at)
    if c.status in RESOLVING or c.resolved_at is not None:
        c.resolve_late = c.resolve_late or late(c.resolve_by, c.resolved_at)
    c.progress_late = c.progress_late or late(c.progress_by, None)
    c.visit_late = c.visit_late or late(c.visit_by, c.visited_at)


def reckon(c: Complaint, x: X) -> None:
    """Compute what is still running anew, if what it depends on has changed; done clocks stay as they were."""
    moments = (c.government_deadline, c.resolve_from)
    parts = [c.category, c.urgency.value, c.severity.value, str(c.held_seconds)]
    basis = "|".join([*parts, *(m.astimezone(dt.UTC).isoformat() if m else "" for m in moments)])
    if basis == c.reckoned:
        return
    c.reckoned = basis
    if c.contacted_at is None and c.registered_at is not None and not c.imported:
        minutes = category(c, x).first_contact
        c.contact_by = after(c.registered_at, c, x, hours=minutes / 60)
    if c.resolved_at is None:
        c.resolve_by = _resolution(c, x)
    elif c.visited_at is None and c.visit_by is not None:
        c.visit_by = after(c.resolved_at, c, x, hours=x.settings.visit_hours)
    c.progress_by = _progress(c, x) if c.status in ACTIVE else None


def _resolution(c: Complaint, x: X) -> dt.datetime | None:
    if c.government_deadline is not None or c.resolve_from is None:
        return c.government_deadline
    found = category(c, x)
    share = {Severity.IMPORTANT: x.settings.important_share, Severity.MAJOR: x.settings.major_share}.get(
        c.severity, 1.0
    )
    if found.hours is not None:
        due = after(c.resolve_from, c, x, hours=found.hours * share)
    else:
        due = after(c.resolve_from, c, x, days=max(1, round((found.days or 1) * share)))
    return after(due, c, x, hours=c.held_seconds / 3600) if c.held_seconds else due


def _progress(c: Complaint, x: X) -> dt.datetime | None:
    if c.progress_from is None:
        return None
    pressing = c.urgency is Urgency.URGENT or c.severity is Severity.MAJOR
    hours = x.settings.progress_urgent_hours if pressing else x.settings.progress_hours
    return after(c.progress_from, c, x, hours=hours)
