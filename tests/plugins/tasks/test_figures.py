"""What is counted of tasks, and what the section of tasks says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dougong import Question, figures_within
from dougong_tasks.assigned.resource import handling
from dougong_tasks.upward.records import SiteReport
from dougong_tasks.upward.sheet import of_site

from .conftest import LEAD, MANAGER, TECH

if TYPE_CHECKING:
    from .conftest import Office


def lived(office: Office) -> None:
    """One signed in time, one done late, one overdue, one at another site."""
    for who, days in ((LEAD, 3), (TECH, 1), (LEAD, 1)):
        id = office.assign(to=who, due=days, source="meeting" if who == TECH else "leader")
        office.take(who, id, "accept")
        if days == 3:
            office.take(who, id, "report", result="完成")
            office.take(MANAGER, id, "sign")
        elif who == TECH:
            late = id
    office.assign("project_manager_s1", "engineering_lead_s1", "s1", due=9)
    office.clock.through(days=2, of=office.company)
    office.take(TECH, late, "report", result="晚了")


def test_tasks_done_and_late_are_counted(office: Office) -> None:
    lived(office)
    found = office.program(MANAGER).get("/api/v1/tasks/task?tab=all").json()["results"]
    assert len(found) == 3
    with office.company.acting(MANAGER, "tasks") as x:
        start = office.clock.now.replace(day=1, hour=0)
        [counted] = figures_within(x, [Question(handling, start, office.clock.now)])
        values = {one.name: counted.value(one) for one in handling.measures}
        assert values == {"volume": 3, "signed": 1, "overdue_now": 1, "in_time": 100 / 3}
        for name, of in (("source", {"leader": 2, "meeting": 1}), ("site", {str(office.sites["n1"]): 3})):
            [grouped] = figures_within(x, [Question(handling, start, office.clock.now, by=name)])
            assert {one.key: grouped.value(handling.measures[0], one) for one in grouped.groups} == of


def test_the_section_of_tasks_says_what_is_late(office: Office) -> None:
    lived(office)
    id = office.begin(day="2026-03-02")
    with office.company.acting(MANAGER, "tasks") as x:
        [one] = [s for s in of_site(x, x.get(SiteReport, id)).sections if s["key"] == "tasks.tasks"]
    assert [(f["value"], f["bad"]) for f in one["figures"]] == [(3, False), (1, False), (1, True), ("33.3", False)]
    assert "1" in one["sentence"]
    assert not one["client"]
    screen = office.screen(MANAGER)
    for f in one["figures"]:
        assert screen.get(f["href"]).status_code == 200
