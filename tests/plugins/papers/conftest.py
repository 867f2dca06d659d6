"""A company with complaints, short ways to a PDF and to what stands in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dougong_papers.fonts import font
from PIL import Image
from pypdf import PdfReader

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

COMPLAINTS = "/complaints/complaint"
BODY: dict[str, Any] = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "room": "3-2-1801", "category": "water_leak", "location": "3号楼", "statement": "顶棚渗水", "severity": "minor",
    "urgency": "normal",
}  # fmt: skip


def words(answer: httpx.Response) -> str:
    """All that can be read in a PDF, without gaps: a line's end may fall anywhere."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def pages(answer: httpx.Response) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]


def photo(n: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (n * 5 % 255, 120, 160)).save(out, "JPEG")
    return out.getvalue()


class World:
    """One company and its people."""

    def __init__(self, platform: Running, company: Company, clock: Clock) -> None:
        self.platform, self.company, self.clock = platform, company, clock

    def complain(self, by: str = "service_agent_n1", **over: Any) -> str:
        answer = self.platform.program(self.company, by).api("POST", COMPLAINTS, {**BODY, **over})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def pdf(self, what: str, by: str = "service_lead_n1", **headers: str) -> httpx.Response:
        browser = self.platform.browser(self.company, by)
        return browser.get(f"/papers{COMPLAINTS}/{what}", headers={"accept-language": "zh", **headers})

    def attach(self, id: str, *files: tuple[str, bytes]) -> None:
        program = self.platform.program(self.company, "service_agent_n1")
        for n in range(0, len(files), 10):
            parts = [("file", one) for one in files[n : n + 10]]
            answer = program.ask("POST", f"/api/v1{COMPLAINTS}/{id}/files", files=parts)
            assert answer.status_code == 201, answer.text


@pytest.fixture
def world(platform: Running, company: Company, clock: Clock) -> World:
    if font() is None:
        pytest.skip("THERE IS NO CHINESE FONT HERE (fonts-noto-cjk): nothing can be printed")
    return World(platform, company, clock)
