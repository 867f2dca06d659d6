"""Named calendars: which one holds for a site and a post, what they take from the company, shifts that can be checked by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from dougong.scheduling.calendars import Calendar, CalendarError
from dougong.scheduling.held import Calendars, calendar_for, calendar_of
from dougong.tenancy.hours import CoreCalendar, NamedCalendar, hours_text, shift_spans
from dougong.tenancy.settings import CoreSettings
from dougong.tenancy.sites import SiteNode, SiteTree
from dougong.testing import Company
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

SHANGHAI = "Asia/Shanghai"
GUARDS = {
    "name": "保安三班倒", "kind": "shifts", "public_holidays": False,
    "shifts": [
        {"name": "早班", "hours": "08:00-12:00, 12:30-16:00"},
        {"name": "中班", "hours": "16:00-24:00"},
        {"name": "夜班", "hours": "24:00-04:00, 04:30-08:00", "days": ["monday", "tuesday", "wednesday", "thursday", "friday"]},
    ],
}  # fmt: skip
ROOT, REGION, ONE, TWO = uuid4(), uuid4(), uuid4(), uuid4()
TREE = SiteTree(
    [
        SiteNode(ROOT, None, "anhe", "安禾", "company"),
        SiteNode(REGION, ROOT, "east", "华东", "region"),
        SiteNode(ONE, REGION, "n1", "一"),
        SiteNode(TWO, REGION, "n2", "二", timezone="America/New_York"),
    ]
)


def named(**given: Any) -> NamedCalendar:
    return NamedCalendar.model_validate({"name": "x", **given})


def held(*uses: tuple[str, str | None, str | None]) -> Calendars:
    calendars = {slug: named(name=slug) for slug, _site, _post in uses}
    given = [{"calendar": slug, "site": site, "post": post} for slug, site, post in uses]
    return Calendars(CoreSettings.model_validate({"calendars": calendars, "calendar_uses": given}), TREE)


def of(own: NamedCalendar, company: CoreCalendar | None = None, zone: str = SHANGHAI) -> Calendar:
    return calendar_for(CoreSettings(calendars={"x": own}, calendar=company or CoreCalendar()), zone, "x")


def at(text: str, zone: str = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: dt.datetime) -> str:
    return moment.astimezone(ZoneInfo(SHANGHAI)).strftime("%m-%d %H:%M")


# ---- which one holds ----


@pytest.mark.parametrize(
    ("site", "post", "slug"),
    [
        (ONE, None, "site"),
        (TWO, None, "region"),
        (REGION, None, "region"),
        (ROOT, None, "default"),
        (None, None, "default"),
        (ONE, "guard", "here"),
        (TWO, "guard", "region_guard"),
        (ROOT, "guard", "guard"),
        (None, "guard", "guard"),
        (ONE, "cook", "site"),
    ],
)
def test_the_nearest_wins_and_a_post_goes_before_a_site(site: UUID | None, post: str | None, slug: str) -> None:
    rules = [
        ("guard", None, "guard"), ("region_guard", "east", "guard"), ("here", "n1", "guard"), ("site", "n1", None),
        ("region", "east", None),
    ]  # fmt: skip
    for uses in (rules, rules[::-1]):
        assert held(*uses).holding(site, post).slug == slug


def test_all_rules_are_told_in_their_order() -> None:
    rules = held(("a", "n1", "guard"), ("b", None, "guard"), ("c", "east", None), ("d", "n2", None))
    assert [one.slug for one in rules.candidates(ONE, "guard")] == ["a", "b", "c", "default"]


def test_a_calendar_by_name_and_one_that_is_gone() -> None:
    calendars = held(("night", "n1", None))
    assert calendars.at(TWO, name="night").zone == "America/New_York"
    assert calendars.at(ONE, name="default") == calendars.at(ROOT)
    assert calendars.at(TWO, name="always").always
    assert calendars.at(TWO, name="always").zone == "America/New_York"
    assert calendars.at(ONE, name="gone") == calendars.at(ONE)
    assert calendars.at(ONE) is calendars.at(ONE)
    with pytest.raises(KeyError):
        calendars.at(uuid4())


def test_a_use_of_nothing_is_passed_over() -> None:
    stored = CoreSettings.model_validate({"calendar_uses": [{"calendar": "gone", "site": "n1"}]})
    assert Calendars(stored, TREE).holding(ONE).slug == "default"


def test_code_gets_it_from_the_context_and_the_snapshot(company: Company) -> None:
    company.settings(
        "core", calendars={"guards": GUARDS}, calendar_uses=[{"calendar": "guards", "post": "security_lead"}]
    )
    snapshot = company.snapshot
    site = snapshot.sites.by_slug["n1"].id
    assert calendar_of(snapshot, site, post="security_lead").rota
    assert calendar_of(snapshot, site, name="guards") is calendar_of(snapshot, site, post="security_lead")
    assert calendar_of(snapshot, site, always=True).always
    assert not calendar_of(snapshot, site).rota


# ---- what it takes from the company ----


def test_the_companys_table_holds_with_the_public_holidays_and_ones_own_goes_first() -> None:
    company = CoreCalendar(days_off=["2028-03-15", "2028-03-16"], working_days=["2028-03-18", "2028-03-19"])
    follows = of(named(days_off=["2028-03-18"], working_days=["2028-03-15"]), company)
    days = [follows.is_working_day(dt.date(2028, 3, n)) for n in (15, 16, 18, 19)]
    assert days == [True, False, False, True]
    assert [follows.kind_of(dt.date(2028, 3, n)) for n in (15, 16, 18, 19)] == ["on", "off", "off", "on"]
    alone = of(named(public_holidays=False), company)
    assert [alone.is_working_day(dt.date(2028, 3, n)) for n in (15, 16, 18, 19)] == [True, True, False, False]
    assert of(named(kind="always"), company).always


def test_kinds_of_days() -> None:
    calendar = of(named())
    kinds = {"2025-01-26": "make_up", "2025-10-01": "holiday", "2025-03-15": "rest", "2025-03-14": "usual"}
    assert {day: calendar.kind_of(dt.date.fromisoformat(day)) for day in kinds} == kinds


# ---- shifts ----


def test_shifts_of_a_day() -> None:
    calendar = of(named(**GUARDS))
    turns = [(name, shown(opens), shown(closes)) for name, opens, closes in calendar.shifts(dt.date(2025, 3, 14))]
    assert turns == [
        ("早班", "03-14 08:00", "03-14 16:00"),
        ("中班", "03-14 16:00", "03-15 00:00"),
        ("夜班", "03-15 00:00", "03-15 08:00"),
    ]
    assert [name for name, _o, _c in calendar.shifts(dt.date(2025, 3, 15))] == ["早班", "中班"]
    assert of(named()).shifts(dt.date(2025, 3, 15)) == []
    [(name, opens, closes)] = of(named()).shifts(dt.date(2025, 3, 14))
    assert (name, shown(opens), shown(closes)) == ("", "03-14 08:30", "03-14 18:00")
    assert len(of(named(kind="always")).shifts(dt.date(2025, 3, 15))) == 1


def test_a_night_shift_has_its_day_to_the_last_minute_and_in_its_break() -> None:
    calendar = of(named(**GUARDS))
    friday, saturday = dt.date(2025, 3, 14), dt.date(2025, 3, 15)
    dates = {"00:00": friday, "04:15": friday, "07:59": friday, "08:00": saturday, "23:59": saturday}
    assert {time: calendar.business_date(at(f"2025-03-15 {time}")) for time in dates} == dates
    assert not calendar.is_working(at("2025-03-15 04:15"))
    assert calendar.business_date(at("2025-03-16 03:00")) == dt.date(2025, 3, 16)  # no night shift on Saturday
    assert shown(calendar.add(at("2025-03-15 03:00"), hours=2)) == "03-15 05:30"
    assert shown(calendar.add(at("2025-03-16 07:00"), hours=0.5)) == "03-16 08:30"


def test_overlapping_shifts_are_counted_once() -> None:
    shifts = [{"name": "白班", "hours": "07:45-20:00"}, {"name": "夜班", "hours": "19:45-08:00"}]
    calendar = of(named(kind="shifts", shifts=shifts, public_holidays=False))
    assert calendar.between(at("2025-03-10 00:00"), at("2025-03-11 00:00")) == dt.timedelta(hours=24)
    assert calendar.business_date(at("2025-03-11 07:50")) == dt.date(2025, 3, 10)
    assert [len(calendar.shifts(dt.date(2025, 3, n))) for n in (10, 15)] == [2, 2]


def test_a_make_up_day_without_shifts_has_the_first_weekdays() -> None:
    shifts = [
        {"name": "A", "hours": "08:00-16:00", "days": ["tuesday"]},
        {"name": "B", "hours": "09:00-17:00", "days": ["friday"]},
    ]
    calendar = of(named(kind="shifts", shifts=shifts))
    assert [name for name, _o, _c in calendar.shifts(dt.date(2025, 1, 26))] == ["A"]  # Sunday, made up


@given(st.text(max_size=40))
def test_any_text_is_a_shift_or_refused(text: str) -> None:
    try:
        made = named(kind="shifts", shifts=[{"name": "a", "hours": text}])
    except ValidationError:
        return
    assert hours_text(shift_spans(made.shifts[0].hours)) == made.shifts[0].hours


def test_what_cannot_be_reckoned_is_a_refusal_in_words() -> None:
    with pytest.raises(CalendarError) as refused:
        of(named()).add(at("2025-03-14 15:00"), hours=400_000)
    assert refused.value.status == 422
    assert str(refused.value.detail)
    with pytest.raises(CalendarError):
        of(named()).shifts(dt.date(9999, 12, 31))
