"""Assigning, holding, transferring, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound
from dougong_complaints.choices import State
from dougong_complaints.flow import flow
from dougong_complaints.records import Notice

from .conftest import SOLVED


def test_from_registration_to_closing(world: Any) -> None:
    id = world.register()
    world.do("agent", id, "accept")
    world.do("lead", id, "assign", owner_id="engineer")
    world.do("engineer", id, "notify", text="正在查漏", channel="phone")
    world.do("engineer", id, "resolve", **SOLVED)
    world.do("agent", id, "visit", method="phone", result="satisfied")
    world.do("lead", id, "close")
    c = world.see(id)
    assert (c.status, world.name(c.owner_id)) == (State.CLOSED, "engineer")
    assert c.closed_at == world.clock.now
    assert [h.action for h in world.history(id)] == [
        "create", "accept", "assign", "notify", "resolve", "visit", "close",
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["agent_park", "manager2"])
def test_an_owner_without_a_role_here_is_refused(world: Any, person: str) -> None:
    id = world.bring(State.ACCEPTED)
    with pytest.raises(Invalid) as error:
        world.do("lead", id, "assign", owner_id=person)
    assert error.value.errors[0].path == "owner_id"
    assert world.see(id).status is State.ACCEPTED


@pytest.mark.parametrize("state", [State.WORKING, State.HELD, State.VISIT], ids=lambda s: s.value)
def test_assigning_to_someone_else_keeps_the_state(world: Any, state: State) -> None:
    id = world.bring(state)
    world.do("lead", id, "reassign", owner_id="lead")
    c = world.see(id)
    assert (c.status, world.name(c.owner_id)) == (state, "lead")


def test_hold_needs_reason_and_date(world: Any) -> None:
    id = world.bring(State.WORKING)
    for body in ({"until": "2026-03-06"}, {"reason": "等配件"}, {"reason": "", "until": "2026-03-06"}):
        with pytest.raises(Invalid):
            world.do("lead", id, "hold", **body)
    assert world.see(id).status is State.WORKING


@pytest.mark.parametrize("until", ["2026-03-01", "2026-03-02", "2026-04-02"])
def test_hold_ends_in_the_future_and_not_too_late(world: Any, until: str) -> None:
    id = world.bring(State.WORKING)
    with pytest.raises(Invalid) as error:
        world.do("lead", id, "hold", reason="等配件", until=until)
    assert error.value.errors[0].path == "until"
    world.do("lead", id, "hold", reason="等配件", until="2026-04-01")
    assert str(world.see(id).held_until) == "2026-04-01"


def test_hold_at_most_twice(world: Any) -> None:
    id = world.bring(State.WORKING)
    for _n in range(2):
        world.do("lead", id, "hold", reason="等配件", until="2026-03-06")
        world.do("lead", id, "resume")
    assert world.offered("lead", id)["hold"] is False
    with pytest.raises(Conflict):
        world.do("lead", id, "hold", reason="等配件", until="2026-03-06")
    assert world.see(id).holds == 2


def test_the_reason_of_a_hold_stands_in_the_history(world: Any) -> None:
    id = world.bring(State.HELD)
    entry = world.history(id)[-1]
    assert (entry.action, entry.inputs["reason"]) == ("hold", "等配件")


@pytest.mark.parametrize("state", [State.NEW, State.ACCEPTED, State.WORKING], ids=lambda s: s.value)
def test_transfer_keeps_the_first_registration(world: Any, state: State) -> None:
    id = world.bring(state)
    before = world.see(id)
    world.clock.move(days=1)
    world.do("lead", id, "transfer", site_id="park", reason="登记错项目")
    c = world.see(id)
    assert (c.site_id, c.status, world.name(c.owner_id)) == (world.sites["park"], State.NEW, "lead2")
    for name in ("number", "registered_at", "contact_by", "resolve_by", "progress_by"):
        assert getattr(c, name) == getattr(before, name), name
    assert world.sees("agent_park", id)
    assert not world.sees("lead", id)


def test_transfer_refuses_the_same_and_unknown_sites(world: Any) -> None:
    id = world.register()
    for site in ("garden", str(world.tenant)):
        with pytest.raises(Invalid) as error:
            world.do("lead", id, "transfer", site_id=site, reason="登记错项目")
        assert error.value.errors[0].path == "site_id"


def test_transfer_takes_the_merged_ones_along(world: Any) -> None:
    master, other = world.register(), world.register()
    world.do("lead", other, "merge", reason="同一件事", master=world.see(master).number)
    world.do("lead", master, "transfer", site_id="park", reason="登记错项目")
    assert world.see(other).site_id == world.sites["park"]


def test_unfounded_is_answered_all_the_same(world: Any) -> None:
    id = world.register()
    for body in ({"reason": "查无此事"}, {"reply": "经查无此情况", "by": "phone"}):
        with pytest.raises(Invalid):
            world.do("lead", id, "unfounded", **body)
    world.do("lead", id, "unfounded", reason="查无此事", reply="经查无此情况", by="phone")
    [notice] = world.children(id, Notice)
    assert notice.text == "经查无此情况"
    assert world.see(id).status is State.UNFOUNDED


AGENT = {"accept", "contact", "notify", "on_the_spot", "escalate", "visit"}
MANAGER_ONLY = {"answer"}


@pytest.mark.parametrize("state", State, ids=lambda s: s.value)
def test_rights_of_the_agent(world: Any, state: State) -> None:
    """客服专员: create, notify, visit; never assign, merge, waive."""
    id = world.bring(state)
    for name in set(world.offered("agent", id)) - AGENT:
        with pytest.raises(Forbidden):
            world.do("agent", id, name)


@pytest.mark.parametrize("state", State, ids=lambda s: s.value)
def test_rights_of_the_lead(world: Any, state: State) -> None:
    """客服主管: everything but the project manager's written answer."""
    id = world.bring(state)
    with world.as_("lead") as x:
        for name in world.offered("lead", id):
            assert x.gate.may(flow.transitions[name].permission, world.sites["garden"]) == (name not in MANAGER_ONLY)


