"""A complaint at a site, and who registered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

COMPLAINT = "/complaints/complaint"
BODY = {
    "channel": "phone", "complainant_type": "anonymous", "category": "noise", "location": "3 号楼", "severity": "minor",
    "statement": "夜间装修噪声", "urgency": "normal",
}  # fmt: skip


@pytest.fixture
def agent(platform: Running, company: Company) -> Client:
    return platform.program(company, "service_agent_n1")


@pytest.fixture
def complaint(agent: Client) -> str:
    made = agent.api("POST", COMPLAINT, {**BODY, "site": "n1"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])
