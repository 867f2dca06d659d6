"""What an import starts: nothing, but for clocks that say so and whose time is still to come."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.errors import Problem
from dougong.records.bulk_write import ImportRow, change_many, check_many, create_many
from dougong.tenancy.tables import due

from .conftest import Office
from .errands import Errand, resource

MORNING = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
SOON, LATER, OVER = "2026-04-30", "2026-12-31", "2026-02-01"


def bring(office: Office, *bodies: dict[str, Any]) -> list[Any]:
    with office.company.acting("service_lead_n1", "errands") as x:
        rows = [ImportRow(office.company.sites["n1"], body, {}) for body in bodies]
        return [one if isinstance(one, Problem) else one.id for one in create_many(resource, rows, x)]


def correct(office: Office, id: UUID, **body: Any) -> None:
    with office.company.acting("service_lead_n1", "errands") as x:
        change_many(resource, {id: ImportRow(office.company.sites["n1"], body, {})}, x)


def waiting(office: Office) -> set[UUID]:
    with office.company.session() as session:
        return set(session.scalars(sa.select(due.c.id).where(due.c.kind == Errand.kind)))


@pytest.fixture(autouse=True)
def morning(office: Office) -> None:
    office.clock.at(MORNING)


def test_a_paper_that_is_brought_in_reminds(office: Office) -> None:
    owner = office.company.people["service_agent_n1"]
    (id,) = bring(office, {"valid_until": SOON, "owner_id": str(owner)})
    one = office.get(id)
    assert one.expires == dt.datetime(2026, 4, 30, 16, tzinfo=dt.UTC)
    assert (one.due, one.news_by, one.end_by) == (None, None, None), "nothing else starts"
    office.clock.at(dt.datetime(2026, 4, 1, 2, tzinfo=dt.UTC))
    assert office.run() == [("due_soon", "expiry", ("service_agent_n1",))]


def test_what_is_over_wakes_nobody_until_it_gets_a_later_day(office: Office) -> None:
    (id,) = bring(office, {"valid_until": OVER})
    assert office.get(id).expires is None
    assert office.run() == []
    assert waiting(office) == set()
    office.edit(id, title="y")
    assert office.get(id).expires is None
    office.edit(id, valid_until=LATER)
    assert office.get(id).expires is not None
    assert waiting(office) == {id}


@pytest.mark.parametrize("day", [None, OVER])
def test_a_day_that_a_later_file_brings_starts_it(office: Office, day: str | None) -> None:
    (id,) = bring(office, {"valid_until": day})
    correct(office, id, valid_until=LATER)
    one = office.get(id)
    assert one.expires is not None
    assert one.due is None
    assert waiting(office) == {id}
    correct(office, id, valid_until=SOON)
    assert office.get(id).expires == dt.datetime(2026, 4, 30, 16, tzinfo=dt.UTC)


def test_a_later_file_may_take_the_day_back(office: Office) -> None:
    (id,) = bring(office, {"valid_until": LATER})
    correct(office, id, valid_until=None)
    assert office.get(id).expires is None
    assert waiting(office) == set()
    office.edit(id, valid_until=SOON)
    assert office.get(id).expires is not None


def test_rows_that_are_refused_or_only_tried_are_not_waited_for(office: Office) -> None:
    good, bad = {"valid_until": SOON}, {"valid_until": SOON, "title": "", "size": "none"}
    made = bring(office, good, bad)
    assert isinstance(made[1], Problem)
    assert waiting(office) == {made[0]}
    with office.company.acting("service_lead_n1", "errands") as x:
        kept = office.create(valid_until=LATER)
        check_many(resource, [ImportRow(office.company.sites["n1"], good, {})] * 3, x)
    assert waiting(office) == {made[0], kept}
