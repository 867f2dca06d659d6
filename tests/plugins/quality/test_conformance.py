"""The module quality keeps what every module has to keep. Each part of it gives the bodies of its own kinds."""

from __future__ import annotations

from typing import Any

from dougong.records import actions
from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_quality.documents import force
from dougong_quality.documents.choices import State
from dougong_quality.documents.records import Document, Revision
from dougong_quality.system.records import Audit, ManagementReview

DOCUMENTS: dict[str, dict[str, Any]] = {
    "quality.document": {
        "title": "消防安全管理规定", "level": "external", "system": "QEO", "owner_post": "quality", "source": "应急管理部门",
    },
    "quality.revision": {"change": "首次编写", "body": "# 目的\n统一做法。"},
    "quality.copy": {"holder": "消防控制室"},
    "quality.reading": {},
    "quality.form_record": {"title": "九月第一周", "made_on": "2026-09-07"},
}  # fmt: skip

CORRECTIVE: dict[str, dict[str, Any]] = {
    "quality.nonconformity": {
        "nature": "found", "source": "inspection", "severity": "minor", "category": "fire", "statement": "消火栓静压不足",
        "clause": "45001:2018 8.2",
    },
    "quality.measure": {"type": "corrective", "text": "巡查表增加挡位一项", "due": "2099-12-31"},
    "quality.rollout": {"text": "核对稳压泵挡位", "due": "2099-12-31"},
}  # fmt: skip

SYSTEM: dict[str, dict[str, Any]] = {
    "quality.programme": {"year": 2026, "title": "2026 年度内审计划"},
    "quality.audit": {
        "kind_of": "internal", "title": "年度内审", "standards": "quality", "opens_on": "2026-03-09", "closes_on": "2026-03-11",
    },
    "quality.audit_finding": {"grade": "minor", "statement": "旧版表单未收回"},
    "quality.management_review": {
        "title": "年度管理评审", "planned_on": "2026-03-20", "from_on": "2025-03-01", "until_on": "2026-02-28",
    },
    "quality.decision": {"statement": "完成节能改造方案", "due_on": "2099-12-31"},
    "quality.objective": {
        "title": "按时解决率", "year": 2026, "period": "month", "direction": "at_least", "target": 95, "unit": "%",
    },
    "quality.legal_item": {"title": "消防法", "level": "law", "requirement": "设施每年检测", "checked": "pending"},
    "quality.aspect": {
        "activity": "公共照明", "aspect": "电能消耗", "impact": "资源消耗", "condition": "normal", "tense": "present",
        "frequency": "5", "severity": "2", "concern": "2",
    },
    "quality.hazard": {
        "activity": "更换灯具", "hazard": "未系安全带", "accident": "坠落", "condition": "normal", "tense": "present",
        "likelihood": "3", "exposure": "3", "consequence": "15",
    },
}  # fmt: skip


class TestConformance(Conformance):
    module = "quality"
    bodies = {**DOCUMENTS, **CORRECTIVE, **SYSTEM}
    # Each refers to another record, which is kept where it was made.
    no_round_trip = ("quality.audit_finding", "quality.decision", "quality.reading", "quality.form_record")

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """What refers to a document gets one of its site, in force."""
        body = dict(self.bodies[resource.kind])
        match resource.name:
            case "measure":  # somebody who carries measures out at all sites
                body["responsible_id"] = str(company.people["hr"])
            case "audit_finding":
                body["audit_id"] = str(_system(x).submit(Audit, company.sites[site], SYSTEM["quality.audit"]).id)
            case "decision":
                given = SYSTEM["quality.management_review"]
                body["review_id"] = str(_system(x).submit(ManagementReview, company.sites[site], given).id)
            case "revision":
                body["document"] = _document(x, company, site).number
            case "copy":
                body["document"] = _in_force(x, company, site).number
            case "reading":
                body |= {"document": _in_force(x, company, site).number, "person_id": str(company.people["quality"])}
            case "form_record":
                body["form"] = _in_force(x, company, company.slug, level="form").number
        return actions.create(resource, body, x, site=company.sites[site])


def _system(x: Context[Any]) -> Context[Any]:
    return x.as_person(None).with_settings(x.snapshot.settings("quality"))


def _document(x: Context[Any], company: Company, site: str, **over: Any) -> Document:
    given = {**DOCUMENTS["quality.document"], **over}
    return _system(x).submit(Document, company.sites[site], given)


def _in_force(x: Context[Any], company: Company, site: str, **over: Any) -> Document:
    y = _system(x)
    d = _document(x, company, site, **over)
    r = y.create(Revision, d.site_id, document=d.number, change="首次编写", body="统一做法。")
    force.take(r, y)
    r.status = State.CURRENT
    y.session.flush()
    return d
