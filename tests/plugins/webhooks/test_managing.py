"""Subscriptions by page and API: rights, what is refused, log, replay, secrets that are shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.testing.describing import mistakes
from dougong_webhooks.choices import Outcome

from .conftest import COMPLAINTS, HOOKS, World

if TYPE_CHECKING:
    from dougong.testing.companies import Company


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ({"address": "http://127.0.0.1:1/"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "https://0x7f.1/"}, "address"),
        ({"address": "https://name:word@example.com/"}, "address"),
        ({"address": "not an address"}, "address"),
        ({"events": []}, "events"),
        ({"events": ["complaints.complaint:fly"]}, "events"),
        ({"events": ["nothing.*"]}, "events"),
        ({"events": ["webhooks.*"]}, "events"),
        ({"events": ["complaints.complaint:create", "'; drop table"]}, "events.1"),
        ({"events": "complaints.*"}, "events"),
        ({"person_id": "0190aaaa-0000-7000-8000-000000000000"}, "person_id"),
        ({"name": ""}, "name"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_what_is_refused_names_the_field(world: World, over: dict[str, Any], path: str) -> None:
    answer = world.admin.api("POST", HOOKS, world.wanted(**over))
    assert answer.status_code == 422, answer.text
    assert path in {error["path"] for error in answer.json()["errors"]}


def test_the_secret_is_shown_once_and_never_again(world: World) -> None:
    hook = world.subscribe()
    browser = world.platform.browser(world.company, "admin")
    asking = browser.get(f"/webhooks/secret/{hook['id']}")
    assert asking.status_code == 200
    assert "whsec_" not in asking.text
    shown = browser.post(f"/webhooks/secret/{hook['id']}")
    assert "whsec_" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    secret = shown.text[(at := shown.text.index("whsec_")) : shown.text.index("<", at)].strip()
    everywhere = [
        browser.get(f"{HOOKS}/{hook['id']}").text,
        world.admin.api("GET", f"{HOOKS}/{hook['id']}").text,
        world.admin.api("GET", f"{HOOKS}/{hook['id']}/history").text,
        world.admin.api("GET", HOOKS).text,
    ]
    assert all(secret not in text for text in everywhere)


def test_who_has_no_right_finds_nothing(world: World) -> None:
    hook = world.subscribe()
    world.complain()
    world.work()
    one = world.only()
    for name in ("service_agent_n1", "nobody"):
        program, browser = world.platform.program(world.company, name), world.platform.browser(world.company, name)
        for method, path in (
            ("GET", HOOKS), ("POST", HOOKS), ("GET", f"{HOOKS}/{hook['id']}"), ("GET", f"{HOOKS}/{hook['id']}/deliveries"),
            ("POST", f"{HOOKS}/{hook['id']}/secret"), ("POST", f"/webhooks/delivery/{one.id}/replay"),
        ):  # fmt: skip
            assert program.api(method, path, {} if method == "POST" else None).status_code == 404, (name, method, path)
        for path in (f"/webhooks/log/{hook['id']}", f"/webhooks/delivery/{one.id}", f"/webhooks/secret/{hook['id']}"):
            assert browser.get(path).status_code == 404


def test_another_company_finds_nothing(world: World, other_company: Company) -> None:
    hook = world.subscribe()
    world.complain()
    one = world.only()
    other = world.platform.program(other_company, "admin")
    assert other.api("GET", HOOKS).json()["results"] == []
    for method, path in (
        ("GET", f"{HOOKS}/{hook['id']}"), ("GET", f"{HOOKS}/{hook['id']}/deliveries"),
        ("POST", f"{HOOKS}/{hook['id']}/secret"), ("POST", f"/webhooks/delivery/{one.id}/replay"),
    ):  # fmt: skip
        assert other.api(method, path).status_code == 404


def test_only_who_may_lets_it_act_for_somebody_else(world: World) -> None:
    """Otherwise a webhook would read with the rights of whoever has the most."""
    with world.company.session() as session:
        _give_role(world, session, "hooker", ("webhooks.subscription.*", "webhooks.subscription.read"))
    by = world.platform.program(world.company, "hooker")
    refused = by.api("POST", HOOKS, world.wanted(person="general_manager"))
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["path"] == "person_id"
    own = by.api("POST", HOOKS, world.wanted(person="hooker"))
    assert own.status_code == 201, own.text
    changed = by.api(
        "PATCH", f"{HOOKS}/{own.json()['id']}", {"person_id": str(world.company.people["admin"])}, version=1
    )
    assert changed.status_code == 422
    # Nor by turning somebody else's to an address of one's own.
    theirs = world.subscribe()
    turned = by.api("PATCH", f"{HOOKS}/{theirs['id']}", {"address": world.receiver.address + "2"}, version=1)
    assert turned.status_code == 422, turned.text


def _give_role(world: World, session: Any, username: str, patterns: tuple[str, ...]) -> None:
    from dougong.access.tables import Grant, Role, RolePermission
    from dougong.tenancy.stored import new_id

    role = Role(id=new_id(), slug="integrator", name="integrator")
    session.add(role)
    session.flush()
    for name in world.company.registry.permissions:
        if name.startswith("webhooks.subscription."):
            session.add(RolePermission(role_id=role.id, permission=name, granted=True))
    world.company.put_person(session, username)
    grant = Grant(
        id=new_id(), person_id=world.company.people[username], role_id=role.id,
        site_id=world.company.sites[world.company.slug],
    )  # fmt: skip
    session.add(grant)


def test_the_test_button(world: World) -> None:
    hook = world.subscribe()
    assert world.admin.api("POST", f"{HOOKS}/{hook['id']}/transitions/test", {}).status_code == 200
    world.work()
    one = world.only()
    assert (one.action, one.state, one.code) == ("test", Outcome.DELIVERED, 200)
    world.receiver.status, world.receiver.text = 401, "who are you"
    world.admin.api("POST", f"{HOOKS}/{hook['id']}/transitions/test", {})
    world.work()
    one = world.deliveries()[-1]
    assert (one.state, one.code, one.answer) == (Outcome.GIVEN_UP, 401, "who are you")


def test_the_log_and_sending_again(world: World) -> None:
    hook = world.subscribe()
    made = world.complain()
    world.receiver.status, world.receiver.text = 500, "out of <b>memory</b>"
    world.company.settings("webhooks", attempts=1)
    world.work()
    browser = world.platform.browser(world.company, "admin")
    listed = world.admin.api("GET", f"{HOOKS}/{hook['id']}/deliveries?state=given_up").json()["results"]
    assert [(one["code"], one["state"], one["answer"]) for one in listed] == [(500, "given_up", "out of <b>memory</b>")]
    # The administrator may not see complaints: the log does not tell them which one it was.
    sees = world.admin.api("GET", f"{COMPLAINTS}/{made['id']}").status_code == 200
    assert listed[0]["number"] == (made["number"] if sees else None)
    page = browser.get(f"/webhooks/log/{hook['id']}")
    assert page.status_code == 200
    assert "500" in page.text
    one = browser.get(f"/webhooks/delivery/{listed[0]['id']}")
    assert "out of &lt;b&gt;memory" in one.text
    world.receiver.status = 200
    assert browser.post(f"/webhooks/delivery/{listed[0]['id']}/replay").status_code == 303
    assert world.admin.api("POST", f"/webhooks/delivery/{listed[0]['id']}/replay").status_code == 409
    world.clock.move(minutes=10)
    world.work()
    assert world.only().state is Outcome.DELIVERED
    assert len({headers["webhook-id"] for headers, _body in world.receiver.seen}) == 1


def test_sending_again_what_was_since(world: World) -> None:
    hook = world.subscribe()
    world.complain()
    world.work()
    world.clock.move(hours=1)
    since = world.clock.now.isoformat()
    world.complain()
    world.work()
    steps = f"{HOOKS}/{hook['id']}/transitions/replay"
    nothing = world.admin.api("POST", steps, {"since": since})
    assert nothing.status_code == 422
    assert world.admin.api("POST", steps, {"since": since, "delivered": True}).status_code == 200
    assert [one.state for one in world.deliveries()] == [Outcome.DELIVERED, Outcome.WAITING]
    world.work()
    assert len(world.receiver.seen) == 3


def test_bad_questions_of_the_log(world: World) -> None:
    hook = world.subscribe()
    for query in ("state=lost", "after=7", "limit=3"):
        assert world.admin.api("GET", f"{HOOKS}/{hook['id']}/deliveries?{query}").status_code == 400
        assert (
            world.platform.browser(world.company, "admin").get(f"/webhooks/log/{hook['id']}?{query}").status_code == 400
        )
    for path in (f"{HOOKS}/7/deliveries", f"{HOOKS}/{hook['number']}/secret"):
        assert world.admin.api("GET", path).status_code in (404, 405)


def test_without_the_module_there_is_nothing_and_nobody_hears(world: World) -> None:
    hook = world.subscribe()
    world.company.switch("webhooks", False)
    world.complain()
    for path in (HOOKS, f"{HOOKS}/{hook['id']}", f"{HOOKS}/{hook['id']}/deliveries"):
        assert world.admin.api("GET", path).status_code == 404
    assert world.platform.browser(world.company, "admin").get(f"/webhooks/log/{hook['id']}").status_code == 404
    world.company.switch("webhooks", True)
    assert not world.deliveries()


def test_pages_are_drawn(world: World) -> None:
    hook = world.subscribe()
    browser = world.platform.browser(world.company, "admin")
    for path in (HOOKS, f"{HOOKS}/new", f"{HOOKS}/{hook['id']}", f"{HOOKS}/{hook['id']}/edit"):
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
    assert "complaints.complaint" in browser.get(f"{HOOKS}/new").text


def test_the_description_tells_of_its_own_addresses(world: World) -> None:
    spec = world.admin.ask("GET", "/api/v1/openapi.json").json()
    assert mistakes(spec) == []
    assert "post" in spec["paths"]["/api/v1/webhooks/subscription/{id}/secret"]


def test_what_few_people_set_up_stands_below_the_days_work(world: World) -> None:
    """In the menu under administration; and no start page begins with it."""
    browser = world.platform.browser(world.company, "admin")
    home = browser.get("/").text
    menu = home[home.index('id="nav"') : home.index("</nav>")]
    headings = [part.partition("</h2>")[0] for part in menu.split("<h2>")[1:]]
    assert headings[-1] == "系统管理"
    assert "/webhooks/subscription" in menu[menu.index("系统管理") :]
    assert "/webhooks/subscription" not in menu[: menu.index("系统管理")]
    assert "/webhooks/subscription/new" not in home


def test_an_empty_list_offers_nothing_to_export(world: World) -> None:
    empty = world.platform.browser(world.company, "admin").get("/webhooks/subscription").text
    card = empty[empty.index('class="empty"') :].partition("</section>")[0]
    assert "/webhooks/subscription/new" in card
    assert "/exchange/out" not in card
