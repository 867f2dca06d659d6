"""What a person has on hand over all modules, and how it goes to another person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import hand_over, open_items
from dougong.errors import Invalid
from dougong.records.on_hand import open_states
from dougong.records.tables import History
from dougong_complaints.records import Complaint
from dougong_notify.records import Message, Notice

from .conftest import House

LEAVER, HEIR = "service_lead_n1", "project_manager_n1"


@pytest.fixture
def held(house: House) -> list[UUID]:
    """Two complaints of the leaver at n1, one of them closed."""
    made = []
    company = house.anhe
    with company.acting(None) as x:
        x.session.execute(sa.update(Complaint).values(owner_id=None))
    for _n in range(2):
        made.append(UUID(house.register()["id"]))
    with company.acting(None) as x:
        for id, state in zip(made, ("working", "closed"), strict=True):
            x.session.execute(
                sa.update(Complaint).where(Complaint.id == id).values(owner_id=company.people[LEAVER], status=state)
            )
    return made


def _items(house: House, by: str | None, of: str = LEAVER) -> dict[str, Any]:
    with house.anhe.acting(by) as x:
        return {one.kind: one for one in open_items(x, house.anhe.people[of])}


def test_what_is_open_is_counted_and_named_to_those_who_may_see_it(house: House, held: list[UUID]) -> None:
    found = _items(house, "general_manager")["complaints.complaint"]
    assert (found.count, found.ids) == (1, (held[0],))
    assert str(house.anhe.people[LEAVER]) in found.href
    page = house.platform.browser(house.anhe, "general_manager").get(found.href)
    assert page.status_code == 200
    assert found.records[0].number in page.text


def test_who_may_not_see_them_learns_the_number_of_them_alone(house: House, held: list[UUID]) -> None:
    found = _items(house, "nobody")["complaints.complaint"]
    assert (found.count, found.records, found.href) == (1, (), "")
    assert _items(house, "project_manager_s1")["complaints.complaint"].records == ()


def test_another_company_and_a_module_that_is_off_have_none(house: House, held: list[UUID]) -> None:
    with house.jinxiu.acting(None) as x:
        assert open_items(x, house.anhe.people[LEAVER]) == []
    house.anhe.switch("complaints", False)
    try:
        assert "complaints.complaint" not in _items(house, None)
    finally:
        house.anhe.switch("complaints", True)


def test_it_is_handed_over_with_history_and_a_message(house: House, held: list[UUID]) -> None:
    company = house.anhe
    with company.acting("hr") as x:
        done = hand_over(x, company.people[LEAVER], company.people[HEIR], reason="离职交接")
    assert done.counts == {"complaints.complaint": 1}
    assert (done.refused, done.more) == ((), False)
    assert "complaints.complaint" not in _items(house, None)
    with company.acting(None) as x:
        assert x.session.get_one(Complaint, (x.tenant, held[0])).owner_id == company.people[HEIR]
        assert x.session.get_one(Complaint, (x.tenant, held[1])).owner_id == company.people[LEAVER]
        entry = x.session.scalars(
            sa.select(History).where(History.record_id == held[0]).order_by(History.id.desc())
        ).first()
        assert entry is not None
        assert (entry.action, entry.inputs["reason"]) == ("handed_over", "离职交接")
        assert entry.actor_id == company.people["hr"]
    page = house.platform.browser(company, HEIR).get(f"/complaints/complaint/{held[0]}")
    assert "离职交接" in page.text
    with company.acting(None) as x:
        told = sa.select(Message.person_id).join(Notice, Message.notice_id == Notice.id)
        told = told.where(Notice.record_id == held[0], Notice.event == "complaints.complaint.handed_over")
        assert x.session.scalars(told).all() == [company.people[HEIR]]


def test_nobody_gets_what_they_may_not_see(house: House, held: list[UUID]) -> None:
    company = house.anhe
    with company.acting("hr") as x:
        done = hand_over(x, company.people[LEAVER], company.people["project_manager_s1"], reason="离职交接")
        assert done.counts == {}
        assert [(kind, id) for kind, id, _number, _why in done.refused] == [("complaints.complaint", held[0])]
        assert done.refused[0][3]
    assert _items(house, None)["complaints.complaint"].count == 1
    with company.acting(None) as x:  # the accused does not get the complaint against themselves
        x.session.execute(sa.update(Complaint).where(Complaint.id == held[0]).values(against_id=company.people[HEIR]))
    with company.acting("hr") as x:
        done = hand_over(x, company.people[LEAVER], company.people[HEIR], reason="离职交接")
        assert (done.counts, len(done.refused)) == ({}, 1)
    with company.acting(None) as x:
        assert x.session.get_one(Complaint, (x.tenant, held[0])).owner_id == company.people[LEAVER]


def test_it_goes_in_bounded_batches(house: House, held: list[UUID]) -> None:
    company = house.anhe
    with company.acting(None) as x:
        x.session.execute(sa.update(Complaint).where(Complaint.id == held[1]).values(status="working"))
    for more in (True, False):
        with company.acting("hr") as x:
            done = hand_over(x, company.people[LEAVER], company.people[HEIR], reason="离职交接", most=1)
        assert (done.counts, done.more) == ({"complaints.complaint": 1}, more)


def test_to_whom_it_cannot_go_is_told(house: House, held: list[UUID]) -> None:
    company = house.anhe
    with company.acting("hr") as x:
        for to in (company.people[LEAVER], house.jinxiu.people[HEIR]):
            with pytest.raises(Invalid):
                hand_over(x, company.people[LEAVER], to, reason="离职交接")


def test_the_states_that_count_are_those_that_lead_on(house: House) -> None:
    found = {one.value for one in open_states(house.anhe.registry.resources["complaints.complaint"], "owner_id") or ()}
    assert found == {"registered", "accepted", "working", "held", "visit"}
    task = {one.value for one in open_states(house.anhe.registry.resources["inspections.task"], "assignee_id") or ()}
    assert task == {"pending", "working", "returned", "make_up"}
