"""A link that a token makes shows no more than the token may read."""

from __future__ import annotations

from dougong.testing.clients import Client

from .conftest import World


def test_a_renewed_link_is_as_narrow_as_the_token_that_renewed_it(world: World) -> None:
    feed = world.feed()
    world.complain()
    assert world.events(feed["link"])
    token = world.company.token("service_lead_n1", ("feeds.make",))
    narrow = Client(
        world.platform, world.company.host, {"accept": "application/json", "authorization": f"Bearer {token}"}
    )
    renewed = narrow.api("POST", f"/feeds/feed/{feed['id']}/renew")
    assert renewed.status_code == 201, renewed.text
    assert world.read(renewed.json()["link"]).status_code == 404
