"""A budget as a file: sheets as people have them are read whole or refused in words, and a grid that went out comes in again."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import xlsxwriter
from dougong import Invalid
from dougong.words import speaking
from dougong_budgeting.planning import files, sheet
from dougong_budgeting.planning.reading import MOST, yuan
from hypothesis import given, settings
from hypothesis import strategies as st

from .test_reading import _account as account

if TYPE_CHECKING:
    from dougong_budgeting.planning.records import Budget

    from .conftest import Year

MONTHS = [f"{n}月" for n in range(1, 13)]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def told(wrong: Invalid) -> str:
    """What was refused, in English."""
    with speaking("en"):
        return " ".join(str(one.message) for one in wrong.errors)


def tree() -> list[Any]:
    top = account("工程")
    made = [top, account("日常维修", top), account("电梯维保", top), account("物业费")]
    for code, one in zip(("52", "5201", "5202", "4001"), made, strict=True):
        one.code = code
    return made


def workbook(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(at, column, value)
    book.close()
    return out.getvalue()


def read(data: bytes, found: list[Any]) -> dict[tuple[str, int], int]:
    cells, slack = files.cells_of(data)
    codes = {one.id: one.code for one in found}
    return {(codes[w.account], w.month): w.amount for w in sheet.of_rows(cells, found, slack, "file") if w.amount}


@pytest.mark.parametrize(
    "heads",
    [
        MONTHS,
        [f"2027年{n}月" for n in range(1, 13)],
        ENGLISH,
        [f"M{n}" for n in range(1, 13)],
        [f"{n}月" for n in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]],
    ],
)
def test_months_are_found_by_their_headings(heads: list[str]) -> None:
    found = tree()
    rows = [
        ["安禾花园 2027 年预算"], ["单位：元"],
        ["序号", "科目", "说明", *heads, "合计", "备注"],
        ["一", "工程", "", *[99] * 12, 1188, ""],
        [1, "日常维修", "零星", *[100.5] * 12, 1206, "同上年"],
        [2, "５２０２", "", *[0] * 11, 300, 300, ""],
        ["", "合计", "", *[1] * 12, 12, ""],
        ["", "", "", *[""] * 12, "", "制表人：财务"],
    ]  # fmt: skip
    months = {("5201", n): 100_50 for n in range(1, 13)} | {("5202", 12): 300_00}
    assert read(workbook(rows), found) == months
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        assert read(text.encode(encoding), found) == months


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["日常维修", *[1] * 12, 13], "its sum"),
        (["日常维修", "待定", *[1] * 11, 12], "待定"),
        (["日常维修", 1e30, *[1] * 11, ""], "1e+30"),
        (["绿化", *[1] * 12, 12], "绿化"),
        (["日常维修", True, *[1] * 11, ""], "True"),
        (["备注", *[""] * 12, ""], "nothing"),
    ],
)
def test_what_cannot_be_read_is_said_by_line(row: list[Any], said: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read(workbook([["科目", *MONTHS, "合计"], row]), tree())
    assert said in told(wrong.value)
    assert {one.path for one in wrong.value.errors} == {"file"}


def test_a_name_that_two_accounts_have_needs_its_code() -> None:
    top = account("秩序")
    found = [*tree(), top, account("电梯维保", top)]
    found[-2].code, found[-1].code = "54", "5401"
    with pytest.raises(Invalid) as wrong:
        read(workbook([["科目", *MONTHS], ["电梯维保", *[1] * 12]]), found)
    assert "its code" in told(wrong.value)
    rows = [["科目", *MONTHS], ["秩序 / 电梯维保", *[1] * 12], ["5202", *[2] * 12]]
    assert set(read(workbook(rows), found).values()) == {100, 200}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 no workbook",
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        b"\xff\xfe\x00",
        b"a,\x00b",
        bytes(range(128, 256)),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read(data, tree())


@given(st.lists(st.lists(st.text(max_size=30), max_size=20), max_size=12))
def test_any_sheet_is_read_or_refused(rows: list[list[str]]) -> None:
    with suppress(Invalid):
        for wish in sheet.of_rows(rows, tree()):
            assert abs(wish.amount) <= MOST
            assert 1 <= wish.month <= 12


@given(
    st.dictionaries(
        st.sampled_from([1, 2, 3]), st.lists(st.integers(-MOST, MOST), min_size=12, max_size=12), min_size=1
    )
)
def test_what_was_copied_is_read_as_the_same_amounts(own: dict[int, list[int]]) -> None:
    found = tree()
    lines = [[found[n].name, *map(yuan, months), yuan(sum(months))] for n, months in own.items()]
    if any(abs(sum(months)) > MOST for months in own.values()):
        lines = [line[:13] for line in lines]
    read_back = {(w.account, w.month): w.amount for w in sheet.of_rows([["科目", *MONTHS, "合计"], *lines], found)}
    assert read_back == {(found[n].id, m): v for n, months in own.items() for m, v in enumerate(months, 1)}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.integers(-(10**11), 10**11), min_size=12, max_size=12), min_size=3, max_size=3))
def test_a_grid_that_went_out_as_a_workbook_comes_in_again(years: list[list[int]]) -> None:
    found = tree()
    own = {one.id: months for one, months in zip(found[1:], years, strict=True)}
    budget: Budget = type("B", (), {"year": 2027})()  # type: ignore[assignment]
    data = files.as_xlsx(budget, "=1+1", found, own)
    cells, slack = files.cells_of(data)
    wishes = {(w.account, w.month): w.amount for w in sheet.of_rows(cells, found, slack, "file")}
    assert wishes == {(id, m): v for id, months in own.items() for m, v in enumerate(months, 1)}


def send(year: Year, data: bytes, *, by: str = "finance", id: str = "") -> Any:
    given = {"file": ("budget.xlsx", data, files.XLSX)}
    return year.by(by).ask("POST", f"/api/v1/budgeting/sheet/{id or year.id}", files=given)


def test_a_sheet_is_sent_and_fetched_by_a_program(year: Year) -> None:
    rows = [["科目", *MONTHS, "合计"], ["5201", *[1000] * 12, 12000], ["物业费", *[30000] * 12, 360000]]
    done = send(year, workbook(rows))
    assert done.status_code == 200, done.text
    assert done.json() == {"cells": 24, "income": 360_000_00, "expense": 12_000_00}
    fetched = year.author.ask("GET", f"/api/v1/budgeting/sheet/{year.id}")
    assert fetched.headers["content-type"] == files.XLSX
    other = year.draft("finance", scenario="good")
    assert send(year, fetched.content, id=other).status_code == 200
    assert year.amounts(other) == year.amounts()


def test_a_sheet_with_one_bad_cell_writes_nothing(year: Year) -> None:
    rows = [["科目", *MONTHS], ["5201", *[1000] * 12], ["物业费", *[1] * 11, "待定"]]
    refused = send(year, workbook(rows))
    assert refused.status_code == 422
    assert "待定" in refused.text
    assert send(year, workbook([["科目", *MONTHS], ["5201", *[-1] * 12]])).status_code == 422, "no negative months"
    assert send(year, b"x" * 2_100_000).status_code in (413, 422)
    assert year.kept() == []
    for username in ("project_manager_s1", "client_n1", "regional_director_north"):
        assert send(year, workbook(rows), by=username).status_code in (403, 404)


def test_the_page_reads_a_file_and_says_what_is_wrong_with_it(year: Year) -> None:
    browser = year.platform.browser(year.company, "finance")
    here = f"/budgeting/grid/{year.id}"
    page = browser.get(here)
    assert 'enctype="multipart/form-data"' in page.text
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    rows = [["科目", *MONTHS], ["5201", *[1000] * 11, "x"]]
    wrong = browser.ask("POST", f"{here}/file", data={"csrf": token}, files={"file": ("a.xlsx", workbook(rows))})
    assert wrong.status_code == 422, wrong.text[:500]
    assert "“x”" in wrong.text
    rows[1][-1] = 5
    done = browser.ask("POST", f"{here}/file", data={"csrf": token}, files={"file": ("a.xlsx", workbook(rows))})
    assert done.status_code == 303
    assert year.amounts()["5201", 12] == 500
    assert browser.get(f"{here}/workbook").content.startswith(b"PK")


def test_a_stranger_gets_no_workbook(year: Year, other_company: Any) -> None:
    stranger = year.platform.program(other_company, "finance")
    assert stranger.api("GET", f"/budgeting/sheet/{year.id}").status_code == 404
    assert year.by("client_n1").api("GET", f"/budgeting/sheet/{uuid4()}").status_code in (403, 404)
