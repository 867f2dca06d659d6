"""What is sent, to whom, signed how; what becomes of failures; once, however often a job runs."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from dougong_webhooks.choices import Outcome
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from .conftest import COMPLAINTS, HOOKS, World

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_a_change_is_told_thinly_and_signed(world: World) -> None:
    hook = world.subscribe(events=["complaints.complaint:create"])
    secret = world.secret(hook["id"])
    made = world.complain()
    world.work()
    [(headers, body)] = world.receiver.seen
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "complaints.complaint:create"
    data = told["data"]
    assert (data["id"], data["number"], data["action"], data["site"]) == (made["id"], made["number"], "create", "n1")
    assert data["link"] == f"/api/v1{COMPLAINTS}/{made['id']}"
    assert "fields" not in data
    assert "渗水" not in body.decode()
    one = world.only()
    assert (one.state, one.code, one.answer, one.attempts) == (Outcome.DELIVERED, 200, "thanks", 1)
    assert headers["webhook-id"] == one.message
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "QUJD" * 8).verify(body, headers)


def test_with_fields_only_what_the_person_may_read_and_nothing_personal(world: World) -> None:
    world.subscribe(events=["complaints.*"], with_fields=True)
    world.complain()
    world.work()
    [(_headers, body)] = world.receiver.seen
    fields = json.loads(body)["data"]["fields"]
    assert (fields["statement"], fields["status"], fields["category"]) == ("顶棚渗水", "registered", "water_leak")
    for secret in ("王女士", "13800005678", "3-2-1801"):
        assert secret not in body.decode()


def test_links_carry_the_platforms_address_where_it_is_set(world: World) -> None:
    world.company.settings("webhooks", address="https://anhe.example.com")
    world.subscribe()
    made = world.complain()
    world.work()
    data = json.loads(world.receiver.seen[0][1])["data"]
    assert data["link"] == f"https://anhe.example.com/api/v1{COMPLAINTS}/{made['id']}"


def test_what_the_person_may_not_see_is_not_sent(world: World) -> None:
    world.subscribe(person="service_lead_s1")  # of another region
    world.complain()
    world.work()
    assert not world.receiver.seen
    assert world.only().state is Outcome.WITHHELD


def test_the_accused_hears_nothing(world: World) -> None:
    world.subscribe(person="project_manager_n1")
    world.complain(against_id=str(world.company.people["project_manager_n1"]))
    world.work()
    assert not world.receiver.seen


def test_a_person_whose_role_ended_hears_nothing_more(world: World) -> None:
    grant = None
    world.company.add_person("robot")
    grant = world.company.grant("robot", "service_lead", "n1")
    world.subscribe(person="robot")
    world.complain()
    world.company.revoke(grant)
    world.work()
    assert not world.receiver.seen


@pytest.mark.parametrize(
    ("events", "heard"),
    [
        (["complaints.complaint:accept"], ["accept"]),
        (["complaints.complaint:*"], ["create", "accept"]),
        (["complaints.complaint:create", "complaints.complaint:accept"], ["create", "accept"]),
        (["complaints.complaint:close"], []),
    ],
)
def test_a_subscription_hears_of_what_it_names(world: World, events: list[str], heard: list[str]) -> None:
    world.subscribe(events=events)
    made = world.complain()
    assert world.agent.api("POST", f"{COMPLAINTS}/{made['id']}/transitions/accept", {}).status_code == 200
    assert [one.action for one in world.deliveries()] == heard


def test_only_of_its_site_and_below(world: World) -> None:
    world.subscribe(site="south")
    world.complain()
    assert not world.deliveries()
    world.subscribe(site="north")
    world.complain()
    assert len(world.deliveries()) == 1


def test_a_refused_change_tells_nobody(world: World) -> None:
    world.subscribe()
    assert world.agent.api("POST", COMPLAINTS, {"site": "n1"}).status_code == 422
    assert not world.deliveries()


def test_a_job_that_runs_twice_sends_once(world: World) -> None:
    world.subscribe()
    world.complain()
    world.work()
    world.work(world.only().id)
    assert len(world.receiver.seen) == 1


def test_failures_are_tried_again_later_under_the_same_id(world: World) -> None:
    world.subscribe()
    world.complain()
    world.receiver.status, world.receiver.text = 500, "boom"
    world.work()
    one = world.only()
    assert (one.state, one.code, one.answer, one.attempts) == (Outcome.WAITING, 500, "boom", 1)
    assert one.due_at == world.clock.now + dt.timedelta(seconds=5)
    world.receiver.status = 204
    world.clock.move(seconds=5)
    world.work()
    assert world.only().state is Outcome.DELIVERED
    first, second = (headers["webhook-id"] for headers, _body in world.receiver.seen)
    assert first == second


def test_the_receiver_may_ask_for_a_longer_pause(world: World) -> None:
    world.subscribe()
    world.complain()
    world.receiver.status, world.receiver.more = 503, {"Retry-After": "3600"}
    world.work()
    assert world.only().due_at == world.clock.now + dt.timedelta(hours=1)


def test_after_so_many_attempts_it_is_given_up(world: World) -> None:
    world.company.settings("webhooks", attempts=3)
    world.subscribe()
    world.complain()
    world.receiver.status = 500
    for _each in range(6):
        world.work()
        world.clock.move(hours=1)
    one = world.only()
    assert (one.state, one.attempts, len(world.receiver.seen)) == (Outcome.GIVEN_UP, 3, 3)


def test_a_redirect_is_a_failure_and_not_followed(world: World) -> None:
    world.subscribe()
    world.complain()
    world.receiver.status, world.receiver.more = 302, {"Location": world.receiver.address}
    world.work()
    assert (world.only().code, len(world.receiver.seen)) == (302, 1)


def test_an_address_that_leads_inside_by_now_is_not_called(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.subscribe()
    world.complain()
    monkeypatch.setenv("DOUGONG_INSIDE", "")
    world.work()
    one = world.only()
    assert (one.state, world.receiver.seen) == (Outcome.GIVEN_UP, [])
    assert one.answer


def test_while_an_address_fails_other_messages_wait_without_an_attempt(world: World) -> None:
    world.subscribe()
    world.receiver.status = 500
    world.complain()
    world.work()
    world.complain()
    world.work()
    assert len(world.receiver.seen) == 1
    assert [one.attempts for one in world.deliveries()] == [1, 0]


def test_an_address_that_fails_for_days_is_stopped_and_says_why(world: World) -> None:
    world.company.settings("webhooks", stop_days=1)
    hook = world.subscribe()
    world.complain()
    world.receiver.status = 500
    for _each in range(8):
        world.work()
        world.clock.move(hours=6)
    world.stop(hook["id"])
    assert world.state(hook["id"]) == "stopped"
    page = world.platform.browser(world.company, "admin").get(f"{HOOKS}/{hook['id']}").text
    assert "已自动停用" in page
    world.complain()
    assert len(world.deliveries()) == 1
    assert world.admin.api("POST", f"{HOOKS}/{hook['id']}/transitions/switch_on", {}).status_code == 200
    world.receiver.status = 200
    world.complain()
    world.work()
    assert world.deliveries()[-1].state is Outcome.DELIVERED


def test_gone_means_gone(world: World) -> None:
    hook = world.subscribe()
    world.complain()
    world.receiver.status = 410
    world.work()
    world.stop(hook["id"])
    assert (world.only().state, world.state(hook["id"])) == (Outcome.GIVEN_UP, "stopped")


def test_switched_off_nothing_is_made_and_what_waits_is_not_sent(world: World) -> None:
    hook = world.subscribe()
    world.complain()
    assert world.admin.api("POST", f"{HOOKS}/{hook['id']}/transitions/switch_off", {}).status_code == 200
    world.work()
    world.complain()
    assert [one.state for one in world.deliveries()] == [Outcome.WITHHELD]
    assert not world.receiver.seen


def test_an_old_secret_signs_beside_the_new_one_until_the_overlap_ends(world: World) -> None:
    hook = world.subscribe()
    old, new = world.secret(hook["id"]), world.secret(hook["id"])
    assert old != new
    world.complain()
    world.work()
    headers, body = world.receiver.seen[0]
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)
    world.clock.move(hours=25)
    world.complain()
    world.work()
    headers, body = world.receiver.seen[1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_old_entries_of_the_log_are_forgotten(world: World) -> None:
    world.company.settings("webhooks", keep_days=5)
    world.subscribe()
    world.complain()
    world.work()
    world.clock.move(days=6)
    world.complain()
    world.work()
    assert len(world.deliveries()) == 1


def test_another_companys_changes_are_not_heard(world: World, other_company: Company) -> None:
    world.subscribe()
    other = World(world.platform, other_company, world.receiver, world.clock)
    other.complain()
    assert not world.deliveries()
    assert not other.deliveries()
