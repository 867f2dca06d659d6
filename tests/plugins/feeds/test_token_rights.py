"""A link that a token makes shows no more than the token may read; what no database takes is refused."""

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


def test_a_filter_that_cannot_be_kept_is_refused(world: World) -> None:
    for query in ({"tab": "\x00"}, {"tab": ["open", "\x00"]}, {"\x00": "1"}):
        body = {"name": "x", "kind": "complaints.complaint", "query": query}
        answer = world.platform.program(world.company, "service_lead_n1").api("POST", "/feeds/feed", body)
        assert answer.status_code in (400, 422), answer.text
