"""Reports as pages, files and addresses: who reaches them, what is refused, what a spreadsheet makes of them."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from dougong.testing.companies import Company

from .conftest import World
from .meters import Reading

REPORT = "/reports/complaints/handling"
SPAN = "period=2025-12-01..2026-03-18"


@pytest.fixture(scope="module")
def readings(world: World) -> Company:
    with world.anhe.acting("manager", "meters") as x:
        for at, (cost, stars, medium) in enumerate([(5_000, 4, "water"), (20_000, None, "power"), (None, 5, None)]):
            x.submit(
                Reading,
                world.anhe.sites["n1"],
                {
                    "title": f"=1+{at}",
                    "cost": cost,
                    "stars": stars,
                    "medium": medium,
                    "read_at": "2026-03-02T08:00:00+08:00",
                },
            )
    return world.anhe


def test_another_modules_report(world: World, readings: Company) -> None:
    told = world.report("manager", "meters/costs", by="medium")
    assert {n: f["value"] for n, f in told["total"].items()} == {
        "readings": 3, "cost": 25_000, "stars": 4.5, "dear": pytest.approx(100 / 3),
    }  # fmt: skip
    assert {g["key"]: g["label"] for g in told["groups"]} == {"water": "Water", "power": "Power", None: "未填写"}
    for by in ("medium", "estimated", "site", "day"):
        told = world.report("manager", "meters/costs", by=by)
        for group in told["groups"]:
            for measure, link in group["records"].items():
                assert len(world.listed("manager", link)) == group["figures"][measure]["rows"], link


def test_the_list_of_reports_is_what_one_may_read(world: World) -> None:
    def names(person: str) -> set[str]:
        return {f"{r['module']}.{r['name']}" for r in world.api(person).api("GET", "/reports").json()["results"]}

    complaints = {"complaints.handling", "complaints.clocks", "complaints.causes", "complaints.escalations"}
    assert names("manager") == {*complaints, "meters.costs"}
    assert names("gm") == complaints
    assert names("nobody") == set()
    page = world.running.browser(world.anhe, "gm").get("/reports")
    assert page.status_code == 200
    assert REPORT in page.text
    assert "meters" not in page.text


@pytest.mark.parametrize("path", [REPORT, "/reports/meters/costs", "/reports/complaints/nothing", "/reports/x/y"])
def test_who_may_read_nothing_finds_nothing(world: World, path: str) -> None:
    for tail in ("", "/export"):
        assert world.running.browser(world.anhe, "nobody").get(f"{path}{tail}").status_code == 404
    assert world.api("nobody").api("GET", path).status_code == 404


def test_nobody_signs_in_first(world: World) -> None:
    assert world.running.browser(world.anhe).get(REPORT).status_code == 303
    assert world.running.program(world.anhe).api("GET", REPORT).status_code == 401


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("period=never", 422),
        ("period=own", 422),
        ("period=2026-02-30..2026-03-01", 422),
        ("period=2026-03-02..2026-03-01", 422),
        ("period=1000-01-01..1000-02-01", 422),
        ("period=2001-01-01..2026-01-01", 422),
        ("period=this-month&from=2026-01-01&to=2026-01-02", 422),
        ("from=2026-01-01", 422),
        ("from=x&to=y", 422),
        ("period=2020-01-01..2026-01-01&by=day", 422),
        ("by=phone", 400),
        ("by=complainant", 400),
        ("category=nothing", 422),
        ("channel=pigeon", 422),
        ("colour=red", 400),
        ("site=nowhere", 404),
        ("by=%00", 400),
    ],
)
def test_bad_parameters(world: World, query: str, status: int) -> None:
    for answer in (
        world.api("gm").api("GET", f"{REPORT}?{query}"),
        world.running.browser(world.anhe, "gm").get(f"{REPORT}?{query}"),
    ):
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("query", ["period=this-year&by=day", "site=s1"])
def test_good_parameters(world: World, query: str) -> None:
    assert world.api("gm").api("GET", f"{REPORT}?{query}").status_code == 200
    assert world.running.browser(world.anhe, "gm").get(f"{REPORT}?{query}").status_code == 200


@pytest.mark.parametrize(
    "condition",
    ["x", "complaints.handling", "complaints.handling:nothing", "complaints.handling:late:category", "meters.costs:cost",
     "complaints.handling:late:nothing:x", "complaints.handling:late:area:x", "other.report:late"],
)  # fmt: skip
def test_a_list_refuses_a_figure_that_is_none(world: World, condition: str) -> None:
    answer = world.api("gm").api("GET", f"/complaints/complaint?{urlencode({'report': condition})}")
    assert answer.status_code == 400, answer.text
    page = world.running.browser(world.anhe, "gm").get(f"/complaints/complaint?{urlencode({'report': condition})}")
    assert page.status_code == 400


def test_the_page_says_the_finding_and_links_every_figure(world: World) -> None:
    page = world.running.browser(world.anhe, "gm").get(f"{REPORT}?{SPAN}&by=site")
    assert page.status_code == 200
    [finding] = re.findall(r'<p class="finding">(.*?)</p>', page.text, re.S)
    words = re.sub(r"<[^>]+>", "", finding)
    assert re.match(
        r"2025-12-01 – 2026-03-18投诉 \d+ 件，.*；超时 \d+ 件，按时解决率 [\d.]+%，回访满意率 [\d.]+%。", words
    ), words
    links = [html.unescape(link) for link in re.findall(r'<a href="(/complaints/complaint\?[^"]+)"', page.text)]
    assert len(links) > 30
    for link in dict.fromkeys(links):
        assert world.api("gm").api("GET", link).status_code == 200, link
    opened = world.running.browser(world.anhe, "gm").get(next(link for link in links if "report=" in link))
    assert opened.status_code == 200
    assert 'name="report"' in opened.text  # the condition stands among the filters, and can be taken off
    assert "<script" not in re.sub(r'<script type="module" src="[^"]+"></script>', "", page.text)
    assert "style=" not in page.text


@pytest.mark.parametrize("by", ["category", "site", "area", "building", "channel", "owner_id", "month", "week"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_grouping_draws(world: World, by: str, language: str) -> None:
    browser = world.running.browser(world.anhe, "gm")
    page = browser.get(f"{REPORT}?{SPAN}&by={by}", headers={"accept-language": language})
    assert page.status_code == 200
    assert 'class="chart"' in page.text
    assert len(page.content) < 400_000


def test_csv_and_xlsx(world: World, readings: Company) -> None:
    browser = world.running.browser(world.anhe, "manager")
    answer = browser.get("/reports/meters/costs/export?by=medium&format=csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Sort", "Readings", "Cost (元)"]
    assert rows[-1] == ["合计", "3", "250", "4.5", "33.33"]
    book = browser.get("/reports/meters/costs/export?by=medium&format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<v>250</v>" in sheet
    assert browser.get("/reports/meters/costs/export?format=exe").status_code == 400


def test_text_that_looks_like_a_formula_is_text() -> None:
    from dougong_reports import export

    rows: list[list[Any]] = [["=a", "+b"], ["@c", -3], ["合计", 1]]
    assert export.as_csv(rows).decode("utf-8-sig").splitlines() == ["'=a,'+b", "'@c,-3", "合计,1"]
    with zipfile.ZipFile(io.BytesIO(export.as_xlsx(rows, "=x"))) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert ">=a<" in texts
    assert ">+b<" in texts  # a workbook's text is text: no apostrophe that people would read


def test_a_module_that_is_off_has_no_reports(world: World) -> None:
    world.anhe.switch("meters", False)
    try:
        assert world.api("manager").api("GET", "/reports/meters/costs").status_code == 404
        assert "meters" not in {r["module"] for r in world.api("manager").api("GET", "/reports").json()["results"]}
    finally:
        world.anhe.switch("meters", True)
    world.anhe.switch("reports", False)
    try:
        assert world.api("manager").api("GET", "/reports").status_code == 404
        assert world.running.browser(world.anhe, "manager").get(REPORT).status_code == 404
        # The list still knows the figures that complaints declare: a link that was kept goes on to work.
        kept = world.api("manager").api("GET", "/complaints/complaint?tab=all&report=complaints.handling:late")
        assert kept.status_code == 200
    finally:
        world.anhe.switch("reports", True)


def test_the_menu_and_the_start_page(world: World) -> None:
    page = world.running.browser(world.anhe, "manager").get("/")
    assert 'href="/reports"' in page.text
    assert "/reports/complaints/handling" in page.text
    assert 'href="/reports"' not in world.running.browser(world.anhe, "nobody").get("/").text


def test_money_has_room_at_a_column() -> None:
    from dougong import Measure, translator
    from dougong_reports import words

    label = translator("dougong_reports")("Reports")

    money, count = Measure("spent", label, "money", value=lambda me: Reading.id), Measure("made", label)
    shown = [words.short(money, fen) for fen in (0, 46_000_00, 368_826_170, -368_826_170, None)]
    assert shown == ["0.0", "4.60", "368.8", "-368.8", "–"]
    assert max(map(len, shown)) <= 6, "twelve of them stand side by side"
    assert words.short(count, 12_345) == "12,345"
    assert words.titled("By site", count) == "By site"
    assert words.titled("By site", money) != "By site", "which says what its numbers are"
    assert words.band(money, 368_826_170)[0] == "3,688,262", "large figures have room on a phone"
