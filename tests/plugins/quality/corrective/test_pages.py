"""Pages and paper: the analysis without a script, sister sites, recurrences, the drawing, the printed report."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from dougong_quality.corrective.choices import Factor, State
from dougong_quality.corrective.fishbone import drawing, wrap
from dougong_quality.corrective.paper import form, gather
from dougong_quality.corrective.records import Analysis, Nonconformity
from hypothesis import given
from hypothesis import strategies as st

from .conftest import BONES, ENGINEER, MANAGER, QUALITY, SECURITY, WHYS, World

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running

NC = "/quality/nonconformity"


@pytest.fixture
def engineer(platform: Running, world: World) -> Client:
    return platform.browser(world.company, ENGINEER)


def get(client: Client, address: str) -> str:
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def words(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def fields(whys: list[dict[str, Any]], bones: list[dict[str, Any]], **more: str) -> dict[str, str]:
    """The form as a browser sends it."""
    made = {"whys": str(len(whys)), "bones": str(len(bones)), **more}
    for table, rows in (("whys", whys), ("bones", bones)):
        for n, row in enumerate(rows):
            made |= {f"{table}.{n}.{k}": str(v) for k, v in row.items() if k != "root"}
            if row.get("root"):
                made[f"{table}.{n}.root"] = "1"
    return made


def test_the_button_leads_to_the_page_of_the_analysis(engineer: Client, world: World) -> None:
    id = world.bring(State.CAUSE)
    text = get(engineer, f"{NC}/{id}")
    assert f'href="/quality/analysis/{id}"' in text
    assert 'id="do-analyse"' not in text  # no dialog with raw data
    assert engineer.get(f"{NC}/{id}/do/analyse").headers["location"] == f"/quality/analysis/{id}"


def test_an_analysis_is_kept_without_a_script(engineer: Client, world: World) -> None:
    id = world.bring(State.CAUSE)
    text = get(engineer, f"/quality/analysis/{id}")
    assert text.count('name="whys.') == 3 * 4
    blank = {"why": "", "because": "", "evidence": ""}
    answer = engineer.post(f"/quality/analysis/{id}", fields([*WHYS, blank], BONES, factor="method", conclusion=""))
    assert answer.status_code == 303, words(answer.text)
    assert world.see(id).status is State.PLAN
    assert [one["because"] for one in world.children(id, Analysis)[0].whys] == [one["because"] for one in WHYS]
    shown = get(engineer, f"/quality/analysis/{id}")
    assert "<svg" in shown
    assert "巡查表没有挡位一项" in shown


def test_rows_come_and_go_and_nothing_is_kept_meanwhile(engineer: Client, world: World) -> None:
    id = world.bring(State.CAUSE)
    get(engineer, f"/quality/analysis/{id}")
    added = engineer.post(f"/quality/analysis/{id}", {**fields(WHYS, BONES), "add": "whys"})
    assert added.status_code == 200
    assert added.text.count('name="whys.') == 4 * 4
    assert 'value="稳压泵未启动"' in added.text
    removed = engineer.post(f"/quality/analysis/{id}", {**fields(WHYS, BONES), "remove": "whys.0"})
    assert 'value="稳压泵未启动"' not in removed.text
    full = engineer.post(f"/quality/analysis/{id}", {**fields(WHYS * 2 + WHYS[:1], BONES), "add": "whys"})
    assert full.text.count('name="whys.') == 7 * 4
    assert world.children(id, Analysis) == []


def test_errors_stand_at_the_row_that_was_typed(engineer: Client, world: World) -> None:
    """A blank row above is left out, so that the rows that are sent are counted otherwise than those that are seen."""
    id = world.bring(State.CAUSE)
    get(engineer, f"/quality/analysis/{id}")
    blank = {"why": "", "because": "", "evidence": ""}
    half = {"why": "为何只有一半？", "because": "", "evidence": ""}
    answer = engineer.post(f"/quality/analysis/{id}", fields([blank, half, *WHYS], [], factor="method"))
    assert answer.status_code == 422
    assert 'id="f-whys.1.because-e"' in answer.text
    assert "为何只有一半？" in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"whys": "-1"},
        {"whys": "99999999999"},
        {"whys": "²"},
        {"remove": "whys.x"},
        {"remove": "what.0"},
        {"add": "x"},
    ],
)
def test_a_form_that_is_not_ours_is_refused_in_words(engineer: Client, world: World, sent: dict[str, str]) -> None:
    id = world.bring(State.CAUSE)
    get(engineer, f"/quality/analysis/{id}")
    assert engineer.post(f"/quality/analysis/{id}", sent).status_code in (200, 422)
    assert world.children(id, Analysis) == []


def test_who_may_not_analyse_sees_it_and_gets_no_form(platform: Running, world: World) -> None:
    id = world.bring(State.PLAN)
    text = get(platform.browser(world.company, QUALITY), f"/quality/analysis/{id}")
    assert 'name="whys' not in text
    assert "<svg" in text
    stranger = platform.browser(world.company, SECURITY)
    assert stranger.get(f"/quality/analysis/{id}").status_code == 404
    stranger.get("/")
    assert stranger.post(f"/quality/analysis/{id}", fields(WHYS, BONES, factor="method")).status_code in (403, 404)


def test_what_people_write_is_never_markup(engineer: Client, world: World) -> None:
    id = world.bring(State.CAUSE, statement="<script>alert(1)</script> & 消火栓")
    evil = [{"factor": "people", "cause": "<img src=x onerror=alert(1)>", "root": True}]
    get(engineer, f"/quality/analysis/{id}")
    assert engineer.post(f"/quality/analysis/{id}", fields([], evil, factor="people")).status_code == 303
    text = get(engineer, f"/quality/analysis/{id}")
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_sister_sites_are_chosen_from_boxes(platform: Running, world: World) -> None:
    id = world.bring(State.PLAN)
    manager = platform.browser(world.company, MANAGER)
    text = get(manager, f"/quality/rolling/{id}")
    assert "n2" in words(text)
    n2 = str(world.company.sites["n2"])
    refused = manager.post(f"/quality/rolling/{id}", {"sites": n2, "text": "", "due": world.day(3)})
    assert refused.status_code == 422
    none = manager.post(f"/quality/rolling/{id}", {"text": "看一看", "due": world.day(3)})
    assert none.status_code == 422
    done = manager.post(f"/quality/rolling/{id}", {"sites": n2, "text": "看一看", "due": world.day(3)})
    assert done.status_code == 303
    assert world.see(id).rolled == 1
    assert "0 of 1" in words(get(manager, f"{NC}/{id}"))
    engineer = platform.browser(world.company, ENGINEER)
    assert engineer.get(f"/quality/rolling/{id}").status_code == 403


def test_a_suggested_recurrence_is_marked_with_its_reason(platform: Running, world: World) -> None:
    first = world.open()
    world.clock.move(days=2)
    id = world.open()
    quality = platform.browser(world.company, QUALITY)
    assert f"/quality/repeat/{id}/{first}" in get(quality, f"{NC}/{id}")
    get(quality, f"/quality/repeat/{id}/{first}")
    assert quality.post(f"/quality/repeat/{id}/{first}", {"reason": " "}).status_code == 422
    assert quality.post(f"/quality/repeat/{id}/{first}", {"reason": "同一检查项"}).status_code == 303
    assert world.see(id).again
    assert f"/quality/repeat/{id}" not in get(quality, f"{NC}/{id}")
    assert platform.browser(world.company, MANAGER).get(f"/quality/repeat/{id}/{first}").status_code == 403


def test_the_start_page_says_what_is_mine(platform: Running, world: World) -> None:
    id = world.bring(State.PLAN)
    world.plan(id, who="technician_n1", text="更换压力表")
    assert "更换压力表" in get(platform.browser(world.company, "technician_n1"), "/")
    assert "更换压力表" not in get(platform.browser(world.company, "security_lead_n1"), "/")


def test_the_record_over_the_api_has_the_analysis_as_data(platform: Running, world: World) -> None:
    id = world.bring(State.CAUSE)
    program = platform.program(world.company, ENGINEER)
    version = program.api("GET", f"{NC}/{id}").json()["row_version"]
    body = {"whys": WHYS, "bones": BONES, "factor": "method"}
    assert (
        program.api("POST", f"{NC}/{id}/transitions/analyse", {**body, "whys": "x"}, version=version).status_code == 422
    )
    assert program.api("POST", f"{NC}/{id}/transitions/analyse", body, version=version).status_code == 200


# ---- drawing and paper ----


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "factor": st.sampled_from([one.value for one in Factor]),
                "cause": st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300),
                "root": st.booleans(),
            }
        ),
        max_size=36,
    )
)
def test_any_fishbone_is_well_formed(bones: list[dict[str, Any]]) -> None:
    root = ElementTree.fromstring(drawing("不合格 <&>", bones, paper=True))
    assert root.tag.endswith("svg")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=200))
def test_wrapping_loses_no_letter(text: str) -> None:
    assert "".join(wrap(text, 12)) == text


def test_the_report_says_all_of_it(world: World) -> None:
    id = world.bring(State.CLOSED)
    with world.company.acting(QUALITY, "quality") as x:
        said = gather(x.get(Nonconformity, UUID(str(id))), x)
    assert "".join(said["bone"]).startswith("<svg")
    assert "巡查表没有挡位一项" in said["cause"]["text"]
    assert said["measures"]["rows"][0][4].startswith("已完成")
    assert "通过" in said["verified"]["text"]
    assert "有效" in said["effect"]["text"]
    assert "common.typ" in form()


def test_the_report_is_a_pdf(platform: Running, world: World) -> None:
    id = world.bring(State.PLAN)
    answer = platform.browser(world.company, QUALITY).get(f"/papers{NC}/{id}/report.pdf")
    assert answer.status_code == 200, answer.text[:800]
    assert answer.content.startswith(b"%PDF")
