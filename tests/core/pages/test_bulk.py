"""One thing done to many records: each with its own rights and guards, in words where it refuses, in the background when many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from dougong.instant import now
from dougong.records import bulk_actions
from dougong.records.bulk_actions import BulkRun
from dougong.records.context import Context
from dougong.scheduling.jobs import JobContext

from .conftest import THINGS, World, hidden, words

LIST, BULK = "/sample/thing", f"{THINGS}/bulk"


def things(world: World, n: int, site: str = "n1", **more: Any) -> list[str]:
    return [world.thing(title=f"Bulk {k}", site=site, **more)["id"] for k in range(n)]


def state(world: World, id: str) -> tuple[str, str | None]:
    found = world.api("director").get(f"{THINGS}/{id}").json()
    return found["status"], found["owner_id"]


class TestApi:
    def test_each_by_itself(self, world: World) -> None:
        """One is done already, one may not be seen, one does not exist: the others are done."""
        first, second, started = things(world, 3)
        away = things(world, 1, username="director", site="s1")[0]
        owner = str(world.anhe.people["agent"])
        world.api("manager").post(f"{THINGS}/{started}/transitions/start", {"owner_id": owner})
        nobody = str(uuid4())
        answer = world.api("manager").post(
            BULK, {"action": "start", "ids": [first, started, away, nobody, second, first], "body": {"owner_id": owner}}
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["total"], told["done"], told["failed"], told["finished"]) == (5, 2, 3, True)
        by_id = {one["id"]: one for one in told["results"]}
        assert by_id[first]["status"] == by_id[second]["status"] == 200
        assert by_id[started]["status"] == 409
        assert by_id[started]["detail"]
        # What may not be seen says the same as what does not exist, but for its id.
        assert {**by_id[away], "id": ""} == {**by_id[nobody], "id": ""}
        assert by_id[away]["status"] == 404
        assert "number" not in by_id[away]
        assert state(world, first) == ("doing", owner)
        assert state(world, away)[0] == "new"

    def test_guards_and_history_are_each_record_s_own(self, world: World) -> None:
        ids = things(world, 2)
        owner = str(world.anhe.people["agent"])
        api = world.api("manager")
        api.post(BULK, {"action": "start", "ids": ids, "body": {"owner_id": owner}})
        api.post(f"{THINGS}/{ids[0]}/transitions/note", {"text": "Seen"})
        told = api.post(BULK, {"action": "finish", "ids": ids}).json()
        assert [one["status"] for one in told["results"]] == [200, 409]
        for id, entries in zip(ids, (["create", "start", "note", "finish"], ["create", "start"]), strict=True):
            history = api.get(f"{THINGS}/{id}/history").json()["results"]
            assert sorted(one["action"] for one in history) == sorted(entries)

    def test_a_relation_is_judged_for_each(self, world: World) -> None:
        mine, other = things(world, 2)
        world.api("manager").post(
            BULK, {"action": "start", "ids": [mine], "body": {"owner_id": str(world.anhe.people["fitter"])}}
        )
        told = (
            world.api("fitter")
            .post(BULK, {"action": "note", "ids": [mine, other], "body": {"text": "On my way"}})
            .json()
        )
        assert [one["status"] for one in told["results"]] == [200, 404]

    def test_one_field_is_edited(self, world: World) -> None:
        ids = things(world, 2)
        told = world.api("agent").post(BULK, {"action": "edit", "ids": ids, "body": {"colour": "green"}}).json()
        assert told["done"] == 2
        assert {world.api("agent").get(f"{THINGS}/{id}").json()["colour"] for id in ids} == {"green"}

    def test_all_that_match(self, world: World) -> None:
        for colour in ("red", "red", "green"):
            world.thing(title="Matched once", colour=colour)
        told = (
            world.api("manager")
            .post(BULK, {"action": "edit", "query": "tab=all&q=Matched once&colour=red", "body": {"pieces": 4}})
            .json()
        )
        assert told["done"] == told["total"] == 2

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"action": "start"}, "ids"),
            ({"action": "start", "ids": [], "query": ""}, "ids"),
            ({"action": "explode", "ids": []}, "action"),
            ({"action": 3, "ids": []}, "action"),
            ({"action": "start", "ids": "all"}, "ids"),
            ({"action": "start", "ids": ["x"]}, "ids.0"),
            ({"action": "start", "ids": [None]}, "ids.0"),
            ({"action": "start", "ids": [{}]}, "ids.0"),
            ({"action": "start", "ids": [str(uuid4())], "body": [1]}, "body"),
            ({"action": "start", "ids": [str(uuid4())], "body": {}}, "owner_id"),
            (
                {"action": "start", "ids": [str(uuid4())], "body": {"owner_id": str(uuid4()), "status": "done"}},
                "status",
            ),
            ({"action": "edit", "ids": [str(uuid4())], "body": {"number": "SA-1"}}, "number"),
            ({"action": "start", "ids": [], "more": 1}, "more"),
            ({"action": "edit", "query": 7, "body": {}}, "query"),
            ({"action": "edit", "query": "colour=pink", "body": {"pieces": 1}}, "colour"),
        ],
    )
    def test_bad_input(self, world: World, body: dict[str, Any], path: str) -> None:
        answer = world.api("manager").post(BULK, body)
        assert answer.status_code == 422, answer.text
        assert path in [error["path"] for error in answer.json()["errors"]]

    def test_too_many(self, world: World) -> None:
        ids = [str(uuid4()) for _n in range(10_001)]
        answer = world.api("manager").post(BULK, {"action": "start", "ids": ids, "body": {}})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == "ids"

    def test_who_may_do_it_nowhere(self, world: World) -> None:
        id = things(world, 1)
        body = {"action": "start", "ids": id, "body": {"owner_id": str(world.anhe.people["agent"])}}
        assert world.api("nobody").post(BULK, body).status_code == 404
        refused = world.api("reader").post(BULK, body)
        assert refused.status_code == 403
        assert "explanation" in refused.json()

    def test_another_company_s_records_are_not_there(self, world: World) -> None:
        ids = things(world, 1)
        world.jinxiu.switch("sample", True)
        try:
            told = world.api("director", world.jinxiu).post(BULK, {"action": "edit", "ids": ids, "body": {"pieces": 9}})
            assert [one["status"] for one in told.json()["results"]] == [404]
        finally:
            world.jinxiu.switch("sample", False)
        assert world.api("manager").get(f"{THINGS}/{ids[0]}").json()["pieces"] is None


class TestBackground:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from dougong.web import bulk

        monkeypatch.setattr(bulk, "AT_ONCE", 2)
        monkeypatch.setattr(bulk_actions, "_STEP", 2)

    @contextmanager
    def as_worker(self, world: World) -> Iterator[Context[Any]]:
        world.app.snapshots.drop(world.anhe.tenant)  # as another process, which asserts its own
        with world.anhe.session() as session:
            snapshot = world.app.snapshots.get(world.anhe.tenant)
            yield Context(
                session,
                snapshot.gate(None, now()),
                snapshot.settings("core"),
                now(),
                world.app.registry,
                world.app.jobs,
            )

    def work(self, world: World, run: UUID) -> None:
        with self.as_worker(world) as x:
            bulk_actions.perform(JobContext(1, bulk_actions.JOB, world.anhe.tenant, 1, x), run)

    def test_many_are_done_by_a_worker(self, world: World) -> None:
        ids = things(world, 5)
        owner = str(world.anhe.people["agent"])
        world.api("manager").post(f"{THINGS}/{ids[3]}/transitions/start", {"owner_id": owner})
        answer = world.api("manager").post(BULK, {"action": "start", "ids": ids, "body": {"owner_id": owner}})
        assert answer.status_code == 202, answer.text
        run, where = UUID(answer.json()["run"]), answer.json()["href"]
        assert state(world, ids[0])[0] == "new"
        self.work(world, run)
        half = world.api("manager").get(where).json()
        assert (half["done"], half["finished"]) == (2, False)
        page = world.browser("manager").get(f"{LIST}/bulk-run/{run}")
        assert "data-progress" in page.text  # a script looks again; without one there is a link
        assert "2" in words(page)
        self.work(world, run)
        self.work(world, run)
        self.work(world, run)  # once more does nothing
        whole = world.api("manager").get(where).json()
        assert (whole["done"], whole["failed"], whole["finished"]) == (4, 1, True)
        page = world.browser("manager").get(f"{LIST}/bulk-run/{run}")
        assert "data-progress" not in page.text
        assert f'href="{LIST}/{ids[3]}"' in page.text
        with world.anhe.session() as session:
            stored = session.scalars(sa.select(BulkRun).where(BulkRun.id == run)).one()
            assert stored.body == {}  # what was entered is not kept
        assert world.api("agent").get(where).status_code == 404  # nobody else's
        assert world.browser("agent").get(f"{LIST}/bulk-run/{run}").status_code == 404

    def test_rights_are_those_of_when_it_is_done(self, world: World) -> None:
        ids = things(world, 3)
        world.anhe.add_person("leaving")
        grant = world.anhe.grant("leaving", "project_manager", "n1")
        answer = world.api("leaving").post(BULK, {"action": "edit", "ids": ids, "body": {"pieces": 2}})
        assert answer.status_code == 202
        world.anhe.revoke(grant)
        run = UUID(answer.json()["run"])
        self.work(world, run)
        self.work(world, run)
        with world.anhe.session() as session:
            stored = session.scalars(sa.select(BulkRun).where(BulkRun.id == run)).one()
            assert [one["status"] for one in stored.results] == [404, 404, 404]


class TestPages:
    def test_the_bar_offers_what_one_may(self, world: World) -> None:
        things(world, 1)
        page = world.browser("manager").get(LIST).text
        assert "/bulk/do:start" in page
        assert "/bulk/edit" in page
        assert "/bulk/" not in world.browser("reader").get(LIST).text

    def test_the_way_without_a_script(self, world: World) -> None:
        first, second = things(world, 2)
        away = things(world, 1, username="director", site="s1")[0]
        browser = world.browser("manager")
        browser.get(LIST)
        form = browser.submit(f"{LIST}/bulk/do:start?tab=all", {"id": [first, second, away]})
        assert form.status_code == 200, words(form)
        assert "3" in words(form)
        ids = hidden(form, "ids")
        again = browser.submit(f"{LIST}/bulk/do:start?tab=all", {"ids": ids, "go": "1"})
        assert again.status_code == 422
        assert first in again.text
        owner = str(world.anhe.people["agent"])
        done = browser.submit(f"{LIST}/bulk/do:start?tab=all", {"ids": ids, "go": "1", "owner_id": owner})
        assert done.status_code == 200, words(done)
        assert state(world, first) == state(world, second) == ("doing", owner)
        assert f"{LIST}/{away}" not in done.text
        assert 'href="/sample/thing?tab=all"' in done.text

    def test_one_field_by_the_page(self, world: World) -> None:
        ids = things(world, 2)
        browser = world.browser("manager")
        browser.get(LIST)
        form = browser.submit(f"{LIST}/bulk/edit", {"id": ids})
        assert form.status_code == 200
        assert 'name="phone"' not in form.text  # masked: nobody replaces many at once
        sent = {"ids": hidden(form, "ids"), "go": "1"}
        assert browser.submit(f"{LIST}/bulk/edit", {**sent, "pieces": "3"}).status_code == 422
        assert browser.submit(f"{LIST}/bulk/edit", {**sent, "field": "pieces", "pieces": "x"}).status_code == 422
        done = browser.submit(f"{LIST}/bulk/edit", {**sent, "field": "pieces", "pieces": "3", "title": "Not this"})
        assert done.status_code == 200
        found = world.api("manager").get(f"{THINGS}/{ids[0]}").json()
        assert (found["pieces"], found["title"]) == (3, "Bulk 0")

    def test_all_that_match_by_the_page(self, world: World) -> None:
        for _n in range(3):
            world.thing(title="Every one of them")
        browser = world.browser("manager")
        browser.get(LIST)
        form = browser.submit(f"{LIST}/bulk/edit?tab=all&q=Every+one", {"all": "1"})
        assert len(hidden(form, "ids").split(",")) == 3

    def test_more_than_a_page_can_be_chosen_whole(self, world: World) -> None:
        for _n in range(31):
            world.thing(title="A page and one more")
        page = world.browser("manager").get(f"{LIST}?q=page+and+one")
        assert re.search(r'name="all"', page.text)

    @pytest.mark.parametrize(
        ("path", "data", "status"),
        [
            ("do:start", {}, 400),
            ("do:start", {"id": "x"}, 422),
            ("do:nothing", {"id": str(uuid4())}, 404),
            ("nothing", {"id": str(uuid4())}, 404),
            ("do:start", {"ids": ",".join(str(uuid4()) for _n in range(1001))}, 422),
        ],
    )
    def test_bad_input(self, world: World, path: str, data: dict[str, str], status: int) -> None:
        browser = world.browser("manager")
        browser.get(LIST)
        answer = browser.submit(f"{LIST}/bulk/{path}", data)
        assert answer.status_code == status, words(answer)

    def test_who_may_not(self, world: World) -> None:
        browser = world.browser("reader")
        browser.get(LIST)
        assert browser.submit(f"{LIST}/bulk/do:start", {"id": str(uuid4())}).status_code == 403
        assert browser.submit(f"{LIST}/bulk/edit", {"id": str(uuid4())}).status_code in (403, 404)
