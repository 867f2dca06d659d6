"""Moves of the demo company: a requisition with its candidates, an appointment on notice, one with the company, a leaver."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from ..organisation.choices import EmployeeState
from ..organisation.records import Employee, Position
from . import requisitions
from .records import Candidate, Change, Notice, Requisition

_CANDIDATES = (
    ("应聘者甲", "13900001001", "site", "建（构）筑物消防员证，值班两年。", "score"),
    ("应聘者乙", "13900001002", "referral", "退伍，参加过消防控制室培训。", "invite"),
    ("应聘者丙", "13900001003", "school", "应届毕业生。", ""),
    ("应聘者丁", "13900001004", "agency", "只做过停车管理。", "reject"),
)
_SCORES = ({"performance": 82, "ability": 78, "potential": 85, "cooperation": 90},
           {"performance": 76, "ability": 80, "potential": 88, "cooperation": 86})  # fmt: skip


def fill(x: Context[Any]) -> None:
    """At the first project that has everybody whom these need."""
    for node in x.snapshot.sites.ordered():
        if node.type != "project" or not x.snapshot.module_on("hr", node.id):
            continue
        hr, manager, lead = (
            next(iter(x.who(slug, node.id)), None) for slug in ("hr", "project_manager", "service_lead")
        )
        if hr and manager and lead:
            _recruit(x, node.id, hr.id, manager.id, lead.id)
            _move(x, node.id, hr.id, manager.id)
            return


def _post(x: Context[Any], site: UUID, role: str) -> Position | None:
    rule = (Position.tenant_id == x.tenant, Position.site_id == site)
    found = x.session.scalars(sa.select(Position).where(*rule).order_by(Position.code))
    return next((one for one in found if (one.roles or "").partition(":")[0] == role), None)


def _recruit(x: Context[Any], site: UUID, hr: UUID, manager: UUID, lead: UUID) -> None:
    post = _post(x, site, "control_room")
    if post is None or requisitions.room(x, post) < 1:
        return
    with x.at(x.now - dt.timedelta(days=12)) as then:
        body = {
            "position_id": str(post.id), "reason": "replaced", "heads": 1,
            "wanted_on": (x.today(site) + dt.timedelta(days=20)).isoformat(), "why": "夜班缺一人，已由班长顶岗两周。",
        }  # fmt: skip
        asked = then.as_person(hr).submit(Requisition, site, body)
        then.as_person(hr).take(asked, "approve_submit")
        then.as_person(manager).take(asked, "approve_agree")
    for name, phone, source, resume, step in _CANDIDATES:
        who = {"requisition_id": str(asked.id), "name": name, "phone": phone, "source": source, "resume": resume}
        one = x.as_person(hr).submit(Candidate, site, who)
        if step in ("invite", "score"):
            when = (x.now + dt.timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
            x.as_person(hr).take(one, "invite", interview_at=when.isoformat())
        if step == "score":
            for by, scores in zip((lead, manager), _SCORES, strict=True):
                x.as_person(by).take(one, "score", scores=scores, words="沉稳，熟悉火警处置流程。")
        if step == "reject":
            x.as_person(hr).take(one, "reject", reason="没有岗位要求的证书。")


def _move(x: Context[Any], site: UUID, hr: UUID, manager: UUID) -> None:
    day = x.today(site)
    rule = (Employee.tenant_id == x.tenant, Employee.site_id == site, Employee.status != EmployeeState.LEFT)
    staff = {one.id: one for one in x.session.scalars(sa.select(Employee).where(*rule).order_by(Employee.code))}
    by_role = {role: _seated(x, staff, site, role) for role in ("service_agent", "technician", "cleaning_lead")}
    bench, engineering = _post(x, site, "technician"), _post(x, site, "engineering_lead")
    if (one := by_role["service_agent"]) and bench:
        _propose(x, site, hr, manager, one, bench, type="transfer", effective_on=day + dt.timedelta(days=14),
                 why="工程班缺一名技工，本人持低压电工证，自愿调岗。")  # fmt: skip
    if (one := by_role["cleaning_lead"]) and engineering:
        change = _propose(
            x, site, hr, manager, one, engineering, type="transfer", nature="acting", why="工程主管休假期间代理。",
            effective_on=day + dt.timedelta(days=5), until_on=day + dt.timedelta(days=65),
        )  # fmt: skip
        notices = sa.select(Notice).where(Notice.tenant_id == x.tenant, Notice.change_id == change.id)
        for notice in x.session.scalars(notices).all():
            x.as_person(None).take(notice, "end")
        receiver = next(iter(x.who("property_director", site)), None)
        if engineering.key and receiver:
            x.as_person(hr).take(change, "file", basis="关键岗位任用备案办法第四条", receiver_id=str(receiver.id))
    if one := by_role["technician"]:
        left = _propose(x, site, hr, manager, one, None, type="leave", effective_on=day + dt.timedelta(days=9),
                        why="个人原因，已提前三十天提出。")  # fmt: skip
        x.as_person(hr).take(left, "settle", items=["keys"])


def _seated(x: Context[Any], staff: dict[UUID, Employee], site: UUID, role: str) -> Employee | None:
    accounts = {person.id for person in x.who(role, site)}
    return next((one for one in staff.values() if one.person_id in accounts), None)


def _propose(
    x: Context[Any], site: UUID, hr: UUID, manager: UUID, who: Employee, to: Position | None, **body: Any
) -> Change:
    days = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in body.items()}
    if to is not None:
        days["to_id"] = str(to.id)
    made = x.as_person(hr).submit(Change, site, {"employee_id": str(who.id), **days})
    x.as_person(hr).take(made, "approve_submit")
    x.as_person(manager).take(made, "approve_agree")
    return made


__all__ = ["fill"]
