"""What is not offered or refused, each at the order where nothing else stands in the way; and at most twenty trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong.records.attachments import File
from dougong.tenancy.stored import new_id
from dougong_workorders.choices import State
from dougong_workorders.records import Order

if TYPE_CHECKING:
    from .conftest import World

PERMIT = {"permit_number": "DH-1", "permit_until": "2099-01-01T08:00:00+08:00"}
REFUSED = (Conflict, Forbidden)


def test_only_dangerous_work_asks_for_a_permit(world: World) -> None:
    harmless, dangerous = world.raise_(), world.raise_(category="welding")
    assert "permit" not in world.offered("engineer", harmless)
    with pytest.raises(REFUSED):
        world.do("engineer", harmless, "permit", **PERMIT)
    assert world.see(harmless).permit_number is None
    world.do("engineer", dangerous, "permit", **PERMIT)
    assert world.see(dangerous).permit_number == "DH-1"


def test_only_a_paid_service_is_quoted(world: World) -> None:
    free, paid = world.there(), world.there(nature="paid")
    with pytest.raises(REFUSED):
        world.do("tech", free, "quote", amount=100, text="含材料")
    assert world.see(free).quote is None
    world.do("tech", paid, "quote", amount=100, text="含材料")
    assert world.see(paid).quote == 100


def test_consent_is_given_once_to_a_price_that_was_quoted(world: World) -> None:
    id = world.there(nature="paid")
    with pytest.raises(REFUSED):
        world.do("agent", id, "agree", by="signed", price=100)
    world.do("tech", id, "quote", amount=100, text="含材料")
    world.do("agent", id, "agree", by="signed", price=100)
    with pytest.raises(REFUSED):
        world.do("agent", id, "agree", by="signed", price=100)


def test_the_reporter_is_asked_once_and_anew_after_rework(world: World) -> None:
    id = world.finished()
    world.do("agent", id, "rate", rating="satisfied")
    with pytest.raises(REFUSED):
        world.do("agent", id, "rate", rating="dissatisfied")
    assert str(world.see(id).rating.value) == "satisfied"  # type: ignore[union-attr]
    world.do("lead", id, "rework", reason="仍滴水")
    assert world.see(id).rating is None


def test_a_part_is_not_divided_again(world: World) -> None:
    id = world.raise_(by="lead", category="other", trade="service", title="会所开放前整理")
    world.do("manager", id, "split", trade="cleaning", category="cleaning", title="保洁部分")
    (part,) = world.parts(id)
    with pytest.raises(REFUSED):
        world.do("manager", part.id, "split", trade="greening", category="greening", title="绿化部分")
    assert world.parts(part.id) == []
    world.do("manager", id, "split", trade="greening", category="greening", title="绿化部分")


def test_an_order_has_at_most_twenty_trades(world: World) -> None:
    id = world.raise_(by="lead", category="other", trade="service", title="会所开放前整理")
    one: dict[str, Any] = {"trade": "cleaning", "category": "cleaning", "title": "保洁部分"}
    for _n in range(20):
        world.do("manager", id, "split", **one)
        world.do("manager", world.parts(id)[-1].id, "cancel", reason="改期")
    with pytest.raises(Conflict):
        world.do("manager", id, "split", **one)
    assert (len(world.parts(id)), world.see(id).parts) == (20, 20)


def test_paid_words_of_another_price_change_nothing(world: World) -> None:
    id = world.there(nature="paid")
    world.do("tech", id, "quote", amount=100, text="含材料")
    with pytest.raises(Invalid):
        world.do("agent", id, "agree", by="signed", price=99)
    assert (world.see(id).agreed, world.see(id).status) == (None, State.ON_SITE)


def test_a_photo_lets_it_be_finished_and_another_file_does_not(world: World) -> None:
    world.settings(photos=True)
    id = world.there()
    for media_type in ("application/pdf", "image/jpeg"):
        with pytest.raises(Conflict):
            world.do("tech", id, "finish", result="更换阀芯", minutes=40)
        with world.as_("tech") as x:
            one = {"record_kind": Order.kind, "record_id": id, "name": "完工", "media_type": media_type}
            x.session.add(File(id=new_id(), size=1, digest=media_type, key="", **one))
    world.do("tech", id, "finish", result="更换阀芯", minutes=40)
    assert world.see(id).status is State.FINISHED
