"""A key appointment from the proposal to the day it holds, by the addresses of the API alone, as its people take it one after the
other; and what time does to posts: held beside another, ended by itself, dated last month, left with nobody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong_hr.moves.records import Notice
from dougong_hr.organisation.records import Position

from .conftest import AGENT, DIRECTOR, HR, MANAGER, MANAGER2, TECHNICIAN

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running

    from .conftest import World

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)


class Desk:
    """Programs of the people who have a part in it."""

    def __init__(self, world: World, platform: Running) -> None:
        self.world, self.platform = world, platform
        self._open: dict[str, Client] = {}

    def by(self, name: str) -> Client:
        if name not in self._open:
            self._open[name] = self.platform.program(self.world.company, name)
        return self._open[name]

    def propose(self, employee: Any, post: Any, *, site: str = "n1", **over: Any) -> str:
        body = {
            "type": "promote", "employee_id": employee.number, "to_id": post.number, "site": site, "why": "工作需要",
            "effective_on": self.world.day(3), **over,
        }  # fmt: skip
        answer = self.by(HR).api("POST", "/hr/change", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def take(self, by: str, id: str, step: str, status: int = 200, kind: str = "change", **body: Any) -> Any:
        answer = self.by(by).api("POST", f"/hr/{kind}/{id}/transitions/{step}", body)
        assert answer.status_code == status, (step, answer.text)
        return answer.json()

    def see(self, id: str, by: str = HR) -> Any:
        return self.by(by).api("GET", f"/hr/change/{id}").json()

    def approved(self, id: str, by: str = MANAGER) -> Any:
        self.take(HR, id, "approve_submit")
        return self.take(by, id, "approve_agree")

    def file(self, id: str, outcome: str = "accept_filing", **body: Any) -> Any:
        self.take(HR, id, "file", basis="关键岗位任用备案办法第四条", receiver_id=self.world.id(DIRECTOR))
        return self.take(DIRECTOR, id, outcome, **body)


@pytest.fixture
def desk(world: World, platform: Running) -> Desk:
    return Desk(world, platform)


def key_post(world: World) -> tuple[Any, Any, Any]:
    """Somebody in a post, and a key post that is free."""
    before, post = world.post("客服主管"), world.post("项目副经理", key=True, roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, before)
    return who, before, post


def test_a_key_appointment_takes_effect_only_after_notice_and_filing(world: World, desk: Desk) -> None:
    who, before, post = key_post(world)
    id = desk.propose(who, post)
    desk.take(MANAGER, id, "approve_agree", 409)  # it was not submitted
    assert desk.approved(id)["status"] == "notice"
    desk.take(HR, id, "file", 409, basis="太早", receiver_id=world.id(DIRECTOR))
    (notice,) = world.all(Notice, change_id=UUID(id))
    listed = desk.by(AGENT).api("GET", f"/hr/notice/{notice.id}")
    assert listed.status_code == 200, "everybody at the site may read it"
    assert desk.by(AGENT).api("GET", f"/hr/change/{id}").status_code == 404, "and no more than that"
    desk.take(TECHNICIAN, str(notice.id), "raise_objection", 409, "notice", words="我自己")
    world.clock.through(days=3, hours=12)
    assert desk.see(id)["status"] == "filing"
    world.clock.through(days=4)
    assert desk.see(id)["status"] == "filing", "its day is long past"
    assert post.id not in world.held(who)
    desk.take(MANAGER, id, "accept_filing", 403)
    desk.take(DIRECTOR, id, "accept_filing", 409)  # nothing lies with the company
    told = desk.file(id)
    assert (told["status"], told["filed_at"] is not None) == ("effective", True)
    assert world.roles(TECHNICIAN)
    assert world.held(who)[before.id][1] is not None


def test_the_late_variant_takes_effect_first_and_is_told_of_daily(world: World, desk: Desk) -> None:
    world.company.settings("hr", filing_mode="after", filing_days=2)
    who, _before, post = key_post(world)
    id = desk.propose(who, post)
    desk.approved(id)
    world.clock.through(days=4)
    told = desk.see(id)
    assert (told["status"], told["filed_at"]) == ("effective", None)
    assert world.roles(TECHNICIAN), "rights hold from the day"
    world.clock.through(days=5)
    events = [one["event"] for one in desk.by(HR).api("GET", "/notify/inbox").json()["items"]]
    assert len([one for one in events if one.startswith("hr.change.")]) >= 2, events
    assert desk.see(id)["filing_late"] is True
    told = desk.file(id)
    assert (told["status"], told["filing_late"]) == ("effective", True)


def test_a_filing_that_is_withdrawn_is_begun_anew(world: World, desk: Desk) -> None:
    """Returned by the company, or dropped by HR while it lies there: nothing takes effect, and it can be proposed again."""
    who, _before, post = key_post(world)
    world.company.settings("hr", notice_days=0)
    id = desk.propose(who, post)
    assert desk.approved(id)["status"] == "filing"
    told = desk.file(id, "return_filing", reason="缺任职资格证明")
    assert (told["status"], told["returned_why"]) == ("draft", "缺任职资格证明")
    assert desk.approved(id)["status"] == "filing", "it goes its whole way again"
    desk.take(HR, id, "file", basis="补充资格证明", receiver_id=world.id(DIRECTOR))
    told = desk.take(HR, id, "drop", reason="本人撤回")
    assert told["status"] == "dropped"
    desk.take(DIRECTOR, id, "accept_filing", 409)
    world.clock.through(days=10)
    assert desk.see(id)["status"] == "dropped"
    assert post.id not in world.held(who)
    again = desk.propose(who, post)
    assert desk.approved(again)["status"] == "filing"


def test_a_transfer_dated_last_month_writes_the_day_and_changes_later_rights_only(world: World, desk: Desk) -> None:
    world.company.settings("hr", notice_days=0)
    old, new = world.post("客服一", roles="service_agent"), world.post("客服二", "n2", roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, old)
    id = desk.propose(who, new, site="n2", type="transfer", effective_on="2026-02-01")
    told = desk.approved(id, MANAGER2)
    assert (told["status"], told["effective_on"]) == ("effective", "2026-02-01")
    assert world.held(who)[new.id][0] == dt.date(2026, 2, 1)
    assert world.held(who)[old.id][1] == dt.date(2026, 2, 1)
    for day in (5, 20):
        moment = dt.datetime(2026, 2, day, 4, tzinfo=dt.UTC)
        assert not world.roles(TECHNICIAN, moment, site="n2"), "no right reaches back"
    world.clock.move(minutes=1)
    assert (world.roles(TECHNICIAN), world.roles(TECHNICIAN, site="n2")) == (False, True)


def test_a_concurrent_post_gives_and_takes_its_rights_on_the_day(world: World, desk: Desk) -> None:
    world.company.settings("hr", notice_days=0)
    main, beside = world.post("客服一"), world.post("客服二", "n2", roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, main)
    id = desk.propose(
        who, beside, site="n2", type="transfer", nature="concurrent", effective_on=world.day(2), until_on=world.day(5)
    )
    assert desk.approved(id, MANAGER2)["status"] == "ready"
    midnight = dt.datetime(2026, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    seen = []
    for moment in (midnight - dt.timedelta(minutes=1), midnight + dt.timedelta(minutes=5),
                   midnight + dt.timedelta(days=3, minutes=-1), midnight + dt.timedelta(days=3, minutes=5)):  # fmt: skip
        world.clock.through(until=moment)
        seen.append(world.roles(TECHNICIAN, site="n2"))
    assert seen == [False, True, True, False]
    assert world.held(who)[main.id][1] is None, "the main post stays"


def test_a_post_with_nobody_is_climbed_past(world: World, desk: Desk) -> None:
    """The approval of a site without a project manager goes to the next above who may, and the appointment goes on."""
    world.company.settings("hr", notice_days=0)
    grants = [g.id for g in world.company.snapshot.grants_of(world.company.people[MANAGER])]
    for grant in grants:
        world.company.revoke(grant)
    id = desk.propose(world.employee("甲"), world.post("客服"), type="hire")
    desk.take(HR, id, "approve_submit")
    desk.take(HR, id, "approve_agree", 403)
    told = desk.take("regional_director_north", id, "approve_agree")
    assert told["status"] == "ready"


def test_a_circle_in_the_line_of_command_is_refused_by_its_field(world: World, desk: Desk) -> None:
    top = world.post("甲岗")
    middle = world.post("乙岗", reports_to=str(top.id))
    bottom = world.post("丙岗", reports_to=str(middle.id))
    hr = desk.by(HR)
    for post, above in ((top, bottom), (top, top), (middle, bottom)):
        answer = hr.api(
            "PATCH", f"/hr/position/{post.id}", {"reports_to": above.number}, version=world.see(post).row_version
        )
        assert answer.status_code == 422, answer.text
        assert [one["path"] for one in answer.json()["errors"]] == ["reports_to"]
    assert {p.reports_to for p in world.all(Position, id=top.id)} == {None}
