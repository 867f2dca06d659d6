"""The job that says who has to be told of a report: at once, in the background, once per report.

It writes into the timeline whom the company's grants name at this moment, and has them told.
"""

from __future__ import annotations

from uuid import UUID

from dougong import Job, JobContext, Person, translator

from .choices import Route
from .events import ESCALATED
from .flow.escalation import ANNOUNCE
from .records import Announcement, Complaint, Escalation
from .relations import X, tainted

_ = translator("dougong_complaints")


def people(e: Escalation, c: Complaint, x: X) -> list[Person]:
    """The recipient's level now, and everybody above it in line, without the accused's side."""
    ids = dict.fromkeys(UUID(one) for one in e.told)
    if e.to_id is not None:
        ids.update((p.id, None) for _role, holders in x.line(e.to_id, c.site_id) for p in holders)
    known = x.snapshot.people
    return [known[one] for one in ids if one in known and not tainted(one, c, x)]


def announce(job: JobContext, complaint: UUID) -> None:
    """The job itself. A complaint that is gone has nobody to be told of."""
    x: X = job.context
    complete(x.get(Complaint, complaint), x)


def complete(c: Complaint, x: X) -> None:
    """Announce every report of people that was not announced yet."""
    done = {a.escalation_id for a in x.children(c, Announcement)}
    for e in x.children(c, Escalation):
        if e.id not in done and e.route is not Route.OVERDUE:  # whom a clock tells, it tells itself
            told = people(e, c, x)
            x.add(c, Announcement(people="、".join(p.name for p in told) or "–", escalation_id=e.id))
            x.tell(ESCALATED, c, [p.id for p in told if p.id != e.from_id])


job = Job(ANNOUNCE, announce, label=_("Tell people of a complaint"))
