"""Assigned work and a report upwards, each carried through; what only one person may do; what the client gets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong.testing.companies import Company
from dougong_tasks.assigned.choices import State
from dougong_tasks.assigned.records import Task
from dougong_tasks.upward.choices import Period, ReportState
from dougong_tasks.upward.filling import days, for_client
from dougong_tasks.upward.records import ClientReport, SiteReport

BODY = {"title": "整理消防通道", "criteria": "通道畅通", "source": "meeting", "deadline": "2099-12-31"}


def _assign(company: Company, by: str, to: str, **over: Any) -> UUID:
    with company.acting(by, "tasks") as x:
        body = {**BODY, "owner_id": str(company.people[to]), **over}
        return x.submit(Task, company.sites["n1"], body).id


def _take(company: Company, by: str, kind: Any, id: UUID, step: str, **body: Any) -> None:
    with company.acting(by, "tasks") as x:
        x.take(x.get(kind, id), step, **body)


def test_only_the_assigner_signs(company: Company) -> None:
    id = _assign(company, "general_manager", "property_director")
    _take(company, "property_director", Task, id, "accept")
    _take(company, "property_director", Task, id, "note", text="已清理一半", percent=50)
    _take(company, "property_director", Task, id, "report", result="已清理")
    with pytest.raises((Conflict, Forbidden)):
        _take(company, "property_director", Task, id, "sign")
    _take(company, "general_manager", Task, id, "give_back", reason="缺照片")
    _take(company, "property_director", Task, id, "report", result="已补照片")
    _take(company, "general_manager", Task, id, "sign")
    with company.acting("general_manager", "tasks") as x:
        found = x.get(Task, id)
        assert (found.status, found.returns, found.percent) == (State.SIGNED, 1, 100)


def test_nobody_assigns_to_themselves_or_into_the_past(company: Company) -> None:
    with pytest.raises(Invalid):
        _assign(company, "general_manager", "general_manager")
    with pytest.raises(Invalid):
        _assign(company, "general_manager", "property_director", deadline="2020-01-01")


def test_more_time_is_asked_with_a_reason_and_granted_by_the_assigner(company: Company) -> None:
    id = _assign(company, "general_manager", "property_director", deadline="2098-12-31")
    with pytest.raises(Invalid):
        _take(company, "property_director", Task, id, "ask_extension", until="2098-12-30", reason="等材料")
    _take(company, "property_director", Task, id, "ask_extension", until="2099-01-10", reason="等材料")
    with pytest.raises((Conflict, Forbidden)):
        _take(company, "property_director", Task, id, "extend", until="2099-01-10")
    _take(company, "general_manager", Task, id, "extend", until="2099-01-10")
    with company.acting("general_manager", "tasks") as x:
        assert str(x.get(Task, id).deadline) == "2099-01-10"


def test_a_report_is_frozen_read_and_sent_to_the_client(company: Company) -> None:
    with company.acting("property_director", "tasks") as x:
        author = x.who("regional_director", company.sites["north"])[0].id
    with company.acting(None, "tasks") as x:
        mine = x.as_person(author)
        r = mine.submit(SiteReport, company.sites["north"], {"period": "week", "starts": "2026-09-09"})
        assert (str(r.starts), str(r.ends), r.author_id) == ("2026-09-07", "2026-09-13", author)
        with pytest.raises(Invalid):
            mine.submit(SiteReport, company.sites["north"], {"period": "week", "starts": "2026-09-07"})
        mine.take(r, "submit")
        assert r.frozen is not None
        assert "tasks.tasks" in {one["key"] for one in r.frozen}
        id = r.id
    _take(company, "property_director", SiteReport, id, "acknowledge")
    with company.acting(None, "tasks") as x:
        r = x.get(SiteReport, id)
        assert r.status is ReportState.READ
        x.as_person(author).take(r, "release")
        copy = x.session.scalars(x.readable(ClientReport)).one()
        assert copy.frozen is not None
        assert all(one["client"] for one in copy.frozen)


def test_the_client_gets_only_what_is_marked() -> None:
    figure = {"label": "a", "value": 1, "unit": "", "href": "/x", "client": True, "alarm": False}
    section = {"key": "m.s", "label": "S", "sentence": "", "client": True, "headings": ["h"], "rows": [["r"]]}
    given = [
        {**section, "figures": [figure, {**figure, "label": "cost", "client": False}]},
        {**section, "client": False, "figures": [figure]},
    ]
    found = for_client(given)
    assert [[f["label"] for f in one["figures"]] for one in found] == [["a"]]
    assert found[0]["rows"] == []
    assert found[0]["figures"][0]["href"] == ""


def test_weeks_begin_on_monday_and_months_end_on_their_last_day() -> None:
    import datetime as dt

    assert days(Period.MONTH, dt.date(2028, 2, 10)) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert days(Period.WEEK, dt.date(2027, 1, 1)) == (dt.date(2026, 12, 28), dt.date(2027, 1, 3))
