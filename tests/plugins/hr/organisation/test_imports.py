"""Employees and posts come in from the sheets that a company has; every bad cell is named, and nothing that is closed is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.errors import Forbidden
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong_exchange.commands import import_file
from dougong_exchange.proposing import by_headings
from dougong_exchange.targets import Targets
from dougong_hr.organisation.choices import EmployeeState, Employment
from dougong_hr.organisation.records import Certificate, Contract, Employee, Position

STAFF = "工号,姓名,项目,部门,用工方式,入职日期,试用期截止,身份证号,联系电话,月薪(元),在职状态,离职日期,离职原因"
CARDS = "工号,项目,证书类型,证书编号,发证日期,有效期至"
TERMS = "工号,项目,合同类型,合同编号,起始日期,合同到期日"
POSTS = "岗位编码,岗位名称,项目,部门,编制人数,关键岗位"
GOOD = "E1,张工,n1,工程,自有,2024/3/1,,330106199001010011,138 0000 5678,5200.00,在职,,"


def bring(
    company: Company, kind: str, path: Path, head: str, *lines: str, by: str | None = "hr", key: str = ""
) -> dict[str, Any]:
    """:param key: the column that tells one row from another; empty: its whole content does."""
    path.write_text("\n".join([head, *lines]), encoding="gb18030")
    mapping = None
    if key:
        with company.acting(by, "exchange") as x:
            mapping = by_headings(Targets(x, x.registry.resources[kind]), head.split(","), [])
        mapping.key = key

    @contextmanager
    def unit() -> Iterator[Any]:
        with company.acting(None, "exchange") as x:
            yield x

    return import_file(unit, kind, path, person=company.people[by] if by else None, mapping=mapping)


def all_of(company: Company, kind: type[Any]) -> list[Any]:
    with company.acting(None, "hr") as x:
        found = list(x.session.scalars(sa.select(kind).order_by(kind.code)))
        x.session.expunge_all()
        return found


def test_employees_come_in(company: Company, tmp_path: Path) -> None:
    left = "E2,李工,n1,工程,派遣,2023-05-01,,,13800005679,,已离职,2025-06-30,个人原因"
    out = bring(company, "hr.employee", tmp_path / "a.csv", STAFF, GOOD, left)
    assert (out["created"], out["errors"]) == (2, 0), out["faults"]
    one, gone = all_of(company, Employee)
    assert (one.name, one.employment, one.phone, one.salary) == ("张工", Employment.OWN, "13800005678", 520000)
    assert (gone.status, gone.employment, gone.left_why) == (EmployeeState.LEFT, Employment.AGENCY, "个人原因")
    assert one.person_id is None  # an account is linked here, never by a sheet
    again = bring(company, "hr.employee", tmp_path / "b.csv", STAFF, GOOD.replace("张工", "张师傅"))
    assert (again["created"], again["errors"]) == (0, 1)  # an employee number is given once
    assert [each.name for each in all_of(company, Employee)] == ["张工", "李工"]


def test_every_bad_cell_of_an_employee_is_named(company: Company, tmp_path: Path) -> None:
    bad = (
        "E3,王工,n1,没有的部门,临时,2026-02-30,,,,,在职,,",
        "E 4/坏\t,,n1,工程,自有,2024-03-01,,,,,在职,,",
        "E5,赵工,没有的项目,工程,自有,2024-03-01,,,,,在职,,",
        "E6,钱工,n1,工程,自有,2024-03-01,,1,电话,-5,在职,,",
        "E7,孙工,n1,工程,自有,2024-03-01,2023-01-01,,,,试用,,",
    )
    out = bring(company, "hr.employee", tmp_path / "a.csv", STAFF, GOOD, *bad)
    assert (out["created"], out["errors"]) == (1, 5), out["faults"]
    named = {(fault["row"], fault["column"]) for fault in out["faults"]}
    assert {(3, "部门"), (3, "用工方式"), (3, "入职日期"), (4, "工号"), (4, "姓名"), (5, "项目")} <= named
    assert {(6, "身份证号"), (6, "联系电话"), (6, "月薪(元)"), (7, "试用期截止")} <= named
    told = {fault["column"]: fault["value"] for fault in out["faults"] if fault["row"] == 6}
    assert told["联系电话"] != "电话"  # personal values are not repeated
    assert [one.code for one in all_of(company, Employee)] == ["E1"]


def test_whoever_may_not_keep_employees_brings_none(company: Company, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        bring(company, "hr.employee", tmp_path / "a.csv", STAFF, GOOD, by="service_lead_n1")
    assert all_of(company, Employee) == []


def test_posts_come_in_and_bad_ones_are_named(company: Company, tmp_path: Path) -> None:
    out = bring(
        company, "hr.position", tmp_path / "a.csv", POSTS,
        "P1,工程主管,n1,工程,1,是", "P2,维修技工,n1,工程,-1,否", "P3,,n1,工程,2,否", "P4,保安,n1,工程,两人,也许",
    )  # fmt: skip
    assert (out["created"], out["errors"]) == (1, 3), out
    named = {(fault["row"], fault["column"]) for fault in out["faults"]}
    assert {(3, "编制人数"), (4, "岗位名称"), (5, "编制人数"), (5, "关键岗位")} <= named
    (post,) = all_of(company, Position)
    assert (post.code, post.headcount, post.key, post.roles) == ("P1", 1, True, None)


def test_certificates_come_in_by_the_employees_own_number(company: Company, tmp_path: Path, clock: Clock) -> None:
    clock.at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC))
    gone = "E2,李工,n1,工程,派遣,2023-05-01,,,,,已离职,2025-06-30,个人原因"
    assert bring(company, "hr.employee", tmp_path / "a.csv", STAFF, GOOD, gone)["created"] == 2
    (one, _left) = all_of(company, Employee)
    out = bring(
        company, "hr.certificate", tmp_path / "b.csv", CARDS,
        "E1,n1,低压电工证,DG-01,2021/3/1,2027-02-28", f"{one.number},n1,消防设施操作员证,XF-02,,",
        "E9,n1,低压电工证,DG-03,,2027-02-28", "E1,n1,没有的证,DG-04,,2027-02-28", "E1,n1,低压电工证,DG-05,2026-03-01,2025-03-01",
    )  # fmt: skip
    assert (out["created"], out["errors"]) == (2, 3), out["faults"]
    assert {(4, "工号"), (5, "证书类型"), (6, "有效期至")} <= {(fault["row"], fault["column"]) for fault in out["faults"]}
    with company.acting(None, "hr") as x:
        cards = {card.paper: card for card in x.session.scalars(sa.select(Certificate))}
        assert {card.employee_id for card in cards.values()} == {one.id}
        assert cards["DG-01"].title == "张工 · 低压电工证"
        assert cards["DG-01"].ends_by == dt.datetime(2027, 2, 28, 16, tzinfo=dt.UTC), "it is watched from now on"
        assert cards["XF-02"].ends_by is None


def test_contracts_come_in_and_nobody_is_found_whom_one_may_not_see(company: Company, tmp_path: Path) -> None:
    company.add_person("hr_s1", ("hr", "s1"))
    assert bring(company, "hr.employee", tmp_path / "a.csv", STAFF, GOOD)["created"] == 1
    row = "E1,{site},固定期限,HT-1,2024-03-01,2027-02-28"
    unseen = bring(company, "hr.contract", tmp_path / "b.csv", TERMS, row.format(site="s1"), by="hr_s1")
    unknown = bring(company, "hr.contract", tmp_path / "b.csv", TERMS, row.format(site="s1").replace("E1", "E8"), by="hr_s1")
    assert [f["reason"] for f in unseen["faults"]] == [f["reason"] for f in unknown["faults"]]
    assert unseen["errors"] == unknown["errors"] == 1
    assert bring(company, "hr.contract", tmp_path / "c.csv", TERMS, row.format(site="n1"))["created"] == 1
    with company.acting(None, "hr") as x:
        (kept,) = x.session.scalars(sa.select(Contract))
        assert (kept.paper, str(kept.ends_on)) == ("HT-1", "2027-02-28")


@pytest.mark.parametrize("key", ["", "工号"])
def test_a_salary_is_not_guessed_by_bringing_the_same_row(company: Company, tmp_path: Path, key: str) -> None:
    """Human resources of one project, who only read the names of another: right or wrong, they are told the same."""
    company.add_person("hr_n1", ("hr", "n1"), ("project_manager", "s1"))
    there = GOOD.replace(",n1,", ",s1,")

    def brought(row: str, by: str) -> dict[str, Any]:
        return bring(company, "hr.employee", tmp_path / "a.csv", STAFF, row, by=by, key=key)

    assert brought(there, "hr")["created"] == 1
    wrong = brought(there.replace("5200.00", "5201.00"), "hr_n1")
    right = brought(there, "hr_n1")
    assert (wrong["skipped"], wrong["errors"]) == (0, 1)
    assert {**right, "run": ""} == {**wrong, "run": ""}
    assert brought(there, "hr")["skipped"] == 1, "who may read it is told that it is there"
    assert [one.salary for one in all_of(company, Employee)] == [520000]
