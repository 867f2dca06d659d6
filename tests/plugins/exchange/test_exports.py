"""Exports: what a person may see, as they see it, with nothing in it that a program would run; and back in elsewhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import JobContext
from dougong.records import history
from dougong.records.tables import History
from dougong_complaints.records import Complaint
from dougong_exchange import exporting, outgoing
from dougong_exchange.choices import ExportState, Format
from dougong_exchange.records import Export
from dougong_exchange.sources.headings import table

from .conftest import units

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

BODY: dict[str, Any] = {
    "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678", "room": "3-1801",
    "category": "water_leak", "location": "=HYPERLINK(\"http://x\")", "statement": "+1 -2 @x", "severity": "minor",
    "urgency": "normal",
}  # fmt: skip


@pytest.fixture
def made(company: Company) -> list[Any]:
    with company.acting("service_lead_n1", "complaints") as x:
        ids = [x.submit(Complaint, company.sites["n1"], {**BODY, "statement": f"+{n} 渗水"}).id for n in range(3)]
    with company.acting("service_lead_s1", "complaints") as x:
        ids.append(x.submit(Complaint, company.sites["s1"], BODY).id)
    return ids


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_what_is_seen_is_exported_masked_and_without_formulas(
    platform: Running, company: Company, made: list[Any]
) -> None:
    browser = platform.browser(company, "service_lead_n1")
    browser.get("/exchange/out/complaints.complaint?tab=all")
    answer = browser.post("/exchange/out/complaints.complaint", {"format": "csv", "fields": "all", "q.tab": "all"})
    assert answer.status_code == 200, answer.text[:1000]
    rows = _read(answer.content)
    assert len(rows) == 3
    assert {r["电话"] for r in rows} == {"138 **** 5678"}
    assert {r["投诉人"] for r in rows} == {"王**"}
    assert all(r["投诉内容"].startswith("'+") for r in rows)
    assert all(r["地点"].startswith("'=") for r in rows)
    with company.acting(None, "exchange") as x:
        assert x.session.scalars(sa.select(Export.rows)).all() == [3]


def test_opening_is_logged_with_each_record(platform: Running, company: Company, made: list[Any]) -> None:
    browser = platform.browser(company, "service_lead_n1")
    browser.get("/exchange/out/complaints.complaint?tab=all")
    given = {"format": "csv", "fields": "all", "q.tab": "all", "opened": "1"}
    rows = _read(browser.post("/exchange/out/complaints.complaint", given).content)
    assert {r["电话"] for r in rows} == {"13800005678"}
    with company.acting(None, "complaints") as x:
        for id in made[:3]:
            told = x.session.scalars(
                sa.select(History).where(History.record_id == id, History.action == "reveal")
            ).all()
            assert {entry.inputs["field"] for entry in told} == {"complainant", "phone", "room"}
            assert history.verify(x.session, Complaint.kind, id)


def test_who_may_not_open_gets_masks_whatever_they_ask(platform: Running, company: Company, made: list[Any]) -> None:
    browser = platform.browser(company, "finance")
    page = browser.get("/exchange/out/complaints.complaint?tab=all")
    assert 'name="opened"' not in page.text
    given = {"format": "csv", "fields": "all", "q.tab": "all", "opened": "1"}
    rows = _read(browser.post("/exchange/out/complaints.complaint", given).content)
    assert len(rows) == 4
    assert {r["电话"] for r in rows} == {"138 **** 5678"}


def test_chosen_rows_and_filters(platform: Running, company: Company, made: list[Any]) -> None:
    browser = platform.browser(company, "service_lead_n1")
    browser.get("/complaints/complaint")
    form = browser.ask(
        "POST",
        "/exchange/out/complaints.complaint/chosen",
        data={"csrf": browser.csrf, "id": [str(made[0]), str(made[3])]},
    )
    assert form.status_code == 200, form.text[:500]
    given = {"format": "csv", "fields": "list", "q.tab": "all", "id": [str(made[0]), str(made[3])]}
    assert len(_read(browser.post("/exchange/out/complaints.complaint", given).content)) == 1  # the other is not theirs
    found = platform.program(company, "service_lead_n1").get(
        "/api/v1/exchange/exports/complaints.complaint/csv?severity=major"
    )
    assert found.status_code == 200, found.text
    assert _read(found.content) == []
    assert browser.get("/exchange/out/complaints.complaint?nonsense=1").status_code == 400


@pytest.mark.parametrize(("person", "status"), [("service_agent_n1", 403), ("nobody", 404)])
def test_who_may_not_export(platform: Running, company: Company, person: str, status: int) -> None:
    assert platform.browser(company, person).get("/exchange/out/complaints.complaint").status_code == status


def test_a_long_export_is_written_in_the_background(platform: Running, company: Company, made: list[Any]) -> None:
    company.settings("exchange", at_once=1)
    company.settings("core", files={"text": False, "office": False})  # rules for what people attach, not for this
    browser = platform.browser(company, "service_lead_n1")
    browser.get("/exchange/out/complaints.complaint?tab=all")
    answer = browser.post("/exchange/out/complaints.complaint", {"format": "xlsx", "fields": "all", "q.tab": "all"})
    assert answer.status_code == 303
    at = answer.headers["location"]
    assert browser.get(at).status_code == 200
    with company.acting(None, "exchange") as x:
        x.store = platform.application.files
        waiting = x.session.scalars(sa.select(Export)).one()
        outgoing.job(JobContext(1, "exchange.export", company.tenant, 1, x), export=waiting.id)
    with company.acting(None, "exchange") as x:
        done = x.session.scalars(sa.select(Export)).one()
        assert (done.status, done.rows, done.trouble) == (ExportState.READY, 3, None)
        (file,) = x.files(done)
    got = browser.get(f"{at}/files/{file.id}")
    assert got.status_code == 200
    assert got.content[:2] == b"PK"


@pytest.mark.parametrize("format", list(Format))
def test_what_went_out_comes_in_elsewhere_and_is_equal(
    company: Company, other_company: Company, bring: Any, tmp_path: Path, made: list[Any], format: Format
) -> None:
    path = tmp_path / f"out.{format.value}"
    with company.acting(None, "complaints") as x:
        resource = x.registry.resources[Complaint.kind]
        names = exporting.columns(x, resource, [("tab", "all")], True)
        assert exporting.export(x, resource, path, format, names, [("tab", "all")], opened=True) == 4
    assert len(list(table(path).rows)) == 4
    out = bring("complaints", path, at=other_company)
    assert (out["created"], out["errors"]) == (4, 0), out
    fields = (
        "number",
        "status",
        "channel",
        "complainant",
        "phone",
        "room",
        "category",
        "location",
        "statement",
        "severity",
    )
    seen = []
    for where in (company, other_company):
        with units(where)() as x:
            rows = x.session.scalars(sa.select(Complaint).order_by(Complaint.number)).all()
            seen.append([[getattr(r, f) for f in fields] + [r.created_at.replace(microsecond=0)] for r in rows])
    assert seen[0] == seen[1]
