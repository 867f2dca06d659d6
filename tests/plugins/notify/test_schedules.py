"""A schedule that failed reaches the inbox of those who may do something about it, though it is no record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dougong.scheduling.jobs import Failure, JobContext
from dougong.tenancy.stored import new_id
from dougong.timing import following, occurrences
from dougong.timing.tables import Occurrence, ScheduleRow

if TYPE_CHECKING:
    from dougong.testing.clients import Running


def fails(world: Any) -> str:
    """A run of the nightly disposal fails for good. :returns: the schedule's id."""
    with world.company.acting(None) as x:
        following.follow(x, x.tenant)
        row = x.session.scalars(sa.select(ScheduleRow).where(ScheduleRow.name == "privacy.dispose")).one()
        run = Occurrence(id=new_id(), schedule_id=row.id, nominal=x.now, business_date=x.now.date())
        x.session.add(run)
        x.session.flush()
        job = JobContext(1, "privacy.dispose", x.tenant, 6, x)
        occurrences.quarantined(job, Failure("RuntimeError", "dougong_privacy.disposal:1"), run.id)
        return str(row.id)


def test_a_failed_schedule_is_in_the_inbox_of_those_who_may_mend_it(world: Any, platform: Running) -> None:
    id = fails(world)
    world.work()
    assert world.told("admin") == ["core.schedule_failed"]
    assert world.told("agent") == []
    browser = platform.browser(world.company, "admin")
    inbox = browser.get("/notify/inbox").text
    assert "执行失败：处置保存期满的记录" in inbox
    told = platform.program(world.company, "admin").api("GET", "/notify/inbox").json()["items"][0]
    assert (told["kind"], told["record"], told["number"]) == ("core.schedule", id, "")
    opened = browser.get(f"/notify/open/{told['id']}", follow_redirects=False)
    assert opened.headers["location"].endswith(f"/admin/schedules/{id}")
    assert "计划任务执行失败" in browser.get("/notify/preferences").text
    assert "计划任务执行失败" not in platform.browser(world.company, "agent").get("/notify/preferences").text


def test_a_module_that_is_off_takes_its_message_along(world: Any, platform: Running) -> None:
    fails(world)
    world.work()
    world.company.switch("privacy", False)
    assert platform.program(world.company, "admin").api("GET", "/notify/inbox").json()["items"] == []
