"""Short ways through the life of documents at a company with every post held by somebody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import now
from dougong.records import actions
from dougong_quality.documents.base import in_force
from dougong_quality.documents.choices import State
from dougong_quality.documents.records import Document, Reading, Revision

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

QUALITY, HR, FINANCE, DIRECTOR, GM = "quality", "hr", "finance", "property_director", "general_manager"
MANAGER, AGENT, ENGINEER, TECHNICIAN = "project_manager_n1", "service_agent_n1", "engineering_lead_n1", "technician_n1"
BODY: dict[str, Any] = {"title": "文件控制程序", "level": "procedure", "system": "QEO", "owner_post": "quality"}
TEXT = "# 1 目的\n使在用文件都是现行版本。\n# 2 职责\n品质专员归口管理。"


class World:
    """One company. Records are told by id and read as they are stored."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def id(self, name: str) -> str:
        return str(self.company.people[name])

    def acting(self, by: str | None) -> Any:
        return self.company.acting(by, "quality")

    def make(self, kind: type[Any], by: str | None = QUALITY, site: str | None = None, **body: Any) -> Any:
        with self.acting(by) as x:
            made = x.submit(kind, self.company.sites[site or self.company.slug], body)
            x.session.flush()
            x.session.refresh(made)
            x.session.expunge(made)
            return made

    def document(self, by: str | None = QUALITY, site: str | None = None, **over: Any) -> Document:
        made: Document = self.make(Document, by, site, **{**BODY, **over})
        return made

    def do(self, by: str | None, kind: type[Any], id: UUID, step: str, /, **body: Any) -> Any:
        with self.acting(by) as x:
            x.take(x.get(kind, id), step, **body)
        return self.see(kind, id)

    def edit(self, by: str | None, kind: type[Any], id: UUID, **body: Any) -> None:
        with self.acting(by) as x:
            resource = self.company.registry.resources[kind.kind]
            actions.update(resource, id, body, x, version=x.get(kind, id).row_version)

    def see(self, kind: type[Any], id: UUID) -> Any:
        with self.acting(None) as x:
            found = x.session.get_one(kind, (x.tenant, id))
            x.session.expunge(found)
            return found

    def sees(self, by: str, kind: type[Any], id: UUID) -> bool:
        with self.acting(by) as x:
            return x.session.scalar(x.readable(kind).where(kind.id == id)) is not None

    def all(self, kind: type[Any], **rules: Any) -> list[Any]:
        with self.acting(None) as x:
            query = sa.select(kind).where(*(getattr(kind, name) == value for name, value in rules.items()))
            found = list(x.session.scalars(query.order_by(kind.created_at, kind.id)))
            for one in found:
                x.session.expunge(one)
            return found

    def current(self, document: UUID) -> Revision | None:
        with self.acting(None) as x:
            found = in_force(document, x)
            if found is not None:
                x.session.expunge(found)
            return found

    # ---- revisions ----

    def draft(self, document: UUID, by: str = QUALITY, **body: Any) -> Revision:
        self.do(by, Document, document, "revise", **{"change": "首次编写", **body})
        found: Revision = self.all(Revision, document_id=document)[-1]
        if found.body is None:
            self.edit(by, Revision, found.id, body=TEXT)
        return found

    def sign(self, id: UUID, *people: str) -> Revision:
        """Agree, one after the other."""
        for name in people:
            self.do(name, Revision, id, "release_agree")
        found: Revision = self.see(Revision, id)
        return found

    def release(self, id: UUID, by: str = QUALITY) -> Revision:
        """A revision of a company's document through all its signatures."""
        self.do(by, Revision, id, "release_submit")
        return self.sign(id, HR, FINANCE, DIRECTOR, GM)

    def in_force(self, **over: Any) -> Document:
        """A document of the company with its first revision in force."""
        d = self.document(**over)
        assert self.release(self.draft(d.id).id).status is State.CURRENT
        found: Document = self.see(Document, d.id)
        return found

    def project_document(self, parent: Document, site: str = "n1", **over: Any) -> Document:
        """One of a project below a company's document, in force."""
        body = {"level": "instruction", "department": "HJ", "title": "保洁作业指导书", "parent": parent.number, **over}
        d = self.document(MANAGER, site, **body)
        r = self.draft(d.id, ENGINEER, change="按公司程序编写")
        self.edit(ENGINEER, Revision, r.id, consistent="逐条核对，与公司程序一致")
        self.do(ENGINEER, Revision, r.id, "release_submit")
        self.sign(r.id, "service_lead_n1", "security_lead_n1", QUALITY, MANAGER)
        found: Document = self.see(Document, d.id)
        return found

    def readers(self, document: UUID) -> dict[str, str]:
        """Who has which state of reading."""
        names = {id: name for name, id in self.company.people.items()}
        return {names[r.person_id]: r.status.value for r in self.all(Reading, document_id=document)}

    def day(self, days: int = 0) -> str:
        return str((now() + dt.timedelta(hours=8, days=days)).date())


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    company.settings("quality", document_company="AH")
    for module in ("complaints", "inspections", "workorders"):  # what other modules do in time is no matter here
        company.switch(module, False)
    return World(company, clock)
