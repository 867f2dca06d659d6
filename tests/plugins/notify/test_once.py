"""What leaves the house carries the same key at each try, also after a worker that died between sending and writing it down:
whoever receives it twice can see that it is one."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.scheduling.jobs import JobContext
from dougong_notify.records import Robot

from .test_channels import Provider, _escalated, provider
from .test_sending import _given

__all__ = ["provider"]


class Died(Exception):
    """The worker, after the message went out and before its transaction committed."""


def dies_while_sending(world: Any, monkeypatch: pytest.MonkeyPatch, times: int = 2) -> None:
    """The queue is worked off by a worker whose deliveries each die that often, and are then taken over by the next."""
    run, died = world.run, dict[int, int]()

    def die(id: int, name: str, arguments: dict[str, Any]) -> None:
        job = world.company.registry.jobs[name]
        with world.company.acting(None, job.module) as x:
            ids = {k: _id(v) for k, v in arguments.items() if k != "tenant"}
            job.run(JobContext(id, name, world.tenant, died[id], x), **ids)
            raise Died

    def killed(id: int, name: str, arguments: dict[str, Any]) -> None:
        while name == "notify.deliver" and died.get(id, 0) < times:
            died[id] = died.get(id, 0) + 1
            with pytest.raises(Died):
                die(id, name, arguments)
        run(id, name, arguments)

    monkeypatch.setattr(world, "run", killed)
    world.work()
    assert died


def _id(packed: Any) -> Any:
    from uuid import UUID

    return UUID(packed["uuid"]) if isinstance(packed, dict) else packed


def test_an_email_keeps_its_message_id(world: Any, mailbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _given(world)
    dies_while_sending(world, monkeypatch)
    delivery = world.deliveries()[0]
    assert [one["message-id"] for one in mailbox.letters] == [f"<{delivery.id}@anhe.example>"] * 3
    assert (delivery.state, delivery.tries) == ("sent", 1)


def test_a_robots_message_keeps_its_key(world: Any, group: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.company.session() as session:
        session.add(Robot(name="花园群", brand="wecom", address=group.url, tail="…9876"))
    world.register("agent")
    dies_while_sending(world, monkeypatch)
    assert [headers["idempotency-key"] for _path, headers, _body in group.posts] == [str(world.deliveries()[0].id)] * 3


def test_a_text_message_keeps_its_key(world: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    work = world.work
    monkeypatch.setattr(world, "work", lambda: None)
    _escalated(world)
    monkeypatch.setattr(world, "work", work)
    dies_while_sending(world, monkeypatch)
    assert [one.key for one in provider.letters] == [str(world.deliveries()[0].id)] * 3
