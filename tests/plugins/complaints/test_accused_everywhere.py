"""A complaint against somebody is nowhere for them and for those below them: each way of reading that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

LIST = "/complaints/complaint"
WORD = "独一无二的话"
BODY = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "category": "water_leak", "location": "3号楼", "statement": WORD, "severity": "minor", "urgency": "normal",
}  # fmt: skip


@pytest.fixture
def held(platform: Running, company: Company) -> dict[str, Any]:
    """The complaint, with a file, a comment, and one beside it that the accused may see."""
    agent = platform.program(company, "service_agent_n1")
    other = agent.api("POST", LIST, {**BODY, "statement": "另一件"}).json()
    accused = str(company.people["project_manager_n1"])
    made = agent.api("POST", LIST, {**BODY, "against_id": accused}).json()
    above = platform.program(company, "property_director")
    made = above.api("GET", f"{LIST}/{made['id']}").json()
    photo = above.ask("POST", f"/api/v1{LIST}/{made['id']}/files", files=[("file", ("a.txt", b"abc", "text/plain"))])
    said = above.api("POST", f"{LIST}/{made['id']}/comments", {"text": "说过的话"})
    assert (photo.status_code, said.status_code) == (201, 201), photo.text + said.text
    return {"made": made, "other": other, "file": photo.json()["results"][0], "said": said.json()}


@pytest.fixture
def accused(platform: Running, company: Company) -> Client:
    return platform.program(company, "project_manager_n1")


@pytest.fixture
def screen(platform: Running, company: Company) -> Client:
    return platform.browser(company, "project_manager_n1")


def test_by_its_id_it_is_not_there(accused: Client, held: dict[str, Any]) -> None:
    here = f"/api/v1{LIST}/{held['made']['id']}"
    file = held["file"]["address"]
    for address in (here, f"{here}/files", f"{here}/comments", f"{here}/history", f"{here}/transitions",
                    f"{here}?expand=links", file, f"{file}/thumb"):  # fmt: skip
        assert accused.get(address).status_code == 404, address
    assert accused.get(file, headers={"if-none-match": f'"{held["file"]["digest"][:32]}"'}).status_code == 404
    assert accused.get(file, headers={"range": "bytes=0-1"}).status_code == 404
    assert accused.ask("DELETE", file).status_code == 404
    assert accused.ask("DELETE", f"{here}/comments/{held['said']['id']}").status_code == 404
    assert accused.api("POST", f"{LIST}/{held['made']['id']}/comments", {"text": "x"}).status_code == 404


def test_no_list_search_or_file_holds_it(accused: Client, screen: Client, held: dict[str, Any]) -> None:
    number, id = held["made"]["number"], held["made"]["id"]
    person = held["made"]["against_id"]
    api = [f"/api/v1/search?q={WORD}", f"/api/v1/search?q={number}", f"/api/v1{LIST}?tab=all&q={WORD}",
           f"/api/v1{LIST}?tab=all", f"/api/v1{LIST}?tab=all&expand=links,owner_id",
           "/api/v1/exchange/exports/complaints.complaint/csv"]  # fmt: skip
    for address in api:
        answer = accused.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert number not in answer.text, address
        assert id not in answer.text, address
    assert accused.get(f"/api/v1{LIST}?tab=all&against_id={person}").json().get("results", []) == []
    for address in (f"{LIST}?tab=all", f"{LIST}/board", f"{LIST}/calendar", f"/search?q={WORD}", "/"):
        answer = screen.get(address)
        assert answer.status_code == 200, address
        assert number not in answer.text, address
    assert screen.get(f"/search?q={number}").status_code == 200  # and no way to it


def test_what_is_done_to_many_does_not_find_it(accused: Client, held: dict[str, Any]) -> None:
    body = {"action": "edit", "ids": [held["made"]["id"]], "body": {"location": "别处"}}
    answer = accused.api("POST", f"{LIST}/bulk", body)
    assert answer.status_code in (200, 403), answer.text
    if answer.status_code == 200:
        [told] = answer.json()["results"]
        assert told == {"id": held["made"]["id"], "status": 404, "title": told["title"]}


def test_no_figure_counts_it(accused: Client, held: dict[str, Any]) -> None:
    listed = accused.get("/api/v1/reports").json()["results"]
    assert listed
    seen = len(accused.get(f"/api/v1{LIST}?tab=all").json()["results"])
    for report in listed:
        told = accused.get(report["address"]).json()
        for group in told["groups"]:
            for name, address in group["records"].items():
                found = accused.get(f"/api/v1{address}").json()["results"]
                assert held["made"]["id"] not in {row["id"] for row in found}, (report["name"], name)
        assert all((one["rows"] or 0) <= seen for one in told["total"].values()), report["name"]
