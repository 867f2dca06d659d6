"""How long the clocks of a complaint run: by category, urgency and severity, or until the government's own deadline.

Urgent complaints run around the clock, the others on the site's working calendar; a day is a working day. When each clock
runs and what it does is declared in ``flow.clocks``.
"""

from __future__ import annotations

import datetime as dt

from dougong import Term

from .choices import Severity, State, Urgency
from .records import Complaint
from .relations import X
from .settings import Category

RESOLVING = (State.NEW, State.ACCEPTED, State.WORKING)  # on hold this clock stands still


def local(at: dt.datetime, c: Complaint, x: X) -> dt.datetime:
    """A moment on the wall clock of the complaint's site."""
    return at.astimezone(x.snapshot.sites.zone(c.site_id))


def category(c: Complaint, x: X) -> Category:
    """The complaint's category; seven working days where the company has struck it from its settings since."""
    return x.settings.categories.get(c.category) or Category(name=c.category, days=7)


def _term(c: Complaint, *, hours: float = 0, days: int = 0) -> Term:
    return Term(hours, days, always=c.urgency is Urgency.URGENT)


def contact(c: Complaint, x: X) -> Term | None:
    """The first contact; nobody here owed one for a complaint that was imported."""
    return None if c.imported else _term(c, hours=category(c, x).first_contact / 60)


def resolution(c: Complaint, x: X) -> Term:
    """The category's hours, shorter where the company says so for important and major ones; a deadline of the government
    overrides them and is moved by no hold."""
    if c.government_deadline is not None:
        return Term(until=c.government_deadline, always=c.urgency is Urgency.URGENT)
    found = category(c, x)
    shares = {Severity.IMPORTANT: x.settings.important_share, Severity.MAJOR: x.settings.major_share}
    share = shares.get(c.severity, 1.0)
    if found.hours is not None:
        return _term(c, hours=found.hours * share)
    return _term(c, days=max(1, round((found.days or 1) * share)))


def progress(c: Complaint, x: X) -> Term:
    """From one progress notice to the next."""
    pressing = c.urgency is Urgency.URGENT or c.severity is Severity.MAJOR
    return _term(c, hours=x.settings.progress_urgent_hours if pressing else x.settings.progress_hours)


def visit(c: Complaint, x: X) -> Term | None:
    """The return visit; an answer in writing takes its place."""
    return _term(c, hours=x.settings.visit_hours) if c.answered_at is None else None


def receipt(c: Complaint, x: X) -> Term | None:
    """A report to the company leaders that nobody has acknowledged, day and night."""
    return Term(x.settings.leader_minutes / 60, always=True) if c.leaders_told_at is not None else None


def contacted(c: Complaint, x: X) -> None:
    c.contacted_at = c.contacted_at or x.now


def resolved(c: Complaint, x: X) -> None:
    """Work is done: the return visit is owed."""
    c.resolved_at, c.visited_at, c.answered_at = x.now, None, None


def restart(c: Complaint) -> None:
    """Taken up again: resolution and progress begin anew, what was late stays late."""
    c.reopened += 1
    c.resolved_at = c.visited_at = c.closed_at = c.answered_at = None
    c.waived_by = c.waived_at = None
