"""What people are told of the system beyond its clocks: who is to audit, who got a decision, what came of an audit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .common import X
from .independence import team
from .records import Audit, Decision, LegalItem, Objective

_ = translator("dougong_quality")

_WHERE = _("{title}\n{site} · {status}")


def auditors(a: Audit, x: X) -> Iterable[UUID | None]:
    """Those who were named just now."""
    return [person for name, person in team(a).items() if name in x.changes(a)]


def audited(a: Audit, x: X) -> Iterable[UUID | None]:
    """Whoever answers for what was audited."""
    return [person.id for person in x.who("project_manager", a.site_id)]


def owner(d: Decision | Objective, x: X) -> Iterable[UUID | None]:
    return [d.owner_id]


def keepers(item: LegalItem, x: X) -> Iterable[UUID | None]:
    return [person.id for person in x.who("quality", item.site_id)]


EVENTS = (
    Event(
        "quality.audit_named", _("Somebody was named auditor"), _("You audit {number}: {title}"), Audit.kind,
        ("create", "edit", "prepare"), auditors, _WHERE, channels=("inbox", "email"),
    ),
    Event(
        "quality.audit_reported", _("An audit was reported"), _("Audit {number} is reported"), Audit.kind,
        ("report",), audited, _WHERE, channels=("inbox", "email"),
    ),
    Event(
        "quality.decision_made", _("A management review decided something"), _("Decision {number} is yours"), Decision.kind,
        ("create",), owner, _WHERE, channels=("inbox", "email"),
    ),
    Event(
        "quality.objective_entered", _("An actual of an objective was entered"), _("{title}: an actual was entered"),
        Objective.kind, ("record", "take"), owner, _WHERE,
    ),
    Event(
        "quality.law_evaluated", _("Compliance with a law was evaluated"), _("{title} was evaluated"), LegalItem.kind,
        ("evaluate",), keepers, _WHERE,
    ),
)  # fmt: skip
