"""Through addresses as people and programs use them: an order from its scan to its end, and late; what no way can change."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Problem
from dougong_exchange.commands import import_file
from dougong_liaison.records import Order
from dougong_liaison.resources import RESOURCES
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

BOSS, MANAGER, LEAD = "general_manager", "project_manager_n1", "security_lead_n1"
ORDERS = "/liaison/order"
ROLES = (
    BOSS, "property_director", "admin", "quality", "hr", "finance", "regional_director_north", MANAGER, LEAD,
    "service_agent_n1", "technician_n1", "client_n1", "nobody",
)  # fmt: skip


def pdf(name: str) -> bytes:
    return b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF " + name.encode()


class Desk:
    """One company with an agency, a manager who signs for orders, and a lead who rectifies."""

    def __init__(self, platform: Running, company: Company) -> None:
        self.platform, self.company = platform, company
        self.manager, self.lead = platform.program(company, MANAGER), platform.program(company, LEAD)
        body = {"nature": "fire", "name": "安禾区消防救援大队", "jurisdiction": "安禾区", "site": company.slug}
        self.agency = self.ok(platform.program(company, BOSS).api("POST", "/liaison/agency", body), 201)["number"]

    def ok(self, answer: httpx.Response, status: int = 200) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json()

    def body(self, **over: Any) -> dict[str, Any]:
        return {
            "title": "消防责令改正", "agency_id": self.agency, "document": "消责改〔2026〕12号", "received_on": "2026-03-02",
            "deadline_on": "2026-03-12", "items": "补齐灭火器\n清理消防通道", "site": "n1",
            "owner_id": str(self.company.people[MANAGER]), **over,
        }  # fmt: skip

    def sign(self, **over: Any) -> str:
        return str(self.ok(self.manager.api("POST", ORDERS, self.body(**over)), 201)["id"])

    def attach(self, id: str, name: str) -> None:
        answer = self.manager.ask(
            "POST", f"/api/v1{ORDERS}/{id}/files", files={"file": (name, pdf(name), "application/pdf")}
        )
        assert answer.status_code == 201, answer.text

    def step(self, id: str, step: str, by: Client | None = None, kind: str = ORDERS, **body: Any) -> Any:
        return self.ok((by or self.manager).api("POST", f"{kind}/{id}/transitions/{step}", body))

    def see(self, id: str) -> Any:
        return self.ok(self.manager.api("GET", f"{ORDERS}/{id}"))

    def rectify(self, id: str) -> None:
        for one in self.ok(self.lead.api("GET", "/liaison/item?tab=mine"))["results"]:
            self.step(one["id"], "rectify", self.lead, "/liaison/item", result="已完成")


@pytest.fixture
def desk(platform: Running, company: Company, clock: Clock) -> Desk:
    return Desk(platform, company)


def test_an_authoritys_order_is_answered_and_closed_on_time(desk: Desk, clock: Clock) -> None:
    """By the API from the scan to the end, with an extension by the agency on the way; the pages show it at every station."""
    browser = desk.platform.browser(desk.company, MANAGER)
    id = desk.sign()
    assert (
        desk.manager.api(
            "POST", f"{ORDERS}/{id}/transitions/assign", {"person": str(desk.company.people[LEAD])}
        ).status_code
        == 409
    )
    desk.attach(id, "责令改正通知书.pdf")
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    page = browser.get(f"{ORDERS}/{id}")
    assert page.status_code == 200
    assert "责令改正通知书.pdf" in page.text
    assert page.text.count("清理消防通道") == 2  # in the order, and as an item beside it
    desk.step(id, "begin")
    clock.move(days=8)
    clock.run()
    desk.attach(id, "延期决定书.pdf")
    desk.step(id, "defer", document="消延〔2026〕3号", until="2026-03-31")
    assert desk.see(id)["deadline_on"] == "2026-03-31"
    browser = desk.platform.browser(desk.company, MANAGER)  # signed in again, after a week
    assert "消延〔2026〕3号" in browser.get(f"{ORDERS}/{id}").text
    clock.move(days=7)  # past the first deadline, before the second
    clock.run()
    desk.rectify(id)
    assert desk.manager.api("POST", f"{ORDERS}/{id}/transitions/answer", {"reply": "已整改"}).status_code == 409
    desk.attach(id, "整改回复.pdf")
    desk.step(id, "answer", reply="两项均已整改完毕")
    desk.step(id, "recheck")
    desk.step(id, "close")
    found = desk.see(id)
    assert (found["status"], found["late"]) == ("closed", False)
    listed = desk.ok(desk.manager.api("GET", f"{ORDERS}?tab=late"))["results"]
    assert listed == []
    text = desk.platform.browser(desk.company, MANAGER).get(f"{ORDERS}/{id}").text
    assert "两项均已整改完毕" in text


def test_late_it_climbs_the_line_and_stays_late(desk: Desk, clock: Clock) -> None:
    id = desk.sign(deadline_on="2026-03-04")
    desk.attach(id, "order.pdf")
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    desk.step(id, "begin")
    clock.through(days=4)
    assert [one["id"] for one in desk.ok(desk.manager.api("GET", f"{ORDERS}?tab=late"))["results"]] == [id]
    told = {}
    for who in (LEAD, MANAGER, "regional_director_north", BOSS):
        items = desk.ok(desk.platform.program(desk.company, who).api("GET", "/notify/inbox"))["items"]
        told[who] = [one["event"] for one in items if "消防责令改正" in str(one)]
    assert told[LEAD]
    assert told[MANAGER]
    assert told["regional_director_north"]
    assert not told[BOSS]
    desk.rectify(id)
    desk.attach(id, "reply.pdf")
    desk.step(id, "answer", reply="已整改")
    desk.step(id, "recheck")
    desk.step(id, "close")
    assert desk.see(id)["late"] is True


def test_by_its_form_the_agency_is_chosen_by_name(desk: Desk) -> None:
    browser = desk.platform.browser(desk.company, MANAGER)
    page = browser.get(f"{ORDERS}/new")
    assert page.status_code == 200
    (value,) = re.findall(r'<option value="([^"]+)"[^>]*>[^<]*安禾区消防救援大队', page.text)
    sent = {k: v for k, v in desk.body().items() if k != "agency_id"}
    done = browser.post(f"{ORDERS}/new", {**sent, "agency_id": value, "action": "create"})
    assert done.status_code == 303, done.text[:3000]
    assert desk.ok(desk.manager.api("GET", ORDERS))["results"][0]["agency_name"] == "安禾区消防救援大队"


def test_no_way_but_the_agencys_document_moves_the_deadline(desk: Desk, tmp_path: Path) -> None:
    id = desk.sign()
    desk.attach(id, "order.pdf")
    number, version = desk.see(id)["number"], desk.see(id)["row_version"]
    program, boss = desk.manager, desk.platform.program(desk.company, BOSS)
    for field, value in (("deadline_on", "2026-12-31"), ("due_by", "2026-12-31T00:00:00Z"), ("received_on", "2026-01-01"),
                         ("used", []), ("timing", {})):  # fmt: skip
        for who in (program, boss):
            assert who.api("PATCH", f"{ORDERS}/{id}", {field: value}, version=version).status_code in (400, 422)
    for action in ("edit", "defer", "update"):
        body = {
            "action": action,
            "ids": [id],
            "body": {"deadline_on": "2026-12-31", "until": "2026-12-31", "document": "x"},
        }
        answer = boss.api("POST", f"{ORDERS}/bulk", body)
        assert answer.status_code in (400, 404, 422) or answer.json()["done"] == 0, answer.text
    sheet = Workbook()
    sheet.active.append(["number", "deadline_on", "title"])
    sheet.active.append([number, "2026-12-31", "x"])
    written = io.BytesIO()
    sheet.save(written)
    path = tmp_path / "orders.xlsx"
    path.write_bytes(written.getvalue())

    def unit() -> Any:
        return desk.company.acting(None, "exchange")

    with suppress(Problem):  # an import makes records, it changes none
        import_file(unit, "liaison.order", path, person=desk.company.people[BOSS])
    page = desk.platform.browser(desk.company, BOSS)
    shown = page.get(f"{ORDERS}/{id}/edit")
    assert 'name="deadline_on"' not in shown.text
    page.post(f"{ORDERS}/{id}/edit", {"title": "新标题", "deadline_on": "2026-12-31", "version": version})
    assert desk.see(id)["deadline_on"] == "2026-03-12"
    with desk.company.acting(None, "liaison") as x:
        assert [str(one.deadline_on) for one in x.session.scalars(x.readable(Order)).all()] == ["2026-03-12"]


@pytest.mark.parametrize("kind", [one.name for one in RESOURCES])
def test_every_list_and_form_opens_for_whom_it_is_meant(platform: Running, company: Company, kind: str) -> None:
    for who in ROLES:
        browser = platform.browser(company, who)
        may = bool(company.gate(who).scope(f"liaison.{kind}.read"))
        assert browser.get(f"/liaison/{kind}").status_code == (200 if may else 404), who
        new = browser.get(f"/liaison/{kind}/new").status_code
        makes = bool(company.gate(who).scope(f"liaison.{kind}.create"))
        assert new in ((200,) if makes else (403, 404)), who


def test_the_main_button_is_the_step_that_comes_next(desk: Desk) -> None:
    """A new deadline and a penalty can be entered all along; neither is ever what the page asks for."""
    id, screen = desk.sign(), desk.platform.browser(desk.company, MANAGER)

    def main() -> list[str]:
        shown = screen.get(f"{ORDERS}/{id}", headers={"accept-language": "en"}).text
        head = shown.split("<main")[1].split("<dialog")[0].split('class="actions"')[1].split("</header>")[0]
        return re.findall(r'class="btn main"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', head)

    assert main() == []  # its scan comes first
    desk.attach(id, "order.pdf")
    assert main() == ["Assign"]
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    assert main() == ["Begin rectifying"]
    desk.step(id, "begin")
    assert main() == []  # its items come first
    desk.rectify(id)
    desk.attach(id, "reply.pdf")
    assert main() == ["Answer the agency"]
    desk.step(id, "answer", reply="已整改")
    desk.step(id, "recheck")
    assert main() == ["Close the order"]
    desk.step(id, "close")
    assert main() == []


def test_an_order_says_what_it_waits_for(desk: Desk) -> None:
    id, screen = desk.sign(), desk.platform.browser(desk.company, MANAGER)

    def says(words: str) -> bool:
        return words in screen.get(f"{ORDERS}/{id}", headers={"accept-language": "en"}).text

    assert says("Attach the scan of the order")
    desk.attach(id, "order.pdf")
    assert not says("Attach the scan of the order; then")
    desk.step(id, "assign", person=str(desk.company.people[LEAD]))
    desk.step(id, "begin")
    assert says("0 of 2 items rectified.")
    desk.rectify(id)
    assert says("attach the reply; then it can be answered")
    desk.attach(id, "reply.pdf")
    assert not says("attach the reply; then it can be answered")
