"""The legal register: quarterly checks, evaluations, the template."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Forbidden, Trigger
from dougong_quality.system.choices import Checked, Compliance, LawState
from dougong_quality.system.law import TEMPLATE
from dougong_quality.system.pages.takeover import take_over
from dougong_quality.system.records import LegalItem

from .conftest import LAW, MANAGER, QUALITY


def test_the_text_is_checked_quarterly_and_compliance_evaluated_yearly(world: Any) -> None:
    id = world.make(LegalItem, LAW)
    item = world.see(LegalItem, id)
    assert (item.check_by.date(), item.evaluate_by.date()) == (dt.date(2026, 6, 2), dt.date(2027, 3, 2))
    world.later(dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC))
    item = world.do(QUALITY, LegalItem, id, "check", state="current")
    assert (item.check_by.date(), item.check_late, item.checked) == (dt.date(2026, 9, 1), False, Checked.READ)
    world.later(dt.datetime(2026, 9, 3, 1, tzinfo=dt.UTC))
    assert world.see(LegalItem, id).check_late


def test_a_repealed_law_has_no_clocks_any_more(world: Any) -> None:
    id = world.make(LegalItem, LAW)
    item = world.do(QUALITY, LegalItem, id, "check", state="repealed", remark="由新法取代")
    assert (item.status, item.check_by, item.evaluate_by) == (LawState.REPEALED, None, None)


def test_compliance_is_evaluated_with_evidence_by_the_sites_manager_too(world: Any) -> None:
    id = world.make(LegalItem, LAW, "n1")
    item = world.do(MANAGER, LegalItem, id, "evaluate", result="fails", evidence="检测报告过期")
    assert item.result is Compliance.FAILS
    with pytest.raises(Forbidden):
        world.edit(LegalItem, id, by=MANAGER, articles="第17条")


def test_a_law_that_is_not_met_may_give_rise_to_a_nonconformity(world: Any) -> None:
    id = world.make(LegalItem, LAW, "n1")
    world.do(QUALITY, LegalItem, id, "evaluate", result="fails", evidence="检测报告过期")
    with world.acting(QUALITY) as x:
        one = next(t for _m, t in x.contributed(Trigger) if t.name == "quality.law_not_met")
        item = x.get(LegalItem, id)
        assert one.holds(item) == "fails"
        assert "消防法" in one.tells(item, x).title


def test_the_template_is_taken_over_once(world: Any) -> None:
    root = world.company.sites[world.company.slug]
    with world.acting(QUALITY) as x:
        assert take_over(x, root) == len(TEMPLATE)
    with world.acting(QUALITY) as x:
        assert take_over(x, root) == 0
    assert {item.checked for item in world.all(LegalItem)} == set(Checked)


def test_the_template_names_no_article_twice() -> None:
    known = {(one.title, one.articles) for one in TEMPLATE}
    assert len(known) == len(TEMPLATE)
