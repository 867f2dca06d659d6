"""Items: what may be said of each, what an answer means, and how much of it is enough."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from dougong.errors import Invalid
from dougong_inspections import items
from dougong_inspections.choices import Outcome
from hypothesis import given
from hypothesis import strategies as st

REVISION = UUID(int=7)
FINITE = st.floats(-1e9, 1e9, allow_nan=False)


def only(**item: Any) -> items.AnyItem:
    return items.read([{"id": "a", "text": "A", **item}])[0]


def said(item: items.AnyItem, **answer: Any) -> Any:
    return items.check([item], REVISION, {"a": answer}, "answers")["a"]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), FINITE)
def test_a_number_passes_exactly_between_its_limits(one: float, other: float, value: float) -> None:
    low, high = sorted((one, other))
    item = only(type="number", low=low, high=high)
    expected = Outcome.PASS if low <= value <= high else Outcome.FAIL
    assert items.outcome(item, said(item, value=value)) is expected


@given(FINITE)
def test_a_number_without_limits_always_passes(value: float) -> None:
    item = only(type="number")
    assert items.outcome(item, said(item, value=value)) is Outcome.PASS


@given(st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=4), min_size=2, max_size=8, unique=True), st.data())
def test_of_options_exactly_those_fail_that_are_said_to(options: list[str], data: st.DataObject) -> None:
    failing = data.draw(st.lists(st.sampled_from(options), unique=True))
    item = only(type="option", options=options, failing=failing)
    chosen = data.draw(st.sampled_from(options))
    assert (items.outcome(item, said(item, value=chosen)) is Outcome.FAIL) is (chosen in failing)


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize("value", [True, False])
def test_yes_or_no_passes_with_the_good_answer(good: bool, value: bool) -> None:
    item = only(type="yes_no", good=good)
    assert (items.outcome(item, said(item, value=value)) is Outcome.PASS) is (good is value)


def test_not_applicable_is_neither() -> None:
    item = only(type="number", low=1)
    assert items.outcome(item, said(item, na=True)) is Outcome.NOT_APPLICABLE


def test_a_failure_that_needs_a_photo_is_not_enough_without_one() -> None:
    item = only(type="yes_no", photo_on_fail=True)
    assert set(items.lacking(item, said(item, value=False))) == {"photos", "note"}
    assert set(items.lacking(item, said(item, value=False, note="堆放杂物"))) == {"photos"}
    assert items.lacking(item, said(item, value=False, note="堆放杂物", photos=[str(REVISION)])) == {}
    assert items.lacking(item, said(item, value=True)) == {}


def test_a_photo_item_needs_as_many_as_it_says() -> None:
    item = only(type="photo", least=2)
    assert set(items.lacking(item, said(item, photos=[str(REVISION)]))) == {"photos"}
    assert not items.answered(item, said(item))


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"type": "number", "low": 5, "high": 1}, "items.0"),
        ({"type": "option", "options": ["x"]}, "items.0.options"),
        ({"type": "option", "options": ["x", "y"], "failing": ["z"]}, "items.0"),
        ({"type": "option", "options": ["x", "x"]}, "items.0"),
        ({"type": "number", "low": "nan"}, "items.0.low"),
        ({"type": "strange"}, "items.0"),
        ({"type": "yes_no", "text": ""}, "items.0.text"),
        ({"type": "yes_no", "id": "Ü"}, "items.0.id"),
        ({"type": "yes_no", "weight": -1}, "items.0.weight"),
        ({"type": "yes_no", "more": 1}, "items.0.more"),
    ],
)
def test_an_impossible_item_is_refused_with_its_path(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        items.read([{"id": "a", "text": "A", **raw}])
    assert [e.path for e in refused.value.errors] == [path]


def test_two_items_of_one_id_are_refused() -> None:
    with pytest.raises(Invalid):
        items.read([{"id": "a", "type": "text", "text": "A"}] * 2)


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(Outcome)), max_size=20))
def test_a_score_lies_between_nothing_and_a_hundred(parts: list[tuple[int, Outcome]]) -> None:
    found = items.score(parts)
    assert found is None or 0 <= found <= 100
    if parts and all(o is Outcome.PASS for _w, o in parts) and sum(w for w, _o in parts):
        assert found == 100


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda s: st.lists(s, max_size=3)))
def test_whatever_is_sent_as_an_answer_is_taken_or_refused_in_words(value: Any) -> None:
    item = only(type="option", options=["无", "有"], failing=["有"])
    if value in ("无", "有") or value is None:
        assert said(item, value=value).value == value
        return
    with pytest.raises(Invalid) as refused:
        said(item, value=value)
    assert all(e.path.startswith("answers.a") for e in refused.value.errors)
