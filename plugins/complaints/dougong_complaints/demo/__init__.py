"""Complaints of a demo company, lived through by its own people at earlier moments.

Every complaint goes the way that a person would take it: same forms, same rights, same clocks; only the moment is
moved back. Deterministic: the same company gets the same complaints.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

from dougong import Context

from ..announcing import complete
from ..choices import Route
from ..records import Complaint, Escalation
from .earlier import months
from .plots import PLOTS, WORKED, Plot
from .stories import CHANNELS, HOME, HOSPITAL, PARK, PEOPLE, Story
from .talk import add


class Case:
    """One complaint on its way: its story, its plot, and the record once it is registered."""

    def __init__(self, site: UUID, story: Story, plot: Plot, chance: random.Random) -> None:
        self.site, self.story, self.plot = site, story, plot
        self.offset = dt.timedelta(minutes=chance.randrange(0, 25))
        self.who = PEOPLE[chance.randrange(len(PEOPLE))]
        self.room = (
            f"{chance.randrange(1, 13)}-{chance.randrange(1, 4)}-{chance.randrange(2, 24):02d}0{chance.randrange(1, 5)}"
        )
        self.phone = f"138{chance.randrange(10**8):08d}"
        self.channel = plot.channel or CHANNELS[chance.randrange(len(CHANNELS))]
        self.record: Complaint | None = None

    def body(self, now: dt.datetime) -> dict[str, Any]:
        body: dict[str, Any] = {
            "channel": self.channel,
            "complainant_type": "client" if self.channel == "client" else "owner",
            "complainant": self.who,
            "phone": self.phone,
            "room": self.room,
            "category": self.story.category,
            "location": self.story.location,
            "statement": self.story.statement,
            "severity": self.plot.severity or self.story.severity,
            "urgency": self.story.urgency,
        }
        if self.plot.anonymous:
            body |= {"complainant_type": "anonymous", "complainant": None, "phone": None, "room": None}
        if self.channel == "government":
            body["government_deadline"] = (now + dt.timedelta(days=6)).isoformat()
        return body


def fill(x: Context[Any]) -> None:
    """Register and handle about two dozen complaints at every project of the company, and those of earlier months."""
    chance = random.Random(20261122)  # noqa: S311  (what a demo shows is no secret)
    nodes = [n for n in x.snapshot.sites.ordered() if n.type == "project" and x.snapshot.module_on("complaints", n.id)]
    cases = [
        Case(node.id, _story(node.name, n, plot), plot, chance)
        for node in nodes
        for n, plot in enumerate((*PLOTS, *months(node is nodes[0])))
        if _posts(x, node.id)
    ]
    events = [
        (_by_day(x.now - dt.timedelta(hours=hours) + case.offset, x, case.site), index, case, step)
        for index, case in enumerate(cases)
        for hours, step in ((case.plot.age, None), *((s.ago, s) for s in case.plot.steps))
    ]
    for at, _index, case, step in sorted(events, key=lambda e: (e[0], e[1])):
        with x.at(min(at, x.now)) as then:
            if step is None:
                _register(case, then)
            else:
                step.do(case.record, _person(step.who, case, then), _values(step.body, case, cases, then), then)
    for case in cases:
        if case.record is not None:
            add(x, case.record)


def _by_day(at: dt.datetime, x: Context[Any], site: UUID) -> dt.datetime:
    """Earlier days happen between 8:00 and 20:00, in the same order; today as it comes."""
    zone = x.snapshot.sites.zone(site)
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight.date() == x.now.astimezone(zone).date():
        return at
    return midnight + dt.timedelta(hours=8) + (at - midnight) / 2


def _story(site: str, n: int, plot: Plot) -> Story:
    found = HOSPITAL if "医院" in site else PARK if "产业园" in site else HOME
    return plot.story or found[(PLOTS.index(WORKED) if plot.again else n) % len(found)]


def _posts(x: Context[Any], site: UUID) -> bool:
    return all(x.who(post, site) for post in ("service_agent", "service_lead", "project_manager"))


def _register(case: Case, x: Context[Any]) -> None:
    post = "service_lead" if case.plot.against == "service_agent" else "service_agent"
    agent = x.who(post, case.site)[0].id
    against = {"against_id": str(x.who(case.plot.against, case.site)[0].id)} if case.plot.against else {}
    made = x.as_person(agent).submit(Complaint, case.site, case.body(x.now) | against)
    complete(made, x)
    case.record = made


def _person(who: str, case: Case, x: Context[Any]) -> UUID:
    """The holder of a post; ``trade`` is the post that the story belongs to, the lead where nobody holds it; ``leader`` is
    who was told that it is major."""
    if who == "leader":
        assert case.record is not None
        told = next(e.told for e in x.children(case.record, Escalation) if e.route is Route.LEADERS)
        return UUID(told[0])
    post = case.story.trade if who == "trade" else who
    return (x.who(post, case.site) or x.who("service_lead", case.site))[0].id


def _values(body: dict[str, Any], case: Case, cases: list[Case], x: Context[Any]) -> dict[str, Any]:
    """What only the case knows at that moment: who owns it, the solution of its category, the number of its master."""
    return {name: value(case, cases, x) if callable(value) else value for name, value in body.items()}
