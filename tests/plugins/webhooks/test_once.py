"""A webhook carries the same ``webhook-id`` and the same body at each try, also after a worker that died before its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong.scheduling.jobs import JobContext
from dougong_webhooks.choices import Outcome
from dougong_webhooks.sending import deliver

if TYPE_CHECKING:
    from .conftest import World


class Died(Exception):
    """The worker, after the answer and before its transaction committed."""


def test_the_same_id_and_body_after_a_crash(world: World) -> None:
    world.subscribe(events=["complaints.complaint:create"])
    world.complain()
    delivery = world.only()

    def die(attempt: int) -> None:
        with world.company.acting(None, "webhooks") as x:
            deliver(JobContext(7, "webhooks.deliver", world.company.tenant, attempt, world.queued(x)), delivery.id)
            raise Died

    for attempt in (1, 2):
        with pytest.raises(Died):
            die(attempt)
    assert world.only().state is Outcome.WAITING
    world.clock.move(minutes=1)
    world.work(delivery.id)
    assert world.only().state is Outcome.DELIVERED
    assert [headers["webhook-id"] for headers, _body in world.receiver.seen] == [delivery.message] * 3
    assert len({body for _headers, body in world.receiver.seen}) == 1
