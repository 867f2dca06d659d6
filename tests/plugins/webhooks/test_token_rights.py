"""A webhook that a token set up tells no more than the token may read."""

from __future__ import annotations

import json
from typing import Any

from dougong.testing.clients import Client
from dougong_webhooks.choices import Outcome

from .conftest import HOOKS, World


def _scoped(world: World, who: str, *scope: str) -> Client:
    token = world.company.token(who, scope)
    return Client(world.platform, world.company.host, {"accept": "application/json", "authorization": f"Bearer {token}"})


def _subscribed(world: World, *scope: str, **over: Any) -> dict[str, Any]:
    return world.subscribe(_scoped(world, "admin", *scope), **over)


def test_what_the_token_may_not_read_is_not_told(world: World) -> None:
    world.company.grant("admin", "service_lead", world.company.slug)
    _subscribed(world, "webhooks.*", person="admin", with_fields=True)
    world.complain()
    world.work()
    assert [one.state for one in world.deliveries()] == [Outcome.WITHHELD]
    assert world.receiver.seen == []


def test_what_it_may_read_is_told(world: World) -> None:
    world.company.grant("admin", "service_lead", world.company.slug)
    _subscribed(world, "webhooks.*", "complaints.complaint.read", person="admin", with_fields=True)
    made = world.complain()
    world.work()
    [(_headers, body)] = world.receiver.seen
    assert json.loads(body)["data"]["number"] == made["number"]


def test_a_token_widens_nothing_by_an_edit(world: World) -> None:
    world.company.grant("admin", "service_lead", world.company.slug)
    hook = _subscribed(world, "webhooks.*", person="admin", events=["complaints.complaint:create"])
    narrow = _scoped(world, "admin", "webhooks.*")
    answer = narrow.api("PATCH", f"{HOOKS}/{hook['id']}", {"events": ["*"]}, version=hook["row_version"])
    assert answer.status_code == 200, answer.text
    world.complain()
    world.work()
    assert world.receiver.seen == []
