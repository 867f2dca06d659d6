"""The compliance calendar: each figure counts the rows of its list, near midnight and at the turn of the year, too."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from dougong.records import actions
from dougong_liaison import calendar
from dougong_liaison.records import Agency, Filing, Obligation, Order, Permit

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

HERE = "/liaison/year"
BOSS = "general_manager"
_MARK = re.compile(
    r'<a href="(/liaison/(?:filing|permit|order)\?[^"]+)"(?: data-t="(\w*)")?><small>[^<]*</small> <b>([^<]*)</b>'
)


def marks(text: str) -> list[tuple[str, str, str]]:
    """Address, tone and words of each figure of the page."""
    return [(html.unescape(href), tone, said) for href, tone, said in _MARK.findall(text)]


def rows(program: Client, address: str) -> int:
    """How many rows the list behind a figure has."""
    answer = program.api("GET", f"{address}&limit=100")
    assert answer.status_code == 200, answer.text
    return len(answer.json()["results"])


def agreeing(platform: Running, company: Company, who: str, address: str = f"{HERE}?year=2026") -> dict[str, int]:
    """Every figure is as many as its list has rows. :returns: figures of 2026 by ``site kind month``."""
    page = platform.browser(company, who).get(address)
    assert page.status_code == 200, page.text
    program, found = platform.program(company, who), dict[str, int]()
    for href, _tone, said in marks(page.text):
        total = int(re.match(r"(?:\d+/)?(\d+)", said)[1])  # type: ignore[index]
        assert rows(program, href) == total, f"{said}: {href}"
        asked = parse_qs(urlsplit(href).query)
        first = next(v for k, v in asked.items() if k.endswith(".from"))[0]
        found[f"{asked['site'][0]} {urlsplit(href).path.rpartition('/')[2]} {first[5:7]}"] = total
    return found


class Owed:
    """A company with filings, permits and orders around the turn of the year."""

    def __init__(self, company: Company) -> None:
        self.company, self.owner = company, company.people[BOSS]
        with company.acting(None, "liaison") as x:
            made = x.create(Agency, x.snapshot.sites.root, nature="fire", name="消防", jurisdiction="x")
            x.session.flush()
            self.agency = made.id

    def obligation(self, site: str) -> UUID:
        body = {
            "title": "年报", "agency_kind": "fire", "basis": "条例", "checked": "pending", "repeat": "yearly", "month": 1,
            "day": 1, "evidence": "x", "files": 0, "owner_id": str(self.owner),
        }  # fmt: skip
        with self.company.acting(None, "liaison") as x:
            return x.submit(Obligation, self.company.sites[site], body).id

    def filing(self, site: str, day: str, **over: Any) -> Filing:
        of = self.obligation(site)
        with self.company.acting(None, "liaison") as x:
            made = x.create(
                Filing, self.company.sites[site], obligation_id=of, title="年报", agency_kind="fire", files=0,
                owner_id=self.owner, due_on=dt.date.fromisoformat(day), **over,
            )  # fmt: skip
            x.session.flush()
            x.session.expunge(made)
            return made

    def permit(self, site: str, day: str, *others: str) -> None:
        body = {"title": "电梯", "nature": "business", "paper": "P-1", "expires_on": day, "owner_id": str(self.owner)}
        with self.company.acting(None, "liaison") as x:
            places = self.company.sites
            actions.create(
                x.registry.resources[Permit.kind], body, x, site=places[site], sites=tuple(places[o] for o in others)
            )

    def order(self, site: str, day: str) -> None:
        with self.company.acting(None, "liaison") as x:
            x.create(
                Order, self.company.sites[site], title="整改", agency_id=self.agency, document="1号",
                received_on=x.today(self.company.sites[site]), deadline_on=dt.date.fromisoformat(day), items="a",
                owner_id=self.owner,
            )  # fmt: skip


@pytest.fixture
def owed(company: Company, clock: Clock) -> Owed:
    return Owed(company)


# ---- figures and lists ----


def test_figures_and_lists_agree_at_the_ends_of_months_and_years(
    owed: Owed, platform: Running, company: Company
) -> None:
    company.add_site("far", "north", timezone="America/New_York")
    for site in ("n1", "far"):
        for day in ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01", "2026-12-31", "2027-01-01"):
            owed.filing(site, day)
        for day in ("2026-04-30", "2026-12-31", "2027-01-01"):
            owed.permit(site, day)
            owed.order(site, day)
    found = agreeing(platform, company, BOSS)
    for site in ("n1", "far"):
        assert {k: v for k, v in found.items() if k.startswith(f"{site} ")} == {
            f"{site} filing 01": 2, f"{site} filing 02": 1, f"{site} filing 12": 1,
            f"{site} permit 04": 1, f"{site} permit 12": 1, f"{site} order 04": 1, f"{site} order 12": 1,
        }  # fmt: skip
    assert found["north filing 01"] == 4
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2025")["n1 filing 12"] == 1
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2027")["far permit 01"] == 1


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Auckland"])
def test_late_begins_with_the_next_day_at_the_site(
    owed: Owed, platform: Running, company: Company, clock: Clock, zone: str
) -> None:
    company.add_site("far", "north", timezone=zone)
    one = owed.filing("far", "2026-12-31")
    due = one.due_by
    assert due is not None
    assert due.isoformat(timespec="seconds")[17:19] == "59"
    for moment, tone in ((due, ""), (due + dt.timedelta(seconds=2), "bad")):
        clock.at(moment)
        page = platform.browser(company, BOSS).get(f"{HERE}?year=2026")
        (found,) = {tone for _href, tone, _said in marks(page.text)}
        assert found == tone
        listed = platform.program(company, BOSS).api("GET", "/liaison/filing?tab=late").json()["results"]
        assert bool(listed) == bool(tone)


def test_what_is_not_needed_any_more_is_no_figure(owed: Owed, platform: Running, company: Company) -> None:
    one, other = owed.filing("n1", "2026-06-30"), owed.filing("n1", "2026-06-30")
    owed.permit("n1", "2026-06-30")
    with company.acting(None, "liaison") as x:
        x.take(x.get(Filing, one.id), "drop", reason="免报")
        x.take(x.get(Filing, other.id), "prepare")
        x.take(x.get(Filing, other.id), "submit")
        (permit,) = x.session.scalars(x.readable(Permit)).all()
        x.take(permit, "end", reason="停用")
    assert agreeing(platform, company, BOSS) == {"n1 filing 06": 1}
    page = platform.browser(company, BOSS).get(f"{HERE}?year=2026")
    assert [(tone, said) for _href, tone, said in marks(page.text)] == [("good", "1/1")]


def test_a_permit_of_several_sites_counts_once_in_each_row(owed: Owed, platform: Running, company: Company) -> None:
    owed.permit("n1", "2026-06-30", "n2", "s1")
    owed.filing("n1", "2026-06-30")
    owed.filing("s1", "2026-06-30")
    found = agreeing(platform, company, BOSS)
    permits = {key: n for key, n in found.items() if "permit" in key}
    assert permits == {f"{site} permit 06": 1 for site in (company.slug, "north", "n1", "n2", "s1")}
    assert found[f"{company.slug} filing 06"] == 2
    # who works at one of them sees it there, and not that there are others
    assert agreeing(platform, company, "project_manager_n1") == {"n1 filing 06": 1, "n1 permit 06": 1}


def test_filters_narrow_figures_and_lists_alike(owed: Owed, platform: Running, company: Company) -> None:
    owed.filing("n1", "2026-06-30")
    owed.filing("n1", "2026-06-30")
    with company.acting(None, "liaison") as x:
        x.session.scalars(x.readable(Filing)).first().agency_kind = "tax"
    owed.permit("n1", "2026-06-30")
    owed.order("n1", "2026-06-30")
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2026&agency_kind=tax") == {"n1 filing 06": 1}
    both = agreeing(platform, company, BOSS, f"{HERE}?year=2026&agency_kind=tax&agency_kind=fire")
    assert both == {"n1 filing 06": 2, "n1 order 06": 1}
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2026&what=permit&what=order") == {
        "n1 permit 06": 1,
        "n1 order 06": 1,
    }
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2026&site=south") == {}


def test_a_large_company_opens_region_by_region(
    owed: Owed, platform: Running, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "MOST", 2)
    for site in ("n1", "n2", "s1"):
        owed.filing(site, "2026-06-30")
    assert agreeing(platform, company, BOSS) == {
        f"{company.slug} filing 06": 3,
        "north filing 06": 2,
        "south filing 06": 1,
    }
    page = platform.browser(company, BOSS).get(f"{HERE}?year=2026")
    assert "/liaison/year?year=2026&amp;site=north" in page.text
    inner = agreeing(platform, company, BOSS, f"{HERE}?year=2026&site=north")
    assert inner == {"north filing 06": 2, "n1 filing 06": 1, "n2 filing 06": 1}
    monkeypatch.setattr(calendar, "MOST", 1)
    first = agreeing(platform, company, BOSS)
    assert first == {f"{company.slug} filing 06": 3, "north filing 06": 2}
    assert "from=1" in platform.browser(company, BOSS).get(f"{HERE}?year=2026").text
    assert agreeing(platform, company, BOSS, f"{HERE}?year=2026&from=1") == {
        f"{company.slug} filing 06": 3,
        "south filing 06": 1,
    }


# ---- who sees it ----


def test_each_counts_what_they_see(owed: Owed, platform: Running, company: Company, other_company: Company) -> None:
    owed.filing("n1", "2026-06-30")
    mine = owed.filing(
        "n1",
        "2026-06-30",
    )
    lead = company.add_person("lead")
    company.grant("lead", "engineering_lead", "n1", relation="mine")
    with company.acting(None, "liaison") as x:
        x.get(Filing, mine.id).owner_id = lead
    assert agreeing(platform, company, "project_manager_n1") == {"n1 filing 06": 2}
    assert agreeing(platform, company, "lead") == {"n1 filing 06": 1}
    assert agreeing(platform, company, "regional_director_south") == {}
    assert agreeing(platform, other_company, BOSS) == {}
    for who in ("nobody", "client_n1", "technician_n1"):
        assert platform.browser(company, who).get(HERE).status_code == 404
    company.switch("liaison", False)
    assert platform.browser(company, BOSS).get(HERE).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    ["year=1999", "year=20x6", "year=２０２６", "year=99999", "what=cake", "agency_kind=nobody", "from=x", "from=-1", "more=1",
     "year=2026&what=filing&what=cake"],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused(platform: Running, company: Company, wrong: str) -> None:
    assert platform.browser(company, BOSS).get(f"{HERE}?{wrong}").status_code == 400


def test_a_site_of_others_does_not_exist(platform: Running, company: Company) -> None:
    assert platform.browser(company, "project_manager_n1").get(f"{HERE}?site=s1").status_code == 404


def test_an_empty_year_says_what_to_do(platform: Running, company: Company) -> None:
    page = platform.browser(company, BOSS).get(f"{HERE}?year=2199")
    assert page.status_code == 200
    assert "/liaison/template" in page.text


# ---- as a feed ----


def test_the_feed_of_filings_follows_rights_and_the_module(owed: Owed, platform: Running, company: Company) -> None:
    one = owed.filing("n1", "2026-06-30")
    owed.filing("s1", "2026-06-30")
    assert "/feeds/new?kind=liaison.filing" in platform.browser(company, BOSS).get(HERE).text
    body = {"name": "合规日历", "kind": "liaison.filing"}
    made = platform.program(company, "project_manager_n1").api("POST", "/feeds/feed", body)
    assert made.status_code == 201, made.text
    link = made.json()["link"]
    reader = platform.browser(company)
    text = reader.get(link).text
    assert text.count("BEGIN:VEVENT") == 1
    assert one.number in text
    with company.acting(None, "liaison") as x:
        x.take(x.get(Filing, one.id), "prepare")
        x.take(x.get(Filing, one.id), "submit")
    company.switch("liaison", False)
    assert reader.get(link).status_code == 404
