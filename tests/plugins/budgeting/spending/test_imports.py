"""Actuals from the bookkeeping program's file: it maps itself, each row is judged by itself, and none counts twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from dougong import Failed, Forbidden, Invalid
from dougong_budgeting.spending.balances import Planned, close_month, open_balances
from dougong_budgeting.spending.records import Actual, Balance, Month
from dougong_exchange import taking_in
from dougong_exchange.commands import import_file
from hypothesis import given

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

HEAD = "凭证号,日期,科目编码,摘要,金额"
MANAGER = "project_manager_n1"
PLAN = (
    Planned("5201", [1_000_00] * 12, "hard"),
    Planned("5205", [1_000_00] * 12, "soft"),
    Planned("4001", [0] * 12, "none"),
)
GOOD = (
    "记-0001,2026-01-08,5201,水泵维修,300.00",
    '记-0001,2026-01-08,5205,电费,"1,200.50"',
    "记-0001,2026/2/8,5201,阀门,￥80",
)


class Books:
    def __init__(self, company: Company, folder: Path) -> None:
        self.company, self.folder = company, folder
        with company.acting(None, "budgeting") as x:
            open_balances(x, company.sites["n1"], 2026, PLAN)

    @contextmanager
    def unit(self) -> Iterator[Any]:
        with self.company.acting(None, "exchange") as x:
            yield x

    def bring(self, *rows: str, who: str | None = MANAGER, dry: bool = False, head: str = HEAD) -> dict[str, Any]:
        path = self.folder / "凭证.csv"
        path.write_text("\n".join([head, *rows]), encoding="gb18030")
        person = self.company.people[who] if who else None
        return import_file(self.unit, "budgeting.actual", path, person=person, dry=dry)

    def spent(self, account: str = "5201", period: int = 0) -> int:
        with self.company.acting(None, "budgeting") as x:
            here = (
                Balance.tenant_id == x.tenant,
                Balance.account == account,
                Balance.period == period,
                Balance.year == 2026,
            )
            return x.session.scalars(sa.select(Balance.spent).where(*here)).one()

    def actuals(self) -> list[Actual]:
        with self.company.acting(None, "budgeting") as x:
            found = list(
                x.session.scalars(sa.select(Actual).where(Actual.tenant_id == x.tenant).order_by(Actual.number))
            )
            x.session.expunge_all()
            return found


@pytest.fixture
def books(company: Company, clock: Clock, tmp_path: Path) -> Books:
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    return Books(company, tmp_path)


def test_an_export_of_a_bookkeeping_program_maps_itself(books: Books) -> None:
    out = books.bring(*GOOD)
    assert (out["created"], out["errors"]) == (3, 0), out
    assert [(a.document, a.account, a.amount, a.month) for a in books.actuals()] == [
        ("记-0001", "5201", 300_00, 1), ("记-0001", "5205", 1200_50, 1), ("记-0001", "5201", 80_00, 2),
    ]  # fmt: skip
    assert (books.spent(), books.spent("5205"), books.spent("5201", 1)) == (380_00, 1200_50, 300_00)


def test_checking_takes_nothing(books: Books) -> None:
    out = books.bring(*GOOD, dry=True)
    assert (out["created"], out["errors"]) == (3, 0), out
    assert books.actuals() == []
    assert (books.spent(), books.spent("5205")) == (0, 0)


def test_the_same_file_again_is_skipped_and_a_changed_row_refused(books: Books) -> None:
    books.bring(*GOOD)
    again = books.bring(*GOOD)
    assert (again["created"], again["skipped"], again["errors"]) == (0, 3, 0), again
    changed = books.bring(GOOD[0].replace("300.00", "301.00"), *GOOD[1:])
    assert (changed["created"], changed["skipped"], changed["errors"]) == (0, 2, 1), changed
    assert (changed["faults"][0]["column"], changed["faults"][0]["value"]) == ("凭证号", "记-0001")
    assert books.spent() == 380_00


BAD = (
    ("记-2,2026-01-08,5201,红字,-80", "金额"),
    ("记-2,2026-01-08,5201,科学,1e30", "金额"),
    ("记-2,2026-01-08,5201,大数,1E+14", "金额"),
    ("记-2,2026-01-08,5201,文字,八十元整", "金额"),
    ("记-2,2026-01-08,5201,分厘,80.001", "金额"),
    ("记-2,2026-01-08,5201,空,", "金额"),
    ("记-2,2026-01-08,5201,零,0", "金额"),
    ("记-2,2026-02-30,5201,日期,80", "日期"),
    ("记-2,2026-04-01,5201,将来,80", "日期"),
    ("记-2,2026-01-08,1002,银行存款,80", "科目编码"),
    (",2026-01-08,5201,无号,80", "凭证号"),
    ("记-2,2026-01-08,5201,,80", "摘要"),
)


def test_bad_cells_are_named_and_the_other_rows_come_in(books: Books) -> None:
    out = books.bring(GOOD[0], *(row for row, _column in BAD), GOOD[1])
    assert (out["created"], out["errors"]) == (2, len(BAD)), out
    assert [(f["row"], f["column"]) for f in out["faults"]] == [(n, column) for n, (_row, column) in enumerate(BAD, 3)]
    assert books.spent() == 300_00


def test_beyond_a_hard_stop_the_row_is_refused_in_words_and_takes_nothing(books: Books) -> None:
    rows = ("记-1,2026-01-08,5201,维修,11900", "记-2,2026-02-08,5201,维修,101", "记-3,2026-03-08,5201,维修,100")
    dry = books.bring(*rows, dry=True)
    assert (dry["created"], dry["errors"]) == (2, 1), dry
    assert "100.00" in dry["faults"][0]["reason"]
    out = books.bring(*rows)
    assert (out["created"], out["errors"]) == (2, 1), out
    assert books.spent() == 12_000_00


def test_where_months_are_limits_a_refused_month_leaves_the_year(books: Books) -> None:
    books.company.settings("budgeting", spending_period="month")
    out = books.bring("记-1,2026-01-08,5201,维修,1000.01", "记-2,2026-01-08,5201,维修,1000")
    assert (out["created"], out["errors"]) == (1, 1), out
    assert "2026-01" in out["faults"][0]["reason"]
    assert (books.spent(), books.spent("5201", 1)) == (1_000_00, 1_000_00)


def test_a_closed_month_takes_no_row(books: Books) -> None:
    with books.company.acting(None, "budgeting") as x:
        january = x.session.scalars(sa.select(Month).where(Month.tenant_id == x.tenant, Month.month == 1)).one()
        close_month(x, january, True)
    out = books.bring(GOOD[0], GOOD[2])
    assert (out["created"], out["errors"]) == (1, 1), out
    assert "2026-01" in out["faults"][0]["reason"]
    assert books.spent() == 80_00


def test_lines_of_one_voucher_for_the_same_account_are_each_posted(books: Books) -> None:
    rows = (GOOD[0], GOOD[0].replace("水泵", "电机"), GOOD[0], GOOD[2])  # the third is the first word for word
    dry = books.bring(*rows, dry=True)
    assert (dry["created"], dry["skipped"], dry["errors"]) == (4, 0, 0), dry
    out = books.bring(*rows)
    assert (out["created"], out["skipped"], out["errors"]) == (4, 0, 0), out
    assert [(a.text, a.line) for a in books.actuals()] == [
        ("水泵维修", 1),
        ("电机维修", 2),
        ("水泵维修", 3),
        ("阀门", 1),
    ]
    assert books.spent() == 980_00
    for again in (rows, rows[::-1], rows[1:], rows[:2]):
        out = books.bring(*again)
        assert (out["created"], out["skipped"], out["errors"]) == (0, len(again), 0), out
    assert books.spent() == 980_00


def test_a_line_that_was_changed_afterwards_is_refused_and_one_more_is_let_in(books: Books) -> None:
    rows = (GOOD[0], GOOD[0].replace("水泵", "电机"))
    books.bring(*rows)
    out = books.bring(rows[0], rows[1].replace("300.00", "310.00"))
    assert (out["created"], out["skipped"], out["errors"]) == (0, 1, 1), out
    assert out["faults"][0]["column"] == "凭证号"
    out = books.bring(*rows, GOOD[0].replace("水泵", "风机"))
    assert (out["created"], out["skipped"], out["errors"]) == (1, 2, 0), out
    assert books.spent() == 900_00


def test_the_number_of_a_line_may_stand_in_the_file(books: Books) -> None:
    head = HEAD + ",分录号"
    out = books.bring(GOOD[0] + ",2", GOOD[0] + ",5", GOOD[0] + ",5", GOOD[0] + ",-1", GOOD[0] + ",x", head=head)
    assert (out["created"], out["errors"]) == (2, 2), out  # the same number with the same content is the same row again
    assert out["skipped"] + out["errors"] == 3
    assert sorted(a.line for a in books.actuals()) == [2, 5]
    out = books.bring(GOOD[0].replace("300", "301") + ",5", head=head)
    assert (out["created"], out["errors"]) == (0, 1), out
    assert books.bring(GOOD[0] + ",5", GOOD[0] + ",2", head=head)["skipped"] == 2
    assert books.spent() == 600_00


def test_what_was_posted_by_hand_is_the_whole_document(books: Books) -> None:
    body = {"account": "5201", "posted_on": "2026-01-08", "amount": 600_00, "document": "记-0001", "text": "维修"}
    with books.company.acting(MANAGER, "budgeting") as x:
        x.submit(Actual, books.company.sites["n1"], body)
    out = books.bring(GOOD[0], GOOD[0].replace("水泵", "电机"))
    assert (out["created"], out["errors"]) == (0, 2), out
    books.bring(GOOD[2], GOOD[2].replace("阀门", "水管"))
    with pytest.raises(Invalid), books.company.acting(MANAGER, "budgeting") as x:
        x.submit(Actual, books.company.sites["n1"], {**body, "posted_on": "2026-02-09"})
    assert books.spent() == 760_00


def test_lines_are_counted_over_the_blocks_of_a_long_file(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "ROWS", 3)
    rows = [GOOD[0].replace("300.00", "1.00")] * 4 + [f"记-0001,2026-01-08,5201,第{n}项,2.00" for n in range(4)]
    assert books.bring(*rows)["created"] == 8
    assert sorted(a.line for a in books.actuals()) == list(range(1, 9))
    assert books.bring(*rows)["skipped"] == 8
    assert books.spent() == 12_00


LINE = st.tuples(
    st.sampled_from(("1", "2")), st.sampled_from(("2026-01-08", "2026-01-20", "2026-02-03")),
    st.sampled_from(("5201", "5205")), st.sampled_from(("甲", "乙")), st.integers(1, 3),
)  # fmt: skip
NAMES = itertools.count()


@given(lines=st.lists(LINE, min_size=1, max_size=9), data=st.data())
@hypothesis.settings(
    max_examples=12, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
def test_whatever_lines_a_file_has_each_is_posted_once(books: Books, lines: list[Any], data: st.DataObject) -> None:
    """All of them come in, in any order nothing of them comes in again, and an amount that was changed never does."""
    name = next(NAMES)
    rows = [f"记{name}-{v},{day},{account},{text},{amount}" for v, day, account, text, amount in lines]
    before = books.spent() + books.spent("5205")
    total = before + 100 * sum(line[4] for line in lines)
    assert books.bring(*rows)["created"] == len(rows)
    assert books.spent() + books.spent("5205") == total
    again = books.bring(*data.draw(st.permutations(rows)))
    assert (again["skipped"], again["errors"]) == (len(rows), 0), again
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = books.bring(*rows[:at], rows[at] + ".5", *rows[at + 1 :])
    assert (changed["created"], changed["errors"]) == (0, 1), changed
    assert books.spent() + books.spent("5205") == total


def test_a_soft_stop_asks_for_a_reason_and_takes_it_from_the_file(books: Books) -> None:
    row = "记-1,2026-01-08,5205,电费,12000.01"
    assert books.bring(row)["errors"] == 1
    assert books.bring(row + ",电价上调", head=HEAD + ",原因")["created"] == 1


def test_an_emergency_is_posted_by_hand(books: Books) -> None:
    out = books.bring(GOOD[0] + ",是,爆管", head=HEAD + ",紧急,原因")
    assert out["errors"] == 1 or not any(a.emergency for a in books.actuals())


@pytest.mark.parametrize("who", ["client_n1", "technician_n1", "project_manager_s1"])
def test_whoever_may_not_post_imports_nothing(books: Books, who: str) -> None:
    with contextlib.suppress(Failed, Forbidden):  # not even the file is taken
        assert books.bring(GOOD[0] + ",n1", who=who, head=HEAD + ",项目")["created"] == 0
    assert books.actuals() == []


def test_finance_imports_for_all_sites(books: Books) -> None:
    out = books.bring(GOOD[0] + ",n1", GOOD[1] + ",s1", who="finance", head=HEAD + ",项目")
    assert (out["created"], out["errors"]) == (1, 1), out  # s1 has no budget
