"""A field that a company adds breaks down every report of its record; each figure opens its rows."""

from __future__ import annotations

import pytest
from dougong.tenancy.custom import CustomField

from .conftest import World
from .meters import Reading

CHOICES = [["old", "旧表"], ["new", "新表"]]


@pytest.fixture(scope="module")
def readings(world: World) -> None:
    with world.anhe.session() as session:
        session.add(
            CustomField(
                record_kind=Reading.kind, name="x_age", type="choice", title="新旧", options=CHOICES, filtered=True
            )
        )
        session.add(CustomField(record_kind=Reading.kind, name="x_own", type="bool", title="自购"))
        session.add(CustomField(record_kind=Reading.kind, name="x_note", type="text", title="备注"))
        session.add(CustomField(record_kind=Reading.kind, name="x_who", type="person", title="抄表人"))
    person = str(world.anhe.people["manager"])
    with world.anhe.acting("manager", "meters") as x:
        for age, own in (("old", True), ("old", False), ("new", None), (None, None)):
            body = {"title": f"{age}", "cost": 1, "x_age": age, "x_own": own, "x_who": person if own else None}
            x.submit(Reading, world.anhe.sites["n1"], {**body, "read_at": "2026-03-05T08:00:00+08:00"})


@pytest.mark.usefixtures("readings")
@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("x_age", {"旧表": 2, "新表": 1, "未填写": 1}),
        ("x_own", {"是": 1, "否": 1, "未填写": 2}),
        ("x_who", {"manager": 1, "未填写": 3}),
    ],
)
def test_a_report_by_a_field_of_the_company(world: World, by: str, counts: dict[str, int]) -> None:
    told = world.report("manager", "meters/costs", by=by, period="2026-03-05..2026-03-05")
    assert {g["label"]: g["figures"]["readings"]["value"] for g in told["groups"]} == counts
    for group in told["groups"]:
        for measure, link in group["records"].items():
            assert len(world.listed("manager", link)) == group["figures"][measure]["rows"], link


@pytest.mark.usefixtures("readings")
def test_what_has_many_values_is_no_grouping(world: World) -> None:
    answer = world.api("manager").api("GET", "/reports/meters/costs?by=x_note")
    assert answer.status_code == 400


@pytest.mark.usefixtures("readings")
def test_a_value_that_was_struck_from_the_choices_still_opens_its_rows(world: World) -> None:
    with world.anhe.session() as session:
        field = session.query(CustomField).filter_by(name="x_age").one()
        field.options = CHOICES[1:]
    told = world.report("manager", "meters/costs", by="x_age", period="2026-03-05..2026-03-05")
    group = next(g for g in told["groups"] if g["key"] == "old")
    assert len(world.listed("manager", group["records"]["readings"])) == 2
