"""Taking up and leaving posts changes grants on the right day, never earlier than now, and nobody climbs by it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from dougong.access.tables import Grant
from dougong.errors import Conflict, Forbidden, Invalid, NotFound
from dougong.records.giving import give_role
from dougong.testing.clock import Clock
from dougong.testing.companies import Company
from dougong_hr.organisation import people
from dougong_hr.organisation.choices import EmployeeState, HoldingState
from dougong_hr.organisation.resources import employee, holding, position

from .conftest import TODAY, Organisation

AGENT = "complaints.complaint.create"
DAY = dt.timedelta(days=1)


def _seated(o: Organisation, **more: object) -> None:
    o.post("agent", "n1", roles="service_agent")
    o.post("agent2", "s1", roles="service_agent")
    o.hire("E1", "wang")


def test_roles_come_on_the_day_and_go_on_the_day(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    _seated(o)
    held = o.seat("E1", "agent", TODAY + 3 * DAY)
    assert not o.may("wang", AGENT, "n1")
    clock.at(dt.datetime(2026, 3, 4, 15, 59, tzinfo=dt.UTC))
    assert not o.may("wang", AGENT, "n1")
    clock.at(dt.datetime(2026, 3, 4, 16, 0, tzinfo=dt.UTC))  # midnight in Shanghai
    assert o.may("wang", AGENT, "n1")
    assert not o.may("wang", AGENT, "n2")
    o.leave(held, TODAY + 10 * DAY)
    assert o.may("wang", AGENT, "n1")
    clock.at(dt.datetime(2026, 3, 11, 16, 0, tzinfo=dt.UTC))
    assert not o.may("wang", AGENT, "n1")


def test_a_backdated_move_changes_later_rights_only(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    _seated(o)
    first = o.seat("E1", "agent", TODAY - 60 * DAY)
    assert not o.may("wang", AGENT, "n1", clock.now - DAY)
    earlier = clock.now
    clock.move(days=5)
    o.leave(first, TODAY - 30 * DAY)
    second = o.seat("E1", "agent2", TODAY - 30 * DAY)
    assert o.may("wang", AGENT, "n1", earlier + DAY), "what was done meanwhile was done with the right to do it"
    assert not o.may("wang", AGENT, "n1")
    assert o.may("wang", AGENT, "s1")
    assert not o.may("wang", AGENT, "s1", earlier + DAY)
    assert o.held(first).status is HoldingState.ENDED
    assert o.held(second).starts_on == TODAY - 30 * DAY


def test_two_posts_at_two_sites_at_once(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    o.seat("E1", "agent")
    with pytest.raises(Invalid):
        o.seat("E1", "agent2")
    second = o.seat("E1", "agent2", kind="concurrent")
    assert o.may("wang", AGENT, "n1")
    assert o.may("wang", AGENT, "s1")
    o.leave(second, TODAY)
    assert o.may("wang", AGENT, "n1")
    assert not o.may("wang", AGENT, "s1")


def test_an_acting_post_has_an_end_and_ends_by_itself(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    _seated(o)
    for until in (None, TODAY + 91 * DAY, TODAY):
        with pytest.raises(Invalid):
            o.seat("E1", "agent", kind="acting", until=until)
    held = o.seat("E1", "agent", kind="acting", until=TODAY + 30 * DAY)
    assert o.may("wang", AGENT, "n1")
    clock.through(days=31)
    assert not o.may("wang", AGENT, "n1")
    assert o.held(held).status is HoldingState.ENDED


def test_a_post_that_never_began_leaves_no_grant(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    held = o.seat("E1", "agent", TODAY + 5 * DAY)
    o.leave(held, TODAY + 5 * DAY)
    with o.company.session() as session:
        mine = Grant.tenant_id == o.company.tenant, Grant.person_id == o.company.people["wang"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Grant).where(*mine)) == 0


@pytest.mark.parametrize("on", [TODAY - DAY, TODAY + 100 * DAY])
def test_leaving_before_it_began_or_after_it_ends_is_refused(organisation: Organisation, on: dt.date) -> None:
    o = organisation
    _seated(o)
    held = o.seat("E1", "agent", TODAY, kind="acting", until=TODAY + 30 * DAY)
    with pytest.raises(Invalid):
        o.leave(held, on)


def test_the_same_post_twice_a_leaver_and_an_abolished_post_are_refused(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    o.seat("E1", "agent")
    with pytest.raises(Invalid):
        o.seat("E1", "agent", kind="concurrent")
    with pytest.raises(Invalid):
        o.do(None, position, o.posts["agent"], "abolish")
    with o.company.acting(None, "hr") as x:
        people.leave(x, o.staff["E1"], TODAY, "合同期满")
    assert not o.may("wang", AGENT, "n1")
    assert o.of("E1").status is EmployeeState.LEFT
    with pytest.raises(Invalid):
        o.seat("E1", "agent2")
    o.do(None, position, o.posts["agent"], "abolish")
    o.hire("E2", "li")
    with pytest.raises(Invalid):
        o.seat("E2", "agent")


def test_nobody_leaves_ahead_of_the_day(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    with pytest.raises(Conflict), o.company.acting(None, "hr") as x:
        people.leave(x, o.staff["E1"], TODAY + DAY, "辞职")


# ---- nobody climbs ----


def test_a_post_lists_only_roles_that_its_author_could_give(organisation: Organisation) -> None:
    o = organisation
    with pytest.raises(Invalid):
        o.post("boss", "n1", by="hr", roles="project_manager")
    o.post("plain", "n1", by="hr")
    with pytest.raises(Invalid):
        o.edit("hr", position, o.posts["plain"], {"roles": "project_manager"})
    with pytest.raises(Invalid):
        o.post("odd", "n1", roles="emperor")
    with pytest.raises(Invalid):
        o.post("root", "n1", roles="admin")


def test_hr_puts_nobody_into_a_post_with_roles_by_hand(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    body = {"employee": "E1", "kind": "main", "on": TODAY.isoformat()}
    with pytest.raises(Forbidden):
        o.do("hr", position, o.posts["agent"], "appoint", **body)
    o.post("plain", "n1")
    o.do("hr", position, o.posts["plain"], "appoint", **body)
    with pytest.raises(Invalid):
        o.do("hr", position, o.posts["plain"], "appoint", **{**body, "employee": "nobody"})


def test_hr_links_no_account_to_roles_that_they_could_not_give(organisation: Organisation) -> None:
    o = organisation
    o.post("agent", "n1", roles="service_agent")
    o.hire("E1")
    o.seat("E1", "agent")
    with pytest.raises(Forbidden):
        o.do("hr", employee, o.staff["E1"], "choose_account", person=str(o.company.people["li"]))
    o.do(None, employee, o.staff["E1"], "choose_account", person=str(o.company.people["li"]))
    assert o.may("li", AGENT, "n1")
    o.do(None, employee, o.staff["E1"], "choose_account", person=None)
    assert not o.may("li", AGENT, "n1")


def test_an_account_is_one_employees_and_never_ones_own_to_link(organisation: Organisation) -> None:
    o = organisation
    o.hire("E1", "wang")
    o.hire("E2")
    for person in ("wang", "hr"):
        with pytest.raises(Invalid):
            o.do("hr", employee, o.staff["E2"], "choose_account", person=str(o.company.people[person]))


def test_hr_ends_no_post_whose_roles_they_could_not_take(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    held = o.seat("E1", "agent")
    with pytest.raises(Forbidden):
        o.do("hr", holding, held, "finish", on=TODAY.isoformat(), reason="调岗")


def test_roles_of_a_post_that_change_reach_whoever_holds_it(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    o.seat("E1", "agent")
    o.edit(None, position, o.posts["agent"], {"roles": "technician"})
    assert not o.may("wang", AGENT, "n1")
    assert o.may("wang", "workorders.order.arrive", "n1")


@pytest.mark.parametrize("role", ["admin"])
def test_a_module_makes_no_administrator(organisation: Organisation, role: str) -> None:
    o = organisation
    with pytest.raises(Forbidden), o.company.acting(None, "hr") as x:
        give_role(x, o.company.people["wang"], role, o.company.sites["n1"])


def test_a_role_may_be_limited_by_a_relation(organisation: Organisation) -> None:
    o = organisation
    o.post("tech", "n1", roles="technician:mine")
    o.hire("E1", "wang")
    held = o.seat("E1", "tech")
    assert not o.may("wang", "workorders.order.arrive", "n1")
    with o.company.session() as session:
        mine = Grant.tenant_id == o.company.tenant, Grant.person_id == o.company.people["wang"]
        assert session.scalar(sa.select(Grant.relation).where(*mine)) == "mine"
    assert list(o.held(held).granted) == ["technician:mine"]


def test_a_grant_given_by_hand_becomes_the_posts_where_that_is_asked(organisation: Organisation) -> None:
    o = organisation
    _seated(o)
    o.company.grant("wang", "service_agent", "n1")
    held = o.seat("E1", "agent", TODAY - 9 * DAY, adopt=True)
    with o.company.session() as session:
        mine = Grant.tenant_id == o.company.tenant, Grant.person_id == o.company.people["wang"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Grant).where(*mine)) == 1
    o.leave(held, TODAY)
    assert not o.may("wang", AGENT, "n1")


def test_a_plain_post_is_ended_by_hand_abolished_and_reopened(organisation: Organisation) -> None:
    o = organisation
    o.post("plain", "n1")
    o.hire("E1")
    held = o.seat("E1", "plain")
    with pytest.raises(Invalid):
        o.do("hr", holding, held, "finish", on=(TODAY - DAY).isoformat(), reason="调岗")
    o.do("hr", holding, held, "finish", on=TODAY.isoformat(), reason="调岗")
    assert o.held(held).status is HoldingState.ENDED
    o.do("hr", position, o.posts["plain"], "abolish")
    o.do("hr", position, o.posts["plain"], "reopen")
    o.seat("E1", "plain", TODAY)


def test_two_companies_keep_their_posts_apart(organisation: Organisation, other_company: Company) -> None:
    o = organisation
    o.post("agent", "n1")
    other = Organisation(other_company)
    other.post("agent", "n1")
    other.posts["theirs"] = o.posts["agent"]
    other.hire("E1")
    with pytest.raises(Invalid):
        other.seat("E1", "theirs")
    with pytest.raises((Invalid, NotFound)):
        other.post("below", "n1", "theirs")
