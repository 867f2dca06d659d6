"""Files of records over pages and API: the record's gate, limits, what is refused, how they are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.records import history
from dougong.records.attachments import File
from dougong.records.tables import History
from dougong.web.inputs import BODY_LIMIT

from . import samples
from .conftest import BODY, COMPLAINT

if TYPE_CHECKING:
    import httpx
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company


def send(
    client: Client, complaint: str, *files: tuple[str, bytes], kind: str = "application/x-whatever"
) -> httpx.Response:
    parts = [("file", (name, content, kind)) for name, content in files]
    return client.ask("POST", f"/api/v1{COMPLAINT}/{complaint}/files", files=parts)


def listed(client: Client, complaint: str) -> list[dict[str, Any]]:
    return list(client.api("GET", f"{COMPLAINT}/{complaint}/files").json()["results"])


def test_files_are_put_listed_downloaded_and_removed(agent: Client, complaint: str, company: Company) -> None:
    before = agent.api("GET", f"{COMPLAINT}/{complaint}").json()["row_version"]
    answer = send(agent, complaint, ("现场.jpg", samples.jpeg()), ("报告.pdf", samples.PDF))
    assert answer.status_code == 201, answer.text
    photo, paper = answer.json()["results"]
    assert (photo["name"], photo["media_type"], photo["width"], photo["height"]) == ("现场.jpg", "image/jpeg", 64, 48)
    assert (paper["name"], paper["size"], paper["thumb"]) == ("报告.pdf", len(samples.PDF), None)
    assert [one["id"] for one in listed(agent, complaint)] == [photo["id"], paper["id"]]
    assert agent.api("GET", f"{COMPLAINT}/{complaint}").json()["row_version"] > before

    got = agent.get(paper["address"])
    assert got.content == samples.PDF
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf" in got.headers["content-disposition"]
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert got.headers["cache-control"].startswith("private")
    small = agent.get(photo["thumb"])
    assert small.headers["content-type"] == "image/jpeg"
    assert samples.SECRET not in agent.get(photo["address"]).content

    assert agent.ask("DELETE", photo["address"]).status_code == 204
    assert [one["id"] for one in listed(agent, complaint)] == [paper["id"]]
    for address in (photo["address"], photo["thumb"]):
        assert agent.get(address).status_code == 404
    assert agent.ask("DELETE", photo["address"]).status_code == 404
    with company.session() as session:
        actions = [
            row.action for row in session.query(History).filter(History.record_id == complaint).order_by(History.id)
        ]
        assert [a for a in actions if a in ("attach", "detach")] == ["attach", "attach", "detach"]
        assert history.verify(session, "complaints.complaint", complaint)


def test_parts_of_a_file_and_answers_that_say_it_is_known(agent: Client, complaint: str) -> None:
    file = send(agent, complaint, ("a.txt", b"0123456789")).json()["results"][0]["address"]
    whole = agent.get(file)
    tag = whole.headers["etag"]
    assert agent.get(file, headers={"if-none-match": tag}).status_code == 304
    for wanted, status, content in (
        ("bytes=2-4", 206, b"234"), ("bytes=7-", 206, b"789"), ("bytes=-3", 206, b"789"), ("bytes=0-99", 206, b"0123456789"),
        ("bytes=50-", 416, b""), ("bytes=4-2", 416, b""), ("bytes=0-1,4-5", 200, b"0123456789"), ("lines=1", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
    ):  # fmt: skip
        part = agent.get(file, headers={"range": wanted})
        assert (part.status_code, part.content) == (status, content), wanted
    assert agent.get(file, headers={"range": "bytes=2-4", "if-range": '"old"'}).status_code == 200
    head = agent.ask("HEAD", file)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")


@pytest.mark.parametrize(("name", "content"), [
    ("empty.txt", b""), ("drawing.svg", samples.SVG), ("photo.jpg", samples.SVG), ("page.html", samples.HTML),
    ("photo.png", samples.HTML), ("a.gif", samples.GIF_SCRIPT), ("macros.docx", samples.office(macros=True)),
    ("tool.exe", b"MZ\x90\0\x03"), ("bomb.png", samples.huge_png()), ("broken.jpg", samples.jpeg()[:-60]),
    ("photo.jpg", b"\xff\xd8\xff"), ("archive.zip", samples.office("other")), ("a.pdf", b"<html>" + samples.PDF),
])  # fmt: skip
def test_what_is_not_taken_is_refused_in_words(agent: Client, complaint: str, name: str, content: bytes) -> None:
    answer = send(agent, complaint, ("good.pdf", samples.PDF), (name, content))
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"] == "file"
    assert name.rpartition(".")[0] in answer.json()["errors"][0]["message"]
    assert listed(agent, complaint) == []  # nothing half written


def test_a_document_that_is_also_a_page_is_only_ever_saved(agent: Client, complaint: str) -> None:
    file = send(agent, complaint, ("x.html", samples.PDF + samples.HTML), kind="text/html").json()["results"][0]
    assert (file["name"], file["media_type"]) == ("x.html.pdf", "application/pdf")
    got = agent.get(file["address"])
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith("attachment")


def test_a_path_in_a_name_goes_nowhere(agent: Client, complaint: str) -> None:
    file = send(agent, complaint, ("../../../etc/cron.d/x\u202etxt.sh", b"* * * * * root x")).json()["results"][0]
    assert file["name"] == "xtxt.sh.txt"


def test_the_same_bytes_are_one_file(agent: Client, complaint: str) -> None:
    answer = send(agent, complaint, ("a.jpg", samples.jpeg()), ("b.jpg", samples.jpeg()))
    assert len(answer.json()["results"]) == 1
    send(agent, complaint, ("c.jpg", samples.jpeg()))
    assert len(listed(agent, complaint)) == 1


def test_a_file_that_is_there_already_is_answered_as_it_is(agent: Client, complaint: str) -> None:
    first, again = (send(agent, complaint, (name, samples.PDF)) for name in ("a.pdf", "b.pdf"))
    assert (again.status_code, again.json()) == (201, first.json())


def test_limits_are_the_company_s(agent: Client, complaint: str, company: Company) -> None:
    company.settings("core", files={"size": 1, "number": 2, "text": False})
    listed(agent, complaint)  # the process has heard of it
    large = send(agent, complaint, ("large.pdf", b"%PDF-" + bytes(1024 * 1024)))
    assert large.status_code == 413, large.text
    assert "large.pdf" in large.json()["detail"]
    assert send(agent, complaint, ("a.txt", b"words")).status_code == 422
    assert send(agent, complaint, ("a.pdf", samples.PDF), ("b.pdf", samples.PDF + b"2")).status_code == 201
    full = send(agent, complaint, ("c.pdf", samples.PDF + b"3"))
    assert full.status_code == 422
    assert len(listed(agent, complaint)) == 2
    assert send(agent, complaint, *[(f"{n}.pdf", samples.PDF) for n in range(3)]).status_code == 413


def test_two_gigabytes_are_refused_before_they_are_sent(agent: Client, complaint: str) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(2 * 1024**3)}
    answer = agent.ask("POST", f"/api/v1{COMPLAINT}/{complaint}/files", headers=headers, content=b"--x\r\n")
    assert answer.status_code == 413, answer.text


def test_a_file_without_an_announced_end_is_cut_off(agent: Client, complaint: str, company: Company) -> None:
    company.settings("core", files={"size": 1})
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield HEAD
        while sent < 64 * 1024 * 1024:
            sent += 65536
            yield bytes(65536)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = agent.ask("POST", f"/api/v1{COMPLAINT}/{complaint}/files", headers=headers, content=endless())
    assert answer.status_code == 413, answer.text


HEAD = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'


@pytest.mark.parametrize("body", [
    b"", b"--x", b"nonsense", b"--x\r\n\r\n", b"--x--\r\n", HEAD,
    b"--x\r\n" + b"a: b\r\n" * 50 + b"\r\nx\r\n--x--", b"--x\r\na: " + b"b" * 9000 + b"\r\n\r\nx\r\n--x--",
    b'--x\r\ncontent-disposition: form-data; name="\xff\xfe"; filename="\xff"\r\n\r\nx\r\n--x--',
    b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n\xff\xfe\r\n--x--',
    b'--x\r\ncontent-disposition: form-data; name="fi\0le"; filename="a\0b"\r\n\r\nx\r\n--x--',
    b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + b"x" * (BODY_LIMIT + 1) + b"\r\n--x--",
])  # fmt: skip
def test_broken_forms_are_refused(agent: Client, complaint: str, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = agent.ask("POST", f"/api/v1{COMPLAINT}/{complaint}/files", headers=headers, content=body)
    assert answer.status_code in (400, 413, 422), (answer.status_code, answer.text)
    assert listed(agent, complaint) == []


def test_other_addresses_take_no_files_and_no_more_than_before(agent: Client) -> None:
    answer = agent.ask("POST", f"/api/v1{COMPLAINT}", files=[("file", ("a.pdf", samples.PDF))])
    assert answer.status_code == 415
    big = agent.ask(
        "POST", f"/api/v1{COMPLAINT}", content=bytes(BODY_LIMIT + 1), headers={"content-type": "application/json"}
    )
    assert big.status_code == 413


def test_who_may_not_read_the_record_finds_no_file(
    platform: Running, company: Company, agent: Client, complaint: str
) -> None:
    file = send(agent, complaint, ("a.jpg", samples.jpeg())).json()["results"][0]
    for stranger in ("service_agent_s1", "nobody"):
        program = platform.program(company, stranger)
        for address in (file["address"], file["thumb"]):
            assert program.get(address).status_code == 404, (stranger, address)
        assert program.ask("DELETE", file["address"]).status_code == 404
        assert program.api("GET", f"{COMPLAINT}/{complaint}/files").status_code == 404
        assert send(program, complaint, ("b.pdf", samples.PDF)).status_code == 404
    reader = platform.program(company, "quality")
    assert reader.get(file["address"]).status_code == 200
    assert send(reader, complaint, ("b.pdf", samples.PDF)).status_code == 403
    assert reader.ask("DELETE", file["address"]).status_code == 403


def test_files_of_another_record_company_or_module_are_not_there(
    platform: Running, company: Company, other_company: Company, agent: Client, complaint: str
) -> None:
    file = send(agent, complaint, ("a.jpg", samples.jpeg())).json()["results"][0]
    second = agent.api("POST", COMPLAINT, {**BODY, "site": "n1"}).json()["id"]
    assert agent.get(f"/api/v1{COMPLAINT}/{second}/files/{file['id']}").status_code == 404
    assert agent.ask("DELETE", f"/api/v1{COMPLAINT}/{second}/files/{file['id']}").status_code == 404
    theirs = platform.program(other_company, "service_agent_n1")
    assert theirs.get(file["address"]).status_code == 404
    with company.session() as session:
        row = session.get(File, (company.tenant, file["id"]))
        assert row is not None
        assert row.key.startswith(f"{company.tenant}/")
    with other_company.session() as session:
        assert session.query(File).count() == 0
    company.switch("complaints", False)
    assert agent.get(file["address"]).status_code == 404


def test_others_files_are_removed_by_who_may_moderate(
    platform: Running, company: Company, agent: Client, complaint: str
) -> None:
    file = send(agent, complaint, ("a.pdf", samples.PDF)).json()["results"][0]
    company.add_person("second", ("service_agent", "n1"))
    assert platform.program(company, "second").ask("DELETE", file["address"]).status_code == 403
    assert platform.program(company, "service_lead_n1").ask("DELETE", file["address"]).status_code == 204


def test_a_page_takes_files_without_a_script(platform: Running, company: Company, complaint: str) -> None:
    browser = platform.browser(company, "service_agent_n1")
    address = f"{COMPLAINT}/{complaint}"
    assert 'enctype="multipart/form-data"' in browser.get(address).text
    files = [("file", ("漏水.jpg", samples.jpeg(), "image/jpeg")), ("file", ("", b"", "application/octet-stream"))]
    forged = browser.ask("POST", f"{address}/files", files=files, data={"csrf": "00" * 32})
    assert forged.status_code == 403
    answer = browser.ask("POST", f"{address}/files", files=files, data={"csrf": browser.csrf})
    assert answer.status_code == 303, answer.text
    page = browser.get(address)
    assert "漏水.jpg" in page.text
    assert "/thumb" in page.text
    assert "漏水.jpg" in browser.get(f"{address}?show=files").text
    none = browser.ask("POST", f"{address}/files", files=[files[1]], data={"csrf": browser.csrf})
    assert none.status_code == 303
    assert "请选择文件" in browser.get(address).text


def test_nothing_stays_on_the_disk(
    agent: Client, complaint: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    send(agent, complaint, ("a.pdf", samples.PDF))
    send(agent, complaint, ("a.svg", samples.SVG))
    send(agent, "00000000-0000-0000-0000-000000000000", ("a.pdf", samples.PDF))
    assert list(folder.iterdir()) == []


def test_what_is_not_committed_leaves_nothing_in_the_store(platform: Running, agent: Client, complaint: str) -> None:
    store = platform.application.files
    assert store is not None
    send(agent, complaint, ("a.jpg", samples.jpeg()), ("drawing.svg", samples.SVG))
    assert list(store.keys()) == []
