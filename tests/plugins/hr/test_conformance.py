"""The module hr keeps what every module has to keep. Each part of it gives the bodies of its own kinds."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_hr.appraisal.records import Appraisal, Rating, Round
from dougong_hr.moves import notices
from dougong_hr.moves.choices import RequisitionState
from dougong_hr.moves.records import Change, Requisition
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Position
from dougong_hr.roster.records import Swap

ORGANISATION: dict[str, dict[str, Any]] = {
    "hr.position": {"code": "GW", "title": "维修技工", "department": "engineering", "headcount": 2},
    "hr.employee": {
        "code": "YG", "name": "维修技工·安禾花园", "employment": "own", "department": "engineering", "hired_on": "2024-03-01",
        "identity": "330106199001010011", "phone": "13800005678", "salary": 520000,
    },
    "hr.holding": {},
    "hr.contract": {"nature": "fixed", "paper": "HT-01", "starts_on": "2024-03-01", "ends_on": "2099-02-28"},
    "hr.certificate": {"type": "electrician", "paper": "DG-01", "ends_on": "2099-02-28"},
}  # fmt: skip
MOVES: dict[str, dict[str, Any]] = {
    "hr.requisition": {"reason": "replaced", "heads": 1, "wanted_on": "2099-01-01"},
    "hr.candidate": {
        "name": "应聘者甲", "phone": "13800005678", "source": "site", "resume": "在物业做过三年维修。",
    },
    "hr.change": {"type": "promote", "nature": "main", "effective_on": "2099-01-01", "why": "岗位需要"},
    "hr.notice": {},
}  # fmt: skip
ROSTER: dict[str, dict[str, Any]] = {
    "hr.shift": {
        "title": "早班", "sign": "早", "post": "technician", "starts": "08:00", "ends": "16:00", "break_minutes": 60, "least": 1,
    },
    "hr.roster": {"month": "2026-03"},
    "hr.swap": {},
}  # fmt: skip
APPRAISAL: dict[str, dict[str, Any]] = {
    "hr.round": {"title": "年度考核", "year": 2026, "span": "year"},
    "hr.appraisal": {},
    "hr.rating": {},
}
_NEXT = count()


class TestConformance(Conformance):
    module = "hr"
    bodies = {**ORGANISATION, **MOVES, **ROSTER, **APPRAISAL}
    # Each refers to another record, which is kept where it was made; holdings only come about by being taken up.
    no_round_trip = (
        "hr.holding", "hr.contract", "hr.certificate", "hr.requisition", "hr.candidate", "hr.change", "hr.notice", "hr.swap",
        "hr.appraisal", "hr.rating",
    )  # fmt: skip

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """Codes are unique; papers and holdings get an employee of their site."""
        body = dict(self.bodies[resource.kind])
        place = company.sites[site]
        if "code" in body:
            body["code"] = f"{body['code']}-{uuid4().hex[:12]}"
        match resource.name:
            case "shift":
                body["sign"] = f"{next(_NEXT):03x}"
            case "roster":
                body["month"] = f"20{next(_NEXT) % 90 + 10}-{next(_NEXT) % 12 + 1:02}"
            case "swap":
                if x.gate.system:
                    someone, other = list(company.people.values())[:2]
                    return x.create(Swap, place, person_id=someone, colleague_id=other, day=date(2099, 1, 1))
            case "appraisal":
                if x.gate.system:
                    return appraisal(x, place)
            case "rating":
                if x.gate.system:
                    one = appraisal(x, place)
                    return x.create(Rating, place, title=one.title, appraisal_id=one.id, round_id=one.round_id)
            case "holding":
                if x.gate.system:
                    return holdings.take_up(x, employee(x, place), position(x, place), date(2026, 1, 1))
            case "contract" | "certificate":
                body["employee_id"] = str(employee(x, place))
            case "requisition":
                body["position_id"] = str(position(x, place))
            case "candidate":
                body["requisition_id"] = str(requisition(x, place))
            case "change":
                body |= {"employee_id": str(employee(x, place)), "to_id": str(position(x, place))}
            case "notice":
                if x.gate.system:
                    made = _system(x).submit(Change, place, self._change(x, place))
                    return notices.publish(made, "拟晋升", _system(x))
        return actions.create(resource, body, x, site=place)

    def _change(self, x: Context[Any], place: UUID) -> dict[str, Any]:
        return {**MOVES["hr.change"], "employee_id": str(employee(x, place)), "to_id": str(position(x, place))}


def _system(x: Context[Any]) -> Context[Any]:
    return x.as_person(None).with_settings(x.snapshot.settings("hr"))


def employee(x: Context[Any], place: UUID) -> UUID:
    body = {**ORGANISATION["hr.employee"], "code": f"YG-{uuid4().hex[:12]}"}
    return _system(x).submit(Employee, place, body).id


def position(x: Context[Any], place: UUID) -> UUID:
    body = {**ORGANISATION["hr.position"], "code": f"GW-{uuid4().hex[:12]}"}
    return _system(x).submit(Position, place, body).id


def requisition(x: Context[Any], place: UUID) -> UUID:
    """One that is being recruited for."""
    body = {**MOVES["hr.requisition"], "position_id": str(position(x, place))}
    made = _system(x).submit(Requisition, place, body)
    made.status, made.opened_at = RequisitionState.OPEN, x.now
    x.session.flush()
    return made.id


def appraisal(x: Context[Any], place: UUID) -> Appraisal:
    made = _system(x).submit(Round, place, APPRAISAL["hr.round"])
    return x.create(Appraisal, place, title="某人 · 年度考核", round_id=made.id, employee_id=employee(x, place))
