"""What somebody might try with budgets: changing what binds, accounts renamed from under their limits, sheets of odd shapes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dougong.testing.companies import Company

    from .conftest import Year

GRID, CELLS = "/budgeting/grid", "/api/v1/budgeting/cells"


def patch(year: Year, kind: str, id: str, body: dict[str, Any], by: str = "finance") -> Any:
    program = year.by(by)
    version = program.api("GET", f"/budgeting/{kind}/{id}").json().get("row_version", 1)
    return program.api("PATCH", f"/budgeting/{kind}/{id}", body, version=version)


def test_what_binds_is_not_edited(year: Year) -> None:
    """The charged area divides costs for the owners, and the fee mode says whether they have to agree."""
    year.put(year.cell("5201", 1, text="1000"))
    assert patch(year, "budget", year.id, {"area": 170_000}).status_code == 200, "a draft is"
    year.grant()
    assert year.status() == "active"
    for body in ({"area": 1}, {"fee_mode": "commission"}, {"assumptions": "另一套"}, {"market": "无"}):
        assert patch(year, "budget", year.id, body).status_code == 409, body
    assert year.read()["area"] == 170_000


def test_an_area_that_nobody_had_said_is_said_later_and_then_stands(year: Year) -> None:
    id = year.draft("finance", year=2028, area=None)
    year.put(year.cell("5201", 1, text="1000"), id=id)
    year.grant(id)
    assert patch(year, "budget", id, {"area": 5}).status_code == 200
    assert patch(year, "budget", id, {"area": 6}).status_code == 409


def test_while_owners_are_asked_nothing_of_it_changes(year: Year) -> None:
    id = year.draft("finance", year=2028, fee_mode="commission")
    year.put(year.cell("5201", 1, text="1000"), id=id)
    year.grant(id)
    assert year.status(id) == "owners"
    assert patch(year, "budget", id, {"fee_mode": "lump"}).status_code == 409
    assert year.step("finance", "approve_submit", id).status_code in (403, 409)


def test_an_account_keeps_its_code_and_side_once_it_has_amounts(year: Year) -> None:
    """Limits are kept by code: another code would begin its year with nothing spent."""
    empty, used = year.accounts["5301"], year.accounts["5201"]
    year.put(year.cell("5201", 1, text="1000"))
    for body in ({"code": "5299"}, {"direction": "income"}):
        assert patch(year, "account", used, body).status_code in (409, 422), body
    assert patch(year, "account", used, {"name": "日常维修费"}).status_code == 200
    assert patch(year, "account", empty, {"code": "5399"}).status_code == 200


def test_the_grid_is_for_its_site_and_its_own_forms(year: Year, company: Company) -> None:
    cell = year.cell("5201", 1, amount=100)
    paste = {"act": "paste", "text": "5201\t1"}
    for stranger in ("project_manager_s1", "client_n1", "service_agent_n1", "nobody"):
        assert year.put(cell, by=stranger).status_code == 404, stranger
        browser = year.platform.browser(company, stranger)
        browser.get("/")
        assert browser.get(f"{GRID}/{year.id}").status_code == 404, stranger
        assert browser.post(f"{GRID}/{year.id}", paste).status_code in (403, 404), stranger
    assert year.put(cell, by="regional_director_north").status_code == 403, "reads and signs, draws nothing up"
    browser = year.platform.browser(company, "finance")
    json = {"content-type": "application/json"}
    assert browser.ask("PUT", f"{CELLS}/{year.id}", json={"cells": [cell]}, headers=json).status_code == 403
    assert browser.ask("POST", f"{GRID}/{year.id}", data=paste).status_code == 403
    assert browser.ask("POST", "/budgeting/take-over").status_code == 403
    assert year.kept() == []


SHEETS: list[dict[str, str]] = [
    {"act": "paste", "text": "\t" * 900_000},
    {"act": "paste", "text": "5201" + "\t1" * 400_000},
    {"act": "paste", "text": "\n" * 900_000},
    {"act": "paste", "text": "5201\t=1+1"},
    {"act": "paste", "text": "5201\t" + "9" * 5_000},
    {"act": "paste", "text": "5201\t١٢٣"},
    {"act": "paste", "text": "<script>alert(1)</script>\t1"},
    {"act": "basis", "account": "x", "method": "area"},
    {"act": "basis", "method": "area", "quantity": "9" * 5_000},
    {"act": "basis", "method": "percent", "months": "4095"},
    {"act": "month", "month": "13"},
    {"act": "month", "month": "²"},
    {"act": "month", "month": "9" * 5_000},
    {"act": "nothing"},
    {},
]


def test_odd_sheets_are_refused_in_words(year: Year, company: Company) -> None:
    browser = year.platform.browser(company, "finance")
    browser.get(f"{GRID}/{year.id}")
    for sent in SHEETS:
        answer = browser.post(f"{GRID}/{year.id}", sent)
        assert answer.status_code in (303, 413, 422), (answer.status_code, str(sent)[:80])
        assert "<script>alert" not in answer.text
    assert year.kept() == []


def test_odd_addresses_are_no_crash(year: Year, company: Company) -> None:
    finance = year.platform.browser(company, "finance")
    for query in [
        "view=<b>",
        "month=²",
        "month=" + "9" * 5_000,
        "view=compare&with='",
        "with=x&view=compare",
        "month=-1",
        "year=x",
    ]:
        assert finance.get(f"{GRID}/{year.id}?{query}").status_code in (200, 400), query[:80]


BODIES: list[Any] = [
    {"cells": [{"account": "x", "month": 1, "amount": 1}]},
    {"cells": [{"month": 1, "amount": 1}]},
    {"cells": "all"},
    {"cells": [], "more": 1},
    {"cells": [{"account": None, "month": None, "amount": None}]},
    [],
]


def test_odd_bodies_are_refused_by_their_field(year: Year) -> None:
    for body in BODIES:
        answer = year.author.ask("PUT", f"{CELLS}/{year.id}", json=body)
        assert answer.status_code in (400, 422), answer.text


def test_deep_or_long_bodies_are_refused(year: Year) -> None:
    json = {"content-type": "application/json"}
    for content, wanted in (("[" * 100_000, 400), ('{"cells":' * 5_000, 400), ('{"cells":[' + "1," * 600_000, 413)):
        assert year.author.ask("PUT", f"{CELLS}/{year.id}", content=content, headers=json).status_code == wanted
    many = [year.cell("5201", 1, amount=1)] * 6_001
    assert year.put(*many).status_code in (413, 422)


def test_what_is_recorded_is_not_sent(year: Year) -> None:
    plain = {"year": 2029, "fee_mode": "lump", "scenario": "base", "site": "n1"}
    for more in (
        {"status": "active"},
        {"income": 1},
        {"version": 9},
        {"active_at": "2026-01-01T00:00:00Z"},
        {"tenant_id": "x"},
    ):
        assert year.author.api("POST", "/budgeting/budget", {**plain, **more}).status_code == 422, more


def test_files_of_strangers_and_bombs_are_refused(year: Year) -> None:
    at = f"/budgeting/sheet/{year.id}"
    plain = {"file": ("a.csv", b"5201,1\n", "text/csv")}
    for stranger in ("project_manager_s1", "client_n1", "nobody"):
        answer = year.by(stranger).ask("POST", f"/api/v1{at}", files=plain)
        assert answer.status_code == 404, stranger
        assert year.by(stranger).ask("GET", f"/api/v1{at}").status_code == 404, stranger
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = b"<row><c><v>1</v></c></row>" * 2_000_000
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>")
        archive.writestr("xl/workbook.xml", b'<workbook><sheets><sheet name="a" sheetId="1"/></sheets></workbook>')
    for name, data in (
        ("bomb.xlsx", out.getvalue()),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 100),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\xff" * 2_000),
        ("nul.csv", b"5201,\0,1"),
        ("wide.csv", "5201,1".encode("utf-16")[:-1]),
        ("huge.csv", b"5201," + b"9" * 200_000),
        ("quote.csv", b'"' + b"a" * 200_000),
        ("empty.csv", b""),
    ):
        answer = year.author.ask("POST", f"/api/v1{at}", files={"file": (name, data, "application/octet-stream")})
        assert answer.status_code in (400, 413, 422), (name, answer.status_code)
    big = {"file": ("big.csv", b"5201,1\n" * 400_000, "text/csv")}
    assert year.author.ask("POST", f"/api/v1{at}", files=big).status_code == 413
    assert year.kept() == []


def test_a_workbook_runs_nothing_that_somebody_named(year: Year) -> None:
    """Accounts are named by people, the site too; only the sums of the sheet's own are formulas."""
    for code, name in (("5202", "=cmd|' /C calc'!A0"), ("5203", "@SUM(A1)"), ("5204", "https://evil.example")):
        assert patch(year, "account", year.accounts[code], {"name": name}).status_code == 200
    year.put(year.cell("5201", 1, text="1000"))
    answer = year.author.ask("GET", f"/api/v1/budgeting/sheet/{year.id}")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    formulas = re.findall(r"<f>(.*?)</f>", text)
    assert formulas
    assert all(re.fullmatch(r"SUM\([A-Z0-9:,]+\)", one) for one in formulas)
    assert "<hyperlinks>" not in text
