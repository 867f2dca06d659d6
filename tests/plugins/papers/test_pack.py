"""Evidence packs: what is in them, for whom, and what is not."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Any
from uuid import UUID

import pytest
from dougong import JobContext
from dougong_papers import pack, prints
from dougong_papers.records import Print

from .conftest import COMPLAINTS, World, photo, words

LEAD, AGENT = "service_lead_n1", "service_agent_n1"


class Packs:
    """Packs as a person has them made, by page or by program, and the job that makes them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def link(self, one: str, other: str) -> None:
        from dougong_complaints.records import Complaint

        with self.world.company.acting(None, "complaints") as x:
            a, b = (x.session.get_one(Complaint, (x.tenant, UUID(id))) for id in (one, other))
            x.link(a, b, origin=True)

    def make(self, id: str, by: str = LEAD, **sent: Any) -> Any:
        browser = self.world.platform.browser(self.world.company, by)
        browser.get(f"/papers{COMPLAINTS}/{id}/pack")
        body = {"purpose": "audit", "note": "", **sent}
        return browser, browser.post(f"/papers{COMPLAINTS}/{id}/pack", body, headers={"accept-language": "zh"})

    def run(self, print: str) -> None:
        with self.world.company.acting(None, "papers") as x:
            x.store = self.world.platform.application.files
            prints.job(JobContext(1, prints.MAKE, self.world.company.tenant, 1, x), x.get(Print, UUID(print)).id)

    def file(self, id: str, by: str = LEAD, **sent: Any) -> Any:
        browser, answer = self.make(id, by, **sent)
        assert answer.status_code == 303, answer.text
        made = answer.headers["location"].rpartition("/")[2]
        self.run(made)
        shown = browser.get(f"/papers/print/{made}").text
        found = re.search(rf'href="(/papers/print/{made}/files/[^"/]+)"', shown)
        assert found, shown
        return browser.get(found[1])


@pytest.fixture
def packs(world: World) -> Packs:
    return Packs(world)


def test_a_pack_holds_the_chain_its_forms_and_its_attachments(world: World, packs: Packs) -> None:
    first = world.complain(statement="顶棚渗水第一件")
    second = world.complain(statement="顶棚渗水第二件")
    packs.link(first, second)
    world.attach(second, ("屋顶.jpg", photo(3)), ("记录.txt", "渗水记录".encode()))
    said = words(packs.file(second, purpose="government", note="消防大队  6月检查"))
    for text in (
        "证据包",
        "政府检查",
        "消防大队6月检查",
        "来龙去脉",
        "记录2份，附件2个",
        "顶棚渗水第一件",
        "顶棚渗水第二件",
        "屋顶.jpg",
    ):
        assert text in said, text
    assert "引出" in said
    assert hashlib.sha256("渗水记录".encode()).hexdigest() in said
    assert "13800005678" not in said
    assert "王女士" not in said
    assert said.index("第一件") < said.index("第二件")


def test_a_zip_holds_the_files_with_their_checksums(world: World, packs: Packs) -> None:
    id = world.complain()
    world.attach(id, ("../../evil.txt", b"one"), ("b.txt", b"two"))
    answer = packs.file(id, files="1")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        names = found.namelist()
        assert not any(".." in name.split("/") or name.startswith("/") for name in names)
        sums = found.read("SHA256SUMS.txt").decode().splitlines()
        assert len(sums) == 3
        for line in sums:
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(found.read(name)).hexdigest() == digest


def test_a_pack_is_its_makers_and_says_who_made_it(world: World, packs: Packs) -> None:
    id = world.complain()
    _browser, answer = packs.make(id)
    made = answer.headers["location"]
    assert world.platform.browser(world.company, "project_manager_n1").get(made).status_code == 404
    row = world.platform.program(world.company, LEAD).api("GET", f"{made}/history").json()["results"][-1]
    assert (row["action"], row["actor"]["name"]) == ("create", LEAD)


@pytest.mark.parametrize("sent", [{"purpose": ""}, {"purpose": "x"}, {"note": "n" * 201}])
def test_bad_input_is_said_on_the_form(world: World, packs: Packs, sent: dict[str, str]) -> None:
    _browser, answer = packs.make(world.complain(), **sent)
    assert answer.status_code == 422
    assert 'class="error' in answer.text or "error" in answer.text


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"purpose": 1}, {"purpose": "audit", "files": "yes"}, {"purpose": "audit", "more": 1}]
)
def test_programs_get_words_for_bad_input(world: World, body: Any) -> None:
    program = world.platform.program(world.company, LEAD)
    answer = program.ask("POST", f"/api/v1/papers{COMPLAINTS}/{world.complain()}/pack", json=body)
    assert answer.status_code in (400, 415, 422), answer.text


def test_programs_have_packs_made(world: World, packs: Packs) -> None:
    program = world.platform.program(world.company, LEAD)
    answer = program.api("POST", f"/papers{COMPLAINTS}/{world.complain()}/pack", {"purpose": "client"})
    assert answer.status_code == 202, answer.text
    packs.run(answer.json()["id"])
    told = program.api("GET", f"/papers/print/{answer.json()['id']}").json()
    assert (told["status"], told["printed_as"]) == ("ready", "pack")


def test_what_one_may_not_see_is_not_there(world: World, other_company: Any) -> None:
    id = world.complain()
    theirs = world.platform.browser(other_company, LEAD)
    assert theirs.get(f"/papers{COMPLAINTS}/{id}/pack").status_code == 404
    assert world.platform.browser(world.company, "nobody").get(f"/papers{COMPLAINTS}/{id}/pack").status_code == 404
    program = world.platform.program(other_company, LEAD)
    assert program.api("POST", f"/papers{COMPLAINTS}/{id}/pack", {"purpose": "audit"}).status_code == 404


def test_the_accused_gets_no_pack_of_the_chain_that_hides_from_them(world: World, packs: Packs) -> None:
    hidden = world.complain(statement="关于该员工", against_id=str(world.company.people[LEAD]))
    open_ = world.complain(statement="普通一件")
    packs.link(hidden, open_)
    said = words(packs.file(open_))
    assert "关于该员工" not in said
    assert "记录1份" in said


def test_names_of_files_are_plain() -> None:
    assert pack.safe("../a/b\x00c\u202etxt") == "_a_b_c_txt"
    assert pack.safe("...") == "_"
    assert pack.size(1536) == "1.5 KB"
