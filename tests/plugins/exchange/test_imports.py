"""Imports from end to end: proposals, bad cells by name, rights, a second time, an end in the middle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.scheduling.jobs import Jobs
from dougong_complaints.records import Complaint
from dougong_exchange import taking_in, working
from dougong_exchange.choices import RunState
from dougong_exchange.records import Run

from .conftest import units

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

HEAD = "工单号,项目,登记时间,投诉人,电话,投诉类型,地点,投诉内容,投诉渠道,身份,严重程度,紧急程度"
LEAD = "service_lead_n1"


def line(number: int, site: str = "n1", **over: str) -> str:
    values = {"when": "2026/1/5", "name": "王女士", "phone": "138 0000 5678", "what": "漏水", "text": f"渗水 {number}"}
    v = {**values, **over}
    return (
        f"G-{number},{site},{v['when']},{v['name']},{v['phone']},{v['what']},3 号楼,{v['text']},电话,业主,一般,普通"
    )


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([HEAD, *lines]), encoding="gb18030")
    return path


def complaints(company: Company) -> list[Complaint]:
    with company.acting(None, "complaints") as x:
        found = list(x.session.scalars(sa.select(Complaint).order_by(Complaint.number)))
        x.session.expunge_all()
        return found


def test_headings_in_any_language_propose_the_mapping(company: Company, bring: Any, tmp_path: Path) -> None:
    out = bring("complaints", write(tmp_path / "a.csv", line(1), line(2)), person=LEAD)
    assert (out["created"], out["errors"]) == (2, 0), out
    assert [c.number for c in complaints(company)] == ["G-1", "G-2"]
    assert complaints(company)[0].phone == "13800005678"
    assert complaints(company)[0].created_at.isoformat() == "2026-01-04T16:00:00+00:00"


def test_every_bad_cell_is_named_and_the_good_rows_come_in(company: Company, bring: Any, tmp_path: Path) -> None:
    bad = line(2, when="2026-02-30", phone="1.38E+10", what="没有的类别")
    out = bring("complaints", write(tmp_path / "a.csv", line(1), bad, line(3, site="没有的小区")), person=LEAD)
    assert (out["created"], out["errors"]) == (1, 2)
    named = {(f["row"], f["column"]) for f in out["faults"]}
    assert named == {(3, "登记时间"), (3, "电话"), (3, "投诉类型"), (4, "项目")}
    phone = next(f for f in out["faults"] if f["column"] == "电话")
    assert phone["value"] == "1**"  # personal values are not repeated


def test_a_row_changes_what_it_brought_before(company: Company, bring: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", line(1), line(2))
    bring("complaints", path, person=LEAD)
    again = bring("complaints", write(tmp_path / "b.csv", line(1), line(2, text="天花板渗水"), line(3)), person=LEAD)
    assert (again["created"], again["updated"], again["skipped"], again["errors"]) == (1, 1, 1, 0), again
    assert [c.statement for c in complaints(company)] == ["渗水 1", "天花板渗水", "渗水 3"]


def test_the_same_key_twice_in_one_file_is_refused(company: Company, bring: Any, tmp_path: Path) -> None:
    out = bring("complaints", write(tmp_path / "a.csv", line(1), line(1, text="别的")), person=LEAD)
    assert (out["created"], out["errors"]) == (1, 1)
    assert "2" in out["faults"][0]["reason"]


def test_each_site_asks_for_its_own_right(company: Company, bring: Any, tmp_path: Path) -> None:
    out = bring("complaints", write(tmp_path / "a.csv", line(1), line(2, site="n2"), line(3, site="s1")), person=LEAD)
    assert (out["created"], out["errors"]) == (1, 2)
    assert {f["row"] for f in out["faults"]} == {3, 4}


@pytest.mark.parametrize("person", ["service_agent_n1", "finance", "nobody", "client_n1"])
def test_who_may_not_import_takes_in_nothing(company: Company, bring: Any, tmp_path: Path, person: str) -> None:
    from dougong.errors import Problem

    if person not in company.people:
        pytest.skip(f"this installation has nobody called {person}")
    with pytest.raises((Problem, Exception)) as refused:
        bring("complaints", write(tmp_path / "a.csv", line(1)), person=person)
    assert getattr(refused.value, "status", 403) in (403, 404)
    assert complaints(company) == []


def test_sites_and_words_are_only_made_with_the_right_to(company: Company, bring: Any, tmp_path: Path) -> None:
    from dougong_exchange.mapping import SiteSource
    from dougong_exchange.proposing import by_headings
    from dougong_exchange.targets import Targets

    path = write(tmp_path / "a.csv", line(1, site="新小区", what="新类别"))
    with company.acting(LEAD, "exchange") as x:
        mapping = by_headings(Targets(x, x.registry.resources["complaints.complaint"]), HEAD.split(","), [])
    mapping.site = SiteSource(column="项目", create=True)
    mapping.fields["category"].create = {"days": 3}
    refused = bring("complaints", path, person=LEAD, mapping=mapping)
    assert (refused["created"], refused["errors"]) == (0, 1)
    made = bring("complaints", path, mapping=mapping)  # the system
    assert (made["created"], made["errors"]) == (1, 0), made
    assert company.snapshot.settings("complaints").categories[complaints(company)[0].category].name == "新类别"  # type: ignore[attr-defined]
    assert any(n.name == "新小区" for n in company.snapshot.sites.ordered())


def _begun(company: Company, path: Path) -> Any:
    opened = units(company)
    with opened() as x:
        theirs = x.as_person(company.people[LEAD]).with_settings(x.settings)
        run = taking_in.take_in(theirs, x.registry.resources["complaints.complaint"], path, "a.csv")
        x.take(run, "check")
        run.started_by = company.people[LEAD]
        id = run.id
    while _step(opened, id):
        pass
    with opened() as x:
        x.take(x.get(Run, id), "start")
    return id


def _step(opened: Any, id: Any) -> bool:
    with opened() as x:
        return working.advance(x, id)


def test_a_process_that_dies_between_and_amid_batches_loses_and_doubles_nothing(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "ROWS", 10)
    opened, id = units(company), _begun(company, write(tmp_path / "a.csv", *(line(n) for n in range(35))))
    assert _step(opened, id)
    real = working.Work._write

    def dies(self: Any) -> None:
        real(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(working.Work, "_write", dies)
    with pytest.raises(KeyboardInterrupt):
        _step(opened, id)
    assert len(complaints(company)) == 10
    monkeypatch.setattr(working.Work, "_write", real)
    while _step(opened, id):
        pass
    assert not _step(opened, id)  # a job that was delivered twice finds nothing to do
    assert len(complaints(company)) == 35
    with opened() as x:
        run = x.get(Run, id)
        assert (run.status, run.created, run.done) == (RunState.DONE, 35, 35)


def test_it_can_be_stopped_and_go_on(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "ROWS", 10)
    opened, id = units(company), _begun(company, write(tmp_path / "a.csv", *(line(n) for n in range(25))))
    assert _step(opened, id)
    with opened() as x:
        x.take(x.get(Run, id), "stop")
    assert not _step(opened, id)
    assert len(complaints(company)) == 10
    with opened() as x:
        x.take(x.get(Run, id), "resume")
    while _step(opened, id):
        pass
    assert len(complaints(company)) == 25


def test_a_right_that_is_taken_away_ends_it(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dougong.access.tables import Grant

    monkeypatch.setattr(taking_in, "ROWS", 10)
    opened, id = units(company), _begun(company, write(tmp_path / "a.csv", *(line(n) for n in range(25))))
    assert _step(opened, id)
    with company.session() as session:
        session.execute(sa.delete(Grant).where(Grant.person_id == company.people[LEAD]))
    assert not _step(opened, id)
    with opened() as x:
        assert x.get(Run, id).status is RunState.STOPPED
    assert len(complaints(company)) == 10


def test_the_job_puts_itself_into_the_queue_with_each_batch(company: Company, tmp_path: Path) -> None:
    from dougong.scheduling.jobs import JobContext

    id = _begun(company, write(tmp_path / "a.csv", line(1)))
    company.jobs = Jobs(company.registry.jobs)
    with company.acting(None, "exchange") as x:
        working.job(JobContext(1, "exchange.go", company.tenant, 1, x), id)
    assert len(complaints(company)) == 1


# ---- over HTTP ----


def _send(client: Client, path: Path, kind: str = "complaints.complaint") -> Any:
    client.get("/exchange/import")
    files = {"file": (path.name, path.read_bytes())}
    return client.ask("POST", "/exchange/import", data={"csrf": client.csrf, "kind": kind}, files=files)


def test_the_pages_lead_from_file_to_records(platform: Running, company: Company, tmp_path: Path) -> None:
    browser = platform.browser(company, LEAD)
    sent = _send(browser, write(tmp_path / "登记.csv", line(1), line(2, when="x")))
    assert sent.status_code == 303, sent.text[:2000]
    columns = browser.get(sent.headers["location"])
    assert columns.status_code == 200
    assert "138 0000 5678" in columns.text
    given = {f"c{at}": name for at, name in enumerate(("number", ":site", "created_at", "complainant", "phone", "category",
             "location", "statement", "channel", "complainant_type", "severity", "urgency"))}  # fmt: skip
    checked = browser.post(sent.headers["location"], {**given, "key": "工单号"})
    assert checked.status_code == 303, checked.text[:3000]
    preview = browser.get(checked.headers["location"])
    assert "登记时间" in preview.text
    started = browser.post(f"{checked.headers['location']}/do/start")
    assert started.status_code == 303
    id = checked.headers["location"].rpartition("/")[2]
    while _step(units(company), id):
        pass
    assert [c.number for c in complaints(company)] == ["G-1"]
    report = browser.get(f"{checked.headers['location']}/report/csv")
    assert "登记时间" in report.content.decode("utf-8-sig")
    page = browser.get(f"/complaints/complaint/{complaints(company)[0].id}")
    assert "G-1" in page.text
    assert f"/exchange/run/{id}" in page.text


def test_the_mapping_is_proposed_the_next_time(platform: Running, company: Company, tmp_path: Path) -> None:
    browser = platform.browser(company, LEAD)
    odd = write(tmp_path / "a.csv", line(1)).read_text("gb18030").replace("投诉内容", "奇怪的标题")
    path = tmp_path / "odd.csv"
    path.write_text(odd, encoding="utf-8")
    first = _send(browser, path).headers["location"]
    browser.get(first)
    given = {f"c{at}": name for at, name in enumerate(("number", ":site", "created_at", "complainant", "phone", "category",
             "location", "statement", "channel", "complainant_type", "severity", "urgency"))}  # fmt: skip
    assert browser.post(first, {**given, "key": "工单号"}).status_code == 303
    again = browser.get(_send(browser, path).headers["location"])
    assert 'name="c7"' in again.text
    with company.acting(LEAD, "exchange") as x:
        runs = x.session.scalars(x.readable(Run).order_by(Run.created_at.desc())).all()
        assert runs[0].proposed == "saved"
        assert runs[0].mapping["fields"]["statement"]["column"] == "奇怪的标题"


def test_the_citys_file_is_known_in_the_browser_too(platform: Running, company: Company, city: Path) -> None:
    browser = platform.browser(company, LEAD)
    sent = _send(browser, city)
    assert sent.status_code == 303, sent.text[:500]
    with company.acting(LEAD, "exchange") as x:
        run = x.session.scalars(x.readable(Run)).one()
        assert run.proposed == "shipped"
        assert run.mapping["site"]["column"] == "NCName"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n", b"PK\x03\x04"])
def test_a_bad_file_is_refused_beside_the_field(
    platform: Running, company: Company, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    answer = _send(platform.browser(company, LEAD), path)
    assert answer.status_code in (413, 415, 422)
    with company.acting(None, "exchange") as x:
        assert x.session.scalar(sa.select(sa.func.count()).select_from(Run)) == 0


def test_another_company_and_another_person_see_nothing_of_it(
    platform: Running, company: Company, other_company: Company, tmp_path: Path
) -> None:
    address = _send(platform.browser(company, LEAD), write(tmp_path / "a.csv", line(1))).headers["location"]
    for where, who in ((other_company, LEAD), (company, "service_lead_s1"), (company, "admin")):
        assert platform.browser(where, who).get(address).status_code == 404


def test_the_module_off_is_absent(platform: Running, company: Company) -> None:
    company.switch("exchange", False)
    browser = platform.browser(company, LEAD)
    for address in ("/exchange/import", "/exchange/run", "/exchange/out/complaints.complaint"):
        assert browser.get(address).status_code == 404
    assert "/exchange/" not in browser.get("/complaints/complaint").text


def test_the_api_takes_a_file_and_a_mapping(platform: Running, company: Company, tmp_path: Path) -> None:
    program = platform.program(company, LEAD)
    path = write(tmp_path / "a.csv", line(1), line(2, phone="x"))
    files = {"file": ("a.csv", path.read_bytes())}
    sent = program.ask("POST", "/api/v1/exchange/imports/complaints.complaint", files=files)
    assert sent.status_code == 202, sent.text
    id = sent.json()["id"]
    while _step(units(company), id):
        pass
    seen = program.api("GET", f"/exchange/imports/{id}").json()
    assert (seen["status"], seen["created"], seen["errors"]) == ("checked", 1, 1)
    assert program.api("POST", f"/exchange/imports/{id}/start").status_code == 202
    while _step(units(company), id):
        pass
    assert program.api("GET", f"/exchange/imports/{id}").json()["status"] == "done"
    assert program.get(f"/api/v1/exchange/imports/{id}/report/csv").status_code == 200
    broken = program.ask("POST", "/api/v1/exchange/imports/complaints.complaint", files=files, data={"mapping": "[["})
    assert broken.status_code == 422
