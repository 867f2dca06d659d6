"""The line of command as posts draw it: used while the module is on, by roles while it is off; circles and vacancies survived."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from dougong.errors import Invalid
from dougong_hr.organisation.resources import position

from .conftest import Organisation


def _drawn(o: Organisation) -> None:
    slug = o.company.slug
    o.post("总经理", slug)
    o.post("区域总监", "north", "总经理")
    o.post("项目经理", "n1", "区域总监")
    o.post("客服主管", "n1", "项目经理", roles="service_lead")
    o.post("客服专员", "n1", "客服主管")
    for code, account, post in (
        ("E1", "general_manager", "总经理"), ("E2", "regional_director_north", "区域总监"),
        ("E3", "project_manager_n1", "项目经理"), ("E4", "service_agent_n1", "客服专员"), ("E5", "service_lead_n1", "客服主管"),
    ):  # fmt: skip
        o.hire(code, account)
        o.seat(code, post)


def test_the_line_follows_posts_while_the_module_is_on_and_roles_while_it_is_off(organisation: Organisation) -> None:
    o = organisation
    by_roles = o.line("service_agent_n1", "n1")
    _drawn(o)
    assert o.line("service_agent_n1", "n1") == [
        ("客服主管", ["service_lead_n1"]),
        ("项目经理", ["project_manager_n1"]),
        ("区域总监", ["regional_director_north"]),
        ("总经理", ["general_manager"]),
    ]
    o.company.switch("hr", False)
    assert o.line("service_agent_n1", "n1") == by_roles
    assert by_roles[0][0] in o.company.snapshot.roles


def test_whoever_holds_no_post_there_stands_in_the_line_of_roles(organisation: Organisation) -> None:
    o = organisation
    by_roles = o.line("service_agent_s1", "s1")
    _drawn(o)
    assert o.line("service_agent_s1", "s1") == by_roles


def test_a_vacant_post_passes_to_its_deputy_then_upward(organisation: Organisation) -> None:
    o = organisation
    o.post("经理", "n1")
    o.post("副经理", "n1", "经理")
    o.post("主管", "n1", "经理", deputy_id="副经理")
    o.post("专员", "n1", "主管")
    o.hire("E1", "project_manager_n1")
    o.seat("E1", "经理")
    o.hire("E2", "service_agent_n1")
    o.seat("E2", "专员")
    assert o.line("service_agent_n1", "n1") == [("经理", ["project_manager_n1"])]
    o.hire("E3", "service_lead_n1")
    o.seat("E3", "副经理")
    assert o.line("service_agent_n1", "n1")[0] == ("主管", ["service_lead_n1"])


def test_a_circle_is_refused_when_saved(organisation: Organisation) -> None:
    o = organisation
    o.post("a", "n1")
    o.post("b", "n1", "a")
    o.post("c", "n1", "b")
    for above in ("a", "c"):
        with pytest.raises(Invalid) as refused:
            o.edit(None, position, o.posts["a"], {"reports_to": str(o.posts[above])})
        assert refused.value.errors[0].path == "reports_to"
    with pytest.raises(Invalid):
        o.edit(None, position, o.posts["a"], {"deputy_id": str(o.posts["a"])})


def test_a_circle_is_survived_when_met(organisation: Organisation) -> None:
    o = organisation
    o.post("a", "n1")
    o.post("b", "n1", "a")
    o.post("c", "n1", "b")
    for code, account, post in (("E1", "service_agent_n1", "c"), ("E2", "service_lead_n1", "b")):
        o.hire(code, account)
        o.seat(code, post)
    o.force("a", "c")
    assert o.line("service_agent_n1", "n1") == [("b", ["service_lead_n1"])]
    assert o.line("service_lead_n1", "n1") == [("c", ["service_agent_n1"])]


def test_a_line_is_asked_once_in_a_unit_of_work(organisation: Organisation) -> None:
    o = organisation
    _drawn(o)
    person, site = o.company.people["service_agent_n1"], o.company.sites["n1"]
    asked: list[str] = []
    with o.company.acting(None, "hr") as x:
        listen = x.session.connection()
        sa.event.listen(listen, "before_cursor_execute", lambda c, cur, sql, *rest: asked.append(sql))
        for _n in range(5):
            assert len(x.line(person, site)) == 4
    assert len([sql for sql in asked if "position" in sql]) == 3


def test_an_escalation_of_a_clock_climbs_posts(organisation: Organisation) -> None:
    o = organisation
    _drawn(o)
    from dougong.records.answering import levels
    from dougong_workorders.records import Order

    body = {
        "nature": "repair", "urgency": "normal", "source": "phone", "category": "water", "title": "漏水", "location": "3 号楼",
    }  # fmt: skip
    with o.company.acting("service_agent_n1", "workorders") as x:
        order = x.submit(Order, o.company.sites["n1"], body)
        found = levels(order, o.company.people["service_agent_n1"], x.as_person(None))
    assert [label for label, _people in found] == ["客服主管", "项目经理", "区域总监", "总经理"]


def test_an_approval_whose_post_is_vacant_climbs_posts(organisation: Organisation) -> None:
    o = organisation
    _drawn(o)
    o.post("绿化主管", "n1", "项目经理", roles="greening_lead:mine")
    site = o.company.sites["n1"]
    from dougong.records.approval_tables import ApprovalSeat
    from dougong.records.approvers import Approvers
    from dougong_workorders.records import Order
    from dougong_workorders.resource import resource

    body = {
        "nature": "repair", "urgency": "normal", "source": "phone", "category": "water", "title": "漏水", "location": "3 号楼",
    }  # fmt: skip
    seat = ApprovalSeat(role="greening_lead", person_id=None, rank=40)
    for on in (True, False):
        o.company.switch("hr", on)
        with o.company.acting("service_agent_n1", "workorders") as x:
            order = x.submit(Order, site, body)
            above = Approvers(resource, order, "workorders.order.check", [x.actor], x.as_person(None))._above(seat)
        assert [one.person for one in above] == [o.company.people["project_manager_n1"]]
        assert above[0].climbed == ("项目经理" if on else "project_manager")


def test_a_module_off_at_a_site_draws_no_line_there(organisation: Organisation) -> None:
    o = organisation
    by_roles = o.line("service_agent_n1", "n1")
    _drawn(o)
    from dougong.tenancy.tables import ModuleSite

    with o.company.session() as session:
        session.add(ModuleSite(tenant_id=o.company.tenant, name="hr", site_id=o.company.sites["n1"]))
    assert o.line("service_agent_n1", "n1") == by_roles
