"""Lines of minutes become tasks: what is recognised, what is asked for again, all or none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import new_id
from dougong_tasks.assigned import lines
from dougong_tasks.assigned.choices import Source
from dougong_tasks.assigned.records import Task
from hypothesis import given
from hypothesis import strategies as st

from .conftest import DIRECTOR, LEAD, MANAGER, TECH

if TYPE_CHECKING:
    from .conftest import Office

MONDAY = dt.date(2026, 3, 2)
WANG, LI = new_id(), new_id()
PEOPLE = {"王强": WANG, "工程主管": LI}


@pytest.mark.parametrize(
    ("line", "title", "owner", "day"),
    [
        ("1. 清理3号楼消防通道，王强，3月5日前完成", "清理3号楼消防通道", WANG, "2026-03-05"),
        ("（2）检修水泵 工程主管 2026-03-10", "检修水泵", LI, "2026-03-10"),
        ("检修水泵\t2026/3/10\t王强", "检修水泵", WANG, "2026-03-10"),
        ("| 责任人：王强 | 张贴通知 | 下周一 |", "张贴通知", WANG, "2026-03-09"),
        ("张贴通知；责任人：王强；期限：周五", "张贴通知", WANG, "2026-03-06"),
        ("- 给王强配钥匙", "给王强配钥匙", None, None),
        ("写总结，明天，王强", "写总结", WANG, "2026-03-03"),
        ("写总结，1月5日", "写总结", None, "2026-01-05"),
        ("写总结，12月30日", "写总结", None, "2026-12-30"),
        ("写总结，13月30日", "写总结，13月30日", None, None),
        ("写总结，李四", "写总结，李四", None, None),
        ("王强，3月5日", "", WANG, "2026-03-05"),
    ],
)
def test_what_a_line_says(line: str, title: str, owner: UUID | None, day: str | None) -> None:
    [row] = lines.read(line, PEOPLE, MONDAY)
    assert (row.title, row.owner, row.deadline and str(row.deadline)) == (title, owner, day)


def test_a_day_of_the_turn_of_the_year_is_meant_of_the_next() -> None:
    assert lines.day("1月5日", dt.date(2026, 12, 20)) == dt.date(2027, 1, 5)
    assert lines.day("本周一", dt.date(2026, 3, 4)) == MONDAY
    assert lines.day("周一", dt.date(2026, 3, 4)) == dt.date(2026, 3, 9)


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read(text: str) -> None:
    found = lines.read(text, PEOPLE, MONDAY)
    assert len(found) <= len(text.splitlines())
    assert all(len(one.title) <= lines.LONGEST for one in found)


def pasted(office: Office, text: str, **over: str) -> dict[str, str]:
    return {
        "site": str(office.sites["n1"]), "source": "meeting", "occasion": "项目周例会", "reference": "HY-2026-09",
        "criteria": "按要求落实", "text": text, **over,
    }  # fmt: skip


def tasks(office: Office) -> list[Task]:
    with office.company.acting(None, "tasks") as x:
        return list(x.session.scalars(sa.select(Task).order_by(Task.number)))


def test_lines_become_tasks_in_one_go(office: Office) -> None:
    screen = office.screen(MANAGER)
    assert "/tasks/minutes" in screen.get("/tasks/task").text
    form = screen.get("/tasks/minutes")
    assert form.status_code == 200
    text = f"清理消防通道，{LEAD}，3月5日\n检修水泵，{TECH}，2026-03-10\n写总结"
    look = screen.post("/tasks/minutes/look", pasted(office, text))
    assert look.status_code == 200
    assert look.text.count('name="tasks.') == 9
    rows = {
        "tasks.0.title": "清理消防通道", "tasks.0.owner_id": str(office.people[LEAD]), "tasks.0.deadline": "2026-03-05",
        "tasks.1.title": "检修水泵", "tasks.1.owner_id": str(office.people[TECH]), "tasks.1.deadline": "2026-03-10",
        "tasks.2.title": "写总结", "tasks.2.owner_id": "", "tasks.2.deadline": "",
    }  # fmt: skip
    head = {name: value for name, value in pasted(office, "").items() if name != "text"}
    fewer = screen.post("/tasks/minutes", {**head, **rows, "remove": "2"})
    assert fewer.text.count('name="tasks.') == 6
    more = screen.post("/tasks/minutes", {**head, **rows, "add": "1"})
    assert more.text.count('name="tasks.') == 12
    for name in ("tasks.2.title", "tasks.2.owner_id", "tasks.2.deadline"):
        rows.pop(name)
    done = screen.post("/tasks/minutes", {**head, **rows})
    assert done.status_code == 303, done.text
    made = tasks(office)
    assert [(t.title, t.owner_id, str(t.deadline)) for t in made] == [
        ("清理消防通道", office.people[LEAD], "2026-03-05"),
        ("检修水泵", office.people[TECH], "2026-03-10"),
    ]
    assert {(t.source, t.occasion, t.reference, t.criteria) for t in made} == {
        (Source.MEETING, "项目周例会", "HY-2026-09", "按要求落实")
    }
    assert {t.assigner_id for t in made} == {office.people[MANAGER]}
    assert (LEAD, "assigned") in office.told(made[0].id)  # each is told of theirs


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("post", ["工程主管", "Engineering lead"])
def test_a_post_is_known_in_both_languages(office: Office, language: str, post: str) -> None:
    screen = office.screen(MANAGER)
    screen.get("/tasks/minutes")
    look = screen.post(
        "/tasks/minutes/look", pasted(office, f"检修水泵|{post}|2026-03-10"), headers={"accept-language": language}
    )
    assert f'value="{office.people[LEAD]}" selected' in look.text


def test_a_line_that_cannot_be_read_stops_all_and_is_named(office: Office) -> None:
    screen = office.screen(MANAGER)
    screen.get("/tasks/minutes")
    head = {name: value for name, value in pasted(office, "").items() if name != "text"}
    good = {"tasks.0.title": "好", "tasks.0.owner_id": str(office.people[LEAD]), "tasks.0.deadline": "2026-03-05"}
    for name, value in (
        ("owner_id", ""),
        ("owner_id", "x"),
        ("deadline", "2020-01-01"),
        ("deadline", "不知道"),
        ("title", ""),
    ):
        bad = {"tasks.1.title": "坏", "tasks.1.owner_id": str(office.people[LEAD]), "tasks.1.deadline": "2026-03-05"}
        answer = screen.post("/tasks/minutes", {**head, **good, **bad, f"tasks.1.{name}": value})
        assert answer.status_code == 422, (name, value)
        assert f"#tasks.1.{name}" in answer.text or f"tasks.1.{name}" in answer.text
        assert "好" in answer.text
    assert screen.post("/tasks/minutes", head).status_code == 422  # none at all
    assert screen.post("/tasks/minutes/look", pasted(office, "  \n ")).status_code == 200
    assert "textarea" in screen.post("/tasks/minutes/look", pasted(office, "一条\n" * 51)).text
    for site in ("", "x", str(office.sites["s1"]), str(new_id())):
        assert screen.post("/tasks/minutes/look", pasted(office, "一条", site=site)).status_code == 404
        assert screen.post("/tasks/minutes", {**head, **good, "site": site}).status_code == 404
    assert tasks(office) == []
    assert office.screen(TECH).get("/tasks/minutes").status_code == 404  # who assigns nothing


@pytest.mark.parametrize("source", [one.value for one in Source])
def test_each_source_is_kept_with_its_reference(office: Office, source: str) -> None:
    t = office.task(office.assign(source=source, occasion="来函", reference="函〔2026〕8号"))
    assert (t.source.value, t.occasion, t.reference) == (source, "来函", "函〔2026〕8号")
    found = office.program(MANAGER).get("/api/v1/tasks/task?q=函〔2026〕8号").json()
    assert [one["number"] for one in found["results"]] == [t.number]


def wanted(office: Office, *owners: str, **over: Any) -> dict[str, Any]:
    rows = [
        {"title": f"第{n}条", "owner_id": str(office.people[who]), "deadline": "2026-03-09"}
        for n, who in enumerate(owners)
    ]
    return {
        "site": str(office.sites["n1"]),
        "source": "client",
        "reference": "函8号",
        "criteria": "落实",
        "tasks": rows,
        **over,
    }


def test_programs_hand_in_many_tasks_at_once(office: Office) -> None:
    program = office.program(MANAGER)
    answer = program.api("POST", "/tasks/minutes", wanted(office, LEAD, TECH), key="one")
    assert answer.status_code == 201, answer.text
    assert [one["number"] for one in answer.json()["tasks"]] == [t.number for t in tasks(office)]
    again = program.api("POST", "/tasks/minutes", wanted(office, LEAD, TECH), key="one")
    assert again.json() == answer.json()
    assert len(tasks(office)) == 2
    wrong = program.api("POST", "/tasks/minutes", wanted(office, LEAD, MANAGER, DIRECTOR, MANAGER))
    assert wrong.status_code == 422
    assert {"tasks.1.owner_id", "tasks.3.owner_id"} <= {one["path"] for one in wrong.json()["errors"]}
    for body in (
        wanted(office), wanted(office, LEAD, site=str(office.sites["s1"])), wanted(office, LEAD, source="nobody"),
        wanted(office, LEAD, reference="字" * 201), wanted(office, LEAD, tasks=[{}]), {}, wanted(office, LEAD, extra=1),
    ):  # fmt: skip
        assert program.api("POST", "/tasks/minutes", body).status_code == 422, body
    assert len(tasks(office)) == 2
