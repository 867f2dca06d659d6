"""The posts of the demo company with the people who hold them: a line of command from the general manager to the technician.

Accounts are found by their roles, which become the posts' own; a post of each kind stays vacant at one place, and a few papers
run out soon.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dougong import Context

from . import holdings
from .choices import Employment
from .records import Certificate, Contract, Employee, Position

_START = dt.date(2024, 3, 1)


@dataclass(frozen=True)
class Kind:
    """A kind of post: role, title, department, what it reports to, heads; ``where``: type of site."""

    role: str
    title: str
    department: str
    above: str
    where: str = "project"
    heads: int = 1
    key: bool = False
    relation: str = ""
    certificates: str = ""
    short: str = ""


KINDS = (
    Kind("general_manager", "总经理", "management", "", "company", key=True, short="ZJL"),
    Kind("property_director", "物业总监", "management", "general_manager", "company", key=True, short="WYZJ"),
    Kind("quality", "品质专员", "quality", "property_director", "company", short="PZ"),
    Kind("hr", "人事行政", "hr", "general_manager", "company", short="RS"),
    Kind("finance", "财务", "finance", "general_manager", "company", short="CW"),
    Kind("regional_director", "区域运作总监", "management", "property_director", "region", key=True, short="QY"),
    Kind("project_manager", "项目经理", "management", "regional_director", key=True, short="XMJL"),
    Kind("service_lead", "客服主管", "service", "project_manager", short="KFZG"),
    Kind("service_agent", "客服专员", "service", "service_lead", short="KF"),
    Kind("engineering_lead", "工程主管", "engineering", "project_manager", key=True, relation="mine", short="GCZG",
         certificates="electrician"),
    Kind("technician", "维修技工", "engineering", "engineering_lead", heads=2, relation="mine", short="WX",
         certificates="electrician"),
    Kind("control_room", "消防控制室值班员", "order", "security_lead", heads=2, short="XFKS", certificates="fire_operator"),
    Kind("security_lead", "保安队长", "order", "project_manager", key=True, relation="mine", short="BADZ",
         certificates="security_guard"),
    Kind("cleaning_lead", "保洁主管", "environment", "project_manager", relation="mine", short="BJZG"),
    Kind("greening_lead", "绿化主管", "environment", "project_manager", relation="mine", short="LHZG"),
    Kind("dormitory_keeper", "宿舍管理员", "service", "service_lead", relation="mine", short="SSGL"),
)  # fmt: skip
_LOCAL = ("dormitory_keeper",)  # only where somebody holds it
_OPENED = dt.timedelta(days=40)  # so long ago the posts were entered: vacant ones count from there


def fill(x: Context[Any]) -> None:
    """Make the posts and seat the people of the company."""
    made: dict[tuple[str, UUID], Position] = {}
    pending: list[tuple[Kind, UUID]] = []
    with x.at(x.now - _OPENED) as then:
        _establish(then, made, pending)
    for kind, site in pending:
        if above := next(
            (made[kind.above, s] for s in x.snapshot.sites.ancestors(site) if (kind.above, s) in made), None
        ):
            made[kind.role, site].reports_to = above.id
    x.session.flush()
    seated = [
        (n, kind, _seat(x, kind, made[kind.role, site], person, n))
        for n, (kind, site) in enumerate(pending)
        if (person := _holder(x, kind, site)) is not None
    ]
    for n, kind, employee in seated:  # what is submitted settles all that was made before
        _papers(x, kind, employee, n)


def _establish(x: Context[Any], made: dict[tuple[str, UUID], Position], pending: list[tuple[Kind, UUID]]) -> None:
    for node in x.snapshot.sites.ordered():
        if not x.snapshot.module_on("hr", node.id):
            continue
        for kind in KINDS:
            if kind.where == node.type and (kind.role not in _LOCAL or _holder(x, kind, node.id)):
                made[kind.role, node.id] = _post(x, kind, node.id)
                pending.append((kind, node.id))


def _holder(x: Context[Any], kind: Kind, site: UUID) -> UUID | None:
    held = [
        g
        for g in x.snapshot.grants_at(site)
        if g.role == kind.role and (g.relation or "") == kind.relation and g.live(x.now)
    ]
    return held[0].person if held else None


def _post(x: Context[Any], kind: Kind, site: UUID) -> Position:
    slug = x.snapshot.sites.node(site).slug.upper()
    return x.create(
        Position,
        site,
        code=f"{slug[:8]}-{kind.short}",
        title=kind.title,
        department=kind.department,
        headcount=kind.heads,
        key=kind.key,
        roles=f"{kind.role}:{kind.relation}" if kind.relation else kind.role,
        certificates=kind.certificates or None,
    )


def _seat(x: Context[Any], kind: Kind, post: Position, person: UUID, n: int) -> Employee:
    since = _START + dt.timedelta(days=17 * n)
    on = min(since, x.today(post.site_id))
    made = x.create(
        Employee,
        post.site_id,
        code=f"AH{n + 1:04d}",
        name=x.snapshot.people[person].name,
        person_id=person,
        employment=Employment.OWN,
        department=kind.department,
        hired_on=on,
        identity=f"33010019{70 + n % 25:02d}0101{n:04d}",
        phone=f"1390000{n:04d}",
        salary=(420_000 if not kind.key else 980_000) + 10_000 * n,
    )
    holdings.take_up(x, made.id, post.id, on, adopt=True)
    return made


def _papers(x: Context[Any], kind: Kind, made: Employee, n: int) -> None:
    on, today = made.hired_on, x.today(made.site_id)
    system = x.as_person(None)
    if kind.certificates and n % 4:  # one in four lacks what the post requires
        body = {
            "employee_id": str(made.id), "type": kind.certificates, "paper": f"ZJ{n:05d}", "issuer": "应急管理部门",
            "issued_on": on.isoformat(), "ends_on": (today + dt.timedelta(days=20 + 97 * n)).isoformat(),
        }  # fmt: skip
        system.submit(Certificate, made.site_id, body)
    if n % 6 == 0:
        body = {
            "employee_id": str(made.id), "nature": "fixed", "paper": f"LD-{n:04d}", "signed_on": on.isoformat(),
            "starts_on": on.isoformat(), "ends_on": (today + dt.timedelta(days=28 + 40 * n)).isoformat(),
        }  # fmt: skip
        system.submit(Contract, made.site_id, body)


__all__ = ["fill"]
