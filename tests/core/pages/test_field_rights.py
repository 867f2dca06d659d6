"""Rights that stop at a field or at a relation are not widened by another way to the same thing."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Line, Record, Resource, field, translator
from dougong.records.filters import sortable
from sqlalchemy.orm import Mapped

from .conftest import THINGS, World

_ = translator("dougong_sample")


def test_a_value_that_one_may_not_read_one_may_not_replace(world: World) -> None:
    made = world.thing(phone="13800135678", email="li@example.com")
    agent = world.api("agent")  # edits, but does not see who called
    for name, value in (("phone", "13900001111"), ("email", "li@example.com"), ("phone", None)):
        answer = agent.patch(f"{THINGS}/{made['id']}", {"title": "New", name: value}, made["row_version"])
        assert answer.status_code == 403, answer.text
        assert answer.json()["explanation"]["checks"]
    now = world.api("manager").get(f"{THINGS}/{made['id']}").json()
    assert (now["row_version"], now["title"]) == (made["row_version"], made["title"])
    assert world.api("manager").patch(f"{THINGS}/{made['id']}", {"email": "a@example.com"}, 1).status_code == 200


def test_a_step_at_once_asks_for_the_relation_that_holds(world: World) -> None:
    keeper, body = world.api("keeper"), {"title": "Tap", "category": "leak", "site": "n1", "then": "at_once"}
    other = str(world.anhe.people["manager"])
    refused = keeper.post(THINGS, {**body, "then_body": {"text": "done"}, "owner_id": other})
    assert refused.status_code == 403, refused.text
    assert world.api("manager").get(THINGS, params={"tab": "all", "q": "Tap"}).json()["results"] == []
    mine = str(world.anhe.people["keeper"])
    made = keeper.post(THINGS, {**body, "then_body": {"text": "done"}, "owner_id": mine})
    assert (made.status_code, made.json()["status"]) == (201, "done")


def test_creating_asks_for_the_relation_that_holds(world: World) -> None:
    body: dict[str, Any] = {"title": "Not mine", "category": "leak", "site": "n1"}
    assert world.api("keeper").post(THINGS, body).status_code == 403
    mine = str(world.anhe.people["keeper"])
    assert world.api("keeper").post(THINGS, {**body, "owner_id": mine}).status_code == 201


def test_to_whom_nothing_of_a_kind_is_open_it_does_not_exist(world: World) -> None:
    unknown = world.api("nobody").get("/api/v1/sample/unknown")
    for body in ({}, {"title": "Tap", "category": "leak", "site": "n1"}, {"title": 5}):
        answer = world.api("nobody").post(THINGS, body)
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_what_is_not_for_everybody_cannot_be_filtered_or_titled() -> None:
    class Secretive(Record, kind="secretive.note", label=_("Note"), number="SE"):
        code: Mapped[Line] = field(_("Code"), reads="secretive.code", filtered=True)

    with pytest.raises(TypeError, match="code"):
        Resource(Secretive, _("Notes"), title=Secretive.number)

    class Secret(Record, kind="secretive.other", label=_("Note"), number="SF"):
        code: Mapped[Line] = field(_("Code"), reads="secretive.code", listed=True)

    with pytest.raises(TypeError, match="code"):
        Resource(Secret, _("Notes"), title=Secret.code)
    assert "code" not in sortable(Resource(Secret, _("Notes"), title=Secret.number))
