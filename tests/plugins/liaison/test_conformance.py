"""Liaison keeps what every plugin has to keep."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.tenancy.stored import new_id
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_liaison.records import Agency, Declaration, Filing, Item, Obligation, Order

DAY = dt.date(2030, 6, 30)
BODIES: dict[str, dict[str, Any]] = {
    "liaison.agency": {"nature": "fire", "name": "消防救援大队", "jurisdiction": "安禾区"},
    "liaison.contact": {"duty": "防火监督", "office_phone": "0571-88000119", "name": "经办人甲", "mobile": "13800005678"},
    "liaison.interaction": {
        "nature": "inspection", "title": "消防检查", "held_at": "2026-01-02T01:00:00Z", "surprise": True,
        "participants": "项目经理、保安队长", "conclusion": "安全出口畅通",
    },
    "liaison.declaration": {},
    "liaison.obligation": {
        "title": "企业年报", "agency_kind": "market", "basis": "企业信息公示暂行条例", "checked": "pending", "repeat": "yearly",
        "month": 6, "day": 30, "evidence": "公示截图", "files": 1,
    },
    "liaison.filing": {},
    "liaison.permit": {"title": "3 号梯检验", "nature": "lift", "paper": "TJ-2026-03", "expires_on": "2030-03-31"},
    "liaison.order": {
        "title": "消防责令改正", "document": "消责改〔2026〕12号", "received_on": "2026-01-02", "deadline_on": "2030-01-31",
        "items": "补齐灭火器\n清理消防通道",
    },
    "liaison.item": {},
    "liaison.policy": {"title": "物业管理条例修订", "source": "住建部门网站", "effective_on": "2030-01-01"},
    "liaison.support": {"title": "稳岗补贴", "amount": 300000},
}  # fmt: skip
OWNED = ("contact", "interaction", "obligation", "permit", "order", "policy", "support")


class TestConformance(Conformance):
    module = "liaison"
    bodies = BODIES
    # Each refers to another record or a person, or is made by the system alone.
    no_round_trip = tuple(kind for kind in BODIES if kind != "liaison.agency")

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        body = dict(self.bodies[resource.kind])
        place = company.sites[site]
        if resource.name in OWNED:
            body["owner_id"] = str(next(iter(company.people.values())))
        if resource.name in ("contact", "interaction", "order"):
            body["agency_id"] = str(agency(x, place))
        if resource.name in ("declaration", "filing", "item") and x.gate.system:
            return made(resource.name, x, place, next(iter(company.people.values())))
        return actions.create(resource, body, x, site=place)


def agency(x: Context[Any], place: UUID) -> UUID:
    return x.as_person(None).submit(Agency, place, BODIES["liaison.agency"]).id


def made(name: str, x: Context[Any], place: UUID, person: UUID) -> Any:
    owner = {"owner_id": str(person)}
    if name == "declaration":
        return x.create(Declaration, place, person_id=new_id(), year=2026, title="廉洁承诺 2026")
    if name == "item":
        body = {**BODIES["liaison.order"], **owner, "agency_id": str(agency(x, place))}
        order = x.submit(Order, place, body)
        return x.create(Item, place, order_id=order.id, text="补齐灭火器", owner_id=person)
    body = {**BODIES["liaison.obligation"], **owner}
    of = x.submit(Obligation, place, body)
    return x.create(Filing, place, obligation_id=of.id, title=of.title, owner_id=person, due_on=DAY)
