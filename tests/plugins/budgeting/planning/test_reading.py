"""Amounts as people write them: every cell is fen or a refusal in words, and sums follow to the fen."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from dougong import Invalid
from dougong_budgeting.planning import ledger, sheet
from dougong_budgeting.planning.basis import result
from dougong_budgeting.planning.budgets import scaled
from dougong_budgeting.planning.choices import BasisKind, Direction
from dougong_budgeting.planning.reading import MOST, Unreadable, fen, rows, yuan
from dougong_budgeting.planning.records import Basis
from hypothesis import given
from hypothesis import strategies as st

FEN = st.integers(-MOST, MOST)


@given(FEN)
def test_what_is_shown_is_read_as_the_same_amount(amount: int) -> None:
    assert fen(yuan(amount)) == amount
    assert fen(f"({yuan(amount)})" if amount > 0 else "") == (-amount if amount > 0 else 0)
    assert fen(yuan(amount).translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．"))) == amount


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(Unreadable):
        assert abs(fen(text)) <= MOST


@pytest.mark.parametrize(
    "text", ["1e30", "abc", "1,23", "12.345", "(-5)", "99999999999999", "½", "٣", "=A1+B1", "#REF!", "1" * 50]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        fen(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("", 0),
        (" – ", 0),
        ("-", 0),
        ("¥ 14,400", 1440000),
        ("（1,200.50）", -120050),
        ("12元", 1200),
        ("-3.5", -350),
        ("１４，４００", 1440000),
    ],
)
def test_amounts_as_spreadsheets_show_them(text: str, amount: int) -> None:
    assert fen(text) == amount


def test_lines_of_any_kind() -> None:
    assert rows("a\t1\r\nb\t\r\n\r\n") == [["a", "1"], ["b", ""]]


def _account(name: str, above: Any = None, direction: Direction = Direction.EXPENSE) -> Any:
    return SimpleNamespace(id=uuid4(), name=name, code=name, parent_id=above.id if above else None, direction=direction)


@given(st.lists(st.lists(FEN, min_size=12, max_size=12), min_size=1, max_size=8))
def test_a_sum_is_its_accounts_and_the_totals_are_the_sums(values: list[list[int]]) -> None:
    top = _account("top")
    middle = _account("middle", top)
    below = [_account(str(n), middle if n % 2 else top) for n in range(len(values))]
    tree = [top, middle, *below]
    given_values = {(a.id, m): v for a, months in zip(below, values, strict=True) for m, v in enumerate(months, 1)}
    sums = ledger.sums(tree, given_values)
    assert sum(sums[top.id]) == sum(map(sum, values))
    income, expense = ledger.totals(tree, given_values)
    assert (income, expense) == ([0] * 12, sums[top.id])


@given(FEN, st.integers(0, 10_000))
def test_a_share_is_off_by_half_a_fen_at_most(value: int, part: int) -> None:
    assert abs(scaled(value, part, 10_000) * 10_000 - value * part) <= 5000
    assert scaled(-value, part, 10_000) == -scaled(value, part, 10_000)


def test_area_times_rate_times_collection() -> None:
    one = Basis(
        budget_id=uuid4(),
        account_id=uuid4(),
        method=BasisKind.AREA,
        quantity=176_400_000,
        price=220,
        share=9600,
        months=0b101,
    )
    assert result(one, {})[:4] == [37_255_680, 0, 37_255_680, 0]


def test_a_sheet_names_every_bad_cell_and_takes_nothing() -> None:
    top = _account("工程")
    own = _account("电梯维保", top)
    with pytest.raises(Invalid) as wrong:
        sheet.wishes("科目\t1月\n工程\t9\n电梯维保\tx\t1e30\t5\n没有\t1", [top, own])
    assert len(wrong.value.errors) == 3
    with pytest.raises(Invalid):
        sheet.wishes("电梯维保" + "\t1" * 12 + "\t13", [top, own])
    found = sheet.wishes("科目\t1月\n工程\t9\n电梯维保" + "\t1" * 12 + "\t12", [top, own])
    assert [one.amount for one in found] == [100] * 12
