"""E-mail by a real server: what arrives, when, how often; what is tried again; what never leaves the house."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import Letter, NotSent, Occurrence
from dougong_notify.letters import compose
from dougong_notify.records import Delivery, Habit, Message, Preference, RoleWish
from dougong_notify.sending import SCHEDULE

from .conftest import at


def _given(world: Any, to: str = "agent2", email: str = "wang@example.com") -> Any:
    world.address(to, email)
    id = world.register("agent")
    world.give(id, to)
    return id


def test_an_assignment_arrives_by_mail_in_the_readers_language(world: Any, mailbox: Any) -> None:
    _given(world)
    world.work()
    letter = mailbox.letters[0]
    assert len(mailbox.letters) == 1
    assert mailbox.addresses == ["wang@example.com"]
    assert letter["subject"] == "投诉 TS-2026-000001 已派给您"
    assert letter["from"] == "house <notice@anhe.example>"
    assert letter["to"] == "agent2 <wang@example.com>"
    assert letter["auto-submitted"] == "auto-generated"
    assert "https://house.localhost/notify/open/" in mailbox.text()
    assert [d.state for d in world.deliveries()] == ["sent"]
    assert letter["message-id"] == f"<{world.deliveries()[0].id}@anhe.example>"


def test_telephone_numbers_do_not_leave_the_house(world: Any, mailbox: Any) -> None:
    _given(world)
    world.work()
    assert "13800005678" not in mailbox.text()
    assert "王女士" not in mailbox.text()
    assert "138****78" in mailbox.text()


def test_a_job_that_runs_twice_sends_once(world: Any, mailbox: Any) -> None:
    _given(world)
    world.work()
    delivery = world.deliveries()[0]
    world.run(1, "notify.deliver", {"tenant": str(world.tenant), "delivery": {"uuid": str(delivery.id)}})
    notice = {"tenant": str(world.tenant), "delivery": {"uuid": str(delivery.id)}}
    world.run(2, "notify.deliver", notice)
    assert len(mailbox.letters) == 1


def test_a_passing_refusal_is_tried_again_with_the_same_id(world: Any, mailbox: Any, clock: Any) -> None:
    mailbox.answer = "451 try later"
    _given(world)
    world.work()
    failed = world.deliveries()[0]
    assert (failed.state, failed.tries) == ("waiting", 1)
    assert "451" in failed.error
    mailbox.answer = "250 OK"
    clock.move(minutes=2)
    world.work()
    sent = world.deliveries()[0]
    assert (sent.state, sent.tries, sent.error) == ("sent", 2, None)
    assert mailbox.letters[0]["message-id"] == f"<{failed.id}@anhe.example>"


def test_it_gives_up_in_the_end_and_can_be_tried_again_by_hand(
    world: Any, mailbox: Any, clock: Any, platform: Any
) -> None:
    mailbox.answer = "451 try later"
    _given(world)
    for _n in range(8):
        world.work()
        clock.move(hours=7)
    failed = world.deliveries()[0]
    assert (failed.state, failed.tries) == ("failed", 7)
    mailbox.answer = "250 OK"
    browser = platform.browser(world.company, "admin")
    assert "451" in browser.get("/notify/deliveries?part=failed").text
    page = browser.get(f"/notify/deliveries/{failed.id}")
    assert "wang@example.com" not in page.text
    assert "w***@example.com" in page.text
    assert browser.post(f"/notify/deliveries/{failed.id}/retry").status_code == 303
    world.work()
    assert world.deliveries()[0].state == "sent"
    browser.post(f"/notify/deliveries/{failed.id}/retry")
    world.work()
    assert len(mailbox.letters) == 1


def test_a_lasting_refusal_is_not_tried_again(world: Any, mailbox: Any) -> None:
    mailbox.answer = "550 no such mailbox"
    _given(world)
    world.work()
    assert (world.deliveries()[0].state, world.deliveries()[0].tries) == ("failed", 1)


def test_rights_lost_before_sending_stop_the_letter(world: Any, mailbox: Any, clock: Any) -> None:
    mailbox.answer = "451 try later"
    _given(world)
    world.work()
    for grant in world.company.snapshot.grants_of(world.company.people["agent2"]):
        world.company.revoke(grant.id)
    mailbox.answer = "250 OK"
    clock.move(minutes=2)
    world.work()
    assert mailbox.letters == []
    assert world.deliveries()[0].state == "dropped"


def test_without_a_mail_server_there_is_the_inbox(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOUGONG_SMTP", raising=False)
    _given(world)
    world.work()
    assert world.told("agent2") == ["complaints.assigned"]
    assert world.deliveries() == []


# ---- hours ------------------------------------------------------------------------------------------


def test_quiet_hours_hold_until_they_end_across_midnight(world: Any, mailbox: Any, clock: Any) -> None:
    clock.at(at(23, 30))
    _given(world)
    world.work()
    assert mailbox.letters == []
    assert world.deliveries()[0].state == "held"
    clock.at(at(6, 59, day=3))
    world.work()
    assert mailbox.letters == []
    clock.at(at(7, 0, day=3))
    world.work()
    assert len(mailbox.letters) == 1


def test_what_was_read_meanwhile_is_not_sent_after_quiet_hours(world: Any, mailbox: Any, clock: Any) -> None:
    clock.at(at(23, 30))
    _given(world)
    world.work()
    with world.acting("agent2") as x:
        x.session.execute(sa.update(Message).values(read_at=x.now))
    clock.at(at(7, 1, day=3))
    world.work()
    assert mailbox.letters == []
    assert world.deliveries()[0].state == "dropped"


def test_what_is_urgent_passes_quiet_hours(world: Any, mailbox: Any, clock: Any) -> None:
    id = world.register("agent")
    world.give(id, "agent2")
    world.work()
    world.address("lead", "lead@example.com")
    clock.at(at(23, 30))
    world.take("agent2", id, "escalate", reason="材料不足")
    world.work()
    assert [letter["subject"] for letter in mailbox.letters] == ["请签收：投诉 TS-2026-000001 已上报"]


def test_a_persons_own_zone_and_hours_count(world: Any, mailbox: Any, clock: Any) -> None:
    world.address("agent2", "wang@example.com")
    with world.acting("agent2") as x:
        x.session.add(Habit(person_id=x.actor, quiet="21:00-06:00", zone="Europe/Berlin"))
    clock.at(dt.datetime(2026, 3, 28, 21, 30, tzinfo=dt.UTC))  # 22:30 in Berlin, the night its clocks are turned
    id = world.register("agent")
    world.give(id, "agent2")
    world.work()
    assert mailbox.letters == []
    clock.at(dt.datetime(2026, 3, 29, 3, 59, tzinfo=dt.UTC))
    world.work()
    assert mailbox.letters == []
    clock.at(dt.datetime(2026, 3, 29, 4, 0, tzinfo=dt.UTC))  # 6:00 in summer time
    world.work()
    assert len(mailbox.letters) == 1


def test_a_summary_gathers_what_is_unread_into_one_letter(world: Any, mailbox: Any, clock: Any) -> None:
    world.address("agent", "li@example.com")
    first, second, third = (world.register("agent") for _n in range(3))
    for id in (first, second, third):
        world.take("lead", id, "accept")
    world.work()
    assert mailbox.letters == []
    with world.acting("agent") as x:
        from dougong_notify import reading

        told, _behind = reading.listing(x, unread=True)
        reading.mark(x, told[0].message.id)
    clock.at(at(8, 0, day=3))
    world.work()
    assert len(mailbox.letters) == 1
    assert mailbox.letters[0]["subject"] == "house：2 条消息"
    assert "TS-2026-000001" in mailbox.text()
    assert "TS-2026-000003" not in mailbox.text()
    world.run(1, "notify.digest", {"tenant": str(world.tenant), "person": {"uuid": str(world.company.people["agent"])}})
    world.work()
    assert len(mailbox.letters) == 1


# ---- choices ----------------------------------------------------------------------------------------


def test_a_person_can_turn_mail_off_and_a_role_can_turn_it_on(world: Any, mailbox: Any) -> None:
    with world.acting("agent2") as x:
        x.session.add(Preference(person_id=x.actor, event="complaints.assigned", channel="email", wanted=False))
        x.session.add(RoleWish(role="service_agent", event="notify.moved", channel="email", wanted=True))
    world.address("agent", "li@example.com")
    id = _given(world)
    world.work()
    assert [letter["to"] for letter in mailbox.letters] == [
        "agent <li@example.com>"
    ]  # once, though two things were done at once
    assert id


def test_the_inbox_can_be_turned_off_for_an_event(world: Any) -> None:
    with world.acting("agent2") as x:
        x.session.add(Preference(person_id=x.actor, event="complaints.assigned", channel="inbox", wanted=False))
    _given(world)
    world.work()
    with world.acting("agent2") as x:
        from dougong_notify import reading

        assert reading.unread(x) == 0


# ---- letters ----------------------------------------------------------------------------------------


def _letter(**more: Any) -> Letter:
    return Letter("key", "wang@example.com", "Title", "Text", **{"name": "Wang", "sender": "Anhe", **more})


def test_line_breaks_in_a_title_make_no_header() -> None:
    made = compose(
        Letter(
            "key", "wang@example.com", "Hello\r\nBcc: all@example.com\n\nBody", "Text", name="W\r\nX: y", sender="A\nB"
        ),
        sender="notice@anhe.example",
    )
    assert made["bcc"] is None
    assert made["x"] is None
    assert made["subject"] == "Hello Bcc: all@example.com Body"


@pytest.mark.parametrize(
    "address", ["a@b.c\r\nBcc: x@y.z", "no-at", "a@", "@b", "a b@c.d", "a,b@c.d", "<a@b.c>", "a@b.c, d@e.f"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(NotSent) as refused:
        compose(Letter("key", address, "Title", "Text"), sender="notice@anhe.example")
    assert not refused.value.again


def test_html_in_a_title_stays_text(world: Any) -> None:
    made = compose(
        Letter("key", "wang@example.com", "<script>1</script>", "a < b\n<img src=x>", sender="A & B"),
        sender="notice@anhe.example",
    )
    body = made.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in body
    assert "<img" not in body
    assert "a &lt; b<br>&lt;img src=x&gt;" in body


def test_unicode_addresses_reach_their_server(world: Any, mailbox: Any) -> None:
    _given(world, email="王@例子.中国")
    world.work()
    assert mailbox.addresses == ["王@xn--fsqu00a.xn--fiqs8s"]
    assert [d.state for d in world.deliveries()] == ["sent"]


def test_the_company_signs_its_letters(world: Any, mailbox: Any) -> None:
    world.company.settings("notify", sender="安禾客服", reply_to="help@anhe.example", address="https://pm.example/")
    _given(world)
    world.work()
    assert mailbox.letters[0]["from"] == "安禾客服 <notice@anhe.example>"
    assert mailbox.letters[0]["reply-to"] == "help@anhe.example"
    assert "https://pm.example/notify/open/" in mailbox.text()


def test_old_news_goes_nowhere_and_old_messages_are_removed(world: Any, mailbox: Any, clock: Any) -> None:
    _given(world)
    clock.move(days=2)
    world.work()
    assert mailbox.letters == []
    clock.move(days=200)
    with world.company.acting(None, "notify") as x:
        SCHEDULE.run(x, Occurrence(nominal=clock.now))
    with world.company.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0
