"""Reports of how things stand: heads against actual and certificates held, on the last day of the period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Grouping, Measure, Report
from dougong.testing.clients import Running
from dougong.testing.clock import Clock
from dougong.words import translator
from dougong_hr.organisation.records import Certificate, Position

from .conftest import TODAY, Organisation

_ = translator("dougong_hr")


def _figures(platform: Running, o: Organisation, name: str, who: str = "hr", **asked: str) -> dict[str, Any]:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    answer = platform.program(o.company, who).get(f"/api/v1/reports/hr/{name}?{query}")
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def _values(said: dict[str, Any]) -> dict[str, Any]:
    return {name: one["value"] for name, one in said["total"].items()}


def _rows(platform: Running, o: Organisation, address: str) -> int:
    path = address.removeprefix(f"http://{o.company.slug}")
    answer = platform.program(o.company, "hr").get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return len(answer.json()["results"])


def test_heads_against_actual(organisation: Organisation, platform: Running, clock: Clock) -> None:
    o = organisation
    o.post("P1", "n1", headcount=2, key=True, department="engineering")
    o.post("P2", "n2", headcount=1)
    for code in ("E1", "E2", "E3"):
        o.hire(code)
    o.seat("E1", "P1")
    o.seat("E2", "P1", kind="acting", until=TODAY + dt.timedelta(days=30))  # acts, and fills no head
    o.seat("E3", "P2", TODAY + dt.timedelta(days=10))  # still to come
    clock.move(minutes=1)
    said = _figures(platform, o, "establishment", period="this-month", by="department")
    found = _values(said)
    assert (found["heads"], found["filled"], found["missing"], found["posts"], found["key"]) == (3, 1, 2, 2, 1)
    assert found["vacant"] == 100
    groups = {one["key"]: one["figures"] for one in said["groups"]}
    assert groups["engineering"]["missing"]["value"] == 1
    (engineering,) = [one for one in said["groups"] if one["key"] == "engineering"]
    assert _rows(platform, o, engineering["records"]["missing"]) == 1
    clock.move(days=40)  # another month: what began before still stands
    later = _values(_figures(platform, o, "establishment", period="this-month", by="site"))
    assert (later["heads"], later["filled"], later["missing"]) == (3, 2, 1)


def test_certificates_held(organisation: Organisation, platform: Running, clock: Clock) -> None:
    o = organisation
    o.post("P1", "n1", headcount=5, certificates="electrician\r\n fire_operator ")
    o.post("P2", "n1", headcount=5)
    for code in ("E1", "E2", "E3"):
        o.hire(code)
        o.seat(code, "P2" if code == "E3" else "P1")
    for code, type, ends in (
        ("E1", "electrician", None),
        ("E1", "fire_operator", "2026-03-31"),
        ("E2", "electrician", None),
    ):
        body = {"employee_id": str(o.staff[code]), "type": type, "paper": f"{code}-{type}", "ends_on": ends}
        with o.company.acting(None, "hr") as x:
            x.submit(Certificate, o.company.sites["n1"], body)
    clock.move(minutes=1)
    found = _values(_figures(platform, o, "coverage", period="this-month"))
    assert found == {"required": 2, "complete": 50, "lacking": 1}
    clock.move(days=35)  # one has run out
    assert _values(_figures(platform, o, "coverage", period="this-month")) == {
        "required": 2,
        "complete": 0,
        "lacking": 2,
    }


def test_what_stands_is_not_broken_down_by_times() -> None:
    with pytest.raises(TypeError):
        Report("x", _("Posts"), Position, (Measure("n", _("Posts")),), (Grouping("month"),), standing=True)
