"""What somebody sends to break an import, or to reach by it what they may not: refused in words, and bounded."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Invalid
from dougong_complaints.records import Complaint
from dougong_exchange import mapping as mappings
from dougong_exchange import outgoing, taking_in, working
from dougong_exchange.choices import Format, RunState
from dougong_exchange.records import Export, Run
from dougong_exchange.sources import workbook
from dougong_exchange.sources.refusals import Unreadable
from dougong_exchange.writing import table

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

ROW = {
    "渠道": "电话", "投诉人类型": "匿名", "类别": "噪声", "地点": "3 号楼", "严重程度": "一般", "紧急程度": "一般",
}  # fmt: skip


@pytest.mark.parametrize("one", ["%d%d", "%Y%Y", "%", "%Q", "\x00", "%d" * 140])
def test_a_date_format_that_is_none_is_refused(one: str) -> None:
    given = {"resource": "complaints.complaint", "fields": {"registered_at": {"column": "日期", "formats": [one]}}}
    with pytest.raises(Invalid):
        mappings.check(given)


@pytest.mark.parametrize(
    "one", ['title = "\\u0000"', "ignore = ['a', \"\\u0000\"]", '[fields."\\u0000"]', "[fields.a]\ncreate = { days = inf }",
            '[fields.a]\nvalues = { "\\u0000" = "b" }', "[fields.a]\ncreate = { a = [nan] }"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(one: str) -> None:
    with pytest.raises(Invalid):
        mappings.read(f'resource = "complaints.complaint"\n{one}')


def test_a_mapping_without_end_is_refused() -> None:
    with pytest.raises(Invalid):
        mappings.read("a = " + "[" * 100_000)
    with pytest.raises(Invalid):
        mappings.read("x" * (mappings.MOST_BYTES + 1))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"])
def test_no_text_is_a_formula_in_any_spreadsheet(tmp_path: Path, text: str) -> None:
    table(tmp_path / "a.csv", Format.CSV, ["x"], [[text]])
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    assert rows[1][0].startswith("'")


def _workbook(path: Path, rows: int, columns: int, text: str) -> None:
    """A small file that says the same long text over and over."""
    cells = "".join('<c t="s"><v>0</v></c>' for _n in range(columns))
    sheet = "".join(f"<row>{cells}</row>" for _n in range(rows))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        out.writestr("_rels/.rels", f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip  # noqa: E501
        out.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')  # fmt: skip  # noqa: E501
        out.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/s.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')  # fmt: skip  # noqa: E501
        out.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}"><si><t>{text}</t></si></sst>')
        out.writestr("xl/worksheets/s.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>')


def test_a_workbook_that_repeats_one_long_text_is_not_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    _workbook(path, 100, 200, "x" * 30_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(Unreadable):
        next(workbook.rows(path))


def test_long_rows_are_worked_off_in_small_pieces() -> None:
    rows = iter([(n, ["x" * 900_000]) for n in range(12)])
    assert [len(taking_in._some(rows)) for _n in range(3)] == [5, 5, 2]


# ---- rights of a token ----


def _scoped(platform: Running, company: Company, who: str, *scope: str) -> Client:
    from dougong.testing.clients import Client as Made

    return Made(platform, company.host, {"accept": "application/json", "authorization": f"Bearer {company.token(who, scope)}"})  # fmt: skip  # noqa: E501


def _advance(company: Company, id: Any) -> None:
    for _n in range(20):
        with company.acting(None, "exchange") as x:
            if not working.advance(x, id):
                return


def test_an_import_may_no_more_than_the_token_that_started_it(platform: Running, company: Company) -> None:
    company.grant("admin", "service_lead", company.slug)
    narrow = _scoped(
        platform, company, "admin", "exchange.*", "complaints.complaint.create", "complaints.complaint.read"
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["小区", "编号", *ROW, "投诉内容"])
    writer.writerow(["新造的小区", "K-1", *ROW.values(), "夜间噪声"])
    said = "\n".join([
        'resource = "complaints.complaint"', 'key = "编号"', "[site]", 'column = "小区"', "create = true", "[fields]",
        *(f'{name} = {{ column = "{column}" }}' for name, column in (
            ("channel", "渠道"), ("complainant_type", "投诉人类型"), ("category", "类别"), ("location", "地点"),
            ("severity", "严重程度"), ("urgency", "紧急程度"), ("statement", "投诉内容"))),
    ])  # fmt: skip
    answer = narrow.ask(
        "POST", "/api/v1/exchange/imports/complaints.complaint",
        files={"file": ("a.csv", out.getvalue().encode(), "text/csv")}, data={"mapping": said},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    id = answer.json()["id"]
    _advance(company, id)
    with company.acting(None, "exchange") as x:
        run = x.session.get_one(Run, (x.tenant, id))
        assert (run.status, run.created, run.errors) == (RunState.CHECKED, 0, 1), run.trouble


def test_an_export_in_the_background_opens_no_more_than_the_token(
    platform: Running, company: Company, tmp_path: Path
) -> None:
    company.settings("exchange", at_once=1)
    with company.acting("service_lead_n1", "complaints") as x:
        for n in range(3):
            x.submit(Complaint, company.sites["n1"], {
                "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
                "category": "water_leak", "location": "3号楼", "statement": f"渗水 {n}", "severity": "minor",
                "urgency": "normal"})  # fmt: skip
    narrow = _scoped(platform, company, "service_lead_n1", "exchange.*")
    assert narrow.get("/api/v1/exchange/exports/complaints.complaint/csv").status_code == 404
    readers = _scoped(platform, company, "service_lead_n1", "exchange.*", "complaints.complaint.read")
    answer = readers.get("/api/v1/exchange/exports/complaints.complaint/csv?opened=true")
    assert answer.status_code in (200, 202), answer.text
    with company.acting(None, "exchange") as x:
        export = x.session.query(Export).one()
        theirs = outgoing.acting(x, export)
        outgoing.write(theirs, export, tmp_path / "out.csv")
    assert "13800005678" not in (tmp_path / "out.csv").read_text("utf-8-sig")


