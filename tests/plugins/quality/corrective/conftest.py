"""Ways to a nonconformity in any state, at a company with every post held by somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import now
from dougong_quality.corrective.choices import State
from dougong_quality.corrective.records import Measure, Nonconformity, Rollout

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

SECURITY, HAND, OTHER_ENGINEER = "guards", "hand", "engineer_elsewhere"
QUALITY, MANAGER, ENGINEER, TECHNICIAN = "quality", "project_manager_n1", "engineering_lead_n1", "technician_n1"
REGION, OTHER_MANAGER = "regional_director_north", "manager_n2"
BODY: Mapping[str, Any] = {
    "nature": "found",
    "source": "inspection",
    "severity": "minor",
    "category": "fire",
    "item": "消火栓压力",
    "statement": "3 号楼 5 层室内消火栓静压 0.05 MPa，低于要求，压力表无校验标识",
    "clause": "45001:2018 8.2",
}
WHYS = [
    {"why": "消火栓压力为何不足？", "because": "稳压泵未启动", "evidence": "泵房记录 11 月无启停", "root": False},
    {"why": "稳压泵为何未启动？", "because": "控制柜打到手动挡", "root": False},
    {"why": "为何打到手动挡无人发现？", "because": "巡查表没有挡位一项", "root": True},
]
BONES = [
    {"factor": "method", "cause": "巡查表没有挡位一项", "root": True},
    {"factor": "people", "cause": "交接班未口头交接", "root": False},
]
ANALYSIS = {"whys": WHYS, "bones": BONES, "factor": "method", "conclusion": "检查表缺项"}


class World:
    """Short ways through a company: open, take a step, look."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def id(self, name: str) -> str:
        return str(self.company.people[name])

    def open(self, by: str | None = QUALITY, site: str = "n1", **over: Any) -> UUID:
        body = {
            k: v
            for k, v in {**BODY, "responsible_id": self.id(f"engineering_lead_{site}"), **over}.items()
            if v is not None
        }
        with self.company.acting(by, "quality") as x:
            return x.submit(Nonconformity, self.company.sites[site], body).id

    def do(self, by: str | None, id: UUID, step: str, /, kind: type[Any] = Nonconformity, **body: Any) -> Any:
        with self.company.acting(by, "quality") as x:
            taken = x.take(x.get(kind, id), step, **body)
            x.session.flush()
            x.session.expunge(taken)
            return taken

    def see(self, id: UUID, kind: type[Any] = Nonconformity) -> Any:
        with self.company.acting(None, "quality") as x:
            found = x.get(kind, id)
            x.session.expunge(found)
            return found

    def sees(self, by: str, id: UUID, kind: type[Any] = Nonconformity) -> bool:
        with self.company.acting(by, "quality") as x:
            return x.session.scalar(x.readable(kind).where(kind.id == id)) is not None

    def children(self, id: UUID, kind: type[Any]) -> list[Any]:
        with self.company.acting(None, "quality") as x:
            found = x.children(x.get(Nonconformity, id), kind)
            for one in found:
                x.session.expunge(one)
            return found

    def measures(self, id: UUID) -> list[Measure]:
        return self._of(Measure, id)

    def checks(self, id: UUID) -> list[Rollout]:
        return self._of(Rollout, id)

    def _of(self, kind: type[Any], id: UUID) -> list[Any]:
        with self.company.acting(None, "quality") as x:
            found = list(x.session.scalars(sa.select(kind).where(kind.nc_id == id).order_by(kind.created_at, kind.id)))
            for one in found:
                x.session.expunge(one)
            return found

    def day(self, days: int) -> str:
        return str((now() + dt.timedelta(hours=8, days=days)).date())

    def plan(self, id: UUID, who: str = TECHNICIAN, by: str = ENGINEER, days: int = 5, **over: Any) -> Measure:
        body = {
            "type": "corrective",
            "text": "巡查表增加挡位一项",
            "responsible_id": self.id(who),
            "due": self.day(days),
        }
        self.do(by, id, "plan", **{**body, **over})
        return self.measures(id)[-1]

    def finish(self, id: UUID) -> None:
        """Everybody does their measures."""
        names = {person: name for name, person in self.company.people.items()}
        for one in self.measures(id):
            if one.status.value == "open":
                self.do(names[one.responsible_id], one.id, "finish", kind=Measure, result="已完成，附照片")

    # ---- ways to a state ----

    def bring(self, state: State, **over: Any) -> UUID:
        """The shortest way of a found one."""
        id = self.open(**over)
        ways = [
            (State.CONTAIN, lambda: self.do(QUALITY, id, "issue")),
            (State.CAUSE, lambda: self.do(ENGINEER, id, "contain", text="挂牌警示，手动启泵")),
            (State.PLAN, lambda: self.do(ENGINEER, id, "analyse", **ANALYSIS)),
            (State.ACT, lambda: (self.plan(id), self.do(ENGINEER, id, "start"))),
            (State.VERIFY, lambda: (self.finish(id), self.do(ENGINEER, id, "submit"))),
            (State.EFFECT, lambda: self.do(QUALITY, id, "verify", verdict="passed", text="现场抽查 3 处")),
        ]
        if state is State.CANCELLED:
            self.do(QUALITY, id, "cancel", reason="重复开立")
        elif state is not State.OPENED:
            for reached, step in ways:
                if reached is State.CONTAIN or self.see(id).status is not state:
                    step()
                if reached is state:
                    break
        if state is State.CLOSED:
            self.clock.move(days=31)
            self.do(QUALITY, id, "judge", effect="effective", text="30 天内无同类")
        assert self.see(id).status is state
        return id


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    for name, post in ((SECURITY, "security_lead"), (HAND, "technician")):  # as a company grants them: what is theirs
        company.add_person(name)
        company.grant(name, post, "n1", relation="mine")
    company.add_person(OTHER_ENGINEER, ("engineering_lead", "s1"))
    company.add_person(OTHER_MANAGER, ("project_manager", "n2"))
    return World(company, clock)
