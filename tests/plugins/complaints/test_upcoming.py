"""What clocks of complaints will do is shown to those who may see the complaint, and happens then."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dougong.records.tables import ClockStep
from dougong.testing.running import run_due
from dougong.timing.upcoming import upcoming
from dougong_complaints.records import Complaint

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

BODY = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "room": "3-2-1801", "category": "water_leak", "location": "3号楼", "statement": "顶棚渗水", "severity": "minor",
    "urgency": "normal",
}  # fmt: skip


def test_what_is_foretold_happens_and_only_some_may_know(platform: Running, company: Company, clock: Any) -> None:
    company.add_person("lead", ("service_lead", "n1"))
    company.add_person("other", ("service_lead", "s1"))
    made = platform.program(company, "lead").api("POST", "/complaints/complaint", BODY)
    assert made.status_code == 201, made.text

    def foretold(who: str | None) -> list[tuple[dt.datetime, str]]:
        with company.acting(who) as x:
            return [(one.at, str(one.label)) for one in upcoming(x, days=30) if one.what == "clock"]

    mine = foretold("lead")
    assert mine
    assert all(made.json()["number"] in label for _at, label in mine)
    assert foretold("other") == []
    assert foretold("nobody") == []
    with company.acting("finance") as x:
        assert x.session.scalars(x.readable(Complaint)).all(), "who may see it"
    assert foretold("finance") == []  # … and not what colleagues say of it
    assert foretold(None) == mine
    with company.acting("lead") as x:
        assert [one for one in upcoming(x, site=company.sites["s1"]) if one.what == "clock"] == []
    clock.at(mine[0][0])
    run_due(company)
    with company.session() as session:
        taken = session.scalars(sa.select(ClockStep.due_at)).all()
    assert set(taken) == {mine[0][0]}
    assert len(foretold("lead")) < len(mine)
