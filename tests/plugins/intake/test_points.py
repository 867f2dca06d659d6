"""The codes on the wall: who makes, prints, renews and switches them off, and where."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dougong import Location
from dougong_intake.records import Point, Text

from .conftest import put_point

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

PATH = "/intake/codes"


def points(company: Company) -> list[Point]:
    with company.session() as session:
        found = list(session.scalars(sa.select(Point).order_by(Point.made_at, Point.id)))
        session.expunge_all()
        return found


@pytest.fixture
def lead(platform: Running, company: Company) -> Client:
    made = platform.browser(company, "service_lead_n1")
    made.get("/")
    return made


@pytest.fixture
def places(company: Company) -> None:
    with company.session() as session:
        for code, kind in (("1", "building"), ("2", "building"), ("gate", "point"), ("1-1", "floor")):
            session.add(Location(site_id=company.sites["n1"], code=code, name=f"place {code}", type=kind))


@pytest.mark.parametrize(("what", "expected"), [("buildings", 3), ("all", 4), ("site", 1)])
def test_codes_are_made_for_a_whole_site_at_once(
    lead: Client, company: Company, places: None, what: str, expected: int
) -> None:
    for _again in range(2):
        answer = lead.post(f"{PATH}/new", {"at": "n1", "what": what, "words": "报修投诉 {{7*7}}<b>"})
        assert answer.status_code == 303
    made = points(company)
    assert len(made) == expected
    assert len({one.token for one in made}) == expected
    assert all(len(one.token) == 16 for one in made)
    listed = lead.get(PATH).text
    assert listed.count(f'href="{PATH}/') >= expected


def test_more_places_than_are_made_at_once_all_get_a_code(
    lead: Client, company: Company, places: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dougong_intake.making.MOST", 3)
    for made in (3, 4, 4):
        assert lead.post(f"{PATH}/new", {"at": "n1", "what": "all"}).status_code == 303
        assert len(points(company)) == made


def test_a_long_list_goes_on(lead: Client, company: Company, places: None, monkeypatch: pytest.MonkeyPatch) -> None:
    lead.post(f"{PATH}/new", {"at": "n1", "what": "all"})
    monkeypatch.setattr("dougong_intake.points.ROWS", 3)
    first = lead.get(PATH).text
    (following,) = re.findall(r'href="(/intake/codes\?[^"]*page=2[^"]*)"', first)
    second = lead.get(following.replace("&amp;", "&")).text
    on = [{str(one.id) for one in points(company) if str(one.id) in text} for text in (first, second)]
    assert [len(one) for one in on] == [3, 1]
    assert not on[0] & on[1]
    assert lead.get(f"{PATH}?page=x").status_code == 400


def test_days_are_those_of_the_site(lead: Client, company: Company, clock: Clock) -> None:
    clock.at(dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC))
    lead.post(f"{PATH}/new", {"at": "n1", "what": "site"})
    (point,) = points(company)
    for page in (lead.get(PATH).text, lead.get(f"{PATH}/{point.id}").text):
        assert "2026-11-22" in page
        assert "2026-11-21" not in page


@pytest.mark.parametrize(
    "body",
    [
        {"at": "s1", "what": "site"},
        {"at": "nowhere", "what": "site"},
        {"at": "n1", "what": "everything"},
        {"at": "n1", "what": "site", "words": "x" * 61},
        {"at": "n1", "what": "site", "form": "nothing.here"},
        {},
    ],
)
def test_what_cannot_be_made_is_said(lead: Client, company: Company, body: dict[str, str]) -> None:
    assert lead.post(f"{PATH}/new", body).status_code == 422
    assert points(company) == []


def test_a_label_carries_the_code_and_words_as_text(lead: Client, company: Company) -> None:
    address = put_point(company, place="3号楼 {{7*7}}<b>", words="<i>报修</i>")
    (point,) = points(company)
    sheet = lead.post(f"{PATH}/print", {"id": str(point.id)})
    assert sheet.status_code == 200
    assert "<svg" in sheet.text
    assert "3号楼 {{7*7}}&lt;b&gt;" in sheet.text
    assert "<i>" not in sheet.text
    assert address.rpartition("/")[2] in lead.get(f"{PATH}/{point.id}").text


def test_a_renewed_code_takes_the_place_of_the_old_one(lead: Client, platform: Running, company: Company) -> None:
    address = put_point(company, place="3号楼")
    (old,) = points(company)
    answer = lead.post(f"{PATH}/{old.id}/renew", {})
    assert answer.status_code == 303
    ended, made = sorted(points(company), key=lambda one: one.off_at is None)
    assert ended.off_by == company.people["service_lead_n1"]
    assert (made.location_id, made.site_id) == (ended.location_id, ended.site_id)
    phone = platform.browser(company)
    assert phone.get(address).status_code == 404
    assert phone.get(f"/intake/f/{made.token}").status_code == 200
    assert lead.post(f"{PATH}/{old.id}/renew", {}).status_code == 404


def test_several_are_switched_off_and_found_again(lead: Client, platform: Running, company: Company) -> None:
    address = put_point(company)
    ids = [str(one.id) for one in points(company)]
    assert lead.post(f"{PATH}/off", {"id": ids}).status_code == 303
    assert platform.browser(company).get(address).status_code == 404
    assert ids[0] not in lead.get(PATH).text
    assert ids[0] in lead.get(f"{PATH}?show=off").text
    assert lead.post(f"{PATH}/off", {"id": "nonsense"}).status_code == 404
    for chosen in ({"id": ids}, {}):  # those that are off are not printed
        assert "没有选中" in lead.post(f"{PATH}/print", chosen).text


def test_elsewhere_and_for_others_there_are_none(platform: Running, company: Company, other_company: Company) -> None:
    put_point(company)
    (point,) = points(company)
    for who, where in (
        ("service_lead_s1", company),
        ("service_agent_n1", company),
        ("finance", company),
        ("service_lead_n1", other_company),
    ):
        browser = platform.browser(where, who)
        browser.get("/")
        assert browser.get(f"{PATH}/{point.id}").status_code == 404
        for way in ("off", "renew"):
            browser.post(f"{PATH}/{point.id}/{way}", {})
        assert str(point.id) not in browser.get(PATH).text
        assert point.token not in browser.get(f"{PATH}/print?id={point.id}").text
    assert points(company)[0].off_at is None
    assert platform.browser(company).get(PATH).status_code in (303, 401)


def test_the_notice_is_the_companys_and_has_versions(platform: Running, company: Company, lead: Client) -> None:
    assert lead.get("/intake/notice").status_code == 404
    admin = platform.browser(company, "admin")
    assert "个人信息" in admin.get("/intake/notice").text
    assert admin.post("/intake/notice", {"zh": " ", "en": "x"}).status_code == 422
    for n in (2, 3):
        assert admin.post("/intake/notice", {"zh": f"第{n}版", "en": f"version {n}"}).status_code == 303
    with company.session() as session:
        assert session.scalars(sa.select(Text.version).order_by(Text.version)).all() == [1, 2, 3]
    assert "第2版" in admin.get("/intake/notice?version=2").text


def test_the_menu_shows_the_codes_to_those_who_look_after_them(platform: Running, company: Company) -> None:
    assert re.search(rf'href="{PATH}"', platform.browser(company, "service_lead_n1").get("/").text)
    assert PATH not in platform.browser(company, "finance").get("/").text
