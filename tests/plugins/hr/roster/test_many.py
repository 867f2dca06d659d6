"""A site of hundreds: everybody stands in the month, a page at a time, and what is chosen on a page is saved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from dougong import make_many
from dougong.web.inputs import FIELDS_LIMIT
from dougong_hr.organisation.records import Employee
from dougong_hr.roster import cells
from dougong_hr.roster.pages import PEOPLE
from dougong_hr.roster.records import Roster

from .conftest import day

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import Month

MANY = 230
BOX = re.compile(r'name="cell" value="([^"]+)"')


@pytest.fixture
def crowd(month: Month) -> Month:
    with month.company.acting(None, "hr") as x:
        site = month.company.sites["n1"]
        rows = [
            {"name": f"员工{n:03d}", "department": "engineering", "hired_on": day(1), "employment": "own", "code": f"Z{n:03d}"}
            for n in range(MANY)
        ]
        make_many(x, Employee, [(site, row) for row in rows])
    return month


def test_everybody_stands_in_the_month_and_the_last_is_set_and_copied(crowd: Month) -> None:
    with crowd.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, crowd.roster))
        people = cells.staff(x, book)
        assert len(people) == MANY + 3
        crowd.staff["last"] = people[-1].id
    assert crowd.put("last", [2], crowd.early) == 1
    with crowd.company.acting(None, "hr") as x:
        book = x.session.get_one(Roster, (x.tenant, crowd.roster))
        assert cells.copy(x, book, day(9), day(15), 7) == 1


def test_a_whole_page_is_saved_at_once_and_none_asks_more_than_a_form_holds(crowd: Month, platform: Running) -> None:
    screen = platform.browser(crowd.company, "project_manager_n1")
    seen: list[str] = []
    for start in range(0, MANY + 3, PEOPLE):
        text = screen.get(f"/hr/month/{crowd.roster}?from={start}").text
        boxes = BOX.findall(text)
        assert len(boxes) + 10 < FIELDS_LIMIT
        seen += boxes
        last = text
    assert len(seen) == len(set(seen)) == (MANY + 3) * 31
    assert "233" in last
    answer = screen.post(f"/hr/month/{crowd.roster}?from={PEOPLE * 4}", {"cell": boxes, "set": str(crowd.early)})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"?from={PEOPLE * 4}")
    with crowd.company.acting(None, "hr") as x:
        assert len(cells.turns(x, x.session.get_one(Roster, (x.tenant, crowd.roster)))) == len(boxes)


@pytest.mark.parametrize("start", ["x", "-1", "1234567", "１"])
def test_a_start_that_is_none_is_refused(month: Month, platform: Running, start: str) -> None:
    assert platform.browser(month.company, "project_manager_n1").get(f"/hr/month/{month.roster}?from={start}").status_code == 400
