"""The addresses of tasks and reports: strangers, other companies, bad input; both languages; what stands on the start page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dougong import new_id
from dougong.access.tables import Deputy
from dougong_tasks.upward.records import ClientReport

from .conftest import DIRECTOR, LEAD, MANAGER, MODULES, TECH

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

    from .conftest import Office

LANGUAGES = ("en", "zh-CN")


def test_addresses_refuse_strangers_and_bad_input(
    office: Office, make_company: Callable[..., Company], platform: Running
) -> None:
    id, task = office.begin(), office.assign()
    office.do(MANAGER, id, "submit")
    office.do(MANAGER, id, "release")
    with office.company.acting(MANAGER, "tasks") as x:
        copy = x.session.scalars(x.readable(ClientReport)).one().id
    mine = [f"/tasks/sheet/{id}", f"/tasks/sheet/{id}/workbook", f"/tasks/copy/{copy}", f"/tasks/copy/{copy}/workbook",
            f"/tasks/report/{id}", f"/tasks/task/{task}"]  # fmt: skip
    screen = office.screen(MANAGER)
    for address in mine:
        assert screen.get(address).status_code == 200, address
        assert screen.get(f"{address}?no=thing").status_code == 400, address
        assert (
            screen.get(address.replace(str(id), "x").replace(str(copy), "x").replace(str(task), "x")).status_code == 404
        )
        assert screen.get(address.replace(str(id), str(new_id())).replace(str(copy), str(new_id()))).status_code in (
            200,
            404,
        )
    other = make_company("jinxiu", modules=MODULES)
    for stranger in (
        platform.browser(other, "general_manager"),
        office.screen("project_manager_s1"),
        office.screen("nobody"),
    ):
        for address in (*mine, f"/tasks/writing/{id}"):
            assert stranger.get(address).status_code in (403, 404), address
    assert platform.browser(other, "general_manager").get(mine[0]).status_code == 404
    unknown = platform.browser(office.company)
    assert unknown.get(mine[0]).status_code in (303, 401)
    assert office.screen("project_manager_s1").post(f"/tasks/writing/{id}", {"summary": "x"}).status_code in (
        400,
        403,
        404,
    )


def test_every_page_stands_in_both_languages(office: Office) -> None:
    id, draft, task = office.begin(), office.begin(period="month"), office.assign()
    office.do(MANAGER, id, "submit")
    for language in LANGUAGES:
        screen = office.screen(MANAGER)
        for address in ("/", "/tasks/task", "/tasks/task/board", f"/tasks/task/{task}", "/tasks/task/new", "/tasks/minutes",
                        "/tasks/report", f"/tasks/sheet/{id}", f"/tasks/sheet/{draft}", f"/tasks/writing/{draft}"):  # fmt: skip
            answer = screen.get(address, headers={"accept-language": language})
            assert answer.status_code == 200, (address, language)


def test_the_start_page_says_what_is_mine_to_do_and_to_read(office: Office) -> None:
    task, id = office.assign(title="检修水泵"), office.begin()

    def home(who: str) -> str:
        office.clock.move(minutes=1)  # parts of modules live for half a minute
        return office.screen(who).get("/").text

    sheet = f"/tasks/sheet/{id}"
    assert "检修水泵" in home(LEAD)
    assert sheet in home(MANAGER)
    office.do(MANAGER, id, "submit")
    assert sheet not in home(MANAGER)
    assert sheet in home(DIRECTOR)
    office.do(DIRECTOR, id, "acknowledge")
    assert sheet not in home(DIRECTOR)
    office.take(LEAD, task, "accept")
    office.take(LEAD, task, "report", result="已修")
    assert "检修水泵" in home(MANAGER)  # to be signed


def test_steps_stand_on_the_sheet_for_whom_they_are(office: Office) -> None:
    id = office.begin()
    at = f"/tasks/report/{id}/do"
    mine, above = (
        office.screen(MANAGER).get(f"/tasks/sheet/{id}").text,
        office.screen(DIRECTOR).get(f"/tasks/sheet/{id}").text,
    )
    assert f"/tasks/writing/{id}" in mine
    assert f"{at}/submit" in mine
    assert f"{at}/submit" not in above
    office.do(MANAGER, id, "submit")
    mine, above = (
        office.screen(MANAGER).get(f"/tasks/sheet/{id}").text,
        office.screen(DIRECTOR).get(f"/tasks/sheet/{id}").text,
    )
    assert f"{at}/release" in mine
    assert f"{at}/acknowledge" in above
    assert f"{at}/give_back" in above
    assert f"{at}/acknowledge" not in mine


def test_the_start_page_shows_a_task_to_those_whose_work_it_is(office: Office) -> None:
    """Anybody at the site may report a task done if it is theirs: that alone does not make it work of all of them."""
    office.assign(to=LEAD, due=1, title="整理消防通道")
    office.clock.move(days=2)

    def sees(who: str) -> tuple[bool, int]:
        screen = office.screen(who)
        return "整理消防通道" in screen.get("/").text, screen.get("/overdue").json()["count"]

    assert sees(LEAD)[0]
    assert sees(MANAGER)[0]  # stands above them
    assert sees(TECH) == (False, 0)
    assert sees("finance") == (False, 0)
    assert "整理消防通道" not in office.screen("finance").get("/tasks/task?tab=all").text


def test_who_stands_in_for_somebody_finds_their_tasks(office: Office) -> None:
    office.assign(to=LEAD, due=1, title="整理消防通道")
    office.clock.move(days=2)
    with office.company.session() as session:
        away = {"starts_at": office.clock.now, "ends_at": office.clock.now + dt.timedelta(days=3)}
        session.add(Deputy(person_id=office.people[LEAD], deputy_id=office.people[TECH], **away))
    assert "整理消防通道" in office.screen(TECH).get("/").text
    office.clock.move(days=4)
    assert "整理消防通道" not in office.screen(TECH).get("/").text


def test_the_main_button_is_what_this_person_does_next(office: Office) -> None:
    """Of a draft without words to write, with words to submit it; of a report that was sent to read it, never to return it."""
    id = office.begin()

    def main(who: str, page: str) -> list[str]:
        office.clock.move(minutes=1)
        screen = office.screen(who).get(page, headers={"accept-language": "en"}).text.split("<main")[1]
        found = re.findall(r'<(?:a|button)[^>]*class="btn main"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', screen)
        return [one for one in found if one != "Attach"][:1]  # that of the head; each dialog has its own

    detail, sheet = f"/tasks/report/{id}", f"/tasks/sheet/{id}"
    assert (main(MANAGER, detail), main(MANAGER, sheet)) == (["Write"], ["Write"])
    office.do(MANAGER, id, "remark", summary="平稳")
    assert main(MANAGER, sheet) == ["Submit"]
    office.do(MANAGER, id, "submit")
    assert (main(DIRECTOR, detail), main(DIRECTOR, sheet)) == (["Read the report"], ["I have read it"])
    office.do(DIRECTOR, id, "acknowledge")
    assert main(DIRECTOR, detail) == ["Read the report"]
    assert main(DIRECTOR, sheet) == []
    assert f"{detail}/do/give_back" in office.screen(DIRECTOR).get(sheet).text
    assert main(MANAGER, sheet) == ["Send to the client"]
    office.do(DIRECTOR, id, "give_back", reason="请补充")
    assert main(MANAGER, sheet) == ["Write"]
