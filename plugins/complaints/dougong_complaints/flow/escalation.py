"""Reports upwards: beyond one's authority to the next in line, major and urgent ones to the company leaders.

A report is a record with the facts of its moment and a receipt; the complaint's state, owner and clocks go on.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from dougong import Conflict, Lazy, Person, guard, speaking, translator

from ..choices import OPEN, Route
from ..records import Complaint, Escalation
from ..relations import X, above, above_owner, tainted
from ..timers import category, local
from .base import Form, flow

_ = translator("dougong_complaints")

ANNOUNCE, UNRECEIVED = "complaints.announce", "complaints.unreceived"
_OVERDUE = _("{clock}: overdue.")
Level = tuple[str, list[Person]]

FACTS = _(
    "Status: {status}. Category: {category}. Severity: {severity}, {urgency}. Location: {location}. "
    "Resolution due: {due}. Taken up again: {reopened}. Statement: {statement}"
)


def facts(c: Complaint, x: X) -> str:
    """What is known at this moment, without who complained."""
    x.reckon(c)  # what was just changed moves the due time
    return str(
        FACTS.format(
            status=c.status,
            category=category(c, x).label,
            severity=c.severity,
            urgency=c.urgency,
            location=c.location,
            due=f"{local(c.resolve_by, c, x):%Y-%m-%d %H:%M}" if c.resolve_by else "–",
            reopened=c.reopened,
            statement=c.statement,
        )
    )


def report(c: Complaint, level: Level | None, route: Route, reason: str | Lazy, x: X) -> Escalation:
    """Write a report to a level of the line into the timeline, in the company's language whoever's work it is done in."""
    with speaking(x.settings_of("core").locale):
        made = Escalation(reason=str(reason))
    _address(made, c, level, route, x)
    return x.add(c, made)


def _address(e: Escalation, c: Complaint, level: Level | None, route: Route, x: X) -> None:
    role, people = level or ("", [])
    e.route, e.from_id = route, x.actor
    e.to_id = people[0].id if people else None
    with speaking(x.settings_of("core").locale):
        e.facts = facts(c, x)
        e.to_level = str(x.snapshot.roles[role].label) if role in x.snapshot.roles else None
    e.told = [str(p.id) for p in people]
    if route is Route.LEADERS:
        e.acknowledge_by = x.now + dt.timedelta(minutes=x.settings.leader_minutes)
    if route is not Route.OVERDUE:  # whom a clock tells, it tells itself
        x.enqueue(ANNOUNCE, key=f"{ANNOUNCE}:{c.id}", complaint=c.id)


def leaders(c: Complaint, x: X) -> Level | None:
    """The company leaders for this site; where a company names none, the highest of the site's line."""
    levels = _named(c, x)[:1] or above_owner(c, x)
    return levels[-1] if levels else None


def _named(c: Complaint, x: X) -> list[Level]:
    """The company leaders as the settings name them, those of them who may hear of it."""
    found = [(role, [p for p in x.who(role, c.site_id) if not tainted(p.id, c, x)]) for role in x.settings.leader_roles]
    return [level for level in found if level[1]]


def tell_leaders(c: Complaint, x: X) -> None:
    """Once per complaint: it is major or urgent."""
    c.alarmed, c.leaders_told_at = True, x.now
    report(c, leaders(c, x), Route.LEADERS, _("The complaint is major or urgent."), x)


def tell_line_above(c: Complaint, x: X) -> None:
    """A member of staff is accused: whoever stands above them hears of it at registration."""
    assert c.against_id is not None
    levels = above(c.against_id, c, x)
    if levels:  # where there is nobody, the registration itself is refused
        report(c, levels[0], Route.AUTHORITY, _("The complaint is against a member of staff."), x)


def report_overdue(clock: Lazy, level: int, c: Complaint, x: X) -> None:
    """A clock ran out: the level of the line above the owner gets a report; a shorter line ends at its top."""
    levels = above_owner(c, x)
    if levels:
        made = report(c, levels[min(level, len(levels)) - 1], Route.OVERDUE, _OVERDUE.format(clock=clock), x)
        made.level = level


def climb(c: Complaint, x: X) -> None:
    """Nobody acknowledged the report to the leaders: the next of them hears of it, then whoever stands above them all."""
    told = {UUID(one) for e in _to_leaders(c, x) for one in e.told}
    higher = next((level for level in _named(c, x) if not told.issuperset(p.id for p in level[1])), None)
    higher = higher or x.climb(c, told)
    if higher is not None and x.settings.leader_climb:
        report(c, higher, Route.LEADERS, _("Nobody has acknowledged the report to the company leaders."), x)


def call(c: Complaint, x: X) -> None:
    """Whoever reported, the owner and the site's own line are asked to use the phone."""
    people = [e.from_id for e in _to_leaders(c, x)] + [c.owner_id]
    people += [p.id for p in x.who("service_lead", c.site_id)]
    x.tell(UNRECEIVED, c, [p for p in dict.fromkeys(people) if p is not None and not tainted(p, c, x)])


def _to_leaders(c: Complaint, x: X) -> list[Escalation]:
    since = c.leaders_told_at
    return [e for e in x.children(c, Escalation) if e.route is Route.LEADERS and since is not None and e.at >= since]


@flow.adding(_("Escalate"), OPEN, Escalation, icon="up", help=_("To whoever stands next above you at this site."))
def escalate(c: Complaint, e: Escalation, x: X) -> None:
    start = x.actor or c.owner_id
    levels = above(start, c, x) if start else []
    if not levels:
        raise Conflict(_("Nobody stands above you at this site who could take the report."))
    _address(e, c, levels[0], Route.AUTHORITY, x)


def waiting(c: Complaint, x: X) -> list[Escalation]:
    """Reports to this person that have no receipt yet."""
    return [e for e in x.children(c, Escalation) if e.acknowledged_at is None and str(x.actor) in e.told]


@guard(_("There is no report to you that waits for its receipt."), quiet=True)
def told_me(c: Complaint, x: X) -> bool:
    return bool(waiting(c, x))


@flow.on(_("Acknowledge the report"), OPEN, form=Form, guards=[told_me], icon="check")
def acknowledge(c: Complaint, f: Form, x: X) -> None:
    for e in waiting(c, x):
        e.acknowledged_at, e.acknowledged_by = x.now, x.actor
        if e.route is Route.LEADERS:
            c.leaders_told_at = None
