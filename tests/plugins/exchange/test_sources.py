"""Files as people have them, and files that want to do harm."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from dougong.words import speaking
from dougong_exchange.sources.headings import table
from dougong_exchange.sources.refusals import Unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEAD = ["编号", "登记时间", "投诉人"]
ROWS = [["A1", "2026/1/5", "王女士"], ["A2", "1月6日", "李；先生,\n二"]]
KNOWN = frozenset({"编号", "登记时间", "投诉人"})


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def _csv(path: Path, encoding: str, separator: str, before: str = "") -> Path:
    quoted = [[f'"{c}"' if any(x in c for x in ',;\n\t"') else c for c in row] for row in [HEAD, *ROWS]]
    path.write_bytes((before + "\r\n".join(separator.join(row) for row in quoted)).encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    found = table(_csv(tmp_path / "a.xlsx", encoding, separator), KNOWN)  # the name says nothing
    assert list(found.headings) == HEAD
    assert [cells for _n, cells in found.rows] == ROWS


def test_titles_and_empty_rows_before_the_headings(tmp_path: Path) -> None:
    found = table(_csv(tmp_path / "a.csv", "gbk", ",", "投诉登记表,,\r\n,,\r\n制表：张三,,\r\n"), KNOWN)
    assert (found.row, list(found.headings)) == (4, HEAD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    cells=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=3, max_size=3),
        max_size=6,
    )
)
def test_any_text_is_read_as_it_was_written(tmp_path: Path, cells: list[list[str]]) -> None:
    import csv

    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *cells])
    read = [row for _n, row in table(path, KNOWN).rows]
    assert read == [row for row in cells if any(c and not c.isspace() for c in row)]


def _book(path: Path) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(str(path))


def test_a_workbook_with_merged_cells_formulas_and_dates(tmp_path: Path) -> None:
    import datetime as dt

    path = tmp_path / "a.csv"  # a wrong extension
    book = _book(path)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, 3, "一月投诉")
    sheet.write_row(2, 0, [*HEAD, "电话"])
    sheet.merge_range(3, 0, 4, 0, "A1")
    sheet.write_datetime(3, 1, dt.datetime(2026, 1, 5), day)
    sheet.write_datetime(4, 1, dt.datetime(2026, 1, 5, 12, 30), day)
    sheet.write_formula(3, 2, '="王"&"女士"', None, "王女士")
    sheet.write_number(3, 3, 13800005678)
    book.close()
    rows = [cells for _n, cells in table(path, KNOWN).rows]
    assert rows == [["A1", "2026-01-05", "王女士", "13800005678"], ["A1", "2026-01-05T12:30:00", "", ""]]


def test_a_million_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, border = book.add_worksheet(), book.add_format({"border": 1})
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROWS[0])
    for at in range(2, 1_048_576, 7):
        sheet.write_blank(at, 0, None, border)
    book.close()
    begun = time.process_time()  # of this process alone
    assert [n for n, _cells in table(path, KNOWN).rows] == [2]
    assert time.process_time() - begun < 30


def test_one_cell_at_the_far_corner_takes_no_memory_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    book = _book(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(Unreadable):
        list(table(path, KNOWN).rows)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        out.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _n in range(700):
            part.write(b" " * 1_048_576)
    assert path.stat().st_size < 10_000_000
    with pytest.raises(Unreadable, match="unpacks"):
        table(path)


def test_headings_alone_are_a_table_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"only,headings")
    assert list(table(path).rows) == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xef\xbb\xbf", b"   \r\n", b"PK\x03\x04broken", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n....", b"\x00" * 4096,
        b"<html><table><tr><td>a</td></tr></table></html>", b"<svg onload=alert(1)>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        b"a,b\n\x81\xff\xff,\x80", b'a,b\n"' + b"x" * 300_000, b",".join([b"c"] * 400) + b"\n1",
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        list(table(path).rows)
    assert len(str(refused.value.detail)) > 10
