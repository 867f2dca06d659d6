"""The module quality keeps what every module has to keep. Each part of it gives the bodies of its own kinds."""

from __future__ import annotations

from typing import Any

from dougong.records.context import Context
from dougong.records.resource import Resource
from dougong.testing.companies import Company
from dougong.testing.conformance import Conformance
from dougong_quality.documents.choices import State
from dougong_quality.documents.records import Document, Revision

DOCUMENTS: dict[str, dict[str, Any]] = {
    "quality.document": {
        "title": "消防安全管理规定", "level": "external", "system": "QEO", "owner_post": "quality", "source": "应急管理部门",
    },
    "quality.revision": {"change": "首次编写", "body": "# 目的\n统一做法。"},
    "quality.copy": {"holder": "消防控制室"},
    "quality.reading": {},
    "quality.form_record": {"title": "九月第一周", "made_on": "2026-09-07"},
}  # fmt: skip


class TestConformance(Conformance):
    module = "quality"
    bodies = {**DOCUMENTS}
    no_round_trip = ("quality.reading", "quality.form_record")  # each refers to a document, which is kept where it was made

    def create(self, resource: Resource[Any], site: str, x: Context[Any], company: Company) -> Any:
        """What refers to a document gets one of its site, in force."""
        body = dict(self.bodies[resource.kind])
        match resource.name:
            case "revision":
                body["document"] = _document(x, company, site).number
            case "copy":
                body["document"] = _in_force(x, company, site).number
            case "reading":
                body |= {"document": _in_force(x, company, site).number, "person_id": str(company.people["quality"])}
            case "form_record":
                body["form"] = _in_force(x, company, site, level="form").number
        from dougong.records import actions

        return actions.create(resource, body, x, site=company.sites[site])


def _system(x: Context[Any]) -> Context[Any]:
    return x.as_person(None).with_settings(x.snapshot.settings("quality"))


def _document(x: Context[Any], company: Company, site: str, **over: Any) -> Document:
    given = {**DOCUMENTS["quality.document"], **over}
    return _system(x).submit(Document, company.sites[site], given)


def _in_force(x: Context[Any], company: Company, site: str, **over: Any) -> Document:
    from dougong_quality.documents import force

    y = _system(x)
    d = _document(x, company, site, **over)
    r = y.create(Revision, d.site_id, document=d.number, change="首次编写", body="统一做法。")
    force.take(r, y)
    r.status = State.CURRENT
    y.session.flush()
    return d
