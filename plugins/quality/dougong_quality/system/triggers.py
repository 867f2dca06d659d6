"""What of the system may give rise to a nonconformity, by the company's rules: a finding, a missed target, a law not met."""

from __future__ import annotations

from dougong import Telling, Trigger, translator

from .choices import Grade
from .common import X
from .records import AuditFinding, LegalItem, Objective

_ = translator("dougong_quality")


def _line(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 120 else said[:119] + "…"


def of_finding(one: AuditFinding, x: X) -> Telling:
    where = " ".join(filter(None, (one.standard, one.clause)))
    text = f"{where}\n{one.statement}" if where else one.statement
    return Telling(_line(one.statement), text, severity="major" if one.grade is Grade.MAJOR else "minor")


def of_objective(o: Objective, x: X) -> Telling:
    said = _("Objective missed: {title}").format(title=o.title)
    goal = f"{o.title}: {o.direction.label} {o.target:g} {o.unit}"
    return Telling(_line(str(said)), goal, responsible=o.owner_id)


def of_law(item: LegalItem, x: X) -> Telling:
    said = _("Does not comply: {title}").format(title=item.title)
    return Telling(_line(str(said)), f"{item.title} {item.articles or ''}\n{item.requirement}", severity="major")


TRIGGERS = (
    Trigger("quality.audit_finding", _("An audit finding"), AuditFinding.kind, ("create",), of_finding, "grade"),
    Trigger(
        "quality.objective_missed",
        _("An actual of an objective"),
        Objective.kind,
        ("record", "take"),
        of_objective,
        "latest",
    ),
    Trigger("quality.law_not_met", _("A compliance evaluation"), LegalItem.kind, ("evaluate",), of_law, "result"),
)
