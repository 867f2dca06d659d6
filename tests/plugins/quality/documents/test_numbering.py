"""Numbers and revisions follow their patterns, whatever the company writes into them."""

from __future__ import annotations

import datetime as dt

import pytest
from dougong import Conflict, Invalid
from dougong_quality.documents.clauses import STANDARDS, Standard, read_as
from dougong_quality.documents.numbering import edition, first_free, following, letters, order, render, short
from dougong_quality.documents.records import Document
from dougong_quality.documents.settings import DocumentSettings, OwnStandard, months_after
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from .conftest import MANAGER, QUALITY, World

PARTS = {"company": "AH", "system": "QEO", "department": "GC", "year": "2025", "above": "CX01"}
PATTERNS = [
    "{company}/{system}-CX-{nn}", "{company}/{system}-WI-{department}-{n}", "{company}/{system}-JL-{above}-{nnn}", "WL.{nn}+",
]  # fmt: skip


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 12))
def test_revisions_only_go_up_and_never_come_twice(changes: list[bool], most: int) -> None:
    last, seen = None, []
    for new_edition in changes:
        last = following(last, new_edition=new_edition, most=most)
        seen.append(last)
    assert [order(one) for one in seen] == sorted({order(one) for one in seen})
    assert all(order(one)[1] <= most for one in seen)
    assert seen[:1] in ([], ["A/0"])


@given(st.integers(1, 17_000))
def test_letters_are_read_back(value: int) -> None:
    assert edition(letters(value)) == value


def test_after_the_last_change_comes_the_next_edition() -> None:
    assert [following("A/0"), following("A/9"), following("Z/9")] == ["A/1", "B/0", "AA/0"]
    assert following("A/3", new_edition=True) == "B/0"


@given(st.sampled_from(PATTERNS), st.sets(st.integers(1, 1200), max_size=20))
def test_the_next_number_is_free_and_above_all_of_its_series(pattern: str, known: set[int]) -> None:
    taken = {render(pattern, PARTS, n) for n in known} | {"AH/QEO-SC-2025", "其他"}
    found = first_free(pattern, PARTS, taken)
    assert found not in taken
    assert found == render(pattern, PARTS, max(known, default=0) + 1)


@given(st.integers(0, 6))
def test_a_pattern_without_running_number_is_told_apart(count: int) -> None:
    taken: set[str] = set()
    for _n in range(count + 1):
        found = first_free("{company}/{system}-SC-{year}", PARTS, taken)
        assert found not in taken
        taken.add(found)
    assert "AH/QEO-SC-2025" in taken


def test_short_numbers_of_documents_above() -> None:
    assert [short("AH/QEO-CX-01"), short("AH/QEO-WI-GC-02"), short("自编号")] == ["CX01", "WIGC02", ""]


@pytest.mark.parametrize("pattern", ["{nn}{n}", "{other}", "{nn", "{n:03}", "{}", ""])
def test_patterns_that_cannot_be_are_refused_in_words(pattern: str) -> None:
    with pytest.raises(ValidationError):
        DocumentSettings(document_procedure=pattern)


def test_months_end_where_the_month_does() -> None:
    assert months_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert months_after(dt.date(2026, 11, 30), 12) == dt.date(2027, 11, 30)


def test_numbers_follow_level_department_and_document_above(world: World) -> None:
    first, second = world.document(), world.document(title="记录控制程序")
    assert (first.number, second.number) == ("AH/QEO-CX-01", "AH/QEO-CX-02")
    assert world.document(level="handbook", title="管理手册").number == "AH/QEO-SC-2026"
    assert world.document(level="handbook", title="方针目标").number == "AH/QEO-SC-2026-2"
    assert world.document(level="instruction", department="GC", title="电梯困人").number == "AH/QEO-WI-GC-01"
    form = world.document(level="form", title="投诉处理单", above=first.number)
    assert (form.number, form.above_id) == ("AH/QEO-JL-CX01-01", first.id)
    project = world.document(MANAGER, "n1", level="instruction", department="HJ", title="保洁", parent=first.number)
    assert project.number == "AH-N1/QEO-WI-HJ-01"


def test_numbers_of_ones_own_are_unique_and_none_is_used_twice(world: World) -> None:
    assert world.document(own_number="AH/QEO-CX-07").number == "AH/QEO-CX-07"
    with pytest.raises(Invalid) as refused:
        world.document(own_number="AH/QEO-CX-07")
    assert refused.value.errors[0].path == "own_number"
    assert world.document().number == "AH/QEO-CX-08"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"level": "instruction"}, "department"),
        ({"level": "external"}, "source"),
        ({"above": "AH/QEO-CX-99", "level": "form"}, "above"),
        ({"parent": "AH/QEO-CX-99"}, "parent"),
        ({"system": "XYZ"}, "system"),
        ({"owner_post": "nobody"}, "owner_post"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world: World, body: dict[str, str], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.document(**body)
    assert [one.path for one in refused.value.errors] == [path]
    assert world.all(Document) == []


def test_a_projects_document_needs_one_of_the_companys_above_it(world: World) -> None:
    above = world.document()
    mine = {"level": "instruction", "department": "HJ", "title": "保洁"}
    for parent in ({}, {"parent": "AH/QEO-CX-55"}):
        with pytest.raises(Invalid) as refused:
            world.document(MANAGER, "n1", **mine, **parent)
        assert refused.value.errors[0].path == "parent"
    made = world.document(MANAGER, "n1", **mine, parent=above.number)
    with pytest.raises(Invalid):  # a project's stands below the company's, not below another project's
        world.document(MANAGER, "n1", **mine, parent=made.number)
    world.do(QUALITY, Document, above.id, "withdraw", reason="停用")
    with pytest.raises((Invalid, Conflict)):
        world.document(MANAGER, "n1", **mine, parent=above.number)


# ---- standards ----


def test_the_three_standards_have_their_clauses() -> None:
    named = {
        "9001:2015": "7.2 7.5.2 7.5.3 8.2.1 8.4 8.7 9.1.2 9.1.3 9.2 9.3 10.2",
        "14001:2015": "6.1.2 6.1.3 7.5.3 8.2 9.1.2 9.2 9.3 10.2",
        "45001:2018": "5.4 6.1.2 6.1.3 7.5.3 8.1.4 8.2 9.1.2 9.2 9.3 10.2",
    }
    for key, clauses in named.items():
        assert set(clauses.split()) <= set(STANDARDS[key].clauses)


def test_a_new_edition_takes_over_what_was_answered_for_the_old_one() -> None:
    own = OwnStandard(
        name="ISO 9001:2026", clauses=["7.5.2 文件", "7.5.4 控制", "7.5.5 保存", "8.8 数据"], follows="9001:2015",
        moved=["7.5.3 → 7.5.4, 7.5.5"],
    )  # fmt: skip
    known = DocumentSettings(document_standards={"9001:2026": own}).standards()
    answers = frozenset({"9001:2015 7.5.3", "9001:2015 7.5.2", "14001:2015 8.2", "9001:2015 10.2"})
    assert read_as(known, answers, "9001:2026") == {"7.5.2", "7.5.4", "7.5.5"}
    assert read_as(known, answers, "9001:2015") == {"7.5.2", "7.5.3", "10.2"}
    assert read_as({"a": Standard("a", {"1": "x"}, "a")}, frozenset({"a 1"}), "a") == {"1"}  # it follows itself: no loop
