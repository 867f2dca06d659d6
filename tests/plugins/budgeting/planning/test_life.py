"""The life of a budget: who decides where the author would, 酬金制 and its owners, versions, last year, two at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from dougong import Conflict
from dougong.records import actions
from dougong_budgeting.planning.resources import budget as resource

from .conftest import LINE

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

    from .conftest import Year

MANAGER, REGION, COMPANY = LINE[0], LINE[2], LINE[3]


def test_a_managers_own_budget_is_decided_for_the_project_by_the_region(year: Year) -> None:
    own = year.draft(MANAGER)
    year.put(year.cell("5201", 1, amount=100), by=MANAGER, id=own)
    assert year.step(MANAGER, "approve_submit", own).status_code == 200
    assert year.status(own) == "finance", "the region signs for the project, too"
    assert year.step(MANAGER, "approve_agree", own).status_code == 409
    assert year.step("finance", "approve_agree", own).status_code == 200
    assert year.status(own) == "region"
    page = year.platform.browser(year.company, REGION).get(f"/budgeting/budget/{own}").text
    assert "for the project too" in page or "兼项目审批" in page, "the reason is said where it is signed"
    assert year.step(REGION, "approve_agree", own).status_code == 200
    assert year.step(COMPANY, "approve_agree", own).status_code == 200
    assert year.status(own) == "active"


def test_a_managers_small_budget_climbs_and_a_colleague_decides_where_there_is_one(year: Year) -> None:
    year.company.settings("budgeting", budget_region_from=10**9, budget_company_from=10**9)
    own = year.draft(MANAGER)
    year.put(year.cell("5201", 1, amount=100), by=MANAGER, id=own)
    year.step(MANAGER, "approve_submit", own)
    assert year.status(own) == "project"
    assert year.step(MANAGER, "approve_agree", own).status_code == 409, "nobody approves their own"
    assert year.step(REGION, "approve_agree", own).status_code == 200, "the next above decides"
    assert year.status(own) == "finance"
    year.company.add_person("manager2", ("project_manager", "n1"))
    second = year.draft(MANAGER, scenario="good")
    year.put(year.cell("5201", 1, amount=100), by=MANAGER, id=second)
    year.step(MANAGER, "approve_submit", second)
    assert year.step(REGION, "approve_agree", second).status_code in (403, 409), "a colleague is there"
    assert year.step("manager2", "approve_agree", second).status_code == 200


def test_whoever_wrote_amounts_signs_at_no_level(year: Year) -> None:
    """Neither created nor submitted by them, and yet theirs: in the grid, by a basis, or taken over from last year."""
    year.put(year.cell("5201", 1, amount=100))
    year.put(year.cell("5205", 1, amount=200), by="finance2")
    year.put(year.cell("5301", 1, amount=300), by=MANAGER)
    assert year.step("finance", "approve_submit").status_code == 200
    assert year.status() == "finance", "its manager wrote in it, too: the region signs for the project"
    for author in ("finance", "finance2", MANAGER):
        assert year.step(author, "approve_agree").status_code == 409, author
        assert year.step(author, "approve_return", reason="我来改").status_code == 409, author
    for above in (REGION, REGION, COMPANY):  # finance's seat climbs to the next above who wrote nothing
        assert year.step(above, "approve_agree").status_code == 200
    assert year.status() == "active"


def test_what_was_written_over_is_no_more_theirs(year: Year) -> None:
    year.put(year.cell("5205", 1, amount=200), by="finance2")
    (cell,) = [one for one in year.kept() if one["amount"]]
    year.put(year.cell("5205", 1, amount=250, version=cell["version"]))
    year.step("finance", "approve_submit")
    assert year.step(MANAGER, "approve_agree").status_code == 200
    assert year.step("finance2", "approve_agree").status_code == 200


def test_whoever_took_last_year_over_wrote_it(year: Year, clock: Clock) -> None:
    year.put(year.cell("5201", 1, amount=1000_00))
    year.grant()
    clock.at(dt.datetime(2027, 12, 20, 2, tzinfo=dt.UTC))
    following = year.draft("finance", year=2028)
    assert year.step("finance2", "last_year", following, source="plan", percent=0).status_code == 200
    assert year.step("finance", "approve_submit", following).status_code == 200
    assert year.step(MANAGER, "approve_agree", following).status_code == 200
    assert year.step("finance2", "approve_agree", following).status_code == 409


def test_an_author_of_many_posts_signs_at_none_of_the_levels(year: Year) -> None:
    """Nor as the deputy of somebody who would have to."""
    posts = ("project_manager", "finance", "regional_director", "property_director", "general_manager")
    year.company.add_person("many", *((post, year.company.slug) for post in posts))
    own = year.draft("many")
    year.put(year.cell("5201", 1, amount=9_000_000_00), by="many", id=own)
    assert year.step("many", "approve_submit", own).status_code == 200
    for signer in LINE:
        assert year.step("many", "approve_agree", own).status_code == 409, year.status(own)
        assert year.step("many", "approve_return", own, reason="撤").status_code == 409
        assert year.step(signer, "approve_agree", own).status_code == 200, (signer, year.status(own))
    assert year.status(own) == "active"


def test_sums_decide_how_far_it_goes(year: Year) -> None:
    year.company.settings("budgeting", budget_region_from=1000_00, budget_company_from=5000_00)
    for scenario, amount, last in (("base", 999_99, "finance2"), ("good", 1000_00, REGION), ("bad", 5000_00, COMPANY)):
        id = year.draft("finance", scenario=scenario)
        year.put(year.cell("5201", 1, amount=amount), id=id)
        year.step("finance", "approve_submit", id)
        for username in LINE[: LINE.index(last)]:
            assert year.step(username, "approve_agree", id).status_code == 200
        assert year.status(id) not in ("active", "draft")
        if scenario == "base":
            assert year.step(last, "approve_agree", id).status_code == 200
            assert year.status(id) == "active", "neither region nor company is asked"
            return


def test_withdrawn_it_can_be_changed_again_and_empty_it_is_not_submitted(year: Year) -> None:
    assert year.step("finance", "approve_submit").status_code == 409, "there are no amounts in it"
    year.put(year.cell("5201", 1, amount=100))
    year.step("finance", "approve_submit")
    assert year.step(MANAGER, "approve_withdraw").status_code in (403, 409), "whoever submitted it withdraws it"
    assert year.step("finance", "approve_withdraw").status_code == 200
    assert year.put(year.cell("5201", 1, amount=200)).status_code == 200
    assert year.step("finance", "drop", reason="重复编制").status_code == 200
    assert year.status() == "dropped"
    assert year.put(year.cell("5201", 1, amount=300)).status_code == 409


def test_under_commission_the_owners_agree_before_it_binds(year: Year) -> None:
    id = year.draft("finance", fee_mode="commission")
    year.put(year.cell("5201", 1, amount=100), id=id)
    year.grant(id)
    assert year.status(id) == "owners"
    assert year.step("finance", "owners_refused", id, reason="业主大会未通过").status_code == 200
    assert year.status(id) == "draft", "drawn up again, and approved the whole way again"
    year.put(year.cell("5201", 1, amount=90), id=id)
    year.grant(id)
    yet = {"on": "2027-02-01", "basis": "业主大会 2026-12 书面表决"}
    assert year.step("finance", "owners_agreed", id, **yet).status_code == 422, "a day that is yet to come"
    assert year.step("finance", "owners_agreed", id, on="2026-12-18").status_code == 422, "how they agreed is asked"
    agreed = year.step("finance", "owners_agreed", id, on="2026-12-18", basis="业主大会书面表决，专有面积 71% 同意")
    assert agreed.status_code == 200, agreed.text
    assert (year.status(id), year.read(id)["owners_on"]) == ("active", "2026-12-18")


def test_two_that_are_granted_at_once_only_one_binds(year: Year) -> None:
    other = year.draft("finance", scenario="good")
    for id in (year.id, other):
        year.put(year.cell("5201", 1, amount=100), id=id)
        year.to_the_company(id)

    def agree(id: str) -> str:
        try:
            with year.company.acting(COMPANY, "budgeting") as x:
                actions.transition(resource, UUID(id), "approve_agree", {}, x)
        except Conflict as refused:
            return str(refused.detail)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(agree, (year.id, other)))
    assert said[0] == ""
    assert said[1], "refused in words"
    assert sorted((year.status(), year.status(other))) == ["active", "company"]


def test_a_second_budget_of_the_year_is_refused_in_words(year: Year) -> None:
    year.put(year.cell("5201", 1, amount=100))
    year.grant()
    assert year.step("finance", "copy", scenario="bad").status_code == 200
    listed = year.author.api("GET", "/budgeting/budget?limit=20").json()["results"]
    second = next(one for one in listed if one["scenario"] == "bad")
    assert year.read(second["id"])["version"] == 1
    assert year.amounts(second["id"]) == {("5201", 1): 100}, "with its amounts"
    refused = year.step("finance", "approve_submit", second["id"])
    assert refused.status_code == 409


def test_a_signature_that_is_late_is_noted_and_climbs(year: Year, clock: Clock) -> None:
    year.put(year.cell("5201", 1, amount=100))
    year.step("finance", "approve_submit")
    assert year.read()["sign_by"]
    assert not year.read()["sign_late"]
    clock.at(dt.datetime(2026, 12, 25, 2, tzinfo=dt.UTC))
    clock.run()
    assert year.read()["sign_late"], "sixteen working hours are over"


def test_the_final_account_is_made_when_the_year_is_over(year: Year, clock: Clock) -> None:
    year.put(year.cell("5201", 1, amount=100))
    year.grant()
    assert year.step("finance", "settle", reason="审计完成").status_code == 409, "the year is not over"
    clock.at(dt.datetime(2028, 1, 10, 2, tzinfo=dt.UTC))
    assert year.step("finance", "settle", reason="审计完成").status_code == 200
    assert year.status() == "closed"


@pytest.mark.parametrize(("percent", "amount"), [(0, 12_345), (5, 12_962), (-10, 11_111)])
def test_last_years_plan_is_taken_over_with_a_factor(year: Year, clock: Clock, percent: int, amount: int) -> None:
    year.put(year.cell("5201", 1, amount=12_345), year.cell("4001", 2, amount=100))
    year.grant()
    after = year.draft("finance", year=2028)
    assert year.step("finance", "last_year", after, percent=percent).status_code == 200
    assert year.amounts(after)["5201", 1] == amount, "rounded half up to the fen"
    again = year.step("finance", "last_year", after, percent=0)
    assert again.status_code == 409, "what is in it already is not overwritten"


def test_last_year_as_it_went_then_as_it_was_planned(year: Year, clock: Clock) -> None:
    year.put(*(year.cell("5201", month, amount=1000_00) for month in range(1, 13)))
    year.put(year.cell("5301", 1, amount=500_00), year.cell("5301", 6, amount=500_00))
    year.grant()
    clock.at(dt.datetime(2027, 3, 10, 2, tzinfo=dt.UTC))
    spend = {"account": "5201", "text": "电梯维保", "site": "n1"}
    for day, amount, document in (
        ("2027-01-05", 700_00, "A"),
        ("2027-02-05", 800_01, "B"),
        ("2027-03-05", 900_00, "C"),
    ):
        made = year.author.api(
            "POST", "/budgeting/actual", {**spend, "posted_on": day, "amount": amount, "document": document}
        )
        assert made.status_code == 201, made.text
    after = year.draft("finance", year=2028)
    done = year.step("finance", "last_year", after, source="actual", percent=10)
    assert done.status_code == 200, done.text
    found = year.amounts(after)
    assert [found.get(("5201", m), 0) for m in (1, 2, 3, 4)] == [770_00, 880_01, 1100_00, 1100_00]
    assert ("5301", 1) not in found, "nothing was spent there in January"
    assert found["5301", 6] == 550_00


def test_a_year_that_was_never_opened_is_not_taken_over(year: Year) -> None:
    for source in ("plan", "actual"):
        assert year.step("finance", "last_year", source=source).status_code == 409
    assert year.step("finance", "last_year", source="dreams").status_code == 422


def test_accounts_are_kept_by_finance(year: Year, company: Company) -> None:
    lift = year.accounts["5202"]
    shut = "/budgeting/account/{}/transitions/{}"
    assert year.by(MANAGER).api("POST", shut.format(lift, "shut"), {}).status_code == 403
    assert year.author.api("POST", shut.format(lift, "shut"), {}).status_code == 200
    assert year.put(year.cell("5202", 1, amount=1)).status_code == 422, "it is no longer used"
    assert year.author.api("POST", shut.format(lift, "reopen"), {}).status_code == 200
    assert year.put(year.cell("5202", 1, amount=1)).status_code == 200
    body = {"code": "520201", "name": "困人救援", "direction": "expense", "stop": "hard", "parent_id": lift}
    assert year.author.api("POST", "/budgeting/account", body).status_code == 422, "it has amounts of its own"
    assert year.put(year.cell("52", 1, amount=1)).status_code == 422, "a sum has none"
    assert year.put(year.cell("5201", 1, amount=-1)).status_code == 422
    assert year.put(year.cell("4005", 1, amount=-1)).status_code == 200, "this one may turn"
