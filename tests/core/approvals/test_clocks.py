"""The time limit of each level: on working hours, anew at every level, told to whose turn it is, escalated up the line."""

from __future__ import annotations

import datetime as dt

from .conftest import Office


def test_the_clock_runs_per_level_and_tells_whose_turn_it_is(office: Office) -> None:
    id = office.create()
    assert office.get(id).approve_by is None
    begun = office.clock.now
    office.do(id, "release_submit", "service_agent_n1")
    assert office.get(id).approve_by == begun + dt.timedelta(hours=9)  # eight working hours from Monday 9:00
    office.clock.move(hours=2)
    office.do(id, "release_agree", "engineering_lead_n1")
    assert office.get(id).approve_by is not None
    first = office.get(id).approve_by
    office.do(id, "release_agree", "security_lead_n1")
    assert office.get(id).approve_by != first  # the next level's own sixteen hours
    office.clock.move(days=10)
    told = office.run()
    assert any(event == "overdue" and who == ("quality",) for event, who in told), told
    assert any(event == "escalated" for event, _who in told), told
    assert office.get(id).approve_late
    office.do(id, "release_agree", "quality")
    office.do(id, "release_agree", "project_manager_n1")
    assert office.get(id).approve_by is None
