"""Ways by which somebody might move an order's deadline without the agency: a file brought twice, its own scan again, a document
that moved it and is taken away afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong_exchange.commands import import_file
from dougong_exchange.mapping import Source
from dougong_exchange.proposing import by_headings
from dougong_exchange.targets import Targets
from dougong_liaison.records import Order

from .test_pages import BOSS, LEAD, MANAGER, ORDERS, Desk, desk, pdf

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["desk"]

HEAD = "来文编号,标题,责令整改期限,收文日期,整改事项,主管单位,责任人"


def bring(desk: Desk, path: Path, *rows: str) -> dict[str, Any]:
    company = desk.company
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    names = {
        "document": "来文编号", "title": "标题", "deadline_on": "责令整改期限", "received_on": "收文日期", "items": "整改事项",
        "agency_id": "主管单位", "owner_id": "责任人",
    }  # fmt: skip
    with company.acting(MANAGER, "exchange") as x:
        mapping = by_headings(Targets(x, x.registry.resources["liaison.order"]), HEAD.split(","), [])
    mapping.fields = {name: Source(column=column) for name, column in names.items()}
    mapping.key, mapping.site.value = "来文编号", "n1"
    return import_file(
        lambda: company.acting(None, "exchange"), "liaison.order", path, person=company.people[MANAGER], mapping=mapping
    )


def test_a_file_brought_again_with_another_deadline_moves_none(desk: Desk, tmp_path: Path) -> None:
    row = f"消责改7号,消防整改,{{day}},2026-03-02,清理通道,{desk.agency},{MANAGER}"
    out = bring(desk, tmp_path / "orders.csv", row.format(day="2026-03-12"))
    assert (out["created"], out["errors"]) == (1, 0), out
    bring(desk, tmp_path / "orders.csv", row.format(day="2026-12-31"))
    with desk.company.acting(None, "liaison") as x:
        assert [str(one.deadline_on) for one in x.session.scalars(x.readable(Order)).all()] == ["2026-03-12"]


def test_the_scan_of_the_order_attached_again_is_no_new_document(desk: Desk) -> None:
    id = desk.sign()
    desk.attach(id, "order.pdf")
    body = {"document": "消延1号", "until": "2026-12-31"}

    def again(name: str) -> None:
        sent = {"file": (name, pdf("order.pdf"), "application/pdf")}
        assert desk.manager.ask("POST", f"/api/v1{ORDERS}/{id}/files", files=sent).status_code == 201

    again("延期决定书.pdf")
    assert desk.manager.api("POST", f"{ORDERS}/{id}/transitions/defer", body).status_code == 409
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    again("延期决定书2.pdf")
    assert desk.manager.api("POST", f"{ORDERS}/{id}/transitions/defer", body).status_code == 409
    assert desk.see(id)["deadline_on"] == "2026-03-12"


@pytest.mark.parametrize("who", [MANAGER, BOSS])
def test_a_document_that_moved_the_deadline_stays_with_the_order(desk: Desk, who: str) -> None:
    id = desk.sign()
    desk.attach(id, "order.pdf")
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    desk.attach(id, "extension.pdf")
    desk.attach(id, "photo.pdf")
    desk.step(id, "defer", document="消延1号", until="2026-03-31")
    desk.attach(id, "mistake.pdf")
    files = {one["name"]: one["id"] for one in desk.ok(desk.manager.api("GET", f"{ORDERS}/{id}/files"))["results"]}
    program = desk.platform.program(desk.company, who)
    for name in ("order.pdf", "photo.pdf"):  # the scan, and the file that was the document
        assert program.api("DELETE", f"{ORDERS}/{id}/files/{files[name]}").status_code in (403, 409), name
    assert desk.manager.api("DELETE", f"{ORDERS}/{id}/files/{files['mistake.pdf']}").status_code < 300
    assert desk.see(id)["deadline_on"] == "2026-03-31"