def test_the_manager_may_do_all_at_the_site_and_nothing_elsewhere(world: Any) -> None:
    with world.as_("manager") as x:
        assert all(x.gate.may(t.permission, world.sites["garden"]) for t in flow.transitions.values())
        assert not any(x.gate.may(t.permission, world.sites["park"]) for t in flow.transitions.values())


def test_trade_leads_see_only_what_they_own(world: Any) -> None:
    mine, other = world.bring(State.WORKING), world.register()
    assert world.sees("engineer", mine)
    assert not world.sees("engineer", other)
    with pytest.raises(NotFound):
        world.do("engineer", other, "notify", text="x", channel="phone")


def test_clients_see_what_they_raised(world: Any) -> None:
    raised, other = world.register(by="client", channel="client"), world.register()
    assert world.sees("client", raised)
    assert not world.sees("client", other)


def test_the_region_reads_all_its_sites_and_registers_none(world: Any) -> None:
    assert world.sees("region", world.register())
    assert world.sees("region", world.register(by="agent_park", site="park"))
    with pytest.raises(Forbidden):
        world.register(by="region")


def test_finance_reads_without_identities(world: Any) -> None:
    from dougong_complaints.records import IDENTITY

    assert world.sees("finance", world.register())
    for name, may in (("finance", False), ("agent", True), ("lead", True), ("region", True), ("client", False)):
        with world.as_(name) as x:
            assert bool(x.gate.scope(IDENTITY)) == may, name


def test_who_complained_is_personal_and_masked() -> None:
    from dougong.records.fields import meta
    from dougong_complaints.records import IDENTITY, Complaint

    for name, mask in (("complainant", "name"), ("phone", "phone"), ("room", "all")):
        said = meta(Complaint, name)
        assert (said.personal, said.mask, said.reads) == (True, mask, IDENTITY)


def test_personal_values_are_not_in_the_history_itself(world: Any) -> None:
    entry = world.history(world.register())[0]
    assert "王女士" not in str(entry.changes)
    assert "13800005678" not in str(entry.changes)
    assert set(entry.changes["phone"][1]) == {"digest"}
