"""The pages of a declared record, as a browser without JavaScript uses them."""

from __future__ import annotations

from uuid import UUID

from . import sample
from .conftest import World, hidden, words

PATH = "/sample/thing"


def test_the_way_of_a_thing(world: World) -> None:
    browser = world.browser("manager")
    page = browser.get(f"{PATH}/new")
    assert page.status_code == 200, words(page)
    values = {
        "once": hidden(page, "once"),
        "site": "n1",
        "title": "Door is stuck",
        "category": "noise",
        "price": "12.50",
    }
    answer = browser.submit(f"{PATH}/new", {**values, "begins": "2026-11-22T15:30", "phone": "13800135678"})
    assert answer.status_code == 303, words(answer)
    address = answer.headers["location"]
    shown = words(browser.get(address))
    for text in ("Door is stuck", "噪音", "¥ 12.50", "138 **** 5678", "n1"):
        assert text in shown, text
    assert "13800135678" not in shown
    assert (
        browser.submit(f"{PATH}/new", {**values, "begins": "2026-11-22T15:30", "phone": "13800135678"}).headers[
            "location"
        ]
        == address
    )
    listed = words(browser.get(PATH))
    assert "Door is stuck" in listed
    edit = browser.get(f"{address}/edit")
    assert edit.status_code == 200
    version, was = hidden(edit, "row_version"), hidden(edit, "was")
    done = browser.submit(
        f"{address}/edit", {"row_version": version, "was": was, "title": "Door was stuck", "category": "noise", "price": "12.50",
                            "begins": "2026-11-22T15:30"}
    )  # fmt: skip
    assert done.status_code == 303, words(done)
    step = browser.get(f"{address}/do/start")
    assert step.status_code == 200
    taken = browser.submit(
        f"{address}/do/start", {"row_version": hidden(step, "row_version"), "owner_id": str(world.anhe.people["agent"])}
    )
    assert taken.status_code == 303, words(taken)
    shown = words(browser.get(address))
    assert "agent" in shown
    with world.anhe.acting(None, "sample") as x:
        made = x.get(sample.Thing, UUID(address.rpartition("/")[2]))
        made.due_at = made.created_at  # overdue at any time of the day
    assert "Door was stuck" in words(browser.get("/"))
    assert browser.get(f"{address}/explain?action=finish").status_code == 200
    assert browser.submit(f"{address}/reveal/phone", {}).text.count("138 0013 5678") == 1
