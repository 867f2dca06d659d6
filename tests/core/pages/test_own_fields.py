"""Fields that a company adds: there at once in forms, lists, filters, API and history; absent everywhere else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dougong.records.tables import History

from .conftest import THINGS, World, words

FIELDS = "/api/v1/core/fields"
KINDS: dict[str, tuple[Any, Any]] = {  # type → a value, another
    "text": ("电梯甲", "电梯乙"),
    "prose": ("两行\n文字", "一行"),
    "number": (12.5, -3),
    "money": (123456, 1),
    "date": ("2026-02-28", "2028-02-29"),
    "moment": ("2026-11-22T08:30:00Z", "2026-11-22T09:30:00Z"),
    "bool": (True, False),
}


@pytest.fixture(scope="module", autouse=True)
def admin(world: World) -> None:
    world.anhe.grant("nobody", "admin", "anhe")


def add(world: World, name: str, type_: str, **more: Any) -> dict[str, Any]:
    body = {"record": "sample.thing", "name": name, "type": type_, "title": f"字段 {name}", **more}
    answer = world.api("nobody").post(FIELDS, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def fields(world: World, admin: None) -> dict[str, dict[str, Any]]:
    made = {name: add(world, f"x_{name}", name, listed=True, filtered=True) for name in KINDS}
    choices = [{"value": "old", "label": "旧"}, {"value": "new", "label": "新"}]
    made["choice"] = add(world, "x_choice", "choice", options=choices, listed=True, filtered=True)
    made["person"] = add(world, "x_person", "person", filtered=True)
    made["site"] = add(world, "x_site", "site", filtered=True)
    made["secret"] = add(world, "x_secret", "text", personal=True, mask="name")
    return made


@pytest.mark.usefixtures("fields")
class TestValues:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_value_comes_back_as_it_was_given(self, world: World, kind: str) -> None:
        one, other = KINDS[kind]
        made = world.thing(**{f"x_{kind}": one})
        api = world.api("manager")
        assert made[f"x_{kind}"] == one
        assert api.get(f"{THINGS}/{made['id']}").json()[f"x_{kind}"] == one
        changed = api.patch(f"{THINGS}/{made['id']}", {f"x_{kind}": other}, made["row_version"])
        assert changed.status_code == 200, changed.text
        assert changed.json()[f"x_{kind}"] == other
        emptied = api.patch(f"{THINGS}/{made['id']}", {f"x_{kind}": None}, changed.json()["row_version"])
        assert emptied.json()[f"x_{kind}"] is None

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("x_number", "many"), ("x_number", 1e30), ("x_number", True), ("x_money", 1.5), ("x_date", "2026-02-30"),
            ("x_moment", "2026-11-22T08:30"), ("x_bool", "perhaps"), ("x_choice", "middle"), ("x_person", "me"),
            ("x_person", "00000000-0000-0000-0000-000000000001"), ("x_site", "00000000-0000-0000-0000-000000000001"),
            ("x_text", "two\nlines"), ("x_text", "\x00"), ("x_text", "x" * 201), ("x_none", "1"), ("x_number", "NaN"),
        ],
    )  # fmt: skip
    def test_what_the_field_cannot_have_is_refused_by_its_path(self, world: World, name: str, wrong: Any) -> None:
        answer = world.api("manager").post(THINGS, {"title": "t", "category": "leak", "site": "n1", name: wrong})
        assert answer.status_code == 422, answer.text
        assert [error["path"] for error in answer.json()["errors"]] == [name]

    def test_lists_show_and_filter_by_them(self, world: World) -> None:
        director = world.anhe.people["director"]
        n2 = world.anhe.sites["n2"]
        made = world.thing(title="Mine", x_text="唯一", x_number=77, x_choice="new", x_person=str(director),
                           x_site=str(n2), x_bool=True, x_date="2030-01-05")  # fmt: skip
        world.thing(title="Other", x_text="别的", x_number=76, x_choice="old")
        world.thing(title="Bare")
        for query in ("x_text=唯一", "x_number.from=77&x_number.to=77", f"x_person={director}", f"x_site={n2}",
                      "x_choice=new&x_text=唯一", "x_date.from=2030-01-05&x_date.to=2030-01-05",
                      "x_bool=true&x_text=唯一"):  # fmt: skip
            rows = world.api("manager").get(f"{THINGS}?{query}").json()["results"]
            assert [row["id"] for row in rows] == [made["id"]], query
            assert rows[0]["x_number"] == 77
        empty = world.api("manager").get(f"{THINGS}?x_text=-&limit=100").json()["results"]
        assert empty
        assert all(row["x_text"] is None for row in empty)
        chosen = world.api("manager").get(f"{THINGS}?x_text=唯一&fields=x_number,x_date").json()["results"][0]
        assert (chosen["x_number"], chosen["x_date"]) == (77, "2030-01-05")
        assert "x_text" not in chosen
        assert world.api("manager").get(f"{THINGS}?fields=x_secret").status_code == 422
        assert world.api("manager").get(f"{THINGS}?x_number.from=many").status_code == 422
        assert world.api("manager").get(f"{THINGS}?x_secret=Li").status_code == 400

    def test_a_step_taken_at_once_leaves_them_alone(self, world: World) -> None:
        body = {"title": "t", "category": "leak", "site": "n1", "x_text": "词", "then": "at_once", "then_body": {"text": "ok"}}
        answer = world.api("manager").post(THINGS, body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["x_text"] == "词"

    def test_filters_know_the_words_that_declared_fields_know(self, world: World) -> None:
        world.browser("manager")
        mine = world.anhe.people["manager"]
        today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
        made = world.thing(title="Words", x_date=today, x_person=str(mine), x_text="词")
        bare = world.thing(title="Bare", x_text="词")
        api = world.api("manager")

        def found(query: str) -> list[str]:
            answer = api.get(f"{THINGS}?x_text=词&{query}")
            assert answer.status_code == 200, answer.text
            return [row["id"] for row in answer.json()["results"]]

        for query in ("x_date=today", f"x_date={today}", "x_date=this-month", "x_person=me"):
            assert found(query) == [made["id"]], query
        for query in ("x_date=-", "x_number=-&x_date=-", "x_person=-"):
            assert found(query) == [bare["id"]], query
        page = words(world.browser("manager").get("/sample/thing?x_date=today&x_choice=new"))
        assert "字段 x_date" in page

    def test_pages_ask_show_and_change_them(self, world: World) -> None:
        browser = world.browser("manager")
        form = browser.get("/sample/thing/new")
        for name in ("x_text", "x_number", "x_choice", "x_secret"):
            assert f'name="{name}"' in form.text
        sent = {"title": "By page", "category": "leak", "site": "n1", "x_text": "页面", "x_money": "12.34", "x_choice": "new",
                "x_moment": "2026-11-22T16:30"}  # fmt: skip
        answer = browser.submit("/sample/thing/new", sent)
        assert answer.status_code == 303, words(answer)
        at = answer.headers["location"]
        shown = words(browser.get(at))
        assert "字段 x_text 页面" in shown
        assert "12.34" in shown
        assert "新" in shown
        browser.get(f"{at}/edit")
        stored = dict(re.findall(r'name="(row_version|was)" value="([^"]*)"', browser.get(f"{at}/edit").text))
        again = browser.submit(
            f"{at}/edit",
            {"row_version": stored["row_version"], "was": "{}", "title": "By page", "category": "leak", "x_text": "改过"},
        )
        assert again.status_code == 303, words(again)
        assert "页面 → 改过" in words(browser.get(at))
        assert "改过" in words(browser.get("/sample/thing"))

    def test_a_personal_value_is_masked_opened_by_right_and_logged(self, world: World) -> None:
        made = world.thing(x_secret="李四")
        assert made["x_secret"] == "李**"
        at = f"{THINGS}/{made['id']}"
        assert world.api("manager").post(f"{at}/reveal/x_secret").status_code == 403
        world.anhe.grant("manager", "admin", "n1")
        assert world.api("manager").post(f"{at}/reveal/x_secret").json() == {"x_secret": "李四"}
        entries = world.api("manager").get(f"{at}/history").json()["results"]
        assert [entry["action"] for entry in entries][:2] == ["reveal", "create"]
        assert "李四" not in str(entries)
        with world.anhe.session() as session:
            created = session.scalars(sa.select(History).where(History.record_id == UUID(made["id"]))).first()
            assert created is not None
            assert set(created.changes["x_secret"][1]) == {"digest"}


class TestDefinitions:
    def test_another_company_has_none_of_them(self, world: World, fields: dict[str, Any]) -> None:
        from dougong.tenancy.custom import CustomField

        with world.jinxiu.session() as session:
            assert session.query(CustomField).count() == 0
        assert world.api("director", world.jinxiu).get(f"{FIELDS}/{fields['text']['id']}").status_code == 404

    def test_put_away_brought_back_purged(self, world: World) -> None:
        nobody, field = world.api("nobody"), add(world, "x_gone", "text")
        made = world.thing(x_gone="bleibt")
        one = f"{THINGS}/{made['id']}"
        assert nobody.post(f"{FIELDS}/{field['id']}/purge").status_code == 409
        assert nobody.post(f"{FIELDS}/{field['id']}/remove").status_code == 200
        assert "x_gone" not in world.api("manager").get(one).json()
        refused = world.api("manager").post(THINGS, {"title": "t", "category": "leak", "site": "n1", "x_gone": "1"})
        assert refused.status_code == 422
        assert nobody.post(f"{FIELDS}/{field['id']}/restore").status_code == 200
        assert world.api("manager").get(one).json()["x_gone"] == "bleibt"
        nobody.post(f"{FIELDS}/{field['id']}/remove")
        assert nobody.post(f"{FIELDS}/{field['id']}/purge").json() == {"purged": 1}
        assert nobody.get(f"{FIELDS}/{field['id']}").status_code == 404

    def test_a_required_field_is_asked_for(self, world: World) -> None:
        nobody, field = world.api("nobody"), add(world, "x_must", "text", required=True)
        answer = world.api("manager").post(THINGS, {"title": "t", "category": "leak", "site": "n1"})
        assert [e["path"] for e in answer.json()["errors"]] == ["x_must"]
        assert nobody.patch(f"{FIELDS}/{field['id']}", {"required": False}).status_code == 200
        assert world.thing()["x_must"] is None

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"type": "choice"}, "options"),
            ({"type": "text", "options": [{"value": "a", "label": "A"}]}, "options"),
            ({"type": "choice", "options": [{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]}, ""),
            ({"type": "number", "personal": True}, "personal"),
            ({"type": "text", "personal": True, "listed": True}, ""),
            ({"type": "text", "mask": "all"}, "mask"),
            ({"type": "text", "name": "status"}, "name"),
            ({"type": "text", "name": "x_" + "a" * 60}, "name"),
            ({"type": "text", "name": "x_text"}, "name"),
            ({"type": "tree"}, "type"),
            ({"type": "file", "required": True}, "required"),
            ({"type": "text", "title": " "}, "title"),
        ],
    )
    @pytest.mark.usefixtures("fields")
    def test_what_cannot_be_is_refused(self, world: World, body: dict[str, Any], path: str) -> None:
        answer = world.api("nobody").post(FIELDS, {"record": "sample.thing", "title": "T", **body})
        assert answer.status_code == 422, answer.text
        assert [e["path"] for e in answer.json()["errors"]] == [path]

    def test_only_who_may_changes_them(self, world: World) -> None:
        assert world.api("agent").get(FIELDS).status_code == 404
        assert world.api("agent").post(FIELDS, {"record": "sample.thing", "type": "text", "title": "T"}).status_code == 404

    def test_the_page_adds_and_changes_one(self, world: World) -> None:
        world.browser("manager")  # signed in as others are
        browser = world.browser("nobody")
        assert "样品" in words(browser.get("/admin/fields")) or "Thing" in words(browser.get("/admin/fields"))
        browser.get("/admin/fields/new/sample.thing")
        wrong = browser.submit("/admin/fields/new/sample.thing", {"title": "", "type": "text"})
        assert wrong.status_code == 422
        sent = {"title": "保修", "type": "choice", "options": "in = 保内\n保外", "name": "x_page"}
        assert browser.submit("/admin/fields/new/sample.thing", sent).status_code == 303
        assert world.thing(x_page="in")["x_page"] == "in"
        found = next(f for f in world.api("nobody").get(FIELDS).json()["results"] if f["name"] == "x_page")
        assert found["options"] == [{"value": "in", "label": "保内"}, {"value": "保外", "label": "保外"}]
        browser.get(f"/admin/fields/{found['id']}")
        answer = browser.submit(f"/admin/fields/{found['id']}", {**sent, "title": "保修期", "listed": "1"})
        assert answer.status_code == 303
        assert "保修期" in words(world.browser("manager").get("/sample/thing"))
        asks = browser.submit(f"/admin/fields/{found['id']}/remove", {})
        assert asks.status_code == 303
        assert "保修期" not in words(world.browser("manager").get("/sample/thing"))


@pytest.mark.usefixtures("fields")
def test_the_api_describes_them(world: World) -> None:
    document = world.api("manager").get("/api/v1/openapi.json").json()
    text = str(document["components"]["schemas"])
    assert "x_choice" in text
    assert "字段 x_choice" in text


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d"
    "0000000049454e44ae426082"
)


def test_a_file_of_a_field_stands_under_its_name(world: World) -> None:
    nobody, field = world.api("nobody"), add(world, "x_photo", "file")
    made = world.thing()
    assert "x_photo" not in made
    at = f"{THINGS}/{made['id']}/files"
    api = world.api("manager")
    wrong = api.ask("POST", at, files={"file": ("a.png", PNG, "image/png")}, data={"field": "x_text"})
    assert [e["path"] for e in wrong.json()["errors"]] == ["field"]
    put = api.ask("POST", at, files={"file": ("a.png", PNG, "image/png")}, data={"field": "x_photo"})
    assert put.status_code == 201, put.text
    assert [one["field"] for one in api.get(at).json()["results"]] == ["x_photo"]
    page = world.browser("manager").get(f"/sample/thing/{made['id']}")
    assert "字段 x_photo" in words(page)
    nobody.post(f"{FIELDS}/{field['id']}/remove")
    assert api.get(at).json()["results"] == []
