"""One company with complaints, and somebody's calendar that reads a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from icalendar import Calendar

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

COMPLAINTS = "/complaints/complaint"
BODY = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "room": "3-2-1801", "category": "water_leak", "location": "3号楼", "statement": "顶棚渗水", "severity": "minor",
    "urgency": "normal",
}  # fmt: skip


class World:
    """Short ways through one company."""

    def __init__(self, platform: Running, company: Company, clock: Clock) -> None:
        self.platform, self.company, self.clock = platform, company, clock

    def feed(self, by: str = "service_lead_n1", **over: Any) -> dict[str, Any]:
        body = {"name": "我的期限", "kind": "complaints.complaint", **over}
        answer = self.platform.program(self.company, by).api("POST", "/feeds/feed", body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def complain(self, **over: Any) -> dict[str, Any]:
        body = {k: v for k, v in {**BODY, **over}.items() if v is not None}
        answer = self.platform.program(self.company, "service_agent_n1").api("POST", COMPLAINTS, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def read(self, link: str, company: Company | None = None, **headers: str) -> httpx.Response:
        """As a calendar does: nobody is signed in."""
        return self.platform.browser(company or self.company).get(link, headers=headers)

    def events(self, link: str) -> list[Any]:
        answer = self.read(link)
        assert answer.status_code == 200, answer.text
        return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
def world(platform: Running, company: Company, clock: Clock) -> World:
    return World(platform, company, clock)
