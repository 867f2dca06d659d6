"""The tree of accounts as a list: more of them than a page holds, in an order that is no column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dougong_budgeting.planning import chart

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company


def test_the_tree_goes_over_pages_in_its_order(company: Company, platform: Running) -> None:
    with company.acting("finance", "budgeting") as x:
        assert chart.take_over(x) == len(chart.DEFAULT)
    finance = platform.browser(company, "finance")
    pages, address = [], "/budgeting/account?tab=all"
    while address:
        answer = finance.get(address)
        assert answer.status_code == 200, answer.text[:300]
        pages.append(answer.text)
        following = re.search(r'href="([^"]*after=[^"]*)"', answer.text)
        address = following.group(1).replace("&amp;", "&") if following else ""
        assert len(pages) < 9
    assert len(pages) > 1
    seen = [one.code for text in pages for one in chart.DEFAULT if f">{one.code}<" in text]
    assert seen == [one.code for one in chart.DEFAULT]
