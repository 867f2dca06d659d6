"""What lies ahead: times of schedules after the shift to working days, what was left out, and only what one may see."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from dougong import Rule
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import due
from dougong.timing import following, occurrences
from dougong.timing.tables import ScheduleRow
from dougong.timing.upcoming import MOST, upcoming

from ..cost import begin, cost
from .conftest import Office
from .test_planning import at


def ahead(office: Office, who: str | None, **more: Any) -> list[tuple[str, str]]:
    with office.company.acting(who) as x:
        return [(str(one.label), one.at.isoformat()) for one in upcoming(x, **more)]


def test_each_time_of_the_next_days_in_order(office: Office) -> None:
    with office.company.acting(None) as x:
        found = upcoming(x, days=7, site=None)
    assert [one.at for one in found] == sorted(one.at for one in found)
    reports = [one.at for one in found if str(one.label) == "Report"]
    assert reports == [at(f"03-0{day} 08:30") for day in (3, 4, 5, 6)] + [at("03-09 08:30")]
    assert len([one for one in found if str(one.label) == "Patrol"]) == 3 * 14
    assert not [one for one in found if str(one.label) in ("Secret", "Tidy up")]


def test_only_what_one_may_see(office: Office) -> None:
    manager = ahead(office, "project_manager_n1", days=1)
    assert {label for label, _at in manager} == {"Patrol"}
    assert len(manager) == 2
    assert ahead(office, "technician_n1") == []
    assert {label for label, _at in ahead(office, "admin", days=1)} == {"Patrol", "Nightly", "Report"}
    assert len(ahead(office, "admin", days=1, site=office.company.sites["s1"])) == 2
    office.company.switch("rounds", False)
    office.run()
    assert ahead(office, "admin") == []


def test_what_was_left_out_says_so_and_what_was_moved_too(office: Office) -> None:
    office.change("nightly", rule=Rule.monthly(8, "02:00", on_closed="next").to_json())  # 8 March 2026 is a Sunday
    with office.company.acting("admin") as x:
        row = x.session.get_one(ScheduleRow, (x.tenant, office.row("nightly").id))
        occurrences.skip_next(x, row)
        one = next(one for one in upcoming(x, days=10) if str(one.label) == "Nightly")
    assert (one.at, one.skipped) == (at("03-09 02:00"), True)
    assert str(one.note)


def test_it_is_bounded(office: Office) -> None:
    every = Rule.rrule("FREQ=MINUTELY;INTERVAL=5").to_json()
    with office.company.acting(None) as x:
        sites = [x.snapshot.sites.by_slug[slug].id for slug in ("n1", "n2", "s1")]
        x.session.execute(
            sa.insert(ScheduleRow),
            [
                {"id": new_id(), "name": "rounds.plan", "site_id": site, "subject_id": new_id(), "rule": every}
                for site in sites
                for _n in range(100)
            ],
        )
    with office.company.acting(None) as x:
        following.follow(x, x.tenant)
    begun = begin()
    assert len(ahead(office, None, days=366)) == MOST
    assert cost(begun) < 6
    with pytest.raises(ValueError, match="days"), office.company.acting(None) as x:
        upcoming(x, days=367)


def test_ten_thousand_schedules_are_made_by_plain_rows(office: Office) -> None:
    """As the benchmark does it: rows that were planned, and their due rows; everything else follows at the first tick."""
    begun = begin()
    rule, count = Rule.daily("10:00").to_json(), 2000
    with office.company.session() as session:
        ids = [new_id() for _n in range(count)]
        common = {"name": "rounds.plan", "rule": rule, "planned_to": office.clock.now, "next_at": at("03-02 10:00")}
        session.execute(sa.insert(ScheduleRow), [{"id": id, "subject_id": id, **common} for id in ids])
        mine = {"tenant_id": office.company.tenant, "kind": "core.schedule", "due_at": at("03-02 10:00")}
        session.execute(sa.insert(due), [{"id": id, **mine} for id in ids])
    assert cost(begun) < 10
    office.clock.at(at("03-02 10:00"))
    with office.company.acting(None) as x:
        from dougong.timing import planning

        for id in ids[:50]:
            planning.take(x, id)
        assert (
            x.session.scalar(sa.select(sa.func.count()).select_from(due).where(due.c.kind == "core.occurrence")) == 50
        )
