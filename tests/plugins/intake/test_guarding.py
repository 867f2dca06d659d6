"""What keeps the open pages open only to what they are for: tokens, forged forms, floods, programs, other companies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Site
from dougong.tenancy.tables import ModuleSite
from dougong_complaints.choices import Kind
from dougong_intake.keys import digest_of, grouped, new_code, tidy
from dougong_intake.records import Case, Consent, Point, Tally
from dougong_intake.submissions import Submission
from dougong_intake.tallies import networks
from hypothesis import given
from hypothesis import strategies as st

from .conftest import NAMED, Phone, complaints, only, picture, put_point

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company


def plain(text: str, *addresses: str) -> str:
    """A page without what differs from one asking to the next: tokens, numbers of requests, its own address."""
    text = re.sub(r'value="[0-9a-f]{64}"|req-\w+', "", text)
    for one in addresses:
        text = text.replace(one, "…")
    return text


def submissions(company: Company) -> list[Submission]:
    with company.acting(None) as x:
        found = list(x.session.scalars(sa.select(Submission)))
        x.session.expunge_all()
        return found


# ---- what does not open ----


def test_what_cannot_be_opened_does_not_exist(
    phone: Phone, platform: Running, company: Company, other_company: Company, wall: str
) -> None:
    missing = "/intake/f/nothing-of-this-name"
    expected = plain(phone.client.get(missing).text, missing)
    foreign = put_point(other_company)
    off = put_point(company, off_at=phone.clock.now)
    nowhere = put_point(company, "s1", form="nothing.here")
    for address in (foreign, off, nowhere):
        answer = phone.client.get(address)
        assert answer.status_code == 404
        assert plain(answer.text, address) == expected
    phone.open(wall)
    for address in (missing, foreign, off, nowhere):
        assert phone.send(address, anonymous="1").status_code == 404
    assert complaints(company) == complaints(other_company) == []


def test_at_a_closed_site_nothing_opens(phone: Phone, company: Company, wall: str) -> None:
    answer = phone.fill(wall, anonymous="1")
    case = answer.headers["location"].partition("?")[0]
    with company.session() as session:
        session.execute(sa.update(Site).where(Site.id == company.sites["n1"]).values(active=False))
    assert phone.client.get(wall).status_code == 404
    assert phone.client.get(case).status_code == 404


@pytest.mark.parametrize("module", ["complaints", "intake"])
def test_where_the_module_is_off_at_the_site_nothing_opens(
    phone: Phone, company: Company, wall: str, module: str
) -> None:
    with company.session() as session:
        session.add(ModuleSite(name=module, site_id=company.sites["n1"]))
    assert phone.client.get(wall).status_code == 404
    assert phone.client.get(put_point(company, "s1")).status_code == 200


def test_without_the_forms_module_the_case_does_not_open(phone: Phone, company: Company, wall: str) -> None:
    case = phone.fill(wall, anonymous="1").headers["location"].partition("?")[0]
    company.switch("complaints", False)
    assert phone.client.get(wall).status_code == 404
    assert phone.client.get(case).status_code == 404


# ---- forged and tampered ----


def test_a_form_without_our_token_is_refused(phone: Phone, platform: Running, company: Company, wall: str) -> None:
    phone.open(wall)
    assert phone.send(wall, anonymous="1", csrf=None).status_code == 403
    assert phone.send(wall, anonymous="1", csrf="00").status_code == 403
    stranger = Phone(platform.browser(company), phone.clock)
    stranger.open(wall)
    assert phone.send(wall, anonymous="1", csrf=stranger.client.csrf).status_code == 403
    headers = {"origin": "http://evil.example"}
    sent = {"csrf": phone.client.csrf, **phone.hidden}
    assert phone.client.ask("POST", wall, data=sent, headers=headers).status_code == 403
    case = "/intake/p/" + "2" * 16
    assert phone.client.ask("POST", f"{case}/say", data={"text": "x"}).status_code == 403
    assert complaints(company) == []


def test_the_guests_cookie_stays_over_the_form(phone: Phone, wall: str) -> None:
    phone.open(wall)
    cookies = dict(phone.client.cookies)
    assert len(cookies) == 1
    phone.open(wall)
    assert dict(phone.client.cookies) == cookies


@pytest.mark.parametrize(
    "stamp", ["", "x", "1.2", "99999999999.0", "-1.0", "1772413200.00000000000000000000000000000000", "९.x", None]
)
def test_a_tampered_stamp_is_refused_in_words(phone: Phone, company: Company, wall: str, stamp: str | None) -> None:
    phone.open(wall)
    phone.clock.move(seconds=30)
    answer = phone.send(wall, anonymous="1", stamp=stamp)
    assert answer.status_code == 409
    assert "页面打开太久" in answer.text
    assert complaints(company) == []


def test_a_page_that_stood_open_for_a_day_is_looked_through_again(phone: Phone, company: Company, wall: str) -> None:
    assert phone.fill(wall, anonymous="1", after=25 * 3600).status_code == 409
    again = phone.send(wall, anonymous="1")
    assert again.status_code == 409  # the old stamp once more
    assert phone.fill(wall, anonymous="1").status_code == 303


def test_a_notice_that_changed_meanwhile_is_read_again(
    phone: Phone, platform: Running, company: Company, wall: str
) -> None:
    phone.open(wall)
    admin = platform.browser(company, "admin")
    admin.get("/intake/notice")
    assert admin.post("/intake/notice", {"zh": "新告知 {{7*7}}", "en": "New <b>"}).status_code == 303
    phone.clock.move(seconds=30)
    assert phone.send(wall, **NAMED).status_code == 409
    answer = phone.fill(wall, **NAMED)
    assert answer.status_code == 303, answer.text
    with company.session() as session:
        assert session.scalars(sa.select(Consent.version)).all() == [2]
    assert "新告知 {{7*7}}" in phone.open(wall).text


# ---- floods ----


def test_an_address_has_its_share(phone: Phone, company: Company, wall: str) -> None:
    company.settings("intake", per_address=2)
    codes = [phone.fill(wall, anonymous="1", statement=f"第 {n} 件", after=5).status_code for n in range(3)]
    assert codes == [303, 303, 429]
    answer = phone.send(wall, anonymous="1", statement="还在打字的内容")
    assert "还在打字的内容" in answer.text
    assert "请等十分钟" in answer.text
    phone.clock.move(minutes=10)
    assert phone.fill(wall, anonymous="1", statement="另一天").status_code == 303


def test_a_code_has_its_days_share(phone: Phone, company: Company, wall: str) -> None:
    company.settings("intake", per_code=1)
    assert phone.fill(wall, anonymous="1", statement="一").status_code == 303
    assert phone.fill(wall, anonymous="1", statement="二").status_code == 429
    assert phone.fill(put_point(company), anonymous="1", statement="三", location="南门").status_code == 303


def test_the_same_again_is_the_same_case(phone: Phone, company: Company, wall: str) -> None:
    first, second = (phone.fill(wall, photos=[picture()], **NAMED, after=5) for _n in range(2))
    assert first.headers["location"] != second.headers["location"]
    made = only(company)
    assert phone.client.get(second.headers["location"]).status_code == 200
    assert made.number in phone.client.get(second.headers["location"]).text
    other = phone.fill(wall, **{**NAMED, "phone": "13900001111"}, after=5)
    assert other.status_code == 303
    assert len(complaints(company)) == 2
    phone.clock.move(minutes=11)
    phone.fill(wall, **NAMED)
    assert len(complaints(company)) == 3


def test_counts_name_no_case_and_go_after_their_time(phone: Phone, company: Company, wall: str) -> None:
    phone.fill(wall, anonymous="1")
    with company.session() as session:
        for row in session.scalars(sa.select(Tally)):
            assert re.fullmatch(r"[0-9a-f]{32}", row.key)
        columns = {c.name for table in (Case, Consent, Point) for c in table.__table__.columns}
        assert not columns & {"address", "ip", "agent", "device", "session_id", "person_id"}
    phone.clock.move(days=3)
    phone.fill(wall, anonymous="1", statement="三天后")
    with company.session() as session:
        assert all(row.until > phone.clock.now for row in session.scalars(sa.select(Tally)))


# ---- programs ----


@pytest.mark.parametrize(
    ("over", "after", "why"),
    [
        ({"website": "http://spam.example"}, 30, "看不见"),
        ({}, 1, "秒内填完"),
        ({"statement": "看 http://a.example 和 https://b.example"}, 30, "2 个链接"),
    ],
)
def test_what_looks_suspicious_waits_for_a_person(
    phone: Phone, platform: Running, company: Company, wall: str, over: dict[str, str], after: float, why: str
) -> None:
    answer = phone.fill(wall, photos=[picture()], **{**NAMED, **over}, after=after)
    assert answer.status_code == 303
    assert complaints(company) == []
    (held,) = submissions(company)
    assert why in held.why
    assert "王女士" not in held.text
    case = answer.headers["location"].partition("?")[0]
    assert "正在核对" in phone.client.get(case).text
    assert phone.post(f"{case}/say", text="水越来越多").status_code == 303
    lead = platform.browser(company, "service_lead_n1")
    assert held.number in lead.get("/intake/submission").text
    assert lead.get(f"/intake/submission/{held.id}").status_code == 200
    program = platform.program(company, "service_lead_n1")
    at = f"/intake/submission/{held.id}"
    version = program.api("GET", at).json()["row_version"]
    done = program.api("POST", f"{at}/transitions/register", {}, version=version)
    assert done.status_code == 200, done.text
    made = only(company)
    assert (made.complainant, made.location) == ("王女士", "3号楼")
    assert submissions(company)[0].body == {}
    with company.acting(None, "complaints") as x:
        assert len(x.files(made)) == 1
        assert [one.text for one in x.comments(made)] == ["水越来越多"]
        assert x.session.scalars(sa.select(Consent)).one().record_id == made.id
    assert made.number in phone.client.get(case).text
    assert "水越来越多" in phone.client.get(case).text


def test_a_discarded_one_leaves_nothing_personal(phone: Phone, platform: Running, company: Company, wall: str) -> None:
    case = phone.fill(wall, **NAMED, website="x").headers["location"].partition("?")[0]
    (held,) = submissions(company)
    assert held.body["phone"] == "13800005678"
    program = platform.program(company, "service_agent_n1")
    at = f"/intake/submission/{held.id}"
    version = program.api("GET", at).json()["row_version"]
    assert "13800005678" not in program.api("GET", at).text
    done = program.api("POST", f"{at}/transitions/discard", {"reason": "广告"}, version=version)
    assert done.status_code == 200, done.text
    assert submissions(company)[0].body == {}
    assert complaints(company) == []
    assert "已关闭" in phone.client.get(case).text
    assert phone.post(f"{case}/say", text="为什么").status_code == 303


def test_a_company_may_have_everything_registered_at_once(phone: Phone, company: Company, wall: str) -> None:
    company.settings("intake", check=False)
    phone.fill(wall, anonymous="1", website="x")
    assert only(company).complainant_type is Kind.ANONYMOUS
    assert submissions(company) == []


def test_a_held_back_one_must_be_complete_too(phone: Phone, company: Company, wall: str) -> None:
    assert phone.fill(wall, anonymous="1", statement="", website="x").status_code == 422
    assert submissions(company) == []


# ---- small things ----


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none(text: str) -> None:
    found = tidy(text)
    assert found is None or tidy(grouped(found)) == found


def test_codes_differ_and_their_digests_tell_companies_apart(company: Company) -> None:
    codes = {new_code() for _n in range(200)}
    assert len(codes) == 200
    one = next(iter(codes))
    assert digest_of(one, company.tenant) != digest_of(one, company.sites["n1"])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", ("192.0.2.7/32", "192.0.2.0/24")),
        ("2001:db8:1:2:3::4", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("", ("", "")),
    ],
)
def test_addresses_are_counted_by_household_and_neighbourhood(address: str, expected: Any) -> None:
    assert networks(address) == expected
