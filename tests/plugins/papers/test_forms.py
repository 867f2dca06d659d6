"""A record as a form: everything that its reader may see, nothing else, whatever people wrote."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from dougong_papers import fonts
from pypdf import PdfReader

from .conftest import COMPLAINTS, World, pages, photo, words

if TYPE_CHECKING:
    from dougong.testing.companies import Company

SAID = (
    "投诉处理单", "顶棚渗水", "3号楼", "表单编号：BD-TS-01", "记录编号：TS", "客服主管", "项目经理", "第1页/共1页", "打印时间",
)  # fmt: skip
NASTY = "#panic(1) {{7*7}} $x^2$ \\n #read(\"/etc/passwd\") *b* _i_ `c` <end> @r [x] // c /* d */ #import \"@preview/x:1.0.0\""


def test_a_form_says_what_the_record_says(world: World) -> None:
    id = world.complain()
    answer = world.pdf(f"{id}.pdf")
    text = words(answer)
    assert [said for said in SAID if said not in text] == []
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"


def test_times_are_exact(world: World) -> None:
    id = world.complain()
    world.clock.move(minutes=5)
    text = words(world.pdf(f"{id}.pdf"))
    assert "分钟前" not in text
    assert "剩" not in text
    assert f"{world.clock.now:%Y-%m-%d}" in text


def test_what_is_masked_stays_masked(world: World) -> None:
    id = world.complain()
    text = words(world.pdf(f"{id}.pdf", "general_manager"))
    for secret in ("王女士", "13800005678", "1380000"):
        assert secret not in text


def test_who_may_not_read_it_gets_nothing(world: World, other_company: Company) -> None:
    id = world.complain()
    assert world.pdf(f"{id}.pdf", "service_lead_s1").status_code == 404
    stranger = world.platform.browser(other_company, "service_lead_n1")
    assert stranger.get(f"/papers{COMPLAINTS}/{id}.pdf").status_code == 404
    assert stranger.get(f"/papers{COMPLAINTS}/labels.pdf?id={id}").status_code == 404
    assert world.platform.browser(world.company).get(f"/papers{COMPLAINTS}/{id}.pdf").status_code in (302, 303, 401)


def test_the_accused_cannot_print_it(world: World) -> None:
    accused = str(world.company.people["service_lead_n1"])
    id = world.complain(against_id=accused)
    assert world.pdf(f"{id}.pdf").status_code == 404


@pytest.mark.parametrize("path", ["x.pdf", "list.png", f"{'0' * 32}.pdf", "..pdf", "labels", "%2e%2e.pdf"])
def test_other_names_are_nothing(world: World, path: str) -> None:
    assert world.pdf(path).status_code == 404


@pytest.mark.parametrize("kind", ["complaints/nothing", "nothing/complaint", "core/file", "papers/../x"])
def test_other_kinds_are_nothing(world: World, kind: str) -> None:
    browser = world.platform.browser(world.company, "service_lead_n1")
    assert browser.get(f"/papers/{kind}/list.pdf").status_code == 404


@pytest.mark.parametrize("query", ["timeline=some", "lang=fr", "x=1"])
def test_a_parameter_that_is_none(world: World, query: str) -> None:
    assert world.pdf(f"{world.complain()}.pdf?{query}").status_code == 400


def test_modules_that_are_off_are_absent(world: World) -> None:
    id = world.complain()
    world.company.switch("papers", False)
    assert world.pdf(f"{id}.pdf").status_code == 404
    page = world.platform.browser(world.company, "service_lead_n1").get(f"{COMPLAINTS}/{id}").text
    assert "/papers/" not in page


def test_the_api_gives_the_same(world: World) -> None:
    id = world.complain()
    program = world.platform.program(world.company, "service_lead_n1")
    answer = program.get(f"/api/v1/papers{COMPLAINTS}/{id}.pdf?lang=zh")
    assert "顶棚渗水" in words(answer)
    missing = program.get(f"/api/v1/papers{COMPLAINTS}/{'0' * 32}.pdf")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


def test_words_of_people_are_words(world: World) -> None:
    id = world.complain(statement=NASTY, location=NASTY[:60])
    text = words(world.pdf(f"{id}.pdf"))
    assert "".join(NASTY.split()) in text
    assert "root:" not in text


def test_control_and_turning_characters_do_not_reach_the_paper(world: World) -> None:
    id = world.complain(statement="甲\u202e乙\u0007丙\r\n丁\t戊")
    text = words(world.pdf(f"{id}.pdf"))
    assert "甲乙丙" in text
    assert "\u202e" not in text


def test_a_long_text_runs_over_several_pages(world: World) -> None:
    id = world.complain(statement="水" * 3000 + "末")
    answer = world.pdf(f"{id}.pdf")
    found = pages(answer)
    assert len(found) >= 2
    assert f"第2页/共{len(found)}页" in found[1]
    assert "末" in "".join(found)


def test_in_english(world: World) -> None:
    text = words(world.pdf(f"{world.complain()}.pdf?lang=en"))
    for said in ("Complainthandlingform", "FormBD-TS-01", "Page1of1", "Handledby", "顶棚渗水"):
        assert said in text
    assert "打印" not in text


def test_fonts_are_in_the_file(world: World) -> None:
    reader = PdfReader(io.BytesIO(world.pdf(f"{world.complain()}.pdf").content))
    found: list[Any] = list(reader.pages[0]["/Resources"]["/Font"].values())
    assert found
    for one in found:
        inner = one.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner)


def test_photos_are_small_pictures_up_to_the_limit(world: World) -> None:
    world.company.settings("core", files={"number": 51})
    id = world.complain()
    none = PdfReader(io.BytesIO(world.pdf(f"{id}.pdf").content))
    assert not sum(len(page.images) for page in none.pages)
    world.attach(id, *((f"现场{n}.jpg", photo(n)) for n in range(50)), ("合同.txt", "一份合同".encode()))
    answer = world.pdf(f"{id}.pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    assert sum(len(page.images) for page in reader.pages) == 12
    text = words(answer)
    assert "现场0.jpg" in text
    assert "另有38张照片" in text
    assert "合同.txt" in text
    assert len(answer.content) < 2_000_000


def test_how_much_of_the_stream_is_printed(world: World) -> None:
    id = world.complain()
    lead = world.platform.program(world.company, "service_lead_n1")
    assert lead.api("POST", f"{COMPLAINTS}/{id}/comments", {"text": "内部看法"}).status_code == 201
    assert "处理经过" in words(world.pdf(f"{id}.pdf"))
    assert "内部看法" not in words(world.pdf(f"{id}.pdf"))
    assert "内部看法" in words(world.pdf(f"{id}.pdf?timeline=all"))
    assert "处理经过" not in words(world.pdf(f"{id}.pdf?timeline=none"))


def test_a_company_says_what_stands_on_its_paper(world: World) -> None:
    id = world.complain()
    world.company.settings(
        "papers", name="安心物业", address="文三路1号", phone="0571-1", form_number="AX/{letters}-{year}", watermark="内部资料",
        signatures=False, timeline="none", dues=False, left_out=["投诉人"],
    )  # fmt: skip
    text = words(world.pdf(f"{id}.pdf"))
    for said in ("安心物业", "文三路1号", "0571-1", "AX/TS-", "内部资料"):
        assert said in text
    for left in ("客服主管", "处理经过", "时限"):
        assert left not in text


@pytest.mark.parametrize("pattern", ["{x}", "{", "{letters.__class__}", "{0}", "{}", "{letters!r:>{year}}"])
def test_a_form_number_is_a_pattern_of_known_parts(pattern: str) -> None:
    from dougong_papers.settings import Settings

    with pytest.raises(ValueError, match=r"\{kind\}"):
        Settings(form_number=pattern)


def test_without_a_chinese_font_it_is_said_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    id = world.complain()
    monkeypatch.setattr("dougong_papers.press.font", lambda: None)
    answer = world.pdf(f"{id}.pdf")
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in answer.text
    monkeypatch.setattr(fonts, "_found", lambda: None)
    (finding,) = fonts.look()
    assert finding.level == "warn"
    assert "fonts-noto-cjk" in str(finding.mend)
