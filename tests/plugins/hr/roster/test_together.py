"""Two who write one roster at once, on the page and over the API; who decides of a swap; a swap refused in words; and what the
roster means for the walks of inspections."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from dougong import Conflict
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Position
from dougong_hr.roster import flow
from dougong_hr.roster.choices import Absence, SwapState
from dougong_hr.roster.records import Swap
from dougong_inspections import making
from dougong_inspections.records import Plan

from tests.plugins.inspections.conftest import World as Walks

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

    from .conftest import Month

LEAD, MANAGER, OTHER_LEAD = "engineering_lead_n1", "project_manager_n1", "cleaning_lead_n1"


def cell(month: Month, who: str, n: int, seen: str = "", **what: Any) -> dict[str, Any]:
    return {"employee": str(month.staff[who]), "day": f"2026-03-{n:02}", "seen": seen, **what}


def rosters(month: Month) -> str:
    return f"/hr/rosters/{month.roster}/cells"


def test_two_at_once_over_the_api_the_second_is_told(month: Month, platform: Running) -> None:
    api = platform.program(month.company, LEAD)
    early = {"shift": str(month.early)}
    first = api.api(
        "PUT", rosters(month), {"cells": [cell(month, "wang", 2, **early), cell(month, "li", 2, absence="rest")]}
    )
    assert first.status_code == 200, first.text
    assert first.json()["changed"] == 2
    seen = {one["employee"]: one["seen"] for one in first.json()["cells"]}
    both = [cell(month, "wang", 2, shift=str(month.night)), cell(month, "wang", 3, **early)]
    second = api.api("PUT", rosters(month), {"cells": both})
    assert second.status_code == 409
    (error,) = second.json()["errors"]
    assert error["path"] == f"cells.{month.staff['wang']}.2026-03-02"
    assert "早班" in error["message"]
    assert month.stands("wang", 3) is None, "all or nothing"
    both[0]["seen"] = seen[str(month.staff["wang"])]
    assert api.api("PUT", rosters(month), {"cells": both}).json()["changed"] == 2
    assert month.stands("wang", 2) == month.night
    assert len(api.api("GET", rosters(month)).json()["cells"]) == 3


def test_the_same_set_by_two_is_no_quarrel(month: Month, platform: Running) -> None:
    api = platform.program(month.company, LEAD)
    body = {"cells": [cell(month, "wang", 2, shift=str(month.early))]}
    assert [api.api("PUT", rosters(month), body).json()["changed"] for _n in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ({"shift": str(uuid4())}, "cells.0.shift"),
        ({"shift": "morning"}, "cells.0.shift"),
        ({"absence": "holiday"}, "cells.0.absence"),
        ({"day": "2026-02-30"}, "cells.0.day"),
        ({"day": "2026-04-01"}, "cell"),
        ({"employee": str(uuid4())}, "cell"),
        ({"seen": "x" * 41}, "cells.0.seen"),
        ({"sewn": ""}, "cells.0.sewn"),
    ],
)  # fmt: skip
def test_wrong_cells_are_refused_by_their_path(month: Month, platform: Running, over: Any, path: str) -> None:
    api = platform.program(month.company, LEAD)
    answer = api.api("PUT", rosters(month), {"cells": [{**cell(month, "wang", 2), **over}]})
    assert answer.status_code == 422, answer.text
    assert [one["path"] for one in answer.json()["errors"]] == [path]


def test_twice_the_same_cell_and_both_at_once_are_refused(month: Month, platform: Running) -> None:
    api = platform.program(month.company, LEAD)
    for several in ([cell(month, "wang", 2)] * 2, [cell(month, "wang", 2, shift=str(month.early), absence="rest")], []):
        assert api.api("PUT", rosters(month), {"cells": several}).status_code == 422


def test_who_only_reads_writes_no_cell(month: Month, platform: Running) -> None:
    month.publish_with(2)
    api = platform.program(month.company, "wang")
    assert api.api("GET", rosters(month)).status_code == 200
    assert api.api("PUT", rosters(month), {"cells": [cell(month, "wang", 3)]}).status_code == 403


def test_two_at_once_on_the_page_the_second_sees_what_changed(month: Month, platform: Running) -> None:
    lead, manager = platform.browser(month.company, LEAD), platform.browser(month.company, MANAGER)
    here = f"/hr/month/{month.roster}"
    lead.get(here), manager.get(here)
    chosen = [f"{month.staff['wang']}.2026-03-02.", f"{month.staff['wang']}.2026-03-03."]
    assert lead.post(here, {"cell": chosen[:1], "set": str(month.early)}).status_code == 303
    late = manager.post(here, {"cell": chosen, "set": str(month.night)})
    assert late.status_code == 409
    assert "早班" in late.text
    assert late.text.count("stale") == 1
    assert late.text.count(" checked") == 2, "the choice is kept"
    assert month.stands("wang", 3) is None
    again = [chosen[0] + month.early.hex[-12:], chosen[1]]
    assert manager.post(here, {"cell": again, "set": str(month.night)}).status_code == 303
    assert month.stands("wang", 2) == month.night


def test_a_wrong_choice_on_the_page_is_said_there(month: Month, platform: Running) -> None:
    lead, here = platform.browser(month.company, LEAD), f"/hr/month/{month.roster}"
    lead.get(here)
    for data in ({"cell": ["x"], "set": "none"}, {"cell": [f"{uuid4()}.2026-03-02."], "set": "rest"}, {"set": "party"},
                 {"copy": "week", "week": "soon"}):  # fmt: skip
        answer = lead.post(here, data)
        assert answer.status_code == 422, data
        assert 'role="alert"' in answer.text


# ---- swaps ----


def agreed(month: Month) -> Any:
    month.put("wang", [5], month.early)
    month.put("li", [6], month.night)
    month.publish()
    with month.company.acting("wang", "hr") as x:
        id = flow.ask(x, dt.date(2026, 3, 5), month.company.people["li"], None, None).id
    month.do("li", Swap, id, "agree")
    return id


def command(month: Month) -> None:
    """Technicians report to the engineering lead, who reports to the manager; cleaning is another trade."""
    company = month.company
    with company.acting(None, "hr") as x:
        site = company.sites["n1"]

        def post(code: str, to: Any) -> Any:
            return x.create(
                Position, site, code=code, title=code, department="engineering", headcount=9, reports_to=to
            ).id

        top = post("manager", None)
        lead = post("lead", top)
        bottom, other = post("technician", lead), post("cleaning", top)
        for name, position in ((MANAGER, top), (LEAD, lead), (OTHER_LEAD, other)):
            someone = x.create(
                Employee, site, code=name, name=name, department="engineering", hired_on=dt.date(2026, 1, 1), employment="own",
                person_id=company.people[name],
            )  # fmt: skip
            holdings.take_up(x, someone.id, position, dt.date(2026, 1, 5))
        for id in month.staff.values():
            holdings.take_up(x, id, bottom, dt.date(2026, 1, 5))


def status(month: Month, id: Any) -> SwapState:
    with month.company.acting(None, "hr") as x:
        return x.session.get_one(Swap, (x.tenant, id)).status


def test_a_swap_goes_to_the_lead_of_the_trade(month: Month, platform: Running) -> None:
    command(month)
    id = agreed(month)
    with month.company.acting(None, "hr") as x:
        people = {id: name for name, id in month.company.people.items()}
        assert [people[one] for one in flow.leads(x.session.get_one(Swap, (x.tenant, id)), x)] == [LEAD]
    with pytest.raises(Conflict):
        month.do(OTHER_LEAD, Swap, id, "approve")
    assert "hr.swap_agreed" in inbox(platform, month, LEAD)
    assert "hr.swap_agreed" not in inbox(platform, month, MANAGER)
    month.do(LEAD, Swap, id, "approve")
    assert month.stands("li", 5) == month.early


def inbox(platform: Running, month: Month, name: str) -> list[str]:
    return [one["event"] for one in platform.program(month.company, name).api("GET", "/notify/inbox").json()["items"]]


def test_a_lead_who_is_party_to_it_leaves_it_to_the_next_above(month: Month) -> None:
    command(month)
    month.put("wang", [5], month.early)
    month.publish()
    with month.company.acting(None, "hr") as x:
        one = x.create(
            Swap, month.company.sites["n1"], person_id=month.company.people["wang"],
            colleague_id=month.company.people[LEAD], day=dt.date(2026, 3, 5),
        )  # fmt: skip
        people = {id: name for name, id in month.company.people.items()}
        assert [people[id] for id in flow.leads(one, x)] == [MANAGER]


def test_a_swap_asked_for_twice_is_refused_on_the_page_in_words(month: Month, platform: Running) -> None:
    month.put("wang", [5], month.early)
    month.put("li", [6], month.night)
    month.publish()
    wang, here = platform.browser(month.company, "wang"), "/hr/shifts/2026-03-05"
    wang.get(here)
    body = {"colleague_id": str(month.company.people["li"]), "colleague_day": "2026-03-06", "reason": "家里有事"}
    assert wang.post(here, body).status_code == 303
    again = wang.post(here, body)
    assert again.status_code == 409
    assert "HB-" in again.text
    assert "家里有事" in again.text, "what was typed stays"
    wrong = wang.post(here, {**body, "colleague_id": "nobody", "colleague_day": ""})
    assert wrong.status_code == 422
    assert wang.post(here, {**body, "colleague_day": "soon"}).status_code == 422


def test_a_swap_that_can_no_longer_be_says_so_on_its_page(month: Month, platform: Running) -> None:
    id = agreed(month)
    month.put("li", [5], Absence.SICK)
    lead = platform.browser(month.company, MANAGER)
    lead.get(f"/hr/swap/{id}")
    with month.company.acting(None, "hr") as x:
        version = x.session.get_one(Swap, (x.tenant, id)).row_version
    answer = lead.post(f"/hr/swap/{id}/do/approve", {"row_version": version})
    assert answer.status_code == 409
    assert "li" in answer.text
    assert status(month, id) is SwapState.AGREED


# ---- what walks make of it ----


def test_walks_go_to_whoever_is_on_shift_and_without_the_module_as_before(
    month: Month, company: Company, clock: Clock
) -> None:
    walks = Walks(company, clock)
    plan = walks.plan(post="technician", person_id=None)
    names = {id: name for name, id in company.people.items()}

    def walker(n: int, hour: int) -> str:
        moment = dt.datetime(2026, 3, n, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        with company.acting(None, "inspections") as x:
            found = making.assigned(x, x.session.get_one(Plan, (x.tenant, plan)), moment)[0]
            return names.get(found, "") if found else ""

    before = walker(2, 9)
    assert before, "whoever holds the post"
    month.put("wang", [2], month.early)
    month.put("li", [2], month.night)
    assert walker(2, 9) == before, "a draft says nothing"
    month.publish()
    assert [walker(2, 9), walker(2, 21), walker(3, 5)] == ["wang", "li", "li"], "the night is of the day it began"
    assert walker(2, 17) == "", "between the shifts nobody is named"
    with company.acting("li", "hr") as x:
        swap = flow.ask(x, dt.date(2026, 3, 2), company.people["zhao"], None, None).id
    month.do("zhao", Swap, swap, "agree")
    month.do(MANAGER, Swap, swap, "approve")
    assert walker(2, 21) == "zhao", "a swap is followed"
    company.switch("hr", False)
    assert {walker(2, 9), walker(2, 21), walker(2, 17)} == {before}
