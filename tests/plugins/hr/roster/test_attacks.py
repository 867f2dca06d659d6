"""What somebody might try with rosters: a shift swapped away twice at once, cells of strangers, days at the end of time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from dougong_hr.roster.choices import RosterState
from dougong_hr.roster.records import Roster, Swap

from .conftest import MARCH, day

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

    from .conftest import Month

CHEF = "project_manager_n1"


def test_a_shift_is_not_swapped_away_twice_at_once(month: Month, company: Company) -> None:
    month.put("wang", [5], month.early)
    month.publish()
    swaps = []
    for colleague in ("li", "zhao"):  # two that were asked for in the same moment
        with company.acting(None, "hr") as x:
            wang, other = company.people["wang"], company.people[colleague]
            made = x.create(Swap, company.sites["n1"], person_id=wang, day=day(5), colleague_id=other)
            swaps.append(made.id)
        month.do(colleague, Swap, swaps[-1], "agree")
    came: list[Any] = []

    def later() -> None:
        try:
            month.do(CHEF, Swap, swaps[1], "approve")
        except Problem as problem:
            came.append(problem)

    thread = threading.Thread(target=later)
    with company.acting(CHEF, "hr") as x:
        x.take(x.get(Swap, swaps[0]), "approve")
        x.session.flush()
        thread.start()
        thread.join(1.5)
    thread.join(20)
    assert [type(one) for one in came] in ([Conflict], [Invalid]), came
    assert (month.stands("wang", 5), month.stands("li", 5), month.stands("zhao", 5)) == (None, month.early, None)


ODD: list[dict[str, str]] = [
    {"copy": "week", "week": "9999-12-31"},
    {"copy": "week", "week": "0001-01-01"},
    {"copy": "week", "week": "2026-W10-1"},
    {"copy": "week", "week": ""},
    {"copy": "all"},
    {"set": "none", "cell": "x"},
    {"set": "none", "cell": "00000000-0000-0000-0000-000000000000.2026-03-05"},
    {"set": "none", "cell": "00000000-0000-0000-0000-000000000000.9999-12-31"},
    {"set": "nowhere", "cell": "00000000-0000-0000-0000-000000000000.2026-03-05"},
    {"set": "00000000-0000-0000-0000-000000000000"},
    {},
]


def test_odd_cells_are_refused_in_words(month: Month, company: Company, platform: Running) -> None:
    browser = platform.browser(company, CHEF)
    browser.get(f"/hr/month/{month.roster}")
    for sent in ODD:
        assert browser.post(f"/hr/month/{month.roster}", sent).status_code in (303, 400, 422), sent


def test_the_month_is_for_those_who_make_it_and_by_its_own_form(
    month: Month, company: Company, platform: Running
) -> None:
    cell = f"{month.staff['wang']}.2026-03-05"
    sent = {"set": str(month.early), "cell": cell}
    maker, other, worker = (platform.browser(company, one) for one in (CHEF, "project_manager_s1", "wang"))
    for one in (maker, other, worker):
        one.get("/")
    assert maker.ask("POST", f"/hr/month/{month.roster}", data=sent).status_code == 403, "without the form's token"
    assert other.post(f"/hr/month/{month.roster}", sent).status_code == 404
    assert other.get(f"/hr/month/{month.roster}").status_code == 404
    assert worker.post(f"/hr/month/{month.roster}", sent).status_code in (403, 404), "a draft"
    month.put("wang", [9], month.early)
    month.publish()
    assert worker.get(f"/hr/month/{month.roster}").status_code == 200
    assert worker.post(f"/hr/month/{month.roster}", sent).status_code == 403
    assert month.stands("wang", 5) is None


def test_shifts_and_people_of_other_sites_do_not_get_in(month: Month, company: Company, platform: Running) -> None:
    far, stranger = month.shift("远", "08:00", "16:00", "s1"), month.hire("qian", "s1")
    maker = platform.browser(company, CHEF)
    maker.get(f"/hr/month/{month.roster}")
    for sent in (
        {"set": str(far), "cell": f"{month.staff['wang']}.2026-03-05"},
        {"set": str(month.early), "cell": f"{stranger}.2026-03-05"},
    ):
        assert maker.post(f"/hr/month/{month.roster}", sent).status_code == 422
    assert month.stands("wang", 5) is None
    with company.acting(None, "hr") as x:
        assert x.get(Roster, month.roster).status is RosterState.DRAFT


ADDRESSES = ["9999-12-31", "0001-01-01", "2026-02-30", "x", "2026-03-05"]


def test_a_swap_is_asked_for_ones_own_shift_alone(month: Month, company: Company, platform: Running) -> None:
    month.put("wang", [5], month.early)
    month.publish()
    li = platform.browser(company, "li")
    li.get("/")
    sent = {"colleague_id": str(company.people["wang"]), "colleague_day": "9999-12-31", "reason": "x" * 3_000}
    for address in ADDRESSES:
        assert li.get(f"/hr/shifts/{address}").status_code == 404
        assert li.post(f"/hr/shifts/{address}", sent).status_code in (404, 422)
    body = {"day": "2026-03-05", "colleague_id": str(company.people["zhao"])}
    with pytest.raises((Invalid, Forbidden, NotFound)), company.acting("li", "hr") as x:
        x.submit(Swap, company.sites["n1"], body)


def test_the_cells_address_keeps_to_its_site_and_its_makers(month: Month, company: Company, platform: Running) -> None:
    at, far = f"/hr/rosters/{month.roster}/cells", month.shift("远", "08:00", "16:00", "s1")
    one = {"employee": str(month.staff["wang"]), "day": "2026-03-05", "shift": str(month.early), "seen": ""}
    assert platform.program(company, "project_manager_s1").api("PUT", at, {"cells": [one]}).status_code == 404
    assert platform.program(company, "project_manager_s1").api("GET", at).status_code == 404
    assert platform.program(company, "wang").api("GET", at).status_code == 404, "a draft"
    maker = platform.program(company, CHEF)
    stranger = str(month.hire("qian", "s1"))
    for wrong in (
        {"shift": str(far)}, {"employee": stranger}, {"employee": str(far)}, {"day": "9999-12-31"}, {"day": "2026-04-01"},
        {"absence": "none"}, {"seen": "x" * 41}, {"status": "published"}, {"shift": "x"},
    ):  # fmt: skip
        assert maker.api("PUT", at, {"cells": [{**one, **wrong}]}).status_code == 422, wrong
    assert maker.api("PUT", at, {"cells": [one, one]}).status_code == 422
    assert maker.api("PUT", at, {"cells": [one] * 7_001}).status_code in (413, 422)
    browser = platform.browser(company, CHEF)
    plain = {"content-type": "application/json"}
    assert browser.ask("PUT", f"/api/v1{at}", json={"cells": [one]}, headers=plain).status_code == 403, (
        "without a token"
    )
    assert month.stands("wang", 5) is None


def test_a_roster_of_no_month_and_a_second_one_are_refused(month: Month, company: Company) -> None:
    for text in ["2026-13", "1999-12", "20260-1", "2026-3", "9999-01", MARCH]:
        with pytest.raises(Problem), company.acting(CHEF, "hr") as x:
            x.submit(Roster, company.sites["n1"], {"month": text})
