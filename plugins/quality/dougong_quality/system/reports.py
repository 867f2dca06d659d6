"""What the system reports: audits and findings, objectives, compliance, significant aspects and major hazards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Record, Report, translator

from .choices import AuditState, Compliance, FindingState, Grade, Outcome, Standing
from .records import Aspect, Audit, AuditFinding, Hazard, LegalItem, Objective
from .resources import RESOURCES_BY

_ = translator("dougong_quality")
Rule = sa.ColumnElement[bool]
PLACES = (Grouping("site"), Grouping("area"))
ENDED = (AuditState.REPORTED, AuditState.FOLLOWING, AuditState.CLOSED)


def _is(column: Any, *values: Any) -> Any:
    def rule(me: Me) -> Rule:
        found: Rule = sa.and_(column.is_not(None), column.in_(values))
        return found

    return rule


def _said(column: Any) -> Any:
    return lambda me: column.is_not(None)


def _late(record: type[Record]) -> Measure:
    def rule(me: Me) -> Rule:
        return RESOURCES_BY[record.kind].clock_is("overdue", me)

    return Measure(
        "late", _("Overdue now"), where=rule, says=_("{value} overdue now"), unit=_("cases"), better="less", alarm=True
    )


def _count(label: Any, says: Any) -> Measure:
    return Measure("number", label, says=says, unit=_("cases"))


AUDITS = Report(
    "audits", _("Audits"), Audit,
    summary=_("How far the programme is, and whether reports came in time."),
    measures=(
        _count(_("Audits"), _("{value} audits")),
        Measure("done", _("Reported"), "percent", where=_is(Audit.status, *ENDED), says=_("{value} reported")),
        Measure("found", _("Nonconformities"), "sum", value=lambda me: Audit.failed + 0, says=_("{value} nonconformities")),
        _late(Audit),
    ),
    groupings=(*PLACES, Grouping("kind_of"), Grouping("department"), Grouping("standards"), Grouping("month")),
    filters=("kind_of", "department", "standards"),
)  # fmt: skip
FINDINGS = Report(
    "findings", _("Audit findings"), AuditFinding,
    measures=(
        _count(_("Findings"), _("{value} findings")),
        Measure("major", _("Major"), where=_is(AuditFinding.grade, Grade.MAJOR), unit=_("cases"), better="less", alarm=True),
        Measure(
            "settled", _("Settled"), "percent", where=_is(AuditFinding.status, FindingState.SETTLED),
            says=_("{value} settled"), better="more",
        ),
    ),
    groupings=(Grouping("grade"), *PLACES, Grouping("month")),
    filters=("grade",),
)  # fmt: skip
OBJECTIVES = Report(
    "objectives", _("Objectives"), Objective,
    measures=(
        _count(_("Objectives"), _("{value} objectives")),
        Measure(
            "achieved", _("Achieved"), "percent", where=_is(Objective.latest, Outcome.ACHIEVED), of=_said(Objective.latest),
            says=_("{value} achieved"), better="more",
        ),
        Measure("missed", _("Missed"), where=_is(Objective.latest, Outcome.MISSED), unit=_("cases"), better="less", alarm=True),
        _late(Objective),
    ),
    groupings=(*PLACES, Grouping("period"), Grouping("owner_id")),
    filters=("period",),
)  # fmt: skip
LAWS = Report(
    "compliance", _("Compliance"), LegalItem,
    measures=(
        _count(_("Requirements"), _("{value} requirements")),
        Measure("evaluated", _("Evaluated"), "percent", where=_said(LegalItem.result), better="more"),
        Measure(
            "complies", _("Complies"), "percent", where=_is(LegalItem.result, Compliance.COMPLIES),
            of=_said(LegalItem.result), says=_("{value} comply"), better="more",
        ),
        Measure(
            "fails", _("Does not comply"), where=_is(LegalItem.result, Compliance.FAILS), unit=_("cases"), better="less",
            alarm=True,
        ),
        _late(LegalItem),
    ),
    groupings=(Grouping("level"), *PLACES, Grouping("result"), Grouping("checked")),
    filters=("level", "checked"),
)  # fmt: skip


def _rated(name: str, label: Any, record: Any, most: Any) -> Report:
    def counts(me: Me) -> Rule:
        found: Rule = sa.and_(record.significant, record.status == Standing.ACTIVE)
        return found

    return Report(
        name, label, record,
        measures=(
            _count(label, _("{value} rated")),
            Measure("significant", most, where=counts, says=_("{value} significant"), unit=_("cases"), better="less"),
            _late(record),
        ),
        groupings=(Grouping("level"), *PLACES, Grouping("condition")),
        filters=("level", "condition"),
    )  # fmt: skip


REPORTS = (
    AUDITS,
    FINDINGS,
    OBJECTIVES,
    LAWS,
    _rated("aspects", _("Environmental aspects"), Aspect, _("Significant aspects")),
    _rated("hazards", _("Hazards"), Hazard, _("Major hazards")),
)
