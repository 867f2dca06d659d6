"""Numbers that are tiny or huge, in filters of the company's own fields: a 4xx or an answer, and at once."""

from __future__ import annotations

import pytest

from ..cost import begin, cost
from .conftest import THINGS, World


@pytest.fixture(scope="module", autouse=True)
def fields(world: World) -> None:
    world.anhe.grant("nobody", "admin", "anhe")
    for name, kind in (("x_size", "number"), ("x_price", "money"), ("x_day", "date"), ("x_at", "moment")):
        body = {"record": "sample.thing", "name": name, "type": kind, "title": name, "filtered": True}
        assert world.api("nobody").post("/api/v1/core/fields", body).status_code == 201


@pytest.mark.parametrize("text", ["1e-999999999", "-1e-999999999", "1e999999999", "1e-20000", "0e-999999999", "0e999999999",
                                  "sNaN", "Infinity", "1" * 5000, "0." + "1" * 3000])  # fmt: skip
@pytest.mark.parametrize("name", ["x_size", "x_size.from", "x_price.to"])
def test_odd_numbers_cost_nothing(world: World, name: str, text: str) -> None:
    begun = begin()
    answer = world.api("manager").get(THINGS, params={name: text})
    assert answer.status_code in (200, 400, 422), answer.text
    assert cost(begun) < 2


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00",
                                  "2026-W01-1", "20260101", "2026-01-01T00:00:00+99:99"])  # fmt: skip
@pytest.mark.parametrize("name", ["x_day", "x_day.from", "x_at.to", "created_at.from", "created_at.to"])
def test_odd_days_are_days_or_refused(world: World, name: str, text: str) -> None:
    assert world.api("manager").get(THINGS, params={name: text}).status_code in (200, 400, 422)


@pytest.mark.parametrize("text", ["1e-999999999", "0e-999999999", "0e999999999", "-0e-400"])
def test_odd_numbers_are_no_values(world: World, text: str) -> None:
    answer = world.api("manager").post(THINGS, {"title": "t", "category": "leak", "site": "n1", "x_size": text})
    assert answer.status_code in (201, 422), answer.text
