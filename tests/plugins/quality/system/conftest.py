"""Short ways through audits, reviews, objectives and registers at a company with every post held by somebody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.records import actions
from dougong_quality.system.audits import checks
from dougong_quality.system.records import Audit

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

QUALITY, GM, DIRECTOR, MANAGER = "quality", "general_manager", "property_director", "project_manager_n1"
AUDIT: dict[str, Any] = {
    "kind_of": "internal", "title": "一季度内审", "standards": "quality", "opens_on": "2026-03-09", "closes_on": "2026-03-11",
}  # fmt: skip
HAZARD: dict[str, Any] = {
    "activity": "高处更换灯具", "hazard": "未系安全带", "accident": "坠落", "condition": "normal", "tense": "present",
    "likelihood": "3", "exposure": "3", "consequence": "15", "controls": "登高作业票",
}  # fmt: skip
ASPECT: dict[str, Any] = {
    "activity": "公共照明", "aspect": "电能消耗", "impact": "资源消耗", "condition": "normal", "tense": "present",
    "frequency": "5", "severity": "2", "concern": "2",
}  # fmt: skip
LAW: dict[str, Any] = {
    "title": "消防法",
    "level": "law",
    "articles": "第16条",
    "requirement": "消防设施每年检测。",
    "checked": "pending",
}
OBJECTIVE: dict[str, Any] = {
    "title": "按时解决率", "year": 2026, "period": "month", "direction": "at_least", "target": 95, "unit": "%",
}  # fmt: skip
REVIEW: dict[str, Any] = {
    "title": "年度管理评审", "planned_on": "2026-03-20", "from_on": "2025-03-01", "until_on": "2026-02-28",
}  # fmt: skip


class World:
    """One company. Records are told by id and read as they are stored."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def id(self, name: str) -> str:
        return str(self.company.people[name])

    def acting(self, by: str | None) -> Any:
        return self.company.acting(by, "quality")

    def make(
        self, kind: type[Any], given: dict[str, Any], site: str | None = None, by: str = QUALITY, **over: Any
    ) -> UUID:
        with self.acting(by) as x:
            made: UUID = x.submit(kind, self.company.sites[site or self.company.slug], {**given, **over}).id
            return made

    def do(self, by: str | None, kind: type[Any], id: UUID, step: str, /, **body: Any) -> Any:
        with self.acting(by) as x:
            x.take(x.get(kind, id), step, **body)
        return self.see(kind, id)

    def edit(self, kind: type[Any], id: UUID, by: str = QUALITY, **body: Any) -> None:
        with self.acting(by) as x:
            resource = self.company.registry.resources[kind.kind]
            actions.update(resource, id, body, x, version=x.get(kind, id).row_version)

    def see(self, kind: type[Any], id: UUID) -> Any:
        with self.acting(None) as x:
            found = x.get(kind, id)
            x.session.expunge(found)
            return found

    def all(self, kind: type[Any], by: str | None = None) -> list[Any]:
        with self.acting(by) as x:
            query = x.readable(kind) if hasattr(kind, "number_prefix") else sa.select(kind)
            found = list(x.session.scalars(query.order_by(kind.id)))
            for one in found:
                x.session.expunge(one)
            return found

    def sees(self, by: str, kind: type[Any], id: UUID) -> bool:
        with self.acting(by) as x:
            return x.session.scalar(x.readable(kind).where(kind.id == id)) is not None

    def later(self, moment: dt.datetime) -> None:
        """Move on to a moment, and do what was due until then."""
        self.clock.at(moment)
        self.clock.run(self.company)

    def lines(self, audit: UUID) -> list[Any]:
        with self.acting(None) as x:
            found = list(checks(x.get(Audit, audit), x).values())
            for one in found:
                x.session.expunge(one)
            return found

    def running(self, site: str = "n1", **over: Any) -> UUID:
        """An audit that is being carried out by the quality specialist."""
        id = self.make(Audit, AUDIT, site, **over)
        self.do(QUALITY, Audit, id, "prepare", lead_id=self.id(QUALITY))
        self.do(QUALITY, Audit, id, "start")
        return id

    def answers(self, audit: UUID, **verdicts: str) -> list[dict[str, Any]]:
        """An answer to every line: conforming, but for the clauses named (``c7_5_3="nonconforming"``)."""
        made = []
        for line in self.lines(audit):
            verdict = verdicts.get("c" + line.clause.replace(".", "_"), "conforms")
            made.append({"id": str(line.id), "verdict": verdict, "evidence": f"看了 {line.clause}"})
        return made

    def reported(self, site: str = "n1", **verdicts: str) -> UUID:
        id = self.running(site)
        self.do(QUALITY, Audit, id, "answer", answers=self.answers(id, **verdicts))
        self.do(QUALITY, Audit, id, "report", conclusion="基本有效")
        return id


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    return World(company, clock)
