"""Boards and calendars: the same rows, rights and filters as the list; moves are the transitions, days are the site's."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from dougong import Board, Resource
from dougong.tenancy.tables import Site

from . import sample
from .conftest import THINGS, World, words

LIST = "/sample/thing"
NOTICES = "/sample/notice"


def lane(page: httpx.Response, name: str) -> str:
    found = re.search(rf'<section class="lane" data-lane="{name}".*?</section>', page.text, re.S)
    assert found, f"no lane {name}"
    return html.unescape(found[0])


def card(page: httpx.Response, id: str) -> str:
    found = re.search(rf'<li class="tile" data-card="{id}".*?</li>', page.text, re.S)
    assert found, "no such card"
    return html.unescape(found[0])


def moves(page: httpx.Response, id: str) -> dict[str, str]:
    """Column → address of the way there, of one card."""
    text = card(page, id)
    return {to: where for where, to in re.findall(r'(?:href|formaction)="([^"]+)"[^>]*data-to="([^"]+)"', text)}


class TestBoard:
    def test_a_column_for_each_state(self, world: World) -> None:
        made = world.thing(title="On the board")
        page = world.browser("manager").get(f"{LIST}/board")
        assert page.status_code == 200, words(page)
        assert "On the board" in lane(page, "new")
        assert re.findall(r'data-lane="(\w+)"', page.text) == ["new", "doing", "held", "done"]
        assert set(moves(page, made["id"])) == {"doing", "done"}
        assert f'href="{LIST}/board"' in world.browser("manager").get(LIST).text

    def test_only_what_this_person_may_take(self, world: World) -> None:
        made = world.thing(title="Who may move it")
        assert set(moves(world.browser("agent").get(f"{LIST}/board"), made["id"])) == {"doing"}
        assert moves(world.browser("reader").get(f"{LIST}/board"), made["id"]) == {}
        assert "Who may move it" not in world.browser("manager_s").get(f"{LIST}/board").text
        assert world.browser("nobody").get(f"{LIST}/board").status_code == 404

    def test_a_step_that_asks_opens_its_form_and_comes_back(self, world: World) -> None:
        made = world.thing(title="Started from the board")
        browser = world.browser("manager")
        where = moves(browser.get(f"{LIST}/board?tab=all"), made["id"])["doing"]
        assert where == f"{LIST}/{made['id']}/do/start?back={LIST}/board%3Ftab%3Dall"
        form = browser.get(where)
        assert form.status_code == 200
        version = re.search(r'name="row_version" value="(\d+)"', form.text)
        back = re.search(r'name="back" value="([^"]+)"', form.text)
        assert version
        assert back
        sent = {"row_version": version[1], "back": html.unescape(back[1])}
        refused = browser.submit(f"{LIST}/{made['id']}/do/start", sent)
        assert refused.status_code == 422
        assert 'name="back"' in refused.text
        done = browser.submit(f"{LIST}/{made['id']}/do/start", {**sent, "owner_id": str(world.anhe.people["agent"])})
        assert done.headers["location"] == f"{LIST}/board?tab=all"
        assert "Started from the board" in lane(browser.get(done.headers["location"]), "doing")

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example", "/account", f"{LIST}/board\r\nX: 1", f"{LIST}x"]
    )
    def test_one_comes_back_nowhere_else(self, world: World, back: str) -> None:
        made = world.thing()
        browser = world.browser("manager")
        browser.get(LIST)
        data = {"row_version": str(made["row_version"]), "owner_id": str(world.anhe.people["agent"]), "back": back}
        done = browser.submit(f"{LIST}/{made['id']}/do/start", data)
        assert done.headers["location"] == f"{LIST}/{made['id']}"

    def test_a_step_that_asks_nothing_is_a_button(self, world: World) -> None:
        made = world.thing(title="One press")
        api = world.api("manager")
        api.post(f"{THINGS}/{made['id']}/transitions/start", {"owner_id": str(world.anhe.people["agent"])})
        api.post(f"{THINGS}/{made['id']}/transitions/hold", {"reason": "Parts", "until": "2099-01-01"})
        browser = world.browser("manager")
        page = browser.get(f"{LIST}/board")
        assert 'formaction="' in card(page, made["id"])
        where = moves(page, made["id"])["doing"]
        version = re.search(r'name="row_version" value="(\d+)"', card(page, made["id"]))
        assert version
        done = browser.submit(
            where, {"row_version": version[1], "id": made["id"], "to": "doing", "back": f"{LIST}/board"}
        )
        assert done.headers["location"] == f"{LIST}/board", words(done)

    def test_filters_and_parts_hold(self, world: World) -> None:
        world.thing(title="Board is red", colour="red")
        world.thing(title="Board is blue", colour="blue")
        page = world.browser("manager").get(f"{LIST}/board?colour=red&tab=all")
        assert "Board is red" in page.text
        assert "Board is blue" not in page.text
        only = world.browser("manager").get(f"{LIST}/board?status=new")
        assert re.findall(r'data-lane="(\w+)"', only.text) == ["new"]
        assert world.browser("manager").get(f"{LIST}/board?colour=pink").status_code == 422
        assert world.browser("manager").get(f"{LIST}/board?weight=1").status_code == 400

    def test_a_board_of_another_field_edits_it(self, world: World) -> None:
        """Not bent to states: a notice has none, its board stands by its colour."""
        made = world.api("director").post("/api/v1/sample/notice", {"title": "Fire drill", "site": "n1"}).json()
        director = world.browser("director")
        page = director.get(f"{NOTICES}/board")
        assert "Fire drill" in lane(page, "blue")
        assert set(moves(page, made["id"])) == {"red", "green"}
        data = {"id": made["id"], "to": "red", "row_version": str(made["row_version"]), "back": f"{NOTICES}/board"}
        done = director.submit(f"{NOTICES}/board/move", data)
        assert done.status_code == 303, words(done)
        assert "Fire drill" in lane(director.get(f"{NOTICES}/board"), "red")
        assert director.submit(f"{NOTICES}/board/move", data).status_code == 412  # it was moved meanwhile
        fresh = {**data, "row_version": str(made["row_version"] + 1)}
        assert director.submit(f"{NOTICES}/board/move", {**fresh, "to": "pink"}).status_code == 422
        assert director.submit(f"{NOTICES}/board/move", {**fresh, "id": "x"}).status_code == 404
        reader = world.browser("reader")
        assert moves(reader.get(f"{NOTICES}/board"), made["id"]) == {}
        assert reader.submit(f"{NOTICES}/board/move", {**fresh, "to": "green"}).status_code == 403

    def test_what_is_not_declared_is_not_there(self, world: World) -> None:
        for path in ("board", "calendar"):
            assert world.browser("manager").get(f"/sample/contract/{path}").status_code == 404

    @pytest.mark.parametrize(
        "more",
        [{"board": Board(by="title")}, {"board": Board(shows=("phone",))}, {"calendar": "title"}, {"calendar": "x"}],
    )
    def test_a_wrong_declaration_is_refused(self, more: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match=r"sample\.thing"):
            Resource(sample.Thing, sample.thing.label, flow=sample.flow, **more)


class TestCalendar:
    def day(self, page: httpx.Response, date: str) -> str:
        found = re.search(rf'<td [^>]*><h3><time datetime="{date}">.*?</td>', page.text, re.S)
        assert found, f"no {date}"
        return html.unescape(found[0])

    def test_each_on_its_day_of_the_site(self, world: World) -> None:
        """23:30 UTC on the 30th is the 1st in Shanghai: another day and another month."""
        world.thing(title="Early next day", begins="2027-06-30T23:30:00+00:00")
        browser = world.browser("manager")
        page = browser.get(f"{LIST}/calendar?month=2027-07")
        assert page.status_code == 200, words(page)
        assert "Early next day" in self.day(page, "2027-07-01")
        assert "07:30" in self.day(page, "2027-07-01")
        june = browser.get(f"{LIST}/calendar?month=2027-06")
        assert "Early next day" not in self.day(june, "2027-06-30")

    def test_a_site_elsewhere_has_its_own_day(self, world: World) -> None:
        """The month is drawn for the company; a record of a site in another zone stands on the day it is there."""
        with world.anhe.session() as session:
            session.execute(sa.update(Site).where(Site.slug == "s1").values(timezone="America/New_York"))
        try:
            # 2027-11-07 01:30 in New York is twice: the clocks go back that night.
            for at in ("2027-11-07T05:30:00+00:00", "2027-11-07T06:30:00+00:00"):
                world.thing("director", site="s1", title=f"Twice {at[11:13]}", begins=at)
            world.thing("director", site="s1", title="Evening there", begins="2027-12-01T03:00:00+00:00")
            for path in (f"{LIST}/calendar?month=2027-11", f"{LIST}/calendar?month=2027-11&site=s1"):
                page = world.browser("director").get(path)
                night = self.day(page, "2027-11-07")
                assert night.count("01:30") == 2
                assert "Twice 05" in night
                assert "Twice 06" in night
                assert "Evening there" in self.day(page, "2027-11-30")
                assert "22:00" in self.day(page, "2027-11-30")
        finally:
            with world.anhe.session() as session:
                session.execute(sa.update(Site).where(Site.slug == "s1").values(timezone="Asia/Shanghai"))

    def test_the_ends_of_months_and_years(self, world: World) -> None:
        browser = world.browser("manager")
        page = browser.get(f"{LIST}/calendar?month=2027-12")
        assert "month=2028-01" in page.text
        assert "month=2027-11" in page.text
        leap = browser.get(f"{LIST}/calendar?month=2028-02")
        assert 'datetime="2028-02-29"' in leap.text
        assert browser.get(f"{LIST}/calendar?month=1900-01").status_code == 200
        assert browser.get(f"{LIST}/calendar?month=2200-12").status_code == 200

    @pytest.mark.parametrize(
        "bad", ["2027", "2027-13", "2027-00", "x", "2027-1", "1899-12", "2201-01", "9999-12", "2027-07-01"]
    )
    def test_no_month(self, world: World, bad: str) -> None:
        assert world.browser("manager").get(f"{LIST}/calendar?month={bad}").status_code == 400
        assert world.browser("manager").get(f"{LIST}?month=2027-07").status_code == 400  # only the calendar takes one

    def test_by_a_plain_date(self, world: World) -> None:
        for day in ("2027-03-31", "2027-04-01"):
            world.api("director").post("/api/v1/sample/notice", {"title": f"On {day}", "site": "n1", "day": day})
        page = world.browser("director").get(f"{NOTICES}/calendar?month=2027-04")
        assert "On 2027-04-01" in self.day(page, "2027-04-01")
        assert "On 2027-03-31" in self.day(page, "2027-03-31")  # the week before is drawn with it

    def test_filters_parts_and_rights_hold(self, world: World) -> None:
        world.thing(title="Cal red", colour="red", begins="2027-08-10T02:00:00+00:00")
        world.thing(title="Cal blue", colour="blue", begins="2027-08-10T02:00:00+00:00")
        page = world.browser("manager").get(f"{LIST}/calendar?month=2027-08&colour=red")
        assert "Cal red" in page.text
        assert "Cal blue" not in page.text
        assert 'name="month" value="2027-08"' in page.text
        assert "Cal red" not in world.browser("manager_s").get(f"{LIST}/calendar?month=2027-08").text
        assert world.browser("nobody").get(f"{LIST}/calendar").status_code == 404

    def test_now_is_marked(self, world: World) -> None:
        page = world.browser("manager").get(f"{LIST}/calendar")
        today = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8))).date()
        assert re.search(rf'class="[^"]*today[^"]*"><h3><time datetime="{today}"', page.text)
