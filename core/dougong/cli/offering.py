"""What the people of a demo company take up of what its rules offer them, so that each such rule shows a chain.

No module knows of the others: it is done by the core's own means, once all have their records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from ..records import actions, following
from ..records.context import Context
from ..records.followups import Trigger
from ..records.record import Record

POSTS = ("service_lead", "engineering_lead", "quality", "project_manager")  # who decides so, in this order
LATEST = 60  # records of a trigger that are looked through


def take_up(x: Context[Any]) -> None:
    """For each rule that offers something: the latest record that somebody is offered it for gets it. :param x: the system's."""
    triggers = {one.name: one for _module, one in x.contributed(Trigger)}
    for rule in following.rules_of(x):
        if rule.mode != "offer" or rule.trigger not in triggers:
            continue
        for record, person in _concerned(x, triggers[rule.trigger].kind):
            by = x.as_person(person)
            hit = next((one for one in following.offers(by, record) if one.rule == rule), None)
            if hit is not None and following.named(by, f"{record.kind}:{record.id}", hit.opens.kind) is not None:
                resource = x.registry.resources[hit.opens.kind]
                body = following.told(by, record, hit)
                made = actions.create(resource, body, actions.inside(by, resource), site=record.site_id)
                following.join(by, record, made)
                break


def _concerned(x: Context[Any], kind: str) -> Iterator[tuple[Record, UUID]]:
    """The latest records of a kind, each with those who might decide."""
    record = x.registry.resources[kind].record
    latest = x.readable(record).order_by(record.created_at.desc()).limit(LATEST)
    for one in x.session.scalars(latest).all():
        for post in POSTS:
            for person in x.who(post, one.site_id)[:1]:
                yield one, person.id


__all__ = ["take_up"]
