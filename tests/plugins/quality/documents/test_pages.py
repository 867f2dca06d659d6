"""Pages and paper: the matrix with its holes, choosing, the tap on the start page, and the PDF with its stamps."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import httpx
import pytest
from dougong_papers.fonts import font
from dougong_quality.documents.records import Copy, Document, Reading
from pypdf import PdfReader

from .conftest import AGENT, GM, QUALITY, World

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running


@pytest.fixture
def desk(world: World, platform: Running) -> Client:
    return platform.browser(world.company, QUALITY)


def words(answer: httpx.Response) -> list[str]:
    """The text of each page, without gaps."""
    assert answer.status_code == 200, answer.text
    return ["".join(p.extract_text().replace("\u200b", "").split()) for p in PdfReader(io.BytesIO(answer.content)).pages]


def test_the_matrix_shows_documents_and_holes(world: World, desk: Client, platform: Running) -> None:
    d, preparing = world.in_force(), world.document(title="内审程序")
    world.do(QUALITY, Document, d.id, "map_clauses", answers="9001:2015 7.5.2\n9001:2015 7.5.3")
    world.do(QUALITY, Document, preparing.id, "map_clauses", answers="9001:2015 9.2")
    shown = desk.get("/quality/clauses?standard=9001:2015").text
    assert d.number in shown
    assert preparing.number in shown
    holes = desk.get("/quality/clauses?standard=9001:2015&holes=1").text
    assert d.number not in holes
    assert preparing.number in holes  # what is only being prepared leaves the hole
    told = platform.program(world.company, QUALITY).api("GET", "/quality/clauses?standard=9001:2015").json()
    answered = {row["clause"] for row in told["clauses"] if row["answered"]}
    assert answered == {"7.5.2", "7.5.3"}
    table = desk.get("/quality/clauses.csv?standard=9001:2015")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert d.number in table.text
    one = desk.get("/quality/clauses/9001:2015/7.5.3")
    assert d.number in one.text
    for address in ("/quality/clauses?standard=nothing", "/quality/clauses/9001:2015/99"):
        assert desk.get(address).status_code == 404
    assert platform.browser(world.company, "client_n1").get("/quality/clauses").status_code == 404


def test_a_projects_matrix_has_what_stands_above_it(world: World, desk: Client) -> None:
    above = world.in_force()
    mine = world.project_document(above)
    for one in (above, mine):
        world.do(QUALITY, Document, one.id, "map_clauses", answers="9001:2015 8.5.1")
    shown = desk.get("/quality/clauses?site=n1").text
    assert above.number in shown
    assert mine.number in shown
    assert mine.number not in desk.get("/quality/clauses?site=s1").text


def test_choosing_clauses_and_readers_on_their_pages(world: World, desk: Client) -> None:
    d = world.in_force()
    page = desk.get(f"/quality/clauses-of/{d.id}")
    assert "7.5.3" in page.text
    said = desk.post(f"/quality/clauses-of/{d.id}", {"c-9001-2015": ["9001:2015 7.5.3", "9001:2015 7.5.2"]})
    assert said.status_code in (200, 303)
    assert world.see(Document, d.id).answers == "9001:2015 7.5.3\n9001:2015 7.5.2"
    desk.post(f"/quality/readers-of/{d.id}", {"readers": ["service_agent"]})
    assert world.see(Document, d.id).readers == "service_agent"


def test_one_tap_on_the_start_page(world: World, platform: Running) -> None:
    d = world.in_force()
    world.do(QUALITY, Document, d.id, "choose_readers", readers="service_agent")
    mine = next(r for r in world.all(Reading) if str(r.person_id) == world.id(AGENT))
    agent = platform.browser(world.company, AGENT)
    assert f"/quality/read/{mine.id}" in agent.get("/").text
    agent.post(f"/quality/read/{mine.id}", {})
    assert world.see(Reading, mine.id).status.value == "read"
    assert f"/quality/read/{mine.id}" not in agent.get("/").text


def test_from_draft_to_obsolete_the_paper_says_what_it_is(world: World, platform: Running) -> None:
    if font() is None:
        pytest.skip("THERE IS NO CHINESE FONT HERE (fonts-noto-cjk): nothing can be printed")
    desk = platform.browser(world.company, QUALITY)

    def pdf(what: str) -> list[str]:
        return words(desk.get(f"/papers/quality/{what}.pdf?lang=zh"))

    d = world.document()
    r = world.draft(d.id)
    assert "草稿" in pdf(f"revision/{r.id}/print")[0]
    world.release(r.id)
    shown = pdf(f"revision/{r.id}/print")
    assert "非受控" in shown[0]
    assert all(text in shown[0] for text in (d.number, "版本A/0", d.title, "使在用文件都是现行版本", "第1页", GM))
    world.do(QUALITY, Document, d.id, "distribute", holder="消防控制室", received_on=world.day())
    copy = world.all(Copy)[0]
    stamped = pdf(f"copy/{copy.id}/controlled")[0]
    assert "非受控" not in stamped
    assert all(text in stamped for text in ("受控", "分发号01", "消防控制室", world.day()))
    world.release(world.draft(d.id).id)
    assert "作废留存" in pdf(f"revision/{r.id}/print")[0]
    world.do(QUALITY, Copy, copy.id, "take_back")
    assert desk.get(f"/papers/quality/copy/{copy.id}/controlled.pdf").status_code == 404
    world.do(QUALITY, Copy, copy.id, "keep", reason="供追溯")
    assert "作废留存" in pdf(f"copy/{copy.id}/controlled")[0]
    assert platform.browser(world.company, AGENT).get(f"/papers/quality/revision/{r.id}/print.pdf").status_code == 404


def test_the_pages_of_a_long_text_are_numbered(world: World, platform: Running) -> None:
    if font() is None:
        pytest.skip("THERE IS NO CHINESE FONT HERE (fonts-noto-cjk): nothing can be printed")
    d = world.document()
    r = world.draft(d.id, change="长")
    with world.acting(QUALITY) as x:
        from dougong_quality.documents.records import Revision

        x.get(Revision, r.id).body = "\n".join(f"第 {n} 条 #panic() 内容" for n in range(160))
    found = words(platform.browser(world.company, QUALITY).get(f"/papers/quality/revision/{r.id}/print.pdf?lang=zh"))
    assert len(found) > 2
    assert all(f"第{n}页/共{len(found)}页" in text and d.number in text for n, text in enumerate(found, start=1))


def test_with_the_module_off_nothing_of_it_is_there(world: World, platform: Running) -> None:
    world.in_force()
    world.company.switch("quality", False)
    desk = platform.browser(world.company, QUALITY)
    for address in ("/quality/clauses", "/quality/document", "/papers/quality/revision/list.pdf"):
        assert desk.get(address).status_code == 404
    assert "/quality/" not in desk.get("/").text
