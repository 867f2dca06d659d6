"""Reports as PDF and as workbook: what stands on them, and what the client's copy leaves out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong_tasks.upward.records import ClientReport
from dougong_tasks.upward.sheet import Sheet
from dougong_tasks.upward.workbook import as_xlsx
from openpyxl import load_workbook
from pypdf import PdfReader

from .conftest import DIRECTOR, MANAGER

if TYPE_CHECKING:
    from .conftest import Office

WORDS = {"summary": "第一行\n第二行", "client_text": "致甲方", "remarks": {"complaints.complaints": "内部说明"}}
HEADINGS = ["板块", "指标", "数值", "单位", "上期", "备注"]


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def submitted(office: Office) -> UUID:
    office.complain()
    id = office.begin(day="2026-03-02")
    office.do(MANAGER, id, "remark", **WORDS)
    office.do(MANAGER, id, "submit")
    return id


def test_a_report_is_had_as_pdf(office: Office) -> None:
    id = submitted(office)
    office.do(DIRECTOR, id, "acknowledge")
    screen = office.screen(DIRECTOR)
    address = f"/papers/tasks/report/{id}/sheet.pdf"
    assert address in screen.get(f"/tasks/sheet/{id}").text
    found = text_of(screen.get(f"{address}?lang=zh"))
    assert "n1周报2026-03-02–2026-03-08" in found
    for part in ("第一行", "第二行", "投诉受理与处理", "1件", "内部说明", "项目经理", "区域运作总监", "报送与阅示"):
        assert part in found, part
    assert "草稿" not in found
    draft = office.begin(period="month")
    assert "草稿" in text_of(office.screen(MANAGER).get(f"/papers/tasks/report/{draft}/sheet.pdf?lang=zh"))
    assert office.screen("technician_n1").get(address).status_code in (403, 404)
    assert office.screen("project_manager_s1").get(address).status_code == 404


def test_the_clients_copy_as_pdf_holds_what_is_marked(office: Office) -> None:
    id = submitted(office)
    office.do(MANAGER, id, "release")
    with office.company.acting(MANAGER, "tasks") as x:
        copy = x.session.scalars(x.readable(ClientReport)).one()
    client = office.screen("client_n1")
    found = text_of(client.get(f"/papers/tasks/client_report/{copy.id}/copy.pdf?lang=zh"))
    assert "致甲方" in found
    assert "投诉受理与处理" in found
    for part in ("内部说明", "第一行", "超时", "交办事项", MANAGER, DIRECTOR):
        assert part not in found, part
    assert client.get(f"/papers/tasks/report/{id}/sheet.pdf").status_code in (403, 404)
    assert office.screen("client_s1").get(f"/papers/tasks/client_report/{copy.id}/copy.pdf").status_code == 404
    book = load_workbook(io.BytesIO(client.get(f"/tasks/copy/{copy.id}/workbook").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]  # type: ignore[union-attr]
    assert "致甲方" in cells
    assert not {"内部说明", "第一行\n第二行", "超时"} & set(cells)


def test_a_workbook_holds_numbers_and_no_formula(office: Office) -> None:
    id = submitted(office)
    answer = office.screen(DIRECTOR).get(f"/tasks/sheet/{id}/workbook")
    assert answer.status_code == 200
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]  # type: ignore[union-attr]
    [counted] = [row for row in rows if row[1] == "投诉" and not row[0]]
    assert counted[2:4] == [1, "件"]
    assert "2026-03-02 – 2026-03-08" in rows[0][0]  # a year has many of them: each says its days, as its file does
    assert "2026-03-02" in answer.headers["content-disposition"]
    paper = office.screen(DIRECTOR).get(f"/papers/tasks/report/{id}/sheet.pdf?lang=zh")
    assert "2026-03-02" in paper.headers["content-disposition"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@SUM(A1)", "http://evil.example/"])
def test_what_people_wrote_is_never_run_by_a_spreadsheet(text: str) -> None:
    figure = {"label": text, "value": text, "unit": "", "href": "", "client": False, "alarm": False}
    section = {"key": "a.b", "label": text, "sentence": text, "client": False, "headings": [text], "rows": [[text]]}
    made = Sheet(text, text, text, text, words=[(text, text)], sections=[{**section, "figures": [figure]}])
    sheet = load_workbook(io.BytesIO(as_xlsx(made, HEADINGS))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_numbers_are_numbers() -> None:
    def value(given: Any) -> Any:
        figure = {"label": "x", "value": given, "unit": "", "href": "", "client": False, "alarm": False}
        one = {
            "key": "a.b",
            "label": "s",
            "sentence": "",
            "client": False,
            "headings": [],
            "rows": [],
            "figures": [figure],
        }
        sheet = load_workbook(io.BytesIO(as_xlsx(Sheet("t", "h", "s", "d", sections=[one]), HEADINGS))).active
        return next(row for row in sheet.iter_rows(values_only=True) if row[1] == "x")[2]  # type: ignore[union-attr]

    assert [value(one) for one in (3, "12.5", "-2.50", "–", "nan", "inf", "1e400", "2026-03-01")] == [
        3, 12.5, -2.5, "–", "nan", "inf", "1e400", "2026-03-01",
    ]  # fmt: skip
